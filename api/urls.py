"""Addresses of the API, mounted at `/api/v1/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path
from rest_framework.routers import SimpleRouter

from api.changes.views import Changes
from api.views.docs import DocsView, Nowhere, Root, SchemaView
from api.views.events import Events
from api.views.executives import Executives
from api.views.exports import VIEWS as EXPORTS
from api.views.feeds import VIEWS as FEEDS
from api.views.organizations import Organizations
from api.views.proposals import ADDRESSES as PROPOSALS
from api.views.reconcile import ADDRESSES as RECONCILE
from api.views.registers import Cases, Documents, Ladders
from api.views.search import Search
from api.views.subscriptions import Subscriptions
from api.views.webhooks import Deliveries, Webhooks

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("executives", Executives, basename="executive")
router.register("organizations", Organizations, basename="organization")
router.register("events", Events, basename="event")
router.register("cases", Cases, basename="case")
router.register("documents", Documents, basename="document")
router.register("ladders", Ladders, basename="ladder")
router.register("subscriptions", Subscriptions, basename="subscription")
router.register("webhooks", Webhooks, basename="webhook")
router.register("deliveries", Deliveries, basename="delivery")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", Root.as_view(), name="root"),
    path("changes/", Changes.as_view(), name="changes"),
    *router.urls,
    path("search/", Search.as_view(), name="search"),
    *[path(f"export/{view.file.name}", view.as_view(), name=f"export-{view.file.name}") for view in EXPORTS],
    *[path(f"feeds/{view.name}", view.as_view(), name=f"feed-{view.name}") for view in FEEDS],
    *PROPOSALS,
    *RECONCILE,
    path("review/", include("api.review.urls")),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    re_path(r"^[\s\S]*/$", Nowhere.as_view(), name="nowhere"),
]
