"""The page of one candidate: every field has an input, an edit stands beside the original and is previewed, a similar
event is compared and decided on, and a new entry is made only after a look at who comes near."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from events import curation
from events.choices import CandidateState, RequestState, StepVerb
from events.models.access import User
from events.models.acts import Judgement, StepRequest
from events.models.candidates import Candidate, Decision
from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.models.record import Event, Revision
from tests import scenes
from tests.web.conftest import Desk, signed_in
from tracker.web.desk.beside import beside, numbered
from tracker.web.desk.forms import ClaimForm
from tracker.web.desk.meanwhile import _data

JSON = dict[str, Any]


def now(candidate: Candidate) -> Candidate:
    return Candidate.objects.get(pk=candidate.pk)


def sent(candidate: Candidate, **changed: str) -> dict[str, str]:
    """What a browser sends of the candidate's form, with some inputs changed."""
    return {"version": str(candidate.version), **_data(candidate.claim), **changed}


def post(client: Client, candidate: Candidate, verb: str, data: dict[str, Any]) -> Any:
    return client.post(f"/desk/candidates/{candidate.pk}/{verb}/", data)


def full_claim(text: str) -> JSON:
    """A claim with something in every field."""
    return scenes.claim(
        text,
        participants=[{"role": "issuer", "type": "organization", "name": "Conduct Committee"}],
        penalties=[
            {"type": "demotion", "levels": 3, "from": "22A", "to": "21A"},
            {"type": "fine", "amount": 12_000, "currency": "USD"},
            {"type": "ban", "duration": "P5Y"},
        ],
        grounds=["fraud", "neglect"],
        measures=[{"metric": "amount", "value": 0.5, "change": 0, "period": "2024", "qualifier": "about"}],
        headcount={"min": 2, "text": "several"},
        status="confirmed",
        case="c1",
    )


def test_a_form_that_nobody_typed_into_changes_nothing(desk: Desk) -> None:
    claim = full_claim(desk.severe.document.text)
    curation.edit(desk.severe.pk, desk.first, claim)

    assert post(signed_in(desk.first), desk.severe, "edit", sent(now(desk.severe))).status_code == 302

    assert now(desk.severe).claim == claim


def test_every_member_of_a_claim_has_an_input() -> None:
    claim = full_claim(scenes.DEMOTION_TEXT) | {"departure": "forced", "interim": True}

    form = ClaimForm(_data(claim))

    assert form.is_valid()
    assert form.with_words(form.applied_to(claim), scenes.DEMOTION_TEXT) == claim


def test_the_form_comes_with_the_page_or_alone_when_it_is_asked_for(desk: Desk) -> None:
    client, path = signed_in(desk.first), f"/desk/candidates/{desk.severe.pk}/"

    pages = [
        client.get(path),
        client.get(f"{path}?edit"),
        client.get(f"{path}?edit", headers={"X-Desk-Part": "edit"}),
    ]

    found = [
        ("subject_name" in page, "review-article" in page) for page in (p.content.decode() for p in pages)
    ]
    assert found == [(False, True), (True, True), (True, False)]


def test_the_form_alone_is_for_curators(desk: Desk, plain_user: User) -> None:
    part = {"X-Desk-Part": "edit"}
    path = f"/desk/candidates/{desk.severe.pk}/?edit"

    assert signed_in(plain_user).get(path, headers=part).status_code == 403
    assert Client().get(path, headers=part).status_code == 302


def test_rows_are_added_changed_and_taken_out_and_evidence_follows_them(desk: Desk) -> None:
    text = desk.severe.document.text
    claim = full_claim(text)
    quote = {"start": 0, "end": 5, "quote": text[:5]}
    claim["evidence"] += [{"field": f"/penalties/{n}", **quote} for n in range(3)]
    curation.edit(desk.severe.pk, desk.first, claim)
    changed = {
        "penalties-1-drop": "on", "penalties-2-duration": "P6M", "penalties-rows": "4",
        "penalties-3-type": "warning", "penalties-3-degree": "severe",
    }  # fmt: skip

    assert (
        post(signed_in(desk.first), desk.severe, "edit", sent(now(desk.severe), **changed)).status_code == 302
    )

    saved = now(desk.severe).claim
    assert saved["penalties"] == [
        claim["penalties"][0],
        {"type": "ban", "duration": "P6M"},
        {"type": "warning", "degree": "severe"},
    ]
    assert [item["field"] for item in saved["evidence"]] == ["", "/penalties/0", "", "/penalties/1"]


