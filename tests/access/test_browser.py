"""Passkeys and the pages of accounts in Chromium: a virtual authenticator, WCAG 2.2 AA, a phone and a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.access.signing import PASSWORD, code, curator
from tests.web.conftest import chromium
from tests.web.test_accessibility import SIZES, overflow, violations

__all__ = ["chromium"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clean_cache"),
]


@pytest.fixture
def page(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of a browser in which nobody is signed in; what a script or the policy complains of fails the test."""
    context = chromium.new_context(base_url=live_server.url, locale="en-GB")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    yield page
    context.close()
    assert complaints == []


def authenticator(page: Page) -> CDPSession:
    """A key that keeps passkeys and knows its owner, as a phone or a computer does."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session


def enter(page: Page) -> None:
    """Name and password."""
    page.goto("/desk/login/")
    page.get_by_label("Username").fill("mei")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def add_passkey(page: Page, *, passwordless: bool) -> None:
    page.goto("/accounts/factors/passkeys/add/")
    page.get_by_label("Name").fill("This computer")
    if passwordless:
        page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


def sign_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_passkey_alone_signs_in(page: Page) -> None:
    curator()
    authenticator(page)
    enter(page)
    add_passkey(page, passwordless=True)
    sign_out(page)

    page.goto("/desk/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page).to_have_url(re.compile("/desk/$"))


def test_a_security_key_is_asked_for_after_the_password(page: Page) -> None:
    curator()
    authenticator(page)
    enter(page)
    add_passkey(page, passwordless=False)
    sign_out(page)

    enter(page)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_passkey_that_was_removed_lets_nobody_in(page: Page) -> None:
    mei = curator()
    authenticator(page)
    enter(page)
    add_passkey(page, passwordless=True)
    Authenticator.objects.filter(user=mei).delete()
    sign_out(page)

    page.goto("/desk/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_text("Incorrect code.")).to_be_visible()
    page.goto("/desk/")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_without_a_passkey_of_the_browser_there_is_no_button_for_it(
    chromium: Browser, live_server: LiveServer
) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    curator()

    enter(page)

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    context.close()


def test_an_app_is_set_up_and_asked_for(page: Page) -> None:
    curator()
    enter(page)
    page.goto("/accounts/factors/")
    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Set up").click()
    recovery = page.locator("ul.codes code").first.inner_text()
    sign_out(page)

    enter(page)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()

    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


@pytest.mark.parametrize(
    ("size", "theme", "locale"), [("phone", "dark", "zh-CN"), ("desk", "light", "en-GB")]
)
def test_no_page_of_accounts_breaks_wcag(
    chromium: Browser, live_server: LiveServer, size: str, theme: Any, locale: str
) -> None:
    curator()
    context = chromium.new_context(
        base_url=live_server.url, viewport=SIZES[size], color_scheme=theme, locale=locale
    )
    page = context.new_page()
    found = {
        path: faults(page, path)
        for path in ("/desk/login/", "/accounts/password/reset/", "/accounts/inactive/")
    }
    page.goto("/desk/login/")
    page.locator("input[name=username]").fill("mei")
    page.locator("input[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("form[action*=logout]")).to_be_attached()
    for path in (
        "/accounts/", "/accounts/password/", "/accounts/factors/", "/accounts/factors/app/",
        "/accounts/factors/passkeys/", "/accounts/factors/passkeys/add/", "/accounts/sessions/", "/accounts/confirm/",
    ):  # fmt: skip
        found[path] = faults(page, path)
    context.close()

    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def faults(page: Page, path: str) -> list[str]:
    page.goto(path)
    return violations(page) + (["scrolls sideways"] if overflow(page) else [])
