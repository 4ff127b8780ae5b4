"""From a name in a claim to a known person or organization: across scripts, spellings and short forms.

Two equally good answers stay open for the curator; nothing is guessed. What curators chose for a name before counts
for as much as the claim's own context, and never for more than the name's fit.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from events.extraction.known import EntityType, KnownEntity, KnownNames
from events.extraction.naming import companies, people
from events.names import keys, normalize

State = Literal["resolved", "ambiguous", "unknown"]

SURE = 0.75
"""Score from which the best option is chosen when no other comes within `MARGIN` of it."""
MARGIN = 0.08
POSSIBLE = 0.5
"""Score below which an option is not worth a curator's look."""
DOUBTFUL = 0.55
"""Score below which options are hints only: the name counts as unknown, and does not wait for a choice."""
_MOST_OPTIONS = 8


@dataclass(frozen=True)
class Option:
    """A known entity that a name may stand for; `score` in 0..1, `why` in words for the curator."""

    id: int
    name: str
    score: float
    why: str


@dataclass(frozen=True)
class Resolution:
    """What a name stands for: `chosen` is an id when `state` is "resolved"; `options` are best first."""

    state: State
    chosen: int | None = None
    options: list[Option] = field(default_factory=list)


def resolve(
    name: str,
    type: EntityType,
    known: KnownNames,
    *,
    organization: str | None = None,
    title: str | None = None,
) -> Resolution:
    """Which known entity of a type a name stands for, given what the claim says of organization and title."""
    clean = unicodedata.normalize("NFKC", name).strip()
    clean = people.bare_name(clean) if type == "person" else clean
    if not clean:
        return Resolution("unknown")
    options = []
    for entity in known.candidates(clean, type):
        value, why = max(_fit(clean, other, entity) for other in entity.names)
        if value < POSSIBLE:
            continue
        value, why = _context(value, why, entity, organization, title)
        value, why = _memory(value, why, entity, known.chosen_before(name, type))
        options.append(Option(entity.id, entity.names[0], round(value, 3), why))
    return _decided(sorted(options, key=lambda option: (-option.score, option.id))[:_MOST_OPTIONS])


def _decided(options: list[Option]) -> Resolution:
    if not options:
        return Resolution("unknown")
    best = options[0]
    if best.score < DOUBTFUL:
        return Resolution("unknown", None, options)
    rival = options[1].score if len(options) > 1 else 0.0
    if best.score >= SURE and best.score - rival >= MARGIN:
        return Resolution("resolved", best.id, options)
    return Resolution("ambiguous", None, options)


def _fit(name: str, other: str, entity: KnownEntity) -> tuple[float, str]:
    if entity.type == "person":
        return people.fit(name, people.bare_name(other))
    return max(companies.fit(name, other), companies.described(name, other, entity.parents))


def _context(
    value: float, why: str, entity: KnownEntity, organization: str | None, title: str | None
) -> tuple[float, str]:
    """What organization and title add to, or take from, a fit of names."""
    if organization and entity.organizations:
        if any(_related(organization, other) for other in entity.organizations):
            value, why = min(1.0, value + 0.2), f"{why}; at {organization}"
        else:
            value, why = value - 0.15, f"{why}; known elsewhere than {organization}"
    if title and any(normalize(title) == normalize(other) for other in entity.titles):
        value, why = min(1.0, value + 0.08), f"{why}; {title}"
    return (value, why)


def _memory(value: float, why: str, entity: KnownEntity, chosen: dict[int, int]) -> tuple[float, str]:
    """What curators chose for this very name before."""
    if entity.id in chosen:
        times = chosen[entity.id]
        return min(
            1.0, value + 0.2
        ), f"{why}; chosen by curators {times} time{'s' if times > 1 else ''} before"
    if chosen:
        return value - 0.1, f"{why}; curators chose another before"
    return value, why


def _related(left: str, right: str) -> bool:
    a, b = companies.bare(left), companies.bare(right)
    return bool(a and b) and (a == b or a in b or b in a or bool(keys(left) & keys(right)))
