"""What people decided about entities: `corrections/entities.csv`, one decision a row.

| action | entity | value |
|---|---|---|
| `name` | an entity | the name it is to have |
| `retype` | an entity | its type |
| `merge` | an entity | the entity it is a part of |
| `split` | a surface form, in `document_id` or everywhere | the name of the entity of its own that it becomes |
| `link` | a surface form, in `document_id` or everywhere | the entity it belongs to |
| `wikidata` | an entity | its Wikidata item |

An entity is named by its id, or by any form under which it appears. Decisions act in the order split, link, merge,
retype, name, wikidata, whatever the order of the rows.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from broadsheet import ids
from broadsheet.extraction.surfaces import fold
from broadsheet.findings import finding
from broadsheet.model import Decision, Entity, Finding, LinkedBy

__all__ = ["ACTIONS", "COLUMNS", "Draft", "apply", "freeze", "read_decisions"]

COLUMNS = ("action", "entity", "document_id", "value", "reason", "author", "date")
ACTIONS = ("split", "link", "merge", "retype", "name", "wikidata")
_TYPES = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC", "EVENT", "PRODUCT"})
_FILE = "corrections/entities.csv"


@dataclass(slots=True)
class Draft:
    """An entity in the making: name, type, and the clusters that are its mentions."""

    name: str
    type: str
    names: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    members: dict[tuple[str, int], LinkedBy | None] = field(default_factory=dict)
    called: dict[tuple[str, int], str] = field(default_factory=dict)
    wikidata_id: str | None = None


# --- the file --------------------------------------------------------------------------------------------


def read_decisions(path: Path) -> tuple[tuple[Decision, ...], tuple[Finding, ...]]:
    """Return the decisions in the folder `corrections/` (or in its `entities.csv`), and what is wrong with the others.

    A missing file holds no decision. Lines count from 1, the header included.
    """
    file = path / "entities.csv" if path.is_dir() else path
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return (), ()
    except (OSError, UnicodeDecodeError) as error:
        return (), (finding("BS300", f"{_FILE} cannot be read: {error}", "save it as CSV in UTF-8", path=_FILE),)
    decisions: list[Decision] = []
    findings: list[Finding] = []
    try:
        for row in _rows(text):
            (decisions if isinstance(row, Decision) else findings).append(row)  # type: ignore[arg-type]
    except csv.Error as error:
        findings.append(finding("BS300", f"{_FILE} is not CSV: {error}", "save it as CSV in UTF-8", path=_FILE))
    findings.extend(_contradictions(decisions))
    return tuple(decisions), tuple(findings)


def _rows(text: str) -> Iterator[Decision | Finding]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    header = next(reader, None)
    if header is None:
        return
    missing = [c for c in ("action", "entity", "value") if c not in header]
    if missing:
        yield finding(
            "BS300",
            f"{_FILE}:1: the column {missing[0]!r} is missing",
            f"let the first line be {','.join(COLUMNS)}",
            path=_FILE,
            line=1,
        )
        return
    line = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield _decision({c: v.strip() for c, v in zip(header, cells, strict=False)}, line)
        line = reader.line_num + 1


def _decision(row: dict[str, str], line: int) -> Decision | Finding:
    action, value = row.get("action", ""), row.get("value", "")
    if action not in ACTIONS:
        return _wrong("BS301", f"the action is {action!r}", f"use one of {', '.join(ACTIONS)}", line)
    if not row.get("entity") or not value:
        empty = "value" if row.get("entity") else "entity"
        return _wrong("BS304", f"{empty} is empty", "fill it in, or delete the row", line)
    if action == "retype" and value not in _TYPES:
        return _wrong("BS304", f"the type is {value!r}", f"use one of {', '.join(sorted(_TYPES))}", line)
    if action == "wikidata" and not (value[:1] == "Q" and value[1:].isdecimal() and value.isascii()):
        return _wrong("BS304", f"the Wikidata item is {value!r}", "write it like Q42", line)
    try:
        date = dt.date.fromisoformat(row["date"]) if row.get("date") else None
    except ValueError:
        return _wrong("BS304", f"the date is {row['date']!r}", "write it like 2026-01-31", line)
    values = {"entity": row["entity"], "value": value}
    reason, author = row.get("reason", ""), row.get("author", "")
    return Decision(_FILE, line, action, row.get("document_id") or None, values, reason, author, date)


def _wrong(code: str, what: str, repair: str, line: int) -> Finding:
    return finding(code, f"{_FILE}:{line}: {what}", repair, path=_FILE, line=line)


def _contradictions(decisions: Iterable[Decision]) -> Iterator[Finding]:
    first: dict[tuple[str, str, str | None], Decision] = {}
    for one in decisions:
        earlier = first.setdefault((one.action, fold(one.values["entity"]), one.document_id), one)
        if earlier.values["value"] != one.values["value"]:
            yield _wrong(
                "BS303",
                f"{one.action} of {one.values['entity']!r} is {one.values['value']!r}, "
                f"line {earlier.line} says {earlier.values['value']!r}",
                "keep one of the two rows",
                one.line,
            )


def freeze(entities: Iterable[Entity], decisions: Sequence[Decision] = ()) -> str:
    """Return the decisions there are, and the names and types of entities as they are now, as CSV.

    What was decided stays as it stands, in its order; below come, by id, the rows that no decision has yet.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for one in decisions:
        date = one.date.isoformat() if one.date else ""
        place = (one.values["entity"], one.document_id or "", one.values["value"])
        writer.writerow((one.action, *place, one.reason, one.author, date))
    known = {(one.action, one.values["entity"]) for one in decisions}
    for entity in sorted(entities, key=lambda e: e.entity_id):
        for action, value in (("name", entity.name), ("retype", entity.type), ("wikidata", entity.wikidata_id)):
            if value and (action, entity.entity_id) not in known:
                writer.writerow((action, entity.entity_id, "", value, "frozen", "", ""))
    return out.getvalue()


