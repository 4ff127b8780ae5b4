"""API keys, and how often a caller may ask."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from api.throttling import AnonymousRate, KeyRate
from events.models.access import ApiKey
from tests import scenes
from tests.api.conftest import Caller


@pytest.fixture
def key(db: None) -> tuple[ApiKey, str]:
    """A key that may read."""
    return ApiKey.issue(scenes.curator(), "reader", ["read"])


def status(api: Caller, **headers: str) -> int:
    """The status of an answer to a request with headers."""
    response = api.get("/api/v1/executives/", headers=headers)
    if response.status_code == 401:
        assert response.headers["WWW-Authenticate"].startswith("Bearer")
        assert response.headers["Content-Type"] == "application/problem+json"
    return response.status_code


def test_a_key_is_taken_from_either_header(api: Caller, key: tuple[ApiKey, str]) -> None:
    assert status(api, authorization=f"Bearer {key[1]}") == 200
    assert status(api, authorization=f"bearer  {key[1]} ") == 200
    assert status(api, x_api_key=key[1]) == 200


@pytest.mark.parametrize("sent", ["", "gt_unknown", "gt_" + "x" * 9999, "gt_\xff", "gt_ü"])
def test_an_unknown_key_is_refused_and_not_taken_for_nobody(api: Caller, sent: str) -> None:
    assert status(api, x_api_key=sent) == 401
    assert status(api, authorization=f"Bearer {sent}") == 401


def test_an_expired_or_revoked_key_is_refused(api: Caller, key: tuple[ApiKey, str]) -> None:
    row, sent = key
    ApiKey.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    assert status(api, x_api_key=sent) == 401
    ApiKey.objects.filter(pk=row.pk).update(expires_at=None, revoked_at=timezone.now())
    assert status(api, x_api_key=sent) == 401


def test_the_key_of_an_owner_who_left_is_refused(api: Caller, key: tuple[ApiKey, str]) -> None:
    row, sent = key
    row.owner.is_active = False
    row.owner.save()

    assert status(api, x_api_key=sent) == 401


def test_the_last_use_is_written_at_most_once_a_minute(api: Caller, key: tuple[ApiKey, str]) -> None:
    row, sent = key
    status(api, x_api_key=sent)
    first = ApiKey.objects.get(pk=row.pk).last_used_at
    status(api, x_api_key=sent)
    second = ApiKey.objects.get(pk=row.pk).last_used_at
    assert first is not None
    assert second == first

    ApiKey.objects.filter(pk=row.pk).update(last_used_at=timezone.now() - timedelta(minutes=2))
    status(api, x_api_key=sent)
    third = ApiKey.objects.get(pk=row.pk).last_used_at
    assert third is not None
    assert third >= first


def test_a_replica_answers_callers_with_keys_and_notes_no_use(api: Caller, db: None) -> None:
    row, sent = ApiKey.issue(scenes.curator(), "exporter", ["read", "export"])
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")  # as every transaction of a replica is
        answers = [status(api, x_api_key=sent)]
        for address in ("changes/", "search/?q=fined", "export/events.ndjson", "export/events.csv"):
            response = api.get(f"/api/v1/{address}", headers={"x-api-key": sent})
            response.getvalue()
            answers.append(response.status_code)

    assert answers == [200] * 5
    assert ApiKey.objects.get(pk=row.pk).last_used_at is None


def test_a_caller_without_a_key_is_limited_by_address(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AnonymousRate, "THROTTLE_RATES", {"anonymous": "2/hour"})

    assert [status(api), status(api)] == [200, 200]
    response = api.get("/api/v1/executives/", headers={"x-forwarded-for": "198.51.100.7"})
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert response.json()["status"] == 429
    assert api.get("/api/v1/executives/", REMOTE_ADDR="198.51.100.7").status_code == 200


def test_behind_a_trusted_proxy_the_address_is_the_one_that_the_proxy_names(
    api: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AnonymousRate, "THROTTLE_RATES", {"anonymous": "1/hour"})

    with override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")):
        assert status(api, x_forwarded_for="203.0.113.1, 198.51.100.7") == 200
        assert status(api, x_forwarded_for="203.0.113.2, 198.51.100.7") == 429
        assert status(api, x_forwarded_for="198.51.100.8") == 200


def test_each_key_has_a_rate_of_its_own(
    api: Caller, key: tuple[ApiKey, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeyRate, "THROTTLE_RATES", {"key": "1/hour"})
    _, other = ApiKey.issue(key[0].owner, "another", ["read"])

    assert [status(api, x_api_key=key[1]), status(api, x_api_key=key[1])] == [200, 429]
    assert status(api, x_api_key=other) == 200


def test_reads_go_on_while_redis_is_down(api: Caller) -> None:
    caches = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }

    with override_settings(CACHES=caches):
        assert status(api) == 200
