"""No failure of the model's endpoint, nor its cost, its answer or its settings, keeps a document from being read."""

from __future__ import annotations

import json
import logging
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.core.checks import run_checks
from django.db import connection
from pytest_django import Settings

from events import intake
from events.choices import DocumentState, ModelCallState, Proposer
from events.intake.modelling import asking
from events.models.candidates import ModelCall
from events.models.sources import Document
from tests import scenes
from tests.intake.models import (
    JSON,
    KEY,
    TEXT,
    Endpoint,
    again,
    appointment,
    departure,
    drips,
    of,
    says,
    sends,
)


def test_a_slow_endpoint_delays_a_document_by_its_time_out_and_no_more(
    endpoint: Endpoint, source: Document, settings: Settings
) -> None:
    settings.MODEL_TIMEOUT = 1
    endpoint.reply = drips

    found = intake.extract_document(source.id)

    call = ModelCall.objects.get()
    assert [c.proposer for c in found] == [Proposer.RULES.value]
    assert (call.state, "1 seconds" in call.error) == (ModelCallState.TIMED_OUT.value, True)
    assert 1000 <= call.elapsed < 10_000


@pytest.mark.parametrize(
    ("reply", "state", "words"),
    [
        (
            sends(b'{"error": "out of memory"}', 500),
            ModelCallState.REFUSED,
            'HTTP 500. {"error": "out of memory"}',
        ),
        (sends(f"bad key {KEY}".encode(), 401), ModelCallState.REFUSED, "HTTP 401. bad key [key]"),
        (sends(b"", 307, location="http://127.0.0.1:1/v1"), ModelCallState.REFUSED, "HTTP 307"),
        (sends(b"<html>"), ModelCallState.INVALID, "not a chat completion"),
        (sends(b'{"choices": []}'), ModelCallState.INVALID, "not a chat completion"),
        (sends(b"[" * 100_000), ModelCallState.INVALID, "not a chat completion"),
        (sends(b" " * 600_000), ModelCallState.INVALID, "longer than 512 KiB"),
        (says("I found two claims!"), ModelCallState.INVALID, "no list of claims"),
        (says('{"claims": 3}'), ModelCallState.INVALID, "no list of claims"),
        (says('{"claims": [' + "[" * 5000), ModelCallState.INVALID, "no list of claims"),
        (says('{"claims": [NaN]}'), ModelCallState.INVALID, "no list of claims"),
    ],
    ids=["500", "401", "307", "html", "empty", "deep", "oversized", "prose", "number", "nested", "nan"],
)
def test_an_endpoint_that_fails_costs_no_claim_and_the_row_says_how(
    endpoint: Endpoint, source: Document, reply: Any, state: ModelCallState, words: str
) -> None:
    endpoint.reply = reply

    found = intake.extract_document(source.id)

    source.refresh_from_db()
    call = ModelCall.objects.get()
    assert ([c.proposer for c in found], source.state) == (["rules"], DocumentState.EXTRACTED.value)
    assert call.state == state.value
    assert words in call.error
    assert len(endpoint.asked) == 1


def test_nobody_at_the_address_costs_no_claim(
    endpoint: Endpoint, source: Document, settings: Settings
) -> None:
    settings.MODEL_URL = "http://127.0.0.1:1/v1"

    assert [c.proposer for c in intake.extract_document(source.id)] == ["rules"]
    assert ModelCall.objects.get().state == ModelCallState.UNREACHABLE.value


BROKEN: list[Any] = [None, 7, [], {}, [[]], {"x": 1}, "\x00", "\ud800"]
ROWS: list[Any] = [None, 3, [], "x", {}, {"kind": "leadership", "action": {}}]
ROWS += [departure(**{name: value}) for name in departure() for value in BROKEN]
ROWS += [departure(participants=[{}, 3, {"name": 4}], measures=[{"metric": "revenue", "value": 10**400}])]


@pytest.mark.parametrize("row", ROWS, ids=range(len(ROWS)))
def test_no_form_of_a_claim_breaks_the_document(endpoint: Endpoint, source: Document, row: Any) -> None:
    endpoint.reply = says(json.dumps({"claims": [row, appointment()]}))

    found = intake.extract_document(source.id)

    source.refresh_from_db()
    assert (of(found, "Ilse van Houten").proposer, source.state) == ("both", DocumentState.EXTRACTED.value)


def test_after_too_many_requests_the_endpoint_is_left_alone_as_long_as_it_asks(
    endpoint: Endpoint, source: Document
) -> None:
    endpoint.reply = sends(b"slow down", 429, retry_after="120")
    intake.extract_document(source.id)

    intake.extract_document(scenes.document(f"{TEXT} More.").id)

    later, first = ModelCall.objects.all()
    assert len(endpoint.asked) == 1
    assert (first.state, later.state) == (ModelCallState.REFUSED.value, ModelCallState.REFUSED.value)
    assert "left alone until" in later.error


def test_after_three_failures_in_a_row_it_is_left_alone_for_a_while(endpoint: Endpoint, db: None) -> None:
    endpoint.reply = sends(b"", 500)

    for number in range(5):
        intake.extract_document(scenes.document(f"{TEXT} {number}").id)

    assert len(endpoint.asked) == 3


@pytest.mark.parametrize(("name", "value"), [("MODEL_DAILY_CALLS", 1), ("MODEL_DAILY_TOKENS", 3000)])
def test_over_the_days_budget_nothing_is_asked_and_the_row_says_so(
    endpoint: Endpoint, source: Document, settings: Settings, name: str, value: int
) -> None:
    setattr(settings, name, value)
    endpoint.proposes(prompt_tokens=2000, completion_tokens=1500)
    intake.extract_document(source.id)

    found = intake.extract_document(scenes.document(f"{TEXT} More.").id)

    assert (len(endpoint.asked), [c.proposer for c in found]) == (1, ["rules"])
    call = ModelCall.objects.first()
    assert call is not None
    assert (call.state, name in call.error) == (ModelCallState.OVER_BUDGET.value, True)


