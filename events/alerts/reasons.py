"""Why a mail came: the wishes that asked for it, in words."""

from __future__ import annotations

import time
from collections.abc import Hashable, Iterable, Sequence

from events.alerts.letterwords import letter_words
from events.alerts.phrases import sentence
from events.alerts.recent import Recent
from events.alerts.wording import Words
from events.models.alerts import Subscription

SHOWN = 10
"""Wishes that one mail names; it counts the others."""
HOLDS = 60.0
"""Seconds after which the names in a sentence are looked up again."""

_RECENT: Recent[str] = Recent(5000)


def distinct(matched: Iterable[Subscription]) -> list[Subscription]:
    """Each subscription once, oldest first."""
    by_number = {subscription.pk: subscription for subscription in matched}
    return [by_number[pk] for pk in sorted(by_number)]


def because(matched: Sequence[Subscription], said: Words) -> tuple[str, list[str]]:
    """A sentence, and what it lists: nothing where it names the only wish itself."""
    say = letter_words(said.language)
    if not matched:
        return say.because_told, []
    found = [wish(subscription, said) for subscription in matched[:SHOWN]]
    if len(found) == 1:
        return say.because_one.format(wish=found[0]), []
    if len(matched) > SHOWN:
        found.append(say.and_more.format(count=len(matched) - SHOWN))
    return say.because_many, found


def wish(subscription: Subscription, said: Words) -> str:
    """One wish as a sentence without its full stop."""
    return _RECENT.get(_key(subscription, said), lambda: sentence(subscription, said))


def _key(subscription: Subscription, said: Words) -> Hashable:
    person, organization = subscription.executive, subscription.organization
    return (
        said.language,
        time.monotonic() // HOLDS,
        (person.pk, person.name, person.merged_into_id) if person else None,
        (organization.pk, organization.name, organization.merged_into_id) if organization else None,
        subscription.kind,
        subscription.min_severity,
        subscription.text,
        subscription.silent_days,
    )
