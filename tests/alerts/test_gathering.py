"""From due deliveries to mails: what goes together, each once, and nobody held up behind a large audience."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils import timezone

from events.alerts import gathering
from events.alerts.gathering import gather_due
from events.alerts.matching import match_revision
from events.models.alerts import Delivery, Mail, Matching, Subscriber
from events.models.record import Case, Revision
from events.record.publishing import publish
from tests import scenes
from tests.alerts.helpers import (
    MailServer,
    Story,
    deliver_all,
    follow,
    forget_matching,
    match_all,
    race,
    story,
    subscriber,
    text_of,
)

pytestmark = pytest.mark.django_db(transaction=True)


def crowd(told: Story, size: int, **conditions: Any) -> list[Subscriber]:
    """Readers who follow the story's person."""
    readers = [subscriber() for _ in range(size)]
    for reader in readers:
        follow(reader, **({"executive": told.person} | conditions))
    return readers


def in_case(*titles: str) -> tuple[Story, list[Revision]]:
    """A story's company appoints as many people as there are titles, in one case."""
    told = story()
    case = Case.objects.create(title="The new board", key="board")
    revisions = []
    for title in titles:
        draft = scenes.appointment(
            scenes.executive(f"Person {title}"), told.company, told.source, day="2025-11", title=title
        )
        revisions.append(publish(replace(draft, case_id=case.pk), told.curator))
    return told, revisions


def mails_by_kind() -> list[tuple[str, int]]:
    """(kind, number of deliveries) of each mail."""
    return [(mail.kind, mail.deliveries.count()) for mail in Mail.objects.order_by("pk")]


def test_a_delivery_that_is_due_becomes_a_mail_of_its_reader() -> None:
    told = story()
    [reader] = crowd(told, 1)
    match_revision(told.revision.seq)

    assert gather_due() == 1

    mail = Mail.objects.get()
    assert (mail.subscriber, mail.kind, mail.state) == (reader, "alert", "pending")
    assert Delivery.objects.get().mail == mail


def test_gathering_again_gathers_nothing_twice() -> None:
    told = story()
    crowd(told, 3)
    match_revision(told.revision.seq)
    gather_due()

    assert gather_due() == 0
    assert Mail.objects.count() == 3


def test_what_is_not_due_yet_waits() -> None:
    told = story()
    crowd(told, 1)
    match_revision(told.revision.seq)
    Delivery.objects.update(due_at=timezone.now() + timedelta(minutes=1))

    assert gather_due() == 0


def test_news_of_one_case_reaches_a_reader_as_one_mail(server: MailServer) -> None:
    told, revisions = in_case("CFO", "COO", "CTO")
    follow(subscriber(), organization=told.company, kind="leadership")
    match_all()

    assert gather_due() == 1
    assert mails_by_kind() == [("alert", 3)]
    deliver_all()

    [mail] = server.received
    for revision in revisions:
        assert revision.payload["subject"]["name"] in text_of(mail)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_news_of_different_events_without_a_case_are_mails_of_their_own() -> None:
    told = story()
    reader = subscriber()
    follow(reader, organization=told.company)
    for title in ("CFO", "COO"):
        draft = scenes.appointment(
            scenes.executive(title), told.company, told.source, day="2025", title=title
        )
        publish(draft, told.curator)
    match_all()

    gather_due()

    assert mails_by_kind() == [("alert", 1)] * 3


def test_a_case_waits_until_all_its_news_is_matched() -> None:
    told, revisions = in_case("CFO", "COO")
    follow(subscriber(), organization=told.company, kind="leadership")
    match_revision(revisions[0].seq)

    before = gather_due()
    match_revision(revisions[1].seq)

    assert before == 0
    assert gather_due() == 1
    assert mails_by_kind() == [("alert", 2)]


def test_a_case_does_not_wait_for_a_matching_that_stands_still() -> None:
    told, revisions = in_case("CFO", "COO")
    follow(subscriber(), organization=told.company, kind="leadership")
    match_revision(revisions[0].seq)
    # The ledger's times are fixed; what is moved is the time for which they are waited for.
    statement = gathering._REVISIONS.replace("interval '5 minutes'", "interval '-1 minute'")

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(gathering, "_REVISIONS", statement)
        assert gather_due() == 1


def test_a_digest_tells_a_reader_all_that_is_due() -> None:
    told, revisions = in_case("CFO", "COO")
    reader = subscriber()
    follow(reader, organization=told.company, frequency="daily")
    match_all()
    Delivery.objects.update(due_at=timezone.now())

    assert gather_due() == 1

    assert mails_by_kind() == [("digest", 1 + len(revisions))]