def test_quotes_are_pointed_elsewhere_taken_out_and_pasted(desk: Desk) -> None:
    title = "CEO of Northlake\r\nCloud"
    changed = {
        "evidence-0-drop": "on", "evidence-rows": "2", "evidence-1-field": "/subject/title", "evidence-1-quote": title,
    }  # fmt: skip

    assert post(signed_in(desk.first), desk.severe, "edit", sent(desk.severe, **changed)).status_code == 302

    start = scenes.DEMOTION_TEXT.index("CEO")
    [item] = now(desk.severe).claim["evidence"]
    assert item == {
        "field": "/subject/title", "start": start, "end": start + 22, "quote": "CEO of Northlake Cloud",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"penalties-0-currency": "dollars"}, "penalties-0-currency"),
        ({"penalties-0-levels": "0"}, "penalties-0-levels"),
        ({"penalties-0-amount": "much"}, "penalties-0-amount"),
        ({"participants-0-name": "x" * 301, "participants-rows": "1"}, "participants-0-name"),
        ({"evidence-0-quote": "words that nobody wrote"}, "evidence-0-quote"),
        ({"penalties-0-duration": "P" * 21}, "penalties-0-duration"),
        ({"measures-rows": "1", "measures-0-metric": "revenue", "measures-0-value": ""}, "measures-0-value"),
        (
            {"measures-rows": "1", "measures-0-metric": "revenue", "measures-0-value": "1e30"},
            "measures-0-value",
        ),
    ],
)
def test_what_is_wrong_is_said_at_its_input(desk: Desk, changed: dict[str, str], place: str) -> None:
    page = post(signed_in(desk.first), desk.severe, "edit", sent(desk.severe, **changed))

    assert page.status_code == 400
    field = page.content.decode().split(f'name="{place}"')[1].split("</div>")[0]
    assert "errorlist" in field
    assert now(desk.severe).edited is None


def test_what_belongs_to_another_kind_goes_with_a_change_of_kind(desk: Desk) -> None:
    changed = {"kind": "leadership", "action": "departure", "departure": "forced"}

    assert post(signed_in(desk.first), desk.severe, "edit", sent(desk.severe, **changed)).status_code == 302

    saved = now(desk.severe).claim
    assert "penalties" not in saved
    assert saved["departure"] == "forced"


def test_original_and_edited_stand_side_by_side(desk: Desk) -> None:
    client = signed_in(desk.first)
    post(client, desk.severe, "edit", sent(desk.severe, **{"penalties-0-levels": "2"}))

    page = client.get(f"/desk/candidates/{desk.severe.pk}/").content.decode()

    assert "<del>Demotion · 22A → 21A · 3 levels in the source</del>" in page
    assert "<ins>Demotion · 22A → 21A · 2 levels in the source</ins>" in page


def test_entries_of_lists_are_paired_by_what_they_say() -> None:
    old = scenes.claim("x", grounds=["a", "b"], penalties=[{"type": "warning"}, {"type": "fine"}])
    new = scenes.claim("x", grounds=["b", "c"], penalties=[{"type": "fine"}])

    rows = [
        (row.label, row.state, row.old, row.new)
        for row in beside(numbered(old), numbered(new))
        if row.differs
    ]

    assert rows == [("Penalty", "removed", ("Warning",), ()), ("Ground", "changed", ("a",), ("c",))]


