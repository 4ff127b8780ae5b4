"""Claims that wait for a curator. Nothing here is public; no public reader may import this module.

Foreign keys have no reverse accessors, so that no query over public models can reach a candidate.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from events.choices import (
    CandidateState,
    Kind,
    ModelCallState,
    Proposer,
    ResolutionState,
    SourceChangeState,
    Verb,
)
from events.models.acts import Act
from events.models.base import Created, one_of
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Event
from events.models.sources import Document

UNDECIDED = (CandidateState.OPEN.value, CandidateState.DEFERRED.value)
"""States that a curator has not decided; a deferred one comes back by itself on its day."""


AGE = F("id") * -1
PLACE = (F("severity").desc(), F("novelty").desc(), F("confidence").desc(), AGE.desc())
"""The queue's order, every part of it descending: with the oldest last as a negative number, a place in the queue is one
comparison of rows, which an index answers."""


class Candidate(Created):
    """A claim read in one document version, waiting for a curator or decided by one.

    `original` is the claim as extraction proposed it and never changes; `edited` is the curator's version, or
    null. `fingerprint` names the claim within its document, so that extraction can be run again.
    """

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=64, editable=False)
    extractor_version = models.CharField(max_length=30, editable=False)
    proposer = models.CharField(
        max_length=5, choices=Proposer.pairs(), default=Proposer.RULES.value, editable=False
    )
    original = models.JSONField(editable=False)
    newer = models.JSONField(
        null=True,
        blank=True,
        editable=False,
        help_text="What a newer extraction proposes instead, of a claim that a curator has touched; {} if nothing",
    )
    newer_version = models.CharField(max_length=30, blank=True, default="", editable=False)
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
    worked_on_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+",
        help_text="Who has it open; holds nobody back",
    )  # fmt: skip
    worked_on_at = models.DateTimeField(null=True, blank=True)
    deferred_until = models.DateTimeField(
        null=True, blank=True, help_text="When a deferred one comes back by itself"
    )
    novelty = models.FloatField(
        default=1, help_text="0 to 1: 0 where a published event says the same, 1 where nothing alike is known"
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
    stood: dict[str, Any] | None = None
    """How it stood before the step that is under way (`events.curation.situation`); not stored."""

    class Meta:
        ordering: ClassVar[list[str]] = ["-severity", "-novelty", "-confidence", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "fingerprint"], name="candidate_once"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="candidate_confidence_range"
            ),
            models.CheckConstraint(condition=Q(severity__lte=5), name="candidate_severity_range"),
            models.CheckConstraint(
                condition=Q(novelty__gte=0) & Q(novelty__lte=1), name="candidate_novelty_range"
            ),
            models.CheckConstraint(
                condition=~Q(state=CandidateState.PUBLISHED.value) | Q(event__isnull=False),
                name="candidate_published_has_event",
            ),
            one_of("state", CandidateState.pairs()),
            one_of("kind", Kind.pairs()),
            one_of("proposer", Proposer.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["state", "-severity", "-novelty", "-confidence", "id"], name="candidate_order"
            ),
            models.Index("state", *PLACE, name="candidate_place"),
            models.Index(
                *PLACE,
                include=["state", "deferred_until"],
                condition=Q(state__in=UNDECIDED),
                name="candidate_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_name}: {self.kind}/{self.action}"

    @property
    def claim(self) -> dict[str, Any]:
        """The claim as it stands: the curator's version where there is one."""
        claim: dict[str, Any] = self.original if self.edited is None else self.edited
        return claim


class Bulk(Created):
    """One step on many candidates at once, undone as one. Its decisions say what was done to each."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=8, choices=Verb.pairs())
    reason = models.TextField(blank=True, default="")
    refused = models.JSONField(
        default=list, help_text="What it was not done to: id, name and why, of each candidate"
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(null=True, blank=True)
    kept = models.JSONField(
        default=list, help_text="What could not be undone: id, name and why, of each candidate"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="bulk_undone_by_someone",
            ),
            one_of("verb", Verb.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.verb} (bulk {self.pk})"


class Decision(Created):
    """One thing a curator did to a candidate or an event: the activity log, never updated.

    `before` and `after` are what undoing needs: of an edit the claims, of a name's resolution its entries, of any
    other step on a candidate how it stood (state, whose it is, until when put aside, version ...).
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=8, choices=Verb.pairs())
    candidate = models.ForeignKey(
        Candidate, null=True, blank=True, on_delete=models.CASCADE, related_name="decisions"
    )
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    act = models.ForeignKey(Act, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bulk = models.ForeignKey(
        Bulk, null=True, blank=True, on_delete=models.PROTECT, related_name="decisions", db_index=False
    )
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
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["bulk"], condition=Q(bulk__isnull=False), name="decision_of_bulk"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.verb}"


class SourceChange(Created):
    """A page changed after a curator had published a candidate from it: a review that asks what now holds."""

    candidate = models.ForeignKey(Candidate, on_delete=models.CASCADE, related_name="source_changes")
    document = models.ForeignKey(
        Document, on_delete=models.PROTECT, related_name="+", help_text="The new version"
    )
    successor = models.ForeignKey(
        Candidate,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The same claim as the new version tells it; empty when it no longer does",
    )
    state = models.CharField(
        max_length=9, choices=SourceChangeState.pairs(), default=SourceChangeState.OPEN.value
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["candidate", "document"], name="sourcechange_once"),
            models.CheckConstraint(
                condition=Q(state=SourceChangeState.OPEN.value) | Q(decided_at__isnull=False),
                name="sourcechange_decided_at",
            ),
            one_of("state", SourceChangeState.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"], condition=Q(state=SourceChangeState.OPEN.value), name="sourcechange_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.candidate}: source changed"


class ModelCall(Created):
    """One question to the optional model extractor, whole: what was asked, what it answered, what was kept."""

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    model = models.CharField(max_length=200)
    prompt = models.TextField()
    answer = models.TextField(blank=True, default="")
    state = models.CharField(max_length=11, choices=ModelCallState.pairs())
    error = models.TextField(blank=True, default="")
    elapsed = models.PositiveIntegerField(default=0, help_text="Milliseconds")
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    claims_kept = models.PositiveSmallIntegerField(default=0)
    fields_dropped = models.PositiveIntegerField(
        default=0, help_text="Fields whose quote does not stand in the text"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [one_of("state", ModelCallState.pairs())]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["created_at"], name="modelcall_when")]

    def __str__(self) -> str:
        return f"{self.model} on {self.document}: {self.state}"
