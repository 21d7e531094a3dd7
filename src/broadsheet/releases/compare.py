"""What changed between two packages: rows and cells by key, pairs that only moved, columns, and why.

Columns are read and compared one at a time, so that memory is set by the widest column, not by the table; the join is
on the keys alone. Comparison is exact (no row hashes): two nulls are equal, two NaN are equal, 0.0 and -0.0 are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, Final, Literal

import numpy as np
import polars as pl
import pyarrow as pa

from broadsheet import ids
from broadsheet.errors import ReleaseError
from broadsheet.releases.rights import Files
from broadsheet.releases.versions import SchemaChange, Step, largest, schema_changes
from broadsheet.schema import Schemas, Table
from broadsheet.schema.foreign import applied
from broadsheet.storage.parquet_sizes import judged

__all__ = ["CAUSES", "Changes", "DiffSide", "TableChanges", "apply", "compare"]

Cause = Literal[
    "new-article", "article-removed", "source-changed", "schema-changed", "tool-changed", "correction", "corpus"
]
CAUSES: Final[Mapping[str, str]] = {
    "new-article": "the article is new",
    "article-removed": "the article is gone",
    "source-changed": "the bytes of the article changed",
    "schema-changed": "the column is new or has another type",
    "tool-changed": "another version of a program or model read it",
    "correction": "a person decided it",
    "corpus": "other articles came or went, and who is who is decided over all",
}
VOLATILE: Final = frozenset(
    {"version", "created", "resources", "broadsheet"}
)  # of a descriptor: no metadata by themselves
VALUE: Final = "_column"  # a name no table has: columns start with a letter


_UNREADABLE: Final = (
    *(pl.exceptions.PolarsError, pl.exceptions.PanicException),
    *(pa.ArrowException, OSError, ValueError),
)


@dataclass(frozen=True)
class DiffSide:
    """One of the two packages: descriptor, schemas and the Parquet files of every table."""

    descriptor: Mapping[str, Any]
    schemas: Schemas
    tables: Mapping[str, Files]
    _judged: dict[str, list[IO[bytes]]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def read(self, name: str, columns: Iterable[str], *, rows: int | None = None) -> pl.DataFrame:
        """Return some columns of a table, their first `rows` rows or all of them.

        Raises ReleaseError where there are none, or the file cannot be read.
        """
        if name not in self.tables:
            raise ReleaseError(f"the package has no table {name}", repair="name a package that broadsheet has written")
        try:
            if name not in self._judged:
                self._judged[name] = [judged(data) for data in self.tables[name]]
            for file in self._judged[name]:
                file.seek(0)
            return pl.read_parquet(self._judged[name], columns=list(columns), n_rows=rows)
        except _UNREADABLE as error:
            raise ReleaseError(
                f"table {name} cannot be read: {str(getattr(error, 'strerror', None) or error)[:200]}",
                repair="broadsheet verify says which file is damaged",
            ) from None


@dataclass(frozen=True)
class TableChanges:
    """What changed in one table.

    `added` has whole new rows, `removed` whole old rows; `cells` by column the keys with `old` and `new`; `filled` by
    column the keys with the value of a column that is new or has another type; `renamed` old name → new name; `moved`
    pairs a removed with an added row of the same words (`old`, `new`: keys; both are in `removed` and `added` too).
    """

    table: Table
    added: pl.DataFrame
    removed: pl.DataFrame
    moved: pl.DataFrame
    cells: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    filled: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)

    @property
    def cell_count(self) -> int:
        """Return how many cells changed."""
        return sum(frame.height for frame in self.cells.values())

    @property
    def changed(self) -> pl.DataFrame:
        """Return the keys of the rows in which a cell changed, each once."""
        key = list(self.table.primary_key)
        frames = [frame.select(key) for frame in self.cells.values()]
        return pl.concat(frames).unique(maintain_order=True) if frames else self.added.select(key).clear()

    @property
    def is_empty(self) -> bool:
        """Return whether no row and no cell changed."""
        return not (self.added.height or self.removed.height or self.cell_count)


@dataclass(frozen=True)
class Changes:
    """What changed between two packages. `causes` says why, by document; `otherwise` why for all the rest."""

    tables: Mapping[str, TableChanges]
    schema: tuple[SchemaChange, ...]
    metadata: tuple[str, ...]
    causes: Mapping[str, Cause]
    otherwise: Cause
    versions: tuple[str, str]

    @property
    def step(self) -> Step:
        """Return the version step that follows: major, minor, patch or none."""
        return largest([*(change.step for change in self.schema), *self._steps()])

    def _steps(self) -> Iterable[Step]:
        yield "patch" if self.metadata else "none"
        for name, changes in self.tables.items():
            if changes.removed.height and name in {"documents", "entities"}:
                yield "major"
            if changes.added.height or changes.removed.height:
                yield "minor"
            if changes.cell_count:
                yield "patch"

    @property
    def corpus_cause(self) -> Cause:
        """Return why a row that belongs to no article alone (an entity) changed."""
        found = set(self.causes.values())
        order: tuple[Cause, ...] = ("new-article", "article-removed", "source-changed")
        return next((cause for cause in order if cause in found), self.otherwise)


# --- comparing --------------------------------------------------------------------------------------------------------


def compare(old: DiffSide, new: DiffSide) -> Changes:
    """Return what changed. Raises ReleaseError where a table has a key twice, naming the keys.

    The texts of documents that either side withholds are not compared. Raises SchemaError where a schema of one of the
    sides cannot be applied to its columns.
    """
    with applied([*old.schemas, *new.schemas]):
        return _changes(old, new)


def _changes(old: DiffSide, new: DiffSide) -> Changes:
    hidden = _withheld(old) | _withheld(new)
    both = [t for t in new.schemas if t.name in old.schemas.tables]
    tables = {t.name: _table(old, new, t, hidden) for t in both}
    renames = {name: changes.renamed for name, changes in tables.items()}
    causes = _causes(tables.get("documents"), _decided(old, new))
    return Changes(
        tables,
        schema_changes(old.schemas, new.schemas, renames),
        _metadata(old.descriptor, new.descriptor),
        causes,
        _otherwise(old, new, causes),
        (str(old.descriptor.get("version", "")), str(new.descriptor.get("version", ""))),
    )


def _withheld(side: DiffSide) -> frozenset[str]:
    if "documents" not in side.tables or "text_status" not in side.schemas["documents"].columns:
        return frozenset()
    frame = side.read("documents", ["document_id", "text_status"])
    return frozenset(frame.filter(pl.col("text_status") == "withheld")["document_id"])


def _table(old: DiffSide, new: DiffSide, table: Table, hidden: frozenset[str]) -> TableChanges:
    before = old.schemas[table.name]
    renamed = _renamed_keys(before, table)
    if not set(table.primary_key) <= {renamed.get(c, c) for c in before.columns}:
        return _replaced(old, new, table)
    back = {v: k for k, v in renamed.items()}
    key = list(table.primary_key)
    lost = old.read(table.name, [back.get(c, c) for c in key]).rename({back[c]: c for c in key if c in back})
    ours = new.read(table.name, key).select(key)
    lost = lost.select(key)
    same = _aligned(lost, ours, table)
    del lost, ours
    renamed |= _renamed(old, new, table, same)
    return _columns(old, new, table, same, renamed=renamed, hidden=hidden)


def _replaced(old: DiffSide, new: DiffSide, table: Table) -> TableChanges:
    """No key in common: every row is another one."""
    added, removed = new.read(table.name, table.columns), old.read(table.name, old.schemas[table.name].columns)
    return TableChanges(table, added, removed, _pairs(removed.clear(), added.clear(), table))


@dataclass(frozen=True)
class _Aligned:
    """Row numbers: the same key is at `old[i]` and `new[i]`; `gone` only in OLD, `come` only in NEW.

    `keys` are those of the common rows, in the order of NEW.
    """

    keys: pl.DataFrame
    old: pl.Series
    new: pl.Series
    gone: pl.Series
    come: pl.Series


def _aligned(lost: pl.DataFrame, ours: pl.DataFrame, table: Table) -> _Aligned:
    """Join the keys. Raises ReleaseError where a side has one twice."""
    key = list(table.primary_key)
    left = lost.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("_old"))
    right = ours.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).alias("_new"))
    pairs = right.join(left, on=key, how="inner", maintain_order="left")
    rests = _rest(lost.height, pairs["_old"]), _rest(ours.height, pairs["_new"])
    same = _Aligned(pairs.select(key), pairs["_old"], pairs["_new"], *rests)
    # a key that occurs twice takes more pairs than rows if the other side has it, and is among the rest if not
    for frame, rest in ((lost, same.gone), (ours, same.come)):
        if rest.len() + pairs.height != frame.height or frame[rest.cast(pl.UInt32)].n_unique() != rest.len():
            _refuse_duplicates(lost, table, "OLD")
            _refuse_duplicates(ours, table, "NEW")
    return same


def _rest(height: int, taken: pl.Series) -> pl.Series:
    free = np.ones(height, dtype=bool)
    free[taken.to_numpy()] = False
    return pl.Series(np.flatnonzero(free).astype(np.uint32))


def _refuse_duplicates(keys: pl.DataFrame, table: Table, side: str) -> None:
    twice = keys.filter(keys.is_duplicated()).unique(maintain_order=True)
    if not twice.height:
        return
    names = "; ".join(", ".join(str(v)[:80] for v in row) for row in twice.head(5).iter_rows())
    raise ReleaseError(
        f"{side}: table {table.name}: {twice.height} keys stand more than once: {names}",
        repair="a diff needs keys that are unique: broadsheet validate says where they stand",
    )


def _columns(
    old: DiffSide,
    new: DiffSide,
    table: Table,
    same: _Aligned,
    *,
    renamed: dict[str, str],
    hidden: frozenset[str],
) -> TableChanges:
    """Go through the columns one at a time; keep of each what was added, removed and changed."""
    before, old_names = old.schemas[table.name], {ours: theirs for theirs, ours in renamed.items()}
    cells, filled = {}, {}
    hidden_rows = _hidden_rows(new, table, same, hidden)
    for column in _compared(table) if same.keys.height else ():
        values = new.read(table.name, [column])[column].gather(same.new)
        earlier = _earlier(old, before, old_names.get(column, column), same)
        if earlier is None or earlier.dtype != values.dtype:
            filled[column] = same.keys.with_columns(values.alias(VALUE))
        else:
            cells[column] = _changed(same.keys, earlier, values, hidden_rows if column == "text" else None)
    gone, come = _gathered(old, before, same.gone), _gathered(new, table, same.come)
    changed = {column: frame for column, frame in cells.items() if frame.height}
    return TableChanges(table, come, gone, _pairs(gone.rename(renamed), come, table), changed, filled, renamed)


def _compared(table: Table) -> list[str]:
    return [column for column in table.columns if column not in table.primary_key]


def _gathered(side: DiffSide, table: Table, rows: pl.Series) -> pl.DataFrame:
    """Return some rows of a table, read one column at a time."""
    if rows.is_empty():
        return side.read(table.name, table.columns, rows=0)
    return pl.DataFrame({column: side.read(table.name, [column])[column].gather(rows) for column in table.columns})


def _earlier(old: DiffSide, before: Table, name: str, same: _Aligned) -> pl.Series | None:
    """Return the old values of a column in the common rows, None where there was no such column."""
    return old.read(before.name, [name])[name].gather(same.old) if name in before.columns else None


def _changed(keys: pl.DataFrame, old: pl.Series, new: pl.Series, hidden: pl.Series | None) -> pl.DataFrame:
    """Return the keys where two columns differ, with the old and the new value."""
    differs = _differs(old, new) if hidden is None else _differs(old, new) & ~hidden
    rows = differs.arg_true()
    return keys[rows].with_columns(old.gather(rows).alias("old"), new.gather(rows).alias("new"))


def _hidden_rows(new: DiffSide, table: Table, same: _Aligned, hidden: frozenset[str]) -> pl.Series | None:
    """Return which of the common rows belong to documents whose texts are withheld, None where none is."""
    if not hidden or table.name not in {"documents", "paragraphs"}:
        return None
    return new.read(table.name, ["document_id"])["document_id"].gather(same.new).is_in(sorted(hidden))


def _differs(old: pl.Series, new: pl.Series) -> pl.Series:
    if old.dtype.is_float():
        pairs = zip((old.to_numpy(), new.to_numpy()), (old, new), strict=True)
        signs = [np.signbit(values) & ~series.is_null().to_numpy() & (values == 0) for values, series in pairs]
        return old.ne_missing(new) | pl.Series(signs[0] != signs[1])
    return old.ne_missing(new)


def _renamed_keys(before: Table, after: Table) -> dict[str, str]:
    """Take a key column that is gone for the one that is new at its place in the key."""
    pairs = zip(before.primary_key, after.primary_key, strict=False)
    return {o: n for o, n in pairs if o != n and o not in after.columns and n not in before.columns}


def _renamed(old: DiffSide, new: DiffSide, table: Table, same: _Aligned) -> dict[str, str]:
    """Pair a column that is gone with a new one that has the same values, not all of them null."""
    before, found = old.schemas[table.name], dict[str, str]()
    gone, left = _columns_only_in(before, table), _columns_only_in(table, before)
    for theirs in gone if same.old.len() else []:
        values = old.read(table.name, [theirs])[theirs].gather(same.old)
        ours = _column_with(values, new, table, left, same) if values.null_count() < values.len() else None
        if ours is not None:
            found[theirs] = ours
            left.remove(ours)
    return found


def _columns_only_in(table: Table, other: Table) -> list[str]:
    return [column for column in table.columns if column not in {*other.columns, *table.primary_key}]


def _column_with(values: pl.Series, new: DiffSide, table: Table, columns: list[str], same: _Aligned) -> str | None:
    """Return the first of some columns that has these values in the common rows."""
    read = ((column, new.read(table.name, [column])[column].gather(same.new)) for column in columns)
    return next((column for column, theirs in read if _equal(values, theirs)), None)


def _equal(one: pl.Series, two: pl.Series) -> bool:
    return one.dtype == two.dtype and not one.ne_missing(two).any()


# --- moved ------------------------------------------------------------------------------------------------------------


def _words(table: Table) -> list[str]:
    """Return the columns with the words of a row of spans; none for a table without spans."""
    span = table.rules.get("span")
    if not span:
        return []
    texts = [column for column in table.columns if column.endswith("_text")]
    words = [span["text"]] if "text" in span else texts
    closed = {field.name for field in table.fields if "enum" in field.constraints}
    parts = sorted(closed.intersection(table.primary_key), key=table.columns.index)
    return [*parts, *words]


def _pairs(removed: pl.DataFrame, added: pl.DataFrame, table: Table) -> pl.DataFrame:
    """Pair removed and added rows of one article that have the same words: they only moved."""
    words, key = _words(table), list(table.primary_key)
    empty = pl.DataFrame(schema={"document_id": pl.String, "old": pl.String, "new": pl.String})
    by = [table.document, *words] if table.document else []
    if not words or not by or not set(by) <= set(removed.columns) & set(added.columns):
        return empty
    text = [w for w in words if w not in key]

    def numbered(frame: pl.DataFrame, name: str) -> pl.DataFrame:
        spoken = frame.filter(pl.any_horizontal(pl.col(text).is_not_null())).sort(table.order)
        label = pl.concat_str([pl.col(k).cast(pl.String) for k in key], separator=" ").alias(name)
        return spoken.select(*by, label, pl.int_range(pl.len()).over(by).alias("_nth"))

    if not set(key) <= set(removed.columns) or not set(table.order) <= set(removed.columns):
        return empty
    left, right = numbered(removed, "old"), numbered(added, "new")
    pairs = left.join(right, on=[*by, "_nth"], how="inner", nulls_equal=True, maintain_order="left")
    return pairs.select(pl.col(by[0]).alias("document_id"), "old", "new")


# --- why --------------------------------------------------------------------------------------------------------------


def _decided(old: DiffSide, new: DiffSide) -> list[str]:
    """Return the documents about which something else was decided, in order."""
    was, now = (_decisions(side).get("documents", {}) for side in (old, new))
    return sorted(d for d in was.keys() | now.keys() if was.get(d) != now.get(d))


def _decisions(side: DiffSide) -> Mapping[str, Any]:
    """Return the digests of the decisions a package was made with."""
    found: Mapping[str, Any] = side.descriptor.get("broadsheet", {}).get("decisions", {})
    return found


def _causes(documents: TableChanges | None, decided: Iterable[str]) -> dict[str, Cause]:
    if documents is None or "document_id" not in documents.removed.columns:
        return {}
    causes: dict[str, Cause] = dict.fromkeys(decided, "correction")
    causes |= dict.fromkeys(documents.removed["document_id"], "article-removed")
    causes |= dict.fromkeys(documents.added["document_id"], "new-article")
    source = documents.cells.get("source_sha256")
    return causes | (dict.fromkeys(source["document_id"], "source-changed") if source is not None else {})


def _otherwise(old: DiffSide, new: DiffSide, causes: Mapping[str, Cause]) -> Cause:
    """Say why rows of articles that are the same changed: the tool, else the other articles, else a person."""
    made = [side.descriptor.get("broadsheet", {}) for side in (old, new)]
    if any(made[0].get(name) != made[1].get(name) for name in ("libraries", "models")):
        return "tool-changed"
    if _decisions(old).get("corpus", "") != _decisions(new).get("corpus", ""):
        return "correction"
    return "corpus" if set(causes.values()) - {"correction"} else "correction"


def _metadata(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[str, ...]:
    names = sorted((old.keys() | new.keys()) - VOLATILE)
    return tuple(name for name in names if old.get(name) != new.get(name))


# --- applying ---------------------------------------------------------------------------------------------------------


def apply(old: Mapping[str, pl.DataFrame], changes: Changes) -> dict[str, pl.DataFrame]:
    """Return NEW from OLD and what changed, rows in the order of a build (tables that are new are not in it)."""
    found = {name: _applied(old[name], table) for name, table in changes.tables.items()}
    documents = found["documents"]["document_id"].to_list() if "documents" in found else []
    buckets = ids.bucket_count(len(documents))
    return {name: _sorted(frame, changes.tables[name].table, buckets) for name, frame in found.items()}


def _applied(old: pl.DataFrame, changes: TableChanges) -> pl.DataFrame:
    table, frame = changes.table, old.rename(dict(changes.renamed))
    key = list(table.primary_key)
    if not set(key) <= set(frame.columns):
        return changes.added
    removed = changes.removed.rename(dict(changes.renamed))
    frame = frame.join(removed.select(key), on=key, how="anti", maintain_order="left")
    for column, cells in changes.cells.items():
        edits = cells.select(*key, pl.col("new").alias(VALUE), pl.lit(value=True).alias("_edited"))
        value = pl.when(pl.col("_edited")).then(pl.col(VALUE)).otherwise(pl.col(column)).alias(column)
        frame = frame.join(edits, on=key, how="left", maintain_order="left").with_columns(value).drop(VALUE, "_edited")
    for column, values in changes.filled.items():
        kept = frame.drop(column, strict=False)
        frame = kept.join(values, on=key, how="left", maintain_order="left").rename({VALUE: column})
    return pl.concat([frame.select(table.columns).cast(dict(changes.added.schema)), changes.added])  # type: ignore[arg-type]


def _sorted(frame: pl.DataFrame, table: Table, buckets: int) -> pl.DataFrame:
    if buckets == 1 or not table.document:
        return frame.sort(table.order)
    names = frame[table.document].unique().to_list()
    place = pl.col(table.document).replace_strict({n: ids.bucket_of(n, buckets) for n in names}, return_dtype=pl.Int64)
    return frame.sort([place, *table.order])
