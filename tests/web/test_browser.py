"""The main ways through the pages in a real browser: Chromium against a live server."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from events.choices import CandidateState
from events.models.candidates import Candidate
from events.models.record import Event
from tests.web.conftest import make_desk, make_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, name: str) -> None:
    page.goto("/desk/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill("x")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Candidates")).to_be_visible()


def press(page: Page, key: str) -> None:
    """Presses a key of the desk, once the page listens to keys: the script loads after the text is there."""
    expect(page.locator("html[data-keys]")).to_be_attached()
    page.keyboard.press(key)


def test_a_curator_publishes_from_the_queue_with_three_keys(page: Page) -> None:
    desk = make_desk()
    sign_in(page, "first")
    press(page, "j")
    press(page, "j")
    expect(page.locator(f'a[href="/desk/candidates/{desk.mild.pk}/"]')).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Northlake Devices reported revenue")
    press(page, "a")
    expect(page.get_by_role("status")).to_contain_text("Published as event")
    assert Candidate.objects.get(pk=desk.mild.pk).state == CandidateState.PUBLISHED


def test_two_curators_publish_a_severe_candidate_by_keyboard_alone(
    page: Page, chromium: Browser, live_server: LiveServer
) -> None:
    desk = make_desk()
    sign_in(page, "first")
    press(page, "o")
    expect(page.get_by_text("Accept, for a second curator")).to_be_visible()
    press(page, "a")
    expect(page.get_by_role("status")).to_contain_text("a second curator must approve")
    assert not Event.objects.exists()

    other = chromium.new_context(base_url=live_server.url, locale="en-GB").new_page()
    sign_in(other, "second")
    other.goto("/desk/?state=awaiting_approval")
    press(other, "o")
    expect(other.get_by_role("button", name="Approve and publish")).to_be_visible()
    press(other, "a")
    expect(other.get_by_role("status")).to_contain_text("Approved and published")
    assert Candidate.objects.get(pk=desk.severe.pk).state == CandidateState.PUBLISHED


def test_r_goes_to_the_reason_and_keys_typed_there_are_text(page: Page) -> None:
    desk = make_desk()
    sign_in(page, "first")
    page.goto(f"/desk/candidates/{desk.mild.pk}/")
    press(page, "r")
    page.keyboard.type("a rejected opinion")
    press(page, "Enter")
    expect(page.get_by_role("status")).to_contain_text("Rejected.")
    candidate = Candidate.objects.get(pk=desk.mild.pk)
    assert candidate.state == CandidateState.REJECTED
    assert candidate.decisions.get().reason == "a rejected opinion"


def test_the_keys_help_edit_and_light_up_words(page: Page) -> None:
    desk = make_desk()
    sign_in(page, "first")
    page.goto(f"/desk/candidates/{desk.mild.pk}/")
    press(page, "?")
    expect(page.get_by_role("dialog")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.locator("[data-words]").first.click()
    expect(page.locator("mark.on")).to_have_text(desk.mild.claim["evidence"][0]["quote"])
    press(page, "e")
    expect(page.get_by_label("Kind", exact=True)).to_be_focused()
    expect(page.get_by_label("Subject", exact=True)).to_have_value(desk.mild.subject_name)


def test_a_form_that_does_not_arrive_can_be_followed_to(context: BrowserContext) -> None:
    desk = make_desk()
    page = context.new_page()
    sign_in(page, "first")
    page.goto(f"/desk/candidates/{desk.mild.pk}/")
    page.route("**/*?edit", lambda route: route.abort())
    with page.expect_event("requestfailed"):
        press(page, "e")
    link = page.get_by_role("link", name="Open the form")
    expect(link).to_be_visible()
    page.unroute("**/*?edit")
    link.click()
    expect(page.get_by_label("Subject", exact=True)).to_be_visible()


def test_a_person_page_shows_the_chart_the_quotes_and_travels_in_time(page: Page) -> None:
    scene = make_scene()
    page.goto(f"/people/{scene.person.pk}/")
    expect(page.get_by_role("img", name="Grade over time of Ilse van Houten")).to_be_visible()
    expect(page.get_by_role("row", name="21A 18 October 2025 still so")).to_be_visible()
    expect(page.locator("blockquote").first).to_contain_text("was demoted three levels")
    page.get_by_text("Time travel").click()
    page.get_by_label("What had happened by").fill("2025-10-17")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nothing is recorded for this time.")).to_be_visible()
    page.get_by_role("link", name="Back to the present").click()
    expect(page.get_by_role("link", name="Ilse van Houten, CEO of Northlake Cloud")).to_be_visible()


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_no_page_scrolls_sideways(page: Page, width: int) -> None:
    scene = make_scene()
    page.set_viewport_size({"width": width, "height": 900})
    addresses = [
        "/",
        f"/people/{scene.person.pk}/",
        f"/organizations/{scene.cloud.pk}/",
        f"/events/{scene.demotion.pk}/",
        "/search/?q=Houten",
        "/subscribe/",
    ]
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address


def test_reading_works_without_javascript(chromium: Browser, live_server: LiveServer) -> None:
    scene = make_scene()
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("searchbox").fill("范霍滕")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Ilse van Houten", exact=True).click()
    expect(page.get_by_role("img", name="Grade over time of Ilse van Houten")).to_be_visible()
    page.get_by_role("link", name="Follow by e-mail").click()
    expect(page.get_by_text("All events about Ilse van Houten").first).to_be_visible()
    assert page.url.endswith(f"?person={scene.person.pk}")
    context.close()


def test_without_javascript_a_claim_is_edited_and_nothing_is_offered_that_needs_it(
    chromium: Browser, live_server: LiveServer
) -> None:
    desk = make_desk()
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "first")
    page.goto(f"/desk/candidates/{desk.mild.pk}/")
    page.locator("#edit > summary").click()
    page.get_by_role("link", name="Open the form").click()
    assert [part for part in page.locator("[hidden]").all() if part.is_visible()] == []
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
    page.get_by_label("Announced", exact=True).fill("2025-02")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    context.close()


def test_the_admin_works_under_the_same_policy(page: Page) -> None:
    from events.models.access import User

    make_scene()
    User.objects.create_superuser("root", password="x")
    page.goto("/admin/login/?next=/admin/events/organization/add/")
    page.get_by_label("Username").fill("root")
    page.get_by_label("Password").fill("x")
    page.keyboard.press("Enter")
    page.get_by_text("Add another Organization name").click()
    expect(page.locator("#id_names-1-name")).to_be_visible()
