"""Judgements of two entries, and the pairs that wait for one."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from api.parameters import NoParameters, read
from api.review import examples
from api.review.base import Review, ReviewRecords
from api.review.documentation import step
from api.review.filtersets import JudgementFilter
from api.review.serializers import asked, shown
from api.review.showing import judgement_json, pairs_json
from events import curation
from events.choices import ActKind
from events.curation.judgements import judged
from events.models.acts import Judgement
from events.timelines.keyset import Key

_JUDGED = {
    201: OpenApiResponse(shown.Judgement, description="Judged"),
    200: OpenApiResponse(shown.Judgement, description="Judged anew: an earlier judgement was replaced"),
}


def judgements() -> QuerySet[Judgement]:
    """Every judgement, with its curator."""
    return Judgement.objects.select_related("user")


@extend_schema_view(
    list=extend_schema(
        summary="Find judgements",
        description="Newest first.",
        responses=shown.Judgement(many=True),
        examples=[examples.JUDGEMENT],
    ),
    retrieve=extend_schema(
        summary="One judgement",
        description="Who judged two entries to be the same, or not, and why.",
        responses=shown.Judgement,
        examples=[examples.JUDGEMENT],
    ),
)
class Judgements(ReviewRecords):
    """That two entries are the same, or are not: remembered, so that nobody is asked twice."""

    queryset = Judgement.objects.none()
    filterset_class = JudgementFilter
    serializer_class = shown.Judgement
    keys = (Key("id", int, True),)
    rows = judgements
    show = judgement_json
    show_one = judgement_json

    @step("Judge two entries", (
        "Says whether they are the same; a later judgement of the two replaces an earlier one. Entries judged not to "
        "be the same are not merged, and no pair that was judged is proposed again. To merge, see `review/merges/`."
    ), asked.Judge, _JUDGED, examples.JUDGE, examples.JUDGEMENT, examples.JUDGED, matched=False)  # fmt: skip
    def create(self, request: Request) -> Response:
        """Judges two entries."""
        body = self.body(asked.Judge)
        pair = ActKind(body["kind"]), body["one"], body["other"]
        before = judged(*pair)
        row = curation.judge(*pair, body["same"], self.curator, body["reason"])
        status = 201 if before is None else 200
        return Response(judgement_json(row), status, headers=self.location("judgement", row.pk))

    @extend_schema(
        summary="Take a judgement back",
        description="The question is open again.",
        request=None,
        responses={204: None},
        filters=False,
    )
    def destroy(self, request: Request, id: int) -> Response:
        """Forgets the judgement."""
        read(request, NoParameters)
        row: Any = self.get_object()
        curation.forget(ActKind(row.kind), row.low, row.high, self.curator)
        return Response(status=204)


class Duplicates(Review):
    """Entries that may be the same."""

    @extend_schema(
        summary="Entries that may be the same",
        description=(
            "Pairs that nobody has judged yet, the newest entries first: people and organizations of one name, "
            "events of one subject and action within two months. Judged, a pair is never proposed again."
        ),
        parameters=[asked.Pairs],
        responses=shown.DuplicateList,
        examples=[examples.DUPLICATES],
        operation_id="review_duplicates",
    )
    def get(self, request: Request) -> Response:
        """The pairs."""
        values = read(request, asked.Pairs)
        kind = ActKind(values["kind"])
        return Response({"results": pairs_json(kind, curation.duplicates(kind, values["limit"]))})
