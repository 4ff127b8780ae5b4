"""The schema, its browsable docs, and what is at no address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiExample, extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.parameters import NoParameters, read
from api.views.base import Counted, Endpoint

STARTS = {
    "executives": "executive-list",
    "organizations": "organization-list",
    "ladders": "ladder-list",
    "events": "event-list",
    "cases": "case-list",
    "documents": "document-list",
    "changes": "changes",
    "reconcile": "reconcile",
    "schema": "schema",
    "docs": "docs",
}

ADDRESSES = OpenApiExample(
    "The addresses",
    value={name: f"https://tracker.example.org/api/v1/{name}/" for name in STARTS},
    response_only=True,
    status_codes=["200"],
)

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI writes its styles into the page; its scripts are files of ours."""


class SchemaView(Counted, SpectacularAPIView):
    """The OpenAPI 3.1 document, YAML, or JSON by `?format=json`."""


class DocsView(Counted, SpectacularSwaggerSplitView):
    """The docs in the browser, from files that we serve."""

    url_name = "api:schema"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Sets the policy that the page needs."""
        response = super().dispatch(request, *args, **kwargs)
        response.headers["Content-Security-Policy"] = POLICY
        return response


class Root(Endpoint):
    """Where to start."""

    @extend_schema(
        summary="Where to start",
        description="The addresses of the lists, the change stream, the schema and the docs.",
        responses={200: {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}},
        examples=[ADDRESSES],
        operation_id="root",
        tags=["root"],
    )
    def get(self, request: Request) -> Response:
        """The addresses."""
        read(request, NoParameters)
        return Response({name: reverse(f"api:{view}", request=request) for name, view in STARTS.items()})


class Nowhere(Endpoint):
    """Answers 404 with a problem where the API has no resource."""

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Raises Http404."""
        raise Http404("There is nothing at this address.")

    post = put = patch = delete = get
