"""Addresses of the desk's work on one claim, one event and one case. They come before those that take any verb."""

from django.urls import path

from tracker.web.desk import cases, creating, dating, editing, splitting, views

urlpatterns = [
    path("candidates/<int:pk>/next/", views.beside, {"forward": True}, name="candidate-next"),
    path("candidates/<int:pk>/previous/", views.beside, {"forward": False}, name="candidate-previous"),
    path("candidates/<int:pk>/preview/", editing.preview, name="candidate-preview"),
    path("candidates/<int:pk>/similar/", editing.similar, name="candidate-similar"),
    path("candidates/<int:pk>/date/", dating.said, name="candidate-date"),
    path("candidates/<int:pk>/create/", creating.create, name="candidate-create"),
    path("candidates/<int:pk>/case/", cases.open_case, name="candidate-case"),
    path("candidates/<int:pk>/case/<slug:verb>/", cases.open_step, name="candidate-case-step"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/<slug:verb>/", cases.step, name="case-step"),
    path("events/<int:pk>/split/", splitting.event, name="event-split"),
    path("events/<int:pk>/split/take/", splitting.split_event, name="event-split-take"),
    path("events/<int:pk>/merge/", splitting.merge_event, name="event-merge"),
    path("split/<slug:kind>/<int:pk>/", splitting.entry, name="entry-split"),
    path("split/<slug:kind>/<int:pk>/take/", splitting.split_entry, name="entry-split-take"),
]
