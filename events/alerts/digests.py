"""The order of a mail that tells of many events: corrections on top, then by organization, most severe first. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from events.alerts.letterwords import LetterWords
from events.alerts.tellings import Group, Telling

MOST_SHOWN = 60
"""Entries of one mail: with them it stays below the size at which mail programs cut it off."""
MOST_OF_GROUP = 12
"""Entries of one organization; more are on its page."""
LONG = 8
"""From so many events on there is a table of contents."""


@dataclass(frozen=True)
class Section:
    """What a digest tells of one organization. `rest` says how many more its page at `url` has; empty for none."""

    name: str
    anchor: str
    shown: list[Telling]
    count: int
    gravest: str
    rest: str
    url: str


@dataclass(frozen=True)
class Digest:
    """A mail's entries: first corrections, or all of a case; then those by organization. Beyond the bound `brief` has those of which a line is told: every correction, and every event
    of a case."""

    entries: list[Telling]
    brief: list[Telling]
    sections: list[Section]
    counts: str
    first: Telling

    @property
    def is_long(self) -> bool:
        """Whether it needs a table of contents."""
        return sum(section.count for section in self.sections) >= LONG and len(self.sections) > 1


def digest(tellings: Sequence[Telling], say: LetterWords) -> Digest:
    """The entries in order. Raises IndexError where there are none."""
    ordered = sorted(tellings, key=lambda found: found.rank)
    corrections = [found for found in ordered if found.is_correction]
    news = [found for found in ordered if not found.is_correction]
    room = MOST_SHOWN - len(corrections[:MOST_SHOWN])
    return Digest(
        entries=corrections[:MOST_SHOWN],
        brief=corrections[MOST_SHOWN:],
        sections=_sections(news, room, say),
        counts=counts(tellings, say),
        first=ordered[0],
    )


def case(tellings: Sequence[Telling], say: LetterWords) -> Digest:
    """The entries of one decision: all of them, whosever they are. Raises IndexError where there are none."""
    ordered = sorted(tellings, key=lambda found: found.rank)
    corrections = [found for found in ordered if found.is_correction]
    news = [found for found in ordered if not found.is_correction]
    entries = [*corrections, *news]
    return Digest(
        entries=entries[:MOST_SHOWN],
        brief=entries[MOST_SHOWN:],
        sections=[],
        counts=counts(tellings, say),
        first=ordered[0],
    )


def counts(tellings: Sequence[Telling], say: LetterWords) -> str:
    """`12 events, 1 correction`."""
    corrections = sum(found.is_correction for found in tellings)
    events = len(tellings) - corrections
    parts = [_counted(say.events, events)] if events else []
    return say.comma.join([*parts, _counted(say.corrections, corrections)] if corrections else parts)


def _counted(words: tuple[str, str], count: int) -> str:
    return words[count != 1].format(count=count)


def _sections(news: Sequence[Telling], room: int, say: LetterWords) -> list[Section]:
    """By organization, the one with the gravest event first; where there is no room for all, the gravest are shown."""
    groups: dict[Group, list[Telling]] = defaultdict(list)
    for found in news:
        groups[found.group].append(found)
    shown: dict[Group, list[Telling]] = defaultdict(list)
    for found in news:
        if room and len(shown[found.group]) < MOST_OF_GROUP:
            shown[found.group].append(found)
            room -= 1
    ordered = sorted(
        groups,
        key=lambda group: (-groups[group][0].severity, -len(groups[group]), not group.name, group.name),
    )
    return [
        _section(number, group, groups[group], shown[group], say)
        for number, group in enumerate(ordered, start=1)
    ]


def _section(
    number: int, group: Group, found: Sequence[Telling], shown: list[Telling], say: LetterWords
) -> Section:
    more = len(found) - len(shown)
    name = group.name or say.without_organization
    words = say.rest_of if group.url else say.rest
    return Section(
        name=name,
        anchor=f"part-{number}",
        shown=shown,
        count=len(found),
        gravest=found[0].severity_words,
        rest=words.format(count=more, name=name) if more else "",
        url=group.url or f"{settings.SITE_URL}/search/",
    )
