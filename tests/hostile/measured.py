"""A process that runs commands of broadsheet one after another, and watches what each of them does.

    python -m hostile.measured < requests

A request is a line of JSON: the folder to run in, the words of the command, and the folder below which files may be
written. The answer is a line too: see `Done`. An audit hook of the interpreter sees files that are opened for writing
elsewhere, and classes that are unpickled; another, in `startup/`, sees requests to other machines, in child processes
too.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final, TextIO
from unittest.mock import patch

__all__ = ["Done", "Measured"]

_WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_MAKING: Final = frozenset({"os.mkdir", "os.rename", "os.symlink", "os.link", "os.remove", "os.rmdir", "os.truncate"})


@dataclass(slots=True)
class Done:
    """What came of a command: exit code, output, CPU seconds, peak of memory in MB, and what the hook saw."""

    code: int = 0
    out: str = ""
    err: str = ""
    seconds: float = 0.0
    megabytes: int = 0
    requests: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    unpickled: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """Return everything that was printed."""
        return self.out + self.err


class Measured:
    """The process, as its user has it."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "hostile.measured"]
        self._folder = tempfile.TemporaryDirectory()
        self._requests = Path(self._folder.name) / "requests.txt"
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB", "COVERAGE", "PYTEST"))}
        path = [str(Path(__file__).parent / "startup"), *map(os.path.abspath, filter(None, sys.path))]
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": os.pathsep.join(path)}
        self.environment = environment | {"HOSTILE_LOG": str(self._requests)}
        self._process = subprocess.Popen(
            command, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def run(self, folder: Path, inside: Path, words: Sequence[str], weights: Path | None = None) -> Done:
        """Run a command in a folder; `inside` is where it may write, `weights` another folder of the reader's model."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        request = {"folder": str(folder), "inside": str(inside), "words": list(words), "weights": str(weights or "")}
        self._requests.write_text("", encoding="utf-8")
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"the process died of {words}"
        return Done(**json.loads(answer) | {"requests": self.requests()})

    def requests(self) -> list[str]:
        """Return the requests since the last command began."""
        return self._requests.read_text(encoding="utf-8").splitlines()

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        self._folder.cleanup()


# --- in the process ---------------------------------------------------------------------------------------------------


class _Watch:
    """The audit hook, and what it saw of the present command."""

    def __init__(self) -> None:
        self.done: Done | None = None
        self.inside = ""
        sys.addaudithook(self)

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.done is None:
            return
        if event == "pickle.find_class":
            self.done.unpickled.append(str(arguments))
        elif (event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING) or event in _MAKING:
            self._note(arguments[0])

    def _note(self, path: object) -> None:
        """Note a path that is written to and lies elsewhere; one that is relative to an open folder is not known."""
        if not isinstance(path, str | bytes):
            return
        place = os.path.abspath(os.fsdecode(path))
        allowed = (self.inside, f"{tempfile.gettempdir()}/tmp", "/dev/null", os.environ["HOSTILE_LOG"])
        if os.path.isabs(os.fsdecode(path)) and not place.startswith(allowed) and self.done is not None:
            self.done.written.append(place)


def main() -> None:
    """Answer requests until there are none."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    watch = _Watch()
    for line in sys.stdin:
        request = json.loads(line)
        answers.write(json.dumps(asdict(_run(watch, request))) + "\n")
        answers.flush()


def _run(watch: _Watch, request: dict[str, Any]) -> Done:
    from broadsheet.cli import main as shell

    os.chdir(request["folder"])
    sys.argv = ["broadsheet", *request["words"]]
    done = Done()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out, tempfile.TemporaryFile("w+", encoding="utf-8") as err:
        _forget_peak()
        watch.inside, watch.done = request["inside"], done
        start = time.process_time()
        with _weights(request["weights"]):
            done.code = _ended(shell, out, err)
        watch.done = None
        done.seconds, done.megabytes = time.process_time() - start, _peak()
        done.out, done.err = _all(out), _all(err)
    os.chdir("/")
    return done


@contextmanager
def _weights(folder: str) -> Iterator[None]:
    """Let the reader have another folder of weights, where one is named."""
    from broadsheet.extraction import model_files
    from broadsheet.workflows import code_state

    code_state.state_with.cache_clear()
    with patch.object(model_files, "WEIGHTS", Path(folder) if folder else model_files.WEIGHTS):
        yield


def _ended(shell: Callable[[], object], out: TextIO, err: TextIO) -> int:
    """Run the shell with other streams; return its exit code, 70 where an exception comes out of it."""
    streams = sys.stdout, sys.stderr
    kept = os.dup(1), os.dup(2)
    os.dup2(out.fileno(), 1)
    os.dup2(err.fileno(), 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", encoding="utf-8", closefd=False)
    try:
        shell()
    except SystemExit as ended:
        return int(ended.code or 0)
    except BaseException as error:  # noqa: BLE001 - a traceback is what is looked for
        sys.stderr.write(f"Traceback: {error!r}")
        return 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = streams
        for number, handle in enumerate(kept, 1):
            os.dup2(handle, number)
            os.close(handle)
    return 0


def _all(file: TextIO) -> str:
    file.seek(0)
    return file.read()


def _forget_peak() -> None:
    """Let the kernel count the peak of memory from now on."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int:
    """Return the peak of memory in MB, of this process or of the largest child so far."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
    return max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) >> 10


if __name__ == "__main__":
    main()
