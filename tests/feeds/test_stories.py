"""Rules of stories: which documents come together, which is the first, and what that costs."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.choices import DocumentState
from events.feeds.article import Article, read_article
from events.feeds.documents import Source, mend_details, store_document
from events.feeds.stories import WINDOW, regroup
from events.intake import reprocessing
from events.models.sources import Document, Story

pytestmark = pytest.mark.django_db

FEEDS = Path(__file__).resolve().parents[2] / "fixtures" / "feeds"
LABELLED = [json.loads(line) for line in (FEEDS / "stories" / "labelled.jsonl").read_text().splitlines()]
ORRIN = [row for row in LABELLED if row["story"] == "orrin-warning"]
SHIP = next(row for row in LABELLED if row["story"] == "orrin-ship")


def store(row: dict[str, str], **changes: str) -> Document:
    row = row | changes
    article = Article(
        title=row["title"],
        text=row["text"],
        language=row["language"],
        published=datetime.fromisoformat(row["published"]),
    )
    url = row.get("url") or f"https://news.example.com/{Document.objects.count()}"
    return store_document(article, Source(url, row["text"].encode(), "text/plain"))[0]


def story_of(document: Document) -> Story | None:
    document.refresh_from_db()
    return document.story


def shifted(row: dict[str, str], by: timedelta) -> dict[str, str]:
    return row | {"published": (datetime.fromisoformat(row["published"]) + by).isoformat()}


def test_the_demo_reports_of_one_decision_are_one_story_and_the_other_articles_are_not() -> None:
    told: dict[str, int | None] = {}
    for path in sorted((FEEDS / "demo" / "articles").glob("*.html")):
        url = f"https://news.example.com/{path.name}"
        body = path.read_bytes().replace(b"{base}/articles", b"https://news.example.com")
        told[path.stem] = store_document(
            read_article(body, "text/html", url), Source(url, body, "text/html")
        )[0].story_id

    stories = {
        told[name]
        for name in (
            "huawei-cloud-boss-downgraded",
            "huawei-cloud-chief-demoted",
            "huawei-cloud-penalties-zh",
        )
    }
    assert len(stories) == 1
    assert len(set(told.values())) == len(told) - 2
    first = Story.objects.get(pk=stories.pop() or 0).first_document
    assert first is not None
    assert first.url.endswith("huawei-cloud-chief-demoted.html")


@pytest.mark.parametrize("backwards", [False, True])
def test_labelled_reports_come_together_in_whatever_order_they_come(backwards: bool) -> None:
    rows = list(reversed(LABELLED)) if backwards else LABELLED

    documents = [(row["story"], store(row).pk) for row in rows]

    found = dict(Document.objects.values_list("pk", "story_id"))
    pairs = [
        (one[0] == other[0], found[one[1]] == found[other[1]])
        for place, one in enumerate(documents)
        for other in documents[:place]
    ]
    assert pairs.count((False, True)) == 0
    assert pairs.count((True, True)) / (pairs.count((True, True)) + pairs.count((True, False))) >= 0.9


def test_the_first_report_is_the_one_published_first_not_the_one_that_came_first() -> None:
    late, early = store(ORRIN[1]), store(ORRIN[0])

    story = story_of(late)
    assert story == story_of(early)
    assert story is not None
    assert story.first_document == early


def test_other_news_of_the_same_company_is_a_story_of_its_own() -> None:
    assert story_of(store(ORRIN[0])) != story_of(store(SHIP))


def test_the_same_news_told_again_after_the_window_is_another_story() -> None:
    store(ORRIN[0])
    again = store(shifted(ORRIN[1], WINDOW + timedelta(days=1)))

    assert Story.objects.count() == 2
    assert story_of(again) == Story.objects.latest("pk")


def test_news_of_two_neighbouring_weeks_still_comes_together() -> None:
    # Weeks are counted from Thursday, 1 January 1970.
    one = store(ORRIN[0] | {"published": "2025-03-05T23:00:00+00:00"})
    other = store(ORRIN[1] | {"published": "2025-03-06T01:00:00+00:00"})

    assert story_of(one) == story_of(other)


def test_a_new_version_of_a_page_stays_in_its_story_whatever_it_says_now() -> None:
    first = store(ORRIN[0], url="https://news.example.com/page")
    second = store(SHIP, url="https://news.example.com/page")

    assert (second.version, story_of(second)) == (2, story_of(first))


def test_a_page_that_tells_other_news_each_day_does_not_make_their_stories_one() -> None:
    warning, ship = store(ORRIN[0]), store(SHIP, title="Four ships for Orrin Freight's north")
    first = store(ORRIN[2], url="https://news.example.com/latest")
    store(SHIP, url="https://news.example.com/latest")

    assert story_of(first) == story_of(warning) != story_of(ship)


def test_a_report_that_belongs_to_two_stories_for_certain_makes_them_one() -> None:
    larger = [
        store(ORRIN[0]),
        store(ORRIN[0], url="https://news.example.com/copy", title="Another headline of it"),
    ]
    apart = Story.objects.create(title="apart")
    lone = store(ORRIN[2])
    Document.objects.filter(pk=lone.pk).update(story=apart)

    document = store(ORRIN[1])

    stories = {story_of(row) for row in [*larger, lone, document]}
    assert len(stories) == 1
    assert not Story.objects.filter(pk=apart.pk).exists()
    [story] = stories
    assert story is not None
    assert story.first_document in larger


def test_a_story_told_by_everybody_still_takes_in_the_next_report() -> None:
    for number in range(40):
        store(
            ORRIN[0],
            title=f"Headline number {number} of the same report",
            text=f"{ORRIN[0]['text']} {number}",
        )

    assert story_of(store(ORRIN[1])) == Story.objects.get()


def test_reports_that_share_only_what_everybody_names_are_not_joined() -> None:
    texts = [f"Halvard Brekke of Orrin Freight and {name} spoke on 3 March." for name in NAMES]
    documents = [
        store(ORRIN[0], title=f"Speakers of evening number {n}", text=text) for n, text in enumerate(texts)
    ]
    for document in documents:  # as if each of them told news of its own
        Document.objects.filter(pk=document.pk).update(story=Story.objects.create(title=str(document.pk)))

    last = store(
        ORRIN[0], title="Speakers of one more evening", text=texts[0].replace(NAMES[0], "Quill Abara")
    )

    assert Document.objects.filter(story=story_of(last)).count() == 1


def test_storing_a_document_in_its_story_takes_four_statements_at_most() -> None:
    for row in LABELLED:
        store(row)

    with CaptureQueriesContext(connection) as queries:
        document = store(
            ORRIN[1],
            title="A title of its own for this",
            text=f"{ORRIN[1]['text']} More follows.",
            url="https://news.example.com/new",
        )

    assert document.story_id is not None
    assert len(queries) <= 4


def test_regrouping_finds_the_story_of_a_document_that_was_stored_without_one() -> None:
    first, second = store(ORRIN[0]), store(ORRIN[1])
    Document.objects.update(story=None, bands=[], signature=b"", anchors=[])
    Story.objects.all().delete()

    assert regroup(first.pk)
    assert regroup(second.pk)

    assert story_of(first) == story_of(second)
    assert Story.objects.get().first_document == first


def test_regrouping_takes_a_document_out_of_a_story_that_it_does_not_tell() -> None:
    first, second, other = store(ORRIN[0]), store(ORRIN[1]), store(SHIP)
    wrong = story_of(first)
    assert wrong is not None
    Document.objects.filter(pk=other.pk).update(story=wrong)
    Story.objects.filter(pk=wrong.pk).update(first_document=other)

    assert regroup(other.pk)

    assert story_of(other) != story_of(first) == story_of(second) == wrong
    wrong.refresh_from_db()
    assert wrong.first_document == first


def test_regrouping_twice_changes_nothing() -> None:
    documents = [store(row) for row in LABELLED]
    before = dict(Document.objects.values_list("pk", "story_id"))

    assert all(regroup(document.pk) for document in documents)

    assert dict(Document.objects.values_list("pk", "story_id")) == before
    assert not Story.objects.filter(documents=None).exists()


def test_regrouping_takes_the_older_versions_of_a_page_along() -> None:
    ship = store(SHIP, title="Four ships for Orrin Freight's north")
    old = store(SHIP, url="https://news.example.com/page")
    new = store(ORRIN[1], url="https://news.example.com/page")
    warning = store(ORRIN[0])
    assert story_of(warning) == story_of(new) == story_of(old) == story_of(ship)
    Story.objects.create(title="of the warning alone")
    Document.objects.filter(pk=warning.pk).update(story=Story.objects.latest("pk"))

    assert regroup(new.pk)

    assert story_of(old) == story_of(new) == story_of(warning) != story_of(ship)


def test_a_document_without_a_text_is_not_grouped() -> None:
    document = store(ORRIN[0])
    Document.objects.filter(pk=document.pk).update(text="", state=DocumentState.NO_TEXT.value)

    assert not regroup(document.pk)
    assert not regroup(0)


def test_a_date_that_a_person_mends_takes_the_document_to_the_story_of_that_day() -> None:
    first = store(ORRIN[0])
    strayed = store(shifted(ORRIN[1], timedelta(days=60)))
    assert story_of(first) != story_of(strayed)

    mend_details(strayed, published=datetime.fromisoformat(ORRIN[1]["published"]))

    assert story_of(first) == story_of(strayed)


def test_stories_can_be_reprocessed() -> None:
    documents = [store(ORRIN[0]), store(ORRIN[1]), store(SHIP)]
    Document.objects.update(story=None, bands=[], signature=b"", anchors=[])

    run = reprocessing.start("stories")
    done = list(reprocessing.work(run))

    assert [went_well for _, went_well in done] == [True, True, True]
    assert len({story_of(document) for document in documents}) == 2


NAMES = [
    f"{first} {last}"
    for first in ("Ada", "Bo", "Cleo", "Dan", "Eva")
    for last in ("Lind", "Marsh", "North", "Oak", "Pell", "Quist")
]
