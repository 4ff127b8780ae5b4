"""Steps on what is published, over the API: four eyes by two keys, merges, splits, cases, and what undoes them."""

from __future__ import annotations

from typing import Any

import pytest

from events import curation
from events.choices import ActKind
from events.models.acts import StepRequest
from events.models.record import Event, Revision
from events.record import ledger, publishing
from tests import scenes
from tests.api.conftest import Caller
from tests.api.review.conftest import Desk, revisions

JSON = dict[str, Any]
WHY: JSON = {"reason": "the source withdrew it"}


@pytest.fixture
def severe(desk: Desk) -> Event:
    """A published event that needs two curators for each step."""
    return desk.published()


@pytest.fixture
def mild(desk: Desk) -> Event:
    """A published event for which one is enough."""
    return desk.published(desk.mild)


def test_a_severe_step_is_asked_for_by_one_key_and_approved_by_another(desk: Desk, severe: Event) -> None:
    before = revisions()

    asked = desk.first.post(f"events/{severe.pk}/retract/", WHY, 202)
    assert (asked["state"], asked["verb"], asked["arguments"]) == ("open", "retract", {"event": severe.pk})
    assert desk.first.seen.headers["Location"].endswith(f"/review/requests/{asked['id']}/")
    assert desk.second.get(desk.first.seen.headers["Location"]).json() == asked
    assert [row["id"] for row in desk.second.read("requests/?state=open")["results"]] == [asked["id"]]

    desk.first.post(f"requests/{asked['id']}/approve/", {}, 403)
    assert revisions() == before

    done = desk.second.post(f"requests/{asked['id']}/approve/")
    assert (done["request"]["state"], done["act"]) == ("done", None)
    assert done["request"]["decided_by"]["id"] == desk.second.user.pk
    revision = Revision.objects.latest("seq")
    assert done["revision"]["seq"] == revision.seq
    assert (revision.author, revision.approver) == (desk.first.user, desk.second.user)
    assert (done["revision"]["author"]["id"], done["revision"]["approver"]["id"]) == (
        desk.first.user.pk, desk.second.user.pk,
    )  # fmt: skip
    assert (revision.operation, revision.reason) == ("DEL", WHY["reason"])
    desk.second.post(f"requests/{asked['id']}/approve/", {}, 409)
    assert ledger.verify()[1] is None


def test_a_mild_step_is_done_at_once(desk: Desk, mild: Event) -> None:
    revision = desk.first.post(f"events/{mild.pk}/retract/", WHY)

    assert (revision["operation"], revision["author"]["id"]) == ("DEL", desk.first.user.pk)
    assert revision["approver"] is None
    assert not StepRequest.objects.exists()


def test_what_was_asked_for_of_an_older_version_is_not_approved(desk: Desk, severe: Event) -> None:
    asked = desk.first.post(f"events/{severe.pk}/retract/", WHY, 202)
    curation.set_severity(severe.pk, desk.first.user, 4, "graver", approver=desk.second.user)

    desk.second.post(f"requests/{asked['id']}/approve/", {}, 409)

    assert Event.objects.get(pk=severe.pk).status != "retracted"


def test_a_request_is_declined_with_a_reason(desk: Desk, severe: Event) -> None:
    asked = desk.first.post(f"events/{severe.pk}/retract/", WHY, 202)
    assert desk.second.pointers("POST", f"requests/{asked['id']}/decline/", {}, 400) == ["/answer"]

    done = desk.second.post(f"requests/{asked['id']}/decline/", {"answer": "the source stands by it"})

    assert (done["state"], done["answer"]) == ("declined", "the source stands by it")
    assert desk.first.read("requests/?state=open")["results"] == []


def test_an_event_is_corrected_by_a_new_revision(desk: Desk, mild: Event) -> None:
    claim = desk.mild.original | {"grounds": ["late filing"]}

    revision = desk.first.post(f"events/{mild.pk}/correct/", {"claim": claim, "reason": "left out"})

    assert revision["payload"]["details"]["grounds"] == ["late filing"]
    assert (revision["number"], revision["reason"]) == (2, "left out")


def test_a_correction_that_breaks_the_contract_points_at_its_field(desk: Desk, mild: Event) -> None:
    body = {"claim": desk.mild.original | {"confidence": 3}, "reason": "x"}

    assert desk.first.pointers("POST", f"events/{mild.pk}/correct/", body, 422) == ["/claim/confidence"]
    assert revisions() == 1


