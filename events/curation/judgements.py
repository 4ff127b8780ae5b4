"""What curators judged of two people, organizations or events: the same, or not. Nobody is asked twice."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q

from events.choices import ActKind
from events.curation.rules import require_curator
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Judgement
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Event
from events.record.identity import MAX_GIVEN_UP, given_up_for

MODELS: dict[ActKind, Any] = {
    ActKind.PERSON: Executive,
    ActKind.ORGANIZATION: Organization,
    ActKind.EVENT: Event,
}
"""What can be judged, merged and split."""


@transaction.atomic
def judge(kind: ActKind, one: int, other: int, same: bool, user: User, reason: str = "") -> Judgement:
    """Remembers whether two entries are the same; a later judgement of the two replaces an earlier one.

    Raises CurationError for entries that do not exist or are one.
    """
    require_curator(user)
    low, high = _pair(kind, one, other)
    judgement, _ = Judgement.objects.update_or_create(
        kind=kind.value, low=low, high=high, defaults={"same": same, "user": user, "reason": reason}
    )
    return judgement


@transaction.atomic
def forget(kind: ActKind, one: int, other: int, user: User) -> int:
    """Takes a judgement back; gives how many there were (0 or 1)."""
    require_curator(user)
    low, high = sorted((one, other))
    return Judgement.objects.filter(kind=kind.value, low=low, high=high).delete()[0]


def judged(kind: ActKind, one: int, other: int) -> Judgement | None:
    """The judgement of two entries, None where there is none."""
    low, high = sorted((one, other))
    return Judgement.objects.filter(kind=kind.value, low=low, high=high).select_related("user").first()


def refuse_judged_apart(kind: ActKind, one: int, other: int) -> None:
    """Raises CurationError where two entries, or entries that were merged into them, were judged not to be the
    same, saying by whom and why."""
    ours = {one, *given_up_for(MODELS[kind], [one], MAX_GIVEN_UP)}
    theirs = {other, *given_up_for(MODELS[kind], [other], MAX_GIVEN_UP)}
    between = Q(low__in=ours, high__in=theirs) | Q(low__in=theirs, high__in=ours)
    rows = Judgement.objects.filter(between, kind=kind.value, same=False).select_related("user")
    found = rows.order_by("id").first()
    if found is not None:
        why = f": {found.reason}" if found.reason else ""
        raise CurationError(
            f"{found.user} judged on {found.created_at:%Y-%m-%d} that {found.low} and {found.high} are not the "
            f"same{why}. Take that judgement back first."
        )


def _pair(kind: ActKind, one: int, other: int) -> tuple[int, int]:
    model = MODELS.get(kind)
    if model is None:
        raise CurationError(f"A {kind.value} is not judged.")
    low, high = sorted((one, other))
    if low == high:
        raise CurationError("These are one and the same entry.")
    if model._default_manager.filter(pk__in=(low, high)).count() < 2:
        raise CurationError(
            f"There are no two entries of the kind {kind.value} with the numbers {low} and {high}."
        )
    return low, high
