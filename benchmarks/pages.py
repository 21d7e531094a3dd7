"""How well and how fast the main text of pages is found, beside trafilatura.

`python benchmarks/pages.py FOLDER` reads real pages: `*.html` or `*.html.gz`, in the folder or in its folder `html`, and
what is known of them in `gold.jsonl` (`file`, `main_text`), if it is there. `python benchmarks/pages.py [COUNT [SEED]]`
makes pages from the development articles: fifteen kinds, from clean semantic markup to none at all. Their figures say
where rules fail on what somebody thought of, not how well they do on the web.
"""

# ruff: noqa: E501 - invented pages

from __future__ import annotations

import gc
import gzip
import json
import logging
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import trafilatura
from articles import HEADLINES, MORE, NAV, PEOPLE, Sample, _fill, _paragraphs, _topic, articles

from broadsheet.ids import sha256
from broadsheet.model import Raw, Text
from broadsheet.texts import normalise
from broadsheet.texts.decoding import decode
from broadsheet.texts.html_charset import declared_charset

MAIN = {"body", "subheading"}
BATCH = 25  # pages that one reader reads at a stretch
Lines = list[tuple[str, str]]


class Page(NamedTuple):
    """A page, its main text, and which kind it is."""

    markup: str
    main: str
    kind: str


# --- parts of pages ---------------------------------------------------------------------------------------------------


def _text(words: str) -> str:
    return escape(" ".join(words.split()), quote=False)


def _linked(words: str, rng: random.Random) -> str:
    """Return a paragraph's words, some of them a link or emphasised."""
    parts = _text(words).split(" ")
    if len(parts) > 9 and rng.random() < 0.4:
        at = rng.randrange(len(parts) - 3)
        parts[at] = rng.choice([f'<a href="/w/{at}">{parts[at]}', f"<em>{parts[at]}"])
        parts[at + 1] += "</a>" if parts[at].startswith("<a") else "</em>"
    return " ".join(parts)


def _element(role: str, line: str, rng: random.Random, paragraph: str = "<p>{}</p>") -> str:
    words = _text(line)
    if role == "title":
        return f"<h1>{words}</h1>"
    if role == "subheading":
        return rng.choice([f"<h2>{words}</h2>", f"<h3>{words}</h3>", f"<p><strong>{words}</strong></p>"])
    if role == "caption":
        return f"<figure><img src=x.jpg alt=''><figcaption>{words}</figcaption></figure>"
    if role == "crosslink":
        return f'<p class="related"><a href="/r">{words}</a></p>'
    if role == "body":
        return paragraph.format(_linked(line, rng))
    return f'<div class="{role}">{words}</div>'


def _story(lines: Iterable[tuple[str, str]], rng: random.Random, paragraph: str = "<p>{}</p>") -> str:
    return "\n".join(_element(role, line, rng, paragraph) for role, line in lines)


def _links(rng: random.Random) -> str:
    count = rng.randint(20, 150)
    return "".join(f'<li class="nav-item"><a href="/{n}">{rng.choice(NAV)} {n}</a></li>' for n in range(count))


def _teasers(rng: random.Random, cut: bool = True) -> str:
    return "".join(_teaser(rng, cut) for _ in range(rng.randint(3, 20)))


def _teaser(rng: random.Random, cut: bool) -> str:
    topic = _topic(rng)
    lead = _paragraphs(rng, topic, 1)[0]
    shown = f"{lead[:110]}…" if cut else lead
    heading = _fill(rng, rng.choice(HEADLINES), topic)
    return f"<div class=card><h3><a href=/t>{heading}</a></h3><p>{escape(shown, quote=False)}</p></div>"


def _comments(rng: random.Random, most: int = 4) -> str:
    said = _paragraphs(rng, _topic(rng), rng.randint(0, most))
    mark = rng.choice(["comment", "comment-body", "reply"])
    return "".join(f"<div class={mark}><b>{rng.choice(PEOPLE)}</b><p>{_text(line)}</p></div>" for line in said)


def _script(rng: random.Random) -> str:
    values = ",".join(f'"k{n}": "{rng.random()}"' for n in range(rng.randint(50, 2000)))
    return f"<script>var x = {{{values}}};</script>"


