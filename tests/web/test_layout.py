"""How public pages lie: never wider than the window, whatever the size and the language, and whole on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from tests.web.conftest import make_scene
from tests.web.rich import addresses, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (390, 820, 1440)
BEYOND = """() => {
  const wide = document.documentElement.clientWidth;
  const scrolls = (node) => { for (let up = node; up; up = up.parentElement)
    if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(up).overflowX) && up !== document.body
        && up !== document.documentElement) return true; return false; };
  return [...document.body.querySelectorAll('*')]
    .filter((node) => node.getBoundingClientRect().right > wide + 1 && !scrolls(node))
    .map((node) => node.tagName + '.' + node.className).slice(0, 3);
}"""
"""What stands out of the window on the right, and not in a part that scrolls by itself."""


def test_no_public_page_is_wider_than_its_window(chromium: Browser, live_server: LiveServer) -> None:
    pages = addresses(fill(make_scene()))
    found = {}

    for locale in ("en-GB", "zh-CN"):
        context = chromium.new_context(base_url=live_server.url, locale=locale)
        page = context.new_page()
        for path in pages:
            page.goto(path)
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    found[locale, path, width] = page.evaluate(BEYOND)
        context.close()

    assert found == {}


def test_paper_has_charts_tables_quotes_and_the_address_and_no_controls(
    chromium: Browser, live_server: LiveServer
) -> None:
    rich = fill(make_scene())
    context = chromium.new_context(base_url=live_server.url, locale="en-GB", java_script_enabled=False)
    page = context.new_page()
    page.emulate_media(media="print")

    page.goto(f"/people/{rich.scene.person.pk}/")
    expect(page.get_by_role("img", name="Grade over time of Ilse van Houten")).to_be_visible()
    expect(page.locator("blockquote").first).to_be_visible()
    expect(page.locator(".print-only")).to_contain_text(f"/people/{rich.scene.person.pk}/")
    for control in (".actions", ".clocks", ".filters", ".masthead-nav", ".language"):
        expect(page.locator(control).first).to_be_hidden()

    page.goto(f"/organizations/{rich.scene.cloud.pk}/")
    expect(page.get_by_role("img", name="Releases of Northlake Cloud over time")).to_be_visible()
    expect(page.get_by_role("row", name="Southlake Cloud").first).to_be_visible()

    page.goto(f"/events/{rich.many.pk}/")
    expect(page.get_by_text(f"{39}", exact=False).last).to_be_visible()
    assert len(page.pdf(format="A4")) > 10_000
    context.close()
