"""Addresses of the public pages."""

from django.urls import path

from tracker.web.public import searching, views

urlpatterns = [
    path("", views.home, name="home"),
    path("people/<int:pk>/", views.person, name="person"),
    path("organizations/<int:pk>/", views.organization, name="organization"),
    path("events/<int:pk>/", views.event, name="event"),
    path("cases/<int:pk>/", views.case, name="case"),
    path("search/", searching.page, name="search"),
]
