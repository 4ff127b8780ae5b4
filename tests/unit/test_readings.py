"""The readings of Chinese characters take 60 MB: only a process that needs them has them, a worker's share them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOADED = "import sys; print('pypinyin.phrases_dict' in sys.modules)"


def said(*lines: str) -> list[str]:
    """What a fresh process with the project's settings prints."""
    begin = (
        "import os",
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'",
        "import django; django.setup()",
    )
    done = subprocess.run(
        [sys.executable, "-c", "\n".join([*begin, *lines])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_a_web_process_has_them_from_the_first_chinese_name_on() -> None:
    name = "from events.names import keys; keys('Ada Lovelace')"
    chinese = "keys('张平安')"

    assert said("import tracker.urls", name, LOADED, chinese, LOADED) == ["False", "True"]


def test_a_worker_has_them_before_its_processes_part() -> None:
    start = "from celery.signals import worker_init; import events.tasks; worker_init.send(sender=None)"

    assert said(start, LOADED) == ["True"]
