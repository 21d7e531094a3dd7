"""The last layers: every value, key, link and span, one bucket of articles at a time.

Row group i of every table that is bound to articles has the rows of the same articles, so a bucket is judged by itself
and memory is set by the largest. What belongs to the whole corpus (entities, the copies of articles) is kept as keys
and counts and judged at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import polars as pl

from broadsheet.checks.claim_entities import with_counts, with_spans
from broadsheet.checks.claim_links import with_contents
from broadsheet.checks.claim_parts import with_parts
from broadsheet.checks.derived import contribution, derived_rule, ordinal_rules
from broadsheet.checks.equals import equal_rules, with_equals
from broadsheet.checks.forms import form_rules
from broadsheet.checks.joins import linked
from broadsheet.checks.keys import dangling_rules, first_rules, misplaced, order_rule, proven, repeated_rules
from broadsheet.checks.named_rules import named_rules
from broadsheet.checks.neighbours import with_neighbours
from broadsheet.checks.parquet_footers import RowGroup, Store
from broadsheet.checks.row_groups import Bucket, TableBucket, read
from broadsheet.checks.row_rules import constraint_rules, hygiene_rules, row_rules
from broadsheet.checks.rule_language import Derived, block_of
from broadsheet.checks.rules import Collector, Rule, shown
from broadsheet.checks.spans import COVER, Texts, inside_rules, span_rules, texts, with_home, with_words
from broadsheet.schema.logical_hash import Digest

__all__ = ["judge_rows"]

Keys = dict[tuple[str, str], pl.Series]  # the values of a key column, by table and column
COMPARED_WITH_OTHERS: Final[Mapping[str, Callable[[TableBucket, Bucket], pl.DataFrame]]] = MappingProxyType(
    {"mentions": with_neighbours, "claims": with_parts, "claim_spans": with_counts, "claim_entities": with_spans}
)
MAY_BE_EMPTY: Final = frozenset({"claim_links"})
TEXTUAL: Final = {"BS402", "BS430", "BS431"}  # a paragraph differs from its article


@dataclass(slots=True)
class _Carried:
    """What is carried from bucket to bucket: keys of whole tables, and counts that add up."""

    keys: Keys = field(default_factory=dict)
    repeats: dict[str, pl.Series] = field(default_factory=dict)
    counts: dict[tuple[str, str], list[pl.DataFrame]] = field(default_factory=dict)
    digests: dict[str, Digest] | None = None  # the logical hashes so far, where these are asked for


def judge_rows(stores: Mapping[str, Store], collector: Collector, *, in_step: bool, hashed: bool) -> None:
    """Judge all rows. `in_step`: row group i of every bound table has the rows of the same articles.

    `hashed`: compare the logical hashes too.
    """
    carried = _Carried(digests={} if hashed else None)
    bound = {name: store.groups for name, store in stores.items() if store.resource.table.document}
    whole = _read({name: store.groups for name, store in stores.items() if name not in bound}, stores, collector)
    carried.keys |= _keys(whole)
    _feed_digests(whole, carried)
    if "documents" in bound:
        _keep_article_keys(stores["documents"], carried)
    if "claim_links" in whole:
        carried.keys |= _claim_ids(stores)
        whole["claim_links"] = whole["claim_links"].with_frame(with_contents(whole["claim_links"], stores))
    buckets = _buckets(bound, in_step=in_step)
    for number, some in enumerate(buckets):
        tables = _read(some, stores, collector)
        _feed_digests(tables, carried)
        _judge_bucket(_Bucket(linked(tables), whole, carried, collector), number, len(buckets))
    _judge_corpus(whole, carried, collector, stores)
    _compare_digests(stores, carried.digests or {}, collector)
    _report_empty(stores, collector)


def _read(
    groups: Mapping[str, tuple[RowGroup, ...]], stores: Mapping[str, Store], collector: Collector
) -> dict[str, TableBucket]:
    """Return the rows of some row groups by table, without those that cannot be read."""
    found = {name: read(stores[name], some, collector) for name, some in groups.items()}
    return {name: rows for name, rows in found.items() if rows}


def _keys(bucket: Mapping[str, TableBucket]) -> Keys:
    return {(name, column): rows.frame[column] for name, rows in bucket.items() for column in rows.table.primary_key}


def _keep_article_keys(store: Store, carried: _Carried) -> None:
    """Keep the keys of all articles, and of those that repeat another one: these pointers cross buckets."""
    table, block = store.resource.table, block_of(store.resource.table)
    key, paths = table.primary_key[0], dict.fromkeys(group.path for group in store.groups)
    scans = [pl.scan_parquet(path, glob=False).select(key, *block.first) for path in paths]
    try:
        frame = pl.concat(scans).collect() if scans else None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return  # reported when the rows are read
    if frame is not None:
        carried.keys[table.name, key] = frame[key]
        carried.repeats = _repeats(frame, key, block.first)


def _claim_ids(stores: Mapping[str, Store]) -> Keys:
    """Return the keys of all claims, which links between articles need."""
    paths = dict.fromkeys(group.path for group in stores["claims"].groups) if "claims" in stores else {}
    try:
        found = pl.concat([pl.scan_parquet(path, glob=False).select("claim_id") for path in paths]).collect()
    except (ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return {}  # reported when the rows are read
    return {("claims", "claim_id"): found["claim_id"]}


def _repeats(frame: pl.DataFrame, key: str, columns: list[str]) -> dict[str, pl.Series]:
    """Return by column the keys of the rows in which it points at another row."""
    return {column: frame.filter(pl.col(column).is_not_null())[key] for column in columns}


def _buckets(groups: dict[str, tuple[RowGroup, ...]], *, in_step: bool) -> list[dict[str, tuple[RowGroup, ...]]]:
    """Return the row groups of every bucket; all are one bucket where they are not in step."""
    if not in_step:
        return [groups]
    count = max(len(some) for some in groups.values())
    return [{name: some[n : n + 1] for name, some in groups.items()} for n in range(count)]


@dataclass(frozen=True, slots=True)
class _Bucket:
    """The rows of some articles in every table, and what is known of the corpus."""

    tables: dict[str, TableBucket]
    whole: Mapping[str, TableBucket]
    carried: _Carried
    collector: Collector


def _judge_bucket(bucket: _Bucket, number: int, buckets: int) -> None:
    """Judge a bucket, the paragraphs first: where these differ from their article, what follows is not reported."""
    articles = texts(bucket.tables.get("documents"))
    spared: list[str] = []
    for rows in sorted(bucket.tables.values(), key=lambda rows: COVER not in rows.block.rules):
        _judge(rows, _local(rows, articles), bucket.collector)
        if rows.name == "documents" and buckets > 1:
            _judge(rows, [misplaced(rows.table, rows.frame, number, buckets)], bucket.collector)
        compared, rules = _compared(rows, articles, bucket, spared)
        failed = _judge(compared, rules, bucket.collector)
        if COVER in rows.block.rules and failed & TEXTUAL:
            spared = _differing(compared, [rule.bad for rule in rules if rule.code in TEXTUAL])
        bucket.tables[rows.name] = compared
        _judge_keys(rows, _parents(rows, bucket), _repeating(rows, bucket.carried), bucket.collector)
        _judge_counts(rows, bucket)
    _add_counts(bucket)


def _judge(rows: TableBucket, rules: list[Rule], collector: Collector) -> set[str]:
    return collector.judge(rows.frame, rules, key=rows.table.primary_key, first=rows.first)


def _local(rows: TableBucket, articles: Texts | None) -> list[Rule]:
    """Return the rules that look at one row, or at the row before it."""
    unusual = articles.letters.characters if articles and rows.name == "documents" else None
    rules = [*constraint_rules(rows.table), *row_rules(rows.table, rows.block)]
    rules += hygiene_rules(rows.table, rows.block, rows.frame, unusual)
    rules += form_rules(rows.table, rows.block, rows.frame)
    return [*rules, order_rule(rows.table)] if rows.block.order else rules


def _compared(
    rows: TableBucket, articles: Texts | None, bucket: _Bucket, spared: list[str]
) -> tuple[TableBucket, list[Rule]]:
    """Return rows with the texts, paragraphs and spans they are compared with, and the rules that compare them."""
    table, block = rows.table, rows.block
    ordered = not bucket.collector.failed("BS421", table=rows.name)
    found = list(ordinal_rules(table, block, rows.frame)) if ordered else []
    frame = with_home(rows.frame, table, block, bucket.tables)
    if articles is not None and block.span:
        frame = with_words(frame, table, block, articles, bucket.tables)
    others = {**bucket.whole, **bucket.tables}
    compared = with_equals(rows.with_frame(frame), others)
    if rows.name in COMPARED_WITH_OTHERS:
        compared = rows.with_frame(COMPARED_WITH_OTHERS[rows.name](compared, others))
    columns = compared.frame.columns
    found += [*span_rules(table, block, columns, spared), *inside_rules(table, block, columns, spared)]
    found += equal_rules(compared)
    return compared, found + [rule for rule in named_rules(compared) if ordered or rule.code != "BS431"]


def _differing(rows: TableBucket, wrong: list[pl.Expr]) -> list[str]:
    """Return the articles in which a row is wrong."""
    documents = rows.frame.filter(pl.any_horizontal(wrong))[rows.table.document or ""]
    return documents.drop_nulls().unique().sort().to_list()


def _parents(rows: TableBucket, bucket: _Bucket) -> Keys:
    """Return the keys that rows of a table may point at: of the bucket, but for articles that point at articles."""
    own = _keys(bucket.tables)
    return own | bucket.carried.keys if rows.name == "documents" else bucket.carried.keys | own


def _repeating(rows: TableBucket, carried: _Carried) -> Mapping[str, pl.Series]:
    if rows.name == "documents" or not rows.block.first:
        return carried.repeats
    return _repeats(rows.frame, rows.table.primary_key[0], rows.block.first)


def _judge_keys(rows: TableBucket, parents: Keys, repeats: Mapping[str, pl.Series], collector: Collector) -> None:
    known = [column for column in rows.block.first if column in repeats]
    rules = [*dangling_rules(rows.table, rows.frame, parents)]
    rules += first_rules(rows.table, known, rows.frame, repeats)
    unique = proven(rows.table, rows.block, rows.frame, collector)
    rules += [rule for rule in repeated_rules(rows.table) if not unique or rule.code != "BS420"]
    _judge(rows, rules, collector)


# --- counts and sums over other tables ----------------------------------------------------------------------------


def _judge_counts(rows: TableBucket, bucket: _Bucket) -> None:
    """Judge the counts of an article's own rows, where these are sound."""
    for entry in rows.block.derived:
        other = bucket.tables.get(entry.table)
        if other is not None and not bucket.collector.failed("BS422", "BS436", table=entry.table):
            frame, rule = derived_rule(rows.table, entry, contribution(entry, other.frame), rows.frame)
            _judge(rows.with_frame(frame), [rule], bucket.collector)