def test_a_preview_writes_nothing_and_shows_the_sentence_that_would_be_published(desk: Desk) -> None:
    typed = sent(desk.severe, subject_title="President", **{"penalties-0-levels": "2"})
    client = signed_in(desk.first)

    whole = post(client, desk.severe, "preview", typed)
    part = client.post(
        f"/desk/candidates/{desk.severe.pk}/preview/", typed, headers={"X-Desk-Part": "preview"}
    ).content.decode()

    assert whole.status_code == 200
    for page in (whole.content.decode(), part):
        assert "Ilse van Houten, President of Northlake Cloud" in page
        assert "The source says 2 levels; from 22A to 21A is 3 steps" in page
    assert "<html" not in part
    assert now(desk.severe).version == desk.severe.version
    assert not Decision.objects.exists()


def test_a_preview_of_a_wrong_edit_says_where_it_is_wrong(desk: Desk) -> None:
    page = post(signed_in(desk.first), desk.severe, "preview", sent(desk.severe, action="merger"))

    assert "See the marked fields." in page.content.decode()
    assert "merger is not an action of discipline" in page.content.decode()


def test_a_conflict_of_levels_shows_both_numbers_and_the_ladder_between(desk: Desk) -> None:
    post(signed_in(desk.first), desk.severe, "edit", sent(desk.severe, **{"penalties-0-levels": "1"}))

    page = signed_in(desk.first).get(f"/desk/candidates/{desk.severe.pk}/").content.decode()

    assert "The source says 1 level; from 22A to 21A is 3 steps on Staff grades, version 1." in page
    rungs = [part.split("<")[0] for part in page.split('class="rung')[2:]]
    assert [text.split(">")[1] for text in rungs if ">" in text] == ["22A", "22B", "22C", "21A"]


@pytest.fixture
def twin(desk: Desk) -> Candidate:
    """The news of the published event of severity 0 again, from another article, with a higher figure."""
    curation.accept(desk.mild.pk, desk.first, desk.mild.version)
    text = "Revenue of Northlake Devices was 13 billion dollars in 2024, its board said on 3 March 2025."
    claim = {
        **desk.mild.original,
        "measures": [{"metric": "revenue", "value": 13_000_000_000, "currency": "USD", "period": "2024"}],
        "dates": {"announced": {"value": "2025-11-20", "precision": "day"}},
        "participants": [{"role": "issuer", "type": "organization", "name": "Board"}],
        "evidence": [{"field": "/measures/0", "start": 0, "end": 59, "quote": text[:59]}],
    }
    return scenes.candidate(scenes.document(text), claim)


def decide(client: Client, twin: Candidate, choice: str, **data: Any) -> int:
    event = Event.objects.get()
    about = {"version": twin.version, "event": event.pk, f"head-{event.pk}": event.head_id, "choice": choice}
    return int(post(client, twin, "similar", about | {"reason": "the audited figure"} | data).status_code)


def test_a_similar_event_stands_beside_the_candidate_field_by_field(desk: Desk, twin: Candidate) -> None:
    page = signed_in(desk.first).get(f"/desk/candidates/{twin.pk}/").content.decode()

    table = page.split("may be the same</h2>")[1].split("</table>")[0]
    assert "12 billion" in table
    assert "13 billion" in table
    assert "Publish as another fact" in page


def test_the_same_news_joins_the_evidence_of_the_event(desk: Desk, twin: Candidate) -> None:
    assert decide(signed_in(desk.first), twin, "same") == 302

    assert Event.objects.count() == 1
    assert now(twin).state == CandidateState.PUBLISHED


def test_an_update_corrects_the_event_and_quotes_the_new_article(desk: Desk, twin: Candidate) -> None:
    assert decide(signed_in(desk.first), twin, "update") == 302

    latest = Revision.objects.latest("seq")
    assert latest.number == 2
    assert latest.reason == "the audited figure"
    assert latest.payload["details"]["measures"][0]["value"] == 13_000_000_000
    assert latest.payload["details"]["participants"][0]["name"] == "Board"
    quoted = {item["document"]["id"] for item in latest.payload["evidence"] if item["field"] == "/measures/0"}
    assert quoted == {twin.document_id}
    assert (now(twin).state, now(twin).event_id) == (CandidateState.PUBLISHED, latest.event_id)


