"""Hooks of mkdocs: pages from elsewhere in the repository become part of the site, and links lead to them there."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[1]
FOLDER = "docs/"
ELSEWHERE = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "SECURITY.md": "security.md",
    "LICENSE-DATA": "LICENSE-DATA.txt",
    "src/broadsheet/extraction/weights/README.md": "model-card.md",
    **{f"src/broadsheet/findings/{p.name}": f"findings/{p.name}" for p in ROOT.glob("src/broadsheet/findings/BS*.md")},
}  # path in the repository → path in the site
ORIGIN = {place: path for path, place in ELSEWHERE.items()}
_LINK = re.compile(r"(?<=\]\()([^)#:\s]+)(?=[)#])")


def on_files(files: Files, config: Any) -> Files:
    """Add the pages that are not in `docs/`."""
    for path, place in ELSEWHERE.items():
        files.append(File.generated(config, place, content=(ROOT / path).read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Make the links of a page those of the site."""
    place = page.file.src_uri
    return _LINK.sub(lambda link: _moved(link[1], place), markdown)


def _moved(link: str, place: str) -> str:
    """Return a link of the page at `place` of the site, given as it is written in the repository."""
    path = posixpath.normpath(posixpath.join(posixpath.dirname(ORIGIN.get(place, FOLDER + place)), link))
    target = ELSEWHERE.get(path, path.removeprefix(FOLDER))
    return posixpath.relpath(target, posixpath.dirname(place) or ".")
