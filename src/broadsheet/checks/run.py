"""The last layers: every value, key, link and span, one shard of articles at a time.

Row group i of every table that is bound to articles speaks of the same articles, so a shard is judged by itself and
memory is set by the largest. What belongs to the whole corpus (entities, the copies of articles) is kept as keys and
counts and judged at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import polars as pl

from broadsheet.checks.derived import derived_rule, name_rules, ordinal_rules, partial, word_rules
from broadsheet.checks.joins import linked
from broadsheet.checks.keys import dangling_rules, first_rules, misplaced, order_rule, proven, repeated_rules
from broadsheet.checks.parquet_footers import Group, Store
from broadsheet.checks.row_groups import Sheet, read
from broadsheet.checks.row_rules import constraint_rules, hygiene_rules, row_rules
from broadsheet.checks.rule_language import Derived, rules_of
from broadsheet.checks.rules import Ledger, Rule
from broadsheet.checks.spans import (
    Texts,
    claim_rules,
    inside_rules,
    span_rules,
    texts,
    with_claims,
    with_home,
    with_words,
)
from broadsheet.schema.logical_hash import Digest

__all__ = ["judge_rows"]

Keys = dict[tuple[str, str], pl.Series]
TEXTUAL = {"BS402", "BS430", "BS431"}


@dataclass(slots=True)
class _Corpus:
    """What is carried from shard to shard: keys of whole tables, and counts that add up."""

    keys: Keys = field(default_factory=dict)
    repeats: dict[str, pl.Series] = field(default_factory=dict)
    counts: dict[tuple[str, str], list[pl.DataFrame]] = field(default_factory=dict)
    digests: dict[str, Digest] | None = None  # the logical hashes so far, where these are asked for


def judge_rows(stores: Mapping[str, Store], ledger: Ledger, *, in_step: bool, hashed: bool) -> None:
    """Judge all rows. `in_step`: row group i of every bound table speaks of the same articles.

    `hashed`: compare the logical hashes too.
    """
    corpus = _Corpus(digests={} if hashed else None)
    bound = [n for n, s in stores.items() if s.resource.table.document]
    free = {n: sheet for n in stores if n not in bound and (sheet := read(stores[n], stores[n].groups, ledger))}
    corpus.keys |= {(n, c): s.frame[c] for n, s in free.items() for c in s.table.primary_key}
    if "documents" in bound:
        _articles(stores["documents"], corpus)
    shards = list(_shards(stores, bound, in_step=in_step))
    for number in range(len(shards)):
        _shard(stores, shards[number], free, corpus, ledger).judge(number, len(shards))
    whole = not ledger.failed("BS520", "BS521")
    for sheet in free.values():
        _judge_free(sheet, stores, corpus, ledger, whole=whole)
    for name, digest in (corpus.digests or {}).items():
        _compare_digest(stores[name], digest, ledger)
    _empty(stores, ledger)


def _shard(
    stores: Mapping[str, Store],
    groups: Mapping[str, tuple[Group, ...]],
    free: Mapping[str, Sheet],
    corpus: _Corpus,
    ledger: Ledger,
) -> _Shard:
    """Read a shard. Nothing else holds its rows, so that they make room before the next is read."""
    found = {n: sheet for n in groups if (sheet := read(stores[n], groups[n], ledger))}
    for sheet in found.values():
        _digested(sheet, corpus)
    return _Shard(linked(found), free, corpus, ledger)


def _articles(store: Store, corpus: _Corpus) -> None:
    """Keep the keys of all articles, and of those that repeat another one: these pointers cross shards."""
    table, rules = store.resource.table, rules_of(store.resource.table)
    columns = [table.primary_key[0], *rules.first]
    paths = dict.fromkeys(g.path for g in store.groups)
    try:
        frame = pl.concat([pl.scan_parquet(p, glob=False).select(columns) for p in paths]).collect() if paths else None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return  # told when its rows are read
    if frame is not None:
        corpus.keys[table.name, columns[0]] = frame[columns[0]]
        corpus.repeats = {c: frame.filter(pl.col(c).is_not_null())[columns[0]] for c in rules.first}


def _shards(stores: Mapping[str, Store], bound: list[str], *, in_step: bool) -> Iterator[dict[str, tuple[Group, ...]]]:
    if not in_step:
        yield {name: stores[name].groups for name in bound}
        return
    for number in range(max(len(stores[name].groups) for name in bound)):
        yield {n: stores[n].groups[number : number + 1] for n in bound}


@dataclass(frozen=True, slots=True)
class _Shard:
    """The rows of some articles in every table, and what is known of the corpus."""

    sheets: dict[str, Sheet]
    free: Mapping[str, Sheet]
    corpus: _Corpus
    ledger: Ledger

    def judge(self, number: int, shards: int) -> None:
        articles = texts(self.sheets.get("documents"))
        spared: list[str] = []
        for sheet in sorted(
            self.sheets.values(), key=lambda s: not s.rules.tiles
        ):  # the tiles first: they spare others
            self._judge(sheet, list(self._local(sheet, articles)))
            if sheet.name == "documents" and shards > 1:
                self._judge(sheet, [misplaced(sheet.table, sheet.frame, number, shards)])
            frame, spared = self._spans(sheet, articles, spared)
            self.sheets[sheet.name] = sheet.with_frame(frame)
            _judge_keys(sheet, self._parents(sheet), self._repeats(sheet), self.ledger)
            self._numbers(sheet)
        self._count()

    def _judge(self, sheet: Sheet, rules: list[Rule]) -> set[str]:
        return self.ledger.judge(sheet.frame, rules, key=sheet.table.primary_key, first=sheet.first)

    def _local(self, sheet: Sheet, articles: Texts | None) -> Iterator[Rule]:
        """Yield the rules that look at one row, or at the row before it."""
        yield from (*constraint_rules(sheet.table), *row_rules(sheet.table, sheet.rules))
        unusual = articles.letters.characters if articles and sheet.name == "documents" else None
        yield from hygiene_rules(sheet.table, sheet.rules, sheet.frame, unusual)
        if sheet.rules.order:
            yield order_rule(sheet.table)

    def _spans(self, sheet: Sheet, articles: Texts | None, spared: list[str]) -> tuple[pl.DataFrame, list[str]]:
        """Judge spans; return the frame with what they were compared with, and the articles to spare.

        In these, paragraphs and text do not fit: what follows from that is not told.
        """
        ordered = not self.ledger.failed("BS421", table=sheet.name)
        frame, rules = sheet.frame, list(ordinal_rules(sheet.table, sheet.rules, sheet.frame)) if ordered else []
        frame = with_home(frame, sheet.table, sheet.rules, self.sheets)
        if articles is not None and sheet.rules.span:
            frame = with_words(frame, sheet.table, sheet.rules, articles, self.sheets)
            rules += span_rules(sheet.table, sheet.rules, frame.columns, ordered=ordered, spared=spared)
        rules += word_rules(sheet.table, sheet.rules, frame.columns)
        rules += inside_rules(sheet.table, sheet.rules, frame.columns, spared)
        frame = with_claims(frame, sheet.table, sheet.rules, self.sheets)
        rules += claim_rules(sheet.table, sheet.rules, frame.columns)
        failed = self._judge(sheet.with_frame(frame), rules)
        if sheet.rules.tiles and failed & TEXTUAL:
            wrong = pl.any_horizontal(rule.bad for rule in rules if rule.code in TEXTUAL)
            return frame, sorted(set(frame.filter(wrong)[sheet.table.document or ""].drop_nulls().to_list()))
        return frame, spared

    def _parents(self, sheet: Sheet) -> Keys:
        """Return the keys that rows of a table may point at: of the shard, but for articles that point at articles."""
        own = {(n, c): s.frame[c] for n, s in self.sheets.items() for c in s.table.primary_key}
        whole = (
            self.corpus.keys
            if sheet.name == "documents"
            else {k: v for k, v in self.corpus.keys.items() if k not in own}
        )
        return own | whole

    def _repeats(self, sheet: Sheet) -> Mapping[str, pl.Series]:
        if sheet.name == "documents":
            return self.corpus.repeats
        key = sheet.table.primary_key[0] if sheet.table.primary_key else ""
        return {c: sheet.frame.filter(pl.col(c).is_not_null())[key] for c in sheet.rules.first}

    def _numbers(self, sheet: Sheet) -> None:
        """Judge the counts of an article's own rows, where these are sound."""
        for word in sheet.rules.derived:
            other = self.sheets.get(word.table)
            if other is not None and not self.ledger.failed("BS422", "BS436", table=word.table):
                frame, rule = derived_rule(sheet.table, word, partial(word, other.frame), sheet.frame)
                self._judge(sheet.with_frame(frame), [rule])

    def _count(self) -> None:
        for sheet in self.free.values():
            for word in sheet.rules.derived:
                if word.table in self.sheets:
                    found = partial(word, self.sheets[word.table].frame)
                    self.corpus.counts.setdefault((sheet.name, word.column), []).append(found)


