"""Cases at the desk: all members accepted, approved, corrected, retracted and undone as one, on what was seen."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from events import curation
from events.choices import CandidateState, Operation, StepVerb
from events.models.acts import Act, StepRequest
from events.models.candidates import Candidate
from events.models.record import Case, Event, Revision
from tests import scenes
from tests.web.conftest import Desk, make_desk, page_of, signed_in

JSON = dict[str, Any]
TEXT = (
    "On 3 March 2025 the board of Northlake Devices named Ilse van Houten chief executive and Bram Oosterhuis chief "
    "financial officer."
)


def member(document: Any, name: str, title: str, **fields: Any) -> Candidate:
    """One appointment of the board's decision."""
    claim = {
        "kind": "leadership", "action": "appointment", "confidence": 0.9, "case": "c1",
        "subject": {"type": "person", "name": name, "title": title, "organization": "Northlake Devices"},
        "dates": {"announced": {"value": "2025-03-03", "precision": "day"}},
        "evidence": [{"field": "", "start": 0, "end": len(TEXT), "quote": TEXT}],
    }  # fmt: skip
    return scenes.candidate(document, claim | fields)


def make_members() -> list[Candidate]:
    """Two candidates of one case, of severity 0; the people are on record."""
    document = scenes.document(TEXT, title="A new board")
    scenes.executive("Bram Oosterhuis")
    return [
        member(document, "Ilse van Houten", "chief executive"),
        member(document, "Bram Oosterhuis", "chief financial officer"),
    ]


@pytest.fixture
def members(desk: Desk) -> list[Candidate]:
    """The open case."""
    return make_members()


@pytest.fixture
def case(desk: Desk, members: list[Candidate]) -> Case:
    """The same case, published by the first curator."""
    curation.accept_case(members[0].pk, desk.first)
    return Case.objects.get()