def _box(rng: random.Random) -> str:
    """Return what pages put between paragraphs: advertisements, letters to subscribe to, other stories."""
    other = _fill(rng, rng.choice(HEADLINES), _topic(rng))
    lead = _text(_paragraphs(rng, _topic(rng), 1)[0])
    return rng.choice(
        [
            '<div class="ad-slot"><span>Advertisement</span><div id="gpt-1"></div></div>',
            '<div class="newsletter-signup"><h4>The morning letter</h4><p>Sign up for our daily newsletter and have the news delivered to your inbox every morning.</p><form><input><button>Sign up</button></form></div>',
            f'<aside class="related"><h4>Related</h4><ul><li><a href="/r1">{other}</a></li><li><a href="/r2">{other} again</a></li></ul></aside>',
            f'<div class="promo"><h4><a href="/p">{other}</a></h4><p>{lead}</p></div>',
            f"<blockquote class=pullquote>{lead[:90]}</blockquote>",
            "<div class=share><a href=#>Facebook</a> <a href=#>Twitter</a> <a href=#>WhatsApp</a></div>",
        ]
    )


def _with_boxes(lines: Lines, rng: random.Random, chance: float, paragraph: str = "<p>{}</p>") -> str:
    found: list[str] = []
    for (role, line), (after, _) in pairwise([*lines, ("end", "")]):
        found.append(_element(role, line, rng, paragraph))
        if role == after == "body" and rng.random() < chance:
            found.append(_box(rng))
    return "\n".join(found)


CONSENT = (
    "<p>We and our 842 partners store and access information on your device, such as cookies, and process personal data to show you advertisements that fit you.</p>"
    "<p>With your consent we may use precise location data and identification through the scanning of devices, which you can refuse or take back at any time.</p>"
    "<p>Some of our partners process your data without asking, because they believe that they have a legitimate interest; you can object to that in the settings.</p>"
)
BIO = "<div class=bio><img src=a.jpg><p>{0} has covered the region since 2009 and has won two prizes for reporting. Before that {0} worked for a radio station and taught history.</p></div>"
LEGAL = "<p class=small>The content of this site is protected by law and may not be published, broadcast, rewritten or redistributed without the permission of the publisher.</p>"

# --- kinds of pages ---------------------------------------------------------------------------------------------------


def _semantic(lines: Lines, rng: random.Random) -> str:
    return f"<header><nav><ul>{_links(rng)}</ul></nav></header><main><article>{_story(lines, rng)}</article></main><aside>{_teasers(rng)}</aside><div id=comments><h3>Comments</h3>{_comments(rng)}</div>"


def _blog(lines: Lines, rng: random.Random) -> str:
    said = "".join(f"<li class=comment><div class=comment-content>{c}</div></li>" for c in [_comments(rng)] * 2)
    return (
        f'<div id="masthead"><ul>{_links(rng)}</ul></div><div id="content"><div class="post hentry"><div class="entry-content">{_with_boxes(lines, rng, 0.1)}</div><div class="sharedaddy">Share this: Facebook X</div></div>'
        f'<div id="comments"><h2>3 Comments</h2><ol class="commentlist">{said}</ol><h3>Leave a Reply</h3><p>Your email address will not be published.</p></div></div><div id="secondary">{_teasers(rng)}</div>'
    )


def _hashed(lines: Lines, rng: random.Random) -> str:
    paragraph = '<div class="css-1a2b3c"><p class="css-9x8y">{}</p></div>'
    inside = f'<div class="css-0"><div class="css-77"><section class="css-story">{_with_boxes(lines, rng, 0.15, paragraph)}</section></div></div>'
    return f'<div id="app"><div class="css-k1"><div class="css-k2">{_links(rng)}</div>{inside}<div class="css-k3">{_teasers(rng)}</div></div></div>'


def _tables(lines: Lines, rng: random.Random) -> str:
    return f"<table><tr><td>{_links(rng)}</td><td>{_story(lines, rng)}</td><td>{_teasers(rng)}</td></tr></table>"


def _breaks(lines: Lines, rng: random.Random) -> str:
    text = "<br><br>\n".join(
        f"<b>{_text(line)}</b>" if role == "subheading" else _linked(line, rng) for role, line in lines
    )
    return f'<div id="top">{_links(rng)}</div><div class="content"><div class="text">{text}</div></div><div class="right">{_teasers(rng)}</div>'


def _divs(lines: Lines, rng: random.Random) -> str:
    story = _story(lines, rng, '<div class="par">{}</div>')
    return f'<div class="wrap"><div class="menu">{_links(rng)}</div><div class="story"><div class="text">{story}</div></div><div class="more">{_teasers(rng)}</div></div>'


def _live(lines: Lines, rng: random.Random) -> str:
    entries: list[str] = []
    for number, (role, line) in enumerate(lines):
        if role == "title":
            entries.append(f"<h1>{_text(line)}</h1>")
        elif role in MAIN:
            entries.append(
                f'<div class="live-entry"><time datetime="2020-01-01T{number % 24:02}:00">{number % 24:02}:00 GMT</time>{_element(role, line, rng)}<div class="share">Share</div></div>'
            )
        else:
            entries.append(_element(role, line, rng))
    return f'<nav>{_links(rng)}</nav><main><div class="live-blog">{"".join(entries)}</div></main><aside>{_teasers(rng)}</aside>'


