"""What every endpoint of the curators' part does the same way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import Serializer

from api.bodies import BoundedJSONParser
from api.parameters import read_body
from api.preconditions import require_match
from api.review.errors import refusal
from api.review.permissions import REVIEW, Curators
from api.review.showing import act_json, request_json, revision_json
from api.views.base import Counted, Endpoint, Records
from events.exceptions import TrackerError
from events.models.access import User
from events.models.acts import Act, StepRequest
from events.models.record import Revision

JSON = dict[str, Any]


class Review(Endpoint):
    """For curators alone; nothing of it is kept by any cache.

    `pointers` names, by action, the member of the body that a claim's errors point into.
    """

    required_scope = REVIEW
    permission_classes = (Curators,)
    parser_classes = (BoundedJSONParser,)
    pointers: ClassVar[dict[str, str]] = {}

    @property
    def curator(self) -> User:
        """Who acts: the key's owner, or who is signed in."""
        user: User = self.request.user  # type: ignore[assignment]  # the permission has seen to it
        return user

    def body(self, shape: type[Serializer[Any]]) -> JSON:
        """The body's values. Raises ValidationError, with pointers; InvalidParameters for query parameters."""
        return read_body(self.request, shape)

    def matched(self, etag: str) -> bool:
        """Whether the request names the version that it is about. Raises PreconditionFailed for another one."""
        if not self.request.headers.get("If-Match", "").strip():
            return False
        require_match(self.request, etag)
        return True

    def handle_exception(self, exc: Exception) -> Response:
        """The problem for what the domain refuses and for what is not there."""
        if isinstance(exc, TrackerError):
            at = self.pointers.get(getattr(self, "action", None) or "")
            exc = refusal(exc, at=at, conditional="If-Match" in self.request.headers)
        elif isinstance(exc, ObjectDoesNotExist):
            exc = Http404("There is no such resource.")
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Forbids caches to keep the answer; so there is nothing to revalidate either."""
        response = Counted.finalize_response(self, request, response, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def outcome(self, result: Act | Revision | StepRequest) -> Response:
        """200 with the revision, 201 with the act, or 202 with the request that now waits for a second curator."""
        if isinstance(result, StepRequest):
            return Response(request_json(result), 202, headers=self.location("request", result.pk))
        if isinstance(result, Act):
            return Response(act_json(result), 201, headers=self.location("act", result.pk))
        return Response(revision_json(result))

    def location(self, name: str, pk: int) -> dict[str, str]:
        """The header that names a resource of this part."""
        url = reverse(f"api:review-{name}-detail", kwargs={"id": pk}, request=self.request)
        return {"Location": url}


class ReviewRecords(Review, Records):
    """Lists and single resources for curators."""
