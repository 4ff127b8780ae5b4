"""Candidates: the queue, one of them, and the steps from there to the record."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api import fields
from api.bodies import Body
from api.parameters import NoParameters, read
from api.preconditions import require_match
from api.review import examples
from api.review import examples_done as done
from api.review.base import ReviewRecords
from api.review.documentation import MUST_MATCH, step
from api.review.filtersets import CandidateFilter
from api.review.serializers import asked, shown
from api.review.showing import candidate_detail, candidate_json
from events import curation
from events.models.access import User
from events.models.candidates import Candidate
from events.timelines.keyset import Key

QUEUE = (
    Key("severity", int, True),
    Key("novelty", float, True),
    Key("confidence", float, True),
    Key("id", int),
)
"""Gravest first, then the newest to the record, then those that extraction is surest of, then the oldest."""


def etag_of(row: Candidate) -> str:
    """The candidate's validator: its version, which grows with every step."""
    return f'"{row.version}"'


def known_user(pk: int) -> User:
    """The user of that id. Raises ValidationError, at the member `to`, where there is none who works at the desk."""
    found = User.objects.filter(pk=pk, is_active=True, is_staff=True).first()
    if found is None:
        raise ValidationError({"to": [f"There is no curator number {pk}."]})
    return found


def candidates() -> QuerySet[Candidate]:
    """Every candidate, with what answers show of it."""
    rows = Candidate.objects.select_related("document", "assigned_to", "accepted_by")
    return rows.defer("document__raw", "document__text")


