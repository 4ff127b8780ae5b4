"""Which units count for an organization, and when."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from events.models.organizations import Organization, OrganizationParent
from events.record.ladders import find_ladder
from events.record.places import Span
from events.timelines import units
from events.timelines.units import descent
from tests import scenes
from tests.timelines.conftest import Record


def during(first: str = "", until: str = "") -> tuple[date, date]:
    """A span's first day and end."""
    return (
        date.fromisoformat(first) if first else date.min,
        date.fromisoformat(until) if until else date.max,
    )


def spans(root: Organization) -> dict[tuple[date, date], set[str]]:
    """By first day and end: the names of the units."""
    found: dict[tuple[date, date], set[str]] = {}
    for span, ids in descent([root.pk]).items():
        named = Organization.objects.filter(pk__in=ids).values_list("name", flat=True)
        found.setdefault((span.first, span.end), set()).update(named)
    return found


def dated(child: Organization, parent: Organization, first: str = "", until: str = "") -> None:
    """A register entry over a period."""
    OrganizationParent.objects.create(
        child=child, parent=parent, start=first or None, start_precision="day" if first else "",
        until=until or None, until_precision="day" if until else "", end_state="ended" if until else "open",
    )  # fmt: skip


@pytest.fixture
def group(db: None) -> Organization:
    """A company."""
    return scenes.company()


def test_a_unit_of_a_unit_counts_for_as_long_as_both_hold(group: Organization) -> None:
    cloud, team = scenes.company("Cloud"), scenes.company("Team")
    dated(cloud, group, "2020-01-01", "2024-01-01")
    dated(team, cloud, "2019-01-01", "2022-01-01")

    assert spans(group) == {
        during(): {"Northlake Devices"},
        during("2020-01-01", "2024-01-01"): {"Cloud"},
        during("2020-01-01", "2022-01-01"): {"Team"},
    }


def test_a_unit_that_came_back_counts_for_both_times(group: Organization) -> None:
    cloud, other = scenes.company("Cloud"), scenes.company("Other")
    dated(cloud, group, "", "2020-01-01")
    dated(cloud, other, "2020-01-01", "2022-01-01")
    dated(cloud, group, "2022-01-01")

    assert spans(group) == {
        during(): {"Northlake Devices"},
        during("", "2020-01-01"): {"Cloud"},
        during("2022-01-01"): {"Cloud"},
    }


def test_a_relation_that_ended_nobody_knows_when_does_not_count(group: Organization) -> None:
    scenes.unit("Cloud", group)
    OrganizationParent.objects.update(end_state="unknown")

    assert spans(group) == {during(): {"Northlake Devices"}}


def test_a_circle_ends(group: Organization) -> None:
    dated(group, scenes.unit("Cloud", group))

    assert spans(group) == {during(): {"Northlake Devices", "Cloud"}}


def test_no_more_units_are_looked_at_than_the_limit(
    group: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        scenes.unit(f"Unit {number}", group)
    monkeypatch.setattr(units, "MAX_UNITS", 3)

    assert len(descent([group.pk])[Span()]) == 3


def test_the_terminal_shows_an_organizations_timeline_with_its_units(record: Record) -> None:
    out = StringIO()

    call_command("timeline", f"organization:{record.parent.pk}", stdout=out)

    assert "18 October 2025" in out.getvalue()


def test_a_ladder_is_found_through_the_place_that_the_record_gives(record: Record) -> None:
    elsewhere = scenes.company("Southlake Group")
    other = scenes.ladder(elsewhere, ["A", "B"])
    scenes.publish(
        scenes.reorganization(
            "transfer", record.organization, record.source, day="2025-06-01", successor=elsewhere
        )
    )

    assert find_ladder(record.organization.pk, date(2025, 5, 31)) == record.ladder
    assert find_ladder(record.organization.pk, date(2025, 6, 1)) == other


def test_who_worked_for_a_unit_since_dissolved_stands_on_the_ladder_of_what_it_was_part_of(
    record: Record,
) -> None:
    scenes.publish(scenes.reorganization("dissolution", record.organization, record.source, day="2025-06-01"))

    assert find_ladder(record.organization.pk, date(2025, 10, 18)) == record.ladder
