"""An organization's figures and releases beside those of its peers, from one SQL statement."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet

from events.choices import Kind, PartyType, Status
from events.models.record import Event, Revision
from events.timelines.cadence import RELEASE, compared, releases_in
from events.timelines.clocks import AsOf
from events.timelines.entries import entries, entry
from events.timelines.lineage import Family
from tracker.web import labels, presentation
from tracker.web.public import charts

JSON = dict[str, Any]
OWN, OTHERS = 200, 250
"""The newest events with figures or releases that a page reads: the organization's, and everyone's."""
MAX_PEERS = 8
MAX_FIGURES = 60
_KINDS = (Kind.PERFORMANCE.value, Kind.PRODUCT.value)
_TOLD = frozenset({Status.REPORTED.value, Status.CONFIRMED.value})
_YEAR = re.compile(r"(?:19|20)\d\d")


def told(pk: int, family: Family, as_of: AsOf) -> list[JSON]:
    """The entries with figures and the releases, the newest first: of an organization, and of everyone lately."""
    subjects = family.subjects([pk])
    named: QuerySet[Any, Any]
    newest = Event.objects.filter(kind__in=_KINDS, head__isnull=False)
    if as_of.valid_at is not None:
        newest = newest.filter(date__lte=as_of.valid_at)
    if as_of.known_at is None:
        named = newest.filter(bearings__subject__in=subjects).order_by("-date", "-pk").values("pk")
    else:
        said = Revision.objects.filter(subjects__overlap=subjects, event__kind__in=_KINDS)
        said = said.filter(recorded_at__lte=as_of.known_at).order_by("-event__date")
        named = said.annotate(pk_of=F("event_id")).values("pk_of")
    which = Q(("event_id__in", named[:OWN])) | Q(
        ("event_id__in", newest.order_by("-date", "-pk").values("pk")[:OTHERS])
    )
    what = Q(("kind", _KINDS[0])) | Q(("kind", _KINDS[1])) & Q(("action", RELEASE))
    rows = entries(as_of).filter(which, what).order_by("-date", "-event_id")
    return [entry(row) for row in rows]


@dataclass(frozen=True)
class Figure:
    """One figure of an entry, of the organization that the entry is about."""

    organization: int
    name: str
    event: int
    measure: JSON
    date: str

    @property
    def year(self) -> int:
        """The year of its period, else of the entry."""
        found = _YEAR.search(str(self.measure.get("period") or "")) or _YEAR.search(self.date)
        return int(found.group()) if found else 0


def figures(payloads: Iterable[JSON], pk: int) -> list[JSON]:
    """The organization's own figures as rows of a table, the newest period first."""
    found = [
        {
            "event": row["event"],
            "action": row["action"],
            "marks": presentation.cautions(row),
            "metric": presentation.label(labels.METRICS, measure["metric"]),
            "period": measure.get("period", ""),
            "value": presentation.measure_value(measure),
            "change": presentation.measure_change(measure),
        }
        for row in payloads
        if row["kind"] == Kind.PERFORMANCE.value and _is_about(row, pk)
        for measure in row["details"].get("measures", [])
    ]
    found.sort(key=lambda row: str(row["period"]).removeprefix("FY"), reverse=True)
    return found[:MAX_FIGURES]


def growth(payloads: Iterable[JSON], pk: int, family: Collection[int]) -> list[JSON]:
    """By metric that the organization has a growth of: its newest, beside its peers' of the nearest year.

    Peers are the others that state the same metric, its own family apart. What is only planned, alleged or denied is
    no figure to compare. Rows are in order of growth, each with its bar.
    """
    by_metric = defaultdict[str, list[Figure]](list)
    for figure in _growths(payloads):
        by_metric[figure.measure["metric"]].append(figure)
    found = []
    for metric, stated in by_metric.items():
        own = max((f for f in stated if f.organization == pk), key=lambda f: (f.year, f.date), default=None)
        if own is not None:
            rows = [own, *_nearest((f for f in stated if f.organization not in family), own.year)]
            found.append({"metric": presentation.label(labels.METRICS, metric), **_compared(rows, pk)})
    return found


def cadence(payloads: Iterable[JSON], pk: int, family: Collection[int], day: date) -> JSON | None:
    """The organization's releases by product line beside the pace of others; None where it has none."""
    stated = [row for row in payloads if row["kind"] == Kind.PRODUCT.value]
    all_releases = releases_in(stated)
    own = [release for release in all_releases if pk in release.organizations]
    if not own:
        return None
    names = dict(party for row in stated for party in _organizations(row))
    others = {
        other: [release for release in all_releases if other in release.organizations]
        for other in names
        if other != pk and other not in family
    }
    found = compared(own, others, [(other, names[other]) for other in others], day)
    found["peers"] = [peer for peer in found["peers"] if peer["releases"]][:MAX_PEERS]
    for line in found["lines"]:
        line["last"] = line["releases"][-1]
    rows = [
        (line["line"], [(date.fromisoformat(r["date"]["value"]), r["name"]) for r in line["releases"]])
        for line in found["lines"]
    ]
    return found | {"wide": charts.strips(rows, day, 880), "narrow": charts.strips(rows, day, 320)}


def _growths(payloads: Iterable[JSON]) -> Iterator[Figure]:
    for row in payloads:
        if row["kind"] != Kind.PERFORMANCE.value or row["assertion"] not in _TOLD:
            continue
        subject = row["subject"]
        if subject["type"] == PartyType.ORGANIZATION.value and subject.get("id") is not None:
            for measure in row["details"].get("measures", []):
                if measure.get("change") is not None:
                    yield Figure(
                        subject["id"],
                        presentation.party_name(subject),
                        row["event"],
                        measure,
                        str(row["date"]["value"]),
                    )


def _nearest(stated: Iterable[Figure], year: int) -> list[Figure]:
    """For each organization the figure whose period is nearest to the year; those nearest of all."""
    best: dict[int, Figure] = {}
    for figure in stated:
        kept = best.get(figure.organization)
        if kept is None or abs(figure.year - year) < abs(kept.year - year):
            best[figure.organization] = figure
    ordered = sorted(best.values(), key=lambda f: f.date, reverse=True)
    return sorted(ordered, key=lambda f: abs(f.year - year))[:MAX_PEERS]


def _compared(rows: list[Figure], pk: int) -> JSON:
    rows = sorted(rows, key=lambda f: Decimal(str(f.measure["change"])), reverse=True)
    bars = charts.bars([float(figure.measure["change"]) for figure in rows])
    return {
        "rows": [
            {
                "organization": figure.organization,
                "name": figure.name,
                "own": figure.organization == pk,
                "event": figure.event,
                "period": figure.measure.get("period") or "",
                "value": presentation.measure_value(figure.measure),
                "change": presentation.measure_change(figure.measure),
                "open": figure.measure.get("change_qualifier") in {"more_than", "at_least"},
                "bar": bar,
            }
            for figure, bar in zip(rows, bars, strict=True)
        ],
        "periods_differ": len({str(figure.measure.get("period") or "") for figure in rows}) > 1,
        "alone": len(rows) == 1,
    }


def _is_about(row: JSON, pk: int) -> bool:
    return bool(row["subject"]["type"] == PartyType.ORGANIZATION.value and row["subject"].get("id") == pk)


def _organizations(row: JSON) -> Iterator[tuple[int, str]]:
    subject = row["subject"]
    parties = [subject.get("organization") or {}, subject, *row["details"].get("participants", [])]
    for party in parties:
        if party.get("type", "organization") == PartyType.ORGANIZATION.value and party.get("id") is not None:
            yield party["id"], presentation.party_name(party)
