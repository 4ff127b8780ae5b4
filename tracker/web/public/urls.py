"""Addresses of the public pages."""

from django.contrib.sitemaps.views import sitemap
from django.urls import path
from django.views.decorators.cache import cache_control

from tracker.web.public import browsing, pages, searching, sitemaps, subjects, views

_hourly = cache_control(public=True, max_age=3600)

urlpatterns = [
    path("", browsing.home, name="home"),
    path("people/<int:pk>/", subjects.person, name="person"),
    path("organizations/<int:pk>/", subjects.organization, name="organization"),
    path("events/", browsing.events, name="events"),
    path("events/<int:pk>/", views.event, name="event"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("events/<int:pk>/card.png", pages.card, name="event-card"),
    path("people/<int:pk>/card.png", pages.person_card, name="person-card"),
    path("organizations/<int:pk>/card.png", pages.organization_card, name="organization-card"),
    path("search/", searching.page, name="search"),
    path("changes/", pages.changes, name="latest-changes"),
    path("about/", pages.about, name="about"),
    path("method/", pages.method, name="method"),
    path("corrections/", pages.corrections, name="corrections"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("sitemap.xml", sitemaps.index, name="sitemap-index"),
    path("sitemap-<section>.xml", _hourly(sitemap), {"sitemaps": sitemaps.SITEMAPS}, name="sitemap"),
]
