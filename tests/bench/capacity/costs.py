"""The costs of the stages, as they are kept in a file."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

CHECKED_IN = Path(__file__).with_name("measured.json")
"""Measured when docs/scale.md was written."""
LOCAL = Path(__file__).resolve().parents[3] / ".local" / "capacity.json"


class BadCosts(ValueError):
    """The file holds no costs; the message says why."""


@dataclass(frozen=True)
class Cost:
    """Of one unit of a stage: processor seconds of the worker and of its PostgreSQL backend, bytes of write-ahead log."""

    worker: float
    database: float
    wal: float = 0.0

    def __post_init__(self) -> None:
        if self.worker < 0 or self.database < 0 or self.wal < 0 or not self.worker + self.database:
            raise BadCosts(f"a cost is not negative and not nothing: {self}")

    def plus(self, other: Cost, times: float = 1.0) -> Cost:
        """This one and `times` the other."""
        return Cost(
            self.worker + times * other.worker,
            self.database + times * other.database,
            self.wal + times * other.wal,
        )


@dataclass(frozen=True)
class Costs:
    """Of each stage, a unit of it named in brackets; and the bytes of rows."""

    poll: Cost
    """[feed without news]"""
    fetch: Cost
    """[article, in a page of some 100 KB]"""
    extract: Cost
    """[article]"""
    publish: Cost
    """[revision]"""
    match: Cost
    """[revision, without its audience]"""
    deliver: Cost
    """[subscriber in the audience: a row of the outbox]"""
    mail: Cost
    """[message gathered and sent]"""
    timeline: Cost
    """[page of 50 entries]"""
    search: Cost
    """[page of 20 answers]"""
    changes: Cost
    """[page of 50 revisions]"""
    bytes: dict[str, float]
    """On disk, of one: event, revision, document, candidate, item, run, feed, subscription, subscriber, delivery."""
    machine: dict[str, Any]
    """Where they were measured, and with which versions."""


ROWS = (
    "event", "revision", "document", "candidate", "item", "run", "feed", "subscription", "subscriber", "delivery",
)  # fmt: skip
STAGES = tuple(field.name for field in fields(Costs) if field.name not in ("bytes", "machine"))


def save(costs: Costs, path: Path) -> None:
    """Writes the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(costs), indent=1, ensure_ascii=False) + "\n")


def load(path: Path | None = None) -> Costs:
    """The costs in the file; without one, those of this machine or else those that are checked in. Raises BadCosts."""
    source = path or (LOCAL if LOCAL.exists() else CHECKED_IN)
    try:
        found = json.loads(source.read_text())
        stages = {name: Cost(**found[name]) for name in STAGES}
        sizes = {name: float(found["bytes"][name]) for name in ROWS}
    except OSError as error:
        raise BadCosts(f"{source} cannot be read: {error}") from None
    except (KeyError, TypeError, ValueError) as error:
        raise BadCosts(f"{source} holds no costs: {error!r}") from None
    return Costs(**stages, bytes=sizes, machine=found.get("machine", {}))
