"""Sending: each message once, over a real SMTP server that sometimes misbehaves."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest
from django.db import transaction
from django.db.models import QuerySet
from pytest_django import Settings

from events.alerts.gathering import gather_due
from events.alerts.matching import match_revision
from events.alerts.receipts import due_mails
from events.alerts.sending import send_due
from events.alerts.subscriptions import unsubscribe
from events.choices import Status
from events.models.alerts import Delivery, Mail, Matching
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
    outbox,
    race,
    story,
    subscriber,
    text_of,
)
from tracker.local.mailcatcher import free_port

pytestmark = pytest.mark.django_db(transaction=True)


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
    text = text_of(server.received[0])
    assert "All events about Ilse van Houten" in text
    assert "All events at Northlake Devices and its units" in text


def test_running_a_stage_twice_sends_nothing_twice(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    deliver_all()
    forget_matching(told.revision.seq)

    again = deliver_all()

    assert not again
    assert len(server.received) == 1


def test_two_workers_racing_send_one(server: MailServer) -> None:
    outbox(story())

    results = race(lambda: send_due().sent, workers=4)

    assert sorted(results) == [0, 0, 0, 1]
    assert len(server.received) == 1


def test_sending_inside_a_transaction_is_refused(server: MailServer) -> None:
    outbox(story())

    with transaction.atomic(), pytest.raises(RuntimeError, match="inside a transaction"):
        send_due()

    assert server.received == []


def test_a_message_is_not_sent_before_it_is_due(server: MailServer) -> None:
    told = story()
    follow(subscriber(), executive=told.person, frequency="weekly")
    match_revision(told.revision.seq)

    assert gather_due() == 0
    assert deliver_all() == 0
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
    mail = outbox(story())
    server.at_data.append(answer)

    assert not send_due().sent
    waiting = Mail.objects.get()
    make_due()
    assert send_due().sent

    assert (waiting.state, waiting.error[-len(answer) :]) == ("pending", answer)
    assert waiting.next_attempt_at > waiting.created_at
    assert [message["Message-ID"] for message in server.received] == [mail.message_id]


def test_a_temporary_refusal_of_the_address_is_tried_again(server: MailServer) -> None:
    outbox(story())
    server.at_rcpt.append("450 greylisted")

    send_due()
    make_due()

    assert send_due().sent


@pytest.mark.parametrize("place", ["at_rcpt", "at_data"])
def test_a_permanent_refusal_fails_with_the_servers_words(server: MailServer, place: str) -> None:
    outbox(story())
    getattr(server, place).append("550 no such user")

    send_due()

    failed = Mail.objects.get()
    assert (failed.state, state()) == ("failed", "failed")
    assert "550 no such user" in failed.error
    assert "550 no such user" in Delivery.objects.get().error
    assert due_mails() == []


def test_a_connection_dropped_after_the_message_is_tried_again_as_a_copy(server: MailServer) -> None:
    mail = outbox(story())
    server.at_data.append(DROP)

    assert not send_due().sent
    assert state() == "sending"
    make_due()
    assert send_due().sent

    assert [message["Message-ID"] for message in server.received] == [mail.message_id] * 2


def test_a_server_that_is_away_is_tried_again(server: MailServer, settings: Settings) -> None:
    outbox(story())
    settings.EMAIL_PORT = free_port()

    assert not send_due().sent
    assert state() == "pending"
    assert "could not be reached" in Mail.objects.get().error

    settings.EMAIL_PORT = server.port
    make_due()
    assert send_due().sent


def test_a_server_that_takes_no_connections_is_tried_again(server: MailServer, settings: Settings) -> None:
    outbox(story())
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.EMAIL_PORT = listener.getsockname()[1]
        settings.EMAIL_TIMEOUT = 0.2  # it accepts and never says a word
        assert not send_due().sent

    assert state() == "pending"


def test_attempts_end_after_a_day(server: MailServer) -> None:
    outbox(story())
    Mail.objects.update(attempts=14)
    server.at_data.append("450 still busy")

    send_due()

    failed = Mail.objects.get()
    assert (failed.state, state()) == ("failed", "failed")
    assert failed.error.startswith("Given up after 15 attempts.")


def test_a_worker_that_died_before_sending_is_made_up_for(server: MailServer) -> None:
    mail = outbox(story())
    Mail.objects.update(state="sending", claimed_until="2000-01-01T00:00:00Z", attempts=1)
    Delivery.objects.update(state="sending")

    assert due_mails() == [mail.pk]
    assert send_due().sent

    assert [message["Message-ID"] for message in server.received] == [mail.message_id]


def test_a_running_worker_is_not_disturbed(server: MailServer) -> None:
    outbox(story())
    Mail.objects.update(state="sending", claimed_until="2999-01-01T00:00:00Z")

    assert due_mails() == []
    assert not send_due().sent


def test_a_message_that_cannot_be_written_does_not_stop_the_others(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    outbox(story())
    with monkeypatch.context() as broken:
        broken.delattr("events.alerts.content.summary")
        assert not send_due().sent

    assert "could not be written" in Mail.objects.get().error
    make_due()
    assert send_due().sent


def test_an_unsubscribed_reader_gets_no_waiting_mail(server: MailServer) -> None:
    mail = outbox(story())
    [subscription] = Delivery.objects.get().matched
    unsubscribe(mail.subscriber.token, subscription)

    deliver_all()

    assert server.received == []
    assert state() == "cancelled"
    assert Mail.objects.get().state == "cancelled"


def test_a_retraction_reaches_exactly_those_who_were_told(server: MailServer) -> None:
    told = story()
    informed, refused, late = subscriber(), subscriber(), subscriber()
    follow(informed, executive=told.person)
    deliver_all()
    follow(refused, executive=told.person)
    Delivery.objects.create(subscriber=refused, revision=told.revision, state="failed")
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


def on_its_way(told: Story) -> Mail:
    """The story's one mail, which a worker is just handing over."""
    mail = outbox(told)
    Mail.objects.update(state="sending", claimed_until="2999-01-01T00:00:00Z", attempts=1)
    Delivery.objects.update(state="sending")
    return mail


