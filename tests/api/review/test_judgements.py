"""Judgements over the API: nobody is asked twice."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events import curation
from events.choices import ActKind
from events.models.acts import Judgement, StepRequest
from events.models.people import Executive
from tests import scenes
from tests.api.review.conftest import Desk

JSON = dict[str, Any]


def namesakes() -> tuple[Executive, Executive]:
    """Two people of one name."""
    return scenes.executive("Mara Lindqvist"), scenes.executive("Mara LINDQVIST")


def proposed(desk: Desk, kind: str = "person") -> list[tuple[int, int]]:
    """The pairs that wait for a judgement."""
    found = desk.first.read(f"duplicates/?kind={kind}")["results"]
    return [(pair["low"]["id"], pair["high"]["id"]) for pair in found]


@pytest.mark.parametrize("same", [True, False])
def test_a_judged_pair_is_never_proposed_again(desk: Desk, same: bool) -> None:
    one, other = namesakes()
    assert proposed(desk) == [(one.pk, other.pk)]

    body = {"kind": "person", "one": other.pk, "other": one.pk, "same": same, "reason": "asked them"}
    row = desk.first.post("judgements/", body, 201)

    assert (row["low"], row["high"], row["same"]) == (one.pk, other.pk, same)
    assert proposed(desk) == []


def test_a_pair_is_shown_by_name_with_what_speaks_for_it(desk: Desk) -> None:
    namesakes()

    (pair,) = desk.first.read("duplicates/?kind=person")["results"]

    assert (pair["low"]["name"], pair["high"]["name"]) == ("Mara Lindqvist", "Mara LINDQVIST")
    assert "both are called" in pair["why"]


def test_events_that_may_be_one_are_shown_by_their_summaries(desk: Desk) -> None:
    event = desk.published(desk.mild)
    again = scenes.document("Later report. " + scenes.DEMOTION_TEXT)
    claim = desk.mild.original | {"evidence": scenes.claim(again.text)["evidence"]}
    other = desk.published(scenes.candidate(again, claim))
    Judgement.objects.all().delete()

    (pair,) = desk.first.read("duplicates/?kind=event")["results"]

    assert (pair["low"]["id"], pair["high"]["id"]) == (event.pk, other.pk)
    assert "Ilse van Houten" in pair["low"]["name"]


def test_what_was_judged_apart_is_not_merged_until_that_is_taken_back(desk: Desk) -> None:
    one, other = namesakes()
    judged = {"kind": "person", "one": one.pk, "other": other.pk, "same": False}
    row = desk.first.post("judgements/", judged, 201)
    merge = {"kind": "person", "source": one.pk, "target": other.pk, "reason": "one person"}
    desk.second.post("merges/", merge, 409)

    desk.second.call("DELETE", f"judgements/{row['id']}/", status=204)

    assert proposed(desk) == [(one.pk, other.pk)]
    desk.second.post("merges/", merge, 201)


def test_a_later_judgement_replaces_the_earlier_one(desk: Desk) -> None:
    one, other = namesakes()
    body = {"kind": "person", "one": one.pk, "other": other.pk, "same": False}
    desk.first.post("judgements/", body, 201)

    row = desk.second.post("judgements/", body | {"same": True}, 200)

    assert (row["same"], row["author"]["id"]) == (True, desk.second.user.pk)
    assert desk.first.read(f"judgements/{row['id']}/") == row
    assert Judgement.objects.count() == 1


def test_judgements_are_filtered(desk: Desk) -> None:
    one, other = namesakes()
    body = {"kind": "person", "one": one.pk, "other": other.pk, "same": False}
    desk.first.post("judgements/", body, 201)

    for query, count in (
        ("kind=person", 1), ("kind=event", 0), ("same=false", 1), ("same=true", 0), (f"entry={other.pk}", 1),
        ("entry=999999", 0),
    ):  # fmt: skip
        assert len(desk.first.read(f"judgements/?{query}")["results"]) == count


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"kind": "case"}, "/kind"),
        ({"one": 999999}, "/one"),
        ({"same": 1}, "/same"),
        ({"same": None}, "/same"),
        ({"extra": 1}, "/extra"),
    ],
)
def test_a_judgement_is_of_two_entries_on_record(desk: Desk, change: JSON, pointer: str) -> None:
    one, other = namesakes()
    body = {"kind": "person", "one": one.pk, "other": other.pk, "same": True} | change

    assert desk.first.pointers("POST", "judgements/", body, 400) == [pointer]


def test_nobody_is_judged_beside_themselves(desk: Desk) -> None:
    one, _ = namesakes()
    body = {"kind": "person", "one": one.pk, "other": one.pk, "same": True}

    assert desk.first.pointers("POST", "judgements/", body, 400) == ["/other"]


@pytest.mark.parametrize("query", ["", "?kind=case", "?kind=person&limit=0", "?kind=person&colour=red"])
def test_duplicates_are_of_one_kind(desk: Desk, query: str) -> None:
    desk.first.read(f"duplicates/{query}", 400)


@pytest.mark.parametrize("kept", ["judgements/", "acts/", "requests/", "duplicates/?kind=person"])
def test_a_list_costs_as_many_statements_for_many_rows_as_for_few(desk: Desk, kept: str) -> None:
    def more(rows: int) -> None:
        for number in range(rows):
            one, other = scenes.executive(f"Ann {rows} {number}"), scenes.executive(f"Bea {rows} {number}")
            curation.judge(ActKind.PERSON, one.pk, other.pk, False, desk.first.user)
            two = [scenes.executive(f"Cyd {rows} {number}") for _ in range(4)]
            curation.merge_people(two[0].pk, two[1].pk, desk.first.user, "one person")
            StepRequest.objects.create(
                verb="retract", arguments={"event": number + 1}, user=desk.second.user, reason="withdrawn"
            )

    def statements() -> int:
        desk.first.read(kept)
        with CaptureQueriesContext(connection) as captured:
            assert desk.first.read(kept)["results"]
        return len(captured)

    more(2)
    few = statements()
    more(10)

    assert statements() == few
