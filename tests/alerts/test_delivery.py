"""Sending: each message once, over a real SMTP server that sometimes misbehaves."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from django.db import transaction
from django.db.models import QuerySet
from pytest_django import Settings

from events.alerts import due_deliveries, match_revision, send_delivery, unsubscribe
from events.choices import Status
from events.models.alerts import Delivery, Matching
from events.record.publishing import retract, revise, undo
from tests import scenes
from tests.alerts.helpers import (
    DROP,
    MailServer,
    Story,
    deliver_all,
    follow,
    forget_matching,
    make_due,
    race,
    story,
    subscriber,
    text_of,
)
from tracker.local.mailcatcher import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def outbox(told: Story) -> Delivery:
    """The one delivery of a story that one reader follows."""
    follow(subscriber(), executive=told.person)
    match_revision(told.revision.seq)
    return Delivery.objects.get()


def correct(told: Story) -> int:
    """Corrects the day of the story; gives the new revision's number."""
    draft = scenes.demotion(told.person, told.division, told.source, day="2025-10-17")
    return revise(told.event, draft, told.curator).seq


def state() -> str:
    return Delivery.objects.get().state


def test_a_matching_subscriber_gets_one_mail(server: MailServer) -> None:
    told = story()
    reader = subscriber()
    follow(reader, executive=told.person)

    deliver_all()

    assert server.recipients == [reader.email]
    assert state() == "sent"
    assert Delivery.objects.get().sent_at is not None


def test_one_mail_even_when_two_subscriptions_match(server: MailServer) -> None:
    told = story()
    reader = subscriber()
    follow(reader, executive=told.person)
    follow(reader, organization=told.company)

    deliver_all()

    assert len(server.received) == 1
    assert "Ilse van Houten and Northlake Devices and its units" in text_of(server.received[0])


