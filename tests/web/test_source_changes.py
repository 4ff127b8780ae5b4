"""Reviewing pages that changed after they were published from."""

from __future__ import annotations

import hashlib

import pytest
from django.test import Client

from events import curation, intake
from events.choices import SourceChangeState
from events.models.access import User
from events.models.candidates import Candidate, SourceChange
from events.models.record import Event
from events.models.sources import Document
from tests import scenes
from tests.web.conftest import signed_in
from tracker.web.desk import textdiff

FIRST = "Marlow Foods warned Ilse van Houten, its head of procurement, on 3 October 2025.\n\nIts shares were flat.\n"
SECOND = FIRST.replace("procurement", "purchasing") + "<script>alert(1)</script> A correction was made.\n"


@pytest.fixture
def changed(db: None) -> SourceChange:
    """A page that was published from and then changed."""
    scenes.company("Marlow Foods")
    scenes.executive("Ilse van Houten")
    first = scenes.document(FIRST)
    intake.extract_document(first.id)
    curation.accept(Candidate.objects.get(document=first).id, scenes.curator())
    return new_version(first, SECOND)


def new_version(first: Document, text: str) -> SourceChange:
    Document.objects.filter(url=first.url).update(is_latest=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    number = Document.objects.filter(url=first.url).count() + 1
    made = scenes.document(text, url=first.url, version=number, text_sha256=digest)
    intake.extract_document(made.id)
    return SourceChange.objects.get(document=made)


@pytest.fixture
def at_desk(db: None) -> Client:
    return signed_in(scenes.curator("reviewer"))


def test_the_queue_counts_what_waits_and_leads_there(at_desk: Client, changed: SourceChange) -> None:
    page = at_desk.get("/desk/").content.decode()

    assert 'href="/desk/changes/">Changed sources <span class="tab-count" id="count-changes">1</span>' in page
    assert "1 fact differs" in at_desk.get("/desk/changes/").content.decode()


def test_the_page_shows_what_changed_in_facts_and_words(at_desk: Client, changed: SourceChange) -> None:
    page = at_desk.get(f"/desk/changes/{changed.pk}/").content.decode()

    assert "<del>head of procurement</del>" in page
    assert "<ins>head of purchasing</ins>" in page
    assert "<del>procurement,</del><ins>purchasing,</ins>" in page
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_following_it_corrects_the_event(at_desk: Client, changed: SourceChange) -> None:
    answer = at_desk.post(f"/desk/changes/{changed.pk}/follow/", {"reason": "the paper corrected itself"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/changes/")
    head = Event.objects.get().head
    assert head is not None
    assert (head.payload["subject"]["title"], head.reason) == (
        "head of purchasing",
        "the paper corrected itself",
    )
    changed.refresh_from_db()
    assert changed.state == SourceChangeState.CORRECTED.value


def test_a_step_without_a_reason_is_refused_and_says_why(at_desk: Client, changed: SourceChange) -> None:
    answer = at_desk.post(f"/desk/changes/{changed.pk}/retract/", {"reason": " "})

    assert answer.status_code == 400
    assert "Say why" in answer.content.decode()
    assert Event.objects.get().status != "retracted"


def test_a_grave_event_waits_for_a_second_curator_and_the_page_says_so(
    at_desk: Client, changed: SourceChange
) -> None:
    Event.objects.update(severity=4)

    at_desk.post(f"/desk/changes/{changed.pk}/retract/", {"reason": "its source took it back"})

    page = at_desk.get(f"/desk/changes/{changed.pk}/").content.decode()
    assert "waits for a second curator" in page
    changed.refresh_from_db()
    assert changed.state == SourceChangeState.OPEN.value


def test_what_is_decided_offers_no_steps_and_says_who_decided(at_desk: Client, changed: SourceChange) -> None:
    at_desk.post(f"/desk/changes/{changed.pk}/keep/", {"reason": "a slip of theirs"})

    page = at_desk.get(f"/desk/changes/{changed.pk}/").content.decode()

    assert "a slip of theirs" in page
    assert "formaction" not in page
    assert at_desk.post(f"/desk/changes/{changed.pk}/keep/").status_code == 400
    assert "No page has changed" in at_desk.get("/desk/changes/").content.decode()


def test_only_curators_see_changed_sources(
    client: Client, changed: SourceChange, clerk: User, outsider: User
) -> None:
    address = f"/desk/changes/{changed.pk}/"
    for path in ("/desk/changes/", address):
        assert client.get(path).status_code == 302
        assert signed_in(clerk).get(path).status_code == 403
        assert signed_in(outsider).get(path).status_code == 403
    assert signed_in(clerk).post(f"{address}keep/").status_code == 403
    assert changed.state == SourceChangeState.OPEN.value


def test_an_unknown_step_or_review_is_not_found(at_desk: Client, changed: SourceChange) -> None:
    assert at_desk.post(f"/desk/changes/{changed.pk}/erase/").status_code == 404
    assert at_desk.get("/desk/changes/999999/").status_code == 404
    assert at_desk.get(f"/desk/changes/{changed.pk}/keep/").status_code == 405


def test_a_newer_reading_stands_on_the_candidates_page(at_desk: Client, changed: SourceChange) -> None:
    candidate = changed.candidate
    candidate.newer, candidate.newer_version = candidate.original | {"grounds": ["late payments"]}, "9.9"
    candidate.save()

    page = at_desk.get(f"/desk/candidates/{candidate.pk}/").content.decode()

    assert "Extraction 9.9 reads it otherwise" in page
    assert "late payments" in page


def test_texts_are_compared_by_paragraph_and_word() -> None:
    [place] = textdiff.changes("One.\nTwo stays.\nThree is old.", "One.\nTwo stays.\nThree is new.")

    assert place.skipped == 2
    assert [(p.kind, p.text) for p in place.pieces] == [
        ("same", "Three is "),
        ("old", "old."),
        ("new", "new."),
    ]


def test_chinese_is_compared_by_character() -> None:
    [place] = textdiff.changes("张三被降一级。", "张三被降两级。")

    assert [(p.kind, p.text) for p in place.pieces if p.kind != "same"] == [("old", "一"), ("new", "两")]


def test_texts_that_differ_in_white_space_alone_are_the_same() -> None:
    assert textdiff.changes("One  two.\n\nThree.", "One two.\nThree. ") == []


@pytest.mark.parametrize("longer", ["word " * 100_000, "x" * 200_000, "\n".join(["line"] * 50_000)])
def test_long_texts_are_compared_up_to_a_bound(longer: str) -> None:
    assert textdiff.is_cut(longer, "short")
    shown = [piece.text for place in textdiff.changes(longer, "y" + longer) for piece in place.pieces]
    assert 0 < sum(map(len, shown)) <= 2 * textdiff.MAX_COMPARED
