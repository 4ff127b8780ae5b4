"""What waits for the curators: the queue, its counts, and what went wrong on the way to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Max, Q, QuerySet, Window
from django.db.models.expressions import F

from events.choices import CandidateState, DocumentState, FeedState, ItemState
from events.models.access import User
from events.models.candidates import Candidate
from events.models.sources import Document, Feed, FeedItem
from tracker.web.desk.holding import holder

PAGE = 50
EVERYTHING = Q()
SHOWN_TROUBLE = 5
STATES = (
    CandidateState.OPEN,
    CandidateState.AWAITING_APPROVAL,
    CandidateState.DEFERRED,
    CandidateState.PUBLISHED,
    CandidateState.REJECTED,
)


@dataclass(frozen=True)
class Group:
    """Candidates of one document, gravest first."""

    document: Document
    candidates: list[Candidate]


def candidates(state: CandidateState, narrow: Q = EVERYTHING) -> QuerySet[Candidate]:
    """The candidates of a state: documents by their gravest candidate, then by severity, confidence and age."""
    rows = Candidate.objects.filter(narrow, state=state.value)
    return rows.annotate(
        worst=Window(Max("severity"), partition_by=F("document")),
        surest=Window(Max("confidence"), partition_by=F("document")),
    ).order_by("-worst", "-surest", "document", "-severity", "-confidence", "created_at", "id")


def page(state: CandidateState, number: str, narrow: Q = EVERYTHING) -> Page[Candidate]:
    """One page of the queue; a number that is none is read as the nearest that is."""
    rows = (
        candidates(state, narrow)
        .select_related("document", "accepted_by", "worked_on_by")
        .defer("document__raw", "document__text")
    )
    return Paginator(rows, PAGE).get_page(number)


def groups(rows: Page[Candidate], user: User) -> list[Group]:
    """A page's candidates by document, in the page's order; each with its `holder`, another curator, or None."""
    for row in rows.object_list:
        row.holder = holder(row, user)  # type: ignore[attr-defined]
    return [
        Group(found[0].document, found)
        for _, group in groupby(rows.object_list, key=lambda row: row.document_id)
        if (found := list(group))
    ]


def counts() -> list[dict[str, Any]]:
    """How many candidates stand in each state that the desk lists."""
    found = dict(Candidate.objects.values_list("state").annotate(Count("id")).order_by())
    return [{"state": state.value, "count": found.get(state.value, 0)} for state in STATES]


def neighbours(candidate: Candidate) -> tuple[int | None, int | None]:
    """The ids before and after a candidate in the queue of its state."""
    ids = list(candidates(CandidateState(candidate.state)).values_list("id", flat=True)[:2000])
    if candidate.pk not in ids:
        return None, None
    place = ids.index(candidate.pk)
    return (ids[place - 1] if place else None), (ids[place + 1] if place + 1 < len(ids) else None)


@dataclass
class Trouble:
    """What a curator should look at: feeds that fail, entries that did not arrive, articles without candidates."""

    feeds: list[Feed] = field(default_factory=list)
    items: list[FeedItem] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    failed_items: int = 0
    failed_documents: int = 0

    def __bool__(self) -> bool:
        return bool(self.feeds or self.items or self.documents)


def trouble() -> Trouble:
    """The latest of each, with how many there are in all."""
    items = FeedItem.objects.filter(state__in=[ItemState.FAILED.value, ItemState.DEAD.value])
    failed = (DocumentState.NO_TEXT.value, DocumentState.UNSUPPORTED.value, DocumentState.FAILED.value)
    documents = Document.objects.filter(state__in=failed, is_latest=True)
    return Trouble(
        feeds=list(Feed.objects.filter(state__in=[FeedState.FAILING.value, FeedState.GONE.value])[:20]),
        items=list(items.select_related("feed").defer("content")[:SHOWN_TROUBLE]),
        documents=list(documents.defer("raw", "text")[:SHOWN_TROUBLE]),
        failed_items=items.count(),
        failed_documents=documents.count(),
    )
