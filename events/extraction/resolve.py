"""From a name in a claim to a known person or organization: across scripts, spellings and short forms.

Two equally good answers stay open for the curator; nothing is guessed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Literal

from events.extraction.known import EntityType, KnownEntity, KnownNames, bare
from events.names import is_chinese, keys, normalize

State = Literal["resolved", "ambiguous", "unknown"]

SURE = 0.75
"""Score from which the best option is chosen when no other comes within `MARGIN` of it."""
MARGIN = 0.08
POSSIBLE = 0.5
"""Score below which an option is not worth a curator's look."""
_MOST_OPTIONS = 8
_HONORIFIC = re.compile(r"^(?:mr|mrs|ms|miss|dr|prof|sir)\.? |(?:先生|女士|小姐|博士)$", re.IGNORECASE)


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
    clean = _HONORIFIC.sub("", unicodedata.normalize("NFKC", name).strip()).strip()
    if not clean:
        return Resolution("unknown")
    score = _person if type == "person" else _organization
    options = []
    for entity in known.candidates(clean, type):
        value, why = max(score(clean, other) for other in entity.names)
        if value < POSSIBLE:
            continue
        value, why = _context(value, why, entity, organization, title)
        options.append(Option(entity.id, entity.names[0], round(value, 3), why))
    options.sort(key=lambda option: (-option.score, option.id))
    options = options[:_MOST_OPTIONS]
    if not options:
        return Resolution("unknown")
    best = options[0]
    rival = options[1].score if len(options) > 1 else 0.0
    if best.score >= SURE and best.score - rival >= MARGIN:
        return Resolution("resolved", best.id, options)
    return Resolution("ambiguous", None, options)


def _person(name: str, other: str) -> tuple[float, str]:
    """How well a person's name fits another: same spelling, same key, initials or given name, family name alone."""
    left, right = normalize(name), normalize(other)
    if left == right:
        return (1.0, f"same name: {other}")
    chinese = (is_chinese(name), is_chinese(other))
    if keys(name) & keys(other):
        if all(chinese):
            return (
                (0.95, f"same characters in another script: {other}")
                if _same_characters(left, right)
                else (0.55, f"sounds like {other}")
            )
        if any(chinese):
            return (0.85, f"romanization of {other}")
        return (0.93, f"same name, written {other}")
    if any(chinese):
        return (0.0, "")
    return _western(left.split(), right.split(), other)


def _western(left: list[str], right: list[str], other: str) -> tuple[float, str]:
    if not left or not right:
        return (0.0, "")
    if len(left) == 1 or len(right) == 1:
        if left[-1] == right[-1]:
            return (0.6, f"family name of {other}")
        return (0.0, "")
    if left[-1] != right[-1]:
        return (0.0, "")
    if left[0] == right[0]:
        return (0.9, f"same first and last name: {other}")
    if left[0][0] == right[0][0] and 1 in (len(left[0]), len(right[0])):
        return (0.78, f"initial fits {other}")
    return (0.0, "")


def _same_characters(left: str, right: str) -> bool:
    """Whether two Chinese names may be one name in simplified and in traditional characters.

    Same sound in each place is demanded by the shared key; here each place must be equal or the two characters a
    pair of variants, which a script table would tell; without one, at least one place must be equal.
    """
    return len(left) == len(right) and any(a == b for a, b in zip(left, right, strict=True))


def _organization(name: str, other: str) -> tuple[float, str]:
    """How well a company's name fits another: same name, same without its legal form, initials, or start of it."""
    left, right = normalize(name), normalize(other)
    if left == right:
        return (1.0, f"same name: {other}")
    bare_left, bare_right = bare(name), bare(other)
    if bare_left and bare_left == bare_right:
        return (0.95, f"same without the legal form: {other}")
    if is_chinese(name) != is_chinese(other):
        return (0.6, f"sounds like {other}") if keys(name) & keys(other) else (0.0, "")
    if keys(name) & keys(other):
        same = not is_chinese(name) or _same_characters(left, right)
        return (0.9, f"same name, written {other}") if same else (0.5, f"sounds like {other}")
    words = bare_right.split()
    if len(words) > 2 and left.replace(" ", "") == "".join(word[0] for word in words):
        return (0.76, f"initials of {other}")
    return (0.0, "")


def _context(
    value: float, why: str, entity: KnownEntity, organization: str | None, title: str | None
) -> tuple[float, str]:
    """What organization and title add to, or take from, a fit of names."""
    if organization and entity.organizations:
        best = max(_related(organization, other) for other in entity.organizations)
        if best:
            value, why = min(1.0, value + 0.2), f"{why}; at {organization}"
        else:
            value, why = value - 0.15, f"{why}; known elsewhere than {organization}"
    if title and any(normalize(title) == normalize(other) for other in entity.titles):
        value, why = min(1.0, value + 0.08), f"{why}; {title}"
    return (value, why)


def _related(left: str, right: str) -> bool:
    a, b = bare(left), bare(right)
    return bool(a and b) and (a == b or a in b or b in a or bool(keys(left) & keys(right)))
