"""Steps on what is published: events, cases, merges, splits; the acts they leave; the requests that wait."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.viewsets import GenericViewSet

from api.parameters import NoParameters, read
from api.review import examples
from api.review import examples_done as done
from api.review.base import Review, ReviewRecords
from api.review.documentation import ACTED_OR_ASKED, REVISED_OR_ASKED, WHEN, step
from api.review.filtersets import ActFilter, RequestFilter
from api.review.serializers import asked, shown
from api.review.showing import act_detail, act_json, approved_json, event_json, request_json
from events import curation
from events.choices import StepVerb
from events.models.acts import Act, StepRequest
from events.models.record import Case, Event
from events.timelines.keyset import Key

JSON = dict[str, Any]


class Steps(Review, GenericViewSet[Any]):
    """Steps on a resource of the record."""

    lookup_url_kwarg = "id"
    lookup_value_converter = "int"
    pagination_class = None
    serializer_class: type[Serializer[Any]] = shown.Act

    def ask(self, verb: StepVerb, shape: type[asked.Alone], **about: Any) -> Response:
        """Does the step where one curator is enough, else leaves it to a second one."""
        body = self.body(shape)
        reason, override = body.pop("reason"), body.pop("override")
        return self.outcome(curation.ask(verb, about | body, self.curator, reason, override=override))


class ReviewEvents(Steps):
    """Published events, to correct and to retract."""

    queryset = Event.objects.filter(head__isnull=False)
    serializer_class = shown.ReviewEvent
    pointers: ClassVar[dict[str, str]] = {"correct": "/claim"}

    @extend_schema(
        summary="One event, for curators",
        description=(
            "With its latest revision, who wrote and who approved it, and the candidates that it was made of. Its "
            "ETag here is the revision's `seq`."
        ),
        responses=shown.ReviewEvent,
        examples=[examples.EVENT],
        filters=False,
    )
    def retrieve(self, request: Request, id: int) -> Response:
        """The event."""
        read(request, NoParameters)
        row = self.get_queryset().get(pk=id)
        return Response(event_json(row), headers={"ETag": _etag(row)})

    @step("Correct an event", f"Publishes a corrected claim as a new revision. {WHEN}",
          asked.Correct, REVISED_OR_ASKED, examples.CORRECT, done.CORRECTED, done.CORRECT_WAITS)  # fmt: skip
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, id: int) -> Response:
        """Corrects the event."""
        return self._step(StepVerb.CORRECT, asked.Correct)

    @step("Retract an event", f"Takes it off the record; its page and its revisions stay, and say so. {WHEN}",
          asked.Alone, REVISED_OR_ASKED, examples.ALONE, done.RETRACTED, done.RETRACT_WAITS)  # fmt: skip
    @action(detail=True, methods=["post"])
    def retract(self, request: Request, id: int) -> Response:
        """Retracts the event."""
        return self._step(StepVerb.RETRACT, asked.Alone)

    @step("Undo the last step on an event", f"Puts the version before the latest back, as a new revision. {WHEN}",
          asked.Alone, REVISED_OR_ASKED, examples.ALONE, done.UNDONE, done.UNDO_WAITS)  # fmt: skip
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, id: int) -> Response:
        """Undoes the last step."""
        return self._step(StepVerb.UNDO, asked.Alone)

    @step("Set an event's severity", f"In place of the computed one, which stays beside it. {WHEN}",
          asked.Severity, REVISED_OR_ASKED, examples.SEVERITY, done.GRAVER, done.SEVERITY_WAITS)  # fmt: skip
    @action(detail=True, methods=["post"])
    def severity(self, request: Request, id: int) -> Response:
        """Sets the severity."""
        return self._step(StepVerb.SEVERITY, asked.Severity)

    @transaction.atomic
    def _step(self, verb: StepVerb, shape: type[asked.Alone]) -> Response:
        """Takes a step on the event, held from the look at its version on."""
        row = self.get_queryset().select_for_update(of=("self",)).get(pk=self.kwargs["id"])
        self.matched(_etag(row))
        return self.ask(verb, shape, event=row.pk)


class ReviewCases(Steps):
    """Cases, to correct and to retract as one."""

    queryset = Case.objects.all()
    pointers: ClassVar[dict[str, str]] = {"correct": "/change"}

    @step("Correct a case", f"What its events share, and single events of it, as one. {WHEN}",
          asked.CorrectCase, ACTED_OR_ASKED, examples.CORRECT_CASE, done.CASE_CORRECTED, done.CORRECT_CASE_WAITS,
          matched=False)  # fmt: skip
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, id: int) -> Response:
        """Corrects the case."""
        return self.ask(StepVerb.CORRECT_CASE, asked.CorrectCase, case=self.get_queryset().get(pk=id).pk)

    @step("Retract a case", f"Takes every standing event of it off the record, as one. {WHEN}",
          asked.Alone, ACTED_OR_ASKED, examples.ALONE, done.CASE_RETRACTED, done.RETRACT_CASE_WAITS,
          matched=False)  # fmt: skip
    @action(detail=True, methods=["post"])
    def retract(self, request: Request, id: int) -> Response:
        """Retracts the case."""
        return self.ask(StepVerb.RETRACT_CASE, asked.Alone, case=self.get_queryset().get(pk=id).pk)


class Merges(Steps):
    """Two entries that turn out to be one."""

    queryset = Act.objects.none()

    @step("Merge two entries", (
        "The source becomes an old number of the target, which answers for it from then on; its events are rewritten "
        f"by revisions of their own, and the judgement is remembered. {WHEN}"
    ), asked.Merge, ACTED_OR_ASKED, examples.MERGE, done.MERGED, done.MERGE_WAITS, matched=False)  # fmt: skip
    def create(self, request: Request) -> Response:
        """Merges two entries."""
        return self.ask(StepVerb.MERGE, asked.Merge)


class Splits(Steps):
    """What was taken for one turns out to be two."""

    queryset = Act.objects.none()

    @step("Split an entry", (
        "Gives some of a person's or organization's events to another (`events`, with `target` or `name`), or makes "
        f"a candidate that had joined an event an event of its own (`candidate`). {WHEN}"
    ), asked.Split, ACTED_OR_ASKED, examples.SPLIT, done.DIVIDED, done.SPLIT_WAITS, matched=False)  # fmt: skip
    def create(self, request: Request) -> Response:
        """Splits an entry."""
        return self.ask(StepVerb.SPLIT, asked.Split)


def acts() -> QuerySet[Act]:
    """Every act, with its curators."""
    return Act.objects.select_related("user", "approver")


@extend_schema_view(
    list=extend_schema(
        summary="Find acts",
        description="Merges, splits, steps on cases, and what undid them; newest first.",
        responses=shown.Act(many=True),
        examples=[examples.ACT],
    ),
    retrieve=extend_schema(
        summary="One act",
        description="With its revisions.",
        responses=shown.ActDetail,
        examples=[examples.ACT_DETAIL],
    ),
)
class Acts(ReviewRecords):
    """What curators did to several entries as one."""

    queryset = Act.objects.none()
    filterset_class = ActFilter
    serializer_class = shown.Act
    detail_class = shown.ActDetail
    keys = (Key("id", int, True),)
    rows = acts
    show = act_json
    show_one = act_detail

    @step("Undo an act", (
        "As a whole; the undoing is an act of its own. Where an event was changed since, only what the act did to it "
        f"is taken back, or, where that cannot be told apart, the answer is 409. {WHEN}"
    ), asked.Alone, ACTED_OR_ASKED, examples.ALONE, done.ACT_UNDONE, done.UNDO_ACT_WAITS, matched=False)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def undo(self, request: Request, id: int) -> Response:
        """Undoes the act."""
        row, body = self.get_object(), self.body(asked.Alone)
        arguments = {"act": row.pk}
        return self.outcome(
            curation.ask(
                StepVerb.UNDO_ACT, arguments, self.curator, body["reason"], override=body["override"]
            )
        )


def requests() -> QuerySet[StepRequest]:
    """Every request, with its curators."""
    return StepRequest.objects.select_related("user", "decided_by")


@extend_schema_view(
    list=extend_schema(
        summary="Find steps that were asked for",
        description="Oldest first; `state=open` are those that wait for a second curator.",
        responses=shown.StepRequest(many=True),
        examples=[examples.REQUEST],
    ),
    retrieve=extend_schema(
        summary="One step that was asked for",
        description="With what has become of it.",
        responses=shown.StepRequest,
        examples=[examples.REQUEST],
    ),
)
class Requests(ReviewRecords):
    """Steps that one curator asked for and another has to approve."""

    queryset = StepRequest.objects.none()
    filterset_class = RequestFilter
    serializer_class = shown.StepRequest
    rows = requests
    show = request_json
    show_one = request_json

    @step("Approve a step", (
        "Does it, as the step of whoever asked, with the caller as its approver. 403 for whoever asked; 409 where an "
        "event that it bears on has changed since."
    ), asked.Nothing, shown.Approved, done.STEP_APPROVED, matched=False)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def approve(self, request: Request, id: int) -> Response:
        """Approves the request."""
        self.body(asked.Nothing)
        result = curation.approve_request(self.get_object().pk, self.curator)
        return Response(approved_json(self.get_object(), result))

    @step("Decline a step", "Takes it off the queue, with a reason; whoever asked may take it back alike.",
          asked.Answer, shown.StepRequest, examples.ANSWER, done.DECLINED, matched=False)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def decline(self, request: Request, id: int) -> Response:
        """Declines the request."""
        row, body = self.get_object(), self.body(asked.Answer)
        return Response(request_json(curation.decline_request(row.pk, self.curator, body["answer"])))


def _etag(row: Event) -> str:
    return f'"{row.head_id}"'
