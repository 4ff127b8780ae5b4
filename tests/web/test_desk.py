"""The desk: who may enter, what each step does, and that nothing typed is lost."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from events import curation
from events.choices import CandidateState
from events.models.access import User
from events.models.candidates import Candidate, Decision
from events.models.record import Event
from events.models.sources import Feed, FeedItem
from tests import scenes
from tests.web.conftest import Desk, signed_in

STEPS = ("accept", "approve", "reject", "defer", "reopen", "resolve", "edit", "edit-raw")


def page_of(candidate: Candidate) -> str:
    return f"/desk/candidates/{candidate.pk}/"


def now(candidate: Candidate) -> Candidate:
    return Candidate.objects.get(pk=candidate.pk)


def fields(candidate: Candidate, **changed: str) -> dict[str, str]:
    return {
        "version": str(candidate.version), "kind": "discipline", "action": "demotion", "subject_type": "person",
        "subject_name": "Ilse van Houten", "subject_title": "CEO", "subject_organization": "Northlake Cloud",
        "status": "reported", "date_announced": "2025-10-18", **changed,
    }  # fmt: skip


def rows(name: str, *entries: dict[str, str]) -> dict[str, str]:
    """The rows of one list, as the form sends them."""
    sent = {f"{name}-{n}-{key}": value for n, row in enumerate(entries) for key, value in row.items()}
    return {f"{name}-rows": str(len(entries)), **sent}


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client, desk: Desk) -> None:
    for address in ("/desk/", page_of(desk.severe)):
        response = client.get(address)
        assert response.headers["Location"] == f"/desk/login/?next={address}"
    for step in STEPS:
        assert client.post(f"{page_of(desk.severe)}{step}/").status_code == 302
    assert now(desk.severe).version == desk.severe.version


@pytest.mark.parametrize("who", ["plain_user", "clerk", "outsider"])
def test_who_may_not_curate_gets_a_403_page(who: str, desk: Desk, request: pytest.FixtureRequest) -> None:
    client = signed_in(request.getfixturevalue(who))
    for address in ("/desk/", page_of(desk.severe)):
        response = client.get(address)
        assert response.status_code == 403
        assert b"The desk is for curators" in response.content
    for step in STEPS:
        assert client.post(f"{page_of(desk.severe)}{step}/", {"version": 1, "reason": "x"}).status_code == 403
    assert now(desk.severe).state == CandidateState.OPEN


def test_a_curator_sees_the_queue_gravest_first(desk: Desk) -> None:
    page = signed_in(desk.first).get("/desk/").content.decode()
    assert 0 < page.index(page_of(desk.severe)) < page.index(page_of(desk.mild))


def test_the_queue_says_what_went_wrong_on_the_way(desk: Desk) -> None:
    feed = Feed.objects.create(
        url="https://broken.example.com/", title="Broken", state="failing", error="No answer."
    )
    FeedItem.objects.create(feed=feed, guid="1" * 64, title="Lost entry", state="dead", error="403 Forbidden")
    scenes.document("", title="A gallery", state="no_text", error="No text was found.")
    page = signed_in(desk.first).get("/desk/").content.decode()
    for words in ("No answer.", "Lost entry", "403 Forbidden", "A gallery", "No text was found."):
        assert words in page


def test_reading_changes_nothing_and_steps_take_no_get(desk: Desk) -> None:
    client = signed_in(desk.first)
    client.get(page_of(desk.severe))
    for step in STEPS:
        assert client.get(f"{page_of(desk.severe)}{step}/").status_code == 405
    assert now(desk.severe).version == desk.severe.version
    assert not Decision.objects.exists()


def test_a_step_without_the_csrf_token_is_refused(desk: Desk) -> None:
    client = signed_in(desk.first, enforce_csrf_checks=True)
    response = client.post(f"{page_of(desk.mild)}accept/", {"version": desk.mild.version})
    assert response.status_code == 403
    assert now(desk.mild).state == CandidateState.OPEN


def test_the_articles_words_are_marked_and_escaped(desk: Desk) -> None:
    text = "<b>Ilse van Houten</b> & others <script>alert(1)</script> were demoted."
    start = text.index("<script>")
    claim = scenes.claim(
        text, evidence=[{"field": "", "start": start, "end": len(text), "quote": text[start:]}]
    )
    candidate = scenes.candidate(scenes.document(text, title="<i>t</i>"), claim)
    page = signed_in(desk.first).get(page_of(candidate)).content.decode()
    assert "<script>alert" not in page
    assert "<b>Ilse" not in page
    assert "<i>t</i>" not in page
    assert '<mark data-evidence="0">&lt;script&gt;alert(1)&lt;/script&gt; were demoted.</mark>' in page


def test_a_mild_candidate_is_published_by_one_curator(desk: Desk) -> None:
    response = signed_in(desk.first).post(
        f"{page_of(desk.mild)}accept/", {"version": desk.mild.version}, follow=True
    )
    assert now(desk.mild).state == CandidateState.PUBLISHED
    assert "Published as event" in response.content.decode()


def test_a_severe_candidate_needs_another_curator(desk: Desk) -> None:
    first, second = signed_in(desk.first), signed_in(desk.second)
    first.post(f"{page_of(desk.severe)}accept/", {"version": desk.severe.version})
    waiting = now(desk.severe)
    assert waiting.state == CandidateState.AWAITING_APPROVAL

    refused = first.post(f"{page_of(desk.severe)}approve/", {"version": waiting.version})
    assert refused.status_code == 400
    assert "Another curator than the one who accepted it" in refused.content.decode()
    assert not Event.objects.exists()

    second.post(f"{page_of(desk.severe)}approve/", {"version": waiting.version})
    assert now(desk.severe).state == CandidateState.PUBLISHED
    assert Event.objects.get().revisions.get().approver == desk.second


def test_a_stale_reason_is_kept_and_nothing_is_written(desk: Desk) -> None:
    curation.defer(desk.mild.pk, desk.second)
    response = signed_in(desk.first).post(
        f"{page_of(desk.mild)}reject/", {"version": desk.mild.version, "reason": "An opinion <piece>."}
    )
    page = response.content.decode()
    assert response.status_code == 409
    assert "Someone changed this candidate" in page
    assert 'value="An opinion &lt;piece&gt;."' in page
    assert f'name="version" value="{now(desk.mild).version}"' in page
    assert now(desk.mild).state == CandidateState.DEFERRED


def test_a_stale_edit_keeps_every_field_that_was_typed(desk: Desk) -> None:
    curation.edit(
        desk.severe.pk, desk.second, {**desk.severe.claim, "grounds": ["theirs"]}, desk.severe.version
    )
    data = fields(desk.severe, subject_title="Acting CEO", grounds="mine")
    response = signed_in(desk.first).post(f"{page_of(desk.severe)}edit/", data)
    page = response.content.decode()
    assert response.status_code == 409
    assert 'value="Acting CEO"' in page
    assert "mine</textarea>" in page
    assert now(desk.severe).claim["grounds"] == ["theirs"]


def test_an_edit_changes_the_fields_and_keeps_the_original(desk: Desk) -> None:
    party = {"role": "issuer", "type": "organization", "name": "Conduct Committee"}
    data = fields(desk.severe, subject_title="President", grounds="fraud\n\nneglect\n") | rows(
        "participants", party
    )
    signed_in(desk.first).post(f"{page_of(desk.severe)}edit/", data)
    saved = now(desk.severe)
    assert saved.claim["subject"]["title"] == "President"
    assert saved.claim["grounds"] == ["fraud", "neglect"]
    assert saved.claim["participants"] == [party]
    assert saved.claim["penalties"] == desk.severe.original["penalties"]
    assert saved.original == desk.severe.original


def test_taking_out_the_issuer_keeps_the_other_parties_words_with_them(desk: Desk) -> None:
    text = desk.severe.document.text
    quote = {"start": 0, "end": 5, "quote": text[:5]}
    claim = scenes.claim(
        text,
        participants=[
            {"role": "issuer", "type": "organization", "name": "A"},
            {"role": "unit", "type": "organization", "name": "B"},
        ],
        evidence=[{"field": "/participants/0", **quote}, {"field": "/participants/1/name", **quote}],
    )
    curation.edit(desk.severe.pk, desk.first, claim)
    typed = rows("participants", {**claim["participants"][0], "drop": "on"}, claim["participants"][1])
    signed_in(desk.first).post(f"{page_of(desk.severe)}edit/", fields(now(desk.severe)) | typed)
    saved = now(desk.severe).claim
    assert [party["name"] for party in saved["participants"]] == ["B"]
    assert [item["field"] for item in saved["evidence"]] == ["", "/participants/0/name"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"action": "merger"}, "merger is not an action of discipline"),
        ({"date_announced": "2025-13"}, "must be in 1..12"),
        ({"date_announced": "soon"}, "is not a date"),
        ({"subject_name": ""}, "This field is required"),
    ],
)
def test_a_wrong_edit_says_where_and_why(desk: Desk, changed: dict[str, str], words: str) -> None:
    response = signed_in(desk.first).post(f"{page_of(desk.severe)}edit/", fields(desk.severe, **changed))
    assert response.status_code == 400
    assert words in response.content.decode()
    assert now(desk.severe).edited is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("{", "This is not JSON"),
        ("[]", "A claim is a JSON object"),
        (json.dumps({"kind": "discipline"}), "required property"),
        ("[" * 100_000, "This is not JSON"),
    ],
)
def test_a_wrong_claim_as_json_says_why_and_is_kept(desk: Desk, typed: str, words: str) -> None:
    response = signed_in(desk.first).post(
        f"{page_of(desk.severe)}edit-raw/", {"version": desk.severe.version, "claim": typed}
    )
    assert response.status_code == 400
    assert words in response.content.decode()


def test_a_schema_error_of_the_json_names_its_pointer(desk: Desk) -> None:
    claim = {**desk.severe.claim, "penalties": [{"type": "exile"}]}
    data = {"version": desk.severe.version, "claim": json.dumps(claim)}
    response = signed_in(desk.first).post(f"{page_of(desk.severe)}edit-raw/", data)
    assert "/penalties/0/type: " in response.content.decode()


def test_a_name_that_nobody_has_is_created_at_the_desk(desk: Desk) -> None:
    text = "Piet Loman was appointed CEO."
    claim = scenes.claim(
        text, kind="leadership", action="appointment", subject={"type": "person", "name": "Piet Loman"}
    )
    del claim["penalties"]
    candidate = scenes.candidate(scenes.document(text), claim)
    client = signed_in(desk.first)
    refused = client.post(f"{page_of(candidate)}accept/", {"version": candidate.version})
    assert "is not known yet" in refused.content.decode()
    client.post(
        f"{page_of(candidate)}resolve/",
        {"version": candidate.version, "pointer": "/subject", "choice": "create"},
    )
    assert now(candidate).subject_executive is not None
    client.post(f"{page_of(candidate)}accept/", {"version": now(candidate).version})
    assert now(candidate).state == CandidateState.PUBLISHED


def test_an_ambiguous_name_shows_who_it_may_be_and_takes_the_choice(desk: Desk) -> None:
    scenes.executive()
    candidate = scenes.candidate(scenes.document(scenes.DEMOTION_TEXT + " "))
    client = signed_in(desk.first)
    page = client.get(page_of(candidate)).content.decode()
    assert page.count('name="choice"') >= 4
    chosen = candidate.resolution["/subject"]["options"][1]["id"]
    client.post(
        f"{page_of(candidate)}resolve/",
        {"version": candidate.version, "pointer": "/subject", "choice": str(chosen)},
    )
    assert now(candidate).subject_executive_id == chosen


@pytest.mark.parametrize(
    "data", [{}, {"choice": "999999"}, {"choice": "other", "other": "x"}, {"choice": "1", "pointer": "/nope"}]
)
def test_a_choice_that_is_none_is_refused(desk: Desk, data: dict[str, str]) -> None:
    sent = {"version": desk.severe.version, "pointer": "/subject", **data}
    response = signed_in(desk.first).post(f"{page_of(desk.severe)}resolve/", sent)
    assert response.status_code == 400
    assert now(desk.severe).version == desk.severe.version


def test_rejecting_needs_a_reason_and_can_be_taken_back(desk: Desk) -> None:
    client = signed_in(desk.first)
    assert (
        client.post(f"{page_of(desk.mild)}reject/", {"version": desk.mild.version, "reason": " "}).status_code
        == 400
    )
    client.post(f"{page_of(desk.mild)}reject/", {"version": desk.mild.version, "reason": "An opinion."})
    assert now(desk.mild).state == CandidateState.REJECTED
    client.post(f"{page_of(desk.mild)}reopen/", {"version": now(desk.mild).version})
    assert now(desk.mild).state == CandidateState.OPEN


def test_after_a_step_comes_the_next_candidate(desk: Desk) -> None:
    response = signed_in(desk.first).post(f"{page_of(desk.severe)}defer/", {"version": desk.severe.version})
    assert response.headers["Location"] == page_of(desk.mild)


def test_signing_in_leads_to_the_page_that_was_asked_for(client: Client, desk: Desk) -> None:
    User.objects.get(pk=desk.first.pk)
    response = client.post("/desk/login/", {"username": "first", "password": "x", "next": page_of(desk.mild)})
    assert response.headers["Location"] == page_of(desk.mild)
    elsewhere = Client().post(
        "/desk/login/", {"username": "first", "password": "x", "next": "https://evil.example/"}
    )
    assert elsewhere.headers["Location"] == "/desk/"
