"""What readers proposed, for curators to answer."""

from __future__ import annotations

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from api.review import examples, examples_done
from api.review.base import ReviewRecords
from api.review.documentation import step
from api.review.filtersets import ProposalFilter
from api.review.serializers import asked, shown
from api.review.showing import proposal_json
from events.choices import ProposalState
from events.models.proposals import Proposal
from events.proposals.answering import answer


def proposals() -> QuerySet[Proposal]:
    """Every proposal, with the curator who answered it."""
    return Proposal.objects.select_related("handled_by")


@extend_schema_view(
    list=extend_schema(
        summary="Find what readers proposed",
        description="Oldest first; `state=open` are those that wait for an answer.",
        responses=shown.Proposal(many=True),
        examples=[examples.PROPOSAL],
    ),
    retrieve=extend_schema(
        summary="One proposal",
        description="What a reader sent, and what a curator answered.",
        responses=shown.Proposal,
        examples=[examples.PROPOSAL],
    ),
)
class Proposals(ReviewRecords):
    """Corrections and replies of readers."""

    queryset = Proposal.objects.none()
    filterset_class = ProposalFilter
    serializer_class = shown.Proposal
    rows = proposals
    show = proposal_json
    show_one = proposal_json

    @step("Answer a proposal", (
        "For whoever holds its receipt. What is taken up is done by a step on the event itself; this says so. 409 where "
        "it was answered before."
    ), asked.ProposalAnswer, shown.Proposal, examples.ANSWER_PROPOSAL, examples_done.PROPOSAL_DECLINED,
          matched=False)  # fmt: skip
    @action(detail=True, methods=["post"], pagination_class=None)
    def answer(self, request: Request, id: int) -> Response:
        """Answers the proposal."""
        row, body = self.get_object(), self.body(asked.ProposalAnswer)
        done = answer(row.pk, self.curator, ProposalState(body["state"]), body["answer"])
        return Response(proposal_json(done))
