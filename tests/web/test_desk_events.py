"""Published events at the desk: each step with a reason, on what was seen, by two where one is not enough."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from events import curation
from events.choices import Operation, RequestState, StepVerb
from events.curation.drafts import from_claim, from_payload, to_claim
from events.models.acts import Act, StepRequest
from events.models.record import Event, Revision
from tests import scenes
from tests.web.conftest import Desk, signed_in

VERBS = ("correct", "correct-raw", "retract", "undo", "severity")


@pytest.fixture
def mild(desk: Desk) -> Event:
    """A published event of severity 0."""
    done = curation.accept(desk.mild.pk, desk.first, desk.mild.version)
    assert done.event is not None
    return done.event


@pytest.fixture
def severe(desk: Desk) -> Event:
    """A published event of severity 3."""
    row = curation.accept(desk.severe.pk, desk.first, desk.severe.version)
    row = curation.approve(row.pk, desk.second, row.version)
    assert row.event is not None
    return row.event


def head(event: Event) -> Revision:
    return Revision.objects.filter(event=event).latest("seq")


def post(client: Client, event: Event, verb: str, **data: str) -> int:
    """The status of a step on what the event says now."""
    sent = {"head": str(head(event).seq), "reason": "checked again", **data}
    return client.post(f"/desk/events/{event.pk}/{verb}/", sent).status_code


def test_only_curators_reach_a_published_event(client: Client, mild: Event, plain_user: object) -> None:
    page = f"/desk/events/{mild.pk}/"
    assert client.get(page).status_code == 302
    assert [client.post(f"{page}{verb}/").status_code for verb in VERBS] == [302] * len(VERBS)
    for path in ("/desk/requests/", "/desk/log/"):
        assert client.get(path).status_code == 302
        assert signed_in(plain_user).get(path).status_code == 403  # type: ignore[arg-type]
    assert signed_in(plain_user).get(page).status_code == 403  # type: ignore[arg-type]


def test_the_page_shows_the_source_the_fields_and_the_revisions(desk: Desk, mild: Event) -> None:
    page = signed_in(desk.first).get(f"/desk/events/{mild.pk}/").content.decode()

    assert "<mark data-evidence=" in page
    assert head(mild).payload["summary"] in page
    assert f"revision {head(mild).seq}" in page


def test_a_correction_is_a_new_revision_with_its_reason(desk: Desk, mild: Event) -> None:
    client = signed_in(desk.first)
    claim = to_claim(from_payload(head(mild).payload), desk.mild.document_id)
    claim["measures"][0]["period"] = "2025"

    assert post(client, mild, "correct-raw", claim=json.dumps(claim)) == 302

    latest = head(mild)
    assert (latest.number, latest.operation, latest.reason) == (2, Operation.MOD.value, "checked again")
    assert latest.payload["details"]["measures"][0]["period"] == "2025"


def test_the_form_corrects_its_fields_and_keeps_the_rest(desk: Desk, severe: Event) -> None:
    client = signed_in(desk.first)
    sent = {
        "kind": "discipline", "action": "demotion", "subject_type": "person", "subject_name": "Ilse van Houten",
        "subject_title": "chief executive", "subject_organization": "Northlake Cloud", "status": "confirmed",
        "date_announced": "2025-10",
    }  # fmt: skip

    assert post(client, severe, "correct", **sent) == 302
    waiting = StepRequest.objects.get()
    curation.approve_request(waiting.pk, desk.second)

    payload = head(severe).payload
    assert payload["assertion"] == "confirmed"
    assert payload["subject"]["title"] == "chief executive"
    assert payload["dates"]["announced"] == {"value": "2025-10-01", "precision": "month"}
    assert payload["details"]["penalties"][0]["from"] == "22A"


def test_a_refused_correction_keeps_what_was_typed(desk: Desk, mild: Event) -> None:
    client = signed_in(desk.first)

    response = client.post(
        f"/desk/events/{mild.pk}/correct-raw/",
        {"head": head(mild).seq, "reason": "mine", "claim": '{"kind": "gossip"}'},
    )

    assert response.status_code == 400
    assert b"gossip" in response.content
    assert b'value="mine"' in response.content
    assert head(mild).number == 1


def test_a_step_on_what_is_no_longer_so_is_refused(desk: Desk, mild: Event) -> None:
    seen = head(mild).seq
    curation.set_severity(mild.pk, desk.second, 1, "graver")

    response = signed_in(desk.first).post(
        f"/desk/events/{mild.pk}/retract/", {"head": seen, "reason": "wrong"}
    )

    assert response.status_code == 409
    assert head(mild).operation != Operation.DEL.value


def test_a_retraction_needs_a_reason(desk: Desk, mild: Event) -> None:
    client = signed_in(desk.first)

    assert post(client, mild, "retract", reason="  ") == 400
    assert post(client, mild, "retract") == 302
    assert head(mild).operation == Operation.DEL.value
    assert client.get(f"/desk/events/{mild.pk}/").status_code == 200


def test_the_last_step_is_undone(desk: Desk, mild: Event) -> None:
    client = signed_in(desk.first)
    post(client, mild, "retract")

    assert post(client, mild, "undo") == 302
    assert head(mild).payload["status"] != "retracted"


def test_a_severity_is_set_and_taken_back(desk: Desk, mild: Event) -> None:
    client = signed_in(desk.first)

    assert post(client, mild, "severity", severity="2") == 302
    assert head(mild).payload["severity"] == 2
    assert post(client, mild, "severity", severity="") == 302
    assert head(mild).payload["severity"] == 0
    assert post(client, mild, "severity", severity="9") == 400


def test_a_severe_step_waits_for_another_curator(desk: Desk, severe: Event) -> None:
    first, second = signed_in(desk.first), signed_in(desk.second)

    post(first, severe, "retract", reason="the source withdrew it")
    waiting = StepRequest.objects.get()
    assert head(severe).number == 1
    page = second.get("/desk/requests/").content.decode()
    assert "the source withdrew it" in page

    first.post(f"/desk/requests/{waiting.pk}/approve/")
    assert head(severe).number == 1
    second.post(f"/desk/requests/{waiting.pk}/approve/")
    assert head(severe).operation == Operation.DEL.value


def test_a_request_is_declined_with_a_reason(desk: Desk, severe: Event) -> None:
    post(signed_in(desk.first), severe, "retract")
    waiting = StepRequest.objects.get()
    second = signed_in(desk.second)

    second.post(f"/desk/requests/{waiting.pk}/decline/", {"reason": ""})
    assert StepRequest.objects.get().state == RequestState.OPEN.value
    second.post(f"/desk/requests/{waiting.pk}/decline/", {"reason": "it stands"})
    assert StepRequest.objects.get().state == RequestState.DECLINED.value


def test_the_log_says_who_did_what_and_undoes_what_was_done_as_one(desk: Desk, mild: Event) -> None:
    double = scenes.company("Northlake Devices Ltd")
    kept = desk.mild.subject_organization_id or scenes.company("Kept").pk
    curation.ask(
        StepVerb.MERGE,
        {"kind": "organization", "source": double.pk, "target": kept},
        desk.first,
        "the same firm",
    )
    client = signed_in(desk.first)

    page = client.get("/desk/log/").content.decode()
    assert "the same firm" in page
    act = Act.objects.latest("pk")
    assert client.post(f"/desk/acts/{act.pk}/undo/", {"reason": "not the same"}).status_code == 302
    double.refresh_from_db()
    assert double.merged_into_id is None


def test_a_claim_made_of_a_draft_makes_that_draft(desk: Desk, severe: Event) -> None:
    draft = from_payload(head(severe).payload)

    claim = to_claim(draft, desk.severe.document_id)
    again = from_claim(claim, desk.severe.resolution, desk.severe.document_id, draft.case_id)

    assert to_claim(again, desk.severe.document_id) == claim
    assert (again.kind, again.action, again.dates, again.penalties) == (
        draft.kind, draft.action, draft.dates, draft.penalties,
    )  # fmt: skip


def test_markup_in_reasons_and_names_stays_text(desk: Desk, severe: Event) -> None:
    post(signed_in(desk.first), severe, "retract", reason="<script>alert(1)</script>")

    page = signed_in(desk.second).get("/desk/requests/").content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