@extend_schema_view(
    list=extend_schema(
        summary="Find candidates",
        description=(
            "In the order of the queue: gravest first, then the newest to the record, then those that extraction is "
            "surest of. Those of every state unless `state` says otherwise. A deferred candidate whose day has come is "
            "open."
        ),
        responses=shown.Candidate(many=True),
        examples=[examples.CANDIDATE],
    ),
)
class Candidates(ReviewRecords):
    """Claims that wait for a curator, and those decided."""

    queryset = Candidate.objects.none()
    filterset_class = CandidateFilter
    serializer_class = shown.Candidate
    detail_class = shown.CandidateDetail
    keys = QUEUE
    rows = candidates
    show = candidate_json
    show_one = candidate_detail
    pointers: ClassVar[dict[str, str]] = {"partial_update": "/claim"}

    @extend_schema(
        summary="One candidate",
        description=(
            "With its claim, its conflicts and whom its names may stand for, looked up anew while it is undecided. "
            "Its ETag is its version."
        ),
        responses=shown.CandidateDetail,
        examples=[examples.CANDIDATE_DETAIL],
        filters=False,
    )
    def retrieve(self, request: Request, id: int) -> Response:
        """The candidate."""
        read(request, NoParameters, sparse=True)
        tree = self.tree(request)
        curation.refresh(self.get_object().pk)
        return self._shown(self.get_object(), tree)

    @extend_schema(
        summary="Edit a candidate's claim",
        description=(
            "The claim as the curator has it, whole; what extraction read stays beside it. A claim that breaks the "
            "contract is a 422 that points at its field. Needs `If-Match`."
        ),
        parameters=[MUST_MATCH],
        request=asked.Edit,
        responses=shown.CandidateDetail,
        examples=[examples.EDIT, done.EDITED],
        filters=False,
    )
    def partial_update(self, request: Request, id: int) -> Response:
        """Sets the curator's version of the claim."""
        row = self.get_object()
        require_match(request, etag_of(row))
        curation.edit(row.pk, self.curator, self.body(asked.Edit)["claim"], row.version)
        return self._shown(self.get_object())

    @step("Accept a candidate", (
        "Publishes it, or from severity 3 on leaves it to a second curator: its state says which. `into` joins its "
        "words to the evidence of an event that tells the same."
    ), asked.Accept, shown.CandidateDetail, examples.ACCEPT, done.ACCEPTED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def accept(self, request: Request, id: int) -> Response:
        """Publishes the candidate or leaves it to a second curator."""
        return self._step(curation.accept, asked.Accept)

    @step("Approve a candidate", (
        "The second pair of eyes: publishes what another curator accepted. 403 for whoever accepted, edited or "
        "resolved it."
    ), asked.Remark, shown.CandidateDetail, examples.REMARK, done.APPROVED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def approve(self, request: Request, id: int) -> Response:
        """Publishes what another curator accepted."""
        return self._step(curation.approve, asked.Remark)

    @step("Reject a candidate", "Takes it out of the queue, with a reason.",
          asked.Reason, shown.CandidateDetail, examples.REASON, done.REJECTED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def reject(self, request: Request, id: int) -> Response:
        """Takes the candidate out of the queue."""
        return self._step(curation.reject, asked.Reason)

    @step("Defer a candidate", "Puts it aside for later: until a day, or for somebody to reopen.",
          asked.Defer, shown.CandidateDetail, examples.DEFER, done.DEFERRED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def defer(self, request: Request, id: int) -> Response:
        """Puts the candidate aside."""
        return self._step(curation.defer, asked.Defer)

    @step("Give a candidate to a curator", "Or to nobody. It holds nobody back, and the ETag stays.",
          asked.Assign, shown.CandidateDetail, examples.ASSIGN, done.ASSIGNED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def assign(self, request: Request, id: int) -> Response:
        """Gives it to somebody."""
        row = self.get_object()
        self.matched(etag_of(row))
        to = self.body(asked.Assign)["to"]
        curation.assign(row.pk, self.curator, known_user(to) if to is not None else None)
        return self._shown(self.get_object())

    @step("Reopen a candidate", "Puts one that was deferred, rejected or accepted back into the queue.",
          asked.Remark, shown.CandidateDetail, examples.REMARK, done.REOPENED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def reopen(self, request: Request, id: int) -> Response:
        """Puts the candidate back into the queue."""
        return self._step(curation.reopen, asked.Remark)

    @step("Say whom a name stands for", "Resolves a party of the claim to someone on record.",
          asked.Resolve, shown.CandidateDetail, examples.RESOLVE, done.RESOLVED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def resolve(self, request: Request, id: int) -> Response:
        """Resolves a party."""
        return self._step(curation.resolve_party, asked.Resolve)

    @step("Make a new entry for a name",
          "Puts a person or organization on record under the claim's name, and resolves the party to it.",
          asked.Party, shown.CandidateDetail, examples.PARTY, done.MADE)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def create_party(self, request: Request, id: int) -> Response:
        """Makes a new entry."""
        return self._step(curation.create_party, asked.Party)

    @step("Accept a case", (
        "Accepts all undecided candidates of the candidate's case in its document, all or none; from severity 3 of "
        "any of them on, all wait for a second curator."
    ), asked.AcceptCase, shown.CandidateList, examples.REMARK, done.CASE_ACCEPTED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def accept_case(self, request: Request, id: int) -> Response:
        """Accepts a case."""
        return self._case(curation.accept_case, asked.AcceptCase)

    @step("Approve a case", "Publishes, as one, what another curator accepted as a case.",
          asked.Remark, shown.CandidateList, examples.REMARK, done.CASE_APPROVED)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def approve_case(self, request: Request, id: int) -> Response:
        """Approves a case."""
        return self._case(curation.approve_case, asked.Remark)

    def _step(self, act: Any, shape: type[Body]) -> Response:
        """Takes a step with the body's members, on the version that the caller names, if one is named."""
        row = self.get_object()
        version = row.version if self.matched(etag_of(row)) else None
        act(row.pk, self.curator, version=version, **self.body(shape))
        return self._shown(self.get_object())

    def _case(self, act: Any, shape: type[Body]) -> Response:
        row = self.get_object()
        self.matched(etag_of(row))
        found = act(row.pk, self.curator, **self.body(shape))
        rows = candidates().filter(pk__in=[one.pk for one in found]).order_by("pk")
        return Response({"results": [candidate_detail(one) for one in rows]})

    def _shown(self, row: Candidate, tree: Any = None) -> Response:
        return Response(fields.pick(candidate_detail(row), tree), headers={"ETag": etag_of(row)})
