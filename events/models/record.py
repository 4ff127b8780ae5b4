"""The record: events and their typed details, cases, and the ledger of revisions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from events.choices import (
    CLAIM_STATUSES,
    Degree,
    DepartureType,
    Kind,
    Metric,
    Operation,
    PartyType,
    PenaltyType,
    Qualifier,
    Role,
    Status,
)
from events.models.acts import Act
from events.models.base import Created, date_field, one_of, partial_date_check, precision_field
from events.models.grades import Grade
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.sources import Document

DATE_FIELDS = ("occurred", "decided", "announced", "effective", "ended")
"""The dates of a claim; when it was published and first seen stand beside them."""


class Case(Created):
    """One decision that bears on several people or units. Published, corrected and undone as one."""

    title = models.CharField(max_length=500)
    issuer = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided = date_field()
    decided_precision = precision_field()
    key = models.CharField(max_length=200, unique=True, help_text="What makes two documents' cases the same")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [partial_date_check("decided")]

    def __str__(self) -> str:
        return self.title


class Event(Created):
    """One governance fact, as the latest revision has it.

    A projection of the ledger: the revisions are the truth, and these columns are what queries and
    constraints need of the latest one.
    """

    kind = models.CharField(max_length=14, choices=Kind.pairs())
    action = models.CharField(max_length=14)
    title = models.CharField(max_length=300, blank=True, default="", help_text="The position it is about")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="Where the subject holds the position, or what the unit belongs to",
    )  # fmt: skip
    occurred = date_field()
    occurred_precision = precision_field()
    decided = date_field()
    decided_precision = precision_field()
    announced = date_field()
    announced_precision = precision_field()
    effective = date_field()
    effective_precision = precision_field()
    ended = date_field()
    ended_precision = precision_field()
    date = models.DateField(
        help_text="What timelines sort by: effective, decided, occurred, announced or published"
    )
    date_precision = models.CharField(max_length=5)
    published_at = models.DateTimeField(null=True, blank=True, help_text="Of the earliest document")
    first_seen_at = models.DateTimeField(help_text="When this service first fetched a document that says it")
    status = models.CharField(max_length=9, choices=Status.pairs())
    assertion = models.CharField(
        max_length=9,
        choices=[(s.value, s.label) for s in CLAIM_STATUSES],
        help_text="How firmly the sources state it; stays when the status becomes corrected or retracted",
    )
    severity = models.PositiveSmallIntegerField()
    severity_inputs = models.JSONField(default=dict)
    confidence = models.FloatField()
    departure = models.CharField(max_length=9, choices=DepartureType.pairs(), blank=True, default="")
    interim = models.BooleanField(default=False)
    headcount_min = models.PositiveIntegerField(null=True, blank=True)
    headcount_max = models.PositiveIntegerField(null=True, blank=True)
    headcount_text = models.CharField(max_length=200, blank=True, default="")
    case = models.ForeignKey(Case, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    head = models.OneToOneField(
        "events.Revision", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="The latest revision; null only inside the transaction that publishes",
    )  # fmt: skip
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from", editable=False
    )
    search = SearchVectorField(null=True, editable=False, help_text="The words under which it is found")

    class Meta:
        ordering: ClassVar[list[str]] = ["-date", "-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *[partial_date_check(name) for name in (*DATE_FIELDS, "date")],
            models.CheckConstraint(condition=Q(severity__lte=5), name="event_severity_range"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0) & Q(confidence__lte=1), name="event_confidence_range"
            ),
            models.CheckConstraint(
                condition=~Q(kind=Kind.LEADERSHIP.value) & Q(departure="", interim=False)
                | Q(kind=Kind.LEADERSHIP.value),
                name="event_departure_is_leadership",
            ),
            models.CheckConstraint(
                condition=Q(headcount_max__isnull=True)
                | Q(headcount_min__isnull=True)
                | Q(headcount_max__gte=models.F("headcount_min")),
                name="event_headcount_order",
            ),
            one_of("kind", Kind.pairs()),
            one_of("status", Status.pairs()),
            one_of("assertion", [(s.value, s.label) for s in CLAIM_STATUSES]),
            one_of("departure", DepartureType.pairs(), blank=True),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-date", "-id"], name="event_date"),
            models.Index(fields=["kind", "-date", "-id"], name="event_kind_date"),
            GinIndex(fields=["search"], name="event_search"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}/{self.action} {self.date}"


class Bearing(models.Model):
    """That a standing event bears on someone, with its date: what timelines are read by.

    A projection of the latest revision's subjects. Its index has a subject's events in the order of a timeline, so
    that a page costs as much for a subject with a million events as for one with fifty.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="bearings")
    subject = models.CharField(max_length=24, help_text="person:ID or organization:ID")
    date = models.DateField(help_text="The event's")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "subject"], name="bearing_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["subject", "date", "event"], name="bearing_timeline"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.date}"


