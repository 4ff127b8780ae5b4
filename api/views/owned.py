"""What a caller has of its own: read and written by whoever owns it alone, kept by no cache."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from api.bodies import BoundedJSONParser
from api.parameters import NoParameters, read, read_body
from api.views.base import Counted, Records
from events.models.access import User

JSON = dict[str, Any]


class OwnRecords(Records):
    """Lists and single resources of the caller. `get_queryset` gives no one else's."""

    parser_classes = (BoundedJSONParser,)

    @property
    def owner(self) -> User:
        """Who calls: the key's owner, or who is signed in."""
        user: User = self.request.user  # type: ignore[assignment]  # the permission has seen to it
        return user

    def body(self, shape: type[Serializer[Any]], *, partial: bool = False) -> JSON:
        """The body's values; with `partial`, of the members that were sent. Raises ValidationError, with pointers;
        InvalidParameters for query parameters."""
        return read_body(self.request, shape, partial=partial)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Forbids caches to keep the answer."""
        response = Counted.finalize_response(self, request, response, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store, private"
        return response

    def destroy(self, request: Request, id: int) -> Response:
        """Takes one away."""
        read(request, NoParameters)
        self.get_object().delete()
        return Response(status=204)
