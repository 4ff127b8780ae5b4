"""The order of the queue, read along its index: the best candidate of each story leads the story's place in a list.

A page is read from a place on, not by its number, so that its cost does not grow with the list, and what comes or
goes meanwhile shifts nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber

from events.curation.waiting import ORDER
from events.models.candidates import Candidate

REVERSED = ("severity", "novelty", "confidence", "-id")
Rank = tuple[Any, Any, Any, Any]
"""Severity, novelty, confidence and number of a candidate, or expressions of them."""
OUTER: Rank = (OuterRef("severity"), OuterRef("novelty"), OuterRef("confidence"), OuterRef("pk"))
STORY = Coalesce("document__story", -F("document"))
"""What a candidate is grouped by: its document's story; a document without one stands for itself."""


def rank_of(pk: int) -> Rank | None:
    """Where a candidate stands in the order, whatever its state; None where there is none."""
    return Candidate.objects.filter(pk=pk).values_list("severity", "novelty", "confidence", "pk").first()


def ahead(rank: Rank) -> Q:
    """The candidates that matter more."""
    severity, novelty, confidence, pk = rank
    same, as_new = Q(severity=severity), Q(novelty=novelty)
    return Q(severity__gte=severity) & (
        Q(severity__gt=severity)
        | same & Q(novelty__gt=novelty)
        | same & as_new & Q(confidence__gt=confidence)
        | same & as_new & Q(confidence=confidence, pk__lt=pk)
    )


def behind(rank: Rank) -> Q:
    """The candidates that matter less."""
    severity, novelty, confidence, pk = rank
    same, as_new = Q(severity=severity), Q(novelty=novelty)
    return Q(severity__lte=severity) & (
        Q(severity__lt=severity)
        | same & Q(novelty__lt=novelty)
        | same & as_new & Q(confidence__lt=confidence)
        | same & as_new & Q(confidence=confidence, pk__gt=pk)
    )


def of_stories(keys: list[int]) -> Q:
    """The candidates of those stories (see STORY)."""
    alone = Q(document__in=[-key for key in keys if key < 0])
    return alone | Q(document__story__in=[key for key in keys if key > 0])


def leaders(condition: Q) -> QuerySet[Candidate]:
    """Of the candidates that meet a condition the best one of each story, in the order of the queue."""
    better = Candidate.objects.filter(condition).filter(ahead(OUTER))
    rows = Candidate.objects.filter(
        ~Exists(better.filter(document=OuterRef("document"))),
        ~Exists(better.filter(document__story=OuterRef("document__story"))),
    )
    return rows.filter(condition).order_by(*ORDER)


def members(condition: Q, stories: list[int], most: int) -> QuerySet[Candidate]:
    """The candidates of those stories (see STORY) that meet a condition, at most so many of each, in order.

    Each has its `story_key` and, as `together`, how many there are of its story.
    """
    rows = Candidate.objects.filter(condition).filter(of_stories(stories))
    placed = rows.annotate(
        story_key=STORY,
        place=Window(RowNumber(), partition_by=[STORY], order_by=[F(name[1:]).desc() if name[0] == "-" else F(name).asc() for name in ORDER]),
        together=Window(Count("pk"), partition_by=[STORY]),
    )  # fmt: skip
    return placed.filter(place__lte=most).order_by(*ORDER)
