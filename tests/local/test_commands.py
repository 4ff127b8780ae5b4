"""Commands in a fresh checkout: the embedded database is made ready by whoever needs it first."""

import subprocess
import sys

import pytest

from tests.local.helpers import Stack
from tracker.local.paths import CHECKOUT

pytestmark = pytest.mark.services


def manage(stack: Stack, *arguments: str, stdin: str = "") -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        check=False,
        cwd=CHECKOUT,
        env=stack.environment(DJANGO_SETTINGS_MODULE="tracker.settings"),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_command_on_the_record_prepares_a_fresh_embedded_database(stack: Stack) -> None:
    done = manage(stack, "verify_ledger")

    assert done.returncode == 0, done.stderr
    assert "The ledger holds: 0 revisions" in done.stdout
    assert "Preparing the embedded database" in done.stderr


def test_a_reader_that_goes_away_is_no_traceback(stack: Stack) -> None:
    command = '"$0" manage.py help --commands | true; exit "${PIPESTATUS[0]}"'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable],
        check=False,
        cwd=CHECKOUT,
        env=stack.environment(DJANGO_SETTINGS_MODULE="tracker.settings"),
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert "Traceback" not in done.stderr
    assert done.returncode in {0, 141}
