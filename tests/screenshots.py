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
WIDTH, HEIGHT = 1200, 900


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
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB")
        page.goto(f"{options.base}/people/{person}/")
        page.screenshot(path=options.out / "person.png", full_page=True)
        page.locator("a[href^='/events/']").first.click()
        page.screenshot(path=options.out / "event.png", full_page=True)
        sign_in(page, options.base)
        page.screenshot(path=options.out / "desk.png")
    return 0


def find(base: str) -> int:
    """The id of the demo's division CEO, asked of the API."""
    with urllib.request.urlopen(f"{base}/api/v1/executives/?name={quote(CHIEF)}", timeout=10) as answer:  # noqa: S310 - our own server
        return int(json.load(answer)["results"][0]["id"])


def sign_in(page: Page, base: str) -> None:
    """Signs in as a demo curator and opens the first candidate of the queue, where there is one."""
    page.goto(f"{base}/desk/")
    page.fill("input[name=username]", "curator-mei")
    page.fill("input[name=password]", "demo-curator-mei")
    page.press("input[name=password]", "Enter")
    candidates = page.locator("a[href*='/desk/candidates/']")
    if candidates.count():
        candidates.first.click()


if __name__ == "__main__":
    sys.exit(main())
