"""What curators did to several rows as one, and what they judged of two rows for good."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from events.choices import ActKind, ActVerb, RequestState, StepVerb
from events.models.base import Created, one_of


class Act(Created):
    """A merge, a split or a step on a whole case: its revisions stand or are undone as one.

    `source` and `target` are primary keys of rows of that kind: what was given up or taken from, and what it
    became; a case's step has its case as the source. `moved` says what else went over, so that undoing the act
    can give back exactly that.
    """

    verb = models.CharField(max_length=12, choices=ActVerb.pairs())
    kind = models.CharField(max_length=12, choices=ActKind.pairs())
    source = models.BigIntegerField()
    target = models.BigIntegerField(null=True, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.TextField()
    moved = models.JSONField(default=dict, blank=True)
    undone_by = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="undoes"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "source"], name="act_source"),
            models.Index(fields=["kind", "target"], name="act_target"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(reason=""), name="act_has_reason"),
            models.CheckConstraint(condition=~Q(user=models.F("approver")), name="act_four_eyes"),
            one_of("verb", ActVerb.pairs()),
            one_of("kind", ActKind.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.verb} of {self.kind} {self.source}"


class Judgement(Created):
    """That two people, organizations or events are the same, or are not: remembered, so that nobody is asked twice."""

    kind = models.CharField(max_length=12, choices=ActKind.pairs())
    low = models.BigIntegerField(help_text="The smaller primary key of the two")
    high = models.BigIntegerField(help_text="The greater primary key of the two")
    same = models.BooleanField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["kind", "low", "high"], name="judgement_once"),
            models.CheckConstraint(condition=Q(low__lt=models.F("high")), name="judgement_of_two"),
            one_of("kind", ActKind.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.low} and {self.high}: {'the same' if self.same else 'not the same'}"


class StepRequest(Created):
    """A step on the published record that a curator asks for and that waits for a second one.

    `arguments` are those of the step, `heads` the latest revisions of the events that it bears on when it was
    asked for: when one of them has changed since, what was asked for was about something else.
    """

    verb = models.CharField(max_length=12, choices=StepVerb.pairs())
    arguments = models.JSONField(default=dict)
    heads = models.JSONField(default=dict, help_text="Event: number of its latest revision")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    state = models.CharField(max_length=8, choices=RequestState.pairs(), default=RequestState.OPEN.value)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["state", "id"], name="steprequest_queue")
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN.value, decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state=RequestState.OPEN.value) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="steprequest_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.DONE.value) | ~Q(user=models.F("decided_by")),
                name="steprequest_four_eyes",
            ),
            one_of("verb", StepVerb.pairs()),
            one_of("state", RequestState.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.verb}, asked for by {self.user}: {self.state}"
