"""Names that the record knows already, as extraction and resolution take them (no database here)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from events.extraction.naming import companies, people
from events.extraction.script import simplified
from events.names import is_chinese, keys, normalize

EntityType = Literal["person", "organization"]
Chosen = Mapping[tuple[EntityType, str], Mapping[int, int]]
_SHORTEST_START = 2


@dataclass(frozen=True)
class KnownEntity:
    """A person or organization of the record: primary key, all names; of people where they hold which titles, of
    organizations the names of those that they are part of."""

    id: int
    type: EntityType
    names: tuple[str, ...]
    organizations: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()


@dataclass
class KnownNames:
    """Known entities, found by any key of any of their names.

    `chosen` says whom curators took a name for, and how often: by type and normalized name, ids with counts.
    """

    entities: Iterable[KnownEntity] = ()
    chosen: Chosen = field(default_factory=dict)
    _by_key: dict[tuple[str, str], list[KnownEntity]] = field(default_factory=dict, init=False, repr=False)
    _by_word: dict[tuple[str, str], list[KnownEntity]] = field(default_factory=dict, init=False, repr=False)
    _by_start: dict[str, list[tuple[str, EntityType]]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.entities = tuple(self.entities)
        for entity in self.entities:
            for key in sorted({key for name in entity.names for key in keys(name)}):
                self._by_key.setdefault((entity.type, key), []).append(entity)
            for word in sorted({word for name in entity.names for word in index_words(name, entity.type)}):
                self._by_word.setdefault((entity.type, word), []).append(entity)
            for name in sorted(
                {simplified(name) for name in entity.names if is_chinese(name) and len(name) > 1}
            ):
                self._by_start.setdefault(name[:_SHORTEST_START], []).append((name, entity.type))

    def chinese_in(self, text: str) -> list[tuple[str, int, EntityType]]:
        """The Chinese names that a text in simplified characters holds, each with where it first stands; the time
        grows with the text, not with the number of known names."""
        found: dict[tuple[str, EntityType], int] = {}
        for at in range(len(text) - 1):
            for name, kind in self._by_start.get(text[at : at + _SHORTEST_START], ()):
                if text.startswith(name, at):
                    found.setdefault((name, kind), at)
        return [(name, at, kind) for (name, kind), at in found.items()]

    def has(self, name: str, kind: EntityType) -> bool:
        """Whether an entity of a type shares a key with a name: another spelling, order or script of it."""
        return any((kind, key) in self._by_key for key in keys(name))

    def candidates(self, name: str, kind: EntityType) -> list[KnownEntity]:
        """The entities of a type that share a key or a telling word with a name, in order of their primary keys."""
        found = {entity.id: entity for key in keys(name) for entity in self._by_key.get((kind, key), [])}
        for word in {*index_words(name, kind), *keys(name)}:
            found.update((entity.id, entity) for entity in self._by_word.get((kind, word), []))
        return [found[i] for i in sorted(found)]

    def chosen_before(self, name: str, kind: EntityType) -> dict[int, int]:
        """Whom curators took this very name for, with how often."""
        return dict(self.chosen.get((kind, normalize(name)), {}))


def index_words(name: str, kind: EntityType) -> set[str]:
    """What a name can be found by besides its keys: a family name, a company's first word or its initials ..."""
    text = normalize(name)
    words = text.split()
    if not words:
        return set()
    if kind == "person":
        return _person_words(name, text)
    if is_chinese(text):
        return _chinese_company_words(name)
    found = {companies.bare(name), words[0], companies.bare(name).split()[0], companies.initials(name)}
    described = companies.part_of(name)
    if described is not None:
        found |= {
            companies.bare(described[0]).split()[0] if companies.bare(described[0]) else "",
            *described[1].split()[-1:],
        }
    found.add(words[-1])
    return found - {""}


def _person_words(name: str, text: str) -> set[str]:
    if not is_chinese(text):
        return {text.split()[-1], text.split()[0]}
    compact = people.bare_name(name).replace(" ", "") or text
    found = {f"{compact[0]}~", *people.spelt_family(compact)}
    return found | people.spellings(compact)


def _chinese_company_words(name: str) -> set[str]:
    """Its first two characters, with and without the place before them, and those of the owner that it names."""
    bare = companies.bare(name)
    found = {bare, bare[:_SHORTEST_START], companies.without_place(bare)[:_SHORTEST_START]}
    described = companies.part_of(name)
    if described is not None:
        found |= {companies.bare(described[0])[:_SHORTEST_START], described[1]}
    return found - {""}
