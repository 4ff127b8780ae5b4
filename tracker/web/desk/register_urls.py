"""Addresses of what curators keep by hand: people, organizations, grade ladders."""

from django.urls import path

from tracker.web.desk import ladders, registers

urlpatterns = [
    path("register/<slug:kind>/", registers.register, name="register"),
    path("register/<slug:kind>/<int:pk>/", registers.entry, name="register-entry"),
    path("register/<slug:kind>/<int:pk>/<slug:verb>/", registers.step, name="register-step"),
    path("ladders/", ladders.ladders, name="ladders"),
    path("ladders/add/", ladders.edit, name="ladder-add"),
    path("ladders/<int:pk>/", ladders.ladder, name="ladder"),
    path("ladders/<int:pk>/next/", ladders.edit, name="ladder-edit"),
]