def test_running_a_stage_twice_sends_nothing_twice(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    deliver_all()
    delivery = Delivery.objects.get()
    forget_matching(told.revision.seq)

    deliver_all()
    again = send_delivery(delivery.id)

    assert not again
    assert len(server.received) == 1


def test_two_workers_racing_send_one(server: MailServer) -> None:
    delivery = outbox(story())

    results = race(lambda: send_delivery(delivery.id), workers=4)

    assert sorted(results) == [False, False, False, True]
    assert len(server.received) == 1


def test_sending_inside_a_transaction_is_refused(server: MailServer) -> None:
    delivery = outbox(story())

    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        send_delivery(delivery.id)

    assert server.received == []


def test_a_message_is_not_sent_before_it_is_due(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person, frequency="weekly")
    match_revision(told.revision.seq)

    assert due_deliveries() == []
    assert not send_delivery(Delivery.objects.get().id)
    assert server.received == []


def test_a_digest_message_is_sent_when_its_time_has_come(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person, frequency="weekly")
    match_revision(told.revision.seq)

    make_due()
    deliver_all()

    assert len(server.received) == 1


@pytest.mark.parametrize("answer", ["421 busy", "450 mailbox busy", "451 try later"])
def test_a_temporary_refusal_is_tried_again_with_the_same_message_id(server: MailServer, answer: str) -> None:
    delivery = outbox(story())
    server.at_data.append(answer)

    assert not send_delivery(delivery.id)
    waiting = Delivery.objects.get()
    make_due()
    assert send_delivery(delivery.id)

    assert (waiting.state, waiting.error[-len(answer) :]) == ("pending", answer)
    assert waiting.next_attempt_at > waiting.created_at
    assert [message["Message-ID"] for message in server.received] == [delivery.message_id]


def test_a_temporary_refusal_of_the_address_is_tried_again(server: MailServer) -> None:
    delivery = outbox(story())
    server.at_rcpt.append("450 greylisted")

    send_delivery(delivery.id)
    make_due()

    assert send_delivery(delivery.id)


@pytest.mark.parametrize("place", ["at_rcpt", "at_data"])
def test_a_permanent_refusal_fails_with_the_servers_words(server: MailServer, place: str) -> None:
    delivery = outbox(story())
    getattr(server, place).append("550 no such user")

    send_delivery(delivery.id)

    failed = Delivery.objects.get()
    assert failed.state == "failed"
    assert "550 no such user" in failed.error
    assert due_deliveries() == []


def test_a_connection_dropped_after_the_message_is_tried_again_as_a_copy(server: MailServer) -> None:
    delivery = outbox(story())
    server.at_data.append(DROP)

    assert not send_delivery(delivery.id)
    assert state() == "sending"
    make_due()
    assert send_delivery(delivery.id)

    assert [message["Message-ID"] for message in server.received] == [delivery.message_id] * 2


def test_a_server_that_is_away_is_tried_again(server: MailServer, settings: Settings) -> None:
    delivery = outbox(story())
    settings.EMAIL_PORT = free_port()

    assert not send_delivery(delivery.id)
    assert state() == "pending"
    assert "could not be reached" in Delivery.objects.get().error

    settings.EMAIL_PORT = server.port
    make_due()
    assert send_delivery(delivery.id)


def test_a_server_that_takes_no_connections_is_tried_again(server: MailServer, settings: Settings) -> None:
    delivery = outbox(story())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_PORT = listener.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.2  # it accepts and never says a word
        assert not send_delivery(delivery.id)

    assert state() == "pending"


def test_attempts_end_after_a_day(server: MailServer) -> None:
    delivery = outbox(story())
    Delivery.objects.update(attempts=14)
    server.at_data.append("450 still busy")

    send_delivery(delivery.id)

    failed = Delivery.objects.get()
    assert failed.state == "failed"
    assert failed.error.startswith("Given up after 15 attempts.")


def test_a_worker_that_died_before_sending_is_made_up_for(server: MailServer) -> None:
    delivery = outbox(story())
    Delivery.objects.update(state="sending", claimed_until="2000-01-01T00:00:00Z", attempts=1)

    assert due_deliveries() == [delivery.id]
    assert send_delivery(delivery.id)

    assert [message["Message-ID"] for message in server.received] == [delivery.message_id]


def test_a_running_worker_is_not_disturbed(server: MailServer) -> None:
    delivery = outbox(story())
    Delivery.objects.update(state="sending", claimed_until="2999-01-01T00:00:00Z")

    assert due_deliveries() == []
    assert not send_delivery(delivery.id)


def test_a_message_that_cannot_be_written_does_not_stop_the_others(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery = outbox(story())
    with monkeypatch.context() as broken:
        broken.delattr("events.alerts.content.summary")
        assert not send_delivery(delivery.id)

    assert "could not be written" in Delivery.objects.get().error
    make_due()
    assert send_delivery(delivery.id)


def test_an_unsubscribed_reader_gets_no_waiting_mail(server: MailServer) -> None:
    delivery = outbox(story())
    subscription = delivery.subscriptions.get()
    unsubscribe(delivery.subscriber.token, subscription.id)

    deliver_all()

    assert server.received == []
    assert state() == "cancelled"


def test_a_retraction_reaches_exactly_those_who_were_told(server: MailServer) -> None:
    told = story()
    informed, refused, late = subscriber(), subscriber(), subscriber()
    follow(informed, executive=told.person)
    deliver_all()
    follow(refused, executive=told.person)
    Delivery.objects.create(
        subscriber=refused, revision=told.revision, message_id="<x@example.org>", state="failed"
    )
    follow(late, executive=told.person)

    retract(told.event, told.curator)
    deliver_all()

    assert server.recipients == [informed.email, informed.email]
    assert server.subjects[1].startswith("Retracted: ")


def test_a_retraction_reaches_who_has_ended_that_subscription_since(server: MailServer) -> None:
    told = story()
    reader = subscriber()
    subscription = follow(reader, executive=told.person)
    deliver_all()
    unsubscribe(reader.token, subscription.id)

    retract(told.event, told.curator)
    deliver_all()

    assert len(server.received) == 2


def test_who_left_altogether_gets_no_retraction(server: MailServer) -> None:
    told = story()
    reader = subscriber()
    follow(reader, executive=told.person)
    deliver_all()
    unsubscribe(reader.token)

    retract(told.event, told.curator)
    deliver_all()

    assert len(server.received) == 1


def test_a_correction_reaches_those_who_were_told_and_new_matches(server: MailServer) -> None:
    told = story()
    informed, new = subscriber(), subscriber()
    subscription = follow(informed, text="18 October")
    deliver_all()
    follow(new, text="17 October")

    correct(told)
    deliver_all()

    assert sorted(server.recipients) == sorted([informed.email, informed.email, new.email])
    by_reader = dict(zip(server.recipients[1:], server.subjects[1:], strict=True))
    assert by_reader[informed.email].startswith("Correction: ")
    assert not by_reader[new.email].startswith("Correction: ")
    assert subscription.is_active


def test_a_correction_to_a_daily_reader_goes_at_once(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person, frequency="daily")
    deliver_all()
    make_due()
    deliver_all()

    correct(told)
    deliver_all()

    assert len(server.received) == 2


def test_two_corrections_before_sending_are_told_as_one(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    deliver_all()

    correct(told)
    retract(told.event, told.curator)
    deliver_all()

    assert [subject.split(":")[0] for subject in server.subjects[1:]] == ["Retracted"]


def corroborate(told: Story) -> int:
    """Adds the words of another source to the story's event; gives the new revision's number."""
    draft = scenes.demotion(told.person, told.division, told.source)
    other = scenes.whole(scenes.document("Another paper. " + scenes.DEMOTION_TEXT))
    draft = replace(draft, evidence=(*draft.evidence, other))
    return revise(told.event, draft, told.curator, status=Status.REPORTED).seq


def test_another_source_alone_is_no_correction_and_tells_nobody_twice(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    deliver_all()

    corroborate(told)
    deliver_all()

    assert [subject.split(":")[0] for subject in server.subjects] == [server.subjects[0]]
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["cancelled", "sent"]


def test_who_was_not_told_before_another_source_joined_is_told_once(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person)

    corroborate(told)
    deliver_all()

    assert len(server.received) == 1
    assert not server.subjects[0].startswith("Correction")


def test_a_retraction_after_another_source_reaches_who_was_told_the_first(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    deliver_all()
    corroborate(told)
    deliver_all()

    retract(told.event, told.curator)
    deliver_all()

    assert [subject.split(":")[0] for subject in server.subjects[1:]] == ["Retracted"]


def test_a_retraction_that_is_undone_is_told(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    deliver_all()
    retract(told.event, told.curator)
    deliver_all()

    undo(told.event, told.curator)
    deliver_all()

    assert server.subjects[2].startswith("Restored: ")


def test_a_retraction_while_the_first_mail_is_on_its_way_follows_it(server: MailServer) -> None:
    told = story()
    delivery = outbox(told)
    Delivery.objects.update(state="sending", claimed_until="2999-01-01T00:00:00Z", attempts=1)
    retract(told.event, told.curator)
    deliver_all()
    waits = Delivery.objects.get(revision__operation="DEL")
    Delivery.objects.filter(id=delivery.id).update(state="sent", sent_at="2025-11-17T00:00:00Z")

    make_due(id=waits.id)
    deliver_all()

    assert waits.state == "pending"
    assert [subject.split(":")[0] for subject in server.subjects] == ["Retracted"]


def test_a_retraction_is_not_sent_when_the_first_mail_failed_after_all(server: MailServer) -> None:
    told = story()
    delivery = outbox(told)
    Delivery.objects.update(state="sending", claimed_until="2999-01-01T00:00:00Z", attempts=1)
    retract(told.event, told.curator)
    deliver_all()
    Delivery.objects.filter(id=delivery.id).update(state="failed")

    make_due()
    deliver_all()

    assert server.received == []
    assert Delivery.objects.get(revision__operation="DEL").state == "cancelled"


def test_who_may_have_been_told_hears_of_the_retraction(server: MailServer) -> None:
    told = story()
    delivery = outbox(told)
    server.at_data.append(DROP)
    send_delivery(delivery.id)

    retract(told.event, told.curator)
    make_due()
    deliver_all()
    make_due()
    deliver_all()

    assert [subject.split(":")[0] for subject in server.subjects[1:]] == ["Retracted"]
    assert "may have been received" in Delivery.objects.get(id=delivery.id).error


def test_a_retraction_published_while_a_mail_is_handed_over_is_told_too(server: MailServer) -> None:
    told = story()
    delivery = outbox(told)

    def publish_retraction() -> None:
        server.during_data = None
        results.extend(race(lambda: match_revision(retract(told.event, told.curator).seq), workers=1))

    results: list[int] = []
    server.during_data = publish_retraction
    send_delivery(delivery.id)
    deliver_all()

    assert results == [1]
    assert [subject.split(":")[0] for subject in server.subjects][1:] == ["Retracted"]


def take_over(rows: QuerySet[Delivery]) -> None:
    """Another worker takes an abandoned claim, on a connection of its own."""
    race(lambda: rows.update(claimed_until="2999-01-01T00:00:00Z"), workers=1)


def test_a_claim_that_expired_does_not_overwrite_the_new_workers_word(server: MailServer) -> None:
    delivery = outbox(story())
    server.at_data.append("450 busy")
    later = Delivery.objects.filter(id=delivery.id)
    server.during_data = lambda: take_over(later)

    send_delivery(delivery.id)

    assert state() == "sending"


def test_nothing_is_sent_for_an_unconfirmed_subscriber(server: MailServer) -> None:
    told = story()
    reader = subscriber(confirmed=False)
    follow(reader, executive=told.person)
    Delivery.objects.create(subscriber=reader, revision=told.revision, message_id="<y@example.org>")

    deliver_all()

    assert server.received == []
    assert Matching.objects.get().state == "done"
