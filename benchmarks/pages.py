"""Pages with known main text, made from the development articles, and how well and fast it is found beside trafilatura.

`python benchmarks/pages.py [COUNT]`. The pages are ours, so the figures say where rules fail, not who is ahead in the world.
"""

# ruff: noqa: E501 - invented pages

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from html import escape

import trafilatura
from articles import HEADLINES, NAV, Sample, _fill, _paragraphs, _topic, articles

from broadsheet.ids import sha256
from broadsheet.model import Raw, Text
from broadsheet.texts import normalise

MAIN = {"body", "subheading"}


def page(sample: Sample, rng: random.Random) -> str:
    """Return a page around an article: menus, teasers, comments and scripts, in one of several kinds of markup."""
    story = "".join(_element(role, line, rng) for role, line in sample.lines)
    links = "".join(
        f'<li class="nav-item"><a href="/{n}">{rng.choice(NAV)} {n}</a></li>' for n in range(rng.randint(20, 150))
    )
    teasers = "".join(_teaser(rng) for _ in range(rng.randint(3, 20)))
    comments = "".join(
        f"<div class=comment><p>{line}</p></div>" for line in _paragraphs(rng, _topic(rng), rng.randint(0, 4))
    )
    script = (
        "<script>var x = {"
        + ",".join(f'"k{n}": "{rng.random()}"' for n in range(rng.randint(50, 2000)))
        + "};</script>"
    )
    frame = rng.choice(
        [
            "<header><nav><ul>{links}</ul></nav></header><main><article>{story}</article></main><aside>{teasers}</aside>",
            '<div id="top"><ul>{links}</ul></div><div class="content"><div class="post-body">{story}</div><div class="sidebar">{teasers}</div></div>',
            '<div class="wrap"><div class="menu">{links}</div><section class="story"><div class="text">{story}</div></section><div class="more">{teasers}</div></div>',
            "<table><tr><td>{links}</td><td>{story}</td><td>{teasers}</td></tr></table>",
        ]
    )
    body = frame.format(links=links, story=story, teasers=teasers)
    title = escape(sample.title or "Story")
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | The Coast Times</title>{script}<style>"
        + "p{margin:0}" * 300
        + f"</style></head><body>{body}<div id=comments><h3>Comments</h3>{comments}</div>{script}"
        "<footer><p>© 2020 The Coast Times. All rights reserved.</p></footer></body></html>"
    )


def _element(role: str, line: str, rng: random.Random) -> str:
    words = escape(" ".join(line.split()), quote=False)
    if role == "title":
        return f"<h1>{words}</h1>"
    if role == "subheading":
        return rng.choice([f"<h2>{words}</h2>", f"<p><strong>{words}</strong></p>"])
    if role == "caption":
        return f"<figure><img src=x.jpg alt=''><figcaption>{words}</figcaption></figure>"
    if role == "crosslink":
        return f'<p class="related"><a href="/r">{words}</a></p>'
    if role == "body":
        return f"<p>{words}</p>"
    return f'<div class="{role}">{words}</div>'


def _teaser(rng: random.Random) -> str:
    topic = _topic(rng)
    lead = _paragraphs(rng, topic, 1)[0]
    return f"<div class=card><h3><a href=/t>{_fill(rng, rng.choice(HEADLINES), topic)}</a></h3><p>{escape(lead[:110], quote=False)}…</p></div>"


def wanted(sample: Sample) -> str:
    """Return the main text, each paragraph once."""
    return "\n".join(dict.fromkeys(" ".join(line.split()) for role, line in sample.lines if role in MAIN))


def shingle_f1(found: str, told: str) -> float:
    """Return the F1 of word 4-grams, counted with their repeats."""
    ours, theirs = (Counter(zip(w, w[1:], w[2:], w[3:], strict=False)) for w in (found.split(), told.split()))
    hits = sum((ours & theirs).values())
    return 2 * hits / max(ours.total() + theirs.total(), 1)


def ours(text: Text) -> str:
    """Return the main text of a document."""
    kept = [p for p in text.paragraphs if p.role in MAIN and p.duplicate_of is None]
    return "\n".join(text.text[p.start : p.end] for p in kept)


def main() -> None:
    """Print F1 and speed of the three, interleaved page by page."""
    samples = [s for s in articles(int(sys.argv[1]) if len(sys.argv) > 1 else 100, 31) if s.shape != "wrapped"]
    pages = [page(sample, random.Random(f"page-{n}")) for n, sample in enumerate(samples)]
    readers: dict[str, Callable[[str], str]] = {
        "broadsheet": _broadsheet,
        "trafilatura": lambda markup: trafilatura.extract(markup, include_comments=False) or "",
        "trafilatura fast": lambda markup: trafilatura.extract(markup, include_comments=False, fast=True) or "",
    }
    for read in readers.values():
        read(pages[0])
    seconds: Counter[str] = Counter()
    scores: dict[str, list[float]] = {name: [] for name in readers}
    for sample, markup in zip(samples, pages, strict=True):
        for name, read in readers.items():
            started = time.process_time()
            found = read(markup)
            seconds[name] += time.process_time() - started
            scores[name].append(shingle_f1(found, wanted(sample)))
    size = sum(map(len, pages)) / len(pages) / 1000
    print(f"{len(pages)} pages of {size:.0f} kB on average")
    for name, score in scores.items():
        speed = seconds["trafilatura"] / seconds[name]
        print(
            f"  {name:18} F1 {sum(score) / len(score):.4f}  {len(pages) / seconds[name]:6.1f} pages a CPU-second  {speed:.2f}×"
        )


def _broadsheet(markup: str) -> str:
    data = markup.encode()
    text = normalise(Raw("p.html", data, sha256(data), "text/html"))
    return ours(text) if isinstance(text, Text) else ""


if __name__ == "__main__":
    main()
