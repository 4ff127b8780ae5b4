"""Rules of `poll`, `ingest` and `feeds`."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from events.choices import DocumentState
from events.feeds.store import BATCH
from events.models.candidates import Candidate
from events.models.sources import Document, Feed, FeedItem
from tests.feeds.servers import Site

pytestmark = pytest.mark.django_db

STORY = (
    "Northwind cuts bonus\n\nNorthwind's disciplinary committee demoted Max Stone, head of its rail unit, on October 18. "
    "Northwind dissolved its Harbour Projects team in August. Revenue reached RMB 38.5 billion in 2024, up 8.5%.\n"
)


def run(*arguments: str, errors: StringIO | None = None, **options: Any) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=errors or StringIO(), **options)
    return out.getvalue()


def add_feed(site: Site) -> Feed:
    site.serve("/story.txt", STORY.encode(), "text/plain; charset=utf-8")
    item = "<item><title>Northwind cuts bonus</title><link>/story.txt</link><pubDate>17 Nov 2025 08:00 GMT</pubDate></item>"
    site.serve("/feed", f"<rss version='2.0'><channel><title>Wire</title>{item}</channel></rss>".encode())
    return Feed.objects.create(url=site.url("/feed"))


def test_poll_takes_what_is_due_all_the_way_to_candidates(allowed_site: Site) -> None:
    add_feed(allowed_site)
    said = run("poll")
    assert "[1/1] Wire: new items, 1 entries, 1 new" in said
    assert "1 feeds polled, 0 failed; 1 new entries; 1 articles fetched; " in said
    document = Document.objects.get()
    assert document.text == STORY
    assert document.state == DocumentState.EXTRACTED
    assert Candidate.objects.filter(document=document).exists()


def test_poll_run_twice_adds_nothing(allowed_site: Site) -> None:
    feed = add_feed(allowed_site)
    run("poll", feed=feed.url)
    before = (FeedItem.objects.count(), Document.objects.count(), Candidate.objects.count())
    run("poll", feed=feed.url)
    assert (FeedItem.objects.count(), Document.objects.count(), Candidate.objects.count()) == before
    assert "0 feeds polled" in run("poll")


def test_poll_of_one_feed_fails_when_the_feed_does(allowed_site: Site) -> None:
    feed = Feed.objects.create(url=allowed_site.url("/none"))
    with pytest.raises(CommandError, match="404"):
        run("poll", feed=feed.url)
    with pytest.raises(CommandError, match="No feed has the address"):
        run("poll", feed="http://unknown.example.com/")


def test_one_failing_feed_does_not_stop_the_others(allowed_site: Site) -> None:
    Feed.objects.create(url=allowed_site.url("/none"))
    add_feed(allowed_site)
    assert "2 feeds polled, 1 failed; 1 new entries; 1 articles fetched; " in run("poll")


def test_poll_counts_through_all_feeds_that_are_due_and_ends_with_what_was_done(allowed_site: Site) -> None:
    allowed_site.serve("/empty", b"<rss version='2.0'><channel><title>Wire</title></channel></rss>")
    Feed.objects.bulk_create(Feed(url=allowed_site.url(f"/empty?{n}")) for n in range(BATCH + 3))
    said = run("poll").splitlines()
    total = BATCH + 3
    places = [line.split("]")[0] for line in said if line.startswith("[")]
    assert places == [f"[{n}/{total}" for n in range(1, total + 1)]
    assert said[-1].startswith(
        f"{total} feeds polled, 0 failed; 0 new entries; 0 articles fetched; 0 candidates; "
    )


def test_poll_of_one_feed_fetches_its_articles_however_many_others_wait(allowed_site: Site) -> None:
    feed = add_feed(allowed_site)
    other = Feed.objects.create(url=allowed_site.url("/other"), is_active=False)
    long_ago = timezone.now() - timedelta(days=1)
    FeedItem.objects.bulk_create(
        FeedItem(feed=other, guid=str(n), next_attempt_at=long_ago) for n in range(BATCH + 3)
    )
    assert "1 articles fetched" in run("poll", feed=feed.url)


def test_ingest_keeps_a_file_and_shows_claims_with_their_quotes(tmp_path: Path) -> None:
    file = tmp_path / "story.txt"
    file.write_bytes(STORY.replace("\n", "\r\n").encode())
    said = run("ingest", str(file), published="2025-11-17")
    document = Document.objects.get()
    assert (document.url, document.text, document.title) == ("file:story.txt", STORY, "Northwind cuts bonus")
    assert f"{document.published_at:%Y-%m-%d}" == "2025-11-17"
    assert "(new)" in said
    assert "performance" in said
    for candidate in Candidate.objects.all():
        for span in candidate.original["evidence"]:
            assert STORY[span["start"] : span["end"]] == span["quote"]


def test_ingest_run_twice_adds_nothing(tmp_path: Path) -> None:
    file = tmp_path / "story.txt"
    file.write_text(STORY, encoding="utf-8")
    run("ingest", str(file), published="2025-11-17")
    before = list(Candidate.objects.values_list("pk", "fingerprint"))
    said = run("ingest", str(file), published="2025-11-17")
    assert "(known already)" in said
    assert Document.objects.count() == 1
    assert list(Candidate.objects.values_list("pk", "fingerprint")) == before


def test_ingest_with_another_date_reads_the_claims_again(tmp_path: Path) -> None:
    file = tmp_path / "story.txt"
    file.write_text(STORY, encoding="utf-8")
    run("ingest", str(file))
    run("ingest", str(file), published="2024-11-17")
    document = Document.objects.get()
    assert f"{document.published_at:%Y}" == "2024"
    assert document.state == DocumentState.EXTRACTED


def test_ingest_takes_a_page_from_the_web(allowed_site: Site) -> None:
    allowed_site.serve("/story.txt", STORY.encode(), "text/plain")
    run("ingest", allowed_site.url("/story.txt"), title="By hand", language="en")
    document = Document.objects.get()
    assert (document.url, document.title) == (allowed_site.url("/story.txt"), "By hand")


def test_ingest_says_of_each_source_that_fails_why_and_takes_the_others(tmp_path: Path, site: Site) -> None:
    good, blank = tmp_path / "good.txt", tmp_path / "blank.txt"
    good.write_text(STORY, encoding="utf-8")
    blank.write_text(" \n")
    errors = StringIO()
    with pytest.raises(CommandError, match="4 of 5"):
        run(
            "ingest",
            "ftp://x/",
            site.url("/x"),
            str(tmp_path / "no.txt"),
            str(blank),
            str(good),
            errors=errors,
        )
    assert Document.objects.count() == 1
    for words in ("Only http and https", "loopback", "No such file", "file is empty"):
        assert words in errors.getvalue()


def test_ingest_refuses_a_date_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        run("ingest", str(tmp_path), published="17.11.2025")


def test_feed_lists_are_imported_once_and_exported(tmp_path: Path) -> None:
    listed, written = tmp_path / "in.opml", tmp_path / "out.opml"
    listed.write_text(
        "<opml version='2.0'><body><outline text='A &amp; B' xmlUrl='https://news.example.com/a'/>"
        "<outline text='secret' xmlUrl='https://me:pw@news.example.com/b'/></body></opml>"
    )
    errors = StringIO()
    assert "2 feeds in the list: 1 added, 0 known already, 1 refused" in run(
        "feeds", "import", str(listed), errors=errors
    )
    assert "user name or password" in errors.getvalue()
    assert "2 feeds in the list: 0 added, 1 known already, 1 refused" in run("feeds", "import", str(listed))
    run("feeds", "export", str(written))
    Feed.objects.all().delete()
    assert "1 feeds in the list: 1 added" in run("feeds", "import", str(written))
    assert Feed.objects.get().title == "A & B"


def test_a_file_that_is_no_feed_list_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "x.opml"
    file.write_text("<html>")
    with pytest.raises(CommandError, match="not well-formed"):
        run("feeds", "import", str(file))
    with pytest.raises(CommandError, match="No such file"):
        run("feeds", "import", str(tmp_path / "missing.opml"))