def seen(client: Client, address: str, name: str) -> str:
    """What the page's forms say of the versions that it shows."""
    found = re.search(rf'name="{name}" value="([^"]*)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def post(client: Client, address: str, verb: str, name: str, **data: Any) -> int:
    about = {name: seen(client, address, name), "reason": "the board's minutes"}
    return int(client.post(f"{address}{verb}/", about | data).status_code)


def open_page(members: list[Candidate]) -> str:
    return f"/desk/candidates/{members[0].pk}/case/"


def states() -> set[str]:
    return set(Candidate.objects.exclude(case_label="").values_list("state", flat=True))


def heads(case: Case) -> list[Revision]:
    return [event.head for event in Event.objects.filter(case=case).order_by("pk") if event.head]


def test_a_member_leads_to_its_case_which_shows_all_members(desk: Desk, members: list[Candidate]) -> None:
    client = signed_in(desk.first)
    assert open_page(members) in client.get(f"/desk/candidates/{members[0].pk}/").content.decode()

    page = client.get(open_page(members)).content.decode()

    for name in ("Ilse van Houten", "Bram Oosterhuis"):
        assert name in page
    assert "Accept and publish all 2" in page
    assert "A new board" in client.get("/desk/cases/").content.decode()


def test_a_case_is_published_as_one(desk: Desk, members: list[Candidate]) -> None:
    assert post(signed_in(desk.first), open_page(members), "accept", "seen") == 302

    assert states() == {CandidateState.PUBLISHED.value}
    assert Event.objects.filter(case=Case.objects.get()).count() == 2
    assert Act.objects.count() == 1


def test_one_unknown_name_keeps_the_whole_case_back(desk: Desk, members: list[Candidate]) -> None:
    member(members[0].document, "Somebody Unheard", "secretary")

    assert post(signed_in(desk.first), open_page(members), "accept", "seen") == 400

    assert states() == {CandidateState.OPEN.value}
    assert not Event.objects.exists()


def test_a_case_that_has_changed_since_is_not_accepted(desk: Desk, members: list[Candidate]) -> None:
    client = signed_in(desk.first)
    old = seen(client, open_page(members), "seen")
    curation.defer(members[1].pk, desk.second)

    answer = client.post(f"{open_page(members)}accept/", {"seen": old})

    assert answer.status_code == 409
    assert not Event.objects.exists()


def test_a_severe_case_is_approved_by_another_curator(desk: Desk, members: list[Candidate]) -> None:
    text = scenes.DEMOTION_TEXT
    document = scenes.document(text)
    severe = [scenes.candidate(document, scenes.claim(text, case="c2"))]
    first, second = signed_in(desk.first), signed_in(desk.second)

    assert post(first, open_page(severe), "accept", "seen") == 302
    assert "Another curator must approve it." in first.get(open_page(severe)).content.decode()
    refused = first.post(f"{open_page(severe)}approve/", {"seen": f"{severe[0].pk}:2"})
    assert refused.status_code == 400
    assert not Event.objects.exists()
    assert post(second, open_page(severe), "approve", "seen") == 302

    assert Revision.objects.get().approver == desk.second


def test_a_candidate_without_a_case_has_no_page_of_one(desk: Desk) -> None:
    assert signed_in(desk.first).get(f"/desk/candidates/{desk.mild.pk}/case/").status_code == 404


def form_of(case: Case, **changed: str) -> dict[str, str]:
    """What a browser sends of the form to correct a case."""
    return {
        "title": case.title, "issuer": "", "status": "reported", "grounds": "", "date_announced": "2025-03-03",
        "date_occurred": "", "date_decided": "", "date_effective": "", "date_ended": "", **changed,
    }  # fmt: skip


def test_a_correction_reaches_every_event_of_the_case_and_leaves_the_rest(desk: Desk, case: Case) -> None:
    client, address = signed_in(desk.first), f"/desk/cases/{case.pk}/"
    data = form_of(
        case, title="The board of March", date_effective="2025-04", grounds="succession", issuer="Board"
    )

    assert post(client, address, "correct", "heads", **data) == 302

    for head in heads(case):
        assert head.number == 2
        assert head.payload["dates"]["effective"] == {"value": "2025-04-01", "precision": "month"}
        assert head.payload["dates"]["announced"] == {"value": "2025-03-03", "precision": "day"}
        assert head.payload["details"]["grounds"] == ["succession"]
        assert head.payload["details"]["participants"][0]["name"] == "Board"
    assert Case.objects.get().title == "The board of March"


@pytest.mark.parametrize(
    "changed",
    [{}, {"date_effective": "soon"}, {"issuer": "999999"}, {"status": "gossip"}, {"reason": ""}],
)
def test_a_wrong_correction_says_why_and_keeps_what_was_typed(
    desk: Desk, case: Case, changed: dict[str, str]
) -> None:
    client, address = signed_in(desk.first), f"/desk/cases/{case.pk}/"
    data = form_of(case, **({"title": "Kept as typed"} if "reason" in changed else {})) | changed

    answer = client.post(
        f"{address}correct/", {"reason": "why", "heads": seen(client, address, "heads"), **data}
    )

    assert answer.status_code == 400
    for value in changed.values():
        assert value in answer.content.decode()
    assert {head.number for head in heads(case)} == {1}


def test_a_case_is_retracted_with_one_reason_and_undone_as_one(desk: Desk, case: Case) -> None:
    client, address = signed_in(desk.first), f"/desk/cases/{case.pk}/"

    assert post(client, address, "retract", "heads") == 302
    assert {head.operation for head in heads(case)} == {Operation.DEL.value}
    assert {head.reason for head in heads(case)} == {"the board's minutes"}
    act = Act.objects.latest("pk")
    assert post(client, address, "undo", "heads", act=act.pk) == 302

    assert {head.payload["status"] for head in heads(case)} == {"reported"}


def test_a_case_is_not_retracted_on_what_is_no_longer_so(desk: Desk, case: Case) -> None:
    client, address = signed_in(desk.first), f"/desk/cases/{case.pk}/"
    old = seen(client, address, "heads")
    curation.set_severity(heads(case)[0].event_id, desk.second, 1, "graver")

    answer = client.post(f"{address}retract/", {"heads": old, "reason": "wrong"})

    assert answer.status_code == 409
    assert Operation.DEL.value not in {head.operation for head in heads(case)}


def test_a_severe_case_waits_for_another_curator(desk: Desk, case: Case) -> None:
    event = heads(case)[0].event_id
    curation.ask(StepVerb.SEVERITY, {"event": event, "severity": 4}, desk.first, "graver")
    curation.approve_request(StepRequest.objects.get().pk, desk.second)
    client, address = signed_in(desk.first), f"/desk/cases/{case.pk}/"

    assert post(client, address, "retract", "heads") == 302
    assert Operation.DEL.value not in {head.operation for head in heads(case)}
    assert "waits for a second curator" in client.get(address).content.decode()
    curation.approve_request(StepRequest.objects.latest("pk").pk, desk.second)

    assert {head.operation for head in heads(case)} == {Operation.DEL.value}


def test_only_steps_on_this_case_are_undone_from_its_page(desk: Desk, case: Case) -> None:
    double = scenes.company("Northlake Devices Ltd")
    act = curation.merge_organizations(double.pk, scenes.company("Kept").pk, desk.first, "one")
    client, address = signed_in(desk.first), f"/desk/cases/{case.pk}/"

    assert post(client, address, "undo", "heads", act=act.pk) == 400
    assert post(client, address, "undo", "heads", act="x") == 400


def test_only_curators_reach_cases(desk: Desk, case: Case, members: list[Candidate], plain_user: Any) -> None:
    for path in ("/desk/cases/", f"/desk/cases/{case.pk}/", open_page(members)):
        assert Client().get(path).status_code == 302
        assert signed_in(plain_user).get(path).status_code == 403
    for path in (f"/desk/cases/{case.pk}/retract/", f"{open_page(members)}accept/"):
        assert signed_in(plain_user).post(path).status_code == 403
        assert signed_in(desk.first).get(path).status_code == 405


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_case_is_retracted_and_undone_as_one_in_the_browser(
    chromium: Browser, live_server: LiveServer
) -> None:
    desk = make_desk()
    curation.accept_case(make_members()[0].pk, desk.first)
    case = Case.objects.get()
    page = page_of(chromium, live_server, desk.first)
    page.goto(f"/desk/events/{heads(case)[0].event_id}/")

    page.get_by_role("link", name="Correct or retract the whole case").click()
    expect(page.locator("html[data-keys]")).to_be_attached()
    page.keyboard.press("r")
    page.keyboard.type("the minutes were forged")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Retracted as one.")
    assert {head.operation for head in heads(case)} == {Operation.DEL.value}
    page.get_by_placeholder("Reason for undoing").first.fill("they were not")
    page.get_by_role("button", name="Undo as a whole").first.click()
    expect(page.get_by_role("status")).to_contain_text("Undone as a whole.")

    assert {head.payload["status"] for head in heads(case)} == {"reported"}
    page.context.close()