def _add_counts(bucket: _Bucket) -> None:
    """Keep what the rows of a bucket add to the counts of tables of the whole corpus."""
    entries = [(name, entry) for name, rows in bucket.whole.items() for entry in rows.block.derived]
    for name, entry in entries:
        if entry.table in bucket.tables:
            counted = contribution(entry, bucket.tables[entry.table].frame)
            bucket.carried.counts.setdefault((name, entry.column), []).append(counted)


def _judge_corpus(
    whole: Mapping[str, TableBucket], carried: _Carried, collector: Collector, stores: Mapping[str, Store]
) -> None:
    """Judge the tables of the whole corpus; their counts only where every table could be read."""
    counted = set() if collector.failed("BS520", "BS521") else {*stores}
    for rows in whole.values():
        _judge_whole(rows, carried, collector, counted)


def _judge_whole(rows: TableBucket, carried: _Carried, collector: Collector, counted: set[str]) -> None:
    """Judge a table of the whole corpus, in one frame; `counted` are the tables that were read in full."""
    _judge(rows, [*_local(rows, None), *named_rules(rows)], collector)
    _judge_keys(rows, carried.keys, {}, collector)
    for entry in rows.block.derived:
        if entry.table in counted and not collector.failed("BS422", table=entry.table):
            _judge_sum(rows, entry, carried.counts.get((rows.name, entry.column), []), collector)


