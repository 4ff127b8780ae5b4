"""Claims that wait for a curator. Nothing here is public; no public reader may import this module.

Foreign keys have no reverse accessors, so that no query over public models can reach a candidate.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.choices import CandidateState, Kind, ResolutionState, Verb
from events.models.acts import Act
from events.models.base import Created, one_of
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Event
from events.models.sources import Document


class Candidate(Created):
    """A claim read in one document version, waiting for a curator or decided by one.

    `original` is the claim as extraction proposed it and never changes; `edited` is the curator's version, or
    null. `fingerprint` names the claim within its document, so that extraction can be run again.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, editable=False)
    extractor_version = models.CharField(max_length=30, editable=False)
    original = models.JSONField(editable=False)
    edited = models.JSONField(null=True, blank=True)
    kind = models.CharField(max_length=14, choices=Kind.pairs())
    action = models.CharField(max_length=14)
    subject_name = models.CharField(max_length=300)
    confidence = models.FloatField(help_text="0 to 1, the extraction's")
    severity = models.PositiveSmallIntegerField(default=0, help_text="0 to 5, as it would be published")
    case_label = models.CharField(
        max_length=100, blank=True, default="", help_text="The document's own case label"
    )
    state = models.CharField(max_length=17, choices=CandidateState.pairs(), default=CandidateState.OPEN.value)
    resolution_state = models.CharField(
        max_length=10, choices=ResolutionState.pairs(), default=ResolutionState.UNKNOWN.value
    )
    resolution = models.JSONField(
        default=dict,
        blank=True,
        help_text="By JSON Pointer of a party: state, chosen id, options with score and reason",
    )
    conflicts = models.JSONField(
        default=list, blank=True, help_text="What the curator must see before publishing"
    )
    subject_executive = models.ForeignKey(
        Executive, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subject_organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
    )
    version = models.PositiveIntegerField(
        default=1, help_text="Grows with every change; a stale form is refused"
    )
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-severity", "-confidence", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "fingerprint"], name="candidate_once"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="candidate_confidence_range"
            ),
            models.CheckConstraint(condition=Q(severity__lte=5), name="candidate_severity_range"),
            models.CheckConstraint(
                condition=~Q(state=CandidateState.PUBLISHED.value) | Q(event__isnull=False),
                name="candidate_published_has_event",
            ),
            one_of("state", CandidateState.pairs()),
            one_of("kind", Kind.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "-severity", "-confidence", "id"], name="candidate_queue"),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name}: {self.kind}/{self.action}"

    @property
    def claim(self) -> dict[str, Any]:
        """The claim as it stands: the curator's version where there is one."""
        claim: dict[str, Any] = self.original if self.edited is None else self.edited
        return claim


class Decision(Created):
    """One thing a curator did to a candidate or an event: the activity log, never updated."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=8, choices=Verb.pairs())
    candidate = models.ForeignKey(
        Candidate, null=True, blank=True, on_delete=models.CASCADE, related_name="decisions"
    )
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(Act, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, default="")
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(candidate__isnull=False) | Q(event__isnull=False) | Q(act__isnull=False),
                name="decision_about_something",
            ),
            one_of("verb", Verb.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.verb}"
