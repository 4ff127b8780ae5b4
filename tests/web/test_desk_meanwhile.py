"""Two curators on one claim: a stale form says what changed, takes that over where nothing was typed, keeps the rest."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from events import curation
from events.curation.drafts import from_payload, to_claim
from events.models.candidates import Candidate
from events.models.record import Revision
from tests.web.conftest import Desk, make_desk, page_of, signed_in
from tracker.web.desk.forms import ClaimForm
from tracker.web.desk.meanwhile import _data, joined


def now(candidate: Candidate) -> Candidate:
    return Candidate.objects.get(pk=candidate.pk)


def theirs(desk: Desk, **subject: str) -> None:
    """The second curator edits the subject."""
    claim = now(desk.severe).claim
    curation.edit(desk.severe.pk, desk.second, {**claim, "subject": {**claim["subject"], **subject}})


def stale(desk: Desk, **typed: str) -> str:
    """The page that answers the first curator, who opened version 1."""
    data = {"version": "1", **_data(desk.severe.original), **typed}
    answer = signed_in(desk.first).post(f"/desk/candidates/{desk.severe.pk}/edit/", data)
    assert answer.status_code == 409
    return str(answer.content.decode())


def value_of(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def test_a_stale_form_says_who_changed_what(desk: Desk) -> None:
    theirs(desk, title="President")

    page = stale(desk, subject_name="Ilse Houten")

    notice = page.split('role="alert"')[1].split("</div>")[0]
    assert "second" in notice
    assert "<del>CEO</del> → <ins>President</ins>" in notice


def test_what_was_typed_stays_and_what_was_not_takes_over_theirs(desk: Desk) -> None:
    theirs(desk, title="President")

    page = stale(desk, subject_name="Ilse Houten")

    assert value_of(page, "subject_name") == "Ilse Houten"
    assert value_of(page, "subject_title") == "President"
    assert value_of(page, "version") == "2"
    assert now(desk.severe).claim["subject"]["name"] == "Ilse van Houten"


def test_a_field_that_both_changed_keeps_ours_and_shows_theirs(desk: Desk) -> None:
    theirs(desk, title="President")

    page = stale(desk, subject_title="Chairwoman")

    assert value_of(page, "subject_title") == "Chairwoman"
    assert "<ins>President</ins></p>" in page.split('name="subject_title"')[1].split("</div>")[0]


def test_sent_again_nothing_of_either_is_lost(desk: Desk) -> None:
    theirs(desk, title="President")
    form = joined(
        ClaimForm(_data(desk.severe.original) | {"subject_name": "Ilse Houten"}),
        desk.severe.original,
        now(desk.severe).claim,
    )

    signed_in(desk.first).post(
        f"/desk/candidates/{desk.severe.pk}/edit/", dict(form.data.items()) | {"version": "2"}
    )

    subject = now(desk.severe).claim["subject"]
    assert (subject["name"], subject["title"]) == ("Ilse Houten", "President")


def test_rows_of_a_list_stand_or_fall_together(desk: Desk) -> None:
    claim = desk.severe.original
    changed = {**claim, "penalties": [{"type": "warning"}, *claim["penalties"]]}

    untouched = joined(ClaimForm(_data(claim) | {"subject_title": "x"}), claim, changed)
    touched = joined(ClaimForm(_data(claim) | {"penalties-0-levels": "2"}), claim, changed)

    assert [row.data["penalties-0-type"] for row in untouched.rows["penalties"].forms[:1]] == ["warning"]
    assert touched.rows["penalties"].forms[0].data["penalties-0-levels"] == "2"
    assert list(touched.theirs) == ["penalties"]


def test_a_step_other_than_an_edit_is_told_too(desk: Desk) -> None:
    curation.defer(desk.severe.pk, desk.second)

    answer = signed_in(desk.first).post(f"/desk/candidates/{desk.severe.pk}/accept/", {"version": 1})

    notice = answer.content.decode().split('role="alert"')[1].split("</div>")[0]
    assert answer.status_code == 409
    assert "second" in notice
    assert "Defer" in notice


def test_a_stale_correction_of_an_event_is_joined_alike(desk: Desk) -> None:
    event = curation.accept(desk.mild.pk, desk.first).event
    assert event is not None
    head = Revision.objects.get()
    claim = to_claim(from_payload(head.payload), desk.mild.document_id)
    curation.correct_event(
        event.pk, desk.second, {**claim, "grounds": ["a strong year"]}, "the cause is told"
    )
    data: dict[str, Any] = {"head": head.seq, "reason": "mine", **_data(claim), "measures-0-period": "2023"}

    answer = signed_in(desk.first).post(f"/desk/events/{event.pk}/correct/", data)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "the cause is told" in page.split('role="alert"')[1].split("</div>")[0]
    assert "a strong year</textarea>" in page
    assert value_of(page, "measures-0-period") == "2023"
    assert Revision.objects.count() == 2


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_two_curators_edit_at_once_and_both_edits_are_kept(
    chromium: Browser, live_server: LiveServer
) -> None:
    desk = make_desk()
    path = f"/desk/candidates/{desk.severe.pk}/"
    pages = [page_of(chromium, live_server, user) for user in (desk.first, desk.second)]
    for page in pages:
        page.goto(path)
        expect(page.locator("html[data-keys]")).to_be_attached()
        page.keyboard.press("e")
        expect(page.locator("form[data-ready]")).to_be_visible()
    mine, other = pages
    expect(other.get_by_text("first has this open")).to_be_visible()

    other.get_by_label("Position", exact=True).first.fill("President")
    other.get_by_role("button", name="Save", exact=True).click()
    expect(other.get_by_role("status").first).to_contain_text("Saved")
    mine.get_by_label("Announced").fill("2025-10")
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("alert")).to_contain_text("second")
    expect(mine.get_by_label("Position", exact=True).first).to_have_value("President")
    expect(mine.get_by_label("Announced")).to_have_value("2025-10")
    mine.get_by_role("button", name="Save", exact=True).click()
    expect(mine.get_by_role("status").first).to_contain_text("Saved")

    claim = now(desk.severe).claim
    assert claim["subject"]["title"] == "President"
    assert claim["dates"]["announced"] == {"value": "2025-10-01", "precision": "month"}
    for page in pages:
        page.context.close()
