"""Addresses of the desk."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from tracker.web.desk import proposals, views

urlpatterns = [
    path("", views.queue, name="queue"),
    path(
        "login/", LoginView.as_view(template_name="web/desk/login.html", next_page="desk:queue"), name="login"
    ),
    path("logout/", LogoutView.as_view(next_page="web:home"), name="logout"),
    path("proposals/", proposals.proposals, name="proposals"),
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/answer/", proposals.step, name="proposal-answer"),
    path("candidates/<int:pk>/", views.candidate, name="candidate"),
    path("candidates/<int:pk>/<slug:verb>/", views.step, name="step"),
]
