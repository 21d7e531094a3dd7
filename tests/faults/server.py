"""A process that has imported broadsheet and loaded its models, and forks a child for every command it is asked to run.

A command then takes a third of a second instead of several, so that thousands of faults can be tried. In the child,
the n-th operation on files below a folder fails with an error, or ends the process with SIGKILL. With a library loaded
before the C library (`calls.c`, by `make faults`) these are the calls that C and C++ code makes too: write, fsync,
rename, close and so on. Without it they are what the audit hook of the interpreter reports: open for writing, mkdir,
rename and remove.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, NamedTuple, Self

SOURCE: Final = Path(__file__).with_name("calls.c")
EVENTS: Final = {
    "open": "open",
    "os.mkdir": "mkdir",
    "os.rename": "rename",
    "os.remove": "unlink",
    "os.link": "link",
} | {
    "os.rmdir": "rmdir",
    "os.chmod": "chmod",
}
FILES: Final = ("out", "err", "log")
ARTICLE: Final = b"The ferry of Porto\nBy Ana Sa\n3 May 2019\n\nPORTO (Argus) - It is late, Jane Poe said on Friday.\n"
ONE_THREAD: Final = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens at the n-th operation on files below the dataset, from 1: an errno, or SIGKILL where it is 0."""

    at: int
    error: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A signal that a command is sent after some seconds: to its process, or to all of its group.

    The seconds count from the first call whose path has the words `once`, if there are any, else from the start.
    """

    number: int
    after: float
    to_group: bool = False
    once: str = ""


class Ended(NamedTuple):
    """How a command ended: its exit code (negative: the signal), what it printed, the operations that it reached, the
    seconds after the signal, and the number of its process, which is that of its group.
    """

    code: int
    stdout: str
    stderr: str
    operations: tuple[str, ...]
    seconds: float = 0.0
    process: int = 0


class Server:
    """The client: starts the process, asks it to run commands, and ends it."""

    def __init__(self, library: Path | None = None, start: Sequence[str] = ()) -> None:
        """Start the process, after the words of `start`; with a library, which then sees every call."""
        self._folder = tempfile.TemporaryDirectory()
        self._modules = str(Path(self._folder.name) / "modules")
        preload = {"LD_PRELOAD": str(library)} if library else {}
        self._process = subprocess.Popen(
            [*start, sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | ONE_THREAD | preload,
        )

    @property
    def root(self) -> Path:
        """Return the root of the file systems as the process sees them."""
        return Path(f"/proc/{self._process.pid}/root")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()
        self._folder.cleanup()

    def warm(self, words: Sequence[str], folder: Path) -> None:
        """Run a command once, and have the server import every module that it needed, so that its children need not."""
        ended = self.run(words, folder, is_warming=True)
        if ended.code != 0:
            raise RuntimeError(ended.stderr)
        self._ask({"load": self._modules})

    def run(
        self,
        words: Sequence[str],
        folder: Path,
        fault: Fault | Sent | None = None,
        *,
        setup: str = "",
        is_warming: bool = False,
    ) -> Ended:
        """Run a command in a dataset; `setup` is Python that the child executes first."""
        return self.run_together(1, words, folder, fault, setup=setup, is_warming=is_warming)[0]

    def run_together(
        self,
        count: int,
        words: Sequence[str],
        folder: Path,
        fault: Fault | Sent | None = None,
        *,
        setup: str = "",
        is_warming: bool = False,
    ) -> list[Ended]:
        """Run a command several times at once in one dataset."""
        told = {"words": list(words), "folder": str(folder), "setup": setup, "at": 0, "error": 0}
        signals = asdict(fault) if isinstance(fault, Sent) else {}
        faults = asdict(fault) if isinstance(fault, Fault) else {}
        files = [{name: str(Path(self._folder.name) / f"{name}{n}") for name in FILES} for n in range(count)]
        several = [told | faults | one | {"modules": self._modules if is_warming else ""} for one in files]
        ended = self._ask({"run": several, "signal": signals})["ended"]
        return [
            Ended(code, *_printed(one), seconds, number)
            for one, (code, seconds, number) in zip(files, ended, strict=True)
        ]

    def _ask(self, request: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def _printed(files: Mapping[str, str]) -> tuple[str, str, tuple[str, ...]]:
    out, err, log = [Path(files[name]).read_text(errors="replace") for name in FILES]
    return out, err, tuple(log.splitlines())


def compiled(folder: Path) -> Path:
    """Compile the library that sees every call. Raises RuntimeError where there is no compiler."""
    target = folder / "calls.so"
    try:
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", target, SOURCE, "-ldl"], check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise RuntimeError(f"{SOURCE} cannot be compiled: {error}; install a C compiler: apt install gcc") from None
    return target


# --- the process ------------------------------------------------------------------------------------------------------


def serve() -> None:
    """Answer one request a line, until there are no more."""
    import broadsheet.cli  # noqa: F401 - what every child needs

    for line in sys.stdin:
        request = json.loads(line)
        answer = _load(request["load"]) if "load" in request else {"ended": _children_of(request)}
        print(json.dumps(answer), flush=True)


def _load(modules: str) -> dict[str, Any]:
    """Import modules, and do once what costs time and opens no file of a dataset; polars would start threads.

    These are the models of both readers, which `add` and `build` then find in memory, the patterns for texts, and the
    bill of materials of a release, which is an empty one here.
    """
    for name in json.loads(Path(modules).read_bytes()):
        with suppress(ImportError):
            importlib.import_module(name)
    from broadsheet import extraction, texts
    from broadsheet.extraction import Settings
    from broadsheet.model import Raw, Text
    from broadsheet.workflows import articles

    extraction.Models.load = cache(extraction.Models.load)  # type: ignore[method-assign]
    importlib.import_module("broadsheet.releases.release").bill_of_materials = lambda *_: b"{}\n"  # type: ignore[attr-defined]
    text = texts.normalise(Raw("seeds/a.txt", ARTICLE, "0" * 64, "text/plain"))
    assert isinstance(text, Text)
    for settings in (Settings("rules"), Settings()):
        extraction.extract(text, articles._models(settings))
    articles._grader()
    return {}


def _children_of(request: dict[str, Any]) -> list[tuple[int, float, int]]:
    """Run commands at once, and send them a signal; return for each its exit code, its seconds and its process."""
    numbers = [_forked(one) for one in request["run"]]
    start, sent = time.monotonic(), request["signal"]
    if sent:
        _await(sent["once"], Path(request["run"][0]["log"]), numbers[0])
        time.sleep(sent["after"])
        start = time.monotonic()
        for number in numbers:
            _send(number, sent)
    return [(_code_of(number), time.monotonic() - start, number) for number in numbers]


def _forked(request: dict[str, Any]) -> int:
    for name in FILES:
        Path(request[name]).write_bytes(b"")
    number = os.fork()
    if number == 0:
        try:
            _run(request)
        finally:
            os._exit(99)
    return number


def _await(words: str, log: Path, number: int) -> None:
    """Wait until a call has some words in its path, or the command has ended."""
    while words not in log.read_text() and not os.waitid(os.P_PID, number, os.WEXITED | os.WNOHANG | os.WNOWAIT):
        time.sleep(0.001)


def _send(number: int, sent: dict[str, Any]) -> None:
    with suppress(ProcessLookupError):
        (os.killpg if sent["to_group"] else os.kill)(number, sent["number"])


def _code_of(number: int) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def _run(request: dict[str, Any]) -> None:
    from broadsheet.cli import main

    os.setsid()
    os.chdir(request["folder"])
    _redirect(request)
    sys.argv = ["broadsheet", *request["words"]]
    exec(request["setup"], {})
    _arm(request)
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    with suppress(OSError):
        sys.stdout.flush()
    if request["modules"]:
        Path(request["modules"]).write_text(json.dumps(sorted(sys.modules)))
    os._exit(code)


def _redirect(request: dict[str, Any]) -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    files = [os.open(request[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC) for name in ("out", "err")]
    for number, handle in enumerate((nothing, *files)):
        os.dup2(handle, number)
    sys.stdout, sys.stderr = (open(number, "w", closefd=False) for number in (1, 2))  # noqa: SIM115 - of the child


def _arm(request: dict[str, Any]) -> None:
    """Arm the fault, in the library if it is loaded."""
    arm = getattr(ctypes.CDLL(None), "fault_arm", None)
    if arm:
        words = [os.fsencode(request[name]) for name in ("folder", "log")]
        arm(words[0], ctypes.c_long(request["at"]), request["error"], words[1])
    else:
        sys.addaudithook(_Hook(request))


class _Hook:
    """Counts the operations that the interpreter reports."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.folder, self.at, self.error = request["folder"], request["at"], request["error"]
        self.log = os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        self.seen = 0

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event not in EVENTS or (event == "open" and not _is_written(arguments[2])):
            return
        named = arguments[event in {"os.rename", "os.link"}]
        path = "" if isinstance(named, int) else os.path.abspath(os.fsdecode(named))
        if path.startswith(self.folder):
            self._count(EVENTS[event], path)

    def _count(self, call: str, path: str) -> None:
        os.write(self.log, f"{call} {path}\n".encode())
        self.seen += 1
        if self.seen != self.at:
            return
        if not self.error:
            os.kill(os.getpid(), signal.SIGKILL)
        raise OSError(self.error, os.strerror(self.error), path)


def _is_written(flags: int) -> bool:
    return bool(flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))


if __name__ == "__main__":
    serve()
