"""Chromium for tests: the system's own, since Playwright cannot download one everywhere."""

from __future__ import annotations

import os
import shutil

import pytest
from playwright.sync_api import Browser, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def executable() -> str | None:
    """The path of the system's Chromium, or None."""
    return next((path for path in map(shutil.which, NAMES) if path), None)


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium. Skips the test where there is none, but in CI that is a failure: nothing is skipped there."""
    path = executable()
    if path is None:
        word = "Chromium is not installed (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(word)
        pytest.skip(word)
    # Chromium refuses its sandbox to root; the pages of these tests are our own.
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=path, args=[*QUIET, *sandbox])
