"""What goes with time, and what never does."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import models
from django.utils import timezone
from pytest_django import Settings

from events import retention, tasks
from events.choices import DeliveryState, MailKind
from events.models.alerts import Delivery, Mail
from events.models.candidates import ModelCall
from events.models.proposals import Proposal
from events.models.record import Evidence
from events.models.sources import Document, Feed, FetchRun
from events.models.webhooks import Webhook, WebhookMessage
from events.record import ledger, publishing
from tests import scenes
from tests.alerts.conftest import server
from tests.alerts.helpers import MailServer, Story, deliver_all, follow, match_all, story, subscriber

__all__ = ["server"]

pytestmark = pytest.mark.django_db
LONG_AGO = timedelta(days=3_000)


def aged(row: models.Model, **fields: Any) -> None:
    """Puts a row's instants, by name, or its creation, long ago."""
    past = timezone.now() - LONG_AGO
    row._meta.model._default_manager.filter(pk=row.pk).update(
        **dict.fromkeys(fields or {"created_at": 1}, past)
    )


def prune() -> None:
    assert retention.prune(retention.rules())


def has_raw(document: Document) -> bool:
    return bool(Document.objects.get(pk=document.pk).raw)


def old_document(**fields: Any) -> Document:
    document = scenes.document("Nothing of note.", state="extracted", **fields)
    aged(document, fetched_at=1)
    return document


def test_bytes_of_an_article_that_gave_nothing_go() -> None:
    document = old_document()

    prune()

    assert not has_raw(document)
    assert Document.objects.get(pk=document.pk).text == "Nothing of note."


def test_bytes_of_a_young_article_stay() -> None:
    document = scenes.document("Nothing of note.", state="extracted")

    prune()

    assert has_raw(document)


def test_bytes_that_something_was_published_from_stay() -> None:
    told = story()
    aged(told.source, fetched_at=1)
    Document.objects.update(state="extracted")

    prune()

    assert has_raw(told.source)


def test_bytes_that_only_an_earlier_revision_quotes_stay() -> None:
    told = story()
    aged(told.source, fetched_at=1)
    Document.objects.update(state="extracted")
    Evidence.objects.all().delete()  # as where a correction quotes another source

    prune()

    assert has_raw(told.source)


@pytest.mark.parametrize(("state", "stays"), [("open", True), ("deferred", True), ("rejected", False)])
def test_bytes_stay_while_a_curator_may_need_them(state: str, stays: bool) -> None:
    document = scenes.document(scenes.DEMOTION_TEXT, state="extracted")
    row = scenes.candidate(document)
    type(row).objects.update(state=state)
    aged(document, fetched_at=1)

    prune()

    assert has_raw(document) is stays


def test_bytes_of_an_article_that_was_not_read_yet_stay() -> None:
    document = scenes.document("Not read yet.")
    aged(document, fetched_at=1)

    prune()

    assert has_raw(document)


def test_old_requests_go_and_new_ones_stay() -> None:
    feed = Feed.objects.create(url="https://news.example.com/feed")
    old, new = (FetchRun.objects.create(feed=feed, outcome="unchanged") for _ in range(2))
    aged(old, started_at=1)

    prune()

    assert list(FetchRun.objects.values_list("pk", flat=True)) == [new.pk]


@pytest.fixture
def told(transactional_db: None, server: MailServer) -> Story:
    """A story that one reader was told of."""
    told = story()
    follow(subscriber(), executive=told.person)
    assert deliver_all() == 1
    return told


def test_who_was_told_what_is_never_forgotten(told: Story) -> None:
    for row in (*Delivery.objects.all(), *Mail.objects.all()):
        aged(row)

    prune()

    assert (Delivery.objects.count(), Mail.objects.count()) == (1, 1)


def test_a_correction_reaches_who_was_told_long_ago_under_the_first_mail(
    told: Story, server: MailServer
) -> None:
    for row in (*Delivery.objects.all(), *Mail.objects.all()):
        aged(row)
    prune()
    first = Mail.objects.get()

    publishing.retract(told.event, told.curator)
    deliver_all()

    assert [message["In-Reply-To"] for message in server.received] == [None, first.message_id]


