"""Addresses of the desk."""

from allauth.account.views import login, logout
from django.urls import path

from tracker.web.desk import (
    bulk,
    claim_urls,
    deliveries,
    doubles,
    events,
    feed_adding,
    feeds,
    proposals,
    requests,
    source_changes,
    views,
)

urlpatterns = [
    path("", views.queue, name="queue"),
    path("bulk/<slug:verb>/", bulk.step, name="bulk"),
    path("undo/", bulk.undo, name="undo"),
    path("counts/", bulk.counts, name="counts"),
    path("login/", login, name="login"),
    path("logout/", logout, name="logout"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/answer/", proposals.step, name="proposal-answer"),
    *claim_urls.urlpatterns,
    path("events/<int:pk>/", events.event, name="event"),
    path("events/<int:pk>/<slug:verb>/", events.step, name="event-step"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<int:pk>/<slug:verb>/", requests.decide, name="request-decide"),
    path("doubles/", doubles.doubles, name="doubles"),
    path("doubles/decide/", doubles.decide, name="doubles-decide"),
    path("log/", requests.log, name="log"),
    path("acts/<int:pk>/undo/", requests.undo_act, name="act-undo"),
    path("deliveries/", deliveries.deliveries, name="deliveries"),
    path("deliveries/webhooks/<int:pk>/<slug:verb>/", deliveries.step, name="webhook-step"),
    path("deliveries/messages/<int:pk>/replay/", deliveries.replay, name="message-replay"),
    path("changes/", source_changes.changes, name="changes"),
    path("changes/<int:pk>/", source_changes.change, name="change"),
    path("changes/<int:pk>/<slug:verb>/", source_changes.step, name="change-step"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/<int:pk>/", feeds.feed, name="feed"),
    path("feeds/<int:pk>/<slug:verb>/", feeds.step, name="feed-step"),
    path("feeds/add/", feed_adding.add, name="feed-add"),
    path("feeds/lists/", feed_adding.lists, name="feed-lists"),
    path("feeds/lists/feeds.opml", feed_adding.export, name="feed-export"),
    path("articles/add/", feed_adding.article, name="article-add"),
    path("candidates/<int:pk>/", views.candidate, name="candidate"),
    path("candidates/<int:pk>/<slug:verb>/", views.step, name="step"),
]
