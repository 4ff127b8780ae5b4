"""How often a caller may ask, what every answer says of it, and who may read at all."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from django.core.cache import caches
from pytest_django import Settings

from api import tickets
from api.throttling import AnonymousRate, KeyRate
from events.models.access import ApiKey
from tests import scenes
from tests.api.conftest import Caller

ADDRESS = "/api/v1/executives/"


@pytest.fixture
def key(db: None) -> tuple[ApiKey, str]:
    """A key that may read."""
    return ApiKey.issue(scenes.curator(), "reader", ["read"])


def test_every_answer_says_what_is_left(api: Caller, key: tuple[ApiKey, str]) -> None:
    ApiKey.objects.filter(pk=key[0].pk).update(rate=50)

    for address in (
        ADDRESS,
        f"{ADDRESS}0/",
        f"{ADDRESS}?colour=blue",
        "/api/v1/schema/",
        "/api/v1/docs/",
        "/api/v1/",
    ):
        response = api.get(address, headers={"x-api-key": key[1]})
        assert response.headers["RateLimit-Policy"] == '"key";q=50;w=60'
        assert re.fullmatch(r'"key";r=\d+;t=\d+', response.headers["RateLimit"]), response.headers[
            "RateLimit"
        ]
        assert response.headers["RateLimit-Limit"] == "50"
    assert response.headers["RateLimit-Remaining"] == "44"
    assert 0 < int(response.headers["RateLimit-Reset"]) <= 60


def test_a_key_with_a_rate_of_its_own_has_that_rate(api: Caller, key: tuple[ApiKey, str]) -> None:
    ApiKey.objects.filter(pk=key[0].pk).update(rate=2)

    answers = [api.get(ADDRESS, headers={"x-api-key": key[1]}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert [answer.headers["RateLimit-Remaining"] for answer in answers] == ["1", "0", "0"]
    assert 0 < int(answers[2].headers["Retry-After"]) <= 60
    assert answers[2].headers["Content-Type"] == "application/problem+json"


def test_a_key_with_the_rate_nought_is_let_through_never(api: Caller, key: tuple[ApiKey, str]) -> None:
    ApiKey.objects.filter(pk=key[0].pk).update(rate=0)

    assert api.get(ADDRESS, headers={"x-api-key": key[1]}).status_code == 429


def test_a_key_without_one_has_the_rate_of_every_key(api: Caller, key: tuple[ApiKey, str]) -> None:
    response = api.get(ADDRESS, headers={"x-api-key": key[1]})

    assert response.headers["RateLimit-Policy"] == '"key";q=6000;w=60'


def test_guesses_at_keys_are_counted_too(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnonymousRate, "THROTTLE_RATES", {"anonymous": "2/min"})

    statuses = [api.get(ADDRESS, headers={"x-api-key": f"gt_{guess}"}).status_code for guess in range(3)]

    assert statuses == [401, 401, 429]


def test_many_processes_together_never_let_more_through_than_the_limit(clean_cache: None) -> None:
    tickets.forget()
    limit, let_through, lock = 400, [0], threading.Lock()

    def ask() -> None:
        for _ in range(150):
            remaining, _ = tickets.take("someone", limit, 60)
            with lock:
                let_through[0] += remaining >= 0
            if remaining % 50 == 0:
                tickets.forget()  # as another process, which holds none

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert limit // 2 < let_through[0] <= limit


def test_one_process_alone_lets_through_exactly_the_limit(clean_cache: None) -> None:
    tickets.forget()

    remaining = [tickets.take("alone", 130, 60)[0] for _ in range(140)]

    assert remaining[:130] == list(range(129, -1, -1))
    assert all(left < 0 for left in remaining[130:])


def test_a_window_ends_and_another_begins(clean_cache: None) -> None:
    tickets.forget()
    backend = caches["default"]
    assert [tickets.take("once", 1, 60)[0] for _ in range(2)] == [0, -1]

    backend.delete("once")  # as Redis does when the window has ended

    assert tickets.take("once", 1, 60)[0] == 0


def test_a_window_always_has_an_end(clean_cache: None) -> None:
    tickets.forget()

    _, reset = tickets.take("ends", 10, 60)

    assert 0 < reset <= 60
    backend: Any = caches["default"]
    assert 0 < backend._cache.get_client(None).pttl(backend.make_key("ends")) <= 60_000


def test_a_signed_in_user_has_the_rate_of_keys(api: Caller) -> None:
    api.force_login(scenes.curator())

    assert api.get(ADDRESS).headers["RateLimit-Policy"] == '"key";q=6000;w=60'


class TestAnonymousReadingOff:
    """API_ANONYMOUS_READ off."""

    @pytest.fixture(autouse=True)
    def _off(self, settings: Settings) -> None:
        settings.API_ANONYMOUS_READ = False

    def test_nobody_reads_without_a_key_but_the_schema_and_its_docs(self, api: Caller) -> None:
        refused = api.get(ADDRESS)

        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"].startswith("Bearer")
        assert api.get("/api/v1/changes/").status_code == 401
        assert api.get("/api/v1/schema/").status_code == 200
        assert api.get("/api/v1/docs/").status_code == 200

    def test_a_key_needs_the_scope_to_read(self, api: Caller, key: tuple[ApiKey, str]) -> None:
        _, other = ApiKey.issue(key[0].owner, "hooks", ["webhooks"])

        assert api.get(ADDRESS, headers={"x-api-key": key[1]}).status_code == 200
        assert api.get(ADDRESS, headers={"x-api-key": other}).status_code == 403

    def test_signed_in_users_read(self, api: Caller) -> None:
        api.force_login(scenes.curator())

        assert api.get(ADDRESS).status_code == 200

    def test_shared_caches_keep_nothing(self, api: Caller, key: tuple[ApiKey, str]) -> None:
        response = api.get(ADDRESS, headers={"x-api-key": key[1]})

        assert response.headers["Cache-Control"] == "private, no-cache"


def test_a_key_is_counted_apart_from_its_owners_session(
    api: Caller, key: tuple[ApiKey, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyRate, "THROTTLE_RATES", {"key": "1/min"})
    assert api.get(ADDRESS, headers={"x-api-key": key[1]}).status_code == 200

    api.force_login(key[0].owner)

    assert api.get(ADDRESS).status_code == 200
