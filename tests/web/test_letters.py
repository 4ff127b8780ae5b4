"""From the forms to real mails and back: what the mails' links do, and what they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from api import tickets
from events.alerts.silence import due_silences, tell_silence
from events.models.alerts import Mail, Subscriber, Subscription
from tests.alerts.helpers import MailServer, mail_server, send_gathered, text_of
from tests.web.conftest import Scene

pytestmark = pytest.mark.django_db(transaction=True)

SITE = "https://tracker.example.org"


@pytest.fixture(autouse=True)
def server(settings: Settings, clean_cache: None) -> Iterator[MailServer]:
    """A real SMTP server that the settings point at."""
    tickets.forget()
    with mail_server() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.SITE_URL = SITE
        yield running


@pytest.fixture
def client() -> Client:
    """A browser without cookies, as links from a mail are opened in."""
    return Client()


def sent(server: MailServer) -> list[EmailMessage]:
    """The mails that were handed over since."""
    before = len(server.received)
    send_gathered()
    assert not Mail.objects.exclude(state__in=["sent", "cancelled"]).exists()
    return server.received[before:]


def link(letter: EmailMessage, pattern: str = r"/subscriptions/[\w-]+/") -> str:
    """The path of the first link of that kind, in the text and in the HTML alike."""
    found = re.search(SITE + f"({pattern})", text_of(letter))
    assert found is not None
    assert found[1] in text_of(letter, "html")
    return found[1]


def confirmed() -> Subscriber:
    return Subscriber.objects.create(
        email="reader@example.org", confirmed_at=datetime(2025, 11, 17, tzinfo=UTC)
    )


def ask(client: Client, **fields: str) -> None:
    fields = {
        "email": "reader@example.org",
        "frequency": "instant",
        "language": "en",
        "time_zone": "UTC",
    } | fields
    assert client.post("/subscribe/", fields).status_code == 302


def test_asking_sends_one_mail_and_only_its_button_confirms(
    client: Client, server: MailServer, scene: Scene
) -> None:
    ask(client, person=str(scene.person.pk), min_severity="3")

    [letter] = sent(server)
    assert letter["To"] == "reader@example.org"
    assert "All events about Ilse van Houten, severity 3 or more" in text_of(letter)
    page = link(letter)
    client.get(page)
    assert Subscriber.objects.get().confirmed_at is None
    client.post(page, {"action": "confirm"})
    assert Subscriber.objects.get().confirmed_at is not None
    assert Subscription.objects.get().is_active


def test_another_alert_waits_for_its_owner_to_start_it(
    client: Client, server: MailServer, scene: Scene
) -> None:
    confirmed()
    ask(client, organization=str(scene.cloud.pk), kind="product")

    [letter] = sent(server)
    assert "Releases and other product news at Northlake Cloud and its units" in text_of(letter)
    row = Subscription.objects.get()
    client.post(link(letter), {"action": "start", "subscription": str(row.pk)})
    assert Subscription.objects.get().is_active


def test_the_link_to_ones_own_page_comes_by_mail(client: Client, server: MailServer) -> None:
    reader = confirmed()
    client.post("/subscriptions/", {"email": "reader@example.org"})

    [letter] = sent(server)

    assert link(letter) == f"/subscriptions/{reader.token}/"


def test_a_change_of_address_is_confirmed_at_the_new_one_and_told_at_the_old_one(
    client: Client, server: MailServer
) -> None:
    reader = confirmed()
    client.post(f"/subscriptions/{reader.token}/", {"action": "move", "email": "new@example.org"})

    asked, told = sorted(sent(server), key=lambda letter: letter["To"] != "new@example.org")
    assert (asked["To"], told["To"]) == ("new@example.org", "reader@example.org")
    assert reader.token not in asked.as_string()
    assert link(told) == f"/subscriptions/{reader.token}/"
    page = link(asked, r"/subscriptions/[\w-]+/address/")
    client.get(page)
    assert Subscriber.objects.get().email == "reader@example.org"
    client.post(page)
    assert Subscriber.objects.get().email == "new@example.org"

    [changed] = sent(server)
    assert changed["To"] == "reader@example.org"
    assert "new@example.org" in text_of(changed)


def test_silence_is_told_with_a_way_out_of_it(client: Client, server: MailServer, scene: Scene) -> None:
    reader = confirmed()
    row = Subscription.objects.create(
        subscriber=reader, organization=scene.cloud, kind="product", silent_days=30
    )
    other = Subscription.objects.create(subscriber=reader, kind="sanction")
    Subscription.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=40))
    for pk in due_silences():
        tell_silence(pk)

    [letter] = sent(server)

    assert "30 days without releases and other product news at Northlake Cloud and its units" in text_of(
        letter
    )
    address = letter["List-Unsubscribe"].strip("<>").removeprefix(SITE)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (
        Client(enforce_csrf_checks=True).post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    )
    assert set(Subscription.objects.filter(is_active=True)) <= {other}


def test_who_asks_for_nothing_more_gets_nothing_more(client: Client, server: MailServer) -> None:
    ask(client, kind="product")
    sent(server)
    reader = Subscriber.objects.get()
    client.post(f"/subscriptions/{reader.token}/", {"action": "erase"})

    assert sent(server) == []
    assert not Mail.objects.exists()
