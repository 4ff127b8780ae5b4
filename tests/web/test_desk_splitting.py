"""Splits and merges at the desk: on what was seen, with a reason, by two where one is not enough; revisions in words."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from events import curation
from events.choices import ActKind, Operation, StepVerb
from events.models.acts import Act, StepRequest
from events.models.candidates import Candidate
from events.models.people import Executive
from events.models.record import Event, Revision
from tests import scenes
from tests.web.conftest import Desk, signed_in

TEXT = "Northlake Devices had revenue of 12 billion dollars in 2024, the company told."


@pytest.fixture
def mild(desk: Desk) -> Event:
    """A published event of severity 0."""
    done = curation.accept(desk.mild.pk, desk.first, desk.mild.version)
    assert done.event is not None
    return done.event


def news(text: str = TEXT, **fields: Any) -> Candidate:
    """The same figures again, from another article."""
    claim = {
        "kind": "performance", "action": "result", "confidence": 0.9,
        "subject": {"type": "organization", "name": "Northlake Devices"},
        "measures": [{"metric": "revenue", "value": 12_000_000_000, "currency": "USD", "period": "2024"}],
        "evidence": [{"field": "/measures/0", "start": 22, "end": 60, "quote": text[22:60]}],
    }  # fmt: skip
    return scenes.candidate(scenes.document(text, title="Told again"), claim | fields)


@pytest.fixture
def joined(desk: Desk, mild: Event) -> Candidate:
    """A second source that was taken for the same fact."""
    return curation.accept(news().pk, desk.first, into=mild.pk)


@pytest.fixture
def other(desk: Desk, mild: Event) -> Event:
    """A second event about the same, published beside the first."""
    done = curation.accept(news().pk, desk.first)
    assert done.event is not None
    return done.event


def head(event: Event) -> Revision:
    return Revision.objects.filter(event=event).latest("seq")


def split(client: Client, event: Event, **data: Any) -> int:
    sent = {"head": head(event).seq, "reason": "two quarters", **data}
    return client.post(f"/desk/events/{event.pk}/split/take/", sent).status_code


def merge(client: Client, source: Event, target: Event, **data: Any) -> int:
    seen = {
        "head": head(source).seq,
        "target_head": head(target).seq,
        "into": target.pk,
        "reason": "told twice",
    }
    return client.post(f"/desk/events/{source.pk}/merge/", seen | data).status_code


def test_the_page_shows_every_source_with_its_words(desk: Desk, mild: Event, joined: Candidate) -> None:
    page = signed_in(desk.first).get(f"/desk/events/{mild.pk}/split/").content.decode()

    assert "Told again" in page
    assert TEXT[22:60] in page
    assert f'value="{desk.mild.pk}" disabled' in page
    assert f'value="{joined.pk}" disabled' not in page


def test_a_source_that_tells_another_fact_becomes_an_event_of_its_own(
    desk: Desk, mild: Event, joined: Candidate
) -> None:
    assert split(signed_in(desk.first), mild, candidate=joined.pk) == 302

    joined.refresh_from_db()
    assert joined.event_id not in {None, mild.pk}
    assert {item["document"]["id"] for item in head(mild).payload["evidence"]} == {desk.mild.document_id}


@pytest.mark.parametrize("data", [{}, {"candidate": "x"}, {"reason": ""}])
def test_a_split_without_what_it_needs_says_so(
    desk: Desk, mild: Event, joined: Candidate, data: dict[str, str]
) -> None:
    chosen = {"candidate": joined.pk} if "reason" in data else {}

    assert split(signed_in(desk.first), mild, **chosen, **data) == 400
    assert Event.objects.count() == 1


def test_the_first_source_stays(desk: Desk, mild: Event, joined: Candidate) -> None:
    assert split(signed_in(desk.first), mild, candidate=desk.mild.pk) == 400


def test_a_split_of_what_is_no_longer_so_is_refused(desk: Desk, mild: Event, joined: Candidate) -> None:
    seen = head(mild).seq
    curation.set_severity(mild.pk, desk.second, 1, "graver")

    assert split(signed_in(desk.first), mild, candidate=joined.pk, head=seen) == 409
    assert Event.objects.count() == 1


def test_two_events_are_compared_before_one_is_given_up(desk: Desk, mild: Event, other: Event) -> None:
    client = signed_in(desk.first)

    page = client.get(f"/desk/events/{other.pk}/split/", {"into": mild.pk}).content.decode()

    assert f"Merge {other.pk} into {mild.pk}" in page
    assert "USD 12 billion" in page
    for number in ("0", "x", "999999999", str(other.pk)):
        assert (
            "no other event"
            in client.get(f"/desk/events/{other.pk}/split/", {"into": number}).content.decode()
        )


def test_two_events_become_one(desk: Desk, mild: Event, other: Event) -> None:
    curation.forget(ActKind.EVENT, mild.pk, other.pk, desk.first)

    assert merge(signed_in(desk.first), other, mild) == 302

    assert head(other).operation == Operation.DEL.value
    assert Event.objects.get(pk=other.pk).merged_into_id == mild.pk


def test_what_was_judged_to_be_two_is_not_merged(desk: Desk, mild: Event, other: Event) -> None:
    assert merge(signed_in(desk.first), other, mild) == 400
    assert head(other).operation == Operation.ADD.value


@pytest.mark.parametrize("which", ["head", "target_head"])
def test_a_merge_is_refused_when_either_has_changed(
    desk: Desk, mild: Event, other: Event, which: str
) -> None:
    assert merge(signed_in(desk.first), other, mild, **{which: 1 if which == "head" else 0}) == 409
    assert head(other).operation == Operation.ADD.value


def test_an_event_is_not_merged_with_itself(desk: Desk, mild: Event) -> None:
    assert merge(signed_in(desk.first), mild, mild) == 400


@pytest.fixture
def events_of_one(desk: Desk) -> list[Event]:
    """Two appointments of a person; the second is of a namesake."""
    person, cloud = Executive.objects.get(), scenes.company("Oakmoor Rail")
    source = scenes.document("Ilse van Houten was appointed twice.")
    return [
        scenes.publish(scenes.appointment(person, cloud, source, day=day, title="CEO")).event
        for day in ("2024-01-01", "2025-01-01")
    ]


def test_events_of_a_namesake_go_to_a_new_person(desk: Desk, events_of_one: list[Event]) -> None:
    person = Executive.objects.get()
    client, address = signed_in(desk.first), f"/desk/split/person/{person.pk}/"
    assert str(events_of_one[0].pk) in client.get(address).content.decode()
    data = {f"head-{event.pk}": head(event).seq for event in events_of_one}

    answer = client.post(
        f"{address}take/",
        {**data, "events": [events_of_one[1].pk], "name": "Ilse van Houten jr", "reason": "a namesake"},
    )

    assert answer.status_code == 302
    made = Executive.objects.get(name="Ilse van Houten jr")
    assert head(events_of_one[1]).payload["subject"]["id"] == made.pk
    assert head(events_of_one[0]).payload["subject"]["id"] == person.pk
    assert Act.objects.get().user == desk.first


@pytest.mark.parametrize(
    "data", [{}, {"target": "1", "name": "Both"}, {"target": "999999"}, {"name": "New", "head": "0"}]
)
def test_a_split_of_a_person_without_what_it_needs_says_so(
    desk: Desk, events_of_one: list[Event], data: dict[str, str]
) -> None:
    person, event = Executive.objects.get(), events_of_one[1]
    seen = {
        f"head-{event.pk}": data.get("head", head(event).seq),
        "events": [event.pk],
        "reason": "a namesake",
    }

    answer = signed_in(desk.first).post(f"/desk/split/person/{person.pk}/take/", seen | data)

    assert answer.status_code == (409 if "head" in data else 400)
    assert head(event).number == 1
    assert Executive.objects.count() == 1


def test_a_severe_split_waits_for_another_curator(desk: Desk) -> None:
    row = curation.approve(curation.accept(desk.severe.pk, desk.first).pk, desk.second)
    assert row.event is not None
    person = Executive.objects.get()
    data = {
        f"head-{row.event.pk}": head(row.event).seq,
        "events": [row.event.pk],
        "name": "Another",
        "reason": "not she",
    }

    answer = signed_in(desk.first).post(f"/desk/split/person/{person.pk}/take/", data)

    assert answer.status_code == 302
    assert head(row.event).number == 1
    curation.approve_request(StepRequest.objects.get().pk, desk.second)
    assert head(row.event).payload["subject"]["name"] == "Another"


def test_unknown_kinds_and_entries_have_no_page(desk: Desk, mild: Event) -> None:
    client = signed_in(desk.first)
    for path in ("/desk/split/event/1/", "/desk/split/person/999999/", "/desk/events/999999/split/"):
        assert client.get(path).status_code == 404


def test_only_curators_reach_these_pages(desk: Desk, mild: Event, plain_user: Any) -> None:
    paths = (
        f"/desk/events/{mild.pk}/split/",
        f"/desk/split/organization/{desk.mild.subject_organization_id}/",
    )
    for path in paths:
        assert Client().get(path).status_code == 302
        assert signed_in(plain_user).get(path).status_code == 403
        assert signed_in(plain_user).post(f"{path}take/").status_code == 403
    assert signed_in(plain_user).post(f"/desk/events/{mild.pk}/merge/").status_code == 403


def test_a_revision_says_in_words_what_it_changed_who_and_why(desk: Desk, mild: Event) -> None:
    claim = {**desk.mild.original, "measures": [{**desk.mild.original["measures"][0], "period": "2025"}]}
    curation.correct_event(mild.pk, desk.second, claim, "the year was misread")

    page = signed_in(desk.first).get(f"/desk/events/{mild.pk}/").content.decode()

    revision = page.split(f'id="revision-{head(mild).seq}"')[1].split("</li>")[0]
    assert "<del>Revenue (2024): USD 12 billion</del>" in revision
    assert "<ins>Revenue (2025): USD 12 billion</ins>" in revision
    assert "second" in revision
    assert "the year was misread" in revision
    assert "/details/" not in revision


def test_a_quote_of_another_article_names_it(desk: Desk, mild: Event, joined: Candidate) -> None:
    page = signed_in(desk.first).get(f"/desk/events/{mild.pk}/").content.decode()

    quote = page.split(f"“{TEXT[22:60]}”")[1][:200]
    assert "Told again" in quote


def test_whoever_approves_sees_what_would_change(desk: Desk) -> None:
    row = curation.approve(curation.accept(desk.severe.pk, desk.first).pk, desk.second)
    assert row.event is not None
    claim = {**row.claim, "grounds": ["neglect"]}
    curation.ask(StepVerb.CORRECT, {"event": row.event.pk, "claim": claim}, desk.first, "told since")
    person = Executive.objects.get()
    about = {"kind": "person", "source": person.pk, "events": [row.event.pk], "name": "Another"}
    curation.ask(StepVerb.SPLIT, about, desk.first, "not she")

    page = signed_in(desk.second).get("/desk/requests/").content.decode()

    assert "<ins>neglect</ins>" in page
    assert "Demotion · 22A" not in page.split("What would change")[1].split("</table>")[0]
    assert "1 event goes to Another" in page
