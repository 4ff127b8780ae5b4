"""Candidates over the API: the queue, edits that lose nothing, and the steps to the record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from events import curation
from events.models.candidates import Candidate, Decision
from events.models.people import Executive
from events.models.record import Event, Revision
from tests import scenes
from tests.api.review.conftest import Desk, revisions

JSON = dict[str, Any]


def at(row: Candidate, step: str = "") -> str:
    """A candidate's address, or that of one of its steps."""
    return f"candidates/{row.pk}/{step}/" if step else f"candidates/{row.pk}/"


def test_the_queue_is_in_order_of_gravity_and_its_pages_miss_nobody(desk: Desk) -> None:
    for confidence in (0.5, 0.7, 0.6):
        scenes.candidate(desk.source, desk.claim(confidence=confidence))

    page = desk.first.read("candidates/?page_size=2")
    seen = page["results"]
    while page["next"]:
        page = desk.first.get(page["next"]).json()
        seen += page["results"]

    order = [(row["severity"], row["confidence"]) for row in seen]
    assert order == [(3, 0.9), (3, 0.7), (3, 0.6), (3, 0.5), (1, 0.9)]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=open", {"severe", "mild"}),
        ("state=rejected,deferred", set()),
        ("kind=discipline", {"severe", "mild"}),
        ("kind=sanction", set()),
        ("action=demotion", {"severe"}),
        ("severity=1", {"mild"}),
        ("min_severity=2", {"severe"}),
        ("max_severity=2", {"mild"}),
        ("resolution_state=resolved", {"severe", "mild"}),
        ("resolution_state=unknown", set()),
        ("document={source}", {"severe", "mild"}),
        ("document_id=99999", set()),
        ("case_label=c1", set()),
        ("min_novelty=1", {"severe", "mild"}),
        ("subject_executive={person}", {"severe", "mild"}),
        ("subject_organization_id={person}", set()),
        ("event=1", set()),
        ("assigned=me", {"severe"}),
        ("assigned=nobody", {"mild"}),
        ("assigned_to={user}", {"severe"}),
    ],
)
def test_the_queue_is_filtered(desk: Desk, query: str, expected: set[str]) -> None:
    Candidate.objects.filter(pk=desk.severe.pk).update(assigned_to=desk.first.user)
    names = {desk.severe.pk: "severe", desk.mild.pk: "mild"}
    query = query.format(source=desk.source.pk, person=desk.person.pk, user=desk.first.user.pk)

    found = desk.first.read(f"candidates/?{query}")["results"]

    assert {names[row["id"]] for row in found} == expected


@pytest.mark.parametrize("query", ["states=open", "state=lost", "severity=9", "assigned=you", "cursor=x"])
def test_a_filter_that_is_not_known_is_refused(desk: Desk, query: str) -> None:
    problem = desk.first.read(f"candidates/?{query}", 400)

    assert problem["errors"][0]["parameter"] == query.partition("=")[0]


def test_a_candidate_is_shown_with_its_claims_and_whom_its_names_stand_for(desk: Desk) -> None:
    shown = desk.first.read(at(desk.severe))

    assert shown["original"] == shown["claim"] == desk.severe.original
    assert shown["edited"] is None
    assert shown["resolution"]["/subject"]["chosen"] == desk.person.pk
    assert shown["document"]["url"] == desk.source.url
    assert "text" not in shown["document"]
    assert desk.first.seen.headers["ETag"] == f'"{desk.severe.version}"'


def test_a_candidate_is_read_with_what_the_record_says_by_now(desk: Desk) -> None:
    twin = scenes.candidate(scenes.document("Later report. " + scenes.DEMOTION_TEXT))
    event = desk.published()

    shown = desk.first.read(at(twin))

    assert [item["event"] for item in shown["conflicts"] if item["code"] == "similar_event"] == [event.pk]


