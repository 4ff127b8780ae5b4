"""Looking again at pages: when, by whom, and what comes of a change."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from events import intake
from events.choices import DocumentState
from events.feeds import hosts, polling, revisits
from events.models.sources import Document
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Site, answer

pytestmark = pytest.mark.django_db

PAGE = (RECORDED / "article_en.html").read_bytes()
CHANGED = PAGE.replace(b"forty people", b"sixty people")


def taken_in(site: Site) -> Document:
    """The page as a document that gave candidates, a month ago."""
    site.serve("/article", PAGE, "text/html")
    document, _ = polling.ingest_url(site.url("/article"))
    Document.objects.filter(pk=document.pk).update(fetched_at=timezone.now() - timedelta(days=31))
    assert intake.extract_document(document.pk), "only pages that gave candidates are looked at again"
    document.refresh_from_db()
    return document


def test_a_page_that_gave_candidates_is_looked_at_a_day_later(allowed_site: Site) -> None:
    document = taken_in(allowed_site)

    assert document.revisit_at == document.fetched_at + timedelta(days=1)
    assert revisits.due_revisits() == [document.pk]
    assert revisits.due_revisits(document.fetched_at) == []


def test_a_changed_page_becomes_a_new_version_that_is_to_be_extracted(allowed_site: Site) -> None:
    document = taken_in(allowed_site)
    allowed_site.serve("/article", CHANGED, "text/html")

    newer = revisits.revisit(document.pk)

    assert newer is not None
    document.refresh_from_db()
    assert (newer.version, newer.is_latest, document.is_latest) == (2, True, False)
    assert newer.state == DocumentState.FETCHED.value
    assert "sixty people" in newer.text
    assert revisits.due_revisits() == [], "the earlier version is not looked at any more"


def test_an_unchanged_page_is_looked_at_again_later_and_in_the_end_left_alone(allowed_site: Site) -> None:
    document = taken_in(allowed_site)

    looks = 0
    while document.revisit_at is not None:
        assert (
            document.revisit_at - document.fetched_at >= revisits.AFTER[min(looks, len(revisits.AFTER) - 1)]
        )
        Document.objects.filter(pk=document.pk).update(revisit_at=timezone.now())
        assert revisits.revisit(document.pk) is None
        looks += 1
        document.refresh_from_db()

    assert looks == len(revisits.AFTER)
    assert Document.objects.count() == 1


def test_a_page_that_cannot_be_had_is_left_for_its_next_look(allowed_site: Site) -> None:
    document = taken_in(allowed_site)
    allowed_site.pages["/article"] = answer(status="503 Service Unavailable")

    assert revisits.revisit(document.pk) is None

    document.refresh_from_db()
    assert document.is_latest
    assert document.revisit_at is not None
    assert document.revisit_at > timezone.now()


def test_a_busy_host_costs_no_look(allowed_site: Site) -> None:
    document = taken_in(allowed_site)
    turn = hosts.take(allowed_site.address, 1)
    try:
        assert revisits.revisit(document.pk) is None
    finally:
        hosts.give_back(turn)

    document.refresh_from_db()
    assert document.visits == 0
    assert document.revisit_at is not None
    assert document.revisit_at < timezone.now() + timedelta(hours=2)
    assert not allowed_site.asked("/article")[1:]


def test_two_workers_look_once(allowed_site: Site) -> None:
    document = taken_in(allowed_site)
    revisits.revisit(document.pk)
    before = len(allowed_site.asked("/article"))

    assert revisits.revisit(document.pk) is None

    assert len(allowed_site.asked("/article")) == before


def test_files_by_hand_and_older_versions_are_not_looked_at(allowed_site: Site) -> None:
    by_hand, _ = polling.ingest(PAGE, "text/html", "file:notice.html")
    assert intake.extract_document(by_hand.pk)
    document = taken_in(allowed_site)
    Document.objects.filter(pk=document.pk).update(is_latest=False)

    assert revisits.due_revisits() == []
    assert revisits.revisit(document.pk) is None
