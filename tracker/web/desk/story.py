"""Where else the news of a document is told."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce

from events.models.candidates import Candidate
from events.models.sources import Document
from tracker.web.public.reading import web_link

SHOWN = 20


@dataclass(frozen=True)
class Other:
    """Another document of the story; `candidate` is the gravest of its candidates, if it gave any."""

    document: Document
    candidate: int | None
    is_first: bool
    link: str


@dataclass(frozen=True)
class Told:
    """The others of a story, earliest first, how many more there are, and whether ours is the first report."""

    others: list[Other]
    more: int = 0
    is_first: bool = False


def told_elsewhere(document: Document) -> Told:
    """The documents of other pages that tell the document's news; the first report is always among those shown."""
    if document.story_id is None:
        return Told([])
    candidate = Candidate.objects.filter(document=OuterRef("pk")).order_by("-severity", "id").values("pk")[:1]
    rows = (
        Document.objects.filter(story_id=document.story_id, is_latest=True)
        .exclude(url=document.url)
        .select_related("feed", "story")
        .defer("raw", "text", "signature", "bands", "anchors")
        .annotate(told_at=Coalesce("published_at", "fetched_at"), candidate_id=Subquery(candidate))
        .order_by("told_at", "pk")
    )
    found = list(rows[: SHOWN + 1])
    if not found:
        return Told([])
    first = found[0].story.first_document_id if found[0].story else None
    more = rows.count() - SHOWN if len(found) > SHOWN else 0
    others = [Other(row, row.candidate_id, row.pk == first, web_link(row.url)) for row in found[:SHOWN]]
    return Told(others, more, document.pk == first)
