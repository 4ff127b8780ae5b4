"""What no log may hold, by its form."""

from __future__ import annotations

import json
import logging

import pytest

from tracker.seeing import formatting
from tracker.seeing.redaction import HIDDEN, redact, redacted

KEY = "gt_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE"
TOKEN = "Zm9vYmFyYmF6cXV4_Zm9vYmFyYmF6cXV4-Zm9vYmFy0"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"key {KEY}.", f"key gt_{HIDDEN}."),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", f"whsec_{HIDDEN}"),
        (f"GET /subscriptions/{TOKEN}/add/?x=1", f"GET /subscriptions/{HIDDEN}/add/?x=1"),
        (f"/zh/subscriptions/{TOKEN}", f"/zh/subscriptions/{HIDDEN}"),
        (f"https://t.example.org/proposals/{TOKEN}/", f"https://t.example.org/proposals/{HIDDEN}/"),
        (f"/websub/{TOKEN}/", f"/websub/{HIDDEN}/"),
        ("/accounts/password/reset/key/4-c0ffee-abcdef/", f"/accounts/password/reset/key/{HIDDEN}/"),
        ("Authorization: Bearer abc.def-ghi", f"Authorization: {HIDDEN} {HIDDEN}"),
        ("postgresql://tracker:pass@db:5432/x", f"postgresql://{HIDDEN}@db:5432/x"),
        ("redis://:pa/ss@redis", f"redis://{HIDDEN}@redis"),
        ("https://a.example.org/@jo/text", "https://a.example.org/@jo/text"),
        ('{"password": "p", "a": 1}', f'{{"password": "{HIDDEN}", "a": 1}}'),
        ("EMAIL_HOST_PASSWORD=abc rest", f"EMAIL_HOST_PASSWORD={HIDDEN} rest"),
        ("?token=abc&page=2", f"?token={HIDDEN}&page=2"),
        ("Key (email)=(jo.do+x@mail.example.org) already exists", "Key (email)=(***@mail.example.org) already exists"),
        (f"no page for {TOKEN[:43]}, sorry", f"no page for {HIDDEN}, sorry"),
        ("celery@host.example.org ready.", "celery@host.example.org ready."),
        ("fetch@0123abcd ready.", "fetch@0123abcd ready."),
    ],
)  # fmt: skip
def test_a_secret_is_hidden_whoever_wrote_it(text: str, clean: str) -> None:
    assert redact(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "GET /api/v1/subscriptions/12/ 200",
        "feed 4 failed: https://news.example.org/2025/10/18/huawei-cloud-ceo-demoted-three-levels-2025/",
        "Task events.tasks.fetch_item[0a1b2c3d-0000-4000-8000-1234567890ab] succeeded in 0.1s: None",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 @ 12:00",
        "/proposals/ 200",
    ],
)
def test_what_is_no_secret_stays_as_it_is(text: str) -> None:
    assert redact(text) == text


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact(f"Authorization: Bearer {KEY} token={TOKEN} a@example.org x://u:p@h/")

    assert redact(once) == once


def test_values_are_hidden_by_their_names_at_any_depth() -> None:
    value = {"a": [{"Api-Key": "x", "token": "", "n": 1}], "cookies": {"sessionid": "abc"}, "raw": b"secret"}

    assert redacted(value) == {
        "a": [{"Api-Key": HIDDEN, "token": "", "n": 1}],
        "cookies": HIDDEN,
        "raw": HIDDEN,
    }


def test_a_value_that_holds_itself_comes_to_an_end() -> None:
    value: dict[str, object] = {}
    value["again"] = value

    assert HIDDEN in json.dumps(redacted(value))


@pytest.mark.parametrize("form", [formatting.json, formatting.plain])
def test_exceptions_are_redacted_too(form: type) -> None:
    try:
        raise ValueError(f"bad key {KEY} of a@example.org")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", logging.ERROR, "", 0, "token=%s", (TOKEN,), info)

    line = form().format(record)

    assert KEY not in line
    assert TOKEN not in line
    assert "a@example.org" not in line
    assert "ValueError" in line


def test_a_path_cannot_write_a_line_of_its_own() -> None:
    record = logging.LogRecord(
        "x", logging.INFO, "", 0, "Not Found: /a\n2026-01-01 INFO root: forged\r", None, None
    )

    assert len(formatting.plain().format(record).splitlines()) == 1
    assert len(formatting.json().format(record).splitlines()) == 1