def test_an_edit_stands_beside_the_original(desk: Desk) -> None:
    claim = desk.claim(grounds=["misconduct"])

    shown = desk.first.call("PATCH", at(desk.severe), {"claim": claim}, if_match='"1"')

    assert (shown["edited"], shown["original"]) == (claim, desk.severe.original)
    assert (shown["version"], desk.first.seen.headers["ETag"]) == (2, '"2"')
    assert Decision.objects.get().user == desk.first.user


def test_an_edit_that_does_not_say_what_it_is_of_is_428(desk: Desk) -> None:
    desk.first.call("PATCH", at(desk.severe), {"claim": desk.claim()}, 428)

    assert Candidate.objects.get(pk=desk.severe.pk).version == 1


@pytest.mark.parametrize("seen", ['"1"', 'W/"2"', '"x", "y"', "nonsense"])
def test_a_stale_edit_is_412_and_writes_nothing(desk: Desk, seen: str) -> None:
    curation.defer(desk.severe.pk, desk.second.user)
    claim = desk.claim(grounds=["misconduct"])

    desk.first.call("PATCH", at(desk.severe), {"claim": claim}, 412, if_match=seen)

    assert Candidate.objects.get(pk=desk.severe.pk).edited is None
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("step", ["accept", "reject", "defer", "create_party", "accept_case"])
def test_a_step_on_a_stale_version_is_412_and_writes_nothing(desk: Desk, step: str) -> None:
    curation.defer(desk.mild.pk, desk.second.user)
    bodies = {"reject": {"reason": "a duplicate"}, "create_party": {"pointer": "/subject"}}

    desk.first.post(at(desk.mild, step), bodies.get(step, {}), 412, if_match='"1"')

    row = Candidate.objects.get(pk=desk.mild.pk)
    assert (row.state, row.version, revisions()) == ("deferred", 2, 0)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"confidence": 2}, "/claim/confidence"),
        ({"action": "release"}, "/claim/action"),
        ({"dates": {"announced": {"value": "2025-10-18", "precision": "month"}}}, "/claim/dates/announced"),
        ({"dates": {"announced": {"value": "0001-01-01", "precision": "day"}}}, "/claim/dates/announced"),
        ({"evidence": [{"field": "", "start": 0, "end": 3, "quote": "xyz"}]}, "/claim/evidence/0"),
        ({"penalties": [{"type": "demotion", "levels": 2**40}]}, "/claim/penalties/0/levels"),
        ({"penalties": [{"type": "fine", "amount": 1e300}]}, "/claim/penalties/0/amount"),
        ({"headcount": {"min": -1}}, "/claim/headcount/min"),
        ({"grounds": ["x" * 501]}, "/claim/grounds/0"),
        ({"subject": {"type": "person", "name": "x" * 301}}, "/claim/subject/name"),
    ],
)
def test_a_claim_that_breaks_a_rule_is_422_and_points_at_the_bodys_field(
    desk: Desk, change: JSON, pointer: str
) -> None:
    body = {"claim": desk.claim(**change)}

    assert desk.first.pointers("PATCH", at(desk.severe), body, 422, if_match="*") == [pointer]
    assert Candidate.objects.get(pk=desk.severe.pk).edited is None


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({}, ["/claim"]),
        ([], [""]),
        ({"claim": []}, ["/claim"]),
        ({"claim": None}, ["/claim"]),
        ({"claim": {}, "state": "published"}, ["/state"]),
        ({"claim": {"subject": {"name": "a\x00b"}}}, ["/claim/subject/name"]),
        ({"claim": {"a/b~": "\x00"}}, ["/claim/a~1b~0"]),
        ({"claim": {"confidence": 10**30}}, ["/claim/confidence"]),
    ],
)
def test_a_body_of_another_form_is_400_and_points_at_its_field(
    desk: Desk, body: Any, pointers: list[str]
) -> None:
    assert desk.first.pointers("PATCH", at(desk.severe), body, 400, if_match="*") == pointers


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b'{"reason": "\\ud800"}', 400),
        (b'{"reason": 1e999}', 400),
        (b'{"reason": NaN}', 400),
        (b'{"reason": ' + b"9" * 5000 + b"}", 400),
        (b'{"reason": ' + b"[" * 100_000, 400),
        (b'{"reason": ' + b"[" * 30 + b"]" * 30 + b"}", 400),
        (b'{"reason": "' + b"x" * 2_000_000 + b'"}', 413),
    ],
)
def test_no_body_is_too_large_too_deep_or_too_strange_to_be_refused(
    desk: Desk, body: bytes, status: int
) -> None:
    path = f"/api/v1/review/{at(desk.mild, 'reject')}"

    answer = desk.first.generic("POST", path, body, content_type="application/json")  # type: ignore[arg-type]

    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert Candidate.objects.get(pk=desk.mild.pk).state == "open"