def test_a_step_on_an_older_version_of_an_event_is_412_and_writes_nothing(desk: Desk, mild: Event) -> None:
    desk.first.read(f"events/{mild.pk}/")
    seen = desk.first.seen.headers["ETag"]
    desk.second.post(f"events/{mild.pk}/severity/", {"severity": 2, "reason": "graver"}, if_match=seen)

    for step, body in (("severity", {"severity": 0}), ("retract", {}), ("undo", {})):
        desk.first.post(f"events/{mild.pk}/{step}/", WHY | body, 412, if_match=seen)

    assert revisions() == 2


def test_a_severity_stands_beside_the_computed_one_and_can_be_undone(desk: Desk, mild: Event) -> None:
    url = f"events/{mild.pk}"
    changed = desk.first.post(f"{url}/severity/", {"severity": 2, "reason": "graver"})
    assert changed["payload"]["severity"] == 2
    assert changed["payload"]["severity_inputs"]["override"]["computed"] == 1

    assert desk.first.post(f"{url}/undo/", WHY)["payload"]["severity"] == 1


@pytest.mark.parametrize("severity", [6, -1, "3", True, 2.5])
def test_a_severity_is_a_whole_number_from_0_to_5(desk: Desk, mild: Event, severity: Any) -> None:
    body = WHY | {"severity": severity}

    assert desk.first.pointers("POST", f"events/{mild.pk}/severity/", body, 400) == ["/severity"]


def test_an_event_is_read_with_who_wrote_it_and_what_it_was_made_of(desk: Desk, severe: Event) -> None:
    shown = desk.first.read(f"events/{severe.pk}/")

    assert shown["candidates"] == [desk.severe.pk]
    assert shown["revision"]["approver"] == {
        "id": desk.second.user.pk, "name": desk.second.user.get_username(),
    }  # fmt: skip
    desk.first.read("events/999999/", 404)


def test_an_override_without_the_permission_is_refused_and_nothing_waits(desk: Desk, severe: Event) -> None:
    desk.first.post(f"events/{severe.pk}/retract/", WHY | {"override": True}, 403)

    assert not StepRequest.objects.exists()


def merged_people(desk: Desk) -> tuple[int, int, JSON]:
    """(old id, id that stays, act) of two entries for one person; the old one has an event."""
    event = desk.published()
    other = scenes.executive("Ilse v. Houten")
    body = {"kind": "person", "source": desk.person.pk, "target": other.pk, "reason": "one person"}
    asked = desk.first.post("merges/", body, 202)
    act = desk.second.post(f"requests/{asked['id']}/approve/")["act"]
    assert Event.objects.get(pk=event.pk).parties.get(role="subject").executive_id == other.pk
    return desk.person.pk, other.pk, act


def test_an_old_number_answers_with_whom_it_was_merged_into(desk: Desk, api: Caller) -> None:
    old, new, act = merged_people(desk)

    assert api.read(f"executives/{old}/")["id"] == new
    timeline = api.read(f"executives/{old}/timeline/")
    assert timeline["subject"]["id"] == new
    assert [entry["subject"]["id"] for entry in timeline["results"]] == [new]
    assert (act["source"], act["target"], act["approver"]["id"]) == (old, new, desk.second.user.pk)


def test_an_undone_merge_gives_back_what_it_took(desk: Desk, api: Caller) -> None:
    old, new, act = merged_people(desk)

    asked = desk.second.post(f"acts/{act['id']}/undo/", {"reason": "two people"}, 202)
    undoing = desk.first.post(f"requests/{asked['id']}/approve/")["act"]

    assert api.read(f"executives/{old}/")["id"] == old
    assert [e["subject"]["id"] for e in api.read(f"executives/{old}/timeline/")["results"]] == [old]
    assert api.read(f"executives/{new}/timeline/")["results"] == []
    assert desk.first.read(f"acts/{act['id']}/")["undone_by"] == undoing["id"]
    assert [row["id"] for row in desk.first.read("acts/?undone=true")["results"]] == [act["id"]]
    desk.first.post(f"acts/{act['id']}/undo/", WHY, 409)


