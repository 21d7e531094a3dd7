"""Reading the clusters of all articles, and adding up what those with one name say.

Clusters are dealt to parts by their folded names, and one part is in memory at a time. What they say is counted there.
"""

from __future__ import annotations

import zlib
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from broadsheet.extraction.lexicon.name_forms import fold
from broadsheet.extraction.linking.across_documents.corpus_clusters import PLACE, CorpusClusters, NameRecord
from broadsheet.extraction.linking.across_documents.keys import NodeKey, name_key
from broadsheet.extraction.overrides.entities import Decided
from broadsheet.extraction.votes import ORDER, elect
from broadsheet.model import Cluster, Extraction
from broadsheet.storage.columns import Words
from broadsheet.storage.number_rows import Integers
from broadsheet.storage.records import DealtRecords, Pair, SortedRecords

__all__ = ["gathered"]

_PARTS: Final = 64
_KINDS: Final = {kind: at for at, kind in enumerate(ORDER)}

Counts = tuple[tuple[str, int], ...]


def gathered(extractions: Iterable[Extraction], names: SortedRecords, folder: Path | None) -> CorpusClusters:
    """Return the articles of a corpus, which are read one after another and not kept.

    What the clusters with one name say is added to `names`, by the key of the name. Raises OSError where files in
    `folder` cannot be written.
    """
    with DealtRecords(folder, parts=_PARTS) as said, DealtRecords(folder, parts=_PARTS) as votes:
        corpus = _dealt(extractions, said, votes)
        for clusters, forms in zip(said, votes, strict=True):
            names.add(_added_up(_distinct(*clusters), *forms))
    return corpus


# --- dealing ----------------------------------------------------------------------------------------------------------


class _Said(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a cluster says, with its folded name. Most clusters of a large corpus say what another one says."""

    folded: str
    name: str
    forms: Counts
    votes: Counts
    aliases: tuple[str, ...]
    sex: str
    offices: tuple[str, ...]


_SAID: Final = msgspec.msgpack.Decoder(_Said)
_VOTE: Final = msgspec.msgpack.Decoder(tuple[str, str])
_written: Final = msgspec.msgpack.Encoder().encode


def _dealt(extractions: Iterable[Extraction], said: DealtRecords, votes: DealtRecords) -> CorpusClusters:
    """Deal all clusters, and the votes that they have for forms other than their names."""
    documents, first, decided = Words(), array("q", [0]), list[Decided]()
    for one in extractions:
        for at, cluster in enumerate(one.clusters):
            if cluster.decided:
                decided.append(((one.document_id, at), cluster, cluster.decided))
            else:
                _deal(cluster, first[-1] + at, said, votes)
        documents.append(one.document_id)
        first.append(first[-1] + len(one.clusters))
    return CorpusClusters(documents, first, decided)


def _deal(one: Cluster, number: int, said: DealtRecords, votes: DealtRecords) -> None:
    folded = fold(one.name)
    says = _written((folded, one.name, one.forms, one.votes, one.aliases, one.sex, one.offices))
    said.add(_part(folded), says, number)
    for form, count in one.forms:
        other = folded if form == one.name else fold(form)
        if other != folded:
            votes.add(_part(other), _written((other, _elected(one.votes))), count)


def _part(folded: str) -> int:
    return zlib.crc32(folded.encode()) % _PARTS


@lru_cache(maxsize=4096)
def _elected(votes: Counts) -> str:
    return elect(dict(votes))


# --- adding up --------------------------------------------------------------------------------------------------------


Distinct = tuple[_Said, Integers]  # what clusters say, and the numbers of those that say it


def _distinct(records: Sequence[bytes], numbers: Sequence[int]) -> list[Distinct]:
    known: dict[bytes, int] = {}
    which = np.array([known.setdefault(record, len(known)) for record in records], np.int64)
    places = np.array(numbers, PLACE)[np.argsort(which, kind="stable")]
    bounds = np.cumsum(np.bincount(which, minlength=len(known))).tolist()
    ends = pairwise([0, *bounds])
    return [(_SAID.decode(one), places[start:end]) for one, (start, end) in zip(known, ends, strict=True)]


def _added_up(clusters: Sequence[Distinct], forms: Sequence[bytes], counts: Sequence[int]) -> Iterator[Pair]:
    """Yield what the clusters with one name say together, with the key of the name."""
    votes = _votes(clusters, forms, counts)
    by_name: defaultdict[str, list[Distinct]] = defaultdict(list)
    for one in clusters:
        by_name[one[0].name].append(one)
    for name, alike in by_name.items():
        kind = _most(votes[alike[0][0].folded])
        key = name_key(name, kind)
        is_surname = kind == "PERSON" and " " not in name
        for (sex, office), those in _by_bearing(alike).items() if is_surname else ((("", ""), alike),):
            yield NodeKey(key, kind, sex, office).written(), _written(_record(name, those))


def _votes(clusters: Iterable[Distinct], forms: Sequence[bytes], counts: Sequence[int]) -> Mapping[str, Sequence[int]]:
    """Return how often each folded form was given each type, by the names and the forms of clusters.

    A surname gets the type of the full name it belongs to.
    """
    votes: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(ORDER))
    for said, places in clusters:
        row, times = votes[said.folded], len(places)
        for kind, count in said.votes:
            row[_KINDS[kind]] += times * count
        decided = _KINDS[_elected(said.votes)]
        for form, count in said.forms:
            if form == said.name or fold(form) == said.folded:
                row[decided] += times * count
    for vote, count in zip(forms, counts, strict=True):
        form, kind = _VOTE.decode(vote)
        votes[form][_KINDS[kind]] += count
    return votes


def _most(counts: Sequence[int]) -> str:
    """Return the type with the most votes; ties go to the type that comes first in `ORDER`."""
    return ORDER[counts.index(max(counts))]


def _by_bearing(alike: Iterable[Distinct]) -> Mapping[tuple[str, str], list[Distinct]]:
    """Return clusters of a surname alone by what their articles show of its bearer: sex, and office if there is one."""
    found: defaultdict[tuple[str, str], list[Distinct]] = defaultdict(list)
    for one in alike:
        said = one[0]
        found[said.sex, said.offices[0] if len(said.offices) == 1 else ""].append(one)
    return found


def _record(name: str, alike: Sequence[Distinct]) -> NameRecord:
    (first, numbers), *others = alike
    forms = {form: len(numbers) * count for form, count in first.forms}
    aliases, offices, shown = first.aliases, first.offices, {"": 0, "f": 0, "m": 0, first.sex: len(numbers)}
    for said, places in others:
        shown[said.sex] += len(places)
        aliases += said.aliases
        offices += said.offices
        for form, count in said.forms:
            forms[form] = forms.get(form, 0) + len(places) * count
    if others:
        numbers = np.sort(np.concatenate([places for _, places in alike]))
    return NameRecord(
        name, sum(forms.values()), forms, set(aliases), set(offices), shown["f"], shown["m"], numbers.tobytes()
    )
