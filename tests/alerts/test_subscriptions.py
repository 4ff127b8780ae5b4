"""Joining and leaving."""

from __future__ import annotations

import pytest
from django.db import transaction
from pytest_django import Settings

from events.alerts import confirm, match_revision, request_confirmation, send_confirmation, unsubscribe
from events.models.alerts import Delivery, Subscriber
from tests.alerts.helpers import MailServer, follow, story, subscriber, text_of
from tracker.local.mailcatcher import free_port

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_confirmation_mail_names_what_would_be_followed(server: MailServer, settings: Settings) -> None:
    settings.SITE_URL = "https://tracker.example.org"
    told, reader = story(), subscriber(confirmed=False)
    follow(reader, organization=told.company, min_severity=3)

    request_confirmation(reader)

    [mail] = server.received
    assert mail["To"] == reader.email
    assert mail["Auto-Submitted"] == "auto-generated"
    text = text_of(mail)
    assert "Northlake Devices and its units (severity 3 or more)" in text
    assert f"https://tracker.example.org/subscriptions/{reader.token}/" in text


def test_the_confirmation_mail_waits_for_the_commit(server: MailServer) -> None:
    with transaction.atomic():
        reader = subscriber(confirmed=False)
        request_confirmation(reader)
        assert server.received == []

    assert len(server.received) == 1


def test_a_rolled_back_request_sends_nothing(server: MailServer) -> None:
    with transaction.atomic():
        request_confirmation(subscriber(confirmed=False))
        transaction.set_rollback(True)

    assert server.received == []


def test_a_confirmed_address_is_not_asked_again(server: MailServer) -> None:
    assert not send_confirmation(subscriber().id)
    assert server.received == []


def test_a_mail_server_that_is_away_does_not_break_the_request(
    server: MailServer, settings: Settings
) -> None:
    settings.EMAIL_PORT = free_port()

    request_confirmation(reader := subscriber(confirmed=False))

    assert Subscriber.objects.get(id=reader.id).confirmed_at is None


def test_the_token_confirms_its_subscriber() -> None:
    reader, other = subscriber(confirmed=False), subscriber(confirmed=False)

    assert confirm(reader.token) == reader

    assert Subscriber.objects.get(id=reader.id).confirmed_at is not None
    assert Subscriber.objects.get(id=other.id).confirmed_at is None


def test_confirming_twice_keeps_the_first_time() -> None:
    reader = subscriber(confirmed=False)
    confirm(reader.token)
    first = Subscriber.objects.get().confirmed_at

    confirm(reader.token)

    assert Subscriber.objects.get().confirmed_at == first


def test_an_unknown_token_confirms_nobody() -> None:
    subscriber(confirmed=False)

    assert confirm("unknown") is None
    assert Subscriber.objects.get().confirmed_at is None


def test_unsubscribing_from_one_keeps_the_others() -> None:
    reader = subscriber()
    first, second = follow(reader, kind="product"), follow(reader, kind="listing")

    assert unsubscribe(reader.token, first.id)

    assert list(reader.subscriptions.filter(is_active=True)) == [second]
    assert Subscriber.objects.get().confirmed_at is not None


def test_nobody_ends_another_readers_subscription() -> None:
    reader, other = subscriber(), subscriber()
    subscription = follow(other, kind="product")

    assert not unsubscribe(reader.token, subscription.id)

    subscription.refresh_from_db()
    assert subscription.is_active


def test_unsubscribing_from_all_ends_all_mail() -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    match_revision(told.revision.seq)

    assert unsubscribe(reader.token)

    assert not reader.subscriptions.filter(is_active=True).exists()
    assert Subscriber.objects.get().confirmed_at is None
    assert Delivery.objects.get().state == "cancelled"


def test_unsubscribing_twice_is_no_error() -> None:
    reader = subscriber()

    assert unsubscribe(reader.token)
    assert unsubscribe(reader.token)


def test_an_unknown_token_unsubscribes_nobody() -> None:
    reader = subscriber()

    assert not unsubscribe("unknown")
    assert Subscriber.objects.get(id=reader.id).confirmed_at is not None