def test_yesterdays_calls_do_not_count(endpoint: Endpoint, source: Document, settings: Settings) -> None:
    settings.MODEL_DAILY_CALLS = 1
    endpoint.proposes()
    intake.extract_document(source.id)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_modelcall SET created_at = created_at - interval '1 day'")

    intake.extract_document(scenes.document(f"{TEXT} More.").id)

    assert len(endpoint.asked) == 2


def test_an_endpoint_that_fails_on_the_next_run_takes_no_candidate_away(
    endpoint: Endpoint, source: Document, settings: Settings
) -> None:
    endpoint.proposes(appointment(), departure())
    intake.extract_document(source.id)
    settings.MODEL_NAME = "larger-model"
    endpoint.reply = sends(b"", 500)

    found = again(source)

    assert {c.proposer: c.state for c in found} == {"both": "open", "model": "open"}


def test_an_endpoint_that_knows_no_schemas_is_asked_for_json(endpoint: Endpoint, source: Document) -> None:
    def choosy(site: Endpoint, handler: Any, question: JSON) -> None:
        knows = question["response_format"]["type"] == "json_object"
        content = json.dumps({"claims": [departure()]})
        (says(f"```json\n{content}\n```") if knows else sends(b"unknown format", 400))(
            site, handler, question
        )

    endpoint.reply = choosy

    assert "model" in [c.proposer for c in intake.extract_document(source.id)]
    assert (len(endpoint.asked), ModelCall.objects.count()) == (2, 1)


def test_the_key_is_neither_kept_nor_logged(
    endpoint: Endpoint, source: Document, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    endpoint.reply = says(f"no claims, but your key is {KEY}")
    intake.extract_document(source.id)
    endpoint.reply = sends(f"wrong key {KEY}".encode(), 403)
    intake.extract_document(scenes.document(f"{TEXT} More.").id)

    rows = [str(row) for row in ModelCall.objects.values()]
    assert len(rows) == 2
    assert not any(KEY in row for row in rows)
    assert KEY not in caplog.text


def test_whatever_breaks_in_asking_the_document_is_read(
    endpoint: Endpoint, source: Document, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any) -> None:
        raise RuntimeError(f"key {KEY}")

    monkeypatch.setattr(asking, "merge", broken)
    endpoint.proposes(appointment())

    assert [c.proposer for c in intake.extract_document(source.id)] == ["rules"]
    assert "could not be used: RuntimeError: key [key]" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_model_thinks(endpoint: Endpoint, source: Document) -> None:
    idle: list[int] = []
    database = connection.settings_dict

    def look(site: Endpoint, handler: Any, question: JSON) -> None:
        arguments = {"host": database["HOST"], "port": database["PORT"], "user": database["USER"]}
        given = {name: value for name, value in arguments.items() if value}
        with psycopg.connect(
            dbname=database["NAME"], password=database["PASSWORD"] or None, **given
        ) as other:
            row = other.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND state LIKE 'idle in transaction%'"
            ).fetchone()
        idle.append(row[0] if row else -1)
        says('{"claims": []}')(site, handler, question)

    endpoint.reply = look

    intake.extract_document(source.id)

    assert idle == [0]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"MODEL_NAME": ""}, "MODEL_NAME must name"),
        ({"MODEL_URL": "", "MODEL_KEY": ""}, "MODEL_NAME is set, but MODEL_URL is not"),
        ({"MODEL_URL": "ftp://models.example.com"}, "MODEL_URL must be"),
        ({"MODEL_URL": "http://user:pass@models.example.com/v1"}, "MODEL_URL must be"),
        ({"MODEL_KEY": "two words"}, "MODEL_KEY has spaces"),
        ({"MODEL_TIMEOUT": 0}, "MODEL_TIMEOUT must be 1 to 120"),
        ({"MODEL_DAILY_CALLS": -1}, "MODEL_DAILY_CALLS must be"),
        ({"MODEL_KINDS": ["gossip"]}, "'gossip' is no kind of event"),
        ({"MODEL_URL": "http://models.example.com/v1", "MODEL_KEY": "k"}, "unencrypted"),
    ],
    ids=lambda value: "" if isinstance(value, str) else "-".join(value),
)
def test_half_set_settings_are_said_at_the_start_and_ask_nobody(
    endpoint: Endpoint, settings: Settings, values: dict[str, Any], words: str
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)

    messages = [str(message.msg) for message in run_checks() if (message.id or "").endswith("020")]

    assert any(words in message for message in messages)
    assert not any("two words" in message or "user:pass" in message for message in messages)


def test_whole_settings_are_not_complained_of(endpoint: Endpoint) -> None:
    assert [message for message in run_checks() if (message.id or "").endswith("020")] == []


@pytest.mark.django_db(transaction=True)
def test_workers_that_ask_at_once_keep_to_the_budget_together(endpoint: Endpoint, settings: Settings) -> None:
    settings.MODEL_DAILY_CALLS = 2
    endpoint.proposes()
    waiting = [scenes.document(f"{TEXT} {number}").id for number in range(6)]

    def work(number: int) -> None:
        try:
            intake.extract_document(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(waiting)) as pool:
        list(pool.map(work, waiting))

    states = Counter(ModelCall.objects.values_list("state", flat=True))
    assert states == {ModelCallState.DONE.value: 2, ModelCallState.OVER_BUDGET.value: 4}
    assert len(endpoint.asked) == 2