def _wall(lines: Lines, rng: random.Random) -> str:
    return f'<div id="consent" class="cmp-modal" role="dialog"><h2>Your privacy</h2>{CONSENT}<button>Accept all</button></div>{_semantic(lines, rng)}'


def _interrupted(lines: Lines, rng: random.Random) -> str:
    story = _with_boxes(lines, rng, 0.5)
    return f'<header>{_links(rng)}</header><div class="page"><article class="article"><div class="article__body">{story}</div>{BIO.format(rng.choice(PEOPLE))}</article></div>{_teasers(rng)}'


def _gallery(lines: Lines, rng: random.Random) -> str:
    pictures = "".join(
        f'<div class="slide"><img src="{n}.jpg"><div class="slide-caption">{_text(_fill(rng, rng.choice(MORE), _topic(rng)))} Photo: {rng.choice(PEOPLE)}</div></div>'
        for n in range(rng.randint(3, 12))
    )
    return f'<div class="top">{_links(rng)}</div><div class="main-col"><div class="gallery">{pictures}</div><div class="body-copy">{_story(lines, rng)}</div></div><div class="rail">{_teasers(rng)}</div>'


def _listed(lines: Lines, rng: random.Random) -> str:
    story = _story(lines, rng)
    first, _, rest = story.partition("</p>")
    figures = "".join(f"<tr><td>{2000 + n}</td><td>{rng.randint(10, 99)}</td></tr>" for n in range(6))
    while "<p>" in rest and rng.random() < 0.7:
        rest = rest.replace("<p>", "<ul><li>", 1).replace("</p>", "</li></ul>", 1)
    return f"<nav>{_links(rng)}</nav><main><h5>News</h5><div class=article-text>{first}</p><table class=figures>{figures}</table>{rest}</div></main><footer>{_teasers(rng)}</footer>"


def _argued(lines: Lines, rng: random.Random) -> str:
    threads = "".join(_comments(rng, 9) for _ in range(4))
    return f'<div class="nav">{_links(rng)}</div><div class="article-body">{_story(lines, rng)}</div><div class="discussion"><h3>Join the conversation</h3>{threads}</div>'


def _surrounded(lines: Lines, rng: random.Random) -> str:
    """A page whose teasers are whole sentences, and articles by their markup."""
    cards = "".join(f"<article>{_teaser(rng, False)}</article>" for _ in range(rng.randint(3, 8)))
    return f'<header>{_links(rng)}</header><main><article class="story">{_story(lines, rng)}</article><section class="more-stories"><h2>More stories</h2>{cards}</section></main>{LEGAL}'


def _sections(lines: Lines, rng: random.Random) -> str:
    found, inside = [], ""
    for role, line in lines:
        if role == "subheading" and inside:
            found, inside = [*found, inside], ""
        inside += _element(role, line, rng, '<p class="t">{}<span class="note"></span></p>')
    body = "".join(f'<section class="block"><div>{part}</div></section>' for part in [*found, inside])
    return f'<div role="navigation">{_links(rng)}</div><div id="main"><div class="inner">{body}</div></div><div class="side">{_teasers(rng, rng.random() < 0.5)}</div>{LEGAL}'


def _stub(lines: Lines, rng: random.Random) -> str:
    wall = "<div class=paywall><h3>Keep reading</h3><p>To continue reading this article, subscribe now for one crown a week and support independent journalism.</p><p>Already a subscriber? Log in.</p></div>"
    return f"<header>{_links(rng)}</header><article><div class=lede>{_story(lines, rng)}</div>{wall}</article><section>{_teasers(rng)}</section>"


KINDS: dict[str, Callable[[Lines, random.Random], str]] = {
    "semantic": _semantic,
    "blog": _blog,
    "hashed": _hashed,
    "tables": _tables,
    "breaks": _breaks,
    "divs": _divs,
    "live": _live,
    "wall": _wall,
    "interrupted": _interrupted,
    "gallery": _gallery,
    "listed": _listed,
    "argued": _argued,
    "surrounded": _surrounded,
    "sections": _sections,
    "stub": _stub,
}


def page(sample: Sample, number: int) -> Page:
    """Return a page around an article, of the kind that its number tells."""
    rng = random.Random(f"page-{number}")
    kind = list(KINDS)[number % len(KINDS)]
    lines = sample.lines
    if kind == "stub":
        bodies = [n for n, (role, _) in enumerate(lines) if role == "body"]
        lines = lines[: bodies[min(2, len(bodies) - 1)] + 1]
    if kind == "breaks":  # such pages have no furniture inside
        lines = [line for line in lines if line[0] in MAIN]
    title = escape(sample.title or "Story")
    script = _script(rng)
    head = f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title} | The Coast Times</title>{script}<style>{'p{margin:0}' * 300}</style></head>"
    foot = f"{script}<footer><p>© 2020 The Coast Times. All rights reserved.</p></footer>"
    main = "\n".join(dict.fromkeys(" ".join(line.split()) for role, line in lines if role in MAIN))
    return Page(f"{head}<body>{KINDS[kind](lines, rng)}{foot}</body></html>", main, kind)


