"""Guessing passwords, and learning who is here, by signing in, by forgotten passwords, by subscribing and by proposals."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth import hashers
from django.core import mail as outbox
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError

from events.models.alerts import Subscriber
from tests.access.signing import PASSWORD, curator, enter, is_in, with_app
from tests.web.conftest import Scene, scene
from tracker.web.accounts import mail
from tracker.web.accounts.adapter import AccountAdapter

__all__ = ["scene"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
TOO_MANY = "Too many failed login attempts. Try again later."
RESET = "/accounts/password/reset/"


def text(answer: Any) -> str:
    """The page without what differs each time."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())
    return re.sub(r'value="(mei|nobody)(@example.org)?"', "", page)


def reset(client: Client, address: str, **values: Any) -> HttpResponse:
    """The answer to whoever forgot a password."""
    answer: Any = client.post(RESET, {"email": address}, **values)
    return answer  # type: ignore[no-any-return]


def test_a_wrong_password_and_a_wrong_name_are_told_the_same() -> None:
    curator()

    known, unknown = enter(Client(), "mei", "wrong"), enter(Client(), "nobody", "wrong")

    assert known.status_code == unknown.status_code == 200
    assert text(known) == text(unknown)


def test_an_unknown_name_costs_a_password_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    curator()
    made: list[str] = []
    hasher = hashers.get_hasher().__class__
    real = hasher.encode

    def counted(self: Any, *args: Any, **kwargs: Any) -> str:
        made.append("hash")
        return str(real(self, *args, **kwargs))

    monkeypatch.setattr(hasher, "encode", counted)

    enter(Client(), "mei", "wrong")
    known = len(made)
    enter(Client(), "nobody", "wrong")

    assert known == len(made) - known == 1


@pytest.mark.parametrize("name", ["mei", "nobody"])
def test_after_five_wrong_passwords_not_even_the_right_one_lets_in_for_a_while(name: str) -> None:
    curator()

    answers = [enter(Client(), name, "wrong", REMOTE_ADDR=f"192.0.2.{n}") for n in range(6)]
    right = Client()
    last = enter(right, name, REMOTE_ADDR="192.0.2.99")

    assert [TOO_MANY in answer.content.decode() for answer in answers] == [False] * 5 + [True]
    assert TOO_MANY in last.content.decode()
    assert not is_in(right)


def test_another_port_or_another_spelling_is_no_other_account() -> None:
    curator()

    answers = [
        enter(Client(), name, "wrong", HTTP_HOST=f"localhost:{8000 + n}", REMOTE_ADDR=f"192.0.2.{n}")
        for n, name in enumerate(("mei", "Mei", " mei", "MEI ", "mei", "mei"))
    ]

    assert TOO_MANY in answers[-1].content.decode()


def test_one_address_guesses_ten_times_a_minute_whatever_the_names() -> None:
    answers = [enter(Client(), f"name{n}", "wrong") for n in range(11)]

    assert [TOO_MANY in answer.content.decode() for answer in answers] == [False] * 10 + [True]


def test_an_address_that_is_locked_out_locks_out_no_other(client: Client) -> None:
    curator()
    for n in range(11):
        enter(Client(), f"name{n}", "wrong", REMOTE_ADDR="192.0.2.1")

    enter(client, REMOTE_ADDR="192.0.2.2")

    assert is_in(client)


def test_codes_of_the_second_factor_cannot_be_guessed_either(client: Client) -> None:
    curator()
    enter(client)
    with_app(client)
    other = Client()
    enter(other)

    answers = [
        other.post("/accounts/factors/code/", {"code": f"{n:06}"}, REMOTE_ADDR=f"192.0.2.{n}")
        for n in range(6)
    ]

    assert TOO_MANY in answers[-1].content.decode()


@pytest.mark.parametrize(
    ("trusted", "sent", "counted"),
    [
        (False, "203.0.113.9", "198.51.100.1"),
        (True, "203.0.113.9", "203.0.113.9"),
        (True, "192.0.2.7, 203.0.113.9", "203.0.113.9"),
        (True, "", "198.51.100.1"),
        (True, "not an address", "0.0.0.0"),
    ],
)
def test_a_callers_word_about_its_address_counts_behind_a_trusted_proxy_only(
    settings: Settings, trusted: bool, sent: str, counted: str
) -> None:
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if trusted else None
    headers = {"HTTP_X_FORWARDED_FOR": sent} if sent else {}
    request = Client().get("/about/", REMOTE_ADDR="198.51.100.1", **headers).wsgi_request  # type: ignore[arg-type]

    assert AccountAdapter(request).get_client_ip(request) == counted


def test_a_forgotten_password_is_answered_the_same_for_a_known_and_an_unknown_address() -> None:
    curator()

    known, unknown = reset(Client(), "mei@example.org"), reset(Client(), "nobody@example.org")
    mail.settle()

    assert known.status_code == unknown.status_code == 302
    assert known.headers["Location"] == unknown.headers["Location"]
    assert set(known.headers) == set(unknown.headers)
    assert text(known) == text(unknown)
    assert [message.to for message in outbox.outbox] == [["mei@example.org"]]