def test_an_update_keeps_what_the_new_article_says_nothing_about(desk: Desk, twin: Candidate) -> None:
    candidate = now(twin)
    claim = {k: v for k, v in candidate.original.items() if k != "measures"}
    claim["evidence"] = [{**claim["evidence"][0], "field": "/dates/announced"}]
    curation.edit(candidate.pk, desk.first, claim)

    assert decide(signed_in(desk.first), now(twin), "update") == 302

    payload = Revision.objects.latest("seq").payload
    assert payload["details"]["measures"][0]["value"] == 12_000_000_000
    assert payload["dates"]["announced"]["value"] == "2025-11-20"
    proofs = {(item["field"], item["document"]["id"]) for item in payload["evidence"]}
    assert proofs == {("/measures/0", desk.mild.document_id), ("/dates/announced", twin.document_id)}


def test_an_update_needs_a_reason_and_what_was_seen(desk: Desk, twin: Candidate) -> None:
    client = signed_in(desk.first)

    assert decide(client, twin, "update", reason=" ") == 400
    assert decide(client, twin, "update", version=twin.version + 1) == 409
    assert decide(client, twin, "update", **{f"head-{Event.objects.get().pk}": 0}) == 409
    assert decide(client, twin, "") == 400
    assert Revision.objects.count() == 1
    assert now(twin).state == CandidateState.OPEN


def test_a_severe_update_waits_for_another_curator_and_is_asked_for_once(desk: Desk, twin: Candidate) -> None:
    curation.ask(
        StepVerb.SEVERITY,
        {"event": Event.objects.get().pk, "severity": 4},
        desk.first,
        "graver than it looks",
    )
    curation.approve_request(StepRequest.objects.get().pk, desk.second)

    assert decide(signed_in(desk.first), twin, "update") == 302
    assert decide(signed_in(desk.first), twin, "update") == 400
    assert now(twin).state == CandidateState.OPEN
    curation.approve_request(StepRequest.objects.get(state=RequestState.OPEN.value).pk, desk.second)

    assert now(twin).state == CandidateState.PUBLISHED
    assert Revision.objects.latest("seq").approver == desk.second


def test_another_fact_is_published_beside_it_and_remembered_as_another(desk: Desk, twin: Candidate) -> None:
    assert decide(signed_in(desk.first), twin, "new") == 302

    assert Event.objects.count() == 2
    assert Judgement.objects.filter(same=False).exists()


def stranger(name: str) -> Candidate:
    """A candidate whose subject is not on record."""
    text = f"{name} was appointed chief executive of Northlake Cloud on 3 March 2025."
    claim = {
        "kind": "leadership", "action": "appointment", "confidence": 0.9,
        "subject": {"type": "person", "name": name, "title": "chief executive", "organization": "Northlake Cloud"},
        "evidence": [{"field": "", "start": 0, "end": len(text), "quote": text}],
    }  # fmt: skip
    return scenes.candidate(scenes.document(text), claim)


def test_a_new_person_gets_names_in_both_scripts(desk: Desk) -> None:
    candidate = stranger("Quennell Ashdown")
    client = signed_in(desk.first)
    typed = {
        "version": candidate.version,
        "pointer": "/subject",
        "name": "Quennell Ashdown",
        "other": "阿什当",
    }

    looked = client.post(f"/desk/candidates/{candidate.pk}/create/", {**typed, "look": "1"}).content.decode()
    assert "阿什当" in looked.split("Found under")[1].split("</dd>")[0]
    assert not Executive.objects.filter(name="Quennell Ashdown").exists()
    done = client.post(f"/desk/candidates/{candidate.pk}/create/", {**typed, "create": "1"})

    assert done.status_code == 302
    made = Executive.objects.get(name="Quennell Ashdown")
    assert set(ExecutiveName.objects.filter(executive=made).values_list("name", "type", "language")) == {
        ("Quennell Ashdown", "primary", ""), ("阿什当", "native", "zh-Hans"),
    }  # fmt: skip
    assert now(candidate).resolution["/subject"]["chosen"] == made.pk


