"""The word lists of names: plain text files that a curator can read and extend."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    """The lines of a list, without comments and empty ones."""
    raw = (_HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in (line.strip() for line in raw) if line and not line.startswith("#")]


@lru_cache(maxsize=8)
def listed(name: str) -> frozenset[str]:
    """A list as a set."""
    return frozenset(lines(name))


@lru_cache(maxsize=1)
def short_forms() -> dict[str, frozenset[str]]:
    """All given names that may stand for each other, by name: "bob" and "robert"."""
    found: dict[str, set[str]] = {}
    for line in lines("nicknames"):
        family = line.split()
        head, others = family[0], set(family)
        for name in others:
            # Two short forms of one name stand for each other, too; the head alone stands for all of them.
            found.setdefault(name, set()).update(others if name == head else {head, *others})
    return {name: frozenset(names) for name, names in found.items()}


@lru_cache(maxsize=1)
def surname_readings() -> dict[str, str]:
    """The pinyin of family names that are read otherwise than their character usually is."""
    return dict(line.split() for line in lines("surname_readings"))
