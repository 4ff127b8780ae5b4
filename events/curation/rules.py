"""Who may take a step on the record: permission, a reason, and from severity 3 on a second pair of eyes."""

from __future__ import annotations

from collections.abc import Iterable

from events.exceptions import CurationError, FourEyesRequired
from events.models.access import User
from events.models.record import Event

FOUR_EYES_FROM = 3
"""The severity from which a second curator must approve."""
OVERRIDDEN = "Published without a second curator"


def require_curator(user: User) -> None:
    """Raises CurationError unless the user may curate."""
    if not (user.is_active and user.has_perm("events.curate")):
        raise CurationError("You need the permission to curate.")


def require_reason(reason: str) -> None:
    """Raises CurationError for a reason that says nothing."""
    if not reason.strip():
        raise CurationError("Say why; the reason stands in the revision.")


def four_eyes(severe: int, user: User, approver: User | None, reason: str, *, override: bool = False) -> str:
    """The reason as the revision states it, once it is sure that enough curators have seen the step.

    `override` does without the second one; it needs the permission to override four eyes and is written in the
    revision. Raises FourEyesRequired.
    """
    if approver is not None:
        require_curator(approver)
        if approver.pk == user.pk:
            raise FourEyesRequired("Nobody approves their own draft.")
        return reason
    if severe < FOUR_EYES_FROM:
        return reason
    if not override:
        raise FourEyesRequired(f"Severity {severe} needs a second curator's approval.")
    if not (user.has_perm("events.override_four_eyes") and reason.strip()):
        raise FourEyesRequired("Doing it alone needs the permission to override four eyes, and a reason.")
    return f"{OVERRIDDEN}: {reason}"


def gravest(event_ids: Iterable[int]) -> int:
    """The highest severity among events; 0 for none."""
    found = (
        Event.objects.filter(id__in=list(event_ids)).order_by("-severity").values_list("severity", flat=True)
    )
    return found.first() or 0
