"""Addresses of the curators' part, mounted at `review/`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from api.review.views import record
from api.review.views.candidates import Candidates
from api.review.views.judgements import Duplicates, Judgements
from api.review.views.proposals import Proposals

router = SimpleRouter(use_regex_path=False)
router.register("candidates", Candidates, basename="review-candidate")
router.register("events", record.ReviewEvents, basename="review-event")
router.register("cases", record.ReviewCases, basename="review-case")
router.register("merges", record.Merges, basename="review-merge")
router.register("splits", record.Splits, basename="review-split")
router.register("acts", record.Acts, basename="review-act")
router.register("requests", record.Requests, basename="review-request")
router.register("judgements", Judgements, basename="review-judgement")
router.register("proposals", Proposals, basename="review-proposal")

urlpatterns: list[URLPattern | URLResolver] = [
    *router.urls,
    path("duplicates/", Duplicates.as_view(), name="review-duplicates"),
]
