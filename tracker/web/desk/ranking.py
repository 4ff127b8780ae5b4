"""The order of the queue, read along its index: the best candidate of each story leads the story's place in a list.

A page is read from a place on, not by its number, so that its cost does not grow with the list, and what comes or
goes meanwhile shifts nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from events.curation.waiting import ORDER
from events.models.candidates import Candidate

RANK = ("severity", "novelty", "confidence", "pk")
REVERSED = ("severity", "novelty", "confidence", "-id")
Rank = tuple[Any, Any, Any, Any]
"""Severity, novelty, confidence and number of a candidate, or expressions of them."""
OUTER: Rank = (OuterRef("severity"), OuterRef("novelty"), OuterRef("confidence"), OuterRef("pk"))
STORY = Coalesce("document__story", -F("document"))
"""What a candidate is grouped by: its document's story; a document without one stands for itself."""


def rank_of(pk: int) -> Rank | None:
    """Where a candidate stands in the order, whatever its state; None where there is none."""
    return Candidate.objects.filter(pk=pk).values_list(*RANK).first()


def _ahead(rank: Rank) -> Q:
    """The candidates that matter more."""
    severity, novelty, confidence, pk = rank
    same, as_new = Q(severity=severity), Q(novelty=novelty)
    return Q(severity__gte=severity) & (
        Q(severity__gt=severity)
        | same & Q(novelty__gt=novelty)
        | same & as_new & Q(confidence__gt=confidence)
        | same & as_new & Q(confidence=confidence, pk__lt=pk)
    )


def _ties(rank: Rank, *, back: bool) -> Q:
    """The candidates that only their age puts behind a rank; `back`: ahead of it."""
    severity, novelty, confidence, pk = rank
    older = Q(pk__lt=pk) if back else Q(pk__gt=pk)
    return older & Q(severity=severity, novelty=novelty, confidence=confidence)


def _beyond(rank: Rank, *, back: bool) -> Func:
    """The candidates behind a rank and its ties; `back`: ahead of them. A comparison of rows is read off the index
    from that place on; the same put as alternatives would be asked of every candidate on the way there."""
    columns = Func(*(F(name) for name in RANK[:3]), function="ROW")
    values = Func(*(Value(value) for value in rank[:3]), function="ROW")
    return Func(
        columns,
        values,
        template="%(expressions)s",
        arg_joiner=" > " if back else " < ",
        output_field=BooleanField(),
    )


def of_stories(keys: list[int]) -> Q:
    """The candidates of those stories (see STORY)."""
    alone = Q(document__in=[-key for key in keys if key < 0])
    return alone | Q(document__story__in=[key for key in keys if key > 0])


def leaders(
    condition: Q, most: int, rank: Rank | None = None, *, back: bool = False
) -> list[tuple[int, int]]:
    """Of the candidates that meet a condition the best one of each story, with its story (see STORY): those behind a
    rank in the order of the queue, or with `back` those ahead of it, the nearest first; at most so many."""
    better = Candidate.objects.filter(condition).filter(_ahead(OUTER))
    rows = Candidate.objects.filter(
        ~Exists(better.filter(document=OuterRef("document"))),
        ~Exists(better.filter(document__story=OuterRef("document__story"))),
    ).filter(condition)
    ordered = rows.order_by(*(REVERSED if back else ORDER)).annotate(key=STORY).values_list("pk", "key")
    if rank is None:
        return list(ordered[:most])
    found = list(ordered.filter(_ties(rank, back=back))[:most])
    return found + list(ordered.filter(_beyond(rank, back=back))[: most - len(found)])


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
