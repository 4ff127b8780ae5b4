"""Cadence: days between the releases of a product line, by both clocks, beside those of peers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from events.choices import Kind, PartyType, Role, Status
from events.dates import PartialDate
from events.models.organizations import Organization
from events.models.record import Revision
from events.record import publishing
from events.record.draft import Draft, DraftOrganization, DraftParty
from events.timelines.cadence import cadence, line_of
from events.timelines.clocks import AsOf
from tests import scenes

ON = AsOf(valid_at=date(2025, 12, 31))


class Maker:
    """Puts releases of an organization on the record."""

    def __init__(self, name: str) -> None:
        self.organization: Organization = scenes.company(name)
        self.author = scenes.curator()
        self.source = scenes.document(f"{name} released a product.")

    def release(self, product: str, day: str, action: str = "release", **fields: Any) -> Revision:
        draft = Draft(
            kind=Kind.PRODUCT,
            action=action,
            subject=DraftParty(Role.SUBJECT, PartyType.PRODUCT, product),
            organization=DraftOrganization(self.organization.name, self.organization.id),
            dates={"occurred": PartialDate.parse(day)},
            evidence=(scenes.whole(self.source),),
        )
        return publishing.publish(Draft(**(vars(draft) | fields)), self.author)


@pytest.fixture
def maker(db: None) -> Maker:
    return Maker("Northlake Devices")


@pytest.mark.parametrize(
    ("product", "line"),
    [
        ("HarmonyOS 5", "HarmonyOS"), ("HarmonyOS 5.1", "HarmonyOS"), ("HarmonyOS NEXT 5.0.2", "HarmonyOS NEXT"),
        ("Kestrel 4", "Kestrel"), ("Kestrel", "Kestrel"), ("KT-5", "KT"), ("问渠3.0", "问渠"), ("Heron v2", "Heron"),
        ("Heron version 2", "Heron"), ("Heron (2024)", "Heron"), ("Mate 70s", "Mate"), ("360", "360"), ("M5", "M"),
        ("Pangu-718B-V1.1", "Pangu"), ("Pixel Pro", "Pixel Pro"),
    ],
)  # fmt: skip
def test_a_line_is_the_name_without_the_version_at_its_end(product: str, line: str) -> None:
    assert line_of(product) == line


def test_days_are_counted_between_the_releases_of_a_line(maker: Maker) -> None:
    for product, day in (
        ("Kestrel 1", "2025-01-01"),
        ("kestrel 2", "2025-02-10"),
        ("Kestrel 2.1", "2025-08-19"),
    ):
        maker.release(product, day)
    maker.release("Heron", "2025-12-01")

    shown = cadence(maker.organization, ON)

    heron, kestrel = shown["lines"]
    assert (kestrel["line"], kestrel["median_days"], kestrel["last_gap_days"], kestrel["days_since_last"]) == (
        "Kestrel", 115.0, 190, 134,
    )  # fmt: skip
    assert [release["name"] for release in kestrel["releases"]] == ["Kestrel 1", "kestrel 2", "Kestrel 2.1"]
    assert (heron["median_days"], heron["last_gap_days"], heron["days_since_last"]) == (None, None, 30)
    assert (shown["releases"], shown["median_days"], shown["last_release"]) == (4, 115.0, "2025-12-01")


def test_only_releases_that_are_told_as_facts_count(maker: Maker) -> None:
    maker.release("Kestrel 1", "2025-01-01")
    maker.release("Kestrel 2", "2025-03-01", assertion=Status.ALLEGED)
    maker.release("Kestrel 3", "2025-04-01", action="announcement")
    maker.release("Kestrel 4", "2024")
    retracted = maker.release("Kestrel 5", "2025-05-01")
    publishing.retract(retracted.event_id, maker.author, reason="withdrawn")

    [line] = cadence(maker.organization, ON)["lines"]

    assert [release["name"] for release in line["releases"]] == ["Kestrel 1"]


def test_releases_of_one_day_count_once(maker: Maker) -> None:
    for product, day in (
        ("Kestrel 1", "2025-01-01"),
        ("Kestrel 2", "2025-01-31"),
        ("Kestrel 3", "2025-01-31"),
    ):
        maker.release(product, day)

    [line] = cadence(maker.organization, ON)["lines"]

    assert (line["median_days"], line["last_gap_days"], len(line["releases"])) == (30.0, 30, 3)


def test_a_product_that_an_organization_released_counts_as_its_own(maker: Maker) -> None:
    subject = DraftParty(Role.SUBJECT, PartyType.ORGANIZATION, maker.organization.name, maker.organization.id)
    product = DraftParty(Role.PRODUCT, PartyType.PRODUCT, "Kestrel 1")
    maker.release("", "2025-01", subject=subject, participants=(product,), organization=None)

    [line] = cadence(maker.organization, ON)["lines"]

    assert line["releases"][0]["date"] == {"value": "2025-01-01", "precision": "month"}


def test_what_came_after_the_day_asked_for_is_left_out(maker: Maker) -> None:
    for product, day in (
        ("Kestrel 1", "2025-01-01"),
        ("Kestrel 2", "2025-03-02"),
        ("Kestrel 3", "2026-01-01"),
    ):
        maker.release(product, day)

    [line] = cadence(maker.organization, AsOf(valid_at=date(2025, 3, 12)))["lines"]

    assert (line["median_days"], line["days_since_last"]) == (60.0, 10)


def test_without_a_day_today_is_meant(maker: Maker) -> None:
    today = timezone.now().date()
    maker.release("Kestrel 1", (today - timedelta(days=3)).isoformat())
    maker.release("Kestrel 2", (today + timedelta(days=3)).isoformat())

    shown = cadence(maker.organization)

    assert timezone.now().date() - today < timedelta(days=2)
    assert (
        shown["releases"],
        shown["days_since_last"] - (date.fromisoformat(shown["valid_at"]) - today).days,
    ) == (1, 3)


def test_at_an_instant_the_record_of_that_instant_is_asked(maker: Maker) -> None:
    maker.release("Kestrel 1", "2025-01-01")
    later = maker.release("Kestrel 2", "2025-03-02")
    before = later.recorded_at - timedelta(microseconds=1)
    publishing.retract(later.event_id, maker.author, reason="withdrawn")
    day = date(2025, 12, 31)

    assert cadence(maker.organization, AsOf(day, before))["releases"] == 1
    assert cadence(maker.organization, AsOf(day, later.recorded_at))["median_days"] == 60.0
    assert cadence(maker.organization, AsOf(day))["median_days"] is None


def test_peers_stand_beside_with_the_median_of_their_medians(maker: Maker) -> None:
    maker.release("Kestrel 1", "2025-01-01")
    for name, second in (("Southlake", "2025-01-11"), ("Eastlake", "2025-01-31"), ("Westlake", "2025-04-11")):
        peer = Maker(name)
        peer.release("One 1", "2025-01-01")
        peer.release("One 2", second)

    everyone = cadence(maker.organization, ON)
    assert [(peer["organization"]["name"], peer["median_days"]) for peer in everyone["peers"]] == [
        ("Eastlake", 30.0), ("Southlake", 10.0), ("Westlake", 100.0),
    ]  # fmt: skip
    assert everyone["peers_median_days"] == 30.0

    chosen = Organization.objects.filter(name__in=["Southlake", "Westlake"]).values_list("id", flat=True)
    named = cadence(maker.organization, ON, peers=chosen)
    assert [peer["organization"]["name"] for peer in named["peers"]] == ["Southlake", "Westlake"]
    assert named["peers_median_days"] == 55.0
    assert cadence(maker.organization, ON, peers=[])["peers"] == []


def test_a_peer_without_releases_is_shown_as_such(maker: Maker) -> None:
    other = scenes.company("Southlake")

    [peer] = cadence(maker.organization, ON, peers=[other.pk])["peers"]

    assert (peer["releases"], peer["median_days"], peer["days_since_last"]) == (0, None, None)
