"""What surrounds a command: a damaged cache, the clock, the order of folders, changing inputs, limits, full disks."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from faults.datasets import FERRY, RULES, Content, content, copied
from faults.every_call import wrong_words
from faults.server import Ended, Server
from faults.table import Row, counted

EVERY: Final = 997  # bytes of a file of the cache between two that are changed
YEAR: Final = 365 * 86400
CLOCK: Final = """
import ctypes, time
library = ctypes.CDLL(None)
real = time.time
if hasattr(library, "fault_clock"):
    library.fault_clock(ctypes.c_long({seconds}))
else:
    time.time = lambda: real() + {seconds}
"""
REVERSED: Final = """
import os
listed, scanned = os.listdir, os.scandir
os.listdir = lambda *given: sorted(listed(*given), reverse=True)

class Reversed:
    def __init__(self, *given):
        with scanned(*given) as found:
            self.entries = iter(sorted(found, key=lambda entry: entry.name, reverse=True))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def __iter__(self):
        return self.entries

    def __next__(self):
        return next(self.entries)

    def close(self):
        pass

os.scandir = Reversed
"""
ON_OPEN: Final = """
import os, sys
place, done = {path!r}, []

def change(event, given):
    if event == "open" and not done and os.path.basename(str(given[0])) == {name!r}:
        done.append(1)
        {change}

