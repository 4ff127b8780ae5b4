"""Logs of a real run: one can follow the news from its feed to the mail, and nobody finds a secret."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from tests.seeing.world import METRICS_TOKEN, World, wait_for

pytestmark = pytest.mark.services
JOIN = {
    "email": "someone-new@example.org",
    "kind": "leadership",
    "min_severity": "0",
    "frequency": "instant",
    "language": "en",
    "time_zone": "UTC",
}


def the(lines: list[dict[str, Any]]) -> dict[str, Any]:
    """The one line."""
    assert len(lines) == 1, lines
    return lines[0]


def told(news: World, request_id: str) -> list[dict[str, Any]]:
    """The line of a request, once it is in the log: the answer may be faster."""
    wait_for("the request's line", lambda: news.said("request", request_id=request_id))
    return news.said("request", request_id=request_id)


def test_the_numbers_of_rows_lead_from_the_feed_to_the_mail(news: World) -> None:
    published = news.said("candidate.published")[0]
    revision = the(news.said("revision.published", event=published["event"]))
    matched = the(news.said("revision.matched", revision=revision["revision"]))
    mail = the([line for line in news.said("mail.sent") if revision["revision"] in line["revisions"]])
    extracted = the(news.said("document.extracted", document=published["document"]))
    fetched = the(news.said("item.fetched", document=published["document"]))
    polled = news.said("feed.polled", feed=fetched["feed"])[0]

    assert (polled["outcome"], fetched["outcome"], extracted["outcome"]) == (
        "new_items",
        "stored",
        "extracted",
    )
    assert (matched["outcome"], matched["deliveries"]) == ("wholly", 1)
    assert (mail["outcome"], mail["kind"]) == ("sent", "alert")
    assert extracted["candidates"] >= 1


def test_one_number_follows_an_article_from_the_poll_to_its_extraction(news: World) -> None:
    document = news.said("candidate.published")[0]["document"]
    lines = [
        the(news.said("item.fetched", document=document)),
        the(news.said("document.extracted", document=document)),
    ]
    polled = the(news.said("feed.polled", correlation_id=lines[0]["correlation_id"]))

    assert polled["new"] > 1
    assert {line["correlation_id"] for line in lines} == {polled["correlation_id"]}
    assert len({line["task_id"] for line in [polled, *lines]}) == 3


def test_one_number_follows_a_curators_request_to_the_worker(news: World) -> None:
    chain = [line for line in news.lines() if line.get("correlation_id") == "curator.approve-1"]

    web = {line["message"] for line in chain if line.get("request_id") == "curator.approve-1"}
    # A tick may have found the revision a moment before: then this task had nothing left to do.
    tasks = {line["task"] for line in chain if "task_id" in line}

    assert {"candidate.published", "revision.published", "request"} <= web
    assert "match_revision" in tasks
    assert all("request_id" not in line for line in chain if "task_id" in line)


def test_a_request_is_one_line_with_its_route_and_number(news: World) -> None:
    answer = news.get("/api/v1/events/", **{"X-Request-ID": "reader-0001"})

    line = the(told(news, "reader-0001"))
    assert answer.headers["X-Request-ID"] == "reader-0001"
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/events/", 200)
    assert line["route"].startswith("/api/v1/")
    assert line["seconds"] > 0


def test_what_django_says_of_a_request_has_its_number(news: World) -> None:
    news.get("/nowhere/", **{"X-Request-ID": "reader-0003"})

    told(news, "reader-0003")
    wait_for("Django's line", lambda: news.said("Not Found: /nowhere/", request_id="reader-0003"))


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "with space", 'quo"te-quote', "café-0001"])
def test_a_request_number_that_is_not_well_formed_is_replaced(news: World, given: str) -> None:
    answer = httpx.get(f"{news.base}/api/v1/", headers={b"X-Request-ID": given.encode()}, timeout=60)

    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])


def test_what_a_reader_searches_for_is_not_logged(news: World) -> None:
    news.get("/search/?q=zanzibarwordofareader", **{"X-Request-ID": "reader-0002"})

    the(told(news, "reader-0002"))
    assert "zanzibarwordofareader" not in json.dumps(news.said("request"))


def test_no_log_holds_a_secret(news: World) -> None:
    """Keys, tokens and addresses go through every door that writes something, refused ones included."""
    key, _, token = news.secrets[:3]
    unknown_key = "gt_" + "k" * 43
    forged = "f" * 43
    posts = [
        ("/subscribe/", JOIN),
        ("/subscriptions/", {"email": "reader@example.org"}),
        (f"/subscriptions/{token}/unsubscribe/", {"token": token}),
        ("/desk/login/", {"login": "somebody@example.org", "password": "pass-word-of-somebody"}),
        (f"/websub/{forged}/", {"x": "y"}),
    ]
    gets = [
        f"/subscriptions/{token}/",
        f"/subscriptions/{token}",
        f"/subscriptions/{token}/data.json",
        f"/subscriptions/{token}/?token={token}",
        f"/subscriptions/{forged}/",
        f"/proposals/{forged}/",
        f"/websub/{forged}/",
        f"/api/v1/events/?key={key}",
        f"/nowhere/{unknown_key}/",
        "/nowhere/?email=someone-else@example.org&password=open-sesame-now",
    ]
    for path in gets:
        for headers in ({}, {"Authorization": f"Bearer {unknown_key}"}, {"X-API-Key": key}):
            news.get(path, **headers)
    for path, form in posts:
        news.post(path, form)
    wait_for("the confirmation to be sent", lambda: news.said("mail.sent", kind="confirmation"))
    wait_for("the link to be sent", lambda: news.said("mail.sent", kind="access"))

    secrets = [
        *news.secrets,
        unknown_key,
        forged,
        METRICS_TOKEN,
        "someone-new",
        "someone-else",
        "somebody@",
        "reader@example",
        "pass-word-of-somebody",
        "open-sesame-now",
    ]
    logs = {name: news.text(name) for name in ("web", "worker", "beat")}
    found = [(name, secret) for name, log in logs.items() for secret in secrets if secret in log]
    assert found == []
    assert "/subscriptions/[hidden]/" in logs["web"]
    assert "gunicorn.access" in logs["web"], "the access log is among what was looked at"


def test_every_line_of_every_process_is_a_json_object(news: World) -> None:
    lines = news.lines()

    assert all({"timestamp", "level", "logger", "message"} <= set(line) for line in lines)
    assert {"gunicorn.error", "gunicorn.access", "celery.beat", "celery.worker.strategy"} <= {
        str(line["logger"]) for line in lines
    }


def test_ticks_that_find_nothing_leave_no_line(news: World) -> None:
    idle = [
        line for line in news.lines() if re.search(r"Task events\.tasks\.\w+_due_\w+", str(line["message"]))
    ]

    assert idle == []
