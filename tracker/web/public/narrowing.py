"""What a reader narrows a timeline to: kind, severity, status and period, kept in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.utils.translation import gettext

from events.choices import Kind, Status
from events.timelines.clocks import UnknownTime, parse_day
from events.timelines.entries import Rows
from tracker.web import labels, presentation

JSON = dict[str, Any]
STATUSES = (*(s.value for s in Status if s is not Status.RETRACTED), "planned")
"""What can be asked for. Retracted entries are in no timeline."""


@dataclass(frozen=True)
class Narrowing:
    """The filters as the API names them, as they were typed; what cannot be read is empty and said in `error`."""

    kind: str = ""
    min_severity: str = ""
    status: str = ""
    date_after: str = ""
    date_before: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The filters that are set, by name."""
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {name: value for name, value in named if value}

    @property
    def has_feed(self) -> bool:
        """Whether feeds can be narrowed in the same way."""
        return not (self.status or self.date_after or self.date_before)

    def for_api(self) -> str:
        """The filters as a query of the API; what is planned is an assertion there, not a status."""
        given = self.given
        if given.get("status") == "planned":
            given["assertion"] = given.pop("status")
        return urlencode(given)

    def __bool__(self) -> bool:
        return bool(self.given)

    def of(self, rows: Rows) -> Rows:
        """The entries that the filters leave. A day counts as the first of its month or year where no more is known."""
        found = Q()
        if self.kind:
            found &= Q(("kind", self.kind))
        if self.min_severity:
            found &= Q(("severity__gte", int(self.min_severity)))
        if self.status:
            found &= Q(("status", self.status)) | Q(("assertion", self.status))
        if self.date_after:
            found &= Q(("date__gte", date.fromisoformat(self.date_after)))
        if self.date_before:
            found &= Q(("date__lte", date.fromisoformat(self.date_before)))
        return rows.filter(found)


def narrowing(query: Mapping[str, Any]) -> tuple[Narrowing, str]:
    """Reads the filters from an address; and what is wrong with them, for a reader. What cannot be read is left out."""
    error = ""
    days = {}
    for name in ("date_after", "date_before"):
        text = str(query.get(name) or "").strip()[:40]
        try:
            days[name] = parse_day(text).isoformat() if text else ""
        except UnknownTime as unreadable:
            days[name], error = "", str(unreadable)
    if all(days.values()) and days["date_after"] > days["date_before"]:
        error = gettext("The period ends before it begins.")
    found = Narrowing(
        kind=_one_of(query, "kind", {kind.value for kind in Kind}),
        min_severity=_one_of(query, "min_severity", set("12345")),
        status=_one_of(query, "status", set(STATUSES)),
        **days,
    )
    return found, error


def choices() -> dict[str, list[tuple[str, str]]]:
    """The values of each list of the form, with their words."""
    return {
        "kinds": [(kind.value, presentation.label(labels.KINDS, kind.value)) for kind in Kind],
        "severities": [(str(level), str(labels.SEVERITIES[level])) for level in range(1, 6)],
        "statuses": [(name, presentation.label(labels.STATUSES, name)) for name in STATUSES],
    }


def address(*parts: Mapping[str, Any], fragment: str = "") -> str:
    """A query string of what is set in the parts, later ones first in doubt; `?` alone where nothing is."""
    values = {name: value for part in parts for name, value in part.items()}
    return f"?{urlencode({name: value for name, value in values.items() if value})}{fragment}"


def _one_of(query: Mapping[str, Any], name: str, allowed: set[str]) -> str:
    value = str(query.get(name) or "")
    return value if value in allowed else ""
