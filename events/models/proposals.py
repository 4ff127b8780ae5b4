"""What readers propose: corrections and replies of those concerned. Nothing here is public."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.choices import ProposalKind, ProposalState
from events.models.base import Created, one_of
from events.models.record import Event


class Proposal(Created):
    """A reader's word on an event, waiting for a curator or answered by one.

    Only the SHA-256 of the receipt is stored; the receipt itself is shown once, to whoever sent the proposal.
    """

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="+")
    revision = models.BigIntegerField(help_text="The event's revision that the reader saw")
    kind = models.CharField(max_length=10, choices=ProposalKind.pairs())
    field = models.CharField(
        max_length=100, blank=True, default="", help_text="JSON Pointer into the event; empty is the whole"
    )
    text = models.TextField(help_text="What is wrong, or what those concerned have to say")
    source_url = models.URLField(max_length=2000, blank=True, default="", help_text="Where it can be checked")
    name = models.CharField(max_length=200, blank=True, default="")
    contact = models.EmailField(blank=True, default="", help_text="Where an answer may be sent")
    receipt = models.CharField(max_length=64, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=ProposalState.pairs(), default=ProposalState.OPEN.value)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    handled_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="", help_text="Shown to whoever holds the receipt")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["state", "id"], name="proposal_queue")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN.value, handled_by__isnull=True, handled_at__isnull=True)
                | ~Q(state=ProposalState.OPEN.value)
                & Q(handled_by__isnull=False, handled_at__isnull=False)
                & ~Q(answer=""),
                name="proposal_answered_by_someone",
            ),
            one_of("kind", ProposalKind.pairs()),
            one_of("state", ProposalState.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of event {self.event_id}"