@pytest.mark.parametrize(
    ("step", "body", "pointer"),
    [
        ("accept", {"into": True}, "/into"),
        ("accept", {"into": "1"}, "/into"),
        ("accept", {"into": 0}, "/into"),
        ("accept", {"into": 2**63}, "/into"),
        ("accept", {"override": "yes"}, "/override"),
        ("reject", {"reason": "  "}, "/reason"),
        ("reject", {"reason": 5}, "/reason"),
        ("reject", {"reason": "x" * 2001}, "/reason"),
        ("resolve", {"pointer": "/subject", "type": "ghost", "id": 1}, "/type"),
        ("resolve", {"pointer": "/subject", "type": ["person"], "id": 1}, "/type"),
        ("create_party", {"pointer": None}, "/pointer"),
    ],
)
def test_a_step_takes_members_of_their_own_type_only(desk: Desk, step: str, body: JSON, pointer: str) -> None:
    assert desk.first.pointers("POST", at(desk.mild, step), body, 400) == [pointer]


def test_a_mild_candidate_is_published_by_one_curator(desk: Desk) -> None:
    shown = desk.first.post(at(desk.mild, "accept"), {"reason": "read twice"}, if_match='"1"')

    assert shown["state"] == "published"
    revision = Revision.objects.get(event=shown["event"])
    assert (revision.author, revision.approver, revision.reason) == (desk.first.user, None, "read twice")


def test_a_severe_candidate_needs_the_key_of_another_curator(desk: Desk) -> None:
    waiting = desk.first.post(at(desk.severe, "accept"))
    assert (waiting["state"], waiting["accepted_by"]["id"]) == ("awaiting_approval", desk.first.user.pk)
    desk.first.post(at(desk.severe, "approve"), {}, 403)
    assert revisions() == 0

    shown = desk.second.post(at(desk.severe, "approve"), {"reason": "agreed"})

    assert shown["state"] == "published"
    revision = Revision.objects.get()
    assert (revision.author, revision.approver) == (desk.first.user, desk.second.user)


def test_publishing_alone_needs_the_permission_to(desk: Desk) -> None:
    desk.first.post(at(desk.severe, "accept"), {"override": True, "reason": "urgent"}, 403)

    assert revisions() == 0


def test_a_second_source_joins_an_event(desk: Desk) -> None:
    event = desk.published(desk.mild)
    again = scenes.document("Later report. " + scenes.DEMOTION_TEXT)
    mild = desk.mild.original | {"evidence": scenes.claim(again.text)["evidence"]}
    other = scenes.candidate(again, mild)

    shown = desk.first.post(at(other, "accept"), {"into": event.pk})

    assert shown["event"] == event.pk
    assert Event.objects.count() == 1


def test_a_name_is_resolved_or_made_over_the_api(desk: Desk) -> None:
    subject = {"type": "person", "name": "Nobody Known", "organization": "Northlake Cloud"}
    row = scenes.candidate(desk.source, desk.claim(subject=subject))
    desk.first.post(at(row, "accept"), {}, 409)
    desk.first.post(at(row, "resolve"), {"pointer": "/subject", "type": "person", "id": 999999}, 409)
    desk.first.post(at(row, "create_party"), {"pointer": "/participants/7"}, 409)

    chosen = desk.first.post(
        at(row, "resolve"), {"pointer": "/subject", "type": "person", "id": desk.person.pk}
    )
    assert chosen["subject_executive"] == desk.person.pk
    made = desk.first.post(at(row, "create_party"), {"pointer": "/subject"})
    assert made["subject_executive"] == Executive.objects.get(name="Nobody Known").pk


