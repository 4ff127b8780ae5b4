"""The order of the queue, read along its index: the best candidate of each story leads the story's place in a list.

A page is read from a place on, not by its number, so that its cost does not grow with the list, and what comes or
goes meanwhile shifts nothing.
"""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Coalesce, RowNumber

from events.curation.waiting import ORDER
from events.models.candidates import AGE, PLACE, Candidate

RANK = ("severity", "novelty", "confidence", "pk")
Rank = tuple[Any, Any, Any, Any]
"""Severity, novelty, confidence and number of a candidate, or expressions of them."""
_OUTER: Rank = (OuterRef("severity"), OuterRef("novelty"), OuterRef("confidence"), OuterRef("pk"))
STORY = Coalesce("document__story", -F("document"))
"""What a candidate is grouped by: its document's story; a document without one stands for itself."""


def rank_of(pk: int) -> Rank | None:
    """Where a candidate stands in the order, whatever its state; None where there is none."""
    return Candidate.objects.filter(pk=pk).values_list(*RANK).first()


def _against(rank: Rank, sign: str) -> Func:
    """The candidates ahead of a rank (`>`), or behind it (`<`). A comparison of rows is read off the index from that
    place on; the same put as alternatives would be asked of every candidate on the way there."""
    *firmness, pk = [part if isinstance(part, OuterRef) else Value(part) for part in rank]
    theirs = Func(*firmness, pk * -1, function="ROW")
    ours = Func(*(F(name) for name in RANK[:3]), AGE, function="ROW")
    return Func(ours, theirs, template="%(expressions)s", arg_joiner=f" {sign} ", output_field=BooleanField())


def of_stories(keys: list[int]) -> Q:
    """The candidates of those stories (see STORY)."""
    alone = Q(document__in=[-key for key in keys if key < 0])
    return alone | Q(document__story__in=[key for key in keys if key > 0])


def leaders(
    condition: Q, most: int, rank: Rank | None = None, *, back: bool = False
) -> list[tuple[int, int]]:
    """Of the candidates that meet a condition the best one of each story, with its story (see STORY): those behind a
    rank in the order of the queue, or with `back` those ahead of it, the nearest first; at most so many."""
    better = Candidate.objects.filter(_against(_OUTER, ">"), condition)
    rows = Candidate.objects.filter(
        ~Exists(better.filter(document=OuterRef("document"))),
        ~Exists(better.filter(document__story=OuterRef("document__story"))),
    ).filter(condition)
    if rank is not None:
        rows = rows.filter(_against(rank, ">" if back else "<"))
    ordered = rows.order_by(*PLACE).annotate(key=STORY).values_list("pk", "key")
    return list((ordered.reverse() if back else ordered)[:most])


def members(condition: Q, stories: list[int], most: int) -> QuerySet[Candidate]:
    """The candidates of those stories (see STORY) that meet a condition, at most so many of each, in order.

    Each has its `story_key` and, as `together`, how many there are of its story.
    """
    rows = Candidate.objects.filter(condition).filter(of_stories(stories))
    placed = rows.annotate(
        story_key=STORY,
        place=Window(RowNumber(), partition_by=[STORY], order_by=PLACE),
        together=Window(Count("pk"), partition_by=[STORY]),
    )
    return placed.filter(place__lte=most).order_by(*ORDER)