def _judge_sum(rows: TableBucket, entry: Derived, parts: list[pl.DataFrame], collector: Collector) -> None:
    empty = pl.DataFrame(schema={"_by": pl.String, "_value": pl.Int64})
    values = pl.concat([empty, *parts]).group_by("_by").agg(pl.col("_value").sum())
    frame, rule = derived_rule(rows.table, entry, values, rows.frame)
    _judge(rows.with_frame(frame), [rule], collector)


# --- the whole package ---------------------------------------------------------------------------------------------


def _feed_digests(tables: Mapping[str, TableBucket], carried: _Carried) -> None:
    """Feed the logical hash of each table with its next rows, where these hashes are asked for."""
    if carried.digests is None:
        return
    for name, rows in tables.items():
        arrow = rows.frame.to_arrow()
        digest = carried.digests.setdefault(name, Digest(arrow.schema))
        for batch in arrow.to_batches():
            digest.update(batch)


def _compare_digests(stores: Mapping[str, Store], digests: Mapping[str, Digest], collector: Collector) -> None:
    """Compare the logical hash of every table that was read in full with the one that the descriptor names."""
    for name, digest in digests.items():
        declared, found = stores[name].resource.facts.get("logicalHash"), f"sha256:{digest.hexdigest()}"
        if declared not in (None, found) and not collector.failed("BS520", "BS521", "BS524", table=name):
            message = f"{name}: logicalHash of the rows is {found}"
            repair = "build the package again: broadsheet build"
            collector.add("BS526", message, repair, table=name, expected=shown(declared), found=found)


def _report_empty(stores: Mapping[str, Store], collector: Collector) -> None:
    articles = stores["documents"].rows if "documents" in stores else 0
    if not articles:
        return
    for name in sorted({name for name, store in stores.items() if not store.rows} - MAY_BE_EMPTY):
        message = f"{name}: no rows, and {articles} articles"
        collector.add("BS423", message, "check whether the articles really have none", table=name, found="0 rows")