sys.addaudithook(change)
"""
CHANGES: Final = {"vanishes": "os.unlink(place)", "grows": "open(place, 'ab').write(b' and so on')"}
KINDS: Final[Mapping[str, Callable[[Path], object]]] = {
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a folder": lambda path: path.mkdir(),
}


def _built(server: Server, dataset: Path, setup: str = "") -> Content:
    """Return the package of a dataset that is built, after a change of the child, in a copy without a cache."""
    with copied(dataset) as folder:
        shutil.rmtree(folder / ".broadsheet")
        ended = server.run(RULES, folder, setup=setup)
        return content(folder / "build") if ended.code == 0 else {"": ended.stderr}


# --- the cache, the clock, the order of folders -----------------------------------------------------------------------


def damaged_cache(server: Server, dataset: Path, every: int = 1) -> Iterator[Row]:
    """Yield a row: builds after one bit of the cache changed, in every 997th byte of every file of it."""
    with copied(dataset) as folder:
        server.run(RULES, folder)
        new, cache = content(folder / "build"), folder / ".broadsheet" / "cache"
        places = [(path, at) for path in sorted(cache.rglob("*")) if path.is_file() for at in _places(path)]
        wrong = (_damaged(server, folder, path, at, new) for path, at in places[::every])
        yield counted("one bit of the cache", "build", wrong)


def _places(path: Path) -> range:
    return range(0, path.stat().st_size, EVERY)


def _damaged(server: Server, folder: Path, path: Path, at: int, new: Content) -> str:
    data = bytearray(path.read_bytes())
    data[at] ^= 1 << at % 8
    path.write_bytes(data)
    ended = server.run(RULES, folder)
    is_right = ended.code == 0 and content(folder / "build") == new
    return "" if is_right else f"byte {at} of {path.name}: exit code {ended.code}, or another package: {ended.stderr}"


def clocks(server: Server, dataset: Path) -> Iterator[Row]:
    """Yield a row: the clock ten years early and eighty late, and seeds of the future; the package is the same."""
    expected = _built(server, dataset)
    moved = [CLOCK.format(seconds=years * YEAR) for years in (-10, 80)]
    wrong = [_differing(_built(server, dataset, setup), expected) for setup in moved]
    with copied(dataset) as folder:
        for path in (folder / "seeds").iterdir():
            os.utime(path, (5e9, 5e9))
        wrong.append(_differing(_built(server, folder), expected))
    yield counted("clock skew, files of the future", "build", wrong)


def orders(server: Server, dataset: Path) -> Iterator[Row]:
    """Yield a row: folders listed in the reverse order of their names; the package is the same."""
    with copied(dataset) as folder:
        (folder / "seeds" / "ferry.txt").write_text(FERRY)
        wrong = _differing(_built(server, folder, REVERSED), _built(server, folder))
    yield counted("folders in another order", "build", [wrong])


def _differing(found: Content, expected: Content) -> str:
    return "" if found == expected else f"another package: {found.get('') or sorted(set(found) ^ set(expected))}"


# --- inputs that change while they are read, or are no files ----------------------------------------------------------


def inputs(server: Server, dataset: Path, every: int = 1) -> Iterator[Row]:
    """Yield a row a change: each input vanishes or grows when it is opened, or is a pipe, a device or a folder."""
    names = [path.relative_to(dataset).as_posix() for path in sorted(dataset.rglob("*")) if _is_input(path, dataset)]
    for how, change in CHANGES.items():
        tried = (_changed(server, dataset, name, change) for name in names[::every])
        yield counted(f"an input {how} when it is opened", "build", tried)
    for kind, make in KINDS.items():
        replaced = (_replaced(server, dataset, name, make) for name in names[::every])
        yield counted(f"an input is {kind}", "build", replaced)


def _is_input(path: Path, dataset: Path) -> bool:
    first = path.relative_to(dataset).parts[0]
    return path.is_file() and first in {"seeds", "corrections", "schemas", "datapackage.json"}


def _changed(server: Server, dataset: Path, name: str, change: str) -> str:
    with copied(dataset) as folder:
        path = folder / name
        setup = ON_OPEN.format(path=str(path), name=path.name, change=change)
        return _refused(server.run(RULES, folder, setup=setup), folder, name)


def _replaced(server: Server, dataset: Path, name: str, make: Callable[[Path], object]) -> str:
    with copied(dataset) as folder:
        (folder / name).unlink()
        make(folder / name)
        return _refused(server.run(RULES, folder), folder, name)


def _refused(ended: Ended, folder: Path, name: str) -> str:
    """Return what is wrong: a build says what it cannot use, or goes on without it; a package is there."""
    is_whole = (folder / "build" / "SHA256SUMS").is_file()
    if is_whole and ended.code in {0, 3} and "Traceback" not in ended.stderr:
        return ""
    return f"{name}: exit code {ended.code}: {ended.stderr}"


# --- limits and full file systems -------------------------------------------------------------------------------------


def file_sizes(server: Server, dataset: Path, sizes: tuple[int, ...]) -> Iterator[Row]:
    """Yield a row: no file may be larger than some bytes."""
    new = _built(server, dataset)
    tried = (_limited(server, dataset, size, new) for size in sizes)
    yield counted("files may have only some bytes (RLIMIT_FSIZE)", "build", tried)


def _limited(server: Server, dataset: Path, size: int, new: Content) -> str:
    setup = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    with copied(dataset) as folder:
        old = content(folder / "build")
        ended = server.run(RULES, folder, setup=setup)
        return _told(ended, old, content(folder / "build"), errno.EFBIG, new)


def _told(ended: Ended, old: Content, found: Content, error: int, new: Content) -> str:
    if found not in (old, new):
        return "neither the old nor the new content"
    if ended.code == 0:
        return "" if found == new else "exit code 0, and the old package"
    return wrong_words(ended, error, is_new=found == new)


MOUNT: Final = "import subprocess; subprocess.run({words!r}, check=True)"


def full_disks(library: Path | None, dataset: Path, sizes: tuple[int, ...]) -> Iterator[Row]:
    """Yield two rows: a file system with some KiB beyond the dataset, and one that is read-only.

    The server runs in a namespace of its own, which needs rights that a container may lack: RuntimeError then.
    """
    with copied(dataset) as folder, Server(library, ("unshare", "--map-root-user", "--mount")) as server:
        place = folder.parent / "small"
        place.mkdir()
        new = _built(server, folder)
        tried = (_on_small(server, folder, place, size, new) for size in sizes)
        yield counted("a full file system of its own (tmpfs)", "build", tried)
        yield counted("a read-only file system", "build", [_on_read_only(server, place)])


def _on_small(server: Server, dataset: Path, place: Path, size: int, new: Content) -> str:
    inside, used = place / "dataset", sum(_blocks(path) for path in dataset.rglob("*"))
    _in_namespace(server, "mount", "-t", "tmpfs", "-o", f"size={used + size}k", "tmpfs", str(place))
    _in_namespace(server, "cp", "-r", str(dataset), str(inside))
    seen = server.root / inside.relative_to("/") / "build"
    old = content(seen)
    return _told(server.run(RULES, inside), old, content(seen), errno.ENOSPC, new)


def _on_read_only(server: Server, place: Path) -> str:
    _in_namespace(server, "mount", "-o", "remount,ro", str(place))
    seen = server.root / place.relative_to("/") / "dataset" / "build"
    old = content(seen)
    ended = server.run(RULES, place / "dataset")
    return _told(ended, old, content(seen), errno.EROFS, {}) if ended.code else "exit code 0 on a read-only file system"


def _blocks(path: Path) -> int:
    """Return the KiB that a file takes on a tmpfs, which has pages of 4 KiB."""
    return 4 * (1 + path.stat().st_size // 4096)


def _in_namespace(server: Server, *words: str) -> None:
    ended = server.run(("--version",), Path("/"), setup=MOUNT.format(words=list(words)))
    if ended.code != 0:
        raise RuntimeError(f"{' '.join(words)} is not possible here: {ended.stderr}")


def memory(dataset: Path, sizes: tuple[int, ...]) -> Iterator[Row]:
    """Yield a row: a build in a process of its own, which is allowed some MiB of address space."""
    tried = (_with_memory(dataset, size) for size in sizes)
    yield counted("memory is limited (RLIMIT_AS)", "build", tried)


def _with_memory(dataset: Path, size: int) -> str:
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_AS, ({size << 20}, {size << 20}))"
    start = f"{limit}; from broadsheet.cli import main; main()"
    with copied(dataset) as folder:
        old = content(folder / "build")
        done = subprocess.run(
            [sys.executable, "-c", start, *RULES], cwd=folder, capture_output=True, text=True, check=False
        )
        found, told = content(folder / "build"), done.stderr.count("error: ")
        if done.returncode == 0 and found != old:
            return ""
        is_told = done.returncode == 3 and told == 1 and "memory" in done.stderr and found == old
        return "" if is_told else f"{size} MiB: exit code {done.returncode}: {done.stderr[-400:]}"
