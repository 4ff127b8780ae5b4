"""Reports of a mail provider, posted as it posts them."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from pytest_django import Settings

from events.alerts.sending import send_due
from events.alerts.suppression import is_suppressed
from events.models.alerts import Delivery, Mail, Subscriber, Suppression
from tests.alerts.helpers import MailServer, outbox, story
from tracker.providers import patterns

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("tests.alerts.provider_urls")]
KEY = "a signing key"


@pytest.fixture(autouse=True)
def _key(settings: Settings) -> None:
    settings.ANYMAIL = {"MAILGUN_WEBHOOK_SIGNING_KEY": KEY}


@pytest.fixture
def mail(server: MailServer) -> Mail:
    """A mail that was sent."""
    row = outbox(story())
    send_due()
    return row


def post(mail: Mail, event: str, fields: dict[str, Any] | None = None, key: str = KEY) -> int:
    """Posts an event about the mail, signed; the answer's status."""
    signed = {"timestamp": "1763424000", "token": "b" * 50}
    signature = hmac.new(key.encode(), "".join(signed.values()).encode(), hashlib.sha256).hexdigest()
    data = {
        "event": event,
        "timestamp": 1763424000.1,
        "recipient": mail.subscriber.email,
        "message": {"headers": {"message-id": mail.message_id.strip("<>"), "to": mail.subscriber.email}},
    } | (fields or {})
    content = {"signature": signed | {"signature": signature}, "event-data": data}
    client = Client(raise_request_exception=False)
    return client.post(
        "/anymail/mailgun/tracking/", json.dumps(content), content_type="application/json"
    ).status_code


GONE = {
    "severity": "permanent",
    "reason": "bounce",
    "delivery-status": {"code": 550, "message": "5.1.1 The account does not exist", "description": ""},
}


def test_a_bounce_fails_the_receipt_and_suppresses_the_address(mail: Mail) -> None:
    assert post(mail, "failed", GONE) == 200

    failed = Mail.objects.get()
    assert (failed.state, Delivery.objects.get().state) == ("failed", "failed")
    assert "5.1.1 The account does not exist" in failed.error
    assert is_suppressed(mail.subscriber.email)


def test_a_bounce_that_means_one_message_suppresses_nothing(mail: Mail) -> None:
    refused = GONE | {"delivery-status": {"code": 550, "message": "5.7.1 Looks like spam"}}

    post(mail, "failed", refused)

    assert Mail.objects.get().state == "failed"
    assert not Suppression.objects.exists()


def test_a_delay_is_noted(mail: Mail) -> None:
    post(mail, "failed", GONE | {"severity": "temporary"})

    assert Mail.objects.get().state == "sent"
    assert Mail.objects.get().error.startswith("Delayed: ")
    assert not Suppression.objects.exists()


def test_a_complaint_ends_all_subscriptions(mail: Mail) -> None:
    assert post(mail, "complained") == 200

    assert is_suppressed(mail.subscriber.email)
    assert Subscriber.objects.get().confirmed_at is None
    assert not Subscriber.objects.get().subscriptions.filter(is_active=True).exists()


def test_a_report_that_is_not_signed_by_the_provider_does_nothing(mail: Mail) -> None:
    assert post(mail, "complained", key="another key") == 400

    assert not Suppression.objects.exists()
    assert Subscriber.objects.get().confirmed_at is not None


def test_the_address_does_not_exist_where_no_provider_is_configured() -> None:
    assert patterns("") == []


@pytest.mark.urls("tracker.urls")
def test_without_a_provider_there_is_nothing_to_post_to(mail: Mail) -> None:
    assert post(mail, "complained") == 404


def test_only_the_provider_in_use_is_listened_to() -> None:
    assert [str(pattern.pattern) for pattern in patterns("mailgun")] == ["mailgun/tracking/"]


def test_a_provider_that_signs_nothing_needs_a_secret(settings: Settings) -> None:
    with pytest.raises(ImproperlyConfigured, match="ANYMAIL_WEBHOOK_SECRET"):
        patterns("postmark")

    settings.ANYMAIL = {"WEBHOOK_SECRET": "user:password"}
    assert len(patterns("postmark")) == 1


def test_an_unknown_provider_is_said() -> None:
    with pytest.raises(ImproperlyConfigured, match="'pigeons'"):
        patterns("pigeons")