def arrive(mail: Mail) -> None:
    """The server took it."""
    mail.deliveries.update(state="sent", sent_at="2025-11-17T00:00:00Z")
    Mail.objects.filter(pk=mail.pk).update(state="sent", sent_at="2025-11-17T00:00:00Z")


def test_a_retraction_while_the_first_mail_is_on_its_way_follows_it(server: MailServer) -> None:
    told = story()
    mail = on_its_way(told)
    retract(told.event, told.curator)
    deliver_all()
    waits = Delivery.objects.get(revision__operation="DEL")
    arrive(mail)

    make_due()
    deliver_all()

    assert waits.state == "pending"
    assert [subject.split(":")[0] for subject in server.subjects] == ["Retracted"]


def test_a_retraction_is_not_sent_when_the_first_mail_failed_after_all(server: MailServer) -> None:
    told = story()
    mail = on_its_way(told)
    retract(told.event, told.curator)
    deliver_all()
    mail.deliveries.update(state="failed")
    Mail.objects.filter(pk=mail.pk).update(state="failed")

    make_due()
    deliver_all()

    assert server.received == []
    assert Delivery.objects.get(revision__operation="DEL").state == "cancelled"


def test_who_may_have_been_told_hears_of_the_retraction(server: MailServer) -> None:
    told = story()
    mail = outbox(told)
    server.at_data.append(DROP)
    send_due()

    retract(told.event, told.curator)
    make_due()
    deliver_all()
    make_due()
    deliver_all()

    assert [subject.split(":")[0] for subject in server.subjects[1:]] == ["Retracted"]
    assert "may have been received" in mail.deliveries.get().error


def test_a_retraction_published_while_a_mail_is_handed_over_is_told_too(server: MailServer) -> None:
    told = story()
    outbox(told)

    def publish_retraction() -> None:
        server.during_data = None
        results.extend(race(lambda: match_revision(retract(told.event, told.curator).seq), workers=1))

    results: list[int] = []
    server.during_data = publish_retraction
    send_due()
    deliver_all()

    assert results == [1]
    assert [subject.split(":")[0] for subject in server.subjects][1:] == ["Retracted"]


def take_over(rows: QuerySet[Mail]) -> None:
    """Another worker takes an abandoned claim, on a connection of its own."""
    race(lambda: rows.update(claimed_until="2999-01-01T00:00:00Z"), workers=1)


def test_a_claim_that_expired_does_not_overwrite_the_new_workers_word(server: MailServer) -> None:
    mail = outbox(story())
    server.at_data.append("450 busy")
    server.during_data = lambda: take_over(Mail.objects.filter(pk=mail.pk))

    send_due()

    assert (Mail.objects.get().state, state()) == ("sending", "sending")


def test_nothing_is_sent_for_an_unconfirmed_subscriber(server: MailServer) -> None:
    told = story()
    reader = subscriber(confirmed=False)
    follow(reader, executive=told.person)
    Delivery.objects.create(subscriber=reader, revision=told.revision)

    deliver_all()

    assert server.received == []
    assert Matching.objects.get().state == "done"
