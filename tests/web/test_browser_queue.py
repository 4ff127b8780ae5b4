"""The queue in Chromium: by keyboard alone, four eyes, a stale form, many at once, undo, live counts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from events import curation
from events.choices import CandidateState
from events.models.candidates import Candidate
from events.models.record import Event
from tests import scenes
from tests.web.conftest import Desk, make_desk, sign_in_context
from tests.web.test_accessibility import SIZES, overflow, violations
from tests.web.test_browser import press, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def state(row: Candidate) -> str:
    return Candidate.objects.get(pk=row.pk).state


def link(row: Candidate) -> str:
    return f'a[data-row][href="/desk/candidates/{row.pk}/"]'


def arrive(page: Page) -> Desk:
    """At the queue, signed in."""
    desk = make_desk()
    sign_in(page, "first")
    return desk


def test_a_clean_candidate_is_published_from_the_queue_by_three_keys_at_most(page: Page) -> None:
    desk = arrive(page)
    Candidate.objects.filter(pk=desk.mild.pk).update(severity=0)
    curation.reject(desk.severe.pk, desk.second, "not this one")
    page.reload()

    keys = ["j", "o", "a"]
    press(page, keys[0])
    expect(page.locator(link(desk.mild))).to_be_focused()
    press(page, keys[1])
    expect(page.get_by_role("button", name="Accept and publish")).to_be_visible()
    press(page, keys[2])

    expect(page.get_by_role("status").first).to_contain_text("Published as event")
    assert len(keys) <= 3
    assert state(desk.mild) == CandidateState.PUBLISHED


def test_review_by_keyboard_alone_from_the_queue_to_published_with_four_eyes(
    page: Page, chromium: Browser, live_server: LiveServer
) -> None:
    desk = arrive(page)
    press(page, "j")
    press(page, "Enter")
    expect(page.get_by_text("Accept, for a second curator")).to_be_visible()
    press(page, "a")
    expect(page.get_by_role("status").first).to_contain_text("a second curator must approve")
    assert not Event.objects.exists()

    own = page.context.new_page()
    own.goto(f"/desk/candidates/{desk.severe.pk}/")
    expect(own.get_by_text("Another curator must approve it")).to_be_visible()
    press(own, "a")
    assert state(desk.severe) == CandidateState.AWAITING_APPROVAL

    other = chromium.new_context(base_url=live_server.url, locale="en-GB").new_page()
    sign_in(other, "second")
    other.goto("/desk/?state=awaiting_approval")
    press(other, "o")
    expect(other.get_by_role("button", name="Approve and publish")).to_be_visible()
    press(other, "a")
    expect(other.get_by_role("status").first).to_contain_text("Approved and published")
    event = Event.objects.get()
    revision = event.revisions.get()
    assert (revision.author, revision.approver) == (desk.first, desk.second)


def test_a_stale_form_writes_nothing_and_keeps_what_was_typed(page: Page) -> None:
    desk = arrive(page)
    page.goto(f"/desk/candidates/{desk.mild.pk}/")
    expect(page.locator("html[data-keys]")).to_be_attached()
    curation.edit(desk.mild.pk, desk.second, {**desk.mild.claim, "confidence": 0.4})

    press(page, "r")
    page.keyboard.type("an opinion")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert").first).to_contain_text("changed this candidate")
    expect(page.get_by_label("Reason for rejecting")).to_have_value("an opinion")
    assert state(desk.mild) == CandidateState.OPEN


def test_a_step_is_undone_by_a_key_and_done_again(page: Page) -> None:
    desk = arrive(page)
    page.goto(f"/desk/candidates/{desk.mild.pk}/")
    press(page, "a")
    expect(page.get_by_role("status").first).to_contain_text("Published as event")

    press(page, "z")
    expect(page.get_by_role("status").first).to_contain_text("Taken back: accept of Northlake Devices")
    assert state(desk.mild) == CandidateState.OPEN
    assert Event.objects.get().status == "retracted"

    press(page, "a")
    expect(page.get_by_role("status").first).to_contain_text("Published as event")
    assert state(desk.mild) == CandidateState.PUBLISHED


def test_many_are_marked_and_rejected_by_keys_and_taken_back_as_one(page: Page) -> None:
    desk = arrive(page)
    press(page, "j")
    press(page, "x")
    press(page, "j")
    press(page, "s")
    expect(page.get_by_text("2 marked")).to_be_visible()
    press(page, "r")
    page.keyboard.type("opinions, axe and all")
    page.keyboard.press("Enter")
    expect(page.get_by_text("2 candidates rejected")).to_be_visible()
    assert [state(desk.severe), state(desk.mild)] == ["rejected", "rejected"]

    press(page, "z")
    expect(page.get_by_text("Taken back: reject of 2 candidates.")).to_be_visible()
    assert [state(desk.severe), state(desk.mild)] == ["open", "open"]


def test_keys_of_the_queue_act_on_the_focused_row_when_none_is_marked(page: Page) -> None:
    desk = arrive(page)
    press(page, "j")
    press(page, "j")
    press(page, "m")
    expect(page.get_by_text("1 candidate given")).to_be_visible()
    assert Candidate.objects.get(pk=desk.mild.pk).assigned_to == desk.first
    assert Candidate.objects.get(pk=desk.severe.pk).assigned_to is None

    press(page, "j")
    press(page, "d")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 candidate deferred")).to_be_visible()
    assert [state(desk.severe), state(desk.mild)] == ["deferred", "open"]


def test_d_on_a_candidate_asks_for_the_day_and_enter_defers(page: Page) -> None:
    desk = arrive(page)
    page.goto(f"/desk/candidates/{desk.mild.pk}/")
    press(page, "d")
    expect(page.get_by_label("Defer until (UTC)")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Deferred until 20")
    assert Candidate.objects.get(pk=desk.mild.pk).deferred_until is not None


def test_escape_marks_nothing_and_no_key_acts_without_a_target(page: Page) -> None:
    desk = arrive(page)
    press(page, "a")
    press(page, "j")
    press(page, "x")
    expect(page.get_by_text("1 marked")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_text("Mark candidates to act on several.")).to_be_visible()
    assert [state(desk.severe), state(desk.mild)] == ["open", "open"]


def test_the_help_lists_the_keys_on_both_pages(page: Page) -> None:
    desk = arrive(page)
    for address in ("/desk/", f"/desk/candidates/{desk.mild.pk}/"):
        page.goto(address)
        press(page, "?")
        expect(page.get_by_role("dialog")).to_contain_text("undo my last step")
        press(page, "Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()


def test_the_counts_follow_what_others_do_without_reloading(page: Page) -> None:
    desk = make_desk()
    page.clock.install()
    sign_in(page, "first")
    expect(page.locator("html[data-keys]")).to_be_attached()
    expect(page.locator("#count-open")).to_have_text("2")
    curation.reject(desk.mild.pk, desk.second, "an opinion")

    page.clock.run_for(21_000)

    expect(page.locator("#count-open")).to_have_text("1")
    expect(page.locator("#count-rejected")).to_have_text("1")


def test_many_are_acted_on_without_javascript(chromium: Browser, live_server: LiveServer) -> None:
    desk = make_desk()
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "first")
    page.get_by_label("Mark Northlake Devices").check()
    page.get_by_label("Reason for rejecting").fill("an opinion")
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_text("1 candidate rejected")).to_be_visible()
    page.get_by_role("button", name="Undo all of it").click()
    expect(page.get_by_text("Taken back: reject of Northlake Devices")).to_be_visible()
    assert state(desk.mild) == CandidateState.OPEN
    context.close()


@pytest.mark.parametrize(
    ("size", "theme", "locale"), [("phone", "dark", "zh-CN"), ("desk", "light", "en-GB")]
)
def test_no_list_breaks_wcag_or_scrolls_sideways(
    size: str, theme: Literal["dark", "light"], locale: str, chromium: Browser, live_server: LiveServer
) -> None:
    desk = make_desk()
    source = scenes.document(scenes.DEMOTION_TEXT, title="The penalties of November")
    for label in ("c1", ""):
        scenes.candidate(source, scenes.claim(source.text, **({"case": label} if label else {})))
    bulk = curation.bulk_assign({desk.mild.pk: None, 10**9: None}, desk.first, desk.second)
    curation.defer(desk.mild.pk, desk.first, until=datetime.now(UTC).date() + timedelta(days=3))
    context = chromium.new_context(
        base_url=live_server.url, viewport=SIZES[size], color_scheme=theme, locale=locale
    )
    sign_in_context(context, live_server, desk.first)
    page = context.new_page()
    found = {}
    for path in (
        f"/desk/?done={bulk.pk}",
        "/desk/?state=deferred",
        "/desk/?state=rejected",
        "/desk/?whose=me",
    ):
        page.goto(path)
        found[path] = violations(page) + (["scrolls sideways"] if overflow(page) else [])
    page.goto("/desk/")
    press(page, "j")
    press(page, "x")
    press(page, "?")
    found["keys"] = violations(page)
    context.close()

    assert {path: faults for path, faults in found.items() if faults} == {}
