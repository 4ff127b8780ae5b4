"""Asking for alerts and managing them: double opt-in, the token as the proof, and no change by GET."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from events.models.alerts import Subscriber, Subscription
from events.models.people import Executive
from tests import scenes
from tracker.local.mailcatcher import catching
from tracker.web.subscribers.mail import read

SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture
def postbox(tmp_path: Path, settings: Settings, clean_cache: None) -> Iterator[Path]:
    """A real SMTP server that files what it receives, shown as the demo's mail."""
    folder = tmp_path / "mail"
    with catching(folder) as port:
        settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = SMTP, "127.0.0.1", port
        settings.DEMO_MAIL_DIR = str(folder)
        yield folder


def wish(person: Executive, email: str = "reader@example.org") -> dict[str, str]:
    return {"email": email, "about": f"person:{person.pk}", "kind": "", "min_severity": "3"}


def known(*, confirmed: bool) -> Subscriber:
    subscriber = Subscriber.objects.create(email="reader@example.org")
    if confirmed:
        Subscriber.objects.filter(pk=subscriber.pk).update(confirmed_at="2025-11-17T00:00Z")
    Subscription.objects.create(subscriber=subscriber, kind="discipline")
    return Subscriber.objects.get(pk=subscriber.pk)


@pytest.mark.django_db(transaction=True)
def test_asking_sends_one_mail_and_confirming_by_its_link_begins_the_alerts(
    client: Client, postbox: Path
) -> None:
    person = scenes.executive()
    response = client.post("/subscribe/", wish(person, "Reader@Example.org"))
    assert response.headers["Location"] == "/subscribe/sent/"
    subscriber = Subscriber.objects.get()
    assert subscriber.email == "reader@example.org"
    assert subscriber.confirmed_at is None

    (letter,) = [read(path) for path in postbox.glob("*.eml")]
    link = re.search(r"/subscriptions/[\w-]+/", letter.text)
    assert link is not None
    assert letter.to == "reader@example.org"
    client.get(link.group())
    assert Subscriber.objects.get().confirmed_at is None
    client.post(link.group(), {"action": "confirm"})
    assert Subscriber.objects.get().confirmed_at is not None
    subscription = Subscription.objects.get()
    assert (subscription.executive, subscription.min_severity, subscription.is_active) == (person, 3, True)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("confirmed", [False, True])
def test_the_answer_does_not_tell_whether_the_address_is_known(
    client: Client, postbox: Path, confirmed: bool
) -> None:
    person = scenes.executive()
    stranger = client.post("/subscribe/", wish(person, "new@example.org"), follow=True)
    known(confirmed=confirmed)
    again = client.post("/subscribe/", wish(person), follow=True)
    assert (again.status_code, again.redirect_chain) == (stranger.status_code, stranger.redirect_chain)
    assert again.content == stranger.content


@pytest.mark.django_db(transaction=True)
def test_a_stranger_cannot_start_alerts_to_a_confirmed_address(client: Client, postbox: Path) -> None:
    subscriber = known(confirmed=True)
    client.post("/subscribe/", wish(scenes.executive()))
    added = subscriber.subscriptions.get(min_severity=3)
    assert not added.is_active
    (letter,) = [read(path) for path in postbox.glob("*.eml")]
    assert f"/subscriptions/{subscriber.token}/" in letter.text
    client.post(f"/subscriptions/{subscriber.token}/", {"action": "start", "subscription": added.pk})
    assert subscriber.subscriptions.get(min_severity=3).is_active


@pytest.mark.django_db(transaction=True)
def test_asking_again_and_again_sends_one_mail(client: Client, postbox: Path) -> None:
    person = scenes.executive()
    for _ in range(3):
        client.post("/subscribe/", wish(person))
    assert len(list(postbox.glob("*.eml"))) == 1
    assert Subscription.objects.count() == 1


def test_a_name_that_several_have_is_asked_back(client: Client, clean_cache: None, db: None) -> None:
    scenes.executive(), scenes.executive()
    data = {"email": "reader@example.org", "name": "Ilse van Houten", "kind": "", "min_severity": "0"}
    page = client.post("/subscribe/", data).content.decode()
    assert page.count('type="radio" name="about"') == 2
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [
        {"email": "nobody"},
        {"about": "person:999999"},
        {"about": "admin:1"},
        {"min_severity": "9"},
        {"kind": "gossip"},
        {"name": "Nobody", "about": ""},
    ],
)
def test_a_wrong_wish_is_shown_again_and_nothing_is_written(
    client: Client, db: None, changed: dict[str, str]
) -> None:
    response = client.post("/subscribe/", {**wish(scenes.executive()), **changed})
    assert response.status_code == 400
    assert not Subscriber.objects.exists()
    assert not mail.outbox


