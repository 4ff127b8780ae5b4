"""Names that the record knows already, as extraction and resolution take them (no database here)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from events.names import keys

EntityType = Literal["person", "organization"]


@dataclass(frozen=True)
class KnownEntity:
    """A person or organization of the record: primary key, all names, and (people) where they hold which titles."""

    id: int
    type: EntityType
    names: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()


@dataclass
class KnownNames:
    """Known entities, found by any key of any of their names."""

    entities: Iterable[KnownEntity] = ()
    _by_key: dict[tuple[str, str], list[KnownEntity]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.entities = tuple(self.entities)
        for entity in self.entities:
            for key in sorted({key for name in entity.names for key in keys(name)}):
                self._by_key.setdefault((entity.type, key), []).append(entity)

    def sharing_key(self, name: str, kind: EntityType) -> list[KnownEntity]:
        """The entities of a type that share a key with a name, in order of their primary keys."""
        found = {entity.id: entity for key in keys(name) for entity in self._by_key.get((kind, key), [])}
        return [found[i] for i in sorted(found)]
