"""Addresses of the public pages."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.cache import cache_control

from tracker.web.public import pages, searching, sitemaps, views

_hourly = cache_control(public=True, max_age=3600)

urlpatterns = [
    path("", views.home, name="home"),
    path("people/<int:pk>/", views.person, name="person"),
    path("organizations/<int:pk>/", views.organization, name="organization"),
    path("events/<int:pk>/", views.event, name="event"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("events/<int:pk>/card.png", pages.card, name="event-card"),
    path("search/", searching.page, name="search"),
    path("changes/", pages.changes, name="latest-changes"),
    path("about/", pages.about, name="about"),
    path("method/", pages.method, name="method"),
    path("corrections/", pages.corrections, name="corrections"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap-index"),
    path("sitemap-<section>.xml", _hourly(sitemap), {"sitemaps": sitemaps.SITEMAPS}, name="sitemap"),
]
