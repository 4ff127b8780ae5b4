"""Corrections and replies of readers: sent by anyone, few at a time, with a receipt. Nothing of them is public.

A session's cookie is not looked at here: whoever is signed in cannot be made to send something by another page.
"""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import exceptions
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from api import examples_proposals as examples
from api.authentication import ApiKeyAuthentication
from api.parameters import NoParameters, read
from api.serializers.proposals import ProposalSent, ProposalStatus, ProposalTaken
from api.throttling import AnonymousRate
from api.views.base import Endpoint
from events.models.proposals import Proposal
from events.proposals import limits
from events.proposals.errors import InvalidProposal, TooManyOpen, TooManySent
from events.proposals.submitting import find, submit
from events.timelines.entries import instant

MAX_BODY = 64 * 1024
_RECEIPT = re.compile(r"[A-Za-z0-9_-]{43}")


class Everyone(BasePermission):
    """Everyone may send a proposal and ask after it, whatever reading needs: the right of reply has no key."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the method is one of the two; one that the view does not have passes, so that the answer is 405."""
        there = getattr(view, (request.method or "").lower(), None) is not None
        return not there or request.method in SAFE_METHODS or request.method == "POST"


class TooLarge(exceptions.APIException):
    """A body that no proposal needs."""

    status_code = 413
    default_detail = f"At most {MAX_BODY} bytes."
    default_code = "too_large"


class Private(Endpoint):
    """Answers that only whoever asked may keep."""

    authentication_classes = (ApiKeyAuthentication,)
    permission_classes = (Everyone,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keeps the answer out of every cache."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        return response


class Proposals(Private):
    """Where readers send what is wrong, or what they have to say."""

    @extend_schema(
        summary="Propose a correction, or reply",
        description=(
            "It goes to the curators and is not published. The receipt, shown once, asks after it; sending the same "
            "words again within minutes gives the same one. A few an hour and a day from one address; no key is needed."
        ),
        request=ProposalSent,
        responses={201: ProposalTaken},
        examples=[examples.SENT, examples.TAKEN],
        operation_id="proposals_create",
    )
    def post(self, request: Request) -> Response:
        """Takes it in."""
        read(request, NoParameters)
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BODY:
            raise TooLarge
        form = ProposalSent(data=request.data)
        form.is_valid(raise_exception=True)
        values = dict(form.validated_data)
        row, receipt = taken(values.pop("event"), AnonymousRate().get_ident(request), values)
        url = reverse("api:proposal", args=[receipt], request=request)
        return Response(
            {"receipt": receipt, "url": url, "state": row.state}, status=201, headers={"Location": url}
        )


def taken(event_id: int, address: str, values: dict[str, Any]) -> tuple[Proposal, str]:
    """The proposal and its receipt. Raises ValidationError, Throttled."""
    try:
        limits.count(address)
        return submit(event_id, **values)
    except InvalidProposal as error:
        raise exceptions.ValidationError({error.field: [str(error)]}) from None
    except TooManySent as error:
        raise exceptions.Throttled(error.wait, str(error)) from None
    except TooManyOpen as error:
        raise exceptions.Throttled(detail=str(error)) from None


class ProposalState(Private):
    """What has become of a proposal."""

    @extend_schema(
        summary="Ask after a proposal",
        description="Its state and the answer, by the receipt. Its text and who sent it are not shown.",
        parameters=[
            OpenApiParameter("receipt", str, OpenApiParameter.PATH, description="As it was shown once")
        ],
        responses=ProposalStatus,
        examples=[examples.STATUS],
        operation_id="proposals_retrieve",
    )
    def get(self, request: Request, receipt: str) -> Response:
        """The state."""
        read(request, NoParameters)
        row = find(receipt) if _RECEIPT.fullmatch(receipt) else None
        if row is None:
            raise Http404("There is no such receipt.")
        return Response(
            {
                "event": row.event_id,
                "revision": row.revision,
                "kind": row.kind,
                "field": row.field,
                "state": row.state,
                "answer": row.answer,
                "received_at": instant(row.created_at),
                "answered_at": instant(row.handled_at) if row.handled_at else None,
            }
        )


ADDRESSES = [
    path("proposals/", Proposals.as_view(), name="proposals"),
    path("proposals/<str:receipt>/", ProposalState.as_view(), name="proposal"),
]
