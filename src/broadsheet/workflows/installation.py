"""The requirement that installs the running broadsheet in another environment.

An installer records where a package came from in `direct_url.json` (PEP 610). An index is named by the exact version, a
repository under version control by its address and commit. A folder or a file of this machine cannot be named
elsewhere: its wheel is copied into `vendor/` of the new dataset and named with its sha256.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.metadata import distribution, version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

import msgspec
from packaging.direct_url import DirectUrl
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Specifier

from broadsheet import ids
from broadsheet.errors import ProjectError

__all__ = ["Requirement", "as_given", "as_installed", "locked_dependencies"]

_VENDOR = "vendor"
_NAME_ONE = "name the requirement that installs broadsheet: --broadsheet SPEC, as broadsheet==1.2.0 or a wheel's path"


@dataclass(frozen=True, slots=True)
class Requirement:
    """A line of a requirements file, and the bytes of the wheel that it names, by their path in the dataset.

    >>> Requirement("broadsheet==1.2.0").wheels
    ()
    """

    line: str
    wheels: tuple[tuple[str, bytes], ...] = ()


def locked_dependencies() -> bytes:
    """Return the requirements file of all that broadsheet needs, with exact versions and sha256 hashes."""
    inside = Path(__file__).parents[1] / "requirements.txt"
    return (inside if inside.is_file() else Path(__file__).parents[3] / "requirements" / "run.txt").read_bytes()


def as_given(spec: str) -> Requirement:
    """Return the requirement that a user wrote: one of PEP 508, or the path of a wheel.

    Raises ProjectError where it is neither, or does not install broadsheet.

    >>> as_given("broadsheet == 1.2.0").line
    'broadsheet==1.2.0'
    """
    if spec.endswith(".whl"):
        return _copied(Path(spec))
    try:
        found = Specifier(spec)
    except InvalidRequirement:
        raise ProjectError(f"{spec!r} is not a requirement", repair=_NAME_ONE) from None
    if found.name != "broadsheet":
        raise ProjectError(f"{spec!r} installs {found.name}, not broadsheet", repair=_NAME_ONE)
    return Requirement(str(found))


def as_installed() -> Requirement:
    """Return the requirement that installs the running broadsheet: the same version, commit or bytes.

    Raises ProjectError where the wheel of a folder cannot be built.
    """
    recorded = distribution("broadsheet").read_text("direct_url.json")
    if recorded is None:
        return Requirement(f"broadsheet=={version('broadsheet')}")
    return _from(DirectUrl.from_dict(msgspec.json.decode(recorded)))


def _from(origin: DirectUrl) -> Requirement:
    """Return the requirement of what was installed from an address."""
    below = f"#subdirectory={origin.subdirectory}" if origin.subdirectory else ""
    if origin.vcs_info:
        address = f"{origin.vcs_info.vcs}+{origin.url}@{origin.vcs_info.commit_id}"
        return Requirement(f"broadsheet @ {address}{below}")
    url = urlsplit(origin.url)
    if url.scheme != "file":
        return Requirement(f"broadsheet @ {origin.url}{below}")
    place = Path(url2pathname(url.path))
    return _copied(place) if place.suffix == ".whl" else _built(place / (origin.subdirectory or ""))


def _copied(wheel: Path) -> Requirement:
    """Return the requirement of a wheel that is copied into the dataset. Raises ProjectError."""
    try:
        content = wheel.read_bytes()
    except OSError as error:
        raise ProjectError(f"{wheel} cannot be read: {error.strerror}", repair=_NAME_ONE) from None
    path = f"{_VENDOR}/{wheel.name}"
    return Requirement(f"./{path} --hash=sha256:{ids.sha256(content)}", ((path, content),))


def _built(source: Path) -> Requirement:
    """Return the requirement of the wheel that a folder of source code gives. Raises ProjectError.

    The build backend of this environment is used; where there is none, pip fetches it from the package index.
    """
    isolation = ["--no-build-isolation"] if find_spec("hatchling") else []
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", *isolation]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", folder, str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - fixed arguments
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or [f"exit code {done.returncode}"])[-1]
            raise ProjectError(f"{source}: no wheel of broadsheet can be built: {reason}", repair=_NAME_ONE)
        (wheel,) = Path(folder).glob("*.whl")
        return _copied(wheel)
