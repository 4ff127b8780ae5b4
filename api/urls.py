"""Addresses of the API, mounted at `/api/v1/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from api.views.docs import DocsView, Nowhere, Root, SchemaView
from api.views.events import Changes, Events
from api.views.executives import Executives
from api.views.organizations import Organizations
from api.views.proposals import ADDRESSES as PROPOSALS
from api.views.reconcile import ADDRESSES as RECONCILE
from api.views.registers import Cases, Documents, Ladders

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("executives", Executives, basename="executive")
router.register("organizations", Organizations, basename="organization")
router.register("events", Events, basename="event")
router.register("cases", Cases, basename="case")
router.register("documents", Documents, basename="document")
router.register("ladders", Ladders, basename="ladder")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", Root.as_view(), name="root"),
    *router.urls,
    path("changes/", Changes.as_view(), name="changes"),
    *PROPOSALS,
    *RECONCILE,
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path(r"^.*/$", Nowhere.as_view(), name="nowhere"),
]
