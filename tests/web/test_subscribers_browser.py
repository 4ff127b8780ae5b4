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
from tests import scenes
from tests.web.conftest import make_scene
from tests.web.test_accessibility import overflow, violations

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


@pytest.mark.parametrize(
    ("width", "theme", "language"), [(390, "dark", "zh-CN"), (1440, "light", "en-GB")], ids=["phone", "desk"]
)
def test_no_page_breaks_wcag_or_is_wider_than_its_window(
    open_page: Any, width: int, theme: str, language: str
) -> None:
    scene, reader = make_scene(), confirmed()
    scenes.executive()
    moving.request_address(reader.token, "a.rather.long.address.of.someone@subdomain.example.org")
    stranger = Subscriber.objects.create(email="stranger@example.org")
    own = f"/subscriptions/{reader.token}/"
    signed = addresses.signed(reader.subscriptions.all()[0].pk)
    change = Subscriber.objects.get(pk=reader.pk).new_email_token
    page = open_page(viewport={"width": width, "height": 844}, color_scheme=theme, locale=language)
    found = {}

    for path in (
        f"/subscribe/?person={scene.person.pk}", "/subscribe/?kind=", "/subscribe/?silent_days=5",
        "/subscribe/?person_name=nobody", "/subscribe/?person_name=Ilse+van+Houten", "/subscriptions/", own,
        f"/subscriptions/{stranger.token}/", f"{own}add/", f"{own}add/?kind=product", f"{own}watch-list/",
        f"{own}unsubscribe/", f"/subscriptions/{signed}/unsubscribe/", f"/subscriptions/{change}/address/", "report",
    ):  # fmt: skip
        if path == "report":
            page.goto(f"{own}watch-list/")
            page.locator("textarea").fill("Ilse van Houten\nNorthlake Cloud\nNobody\nNorthlake Cloud,gossip")
            page.locator("main form button").click()
        else:
            page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
        if wrong := violations(page) + (["wide"] if overflow(page) else []):
            found[path] = wrong

    assert found == {}
