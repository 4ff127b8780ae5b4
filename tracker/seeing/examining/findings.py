"""What was found: said in words that need no knowledge of the code."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tracker.seeing.redaction import redact


class Level(StrEnum):
    """How bad it is: with a problem something does not work, with a warning it may not for long, or not well."""

    FINE = "fine"
    WARNING = "warning"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: what was seen, what it means for the service, and what to do."""

    check: str
    level: Level
    says: str
    means: str = ""
    do: str = ""


def fine(check: str, says: str) -> Finding:
    """All is well."""
    return Finding(check, Level.FINE, says)


def skipped(check: str, why: str) -> Finding:
    """Could not be looked at."""
    return Finding(check, Level.SKIPPED, why)


def problem(check: str, says: str, means: str, do: str) -> Finding:
    """Something does not work."""
    return Finding(check, Level.PROBLEM, redact(says), means, do)


def warning(check: str, says: str, means: str, do: str) -> Finding:
    """Something may not work for long, or not well."""
    return Finding(check, Level.WARNING, redact(says), means, do)


def span(seconds: float) -> str:
    """A time in words: 40 seconds, 12 minutes, 3 hours, 2 days."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= 2 * size or size == 1:
            count = int(seconds // size)
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "0 seconds"


def number(count: float, one: str, many: str = "") -> str:
    """A count with its noun: 1 feed, 12 feeds."""
    return f"{count:,.0f} {one if count == 1 else many or f'{one}s'}"
