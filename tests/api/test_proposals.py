"""Proposals by the API: sent by anyone, asked after by receipt, seen by nobody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings

from events.choices import ProposalState
from events.models.access import ApiKey
from events.models.proposals import Proposal
from events.proposals import submitting
from events.proposals.answering import answer
from tests import scenes
from tests.api.conftest import Caller, Record

TEXT = "The committee met on 17 October, not on the 18th. <b>Marker-4711</b>"
PATH = "/api/v1/proposals/"


def send(client: Any, event: Any, **fields: Any) -> HttpResponse:
    body = {"event": event, "kind": "correction", "text": TEXT} | fields
    headers = body.pop("headers", {})
    response: HttpResponse = client.post(
        PATH, json.dumps(body), content_type="application/json", headers=headers
    )
    return response


def told(response: HttpResponse) -> Any:
    return json.loads(response.content)


def pointers(response: HttpResponse) -> set[str]:
    assert response.status_code == 400, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    return {error["pointer"] for error in told(response)["errors"]}


def test_anyone_sends_a_correction_and_asks_after_it(api: Caller, record: Record) -> None:
    sent = send(
        api,
        record.revision.event_id,
        field="/penalties/0",
        name="A reader",
        contact="reader@example.org",
        source_url="https://example.org/minutes",
    )

    assert sent.status_code == 201
    taken = told(sent)
    assert set(taken) == {"receipt", "url", "state"}
    assert taken["state"] == "open"
    assert sent.headers["Cache-Control"] == "no-store"
    assert sent.headers["Location"] == taken["url"]
    status = api.get(taken["url"])
    assert status.headers["Cache-Control"] == "no-store"
    assert status.json() == {
        "event": record.revision.event_id,
        "revision": record.revision.seq,
        "kind": "correction",
        "field": "/penalties/0",
        "state": "open",
        "answer": "",
        "received_at": status.json()["received_at"],
        "answered_at": None,
    }
    row = Proposal.objects.get()
    assert (row.text, row.contact, row.name) == (TEXT, "reader@example.org", "A reader")


def test_the_answer_is_shown_with_the_receipt_and_neither_text_nor_contact(
    api: Caller, record: Record
) -> None:
    taken = told(send(api, record.revision.event_id, contact="reader@example.org", name="Somebody Named"))
    answer(Proposal.objects.get().pk, record.author, ProposalState.ACCEPTED, "The event was corrected.")

    response = api.get(taken["url"])

    assert response.json()["state"] == "accepted"
    assert response.json()["answer"] == "The event was corrected."
    assert response.json()["answered_at"].endswith("Z")
    for hidden in ("reader@example.org", "Somebody Named", "Marker-4711", record.author.username):
        assert hidden not in response.content.decode()


@pytest.mark.parametrize("receipt", ["x", "x" * 43, "%00", "é" * 43, "x" * 2000, "-" * 43])
def test_a_receipt_that_nobody_has_is_not_found(api: Caller, record: Record, receipt: str) -> None:
    response = api.get(f"{PATH}{receipt}/")

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.headers["Cache-Control"] == "no-store"


def test_nothing_public_shows_a_proposal(api: Caller, record: Record) -> None:
    send(api, record.revision.event_id, contact="reader@example.org")
    event, person = record.revision.event_id, record.person.pk
    addresses = [
        f"/api/v1/events/{event}/",
        f"/api/v1/events/{event}/revisions/",
        f"/api/v1/events/{event}/evidence/",
        "/api/v1/events/",
        "/api/v1/changes/",
        f"/api/v1/executives/{person}/timeline/",
        f"/events/{event}/",
        f"/people/{person}/",
        "/",
        "/search/?q=Marker-4711",
    ]

    for address in addresses:
        response = api.get(address)
        assert response.status_code == 200, address
        shown = response.content.decode().replace("?q=Marker-4711", "").replace('value="Marker-4711"', "")
        assert "reader@example.org" not in shown
        assert "met on 17 October" not in shown, address
    assert api.get(PATH).status_code == 405


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "praise"}, "/kind"),
        ({"text": "short"}, "/text"),
        ({"text": "x" * 5001}, "/text"),
        ({"text": "eleven char\u0000"}, "/text"),
        ({"text": None}, "/text"),
        ({"event": 999_999}, "/event"),
        ({"event": "x"}, "/event"),
        ({"event": 2**70}, "/event"),
        ({"field": "/nothing"}, "/field"),
        ({"source_url": "javascript:alert(1)"}, "/source_url"),
        ({"contact": "nobody"}, "/contact"),
        ({"revision": 999_999}, "/revision"),
        ({"state": "accepted"}, "/state"),
        ({"answer": "Yes."}, "/answer"),
        ({"a/b": 1}, "/a~1b"),
    ],
)
def test_what_is_wrong_is_pointed_at(
    api: Caller, record: Record, fields: dict[str, Any], pointer: str
) -> None:
    assert pointers(send(api, **({"event": record.revision.event_id} | fields))) == {pointer}
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "4", "{", '"text"', "null"])
def test_a_body_that_is_no_object_is_refused(api: Caller, record: Record, body: str) -> None:
    response = api.post(PATH, body, content_type="application/json")

    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_body_is_bounded_and_json(api: Caller, record: Record) -> None:
    assert send(api, record.revision.event_id, name="x" * 70_000).status_code == 413
    assert api.post(PATH, {"event": "1"}, format="multipart").status_code == 415
    assert api.post(f"{PATH}?what=1", "{}", content_type="application/json").status_code == 400


@override_settings(PROPOSALS_PER_HOUR=2)
def test_an_address_sends_a_few_and_what_was_wrong_does_not_count(api: Caller, record: Record) -> None:
    event = record.revision.event_id
    for _ in range(5):
        assert send(api, event, text="short").status_code == 400

    statuses = [send(api, event, text=f"{TEXT} {n}").status_code for n in range(3)]

    assert statuses == [201, 201, 429]
    refused = send(api, event)
    assert int(refused.headers["Retry-After"]) > 0
    assert told(refused)["status"] == 429
    _, key = ApiKey.issue(record.author, "reader", ["read", "review"])
    assert send(api, event, headers={"x-api-key": key}).status_code == 429
    assert api.get("/api/v1/events/").status_code == 200
    body = json.dumps({"event": event, "kind": "reply", "text": TEXT})
    elsewhere = api.post(PATH, body, content_type="application/json", REMOTE_ADDR="198.51.100.9")
    assert elsewhere.status_code == 201


def test_an_event_on_which_many_wait_takes_no_more(
    api: Caller, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "MAX_OPEN", 1)

    assert send(api, record.revision.event_id).status_code == 201
    assert send(api, record.revision.event_id, text="Something else again.").status_code == 429


def test_the_same_words_again_give_the_same_receipt(api: Caller, record: Record) -> None:
    one, other = (told(send(api, record.revision.event_id)) for _ in range(2))

    assert one == other
    assert Proposal.objects.count() == 1


def test_a_page_cannot_send_in_the_name_of_who_is_signed_in(record: Record, clean_cache: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(record.author)

    response = send(browser, record.revision.event_id)

    assert response.status_code == 201
    assert record.author.username not in str(Proposal.objects.values().get())


def test_a_key_that_is_void_is_refused(api: Caller, record: Record) -> None:
    assert send(api, record.revision.event_id, headers={"x-api-key": "gt_void"}).status_code == 401


@override_settings(API_ANONYMOUS_READ=False)
def test_the_right_of_reply_needs_no_key_where_reading_does(api: Caller, record: Record) -> None:
    sent = send(api, record.revision.event_id, kind="reply")

    assert sent.status_code == 201
    assert api.get(told(sent)["url"]).status_code == 200
    assert api.get("/api/v1/events/").status_code == 401


def test_no_scope_but_the_desk_answers(api: Caller, record: Record) -> None:
    taken = told(send(api, record.revision.event_id))
    _, key = ApiKey.issue(scenes.curator(), "all", ["read", "export", "subscriptions", "webhooks", "review"])

    for method in ("post", "put", "patch", "delete"):
        response = getattr(api, method)(taken["url"], headers={"x-api-key": key})
        assert response.status_code == 405
    assert Proposal.objects.get().state == "open"
