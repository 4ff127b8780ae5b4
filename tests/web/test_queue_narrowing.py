"""The queue narrowed by what a curator looks for; what cannot be meant is left out."""

from __future__ import annotations

import pytest

from events.models.candidates import Candidate
from tests import scenes
from tests.web.conftest import Desk, signed_in


def shown(desk: Desk, query: str) -> list[str]:
    """Which of the two candidates the queue shows."""
    response = signed_in(desk.first).get(f"/desk/?{query}")
    assert response.status_code == 200
    page = response.content.decode()
    names = {"severe": desk.severe.pk, "mild": desk.mild.pk}
    return [name for name, pk in names.items() if f'href="/desk/candidates/{pk}/"' in page]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["severe", "mild"]),
        ("kind=discipline", ["severe"]),
        ("kind=performance", ["mild"]),
        ("severity=3", ["severe"]),
        ("q=northlake", ["mild"]),
        ("q=penalties", ["severe"]),
        ("language=en", ["severe", "mild"]),
        ("language=zh", []),
        ("names=resolved", ["severe", "mild"]),
        ("names=ambiguous", []),
        ("kind=discipline&severity=4", []),
        ("state=rejected&kind=discipline", []),
        ("kind=gossip&severity=x&language=fr&names=maybe", ["severe", "mild"]),
        ("q=" + "x" * 500, ["severe", "mild"]),
    ],
)
def test_the_queue_shows_what_meets_every_condition(desk: Desk, query: str, expected: list[str]) -> None:
    assert shown(desk, query) == expected


def test_conflicts_are_found(desk: Desk) -> None:
    Candidate.objects.filter(pk=desk.mild.pk).update(conflicts=[])
    Candidate.objects.filter(pk=desk.severe.pk).update(conflicts=[{"code": "x", "message": "y"}])

    assert shown(desk, "conflicts=on") == ["severe"]


def test_pages_of_a_narrowed_list_stay_narrowed(desk: Desk) -> None:
    for number in range(55):
        scenes.candidate(scenes.document(f"{scenes.DEMOTION_TEXT} {number}"))

    page = signed_in(desk.first).get("/desk/?kind=discipline&q=Ilse").content.decode()

    assert "state=open&amp;q=Ilse&amp;kind=discipline&amp;after=" in page