def test_a_candidate_is_rejected_deferred_and_reopened(desk: Desk) -> None:
    states = [
        desk.first.post(at(desk.mild, step), body)["state"]
        for step, body in (
            ("defer", {}), ("reopen", {}), ("reject", {"reason": "an opinion"}), ("reopen", {"reason": "a fact"}),
        )
    ]  # fmt: skip

    assert states == ["deferred", "open", "rejected", "open"]


def test_a_step_that_does_not_start_from_there_is_409(desk: Desk) -> None:
    desk.first.post(at(desk.mild, "approve"), {}, 409)


@pytest.mark.parametrize("step", ["", "accept", "reject", "resolve"])
def test_an_unknown_candidate_is_404(desk: Desk, step: str) -> None:
    bodies = {"reject": {"reason": "x"}, "resolve": {"pointer": "/subject", "type": "person", "id": 1}}
    path = f"candidates/999999/{step}/" if step else "candidates/999999/"

    desk.first.call("POST" if step else "GET", path, bodies.get(step), 404)


def test_a_case_is_accepted_and_approved_as_one(desk: Desk) -> None:
    other = scenes.executive("Devon Clarke")
    subject = {"type": "person", "name": other.name, "organization": "Northlake Cloud"}
    rows = [
        scenes.candidate(desk.source, desk.claim(case="c1")),
        scenes.candidate(desk.source, desk.claim(case="c1", subject=subject)),
    ]

    waiting = desk.first.post(at(rows[0], "accept_case"))["results"]
    assert {row["state"] for row in waiting} == {"awaiting_approval"}
    desk.first.post(at(rows[0], "approve_case"), {}, 403)
    done = desk.second.post(at(rows[1], "approve_case"))["results"]

    assert {row["state"] for row in done} == {"published"}
    assert len({revision.act_id for revision in Revision.objects.all()}) == 1
    (act,) = desk.first.read("acts/?verb=publish_case")["results"]
    assert len(desk.first.read(f"acts/{act['id']}/")["revisions"]) == 2


def test_a_candidate_is_put_aside_until_a_day_and_open_again_from_then_on(desk: Desk) -> None:
    day = datetime.now(UTC).date() + timedelta(days=3)

    answer = desk.first.post(at(desk.mild, "defer"), {"until": day.isoformat()})
    aside = [row["id"] for row in desk.first.read("candidates/?state=deferred")["results"]]
    Candidate.objects.filter(pk=desk.mild.pk).update(deferred_until=datetime.now(UTC))
    again = {row["id"]: row["state"] for row in desk.first.read("candidates/?state=open")["results"]}

    assert (answer["state"], answer["deferred_until"]) == ("deferred", f"{day}T00:00:00Z")
    assert aside == [desk.mild.pk]
    assert again[desk.mild.pk] == "open"
    desk.first.post(at(desk.mild, "defer"), {"until": "2020-01-01"}, 409)
    desk.first.post(at(desk.mild, "defer"), {"until": "soon"}, 400)


def test_a_candidate_is_given_to_a_curator_without_making_a_new_version(desk: Desk) -> None:
    given = desk.first.post(at(desk.mild, "assign"), {"to": desk.second.user.pk})
    nobody = desk.first.post(at(desk.mild, "assign"), {"to": None})
    desk.first.post(at(desk.mild, "assign"), {"to": 99_999}, 400)

    assert given["assigned_to"]["id"] == desk.second.user.pk
    assert nobody["assigned_to"] is None
    assert given["version"] == nobody["version"] == desk.mild.version