def test_asking_needs_the_csrf_token(db: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post("/subscribe/", wish(scenes.executive())).status_code == 403


def test_reading_the_pages_of_a_token_changes_nothing(client: Client, db: None) -> None:
    subscriber = known(confirmed=True)
    for address in (f"/subscriptions/{subscriber.token}/", f"/subscriptions/{subscriber.token}/unsubscribe/"):
        for method in (client.get, client.head):
            method(address, follow=True)
    assert Subscriber.objects.get().confirmed_at is not None
    assert Subscription.objects.get().is_active


def test_one_click_unsubscribing_needs_no_cookie_and_ends_all(db: None) -> None:
    subscriber = known(confirmed=True)
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        f"/subscriptions/{subscriber.token}/unsubscribe/", {"List-Unsubscribe": "One-Click"}
    )
    assert response.status_code == 200
    assert Subscriber.objects.get().confirmed_at is None
    assert not Subscription.objects.get().is_active
    assert client.post(f"/subscriptions/{subscriber.token}/unsubscribe/").status_code == 200


def test_one_of_several_can_be_ended(client: Client, db: None) -> None:
    subscriber = known(confirmed=True)
    other = Subscription.objects.create(subscriber=subscriber, kind="sanction")
    client.post(f"/subscriptions/{subscriber.token}/", {"action": "end", "subscription": other.pk})
    assert list(subscriber.subscriptions.filter(is_active=True).values_list("kind", flat=True)) == [
        "discipline"
    ]


def test_a_token_rules_its_own_subscriptions_only(client: Client, db: None) -> None:
    mine = known(confirmed=True)
    theirs = Subscriber.objects.create(email="other@example.org")
    foreign = Subscription.objects.create(subscriber=theirs)
    for action in ("end", "start"):
        client.post(f"/subscriptions/{mine.token}/", {"action": action, "subscription": foreign.pk})
        assert Subscription.objects.get(pk=foreign.pk).is_active


@pytest.mark.parametrize("token", ["x", "x" * 64, "x" * 500, "%00"])
def test_an_unknown_token_is_a_404(client: Client, db: None, token: str) -> None:
    assert client.get(f"/subscriptions/{token}/").status_code == 404
    assert client.post(f"/subscriptions/{token}/unsubscribe/").status_code == 404


def test_the_token_does_not_leave_with_a_link(client: Client, db: None) -> None:
    response = client.get(f"/subscriptions/{known(confirmed=True).token}/")
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_the_mail_pages_exist_in_the_demo_only(client: Client, settings: Settings, db: None) -> None:
    settings.DEMO_MAIL_DIR = ""
    for address in ("/mail/", "/mail/x/", "/mail/x/html/"):
        assert client.get(address).status_code == 404


def test_a_mail_is_shown_as_text_and_its_html_in_a_sandbox(
    client: Client, settings: Settings, db: None, tmp_path: Path
) -> None:
    settings.DEMO_MAIL_DIR = str(tmp_path)
    letter = mail.EmailMultiAlternatives(
        "Subject <b>", "See https://example.org/x <i>", to=["reader@example.org"]
    )
    letter.attach_alternative("<p>Hello</p><script>alert(1)</script>", "text/html")
    (tmp_path / "0001-1-1.eml").write_bytes(letter.message().as_bytes())
    (tmp_path.parent / "secret.eml").write_text("Subject: secret")

    assert "Subject &lt;b&gt;" in client.get("/mail/").content.decode()
    page = client.get("/mail/0001-1-1/").content.decode()
    assert '<a href="https://example.org/x"' in page
    assert "&lt;i&gt;" in page
    assert "<script>alert" not in page
    part = client.get("/mail/0001-1-1/html/")
    assert "sandbox" in part.headers["Content-Security-Policy"]
    assert "default-src 'none'" in part.headers["Content-Security-Policy"]
    assert client.get("/mail/..%2Fsecret/").status_code == 404
