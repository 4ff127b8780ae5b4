"""What curators judged is remembered: nobody is asked twice."""

from __future__ import annotations

import pytest

from events import curation
from events.choices import ActKind
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Judgement
from events.models.candidates import Candidate
from tests import scenes
from tests.curation.helpers import Desk


def proposed(kind: ActKind) -> list[tuple[int, int]]:
    return [(pair.low, pair.high) for pair in curation.duplicates(kind)]


def test_people_who_share_a_name_are_proposed_once(desk: Desk) -> None:
    one, other = scenes.executive("Ilse van Houten"), scenes.executive("VAN HOUTEN, Ilse")
    scenes.executive("Devon Clarke")

    [pair] = curation.duplicates(ActKind.PERSON)

    assert (pair.low, pair.high) == (one.pk, other.pk)
    assert "both are called" in pair.why


@pytest.mark.parametrize("same", [True, False])
def test_what_was_judged_is_never_proposed_again(desk: Desk, same: bool) -> None:
    one, other = scenes.executive(), scenes.executive()
    curation.judge(ActKind.PERSON, other.pk, one.pk, same, desk.first)

    assert proposed(ActKind.PERSON) == []

    assert curation.forget(ActKind.PERSON, one.pk, other.pk, desk.first) == 1
    assert proposed(ActKind.PERSON) == [(one.pk, other.pk)]


def test_a_judgement_holds_for_whom_one_of_the_two_was_merged_into(desk: Desk) -> None:
    one, other, survivor = scenes.executive(), scenes.executive(), scenes.executive("Ilse M. van Houten")
    curation.judge(ActKind.PERSON, one.pk, other.pk, False, desk.first)

    curation.merge_people(one.pk, survivor.pk, desk.first, "one person")

    assert survivor.names.filter(name="Ilse van Houten").exists()
    assert proposed(ActKind.PERSON) == []


def test_merged_organizations_are_not_proposed_nor_after_the_merge_is_undone(desk: Desk) -> None:
    one, other = scenes.company("Lakeside"), scenes.company("Lakeside")
    assert proposed(ActKind.ORGANIZATION) == [(one.pk, other.pk)]

    act = curation.merge_organizations(other.pk, one.pk, desk.first, "one company")
    assert proposed(ActKind.ORGANIZATION) == []
    curation.undo_act(act.pk, desk.first, "two companies")

    assert proposed(ActKind.ORGANIZATION) == []
    judgement = Judgement.objects.get()
    assert (judgement.same, judgement.reason) == (False, "two companies")


def test_a_name_that_very_many_share_proposes_nobody(desk: Desk) -> None:
    for _ in range(21):
        scenes.executive("Wang Wei")

    assert proposed(ActKind.PERSON) == []


def like(desk: Desk) -> Candidate:
    """A second report that looks like an event on record."""
    scenes.executive()
    curation.accept(desk.candidate().pk, desk.first)
    second = desk.candidate("Later report. " + scenes.DEMOTION_TEXT)
    assert [c["code"] for c in curation.refresh(second.pk).conflicts] == ["similar_event"]
    return second


def test_a_candidate_published_beside_a_similar_event_is_judged_to_be_another(desk: Desk) -> None:
    second = curation.accept(like(desk).pk, desk.first)

    judgement = Judgement.objects.get()
    assert (judgement.kind, judgement.same, judgement.high) == ("event", False, second.event_id)
    assert proposed(ActKind.EVENT) == []


def test_similar_events_that_nobody_compared_are_proposed(desk: Desk) -> None:
    second = curation.accept(like(desk).pk, desk.first)
    Judgement.objects.all().delete()

    assert [pair[1] for pair in proposed(ActKind.EVENT)] == [second.event_id]


def test_a_later_judgement_replaces_the_earlier_one(desk: Desk) -> None:
    one, other = scenes.executive(), scenes.executive()
    curation.judge(ActKind.PERSON, one.pk, other.pk, True, desk.first)

    curation.judge(ActKind.PERSON, other.pk, one.pk, False, desk.second, "cousins")

    judgement = Judgement.objects.get()
    assert (judgement.same, judgement.user, judgement.reason) == (False, desk.second, "cousins")


def test_a_judgement_is_of_two_entries_on_record_by_someone_who_may_curate(desk: Desk) -> None:
    one, other = scenes.executive(), scenes.executive()
    stranger = User.objects.create_user("stranger", password="x")

    with pytest.raises(CurationError, match="one and the same"):
        curation.judge(ActKind.PERSON, one.pk, one.pk, True, desk.first)
    with pytest.raises(CurationError, match="no two entries"):
        curation.judge(ActKind.PERSON, one.pk, 0, True, desk.first)
    with pytest.raises(CurationError, match="not judged"):
        curation.judge(ActKind.CASE, one.pk, other.pk, True, desk.first)
    with pytest.raises(CurationError, match="permission"):
        curation.judge(ActKind.PERSON, one.pk, other.pk, True, stranger)