def test_a_merge_that_bears_on_nothing_severe_is_done_at_once(desk: Desk) -> None:
    one, other = scenes.executive("A. Quist"), scenes.executive("Anna Quist")

    act = desk.first.post(
        "merges/", {"kind": "person", "source": one.pk, "target": other.pk, "reason": "one person"}, 201
    )

    assert desk.first.seen.headers["Location"].endswith(f"/review/acts/{act['id']}/")
    assert desk.first.get(desk.first.seen.headers["Location"]).json()["revisions"] == []


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "case"}, "/kind"),
        ({"source": 999999}, "/source"),
        ({"target": 999999}, "/target"),
        ({"target": "4"}, "/target"),
        ({"reason": ""}, "/reason"),
        ({"into": 4}, "/into"),
    ],
)
def test_a_merge_names_two_entries_on_record(desk: Desk, change: JSON, pointer: str) -> None:
    one, other = scenes.executive("A. Quist"), scenes.executive("Anna Quist")
    body = {"kind": "person", "source": one.pk, "target": other.pk, "reason": "one person"} | change

    assert desk.first.pointers("POST", "merges/", body, 400) == [pointer]


def test_a_merged_event_answers_from_the_one_that_stays(desk: Desk) -> None:
    kept = desk.published(desk.mild)
    again = scenes.document("Later report. " + scenes.DEMOTION_TEXT)
    other = scenes.candidate(again, desk.mild.original | {"evidence": scenes.claim(again.text)["evidence"]})
    duplicate = desk.published(other)
    curation.forget(ActKind.EVENT, kept.pk, duplicate.pk, desk.first.user)

    body = {"kind": "event", "source": duplicate.pk, "target": kept.pk, "reason": "one event"}
    desk.first.post("merges/", body, 201)

    assert desk.first.read(f"events/{duplicate.pk}/")["merged_into"] == kept.pk
    assert desk.first.read(f"events/{kept.pk}/")["candidates"] == [desk.mild.pk, other.pk]


def test_a_split_gives_events_to_a_new_entry(desk: Desk, api: Caller, mild: Event) -> None:
    body = {
        "kind": "person", "source": desk.person.pk, "events": [mild.pk], "name": "Ilse van Houten",
        "reason": "a namesake",
    }  # fmt: skip

    act = desk.first.post("splits/", body, 201)

    timeline = api.read(f"executives/{act['target']}/timeline/")["results"]
    assert [entry["event"] for entry in timeline] == [mild.pk]
    assert api.read(f"executives/{desk.person.pk}/timeline/")["results"] == []


def test_a_candidate_that_joined_an_event_is_split_off(desk: Desk, mild: Event) -> None:
    again = scenes.document("Later report. " + scenes.DEMOTION_TEXT)
    other = scenes.candidate(again, desk.mild.original | {"evidence": scenes.claim(again.text)["evidence"]})
    curation.accept(other.pk, desk.first.user, into=mild.pk)

    act = desk.first.post(
        "splits/", {"kind": "event", "source": mild.pk, "candidate": other.pk, "reason": "another day"}, 201
    )

    assert desk.first.read(f"events/{act['target']}/")["candidates"] == [other.pk]


@pytest.mark.parametrize(
    ("change", "pointers"),
    [
        ({"events": []}, ["/events"]),
        ({"events": [999999]}, ["/events"]),
        ({"events": ["1"]}, ["/events/0"]),
        ({"events": None}, ["/events"]),
        ({"name": None}, ["/name"]),
        ({"target": 1}, ["/target"]),
        ({"candidate": 1}, ["/candidate"]),
        ({"kind": "event"}, ["/candidate", "/events", "/name"]),
    ],
)
def test_a_split_says_which_events_are_whose(
    desk: Desk, mild: Event, change: JSON, pointers: list[str]
) -> None:
    body = {
        "kind": "person", "source": desk.person.pk, "events": [mild.pk], "name": "Ilse", "reason": "a namesake"
    } | change  # fmt: skip

    assert desk.first.pointers("POST", "splits/", body, 400) == pointers


def a_case(desk: Desk) -> int:
    """A case with two events, of severity 3."""
    other = scenes.executive("Devon Clarke")
    subject = {"type": "person", "name": other.name, "organization": "Northlake Cloud"}
    rows = [
        scenes.candidate(desk.source, desk.claim(case="c1")),
        scenes.candidate(desk.source, desk.claim(case="c1", subject=subject)),
    ]
    curation.accept_case(rows[0].pk, desk.first.user)
    curation.approve_case(rows[0].pk, desk.second.user)
    case = Event.objects.first().case  # type: ignore[union-attr]
    assert case is not None
    return case.pk


