"""The report: one self-contained HTML page to read a package, and to review its rows.

`render` makes the page. The figures of its first view are computed from all rows (`summary`, drawn by `charts`); the
articles that can be read in it are all or a sample (`sample`), inlined once as compressed columns (`data`). The page
(`page`) has no address to fetch and no script or style but its own, each allowed by its hash.
"""

from __future__ import annotations

from broadsheet.html_report.page import Contents, Review, render

__all__ = ["Contents", "Review", "render"]