def test_nobody_is_made_before_a_look_at_who_comes_near(desk: Desk) -> None:
    near = scenes.executive("Quennell Ashdowne")
    candidate = stranger("Quennell Ashdown")
    client = signed_in(desk.first)
    typed = {"version": candidate.version, "pointer": "/subject", "name": "Quennell Ashdown", "create": "1"}

    first = client.post(f"/desk/candidates/{candidate.pk}/create/", typed)
    assert first.status_code == 200
    assert f"/people/{near.pk}/" in first.content.decode()
    assert Executive.objects.filter(name="Quennell Ashdown").count() == 0
    second = client.post(f"/desk/candidates/{candidate.pk}/create/", {**typed, "seen": f"person:{near.pk}"})

    assert second.status_code == 302
    assert Executive.objects.filter(name="Quennell Ashdown").count() == 1


def test_a_new_organization_keeps_the_sources_name_as_a_further_one(desk: Desk) -> None:
    candidate = stranger("Quennell Ashdown")
    claim = candidate.claim | {"subject": {**candidate.claim["subject"], "organization": "Fenwick Rail"}}
    curation.edit(candidate.pk, desk.first, claim)
    client = signed_in(desk.first)

    client.post(
        f"/desk/candidates/{candidate.pk}/create/",
        {
            "version": now(candidate).version, "pointer": "/subject/organization", "name": "Fenwick Railways plc",
            "type": "regulator", "create": "1",
        },
    )  # fmt: skip

    made = Organization.objects.get(name="Fenwick Railways plc")
    assert made.type == "regulator"
    assert OrganizationName.objects.filter(organization=made, name="Fenwick Rail").exists()


@pytest.mark.parametrize("pointer", ["/nothing", "", "/subject/title"])
def test_only_parties_of_the_claim_are_created(desk: Desk, pointer: str) -> None:
    client = signed_in(desk.first)

    assert client.get(f"/desk/candidates/{desk.severe.pk}/create/", {"pointer": pointer}).status_code == 404


def test_a_stale_creation_makes_nobody(desk: Desk) -> None:
    candidate = stranger("Quennell Ashdown")
    typed = {"version": 0, "pointer": "/subject", "name": "Quennell Ashdown", "create": "1"}

    answer = signed_in(desk.first).post(f"/desk/candidates/{candidate.pk}/create/", typed)

    assert answer.status_code == 409
    assert not Executive.objects.filter(name="Quennell Ashdown").exists()


def test_only_curators_reach_these_pages(desk: Desk, plain_user: Any) -> None:
    for path in ("preview", "similar", "create"):
        address = f"/desk/candidates/{desk.severe.pk}/{path}/"
        assert Client().post(address).status_code == 302
        assert signed_in(plain_user).post(address).status_code == 403


@pytest.mark.parametrize(
    ("text", "language", "words", "date"),
    [
        ("It was decided on October 18, they said.", "en", "October 18", "2025-10-18"),
        ("It was decided in August 2025, they said.", "en", "in August 2025", "2025-08"),
        ("公司于10月18日宣布。", "zh", "10月18日", "2025-10-18"),
        ("It was decided by the board.", "en", "the board", ""),
    ],
)
def test_selected_words_say_a_date_as_exact_as_they_are(
    desk: Desk, text: str, language: str, words: str, date: str
) -> None:
    candidate = scenes.candidate(scenes.document(text, language=language), scenes.claim(text))
    start = text.index(words)

    answer = signed_in(desk.first).get(
        f"/desk/candidates/{candidate.pk}/date/", {"start": start, "end": start + len(words)}
    )

    assert answer.json() == {"date": date}


@pytest.mark.parametrize(
    "span", [{}, {"start": "5", "end": "5"}, {"start": "0", "end": "9999"}, {"start": "-1"}]
)
def test_words_that_are_none_say_no_date(desk: Desk, span: dict[str, str]) -> None:
    answer = signed_in(desk.first).get(f"/desk/candidates/{desk.severe.pk}/date/", span)

    assert answer.json() == {"date": ""}
