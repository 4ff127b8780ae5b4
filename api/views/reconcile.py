"""The Reconciliation Service API 0.2 (W3C Entity Reconciliation Community Group), as OpenRefine uses it.

Everything here only reads, by GET or, since batches are long, by a POST that changes nothing. The answers may be read
by any web page (CORS), always without credentials of the browser: a session's cookie is not looked at. JSONP is not
offered: version 0.2 leaves it out, and it would let pages run what a server sends.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.urls import path
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from api import examples_reconcile as examples
from api.authentication import ApiKeyAuthentication
from api.parameters import NoParameters, read
from api.permissions import READ, ReadOnlyOrScoped, scopes_of
from api.problems import InvalidParameters
from api.reconciling import BoundedForm, Slow, TooLarge, check, refuse, types, whole
from api.serializers import reconcile as shapes
from api.views.base import Endpoint
from events.models.organizations import Organization
from events.reconciliation import queries
from events.reconciliation.entities import found
from events.reconciliation.extending import extend
from events.reconciliation.matching import TookTooLong, reconcile
from events.reconciliation.previews import preview
from events.reconciliation.suggesting import MAX_CURSOR, suggest_entities, suggest_properties, suggest_types
from events.reconciliation.vocabulary import ORGANIZATION, PERSON, TYPES, proposed

JSON = dict[str, Any]
MAX_ADDRESS = 16_000
VERSIONS = ["0.2"]
WIDTH, HEIGHT = 420, 200
"""Of a preview, in pixels."""
IGNORED = frozenset(
    {"type_strict", "filter", "spell", "exact", "lang", "scoring", "key", "prefixed", "stemmed", "format", "limit"}
)  # fmt: skip
"""What OpenRefine's input fields send along with `prefix`, from the service that they were first written for."""
STYLE = (
    "body{margin:8px;font:14px/1.4 sans-serif;color:#1a1d21;background:#fff}h1{font-size:16px;margin:0}"
    "p{margin:4px 0;color:#5a5f66}ul{margin:4px 0;padding-left:18px}a{color:#1b4a75}"
)
PREVIEW_POLICY = (
    "default-src 'none'; style-src 'sha256-"
    + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
    + "'; base-uri 'none'; form-action 'none'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""A preview stands in frames of other sites: it has text, one style and links, and runs and loads nothing."""
Entity = OpenApiParameter("id", str, OpenApiParameter.PATH, description="Such as `person:4`")


class AskingByPost(ReadOnlyOrScoped):
    """Reading, whether by GET or by POST."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the caller may read."""
        if request.method == "POST" and hasattr(view, "post"):
            return bool(settings.API_ANONYMOUS_READ) or READ in scopes_of(request)
        return super().has_permission(request, view)


class Reconciling(Endpoint):
    """An endpoint that any web page may read."""

    authentication_classes = (ApiKeyAuthentication,)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Lets every origin read the answer, errors too."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response


class Reconcile(Reconciling):
    """The service: its manifest, batches of queries, and extensions."""

    permission_classes = (AskingByPost,)
    parser_classes = (BoundedForm,)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Checks who calls and how often; what a parameter may hold is longer here than elsewhere."""
        super(Endpoint, self).initial(request, *args, **kwargs)
        if len(request.META.get("QUERY_STRING", "")) > MAX_ADDRESS:
            raise TooLarge(f"At most {MAX_ADDRESS} characters in the address; send it by POST.")

    @extend_schema(
        summary="Reconcile: manifest, or a short batch",
        description=(
            "Without parameters the service's manifest. With `queries` or `extend` the same as by POST, for what is "
            "short enough for an address."
        ),
        parameters=[
            OpenApiParameter("queries", str, description="A batch of queries as JSON"),
            OpenApiParameter("extend", str, description="A request to extend as JSON"),
        ],
        responses={200: shapes.answer(shapes.MANIFEST, shapes.RESULTS, shapes.EXTENSION)},
        examples=[examples.MANIFEST],
        operation_id="reconcile",
    )
    def get(self, request: Request) -> Response:
        """The manifest, or the answer to what was asked."""
        if not request.query_params:
            return Response(manifest(request))
        return Response(answer(request.query_params))

    @extend_schema(
        summary="Reconcile a batch, or extend",
        description=(
            "`queries`: names (in any script or spelling) with types and properties as hints, answered with "
            "candidates, best first; `match` is true for one that needs no look. `extend`: properties of entities. "
            "One of the two. It changes nothing."
        ),
        request={"application/x-www-form-urlencoded": shapes.Asked},
        responses={200: shapes.answer(shapes.RESULTS, shapes.EXTENSION)},
        examples=[examples.QUERIES, examples.RESULTS],
        operation_id="reconcile_batch",
    )
    def post(self, request: Request) -> Response:
        """The answer to what was asked."""
        if request.query_params:
            raise InvalidParameters({name: ["Send it in the body."] for name in request.query_params})
        return Response(answer(request.data if isinstance(request.data, QueryDict) else QueryDict()))


def manifest(request: Request) -> JSON:
    """What the service offers and where. Identifiers are of SITE_URL, whatever the address it was asked at."""
    base = reverse("api:reconcile", request=request)
    here = reverse("api:reconcile")
    root = base.removesuffix(here)
    return {
        "versions": VERSIONS,
        "name": "Governance event tracker",
        "identifierSpace": f"{settings.SITE_URL}{here}entities/",
        "schemaSpace": f"{settings.SITE_URL}{here}types/",
        "documentation": reverse("api:docs", request=request),
        "defaultTypes": [{"id": name, "name": TYPES[name].name} for name in (PERSON, ORGANIZATION)],
        "view": {"url": f"{base}entities/{{{{id}}}}/"},
        "preview": {"url": f"{base}preview/{{{{id}}}}/", "width": WIDTH, "height": HEIGHT},
        "suggest": {
            kind: {"service_url": root, "service_path": f"{here}suggest/{kind}/"}
            for kind in ("entity", "type", "property")
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": f"{here}properties/"},
            "property_settings": [],
        },
        "batchSize": queries.MAX_BATCH,
    }


def answer(sent: QueryDict) -> JSON:
    """The answer to `queries` or `extend`. Raises InvalidParameters, TooLarge or Slow."""
    check(sent, {"queries", "extend"})
    if len(sent) != 1:
        raise InvalidParameters({"queries": ["Give either queries or extend."]})
    ((name, text),) = sent.items()
    try:
        if name == "queries":
            return reconcile(queries.read_batch(str(text)))
        return extend(queries.read_extension(str(text)))
    except queries.BatchTooLarge as error:
        raise TooLarge(str(error)) from None
    except queries.BadQuery as error:
        refuse(name, error)
    except TookTooLong as error:
        raise Slow(str(error)) from None


def suggest_parameters(*more: OpenApiParameter) -> list[OpenApiParameter]:
    """The parameters of a suggest service, for the schema."""
    skip = {"type": "integer", "minimum": 0, "maximum": MAX_CURSOR}
    return [
        OpenApiParameter("prefix", str, description="What was typed so far: a name, or an identifier"),
        OpenApiParameter("cursor", skip, description="Suggestions to skip"),
        *more,
    ]


class Suggest(Reconciling):
    """Suggestions for one kind of thing."""

    suggestions: ClassVar[Callable[[str, int], JSON]]

    def answer(self, request: Request) -> Response:
        """A page of suggestions."""
        sent = request.query_params
        check(sent, {"prefix", "cursor", "type", *IGNORED}, {"type", *IGNORED})
        types(sent)
        return Response(type(self).suggestions(sent.get("prefix", ""), whole(sent, "cursor", MAX_CURSOR)))


class SuggestEntity(Reconciling):
    """People and organizations while someone types."""

    @extend_schema(
        summary="Suggest entities",
        description="People and organizations whose name begins with, holds or sounds like the prefix.",
        parameters=suggest_parameters(OpenApiParameter("type", str, many=True, description="Only of a type")),
        responses={200: shapes.SUGGESTIONS},
        examples=[examples.SUGGESTED],
        operation_id="reconcile_suggest_entity",
    )
    def get(self, request: Request) -> Response:
        """A page of suggestions."""
        sent = request.query_params
        check(sent, {"prefix", "cursor", "type", *IGNORED}, {"type", *IGNORED})
        prefix, cursor = sent.get("prefix", "")[: queries.MAX_TEXT], whole(sent, "cursor", MAX_CURSOR)
        return Response(suggest_entities(prefix, types(sent), cursor))


class SuggestType(Suggest):
    """Types while someone types."""

    suggestions = suggest_types

    @extend_schema(
        summary="Suggest types",
        description="The types whose name or id holds the prefix.",
        parameters=suggest_parameters(),
        responses={200: shapes.SUGGESTIONS},
        examples=[examples.SUGGESTED_TYPES],
        operation_id="reconcile_suggest_type",
    )
    def get(self, request: Request) -> Response:
        """A page of suggestions."""
        return self.answer(request)


class SuggestProperty(Suggest):
    """Properties while someone types."""

    suggestions = suggest_properties

    @extend_schema(
        summary="Suggest properties",
        description="The properties whose name or id holds the prefix.",
        parameters=suggest_parameters(),
        responses={200: shapes.SUGGESTIONS},
        examples=[examples.SUGGESTED_PROPERTIES],
        operation_id="reconcile_suggest_property",
    )
    def get(self, request: Request) -> Response:
        """A page of suggestions."""
        return self.answer(request)


class Properties(Reconciling):
    """What a table can be extended with."""

    @extend_schema(
        summary="Properties to extend with",
        description="Those that entities of the type have; all where none is given.",
        parameters=[
            OpenApiParameter("type", str, description="A type's id"),
            OpenApiParameter("limit", {"type": "integer", "minimum": 0}, description="At most so many"),
        ],
        responses={200: shapes.PROPOSED},
        examples=[examples.PROPOSED],
        operation_id="reconcile_properties",
    )
    def get(self, request: Request) -> Response:
        """The properties."""
        sent = request.query_params
        check(sent, {"type", "limit"})
        wanted, limit = types(sent), whole(sent, "limit", 99_999_999)
        rows = [{"id": item.id, "name": item.name} for item in proposed(*wanted)]
        head: JSON = {"limit": limit} if limit else {}
        return Response({"type": wanted[0] if wanted else "", "properties": rows[: limit or None], **head})


class Preview(Reconciling):
    """A few lines on an entity, to stand in a frame."""

    @extend_schema(
        summary="Preview of an entity",
        description="A small page without scripts, for a frame of the size that the manifest tells.",
        parameters=[Entity],
        responses={(200, "text/html"): OpenApiResponse(str, "The page", examples=[examples.PREVIEW])},
        operation_id="reconcile_preview",
    )
    def get(self, request: Request, id: str) -> HttpResponse:
        """The page."""
        read(request, NoParameters)
        shown = preview(id[: queries.MAX_TEXT])
        if shown is None:
            raise Http404("There is no such entity.")
        page = render_to_string(
            "api/preview.html", {"preview": shown, "style": STYLE, "url": page_of(shown.id)}
        )
        response = HttpResponse(page, headers={"Content-Security-Policy": PREVIEW_POLICY})
        response.xframe_options_exempt = True  # Django's middleware looks for it
        return response


class View(Reconciling):
    """The address of an entity, by which its identifier is a web address."""

    @extend_schema(
        summary="Page of an entity",
        description="Leads to the page that readers see.",
        parameters=[Entity],
        responses={302: OpenApiResponse(description="To the page")},
        operation_id="reconcile_view",
    )
    def get(self, request: Request, id: str) -> HttpResponseRedirect:
        """Redirects to the page."""
        read(request, NoParameters)
        row = found(id[: queries.MAX_TEXT])
        if row is None:
            raise Http404("There is no such entity.")
        kind = ORGANIZATION if isinstance(row, Organization) else PERSON
        return HttpResponseRedirect(page_of(f"{kind}:{row.pk}"))


def page_of(entity_id: str) -> str:
    """The web page of `person:4` or `organization:2`."""
    kind, _, number = entity_id.partition(":")
    return f"{settings.SITE_URL}/{'people' if kind == PERSON else 'organizations'}/{number}/"


ADDRESSES = [
    path("reconcile/", Reconcile.as_view(), name="reconcile"),
    path("reconcile/suggest/entity/", SuggestEntity.as_view(), name="reconcile-suggest-entity"),
    path("reconcile/suggest/type/", SuggestType.as_view(), name="reconcile-suggest-type"),
    path("reconcile/suggest/property/", SuggestProperty.as_view(), name="reconcile-suggest-property"),
    path("reconcile/properties/", Properties.as_view(), name="reconcile-properties"),
    path("reconcile/preview/<str:id>/", Preview.as_view(), name="reconcile-preview"),
    path("reconcile/entities/<str:id>/", View.as_view(), name="reconcile-view"),
]
