"""Names that the record knows already, as extraction and resolution take them (no database here)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from events.names import is_chinese, keys, normalize

EntityType = Literal["person", "organization"]
_POSSESSIVE = re.compile(r"['’]s$")
_LEGAL = re.compile(
    r"(?:[ ,]+(?:inc|incorporated|ltd|limited|llc|llp|plc|corp|corporation|co|company|companies|group|holdings?|gmbh|ag|sa|nv|se)\b\.?){1,4}$"
)
_CHINESE_LEGAL = re.compile(
    r"(?:股份|控股|集团|集團|科技|技术|技術){0,4}(?:有限责任公司|有限責任公司|有限公司|公司|集团|集團)$"
)


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
    _by_word: dict[tuple[str, str], list[KnownEntity]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        self.entities = tuple(self.entities)
        for entity in self.entities:
            for key in sorted({key for name in entity.names for key in keys(name)}):
                self._by_key.setdefault((entity.type, key), []).append(entity)
            for word in sorted({word for name in entity.names for word in index_words(name, entity.type)}):
                self._by_word.setdefault((entity.type, word), []).append(entity)

    def has(self, name: str, kind: EntityType) -> bool:
        """Whether an entity of a type shares a key with a name: another spelling, order or script of it."""
        return any((kind, key) in self._by_key for key in keys(name))

    def candidates(self, name: str, kind: EntityType) -> list[KnownEntity]:
        """The entities of a type that share a key or a telling word with a name, in order of their primary keys."""
        found = {entity.id: entity for key in keys(name) for entity in self._by_key.get((kind, key), [])}
        for word in index_words(name, kind):
            found.update((entity.id, entity) for entity in self._by_word.get((kind, word), []))
        return [found[i] for i in sorted(found)]


def index_words(name: str, kind: EntityType) -> set[str]:
    """What a name can be found by besides its keys: a family name; a company's name without legal form; its initials."""
    text = normalize(name)
    if is_chinese(text):
        return {bare(name)} if kind == "organization" else set()
    words = text.split()
    if kind == "person":
        return {words[-1]} if words else set()
    found = {bare(name)}
    if len(bare(name).split()) > 2:
        found.add("".join(word[0] for word in bare(name).split()))
    if len(words) == 1:
        found.add(words[0])
    return found - {""}


def bare(name: str) -> str:
    """A company's name without its legal form (Inc., Ltd., 股份有限公司) and a trailing 's."""
    text = _POSSESSIVE.sub("", name.strip())
    if is_chinese(text):
        return _CHINESE_LEGAL.sub("", text) or text
    return normalize(_LEGAL.sub("", text.lower().rstrip(".")))
