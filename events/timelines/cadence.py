"""Cadence: how many days lie between the releases of a product line, and how that compares with peers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import Any

from django.db.models import Q
from django.utils import timezone

from events.choices import Kind, PartyType, Precision, Role, Status
from events.models.organizations import Organization
from events.names import normalize
from events.timelines.clocks import NOW, AsOf
from events.timelines.entries import Rows, bearing_on, entries, entry, instant

JSON = dict[str, Any]
RELEASE = "release"
MAX_RELEASES = 2000
"""Releases that one answer is made of, the newest first."""
MAX_PEERS = 20
Named = Iterable[tuple[int, str]]
"""Organizations: id and name."""

_TOLD = frozenset({Status.REPORTED.value, Status.CONFIRMED.value})
_VERSION = re.compile(
    r"(?:[\s\-_/·.,(（]+(?:v|ver|version|release)\.?\s*|[\s\-_/·.,(（]*)\d+(?:[.\-]\d+)*\s*[A-Za-z]{0,2}[)）]?$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Release:
    """A product put out, as an event tells it. `day` is the first day where only the month is known."""

    event: int
    name: str
    organizations: frozenset[int]
    day: date
    precision: str


def line_of(product: str) -> str:
    """The product line of a product's name: "HarmonyOS 5.1" and "HarmonyOS NEXT 5" are HarmonyOS and HarmonyOS NEXT.

    Versions at the end are taken away, as long as something is left.
    """
    line = product.strip()
    while (shorter := _VERSION.sub("", line).strip(" -_/·.,(（")) != line and normalize(shorter):
        line = shorter
    return line


def releases(rows: Rows) -> list[Release]:
    """The releases among entries, oldest first; those known by their year alone tell nothing of days."""
    told = rows.filter(Q(("kind", Kind.PRODUCT.value)), Q(("action", RELEASE)))
    return releases_in(entry(row) for row in told.order_by("-date", "-event_id")[:MAX_RELEASES])


def releases_in(payloads: Iterable[JSON]) -> list[Release]:
    """The releases that payloads of product releases tell, oldest first."""
    found = [release for payload in payloads for release in _releases(payload)]
    return sorted(found, key=lambda release: (release.day, release.event, release.name))


def cadence(organization: Organization, as_of: AsOf = NOW, peers: Iterable[int] | None = None) -> JSON:
    """The cadence of an organization's product lines by both clocks, beside that of its peers.

    Days are whole days between releases of one line; releases of one day count once. `peers` are organizations by
    id; None compares with every other one that has releases. `valid_at` is today (UTC) where it is not given.
    """
    day = as_of.valid_at or timezone.now().date()
    known = AsOf(day, as_of.known_at)
    own = _of(organization.pk, releases(bearing_on(entries(known), [_subject(organization.pk)])))
    others = _peer_releases(organization.pk, known, peers)
    return {
        "organization": {"id": organization.pk, "name": organization.name},
        "valid_at": day.isoformat(),
        "known_at": instant(as_of.known_at) if as_of.known_at else None,
        **compared(own, others, _named(others), day),
    }


def compared(own: list[Release], others: dict[int, list[Release]], named: Named, day: date) -> JSON:
    """Releases by line with their pace, beside the pace of others: by id, whose names are `named`."""
    beside = [_peer(pk, name, others[pk], day) for pk, name in named]
    medians = [peer["median_days"] for peer in beside if peer["median_days"] is not None]
    lines = [_line(name, group, day) for name, group in _lines(own)]
    return {
        "lines": sorted(lines, key=lambda line: (line["days_since_last"], line["line"])),
        **_overall(own, day),
        "peers": sorted(beside, key=lambda peer: (peer["organization"]["name"], peer["organization"]["id"])),
        "peers_median_days": _median(medians),
    }


def _peer_releases(pk: int, as_of: AsOf, peers: Iterable[int] | None) -> dict[int, list[Release]]:
    """The releases of each peer, by its id; those asked for are there also without any."""
    if peers is None:
        found = releases(entries(as_of))
        ids = {other for release in found for other in release.organizations}
    else:
        ids = set(peers)
        found = releases(bearing_on(entries(as_of), [_subject(other) for other in ids])) if ids else []
    return {other: _of(other, found) for other in sorted(ids - {pk})}


def _named(others: dict[int, list[Release]]) -> list[tuple[int, str]]:
    return list(Organization.objects.filter(id__in=others).values_list("id", "name"))


def _peer(pk: int, name: str, found: list[Release], day: date) -> JSON:
    return {"organization": {"id": pk, "name": name}, "lines": len(_lines(found)), **_overall(found, day)}


def _overall(found: list[Release], day: date) -> JSON:
    gaps = [gap for _, group in _lines(found) for gap in _gaps(group)]
    last = max((release.day for release in found), default=None)
    return {
        "releases": len(found),
        "median_days": _median(gaps),
        "last_release": last.isoformat() if last else None,
        "days_since_last": (day - last).days if last else None,
    }


def _line(name: str, group: list[Release], day: date) -> JSON:
    gaps = _gaps(group)
    return {
        "line": name,
        "releases": [
            {"event": r.event, "name": r.name, "date": {"value": r.day.isoformat(), "precision": r.precision}}
            for r in group
        ],
        "median_days": _median(gaps),
        "last_gap_days": gaps[-1] if gaps else None,
        "days_since_last": (day - group[-1].day).days,
    }


def _lines(found: list[Release]) -> list[tuple[str, list[Release]]]:
    """Releases by line, in order of time, under the newest spelling of the line."""
    groups = defaultdict[str, list[Release]](list)
    for release in found:
        groups[normalize(line_of(release.name))].append(release)
    return [(line_of(group[-1].name), group) for _, group in sorted(groups.items())]


def _gaps(group: list[Release]) -> list[int]:
    days = sorted({release.day for release in group})
    return [(after - before).days for before, after in pairwise(days)]


def _median(values: list[float] | list[int]) -> float | None:
    return float(median(values)) if values else None


def _of(pk: int, found: list[Release]) -> list[Release]:
    return [release for release in found if pk in release.organizations]


def _releases(payload: JSON) -> list[Release]:
    """What one event releases: its subject, or the products that its subject released."""
    if payload["assertion"] not in _TOLD or payload["date"]["precision"] == Precision.YEAR.value:
        return []
    subject, others = payload["subject"], payload["details"].get("participants", [])
    is_product = subject["type"] == PartyType.PRODUCT.value
    named = [subject] if is_product else [p for p in others if p["role"] == Role.PRODUCT.value]
    by = [
        subject.get("organization") or {},
        *(p for p in (subject, *others) if p["type"] == PartyType.ORGANIZATION.value),
    ]
    ids = frozenset(party["id"] for party in by if party.get("id") is not None)
    day, precision = date.fromisoformat(payload["date"]["value"]), payload["date"]["precision"]
    return [Release(payload["event"], party["name"], ids, day, precision) for party in named]


def _subject(pk: int) -> str:
    return f"organization:{pk}"
