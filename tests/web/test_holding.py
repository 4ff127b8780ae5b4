"""Who has a candidate open: the others see it, and nobody is held back."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from events.choices import CandidateState
from events.models.candidates import Candidate
from tests.web.conftest import Desk, signed_in


def open_page(desk: Desk, who: str) -> str:
    response = signed_in(getattr(desk, who)).get(f"/desk/candidates/{desk.mild.pk}/")
    return str(response.content.decode())


def test_the_second_curator_sees_who_has_it_open(desk: Desk) -> None:
    assert "has this open" not in open_page(desk, "first")

    assert "first has this open" in open_page(desk, "second")
    assert "open at first" in signed_in(desk.second).get("/desk/").content.decode()
    assert "open at first" not in signed_in(desk.first).get("/desk/").content.decode()


def test_whoever_is_second_does_not_take_the_sign_away(desk: Desk) -> None:
    open_page(desk, "first")
    open_page(desk, "second")

    assert Candidate.objects.get(pk=desk.mild.pk).worked_on_by == desk.first


def test_the_sign_fades(desk: Desk) -> None:
    open_page(desk, "first")
    Candidate.objects.filter(pk=desk.mild.pk).update(worked_on_at=timezone.now() - timedelta(minutes=11))

    assert "has this open" not in open_page(desk, "second")
    assert Candidate.objects.get(pk=desk.mild.pk).worked_on_by == desk.second


def test_looking_makes_no_form_stale(desk: Desk) -> None:
    version = desk.mild.version
    open_page(desk, "first")
    open_page(desk, "second")

    done = signed_in(desk.second).post(f"/desk/candidates/{desk.mild.pk}/accept/", {"version": version})

    assert done.status_code == 302
    assert Candidate.objects.get(pk=desk.mild.pk).state == CandidateState.PUBLISHED


def test_a_decided_candidate_is_held_by_nobody(desk: Desk) -> None:
    Candidate.objects.filter(pk=desk.mild.pk).update(state=CandidateState.REJECTED.value)

    open_page(desk, "first")

    assert Candidate.objects.get(pk=desk.mild.pk).worked_on_by is None