def test_a_case_is_corrected_as_one(desk: Desk, api: Caller) -> None:
    case = a_case(desk)
    change = {"dates": {"announced": {"value": "2025-10-19", "precision": "day"}}, "title": "The decision"}

    asked = desk.first.post(f"cases/{case}/correct/", {"change": change, "reason": "misread"}, 202)
    act = desk.second.post(f"requests/{asked['id']}/approve/")["act"]

    shown = api.read(f"cases/{case}/")
    assert shown["title"] == "The decision"
    assert {entry["dates"]["announced"]["value"] for entry in shown["entries"]} == {"2025-10-19"}
    assert len(desk.first.read(f"acts/{act['id']}/")["revisions"]) == 2


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({}, "/change"),
        ({"colour": 1}, "/change/colour"),
        ({"a/b": 1}, "/change/a~1b"),
        ({"title": ""}, "/change/title"),
        ({"issuer": {"id": 999999}}, "/change/issuer/id"),
        ({"issuer": {"id": 1, "name": []}}, "/change/issuer/name"),
        ({"dates": {"announced": {"value": "2025-10-18", "precision": "year"}}}, "/change/dates/announced"),
        ({"events": {"x/y": {}}}, "/change/events/x~1y"),
        ({"events": []}, "/change/events"),
        ({"status": "retracted"}, "/change/status"),
    ],
)
def test_a_change_that_a_case_cannot_have_points_at_its_field(desk: Desk, change: JSON, pointer: str) -> None:
    case = a_case(desk)
    before = revisions()

    body = {"change": change, "reason": "misread"}

    assert desk.first.pointers("POST", f"cases/{case}/correct/", body, 422) == [pointer]
    assert revisions() == before
    assert not StepRequest.objects.exists()


def test_a_case_is_retracted_and_given_back_as_one(desk: Desk, api: Caller) -> None:
    case = a_case(desk)
    asked = desk.first.post(f"cases/{case}/retract/", WHY, 202)
    act = desk.second.post(f"requests/{asked['id']}/approve/")["act"]
    assert api.read("events/")["results"] == []

    asked = desk.first.post(f"acts/{act['id']}/undo/", {"reason": "appeal refused"}, 202)
    desk.second.post(f"requests/{asked['id']}/approve/")

    assert len(api.read("events/")["results"]) == 2


@pytest.mark.parametrize("path", ["events/9/retract/", "events/9/undo/", "cases/9/retract/", "acts/9/undo/"])
def test_a_step_on_what_is_not_there_is_404(desk: Desk, path: str) -> None:
    desk.first.post(path.replace("9", "999999"), WHY, 404)


@pytest.mark.parametrize("step", ["approve", "decline"])
def test_an_unknown_request_is_404(desk: Desk, step: str) -> None:
    desk.first.post(f"requests/999999/{step}/", {"answer": "x"} if step == "decline" else {}, 404)


def test_a_grade_history_that_would_contradict_itself_is_409(desk: Desk, severe: Event) -> None:
    draft = scenes.demotion(
        desk.person, severe.organization, desk.source, day="2025-11-01", start="21A", end="20A"  # type: ignore[arg-type]
    )  # fmt: skip
    publishing.publish(draft, desk.first.user)
    wrong = desk.claim(penalties=[{"type": "demotion", "from": "22A", "to": "21B"}])

    desk.first.post(f"events/{severe.pk}/correct/", {"claim": wrong, "reason": "x"}, 202)
    (asked,) = desk.second.read("requests/?state=open")["results"]
    desk.second.post(f"requests/{asked['id']}/approve/", {}, 409)

    assert revisions() == 2


def test_a_query_parameter_on_a_step_is_refused(desk: Desk, mild: Event) -> None:
    problem = desk.first.post(f"events/{mild.pk}/retract/?force=1", WHY, 400)

    assert problem["errors"][0]["parameter"] == "force"


def test_acts_and_requests_are_filtered(desk: Desk) -> None:
    old, new, act = merged_people(desk)
    event = Revision.objects.latest("seq").event_id
    me = desk.first.user.pk

    for query in (
        "verb=merge", "kind=person", f"source={old}", f"target={new}", f"author={me}", f"author_id={me}",
        f"event={event}", f"event_id={event}", "undone=false",
    ):  # fmt: skip
        assert [row["id"] for row in desk.first.read(f"acts/?{query}")["results"]] == [act["id"]]
    assert desk.first.read("acts/?kind=organization")["results"] == []
    for query in ("state=done", "verb=merge", f"asked_by={me}", f"decided_by={desk.second.user.pk}"):
        assert len(desk.first.read(f"requests/?{query}")["results"]) == 1
    assert desk.first.read("requests/?state=declined")["results"] == []