# --- what they do ----------------------------------------------------------------------------------------


def apply(drafts: list[Draft], decisions: Sequence[Decision]) -> tuple[list[Draft], tuple[Finding, ...]]:
    """Return the entities after the decisions, and a finding for each decision about nothing that is there."""
    if not decisions:
        return drafts, ()
    desk = _Desk(drafts, decisions)
    findings = []
    done: set[tuple[str, str, str | None]] = set()
    for one in sorted(decisions, key=lambda d: (ACTIONS.index(d.action), d.document_id is None, d.path, d.line)):
        key = (one.action, fold(one.values["entity"]), one.document_id)
        if key in done:
            continue
        done.add(key)
        gone = desk.act(one)
        if gone:
            findings.append(
                _wrong(
                    "BS302",
                    f"nothing in the corpus is called {gone!r}",
                    "correct the name, or delete the row",
                    one.line,
                )
            )
    return desk.finished(), tuple(findings)


class _Desk:
    """The drafts while decisions are carried out, with an index of what each is called."""

    def __init__(self, drafts: list[Draft], decisions: Sequence[Decision]) -> None:
        self.drafts = list(drafts)
        # A decided name is a reference too: what was frozen after it was decided speaks of it.
        names = [(d.values["entity"], ids.slug(d.values["value"])) for d in decisions if d.action == "name"]
        self.renamed = {slug: entity for entity, slug in reversed(names) if not entity.startswith(f"{slug}.")}
        self._index()

    def _index(self) -> None:
        self.by_id = {ids.entity_id(d.name, d.type): d for d in self.drafts}
        self.by_form: dict[str, list[Draft]] = {}
        for draft in self.drafts:
            for form in sorted({*draft.forms, *draft.names, draft.name}):
                for key in {f"{ids.slug(form)}.{draft.type.lower()}", ids.slug(form), fold(form)}:
                    holders = self.by_form.setdefault(key, [])
                    if draft not in holders:
                        holders.append(draft)

    def find(self, reference: str) -> Draft | None:
        """Return the entity with an id, or the one (of several, the most mentioned) with a form or a decided name."""
        for _ in range(len(self.renamed) + 1):
            found = self.by_id.get(reference) or self._called(reference)
            slug = ids.slug(reference.rpartition(".")[0] or reference)
            if found or slug not in self.renamed:
                return found
            reference = self.renamed[slug]
        return None

    def _called(self, reference: str) -> Draft | None:
        for key in (reference, fold(reference), reference.rpartition(".")[0]):
            if self.by_form.get(key):
                return max(self.by_form[key], key=lambda d: (d.forms.total(), d.name))
        return None

    def act(self, one: Decision) -> str | None:
        """Carry out a decision; return the reference that names nothing, if any."""
        entity, value = one.values["entity"], one.values["value"]
        draft = self.find(entity)
        if draft is None:
            return entity
        if one.action in {"split", "link"}:
            return self._move(draft, one)
        if one.action == "merge":
            return self._merge(draft, value)
        if one.action == "retype":
            draft.type = value
        elif one.action == "name":
            draft.name = value
        else:
            draft.wikidata_id = value
        return None

    def _merge(self, draft: Draft, value: str) -> str | None:
        target = self.find(value)
        if target is None:
            return value
        if target is not draft:
            _take(target, draft, list(draft.members))
            self.drafts.remove(draft)
            self._index()
        return None

    def _move(self, draft: Draft, one: Decision) -> str | None:
        entity, value = one.values["entity"], one.values["value"]
        moved = [m for m in draft.members if one.document_id in {None, m[0]} and _is_called(draft, m, entity)]
        if not moved:
            return entity
        target = self.find(value) if one.action == "link" else None
        if one.action == "link" and target is None:
            return value
        if target is None:
            target = Draft(value, draft.type)
            self.drafts.append(target)
        if target is not draft:
            _take(target, draft, moved)
            self.drafts = [d for d in self.drafts if d.members]
            self._index()
        return None

    def finished(self) -> list[Draft]:
        """Return the drafts, those with one id made one."""
        found: dict[str, Draft] = {}
        for draft in self.drafts:
            target = found.setdefault(ids.entity_id(draft.name, draft.type), draft)
            if target is not draft:
                _take(target, draft, list(draft.members))
        return list(found.values())


def _is_called(draft: Draft, member: tuple[str, int], reference: str) -> bool:
    name = draft.called[member]
    return reference in {name, ids.entity_id(draft.name, draft.type)} or fold(reference) == fold(name)


def _take(target: Draft, source: Draft, members: list[tuple[str, int]]) -> None:
    for member in members:
        target.called[member] = source.called.pop(member)
        del source.members[member]
        target.members[member] = "correction"
        target.names[target.called[member]] += 1
        target.forms[target.called[member]] += 1
    target.wikidata_id = target.wikidata_id or source.wikidata_id
