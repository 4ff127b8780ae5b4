"""Takes the README's pictures of a running demo: `make demo` in one terminal, `make screenshots` in another.

python -m tests.screenshots [--base http://127.0.0.1:8000] [--out docs/images]
"""

from __future__ import annotations

import argparse
import json
import sys
import urllib.request
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

from tests.browser import launch

ROOT = Path(__file__).resolve().parent.parent
CHIEF = "Zhang Ping'an"
WIDTH = 1200
PERSON, EVENT, DESK = 1180, 1240, 940
"""Heights of the pictures: what a reader sees first of each page."""


def main() -> int:
    """Writes person.png, event.png and desk.png. Exit code 1, with a word, when no demo answers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "images")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    try:
        person = find(options.base)
    except OSError as error:
        print(f"No demo answers at {options.base} ({error}). Start one: make demo", file=sys.stderr)
        return 1
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(
            base_url=options.base, viewport={"width": WIDTH, "height": PERSON}, locale="en-GB",
            color_scheme="light", reduced_motion="reduce", timezone_id="UTC",
        )  # fmt: skip
        page.goto(f"/people/{person}/")
        take(page, options.out / "person.png", PERSON)
        page.locator(".timeline a[href^='/events/']").first.click()
        page.wait_for_load_state()
        take(page, options.out / "event.png", EVENT)
        page.set_viewport_size({"width": WIDTH, "height": DESK})
        sign_in(page)
        take(page, options.out / "desk.png", DESK)
    return 0


def take(page: Page, path: Path, height: int) -> None:
    """The page's beginning, of a fixed size, without a blinking caret or anything that moves."""
    whole = {"x": 0, "y": 0, "width": WIDTH, "height": height}
    page.screenshot(path=path, full_page=True, clip=whole, animations="disabled", caret="hide")  # type: ignore[arg-type]


def find(base: str) -> int:
    """The id of the demo's division CEO, asked of the API."""
    with urllib.request.urlopen(f"{base}/api/v1/executives/?name={quote(CHIEF)}", timeout=10) as answer:  # noqa: S310 - our own server
        return int(json.load(answer)["results"][0]["id"])


def sign_in(page: Page) -> None:
    """Signs in as a demo curator and opens the first penalty of the queue, where there is one."""
    page.goto("/desk/")
    page.locator("input[type=password]").wait_for()
    page.locator("input[autocomplete=username], input[name=username]").first.fill("curator-mei")
    page.locator("input[type=password]").fill("demo-curator-mei")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    page.goto("/desk/?kind=discipline")
    candidates = page.locator("a[href*='/desk/candidates/']")
    if candidates.count():
        page.goto(candidates.first.get_attribute("href") or "/desk/")


if __name__ == "__main__":
    sys.exit(main())