class Party(models.Model):
    """Who an event is about (`subject`) and who else has a part in it, with the name as published."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="parties")
    role = models.CharField(max_length=12, choices=Role.pairs())
    order = models.PositiveSmallIntegerField(default=0)
    type = models.CharField(max_length=12, choices=PartyType.pairs())
    executive = models.ForeignKey(
        Executive, null=True, blank=True, on_delete=models.PROTECT, related_name="parties"
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="parties"
    )
    name = models.CharField(max_length=300)
    title = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        verbose_name_plural = "parties"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["event"], condition=Q(role=Role.SUBJECT.value), name="party_one_subject"
            ),
            models.UniqueConstraint(fields=["event", "order"], name="party_order_once"),
            models.CheckConstraint(
                condition=Q(executive__isnull=True) | Q(type=PartyType.PERSON.value),
                name="party_person_is_executive",
            ),
            models.CheckConstraint(
                condition=Q(organization__isnull=True) | Q(type=PartyType.ORGANIZATION.value),
                name="party_organization_type",
            ),
            one_of("role", Role.pairs()),
            one_of("type", PartyType.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.name}"


class Penalty(models.Model):
    """One penalty of a decision. `steps` is computed from the ladder; `levels` is what the source says."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="penalties")
    order = models.PositiveSmallIntegerField(default=0)
    type = models.CharField(max_length=10, choices=PenaltyType.pairs())
    levels = models.PositiveSmallIntegerField(null=True, blank=True)
    from_label = models.CharField(max_length=30, blank=True, default="")
    to_label = models.CharField(max_length=30, blank=True, default="")
    from_grade = models.ForeignKey(Grade, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    to_grade = models.ForeignKey(Grade, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    steps = models.SmallIntegerField(null=True, blank=True, help_text="On the ladder; negative is down")
    degree = models.CharField(max_length=8, choices=Degree.pairs(), blank=True, default="")
    amount = models.DecimalField(null=True, blank=True, max_digits=24, decimal_places=6)
    currency = models.CharField(max_length=3, blank=True, default="", help_text="ISO 4217")
    duration = models.CharField(max_length=20, blank=True, default="", help_text="ISO 8601, such as P5Y")

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        verbose_name_plural = "penalties"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "order"], name="penalty_order_once"),
            one_of("type", PenaltyType.pairs()),
            one_of("degree", Degree.pairs(), blank=True),
        ]

    def __str__(self) -> str:
        return self.type


class Ground(models.Model):
    """One ground of a decision, in the document's words."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="grounds")
    order = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(max_length=500)

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "order"], name="ground_order_once")
        ]

    def __str__(self) -> str:
        return self.text


class Measure(models.Model):
    """A figure: in units (38523000000, not 38.523 billion), percentages as fractions."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="measures")
    order = models.PositiveSmallIntegerField(default=0)
    metric = models.CharField(max_length=12, choices=Metric.pairs())
    value = models.DecimalField(max_digits=24, decimal_places=6)
    qualifier = models.CharField(max_length=9, choices=Qualifier.pairs(), blank=True, default="")
    currency = models.CharField(max_length=3, blank=True, default="", help_text="ISO 4217")
    period = models.CharField(
        max_length=10, blank=True, default="", help_text="2024, FY2025, 2025-Q3, 2025-H1"
    )
    change = models.DecimalField(
        null=True, blank=True, help_text="Year on year, a fraction", max_digits=24, decimal_places=6
    )
    change_qualifier = models.CharField(max_length=9, choices=Qualifier.pairs(), blank=True, default="")
    threshold = models.DecimalField(
        null=True, blank=True, help_text="What the value is held against", max_digits=24, decimal_places=6
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "order"], name="measure_order_once"),
            one_of("metric", Metric.pairs()),
            one_of("qualifier", Qualifier.pairs(), blank=True),
            one_of("change_qualifier", Qualifier.pairs(), blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"


class Evidence(models.Model):
    """The words that prove one field: `document.text[start:end] == quote`, in code points."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="evidence")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="evidence")
    field = models.CharField(
        max_length=100, blank=True, default="", help_text="JSON Pointer; empty is the whole"
    )
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.CharField(max_length=400)

    class Meta:
        ordering: ClassVar[list[str]] = ["document", "start", "field"]
        verbose_name_plural = "evidence"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(end__gt=models.F("start")), name="evidence_span_order"),
        ]

    def __str__(self) -> str:
        return f"{self.field or '(all)'}: {self.quote[:40]}"


class Revision(models.Model):
    """An immutable published version of an event. The revisions in order are the ledger.

    `seq` has no gaps and grows in the order of commits, so that it is a safe cursor: the row is written while
    the ledger's head is locked. A database trigger refuses UPDATE and DELETE.
    """

    seq = models.BigIntegerField(primary_key=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(help_text="1 for the event's first revision")
    operation = models.CharField(max_length=3, choices=Operation.pairs())
    payload = models.JSONField(help_text="The event's full public payload")
    changes = models.JSONField(default=list, help_text="Fields that differ: pointer, old and new value")
    subjects = ArrayField(
        models.CharField(max_length=24), help_text="Who it bears on: person:ID and organization:ID"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField(blank=True, default="")
    recorded_at = models.DateTimeField()
    act = models.ForeignKey(
        Act, null=True, blank=True, on_delete=models.PROTECT, related_name="revisions",
        help_text="The merge, split or case-wide step that it is part of",
    )  # fmt: skip
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["seq"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["event", "number"], name="revision_number_once"),
            models.UniqueConstraint(fields=["previous_hash"], name="revision_chain_never_forks"),
            models.CheckConstraint(condition=~Q(author=models.F("approver")), name="revision_four_eyes"),
            one_of("operation", Operation.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["event", "-seq"], name="revision_event"),
            models.Index(fields=["recorded_at"], name="revision_recorded_at"),
            GinIndex(fields=["subjects"], name="revision_subjects"),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.operation} of event {self.event_id}"


class LedgerHead(models.Model):
    """The one row that publishers lock last, for the moment in which the next revision gets its number."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(id=1), name="ledgerhead_one_row")
        ]

    def __str__(self) -> str:
        return f"revision {self.seq}"
