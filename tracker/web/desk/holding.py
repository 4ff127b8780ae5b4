"""Who works on a candidate: a sign for the others, which holds nobody back."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from events.choices import CandidateState
from events.models.access import User
from events.models.candidates import Candidate

HELD = timedelta(minutes=10)
"""How long after opening a candidate a curator counts as working on it."""
_WAITING = (
    CandidateState.OPEN.value,
    CandidateState.DEFERRED.value,
    CandidateState.AWAITING_APPROVAL.value,
)


def hold(pk: int, user: User) -> None:
    """Notes that the curator has it open, unless another one has. The candidate's version stays."""
    free = Q(worked_on_by=None) | Q(worked_on_by=user) | Q(worked_on_at__lt=Now() - HELD)
    waiting = Candidate.objects.filter(free, pk=pk, state__in=_WAITING)
    waiting.update(worked_on_by=user, worked_on_at=Now())


def holder(row: Candidate, user: User) -> User | None:
    """The other curator who works on it now, if one does."""
    at = row.worked_on_at
    if row.worked_on_by_id in (None, user.pk) or at is None or at < timezone.now() - HELD:
        return None
    return row.worked_on_by
