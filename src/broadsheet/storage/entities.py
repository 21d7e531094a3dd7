"""The entities of a corpus, and where clusters of articles belong, in columns: about 60 bytes for each entity."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from typing import Final, NamedTuple, Self, get_args

import numpy as np

from broadsheet.model import Entity, EntityType, LinkedBy, Place
from broadsheet.sequences import MadeSequence
from broadsheet.storage.columns import Column, WordIndex, Words
from broadsheet.storage.number_rows import Integers

__all__ = ["Entities", "EntityColumns", "PlaceColumns", "Places", "numbered"]

_TYPES: Final[tuple[EntityType, ...]] = get_args(EntityType)
_REASONS: Final[tuple[LinkedBy | None, ...]] = (None, *get_args(LinkedBy))
_BITS: Final = 4  # of a number that says why a cluster belongs somewhere
_NOWHERE: Final = -1


class EntityColumns(NamedTuple):
    """Entities as a file has them: letters and ends of ids and names, and the number of each type."""

    ids: Column
    id_ends: Column
    names: Column
    name_ends: Column
    types: Column


class PlaceColumns(NamedTuple):
    """Places as a file has them: the numbers of their entities, and those of the reasons."""

    entities: Column
    reasons: Column


class Entities(MadeSequence[Entity]):
    """Entities that grow at their end. What is found by an id must not grow any more.

    >>> found = Entities([Entity("tomas-reyes.person", "Tomas Reyes", "PERSON")])
    >>> found.type_of("tomas-reyes.person"), found[0].name
    ('PERSON', 'Tomas Reyes')
    """

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        self.ids, self.names, self._types = Words(), Words(), bytearray()
        self.wikidata_ids: dict[int, str] = {}
        for entity in entities:
            self.append(entity)

    @classmethod
    def of(cls, entities: Sequence[Entity]) -> Self:
        """Return entities in columns, the same ones where they are."""
        return entities if isinstance(entities, cls) else cls(entities)

    def append(self, entity: Entity) -> None:
        """Add an entity at the end."""
        if entity.wikidata_id is not None:
            self.wikidata_ids[len(self)] = entity.wikidata_id
        self.ids.append(entity.entity_id)
        self.names.append(entity.name)
        self._types.append(_TYPES.index(entity.type))

    def __len__(self) -> int:
        """Return how many entities there are."""
        return len(self._types)

    def at(self, number: int) -> Entity:
        """Return an entity."""
        name, kind = self.names.at(number), _TYPES[self._types[number]]
        return Entity(self.ids.at(number), name, kind, self.wikidata_ids.get(number))

    def __eq__(self, other: object) -> bool:
        """Return whether the entities are the same, in the same order."""
        return isinstance(other, Entities) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def written(self) -> EntityColumns:
        """Return the columns as a file has them; `wikidata_ids` are not in them."""
        return EntityColumns(*self.ids.written(), *self.names.written(), np.frombuffer(self._types, "u1"))

    @classmethod
    def read_from(cls, written: EntityColumns, wikidata_ids: dict[int, str]) -> Self:
        """Return the entities that a file has. Raises ValueError where the columns differ."""
        found = cls()
        found.ids, found.names = Words.of(*written[:2]), Words.of(*written[2:4])
        found._types, found.wikidata_ids = bytearray(written.types), wikidata_ids
        if {len(found.ids), len(found.names)} != {len(found)} or max(found._types, default=0) >= len(_TYPES):
            raise ValueError("columns that do not fit each other")
        return found

    @cached_property
    def numbers(self) -> WordIndex:
        """Return the number of each entity by its id."""
        return WordIndex(self.ids)

    def type_of(self, entity_id: str) -> EntityType:
        """Return the type of an entity. Raises KeyError."""
        return _TYPES[self._types[self.numbers[entity_id]]]

    def name_of(self, entity_id: str) -> str:
        """Return the name of an entity. Raises KeyError."""
        return self.names[self.numbers[entity_id]]


class Places(MadeSequence[Place]):
    """Places that clusters have: the number of an entity, and why they belong there."""

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids, self._numbers, self._reasons = ids, array("i"), bytearray()

    def append(self, entity: int, why: LinkedBy | None) -> int:
        """Add a place at the end, and return its number."""
        self._numbers.append(entity)
        self._reasons.append(_REASONS.index(why))
        return len(self) - 1

    def written(self) -> PlaceColumns:
        """Return the columns as a file has them."""
        return PlaceColumns(np.asarray(self._numbers, "<i4"), np.frombuffer(self._reasons, "u1"))

    @classmethod
    def read_from(cls, written: PlaceColumns, ids: Sequence[str]) -> Self:
        """Return the places that a file has. Raises ValueError where the columns differ."""
        found = cls(ids)
        found._numbers.extend(written.entities.tolist())
        found._reasons += bytearray(written.reasons)
        if len(found._numbers) != len(found._reasons) or max(found._reasons, default=0) >= len(_REASONS):
            raise ValueError("columns that do not fit each other")
        return found

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self._numbers)

    def at(self, number: int) -> Place:
        """Return a place."""
        return self._ids[self._numbers[number]], _REASONS[self._reasons[number]]


def numbered(places: Iterable[Place | None], entities: Entities) -> tuple[Integers, Places]:
    """Return the number that each of `places` has among the different ones, -1 for none, and these, sorted.

    >>> entities = Entities([Entity("ferry.org", "Ferry", "ORG"), Entity("pier.fac", "Pier", "FAC")])
    >>> numbers, found = numbered([("pier.fac", None), None, ("ferry.org", "alias"), ("pier.fac", None)], entities)
    >>> numbers.tolist(), found[:]
    ([1, -1, 0, 1], (('ferry.org', 'alias'), ('pier.fac', None)))
    """

    @lru_cache(maxsize=2**16)
    def coded(place: Place) -> int:
        return entities.numbers[place[0]] << _BITS | _REASONS.index(place[1])

    codes = np.fromiter((coded(place) if place else _NOWHERE for place in places), np.int64)
    different = np.unique(codes)
    numbers = np.searchsorted(different, codes)
    found = Places(entities.ids)
    for code in different[different != _NOWHERE].tolist():
        found.append(code >> _BITS, _REASONS[code % 2**_BITS])
    return numbers + (len(found) - len(different)), found
