"""Settings of the logs: their form, and what each logger may say."""

from __future__ import annotations

import logging
import os
from typing import Any

from tracker import local

FORMATS = ("plain", "json")


def log_format() -> str:
    """LOG_FORMAT: `plain` for people, as the embedded stack has it; `json` for machines, one object a line, as all else.

    Raises ValueError for another word.
    """
    value = os.environ.get("LOG_FORMAT", "").strip().lower() or ("plain" if local.wanted() else "json")
    if value not in FORMATS:
        raise ValueError(f"LOG_FORMAT must be plain or json, not {value!r}")
    return value


def log_level() -> str:
    """LOG_LEVEL: the least that is logged, such as INFO. Raises ValueError for another word."""
    value = os.environ.get("LOG_LEVEL", "").strip().upper() or "INFO"
    if value not in {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}:
        raise ValueError(f"LOG_LEVEL must be DEBUG, INFO, WARNING, ERROR or CRITICAL, not {value!r}")
    return value


OUTCOMES = "events.outcomes"
"""The logger of what came of each piece of work. Services say it; commands show their progress themselves."""


def logging_settings(form: str, level: str) -> dict[str, Any]:
    """The configuration of the standard library's logging, for web, workers, clock and commands alike.

    One handler, on stderr, through which everything goes: what it writes is redacted (tracker.seeing.redaction).
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"ticks": {"()": "tracker.logs.QuietTicks"}},
        "formatters": {"redacted": {"()": f"tracker.seeing.formatting.{form}"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": "redacted", "filters": ["ticks"]}
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django's own handlers would say it a second time, and unredacted.
            "django": {"handlers": [], "level": "NOTSET"},
            "django.server": {"handlers": [], "level": "NOTSET", "propagate": True},
            OUTCOMES: {"level": "WARNING"},
            # They name whole addresses, query strings included, of every feed that is fetched.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            # Every sentence of the machinery of a task, at DEBUG, holds its arguments.
            "kombu": {"level": "INFO" if level == "DEBUG" else level},
        },
    }


def speak_of_outcomes() -> None:
    """Has this process say what comes of its work: for services."""
    logging.getLogger(OUTCOMES).setLevel(logging.NOTSET)
