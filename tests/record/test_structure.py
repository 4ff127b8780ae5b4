"""Where units stand by what reorganizations say."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from django.db.models import F
from hypothesis import given, settings
from hypothesis import strategies as st

from events.models.organizations import Organization, OrganizationParent
from events.models.sources import Document
from events.record import projections, publishing, structure
from events.record.places import ancestry
from events.record.publishing import publication
from events.record.structure import moves, places, units_of
from tests import scenes

A, B, C, D, E = 1, 2, 3, 4, 5
GROUP, LABS, CLOUD, TEAM, OTHER = A, B, C, D, E
Told = dict[int, list[tuple[int | None, str, str]]]


def event(
    number: int, action: str, unit: int, day: str, of: int | None = None, /, **fields: Any
) -> dict[str, Any]:
    """A payload of a reorganization; participants by role."""
    precision = {4: "year", 7: "month", 10: "day"}[len(day)]
    value = (day + "-01-01")[:10] if len(day) == 4 else (day + "-01")[:10]
    assertion = fields.pop("assertion", "reported")
    return {
        "event": number,
        "kind": "reorganization",
        "action": action,
        "assertion": assertion,
        "status": fields.pop("status", assertion),
        "date": {"value": value, "precision": precision},
        "subject": {
            "type": "organization", "id": unit, "name": "x", "organization": {"id": of, "name": "y"} if of else None,
        },
        "details": {
            "participants": [
                {"role": role, "type": "organization", "id": pk, "name": "z"}
                for role, given in fields.items()
                for pk in (given if isinstance(given, list) else [given])
            ]
        },
    }  # fmt: skip


def told(*payloads: dict[str, Any]) -> Told:
    """By unit: (part of, from, until), dates as exact as they are."""
    return {
        unit: [(p.parent_id, str(p.span.start or ""), str(p.span.until or "")) for p in found]
        for unit, found in places(payloads).items()
    }


def test_a_created_unit_begins_under_its_organization() -> None:
    assert told(event(1, "creation", TEAM, "2024-03", CLOUD)) == {TEAM: [(CLOUD, "2024-03", "")]}


def test_a_dissolved_unit_is_part_of_nothing_from_then_on() -> None:
    assert told(event(1, "dissolution", TEAM, "2025-08", CLOUD)) == {
        TEAM: [(CLOUD, "", "2025-08"), (None, "2025-08", "")]
    }


def test_a_dissolution_that_names_no_organization_says_nothing_of_the_time_before() -> None:
    assert told(event(1, "dissolution", TEAM, "2025-08-01")) == {TEAM: [(None, "2025-08-01", "")]}


def test_a_transferred_unit_moves_to_its_successor() -> None:
    assert told(event(1, "transfer", TEAM, "2025-01-05", CLOUD, successor=LABS)) == {
        TEAM: [(CLOUD, "", "2025-01-05"), (LABS, "2025-01-05", "")]
    }


def test_a_transferred_unit_moves_to_the_other_organization_where_no_successor_is_named() -> None:
    payload = event(1, "transfer", TEAM, "2025-01-05", CLOUD, organization=[CLOUD, LABS])

    assert told(payload)[TEAM][-1] == (LABS, "2025-01-05", "")


@pytest.mark.parametrize("parties", [{}, {"organization": CLOUD}, {"successor": [LABS, GROUP]}])
def test_a_transfer_without_one_destination_moves_nothing(parties: dict[str, Any]) -> None:
    assert told(event(1, "transfer", TEAM, "2025-01-05", CLOUD, **parties)) == {}


def test_merged_units_are_part_of_the_one_that_took_them_in() -> None:
    payload = event(1, "merger", TEAM, "2025-01-05", CLOUD, counterparty=OTHER, successor=LABS)

    assert told(payload) == {
        TEAM: [(CLOUD, "", "2025-01-05"), (LABS, "2025-01-05", "")],
        OTHER: [(LABS, "2025-01-05", "")],
    }
    assert all(place.merged for found in places([payload]).values() for place in found if place.span.start)


def test_the_unit_that_stays_after_a_merger_does_not_move() -> None:
    payload = event(1, "merger", TEAM, "2025-01-05", CLOUD, counterparty=OTHER, successor=TEAM)

    assert told(payload) == {OTHER: [(TEAM, "2025-01-05", "")]}


def test_a_merger_of_which_nobody_knows_who_stays_moves_nothing() -> None:
    assert told(event(1, "merger", TEAM, "2025-01-05", CLOUD, counterparty=OTHER)) == {}


@pytest.mark.parametrize("action", ["creation", "merger"])
def test_units_named_by_a_creation_or_merger_are_part_of_its_subject(action: str) -> None:
    assert told(event(1, action, CLOUD, "2025-01-05", unit=[TEAM, OTHER])) == {
        TEAM: [(CLOUD, "2025-01-05", "")],
        OTHER: [(CLOUD, "2025-01-05", "")],
    }


def test_the_parts_of_a_split_begin_under_the_organization_that_it_was_part_of() -> None:
    assert told(event(1, "split", CLOUD, "2025-01-05", GROUP, successor=LABS, unit=TEAM)) == {
        LABS: [(GROUP, "2025-01-05", "")],
        TEAM: [(GROUP, "2025-01-05", "")],
    }


@pytest.mark.parametrize("action", ["rename", "layoff", "restructuring"])
def test_other_reorganizations_move_nothing(action: str) -> None:
    assert told(event(1, action, TEAM, "2025-01-05", CLOUD, counterparty=LABS, unit=OTHER)) == {}


@pytest.mark.parametrize("assertion", ["planned", "alleged", "denied"])
def test_what_is_planned_alleged_or_denied_moves_nobody(assertion: str) -> None:
    payload = event(1, "dissolution", TEAM, "2025-01-05", CLOUD, assertion=assertion)

    assert told(payload) == {}
    assert units_of(payload) == {TEAM}


def test_the_later_event_counts_from_its_date() -> None:
    later = event(1, "transfer", TEAM, "2025-06", CLOUD, successor=OTHER)
    earlier = event(2, "transfer", TEAM, "2025-01-05", CLOUD, successor=LABS)

    assert told(later, earlier) == {
        TEAM: [(CLOUD, "", "2025-01-05"), (LABS, "2025-01-05", "2025-06"), (OTHER, "2025-06", "")]
    }


def test_of_two_events_on_one_day_the_one_with_the_higher_id_counts() -> None:
    first = event(1, "transfer", TEAM, "2025-01-01", successor=LABS)
    second = event(2, "transfer", TEAM, "2025", successor=OTHER)

    assert told(second, first) == {TEAM: [(OTHER, "2025", "")]}


def test_the_move_that_would_close_a_circle_gives_way_while_the_circle_lasts() -> None:
    payloads = [
        event(1, "transfer", CLOUD, "2024-01-01", successor=LABS),
        event(2, "transfer", LABS, "2024-06", successor=CLOUD),
        event(3, "transfer", CLOUD, "2025-02-01", successor=GROUP),
    ]

    assert told(*payloads) == {
        CLOUD: [(LABS, "2024-01-01", "2025-02-01"), (GROUP, "2025-02-01", "")],
        LABS: [(CLOUD, "2025-02-01", "")],
    }


def test_what_an_event_says_of_the_time_before_makes_no_circle() -> None:
    payloads = [
        event(1, "creation", LABS, "2020", CLOUD),
        event(2, "transfer", CLOUD, "2025", LABS, successor=GROUP),
    ]

    assert told(*payloads) == {LABS: [(CLOUD, "2020", "")], CLOUD: [(GROUP, "2025", "")]}


numbers = st.integers(1, 5)
histories = st.lists(
    st.tuples(
        st.sampled_from(["creation", "dissolution", "transfer", "merger", "split"]),
        numbers,
        st.sampled_from(["2020", "2020-02", "2020-02-01", "2020-03-15", "2021-01", "2022"]),
        st.none() | numbers,
        st.dictionaries(st.sampled_from(["successor", "counterparty", "unit"]), numbers, max_size=3),
    ),
    max_size=9,
)
DAYS = [date(2019, 1, 1), *(date(year, month, 20) for year in (2020, 2021, 2022) for month in (1, 2, 3, 6))]


@settings(max_examples=300, deadline=None)
@given(histories)
def test_no_history_gives_two_places_at_once_or_a_circle(history: list[Any]) -> None:
    payloads = [event(n, *told[:4], **told[4]) for n, told in enumerate(history, 1)]
    found = places(payloads)

    assert places(reversed(payloads)) == found
    for spells in found.values():
        assert all(one.span.end <= other.span.first for one, other in pairwise(spells))
        assert all(spell.span.first < spell.span.end for spell in spells)
    for day in DAYS:
        above = {unit: p.parent_id for unit, spells in found.items() for p in spells if p.holds_on(day)}
        for unit in above:
            way: list[int | None] = [unit]
            while way[-1] in above:
                way.append(above[way[-1]])
                assert way[-1] not in way[:-1]


@settings(max_examples=200, deadline=None)
@given(histories, st.sets(numbers, min_size=1))
def test_what_stands_above_some_units_is_enough_to_place_them(history: list[Any], units: set[int]) -> None:
    payloads = [event(n, *told[:4], **told[4]) for n, told in enumerate(history, 1)]

    seen, needed = structure.gathered(units, lambda new: [p for p in payloads if units_of(p) & new])
    partly, wholly = places(needed), places(payloads)

    assert {unit: partly.get(unit) for unit in seen} == {unit: wholly.get(unit) for unit in seen}


@pytest.fixture
def source(db: None) -> Document:
    """An article."""
    return scenes.document("On 5 January 2025 the Team moved to Labs.")


def rows(unit: Organization) -> list[tuple[str | None, str, str]]:
    """The rows that events give to a unit."""
    found = OrganizationParent.objects.filter(child=unit, event__isnull=False).order_by(
        F("start").asc(nulls_first=True)
    )
    return [(r.parent.name if r.parent else None, str(r.start or ""), str(r.until or "")) for r in found]


def test_rows_are_made_before_the_revision_is_appended_and_again_from_the_ledger(source: Document) -> None:
    team, cloud, labs = (scenes.company(name) for name in ("Team", "Cloud", "Labs"))
    draft = scenes.reorganization("transfer", team, source, day="2025-01", of=cloud, successor=labs)
    revision = scenes.publish(draft)
    expected = [("Cloud", "", "2025-01-01"), ("Labs", "2025-01-01", "")]

    structure.project_places(units_of(revision.payload))
    assert rows(team) == expected
    structure.project_places(set(), {revision.event_id: None})
    assert rows(team) == []
    structure.project_all_places()
    assert rows(team) == expected


def test_a_correction_gives_the_unit_that_it_no_longer_names_its_place_back(source: Document) -> None:
    team, cloud, labs = (scenes.company(name) for name in ("Team", "Cloud", "Labs"))
    draft = scenes.reorganization("creation", team, source, day="2025-01", of=cloud)
    revision = scenes.publish(draft)
    structure.project_places({team.pk})

    instead = revision.payload | {"subject": revision.payload["subject"] | {"id": labs.pk}}
    structure.project_places(units_of(instead), {revision.event_id: instead})

    assert rows(team) == []
    assert rows(labs) == [("Cloud", "2025-01-01", "")]


def test_who_stood_in_a_circle_is_placed_again_when_it_is_gone(source: Document) -> None:
    cloud, labs = scenes.company("Cloud"), scenes.company("Labs")
    first = scenes.publish(scenes.reorganization("transfer", cloud, source, day="2024", successor=labs))
    scenes.publish(scenes.reorganization("transfer", labs, source, day="2025", successor=cloud))
    structure.project_all_places()
    assert rows(labs) == []

    structure.project_places(units_of(first.payload), {first.event_id: None})

    assert rows(labs) == [("Cloud", "2025-01-01", "")]


def test_the_record_beats_the_register_from_the_day_of_an_event_on(source: Document) -> None:
    group = scenes.company()
    cloud, labs = scenes.unit("Cloud", group), scenes.unit("Labs", group)
    team = scenes.unit("Team", cloud)
    draft = scenes.reorganization("transfer", team, source, day="2025-01-05", of=group, successor=labs)
    structure.project_places(units_of(scenes.publish(draft).payload))

    assert ancestry(team.pk, date(2025, 1, 5)) == [team.pk, labs.pk, group.pk]
    assert ancestry(team.pk, date(2025, 1, 4)) == [team.pk, cloud.pk, group.pk]


def test_what_a_dissolved_unit_was_part_of_is_found_where_it_is_asked_for(source: Document) -> None:
    group = scenes.company()
    team = scenes.unit("Team", group)
    draft = scenes.reorganization("dissolution", team, source, day="2025-01-05")
    structure.project_places(units_of(scenes.publish(draft).payload))

    assert ancestry(team.pk, date(2025, 3, 1)) == [team.pk]
    assert ancestry(team.pk, date(2025, 3, 1), outlived=True) == [team.pk, group.pk]


def test_publishing_gives_a_place_and_retracting_takes_it_back(source: Document) -> None:
    team, labs = scenes.company("Team"), scenes.company("Labs")
    told = scenes.publish(scenes.reorganization("transfer", team, source, day="2025-01", successor=labs))
    assert rows(team) == [("Labs", "2025-01-01", "")]

    gone = publishing.retract(told.event_id, told.author)
    assert rows(team) == []

    publishing.undo(gone.event_id, told.author)
    assert rows(team) == [("Labs", "2025-01-01", "")]


def test_a_correction_moves_the_unit_that_it_names_instead(source: Document) -> None:
    team, labs, cloud = (scenes.company(name) for name in ("Team", "Labs", "Cloud"))
    told = scenes.publish(scenes.reorganization("transfer", team, source, day="2025-01", successor=labs))

    right = scenes.reorganization("transfer", cloud, source, day="2025-02", successor=labs)
    publishing.revise(told.event_id, right, told.author)

    assert rows(team) == []
    assert rows(cloud) == [("Labs", "2025-02-01", "")]


def test_a_rebuild_makes_the_places_that_publishing_made(source: Document) -> None:
    team, labs, cloud = (scenes.company(name) for name in ("Team", "Labs", "Cloud"))
    history: list[tuple[str, Organization, dict[str, Any]]] = [
        ("creation", team, {"of": cloud}),
        ("transfer", cloud, {"successor": team}),
        ("merger", team, {"of": cloud, "successor": labs, "counterparty": cloud}),
        ("dissolution", labs, {}),
    ]
    for month, (action, unit, parties) in enumerate(history, 1):
        scenes.publish(scenes.reorganization(action, unit, source, day=f"2025-0{month}", **parties))
    made = {unit: rows(unit) for unit in (team, labs, cloud)}

    projections.rebuild()

    assert {unit: rows(unit) for unit in (team, labs, cloud)} == made
    assert all(made.values())


def test_a_payload_as_it_is_built_says_what_the_draft_says(source: Document) -> None:
    team, labs = scenes.company("Team"), scenes.company("Labs")
    draft = scenes.reorganization("transfer", team, source, day="2025-01-05", successor=labs)

    (move,) = moves(publication(draft).payload)

    assert (move.unit_id, move.to, str(move.date)) == (team.pk, labs.pk, "2025-01-05")
