"""Novelty: 0 where the record says the same, 1 where it knows nothing alike, between by what it says already."""

from __future__ import annotations

from typing import Any

import pytest

from events import curation
from events.models.candidates import Candidate
from events.models.record import Revision
from tests import scenes
from tests.curation.helpers import Desk


def novelty(row: Candidate) -> float:
    return Candidate.objects.get(pk=row.pk).novelty


def last_revision() -> int:
    return Revision.objects.latest("seq").seq


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A published warning."""
    scenes.executive()
    curation.accept(desk.candidate(grounds=["neglect"]).pk, desk.first)
    return desk


def test_nothing_alike_is_wholly_new(desk: Desk) -> None:
    scenes.executive()
    assert novelty(desk.candidate()) == 1


def test_what_the_record_says_already_is_not_new(told: Desk) -> None:
    assert novelty(told.candidate(grounds=["neglect"])) == 0
    assert novelty(told.candidate()) == 0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # The subject has a title and an organization, the claim a date and a penalty; with how firmly it is told and
        # with subject and action, that makes six that agree.
        ({"grounds": ["fraud"]}, 1 / 7),
        ({"grounds": ["fraud", "theft"]}, 2 / 8),
        ({"grounds": ["neglect"], "status": "confirmed"}, 1 / 7),
        ({"penalties": [{"type": "warning", "degree": "severe"}], "status": "confirmed"}, 2 / 6),
    ],
)
def test_it_grows_with_what_the_record_does_not_say(
    told: Desk, fields: dict[str, Any], expected: float
) -> None:
    assert novelty(told.candidate(**fields)) == pytest.approx(expected, abs=0.001)


def test_another_action_or_another_time_is_new(told: Desk) -> None:
    assert novelty(told.candidate(action="pay_cut", penalties=[{"type": "pay_cut"}])) == 1
    later = {"announced": {"value": "2026-10-18", "precision": "day"}}
    assert novelty(told.candidate(dates=later)) == 1


def test_what_is_published_makes_the_others_old_news_until_it_is_taken_back(desk: Desk) -> None:
    scenes.executive()
    first, second = desk.candidate(), desk.candidate()

    curation.accept(first.pk, desk.first)
    assert curation.look_again(last_revision()) == 1
    assert novelty(second) == 0
    assert Candidate.objects.get(pk=second.pk).conflicts == second.conflicts

    curation.take_back_last(desk.first)
    assert curation.look_again(last_revision()) == 1
    assert novelty(second) == 1


def test_what_is_said_of_others_is_as_new_as_before(told: Desk) -> None:
    subject = {"type": "person", "name": "Somebody Else", "title": "CEO"}
    other = told.candidate(subject=subject)

    assert curation.look_again(last_revision()) == 0
    assert novelty(other) == 1
