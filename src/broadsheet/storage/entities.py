"""The entities of a corpus, and where clusters of articles belong, in columns: about 60 bytes for each entity."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Final, Self, get_args

from broadsheet.model import Entity, EntityType, LinkedBy, Place
from broadsheet.sequences import MadeSequence
from broadsheet.storage.columns import WordIndex, Words

__all__ = ["Entities", "Places"]

_TYPES: Final[tuple[EntityType, ...]] = get_args(EntityType)
_REASONS: Final[tuple[LinkedBy | None, ...]] = (None, *get_args(LinkedBy))


class Entities(MadeSequence[Entity]):
    """Entities that grow at their end. What is found by an id must not grow any more.

    >>> found = Entities([Entity("tomas-reyes.person", "Tomas Reyes", "PERSON")])
    >>> found.type_of("tomas-reyes.person"), found[0].name
    ('PERSON', 'Tomas Reyes')
    """

    def __init__(self, entities: Iterable[Entity] = ()) -> None:
        self.ids, self.names, self._types = Words(), Words(), bytearray()
        self._wikidata_ids: dict[int, str] = {}
        for entity in entities:
            self.append(entity)

    @classmethod
    def of(cls, entities: Sequence[Entity]) -> Self:
        """Return entities in columns, the same ones where they are."""
        return entities if isinstance(entities, cls) else cls(entities)

    def append(self, entity: Entity) -> None:
        """Add an entity at the end."""
        if entity.wikidata_id is not None:
            self._wikidata_ids[len(self)] = entity.wikidata_id
        self.ids.append(entity.entity_id)
        self.names.append(entity.name)
        self._types.append(_TYPES.index(entity.type))

    def __len__(self) -> int:
        """Return how many entities there are."""
        return len(self._types)

    def at(self, number: int) -> Entity:
        """Return an entity."""
        name, kind = self.names.at(number), _TYPES[self._types[number]]
        return Entity(self.ids.at(number), name, kind, self._wikidata_ids.get(number))

    def __eq__(self, other: object) -> bool:
        """Return whether the entities are the same, in the same order."""
        return isinstance(other, Entities) and tuple(self) == tuple(other)

    __hash__ = None  # type: ignore[assignment]

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

    def __len__(self) -> int:
        """Return how many places there are."""
        return len(self._numbers)

    def at(self, number: int) -> Place:
        """Return a place."""
        return self._ids[self._numbers[number]], _REASONS[self._reasons[number]]