def _judge_keys(
    sheet: Sheet,
    parents: Keys,
    repeats: Mapping[str, pl.Series],
    ledger: Ledger,
) -> None:
    rules = [*dangling_rules(sheet.table, sheet.frame, parents)]
    rules += first_rules(sheet.table, [c for c in sheet.rules.first if c in repeats], sheet.frame, repeats)
    sure = proven(sheet.table, sheet.rules, sheet.frame, ledger)
    rules += [rule for rule in repeated_rules(sheet.table) if not sure or rule.code != "BS420"]
    ledger.judge(sheet.frame, rules, key=sheet.table.primary_key, first=sheet.first)


def _judge_free(sheet: Sheet, stores: Mapping[str, Store], corpus: _Corpus, ledger: Ledger, *, whole: bool) -> None:
    """Judge a table of the whole corpus, in one frame."""
    _digested(sheet, corpus)
    rules = [*constraint_rules(sheet.table), *row_rules(sheet.table, sheet.rules)]
    rules += [
        *hygiene_rules(sheet.table, sheet.rules, sheet.frame),
        *name_rules(sheet.table, sheet.rules, {sheet.name: sheet.frame}),
    ]
    rules += [order_rule(sheet.table)] if sheet.rules.order else []
    ledger.judge(sheet.frame, rules, key=sheet.table.primary_key)
    _judge_keys(sheet, corpus.keys, {}, ledger)
    for word in sheet.rules.derived:
        if whole and word.table in stores and not ledger.failed("BS422", table=word.table):
            _judge_sum(sheet, word, corpus.counts.get((sheet.name, word.column), []), ledger)


