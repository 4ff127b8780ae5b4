"""The subscribers' pages in a real browser: by keyboard, without scripts, on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from api import tickets
from events.alerts import addresses, moving
from events.models.alerts import Subscriber, Subscription
from tests.web.conftest import make_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _unlimited(clean_cache: None) -> None:
    """Nothing was counted yet."""
    tickets.forget()


@pytest.fixture
def open_page(chromium: Browser, live_server: LiveServer) -> Iterator[Any]:
    """Opens a browser with these options; fails the test when a script breaks or the security policy blocks anything."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def opened(**options: Any) -> Page:
        settings = {
            "base_url": live_server.url,
            "locale": "en-GB",
            "viewport": {"width": 1440, "height": 900},
        }
        contexts.append(chromium.new_context(**(settings | options)))
        page: Page = contexts[-1].new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if "Content Security" in message.text else None,
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def confirmed() -> Subscriber:
    reader = Subscriber.objects.create(
        email="reader@example.org", confirmed_at=datetime(2025, 11, 17, tzinfo=UTC)
    )
    Subscription.objects.create(subscriber=reader, kind="discipline")
    Subscription.objects.create(subscriber=reader, kind="product", silent_days=30)
    return reader


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_asks_and_confirms_by_keyboard(open_page: Any, scripts: bool) -> None:
    make_scene()
    page = open_page(java_script_enabled=scripts)

    page.goto("/subscribe/")
    page.get_by_label("Person", exact=True).focus()
    page.keyboard.type("范霍滕")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("All events about Ilse van Houten")
    expect(page.locator(".entry")).to_have_count(1)
    page.get_by_label("Your e-mail address").focus()
    page.keyboard.type("reader@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")

    reader = Subscriber.objects.get()
    assert reader.subscriptions.get().frequency == "daily"
    page.goto(f"/subscriptions/{reader.token}/")
    assert Subscriber.objects.get().confirmed_at is None
    page.get_by_role("button", name="Yes, send me these alerts").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Confirmed")
    assert Subscriber.objects.get().confirmed_at is not None


def test_the_own_time_zone_is_proposed(open_page: Any) -> None:
    page = open_page(timezone_id="Asia/Tokyo")

    page.goto("/subscribe/?kind=product")

    expect(page.locator("input[name=time_zone]")).to_have_value("Asia/Tokyo")


def test_a_time_zone_that_was_chosen_stays(open_page: Any) -> None:
    page = open_page(timezone_id="Asia/Tokyo")
    page.goto("/subscribe/?kind=product")
    page.get_by_text("Language, time zone, quiet hours").click()
    page.get_by_label("Time zone").fill("Europe/Oslo")

    page.get_by_role("button", name="Ask for alerts").click()

    expect(page.locator(".errorlist")).to_be_visible()
    expect(page.locator("input[name=time_zone]")).to_have_value("Europe/Oslo")


def test_buttons_work_on_pages_that_tell_no_referrer(open_page: Any) -> None:
    reader = confirmed()
    page = open_page()
    page.goto(f"/subscriptions/{reader.token}/")

    page.get_by_role("button", name="End", exact=True).first.click()

    expect(page.get_by_role("status")).to_contain_text("This alert is ended")
    page.goto(f"/subscriptions/{reader.token}/unsubscribe/")
    page.get_by_role("button", name="End all alerts").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("All alerts are ended")
    assert Subscriber.objects.get().confirmed_at is None


@pytest.mark.parametrize("language", ["en-GB", "zh-CN"])
def test_no_page_is_wider_than_a_telephone(open_page: Any, language: str) -> None:
    scene, reader = make_scene(), confirmed()
    moving.request_address(reader.token, "a.rather.long.address.of.someone@subdomain.example.org")
    own = f"/subscriptions/{reader.token}/"
    signed = addresses.signed(reader.subscriptions.all()[0].pk)
    change = Subscriber.objects.get().new_email_token
    page = open_page(viewport={"width": 390, "height": 844}, locale=language)

    for path in (
        "/subscribe/", f"/subscribe/?person={scene.person.pk}", "/subscribe/?person_name=nobody", "/subscriptions/",
        own, f"{own}add/", f"{own}add/?kind=product", f"{own}watch-list/", f"{own}unsubscribe/",
        f"/subscriptions/{signed}/unsubscribe/", f"/subscriptions/{change}/address/",
    ):  # fmt: skip
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