@pytest.mark.parametrize("state", [DeliveryState.FAILED, DeliveryState.CANCELLED])
def test_what_nobody_was_told_by_goes_with_its_mail(told: Story, state: DeliveryState) -> None:
    Delivery.objects.update(state=state.value, sent_at=None)
    Mail.objects.update(state=state.value, sent_at=None)
    for row in (*Delivery.objects.all(), *Mail.objects.all()):
        aged(row)

    prune()

    assert (Delivery.objects.count(), Mail.objects.count()) == (0, 0)


def test_what_still_waits_to_be_sent_stays_however_old() -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    match_all()
    row = Mail.objects.create(
        subscriber=subscriber(), kind=MailKind.CONFIRMATION.value, message_id="<a@example.org>"
    )
    for waiting in (*Delivery.objects.all(), row):
        aged(waiting)

    prune()

    assert (Delivery.objects.count(), Mail.objects.count()) == (1, 1)


def test_mails_that_carried_no_news_go() -> None:
    row = Mail.objects.create(
        subscriber=subscriber(), kind=MailKind.CONFIRMATION.value, message_id="<a@example.org>",
        state=DeliveryState.SENT.value, sent_at=timezone.now(),
    )  # fmt: skip
    aged(row)

    prune()

    assert not Mail.objects.exists()


def test_a_webhooks_message_stays_and_its_attempts_go() -> None:
    told = story()
    hook = Webhook.objects.create(owner=told.curator, url="https://hooks.example.com/")
    message = WebhookMessage.objects.create(
        webhook=hook, revision=told.revision, message_id="msg_1", state=DeliveryState.SENT.value,
        sent_at=timezone.now(), log=[{"status": 200}],
    )  # fmt: skip
    aged(message)

    prune()

    assert WebhookMessage.objects.get().log == []


def test_answers_of_the_model_that_led_to_candidates_stay() -> None:
    barren, fruitful = scenes.document("Nothing."), scenes.document(scenes.DEMOTION_TEXT)
    scenes.candidate(fruitful)
    for document in (barren, fruitful):
        aged(ModelCall.objects.create(document=document, model="m", prompt="p", answer="a", state="done"))

    prune()

    assert list(ModelCall.objects.values_list("document", flat=True)) == [fruitful.pk]


def test_names_of_readers_go_a_year_after_their_answer() -> None:
    told = story()
    values = {"event": told.revision.event, "revision": 1, "kind": "correction", "text": "No."}
    reader = {"name": "A Reader", "contact": "reader@example.org"}
    answered = Proposal.objects.create(
        **values,
        **reader,
        receipt="1",
        state="declined",
        handled_by=told.curator,
        handled_at=timezone.now(),
        answer="Yes.",
    )
    waiting = Proposal.objects.create(**values, **reader, receipt="2")
    aged(answered, handled_at=1)
    aged(waiting)

    prune()

    assert list(Proposal.objects.order_by("pk").values_list("contact", "text")) == [
        ("", "No."),
        ("reader@example.org", "No."),
    ]


def test_sessions_that_have_ended_go() -> None:
    now = timezone.now()
    Session.objects.create(session_key="a", session_data="", expire_date=now - timedelta(days=3))
    Session.objects.create(session_key="b", session_data="", expire_date=now + timedelta(days=3))

    prune()

    assert list(Session.objects.values_list("session_key", flat=True)) == ["b"]


def test_the_ledger_is_whole_afterwards(told: Story) -> None:
    before = ledger.verify()

    prune()

    assert ledger.verify() == before == (1, None)


def test_a_dry_run_tells_and_changes_nothing() -> None:
    document = old_document()
    said = io.StringIO()

    call_command("prune", "--dry-run", stdout=said, stderr=io.StringIO())

    assert "raw bytes of articles that gave nothing, 180 days: 1 would go" in said.getvalue()
    assert has_raw(document)


def test_nothing_goes_by_a_rule_of_no_days(settings: Settings) -> None:
    settings.RETAIN_RAW_DAYS = 0
    document, said = old_document(), io.StringIO()

    call_command("prune", stdout=said, stderr=io.StringIO())

    assert "raw bytes of articles that gave nothing: kept for ever" in said.getvalue()
    assert has_raw(document)


def test_all_slices_are_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "SLICE", 2)
    documents = [old_document() for _ in range(5)]

    prune()

    assert not any(has_raw(document) for document in documents)


def test_what_there_was_no_time_for_goes_the_next_day() -> None:
    document = old_document()

    assert not retention.prune(retention.rules(), seconds=0)
    assert tasks.prune()

    assert not has_raw(document)