def test_daily_and_weekly_news_that_are_due_together_are_one_digest() -> None:
    told, _ = in_case("CFO")
    reader = subscriber()
    follow(reader, executive=told.person, frequency="weekly")
    follow(reader, kind="leadership", frequency="daily")
    match_all()
    Delivery.objects.filter(frequency="weekly").update(due_at=timezone.now() - timedelta(hours=1))
    Delivery.objects.filter(frequency="daily").update(due_at=timezone.now())

    gather_due()

    assert mails_by_kind() == [("digest", 2)]


def test_instant_news_do_not_wait_for_a_digest_nor_go_into_it() -> None:
    told, _ = in_case("CFO")
    reader = subscriber()
    follow(reader, executive=told.person)
    follow(reader, kind="leadership", frequency="daily")
    match_all()
    Delivery.objects.update(due_at=timezone.now())

    gather_due()

    assert sorted(mails_by_kind()) == [("alert", 1), ("digest", 1)]


def test_each_reader_has_a_digest_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    told, revisions = in_case("CFO", "COO")
    readers = crowd(told, 7, executive=None, organization=told.company, frequency="daily")
    match_all()
    Delivery.objects.update(due_at=timezone.now())
    # Batches end in the middle of a reader's news.
    monkeypatch.setattr(gathering, "_ROWS", 8)

    while gather_due():
        pass

    assert mails_by_kind() == [("digest", 1 + len(revisions))] * len(readers)


def test_a_very_long_digest_is_several_mails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_TOLD", 2)
    told, _ = in_case("CFO", "COO")
    follow(subscriber(), organization=told.company, frequency="daily")
    match_all()
    Delivery.objects.update(due_at=timezone.now())

    gather_due()

    assert sorted(mails_by_kind()) == [("digest", 1), ("digest", 2)]


def test_an_event_with_many_readers_does_not_hold_up_another() -> None:
    told = story()
    crowd(told, 100)
    other = scenes.executive("Priya Raghunathan")
    [reader] = crowd(told, 1, executive=other)
    match_revision(told.revision.seq)
    draft = scenes.appointment(other, scenes.company("Elsewhere"), told.source, day="2025", title="CFO")
    match_revision(publish(draft, told.curator).seq)

    written = gather_due(outbox=40)

    assert 40 <= written <= 60
    assert Mail.objects.filter(subscriber=reader).exists()


def test_no_more_is_gathered_than_senders_have_room_for() -> None:
    told = story()
    crowd(told, 60)
    match_revision(told.revision.seq)
    gather_due(outbox=20)

    assert gather_due(outbox=20) == 0
    assert Mail.objects.count() == 20


def test_two_workers_gather_each_delivery_once() -> None:
    told = story()
    crowd(told, 50)
    match_revision(told.revision.seq)

    written = race(gather_due, workers=3)

    assert sum(written) == Mail.objects.count() == 50
    assert not Delivery.objects.filter(mail=None).exists()


def test_two_workers_make_one_digest_of_a_readers_news() -> None:
    told, _ = in_case("CFO", "COO")
    crowd(told, 20, executive=None, organization=told.company, frequency="daily")
    match_all()
    Delivery.objects.update(due_at=timezone.now())

    race(gather_due, workers=3)
    gather_due()

    assert mails_by_kind() == [("digest", 3)] * 20


def test_what_somebody_else_holds_is_left_and_not_waited_for() -> None:
    told = story()
    readers = crowd(told, 2)
    match_revision(told.revision.seq)
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                list(Delivery.objects.select_for_update().filter(subscriber=readers[0]))
                held.set()
                release.wait(30)
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(30)
    first = gather_due()
    release.set()
    holder.join()

    assert (first, gather_due()) == (1, 1)


def test_what_is_withdrawn_before_it_is_gathered_makes_no_mail() -> None:
    told = story()
    crowd(told, 1)
    match_revision(told.revision.seq)
    Delivery.objects.update(state="cancelled")

    assert gather_due() == 0


def test_matching_again_after_gathering_changes_nothing() -> None:
    told = story()
    crowd(told, 2)
    match_revision(told.revision.seq)
    gather_due()
    forget_matching(told.revision.seq)

    match_all()

    assert gather_due() == 0
    assert Mail.objects.count() == 2
    assert Matching.objects.get().state == "done"


def test_a_message_id_is_not_to_be_guessed_and_tells_no_address() -> None:
    told = story()
    [reader] = crowd(told, 1)
    match_revision(told.revision.seq)

    gather_due()

    identity = Mail.objects.get().message_id
    assert reader.email.partition("@")[0] not in identity
    assert len(identity.partition("@")[0].rpartition(".")[2]) == 20
