"""Running a stage again over what is there: in order, with progress, and resumed where it stopped."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from events.choices import DocumentState
from events.intake import extracting, reprocessing
from events.models.candidates import Candidate
from events.models.sources import Document, Reprocessing
from tests import scenes

TEXT = "Marlow Foods appointed Ilse van Houten as chief financial officer on 3 October 2025."


def documents(number: int) -> list[Document]:
    fetched = datetime(2025, 11, 17, tzinfo=UTC)
    return [
        scenes.document(f"{TEXT} Report {place}.", state=DocumentState.EXTRACTED.value, fetched_at=fetched)
        for place in range(number)
    ]


def test_every_document_of_the_time_is_read_again_and_no_other(db: None) -> None:
    inside = documents(2)
    outside = documents(1)[0]
    Document.objects.filter(pk=outside.pk).update(fetched_at=datetime(2024, 1, 1, tzinfo=UTC))
    out = StringIO()

    call_command("reprocess", since="2025-11-01", stage="extract", stdout=out)

    assert set(Candidate.objects.values_list("document_id", flat=True)) == {d.pk for d in inside}
    assert "[2/2]" in out.getvalue()
    assert "2 done, 0 failed" in out.getvalue()


def test_a_run_that_was_stopped_goes_on_where_it_was(db: None) -> None:
    first, *_ = documents(3)
    work = reprocessing.work(reprocessing.start("extract"))
    next(work)
    work.close()
    Candidate.objects.filter(document=first).delete()
    out = StringIO()

    call_command("reprocess", resume=True, stdout=out)

    assert not Candidate.objects.filter(document=first).exists(), "what was done is not done again"
    assert "3 documents, 1 of them done before" in out.getvalue()
    run = Reprocessing.objects.get()
    assert (run.done, run.failed, run.finished_at is not None) == (3, 0, True)


def test_there_must_be_a_run_to_go_on_with(db: None) -> None:
    with pytest.raises(CommandError, match="no run of extract"):
        call_command("reprocess", resume=True)


@pytest.mark.parametrize("text", ["yesterday", "2025-13-01"])
def test_a_date_that_is_none_is_said(db: None, text: str) -> None:
    with pytest.raises(CommandError, match=text):
        call_command("reprocess", since=text)


def test_a_failed_document_is_counted_and_the_others_go_on(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = documents(2)
    real = extracting.extract_document

    def fail(key: int) -> object:
        if key == first.pk:
            Document.objects.filter(pk=key).update(state=DocumentState.FAILED.value)
            return []
        return real(key)

    monkeypatch.setattr(extracting, "extract_document", fail)

    with pytest.raises(CommandError, match="1 documents failed"):
        call_command("reprocess", stdout=StringIO())

    assert Candidate.objects.filter(document=second).exists()
