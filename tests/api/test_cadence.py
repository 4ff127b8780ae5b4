"""The cadence of an organization's releases over the API."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.api.conftest import Caller
from tests.timelines.test_cadence import Maker


@pytest.fixture
def maker(db: None) -> Maker:
    made = Maker("Northlake Devices")
    made.release("Kestrel 1", "2025-01-01")
    made.release("Kestrel 2", "2025-03-02")
    return made


def test_the_cadence_of_a_day_is_answered_with_its_peers(api: Caller, maker: Maker) -> None:
    peer = Maker("Southlake")
    peer.release("One 1", "2025-01-01")
    path = f"organizations/{maker.organization.pk}/cadence/"

    shown = api.read(path, valid_at="2025-03-12")

    assert (shown["median_days"], shown["days_since_last"], shown["lines"][0]["line"]) == (
        60.0,
        10,
        "Kestrel",
    )
    assert [item["organization"]["name"] for item in shown["peers"]] == ["Southlake"]
    assert api.read(path, valid_at="2025-03-12", known_at="2001-01-01")["releases"] == 0
    assert (
        api.read(path, peers=f"{peer.organization.pk},{maker.organization.pk}")["peers"][0]["releases"] == 1
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("peers", "0"), ("peers", "x"), ("peers", ",".join(["1"] * 21)), ("peers", "9" * 19), ("valid_at", "soon"), ("pears", "1")],
)  # fmt: skip
def test_a_question_that_cannot_be_read_is_refused(api: Caller, maker: Maker, name: str, value: str) -> None:
    assert api.refused(f"organizations/{maker.organization.pk}/cadence/", **{name: value}) == {name}


def test_an_organization_without_releases_has_no_cadence(api: Caller, maker: Maker) -> None:
    path = f"organizations/{Maker('Southlake').organization.pk}/cadence/"

    shown = api.read(path, peers=str(maker.organization.pk))

    assert (shown["lines"], shown["median_days"], shown["last_release"]) == ([], None, None)
    assert shown["peers_median_days"] == 60.0


def test_a_cadence_takes_as_many_queries_for_many_peers_as_for_one(api: Caller, maker: Maker) -> None:
    path = f"/api/v1/organizations/{maker.organization.pk}/cadence/"
    costs = []
    for number in range(2):
        for name in range(4):
            Maker(f"Peer {number} {name}").release("One 1", "2025-01-01")
        with CaptureQueriesContext(connection) as queries:
            assert api.get(path).status_code == 200
        costs.append(len(queries))

    assert costs[0] == costs[1]
