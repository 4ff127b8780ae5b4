"""The project's addresses, and beside them the floors and peers."""

from django.urls import URLPattern, URLResolver, include, path

from tests.bench import bare, desk
from tests.bench.stock import StockSearch, StockTimeline

urlpatterns: list[URLPattern | URLResolver] = [
    path("bench/bare/timeline/", bare.timeline),
    path("bench/bare/changes/", bare.changes),
    path("bench/bare/desk/", desk.bare),
    path("bench/stock/<int:person>/", StockTimeline.as_view({"get": "list"})),
    path("bench/search/", StockSearch.as_view({"get": "list"})),
    path("", include("tracker.urls")),
]
