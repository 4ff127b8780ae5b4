"""Every kind of mail, in both languages, as programs show it: in a real browser, narrow and wide, light and dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from playwright.sync_api import Page, sync_playwright
from pytest_django import Settings

from events.alerts.plain import COLUMNS, width
from tests.alerts.samples import LANGUAGES, SAMPLES
from tests.alerts.writing import html, links, shown
from tests.browser import launch

pytestmark = pytest.mark.django_db
SITE = "https://tracker.example.org"
RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
}
NARROWEST, WIDEST = 320, 760


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = SITE
    settings.ALERTS_SENDER = "Example Foundation, 1 Example Street"


@pytest.fixture(params=LANGUAGES)
def mails(request: pytest.FixtureRequest) -> dict[str, EmailMultiAlternatives]:
    """A mail of every kind in one language."""
    return made(request.param)


@cache
def made(language: str) -> dict[str, EmailMultiAlternatives]:
    """Each has the record for itself; once written, a mail needs no database."""
    found = {}
    for name, sample in SAMPLES.items():
        with transaction.atomic():
            found[name] = sample(language)
            transaction.set_rollback(True)
    return found


@contextmanager
def browsing(scheme: Literal["light", "dark"]) -> Iterator[Page]:
    """A page of the system's Chromium. Nothing inside may read the database: Playwright keeps an event loop there."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        yield browser.new_context(color_scheme=scheme).new_page()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_mail_can_be_read_by_everyone(
    mails: dict[str, EmailMultiAlternatives], scheme: Literal["light", "dark"]
) -> None:
    with browsing(scheme) as page:
        found = {name: problems(page, html(mail)) for name, mail in mails.items()}

    assert found == {name: [] for name in mails}


def problems(page: Page, content: str) -> list[str]:
    """What axe finds wrong, by WCAG 2.1 AA, contrast among it; and what is wider than the narrowest screen."""
    page.set_viewport_size({"width": WIDEST, "height": 900})
    page.set_content(content)
    found = [
        f"{row['id']}: {node['html'][:80]}"
        for row in Axe().run(page, options=RULES).response["violations"]
        for node in row["nodes"]
    ]
    for screen in (NARROWEST, WIDEST):
        page.set_viewport_size({"width": screen, "height": 900})
        taken = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{taken} pixels wide on {screen}"] if taken > screen else []
    return found


@pytest.mark.browser
def test_dark_mode_is_dark(mails: dict[str, EmailMultiAlternatives]) -> None:
    with browsing("dark") as page:
        found = {
            (name, place): brightest(page, html(mail), place)
            for name, mail in mails.items()
            for place in (".page", ".card")
        }

    assert {key: value for key, value in found.items() if value >= 64} == {}


def brightest(page: Page, content: str, place: str) -> int:
    """The largest of red, green and blue of a background, 0 to 255."""
    page.set_content(content)
    colour = page.locator(place).first.evaluate("place => getComputedStyle(place).backgroundColor")
    return max(map(int, re.findall(r"\d+", colour)[:3]))


def test_text_and_html_tell_the_same(mails: dict[str, EmailMultiAlternatives]) -> None:
    for name, mail in mails.items():
        text = re.sub(r"https?://\S+", "", str(mail.body))
        assert (name, letters_of(text)) == (name, letters_of(shown(mail)))


def letters_of(text: str) -> str:
    """Letters and figures alone, in order."""
    return "".join(char for char in text if char.isalnum())


def test_text_and_html_lead_to_the_same_places(mails: dict[str, EmailMultiAlternatives]) -> None:
    for name, mail in mails.items():
        outward = {url for url in links(mail) if not url.startswith("#")}
        assert (name, set(re.findall(r"https?://\S+", str(mail.body)))) == (name, outward)


def test_nothing_is_loaded_and_nobody_is_counted(mails: dict[str, EmailMultiAlternatives]) -> None:
    for mail in mails.values():
        content = html(mail)
        assert not re.search(r"<(img|script|link|iframe|form|object)\b|url\(|@import|\bsrc=", content)
        assert all(url.startswith((f"{SITE}/", "https://news.example.com/", "#")) for url in links(mail))


def test_plain_text_keeps_to_its_columns(mails: dict[str, EmailMultiAlternatives]) -> None:
    for mail in mails.values():
        lines = str(mail.body).splitlines()
        assert not [line for line in lines if width(line) > COLUMNS and "https://" not in line]
        assert not [line for line in lines if re.search(r"</?[a-z]+>|&[a-z#0-9]+;|\x00|\{\{", line)]
        assert "\n\n\n" not in str(mail.body)


def test_every_subject_is_one_line(mails: dict[str, EmailMultiAlternatives]) -> None:
    for mail in mails.values():
        assert mail.subject
        assert len(mail.subject.splitlines()) == 1
        assert len(mail.subject) <= 160