def test_the_mail_goes_out_beside_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a slow mail server does not tell that there is somebody to write to."""
    curator()
    posted: list[Any] = []
    monkeypatch.setattr(mail, "post", posted.append)

    reset(Client(), "mei@example.org")

    assert len(posted) == 1
    assert outbox.outbox == []


def test_the_link_leads_to_the_site_whatever_host_was_asked_for_and_works_once(settings: Settings) -> None:
    curator()
    reset(Client(), "mei@example.org", HTTP_HOST="localhost:9999")
    mail.settle()
    body = str(outbox.outbox[0].body)
    link = re.search(r"https?://\S+/accounts/password/reset/\S+", body)
    assert link is not None
    new = "another-password-of-nobody"

    path = link[0].removeprefix(settings.SITE_URL)
    client = Client()
    form = client.get(path).headers["Location"]
    done = client.post(form, {"password1": new, "password2": new})
    again = Client().get(path)
    other = Client()
    enter(other, "mei", new)

    assert link[0].startswith(settings.SITE_URL)
    assert done.headers["Location"] == "/accounts/password/reset/done/"
    assert "does not work any more" in again.content.decode()
    assert is_in(other)


def test_an_address_that_was_replaced_gets_no_link_any_more() -> None:
    mei = curator()
    reset(Client(), "mei@example.org")
    mail.settle()
    mei.email = "mei@example.com"
    mei.save()

    reset(Client(), "mei@example.org")
    reset(Client(), "mei@example.com")
    mail.settle()

    assert [message.to for message in outbox.outbox[1:]] == [["mei@example.com"]]


def test_who_changes_a_password_is_told_by_mail(client: Client) -> None:
    curator()
    enter(client)
    new = "another-password-of-nobody"

    client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    mail.settle()

    assert [message.to for message in outbox.outbox] == [["mei@example.org"]]
    assert "127.0.0.1" in str(outbox.outbox[0].body)


def test_links_cannot_be_asked_for_without_end() -> None:
    curator()

    answers = [reset(Client(), "mei@example.org", REMOTE_ADDR=f"192.0.2.{n}") for n in range(4)]
    mail.settle()

    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert len(outbox.outbox) == 3


def test_nobody_signs_in_while_nobody_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    curator()

    def away(*args: Any, **kwargs: Any) -> Any:
        raise RedisConnectionError("away")

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.add", away)
    client = Client()
    answer = enter(client)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert not is_in(client)


class TestReaders:
    """What the public forms tell of who is known."""

    def test_asking_for_the_link_to_ones_alerts_is_answered_the_same_for_everyone(self) -> None:
        Subscriber.objects.create(email="mei@example.org")

        known, unknown = (
            Client().post("/subscriptions/", {"email": f"{name}@example.org"}) for name in ("mei", "nobody")
        )

        assert (known.status_code, known.headers.get("Location")) == (
            unknown.status_code,
            unknown.headers.get("Location"),
        )
        assert text(known) == text(unknown)

    def test_subscribing_is_answered_the_same_whether_one_is_subscribed_or_not(self, scene: Scene) -> None:
        Subscriber.objects.create(email="mei@example.org")
        wish = {"person": scene.person.pk, "frequency": "instant", "language": "en", "time_zone": "UTC"}

        known, unknown = (
            Client().post("/subscribe/", wish | {"email": f"{name}@example.org"})
            for name in ("mei", "nobody")
        )

        assert (known.status_code, known.headers.get("Location")) == (
            unknown.status_code,
            unknown.headers.get("Location"),
        )

    def test_a_token_that_nobody_has_is_not_found_and_a_wrong_receipt_neither(self) -> None:
        for path in ("/subscriptions/no-such-token/", "/proposals/no-such-receipt/"):
            assert Client().get(path).status_code == 404
        assert Client().get("/api/v1/proposals/no-such-receipt/").status_code == 404

    def test_one_network_sends_so_many_proposals_and_asks_for_so_many_mails(
        self, scene: Scene, settings: Settings
    ) -> None:
        settings.PROPOSALS_PER_HOUR = 2
        path = f"/events/{scene.demotion.pk}/proposal/"
        words = {"kind": "correction", "field": "", "source_url": "", "name": "", "contact": ""}

        proposals = [
            Client()
            .post(path, words | {"text": f"The committee met on 17 October, as {n} people say."})
            .status_code
            for n in range(3)
        ]
        mails = [
            Client().post("/subscriptions/", {"email": f"reader{n}@example.org"}).status_code
            for n in range(21)
        ]

        assert proposals == [302, 302, 429]
        assert set(mails[:20]) == {302}
        assert mails[20] == 429


def test_known_and_unknown_names_ask_the_database_equally_often() -> None:
    curator()
    counts = []
    for name in ("mei", "nobody"):
        with CaptureQueriesContext(connection) as queries:
            enter(Client(), name, "wrong")
        counts.append(len(queries))

    assert counts[0] == counts[1]
