"""`python -m fuzz`: see `run`."""

import sys

from fuzz.run import main

if __name__ == "__main__":  # a process of `multiprocessing` imports this too
    sys.exit(main())