def _judge_sum(sheet: Sheet, word: Derived, parts: list[pl.DataFrame], ledger: Ledger) -> None:
    empty = pl.DataFrame(schema={"_by": pl.String, "_value": pl.Int64})
    values = pl.concat([empty, *parts]).group_by("_by").agg(pl.col("_value").sum())
    frame, rule = derived_rule(sheet.table, word, values, sheet.frame)
    ledger.judge(frame, [rule], key=sheet.table.primary_key)


def _digested(sheet: Sheet, corpus: _Corpus) -> None:
    """Feed the logical hash of a table with its next rows."""
    if corpus.digests is None:
        return
    arrow = sheet.frame.to_arrow()
    digest = corpus.digests.setdefault(sheet.name, Digest(arrow.schema))
    for batch in arrow.to_batches():
        digest.update(batch)


def _compare_digest(store: Store, digest: Digest, ledger: Ledger) -> None:
    declared = store.resource.facts.get("logicalHash")
    found = f"sha256:{digest.hexdigest()}"
    if (
        declared is not None
        and declared != found
        and not ledger.failed("BS520", "BS521", "BS524", table=store.resource.name)
    ):
        message = f"{store.resource.name}: logicalHash of the rows is {found}; the descriptor says {declared}"
        ledger.add("BS526", message, "build the package again: broadsheet build", table=store.resource.name)


def _empty(stores: Mapping[str, Store], ledger: Ledger) -> None:
    if "documents" in stores and stores["documents"].rows:
        for name in sorted(n for n, s in stores.items() if not s.rows):
            message = f"{name}: no rows, and {stores['documents'].rows} articles"
            ledger.add("BS423", message, "look whether the articles really have none", table=name)