def pages(count: int, seed: int = 31) -> list[Page]:
    """Return so many pages, with short, middling and long articles."""
    samples = [
        sample
        for size in (0, 2200, 4500)
        for sample in articles(count // 3 + count // 20 + 1, seed, size)
        if sample.shape != "wrapped"
    ]
    random.Random(seed).shuffle(samples)
    return [page(sample, number) for number, sample in enumerate(samples[:count])]


# --- figures ----------------------------------------------------------------------------------------------------------


def shingle_f1(found: str, told: str) -> float:
    """Return the F1 of word 4-grams, counted with their repeats."""
    ours, theirs = (Counter(zip(w, w[1:], w[2:], w[3:], strict=False)) for w in (found.split(), told.split()))
    hits = sum((ours & theirs).values())
    return 2 * hits / max(ours.total() + theirs.total(), 1)


def ours(text: Text) -> str:
    """Return the main text of a document."""
    kept = [p for p in text.paragraphs if p.role in MAIN]
    return "\n".join(text.text[p.start : p.end] for p in kept)


def _broadsheet(page_: str) -> str:
    data = page_.encode()
    text = normalise(Raw("p.html", data, sha256(data), "text/html"))
    return ours(text) if isinstance(text, Text) else ""


READERS: dict[str, Callable[[str], str]] = {
    "broadsheet": _broadsheet,
    "trafilatura": lambda markup_: trafilatura.extract(markup_, include_comments=False) or "",
    "trafilatura fast": lambda markup_: trafilatura.extract(markup_, include_comments=False, fast=True) or "",
}


def real_pages(folder: Path) -> list[Page]:
    """Return the pages of a folder; the main text is empty where it is not known."""
    gold = folder / "gold.jsonl"
    known = [json.loads(line) for line in gold.read_text(encoding="utf-8").splitlines()] if gold.exists() else []
    mains = {page_["file"]: page_.get("main_text") or "" for page_ in known if page_.get("set") != "goose3"}
    files = sorted([*folder.glob("*.html*"), *folder.glob("html/*.html*")])
    return [Page(_markup(file), mains.get(file.name, ""), "real") for file in files]


def _markup(file: Path) -> str:
    data = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return decode(data, declared_charset(data)).text


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def main() -> None:
    """Print F1 and speed of the three, a batch of pages each in turn, and F1 by kind of page."""
    logging.disable(logging.CRITICAL)  # trafilatura reports pages without text
    first, *rest = sys.argv[1:] or ["150"]
    made = real_pages(Path(first)) if Path(first).is_dir() else pages(int(first), int(rest[0]) if rest else 31)
    for read in READERS.values():  # models and tables are loaded once a process, by the first page that needs them
        for one in made[:BATCH]:
            read(one.markup)
    seconds: Counter[str] = Counter()
    scores: dict[str, list[float]] = {name: [] for name in READERS}
    for start in range(0, len(made), BATCH):
        batch = made[start : start + BATCH]
        for name, read in READERS.items():
            gc.collect()  # nobody pays for what another left behind
            started = time.process_time()
            found = [read(one.markup) for one in batch]
            seconds[name] += time.process_time() - started
            scores[name] += [shingle_f1(_words(text), _words(one.main)) for text, one in zip(found, batch, strict=True)]
    size = sum(len(one.markup) for one in made) / len(made) / 1000
    scored = [n for n, one in enumerate(made) if _words(one.main).count(" ") >= 3]
    print(f"{len(made)} pages of {size:.0f} kB on average, {len(scored)} with known main text")
    for name, score in scores.items():
        speed = seconds["trafilatura"] / seconds[name]
        mean = sum(score[n] for n in scored) / max(len(scored), 1)
        good = sum(score[n] >= 0.9 for n in scored)
        rate = len(made) / seconds[name]
        print(f"  {name:18} F1 {mean:.4f}  {good:3} of .9  {rate:6.1f} pages a CPU-second  {speed:.2f}×")
    for kind in dict.fromkeys(one.kind for one in made):
        at = [n for n in scored if made[n].kind == kind]
        means = "  ".join(f"{sum(score[n] for n in at) / max(len(at), 1):.3f}" for score in scores.values())
        print(f"    {kind:12} {means}")


if __name__ == "__main__":
    main()
