"""The main job end to end: from the bytes of a news feed to the CEO's timeline and an e-mail.

Everything is real: worker and beat are processes of their own, the feed comes over HTTP, the alert over SMTP.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from events.choices import DeliveryState, DocumentState, ItemState, WorkState
from events.intake.demo import load_demo
from events.models.alerts import Delivery, Matching
from events.models.candidates import Candidate
from events.models.record import Event, Revision
from events.models.sources import Document, Feed, FeedItem
from events.record import ledger
from tests.acceptance.conftest import Service, wait_for
from tracker.local.demo.curators import work_through

pytestmark = pytest.mark.services
REGISTER = Path(__file__).resolve().parents[2] / "fixtures" / "demo"


def get(path: str, **query: str) -> Any:
    """The JSON that the API answers."""
    response = Client().get(f"/api/v1/{path}", query)
    assert response.status_code == 200, response.content
    return response.json()


def all_read(feed: Feed) -> bool:
    """Every entry of the feed has been fetched and extracted.

    Asked in the order of the work: the other way round, a stage could hand over between two questions, unseen.
    """
    if not FeedItem.objects.filter(feed=feed).exists():
        return False
    if FeedItem.objects.filter(feed=feed, state=ItemState.NEW.value).exists():
        return False
    return not Document.objects.filter(state=DocumentState.FETCHED.value).exists()


def everyone_is_told() -> bool:
    """Every revision has been matched, and no message is on its way."""
    if Matching.objects.exclude(state=WorkState.DONE.value).exists():
        return False
    on_their_way = [DeliveryState.PENDING.value, DeliveryState.SENDING.value]
    return not Delivery.objects.filter(state__in=on_their_way).exists()


def counts() -> dict[str, int]:
    """How much there is of everything that must not come twice."""
    models = (FeedItem, Document, Candidate, Event, Revision, Delivery)
    return {model.__name__: model._default_manager.count() for model in models}


def test_news_becomes_a_timeline_and_one_mail(service: Service) -> None:
    loaded = load_demo(REGISTER, accounts=True)
    feed = Feed.objects.create(url=service.feed_url, title="Demo newsstand")

    wait_for("the articles to be read", lambda: all_read(feed))
    assert not Event.objects.exists(), "nothing is published without a curator"
    first, second = loaded.curators[:2]
    work_through(first, second, lambda text: None)
    wait_for("the alert", lambda: any("22A" in str(mail["subject"]) for mail in service.mails()))

    found = [get("executives/", name=name)["results"] for name in ("Zhang Ping'an", "张平安", "zhang pingan")]
    assert [len(people) for people in found] == [1, 1, 1]
    person = found[0][0]["id"]
    timeline = get(f"executives/{person}/timeline/")
    entry = next(e for e in timeline["results"] if e["action"] == "demotion")
    assert entry["date"] == {"value": "2025-10-18", "precision": "day"}
    assert "Disciplinary Committee" in entry["details"]["issuer"]["name"]
    penalties = {p["type"]: p for p in entry["details"]["penalties"]}
    assert (penalties["demotion"]["from"], penalties["demotion"]["to"]) == ("22A", "21A")
    assert (penalties["demotion"]["levels"], penalties["demotion"]["steps"]) == (3, -3)
    assert penalties["warning"]["degree"] == "severe"
    for evidence in entry["evidence"]:
        text = Document.objects.get(id=evidence["document"]["id"]).text
        assert text[evidence["start"] : evidence["end"]] == evidence["quote"]

    grades = get(f"executives/{person}/grades/")["results"]
    assert [(g["grade"], g["from"], g["to"]) for g in grades] == [
        ("22A", None, "2025-10-18"),
        ("21A", "2025-10-18", None),
    ]
    assert get(f"ladders/{grades[0]['ladder']}/steps/", **{"from": "22A", "to": "21A"})["steps"] == -3

    told = [mail for mail in service.mails() if "22A" in str(mail["subject"])]
    assert [str(mail["subject"]) for mail in told] == ["Zhang Ping'an demoted three levels (22A to 21A)"]
    assert told[0]["to"] == "reader@example.org"
    assert ledger.verify()[1] is None


def test_polling_again_adds_nothing_and_tells_nobody_twice(service: Service) -> None:
    loaded = load_demo(REGISTER, accounts=True)
    feed = Feed.objects.create(url=service.feed_url, title="Demo newsstand")
    wait_for("the articles to be read", lambda: all_read(feed))
    first, second = loaded.curators[:2]
    work_through(first, second, lambda text: None)
    wait_for("the alerts", everyone_is_told)
    before, mails = counts(), len(service.mails())

    since = timezone.now()
    Feed.objects.filter(id=feed.id).update(
        next_poll_at=since - timedelta(seconds=1), etag="", last_modified=""
    )
    wait_for("the second poll", lambda: feed.runs.filter(finished_at__gte=since).exists())
    wait_for("its end", lambda: all_read(feed))
    work_through(first, second, lambda text: None)

    assert counts() == before
    assert len(service.mails()) == mails
