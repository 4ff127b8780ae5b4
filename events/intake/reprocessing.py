"""Runs a stage again over documents that are there: in the order of their numbers, so that a run can be resumed."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from events.choices import DocumentState
from events.feeds.stories import regroup
from events.intake import extracting
from events.models.sources import Document, Reprocessing

BATCH = 200
_WITH_TEXT = (DocumentState.FETCHED.value, DocumentState.EXTRACTED.value, DocumentState.FAILED.value)


def start(stage: str, since: datetime | None = None, until: datetime | None = None) -> Reprocessing:
    """A run over the documents fetched in a time; raises KeyError for a stage that cannot be run again."""
    STAGES[stage]
    run = Reprocessing(stage=stage, since=since, until=until)
    run.total = _left(run).count()
    run.save()
    return run


def unfinished(stage: str) -> Reprocessing | None:
    """The latest run of a stage that has not come to its end."""
    return Reprocessing.objects.filter(stage=stage, finished_at=None).first()


def work(run: Reprocessing) -> Generator[tuple[int, bool], None, None]:
    """Does what is left of a run; gives each document's number as it is done, and whether that went well.

    How far it has come is saved after each document, so that whatever stops it costs one document at most.
    """
    stage = STAGES[run.stage]
    while keys := list(_left(run).values_list("pk", flat=True)[:BATCH]):
        for key in keys:
            went_well = stage(key)
            run.last_id = key
            run.done += went_well
            run.failed += not went_well
            run.save(update_fields=["last_id", "done", "failed", "updated_at"])
            yield key, went_well
    run.finished_at = timezone.now()
    run.save(update_fields=["finished_at", "updated_at"])


def _left(run: Reprocessing) -> QuerySet[Document]:
    """Newest versions with a text, fetched in the run's time and not yet reached. What came in since it began is
    read by the workers anyway."""
    until = run.until or run.created_at or timezone.now()
    rows = Document.objects.filter(
        is_latest=True, state__in=_WITH_TEXT, pk__gt=run.last_id, fetched_at__lt=until
    )
    if run.since is not None:
        rows = rows.filter(fetched_at__gte=run.since)
    return rows.order_by("pk")


def _extract(document_id: int) -> bool:
    """Extraction again. The document is made due first, so that a worker finishes it should this process die."""
    Document.objects.filter(pk=document_id, state__in=_WITH_TEXT).update(
        state=DocumentState.FETCHED.value, attempts=0, claimed_until=None
    )
    extracting.extract_document(document_id)
    return Document.objects.filter(pk=document_id, state=DocumentState.EXTRACTED.value).exists()


STAGES: Mapping[str, Callable[[int], bool]] = {"extract": _extract, "stories": regroup}
"""What can be run again: each takes a document's number and says whether it went well."""
