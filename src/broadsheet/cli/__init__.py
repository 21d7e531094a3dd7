"""The command line: options in, one function called, results out; no rules of its own.

Results go to stdout, everything else to stderr. Exit codes: 0 fine, 1 findings, 2 usage, 3 input or environment, 4 a
bug of ours, 130 and 143 signals. Every module of `commands` is a command. They import what they need when they are
called: at the start only click is imported, so that `--help` answers at once.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import NoReturn

import click

from broadsheet.cli.exit_codes import BUG, INPUT, STOPPED, TERMINATED
from broadsheet.cli.output import DEBUG, debug, fail
from broadsheet.storage import registry

__all__ = ["cli", "main"]

COMMANDS = "cli/commands"


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="broadsheet")
@click.option("--debug", "traced", is_flag=True, help="Print the tracebacks of errors (also: BROADSHEET_DEBUG=1).")
def cli(*, traced: bool) -> None:
    """Turn a folder of news articles into an open data package.

    Every row of every table points at the exact characters of the article it came from.
    """
    if traced:
        os.environ[DEBUG] = "1"


for _name in registry.names(COMMANDS):
    cli.add_command(registry.load(COMMANDS, _name).command)


def main() -> NoReturn:
    """Run the command line: it always ends with an exit code and, on failure, one message."""
    from broadsheet.errors import BroadsheetError

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    try:
        cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        fail(STOPPED, "stopped")
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except BroadsheetError as error:
        fail(INPUT, error.message, error.repair)
    except KeyboardInterrupt:
        fail(STOPPED, "stopped")
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:  # noqa: BLE001 - a bug of ours, reported in one line
        debug(traceback.format_exc())
        fail(
            BUG,
            f"a bug of broadsheet: {type(error).__name__}: {error}",
            "please report it with its traceback: broadsheet --debug prints it",
        )
    sys.exit(0)
