"""Whether stated growth and targets agree with the figures on record, computed anew from the numbers.

A figure stands for a range. Rounding widens it by half a unit of its last stated digit; at least two digits count
as stated (38.5 billion is 38.45 to 38.55, 12 billion 11.5 to 12.5), and a fraction is never coarser than a whole
percentage (60% is 59.5% to 60.5%). "About" widens it by a twentieth more; "more than" and its kin leave one side
open. Two figures conflict when no number lies in both ranges: what can be true is never flagged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from typing import Any

from django.db.models import QuerySet

from events.choices import Metric, PartyType, Qualifier, Role, Status
from events.models.record import Event, Measure, Party
from events.names import normalize
from events.record.draft import Draft
from events.record.phrases.common import percent, plain_number

JSON = dict[str, Any]
TARGET, RESULT = "target", "result"
MAX_KNOWN = 200
"""Figures of a subject that are read: two periods of one metric have a handful."""

_PERIOD = re.compile(r"((?:FY)?)(\d{4})((?:-[0-9A-Z]{1,3})?)")
_ABOUT = Decimal("0.05")
_PERCENT = Decimal("0.01")
_INFINITY = Decimal("Infinity")
_ROUND = 4
"""Decimals of a computed fraction: a hundredth of a percentage point."""
_LOWER = frozenset({Qualifier.AT_LEAST.value, Qualifier.MORE_THAN.value})
_UPPER = frozenset({Qualifier.AT_MOST.value, Qualifier.LESS_THAN.value})
YEARLY = frozenset({Metric.REVENUE.value, Metric.PROFIT.value, Metric.LOSS.value, Metric.SHARE_PRICE.value})
"""Metrics whose figures of two years are about one thing; an `amount` may be of anything, and whether a share of
the market rose by points or by a fraction of itself no claim tells."""
_FRACTIONS = frozenset({Metric.GROWTH.value, Metric.MARKET_SHARE.value, Metric.SIMILARITY.value})


@dataclass(frozen=True)
class Figure:
    """A measure with a claim's shape, the event that states it (None: not published yet) and its action."""

    event: int | None
    action: str
    row: Mapping[str, Any]

    @property
    def value(self) -> Decimal:
        """The stated number."""
        return Decimal(str(self.row["value"]))

    def as_json(self) -> JSON:
        """Where a computed number comes from: event, value and period."""
        return {"event": self.event, "value": self.row["value"], "period": self.row.get("period", "")}


Range = tuple[Decimal, Decimal]


def recomputed(draft: Draft, event_id: int | None = None) -> tuple[list[JSON], list[list[str]]]:
    """A draft's measures with what was computed of them under `computed`, and for each the conflicts, as sentences.

    `computed` holds, where the figures allow it, `change` (a fraction, from the figure `from` of a year earlier)
    and `gap` (the value less what it is held against, in units; negative is short of it) with `gap_share`, its
    share of that; `against` is the target on record. A target is compared with the figure of a year earlier.
    """
    known = known_figures(draft, event_id)
    rows, notes = [], []
    for row in draft.measures:
        computed, problems = check_measure(row, draft.action, own_figures(draft, event_id), known)
        rows.append(dict(row) | ({"computed": computed} if computed else {}))
        notes.append(problems)
    return rows, notes


def check_measure(
    row: Mapping[str, Any], action: str, own: Sequence[Figure], known: Sequence[Figure]
) -> tuple[JSON, list[str]]:
    """What follows from one measure and the other figures of its draft and of the record, and what disagrees."""
    if row["metric"] == Metric.GROWTH.value:
        return _growth(row, own, known)
    computed: JSON = {}
    notes: list[str] = []
    this = Figure(None, action, row)
    before = _year_earlier(row, _reached(own, known))
    if before and before.value > 0:
        computed |= {"change": _change(before, this), "from": before.as_json()}
        if row.get("change") is not None:
            notes += _change_conflict(row["change"], row.get("change_qualifier", ""), before, this)
    goal = _target(row, known) if action == RESULT else None
    if row.get("threshold") is not None:
        computed |= _gap(this.value, Decimal(str(row["threshold"])))
        notes += _target_conflict(row, goal) if goal else []
    elif goal:
        computed |= _gap(this.value, goal.value) | {"against": goal.as_json()}
    elif action == TARGET and before:
        computed |= _gap(before.value, this.value)
    return computed, notes


def own_figures(draft: Draft, event_id: int | None = None) -> list[Figure]:
    """The draft's own measures."""
    return [Figure(event_id, draft.action, row) for row in draft.measures]


def known_figures(draft: Draft, event_id: int | None = None) -> list[Figure]:
    """Figures of the draft's subject in other standing events, the likeliest base first: exact before qualified,
    then the newest. Denied and alleged figures are no base; planned ones are, where they are targets."""
    periods = {row["period"] for row in draft.measures if row.get("period")}
    periods |= {earlier for period in periods if (earlier := year_earlier(period))}
    if not periods:
        return []
    events = _about_subject(draft)
    if event_id is not None:
        events = events.exclude(id=event_id)
    rows = Measure.objects.filter(event__in=events, period__in=periods).select_related("event")
    found = [
        Figure(measure.event_id, measure.event.action, _row(measure))
        for measure in rows.order_by("-event__date", "-event_id", "order")[:MAX_KNOWN]
        if measure.event.assertion in _believed(measure.event.action)
    ]
    return sorted(found, key=lambda figure: _is_vague(figure.row))


def year_earlier(period: str) -> str:
    """The same period of the year before: 2024 of 2025, 2024-Q3 of 2025-Q3; empty for what is no such period."""
    match = _PERIOD.fullmatch(period)
    return f"{match[1]}{int(match[2]) - 1:04d}{match[3]}" if match else ""


def bounds(value: Any, qualifier: str = "", *, fraction: bool = False) -> Range:
    """The least and greatest number that a stated figure can stand for; infinite where a side is open."""
    number = Decimal(str(value))
    if qualifier in _LOWER:
        return number, _INFINITY
    if qualifier in _UPPER:
        return (min(Decimal(0), number), number) if not fraction else (-_INFINITY, number)
    slack = _half_unit(number, fraction=fraction)
    if qualifier == Qualifier.ABOUT.value:
        slack += abs(number) * _ABOUT
    return number - slack, number + slack


def _half_unit(number: Decimal, *, fraction: bool) -> Decimal:
    """Half of the last stated digit's unit."""
    if not number:
        return _PERCENT / 2 if fraction else Decimal("0.5")
    last = number.normalize().as_tuple().exponent
    unit = Decimal(1).scaleb(min(int(last), number.adjusted() - 1))
    return min(unit, _PERCENT) / 2 if fraction else unit / 2


def _growth(row: Mapping[str, Any], own: Sequence[Figure], known: Sequence[Figure]) -> tuple[JSON, list[str]]:
    """Growth told as a figure of its own: of the revenue, unless its draft also tells of another amount."""
    if {figure.row["metric"] for figure in own} - _FRACTIONS - {Metric.REVENUE.value}:
        return {}, []
    reached = _reached(own, known)
    now = _find(reached, Metric.REVENUE.value, row.get("period") or "")
    before = _year_earlier(now.row, reached) if now else None
    if now is None or before is None or before.value <= 0:
        return {}, []
    computed = {"change": _change(before, now), "from": before.as_json(), "of": now.as_json()}
    return computed, _change_conflict(row["value"], row.get("qualifier", ""), before, now)


def _reached(own: Sequence[Figure], known: Sequence[Figure]) -> list[Figure]:
    """The figures that a base can be among: the draft's own first, then those on record that are no targets."""
    return [*own, *(figure for figure in known if figure.action != TARGET)]


def _year_earlier(row: Mapping[str, Any], reached: Sequence[Figure]) -> Figure | None:
    """The figure of the same metric and currency a year before."""
    if row["metric"] not in YEARLY:
        return None
    earlier = year_earlier(row.get("period") or "")
    return _find(reached, row["metric"], earlier, row.get("currency", ""))


def _target(row: Mapping[str, Any], known: Sequence[Figure]) -> Figure | None:
    """The target on record for the period of a result."""
    if row["metric"] not in YEARLY | {Metric.MARKET_SHARE.value}:
        return None
    targets = [figure for figure in known if figure.action == TARGET]
    return _find(targets, row["metric"], row.get("period") or "", row.get("currency", ""))


def _find(figures: Sequence[Figure], metric: str, period: str, currency: str | None = None) -> Figure | None:
    """The first figure of a metric and period, in a currency or in any."""
    told = [figure for figure in figures if figure.row.get("period")]
    same = [f for f in told if (f.row["metric"], f.row["period"]) == (metric, period)]
    return next((f for f in same if currency in (None, f.row.get("currency", ""))), None)


def _change(before: Figure, after: Figure) -> float:
    return round(float(after.value / before.value - 1), _ROUND)


def _gap(value: Decimal, goal: Decimal) -> JSON:
    gap = {"gap": float(value - goal)}
    return gap | ({"gap_share": round(float((value - goal) / goal), _ROUND)} if goal else {})


def _change_conflict(stated: Any, qualifier: str, before: Figure, after: Figure) -> list[str]:
    told = bounds(stated, qualifier, fraction=True)
    possible = _changes(_range(before), _range(after))
    if told[0] <= possible[1] and possible[0] <= told[1]:
        return []
    computed = percent(_change(before, after))
    return [
        f"The source says a change of {_qualified(percent(float(stated)), qualifier)} on the year, "
        f"but from {_amount(before.row)} to {_amount(after.row)} is {computed}."
    ]


def _target_conflict(row: Mapping[str, Any], goal: Figure) -> list[str]:
    told = bounds(row["threshold"], fraction=row["metric"] in _FRACTIONS)
    known = _range(goal)
    if told[0] <= known[1] and known[0] <= told[1]:
        return []
    threshold = {**row, "value": row["threshold"], "qualifier": ""}
    return [
        f"The source holds the figure against {_amount(threshold)}, but the target is {_amount(goal.row)}."
    ]


def _range(figure: Figure) -> Range:
    fraction = figure.row["metric"] in _FRACTIONS
    return bounds(figure.row["value"], figure.row.get("qualifier") or "", fraction=fraction)


def _changes(before: Range, after: Range) -> Range:
    """The least and greatest change between two ranges, for a base that is positive."""
    base = (max(before[0], Decimal(0)), before[1])
    ratios = [_ratio(end, start) for start, end in product(base, after)]
    found = [ratio - 1 for ratio in ratios if ratio is not None]
    return min(found), max(found)


def _ratio(end: Decimal, start: Decimal) -> Decimal | None:
    """`end / start` at the ends of ranges; None where it tells nothing that the other ends do not."""
    if start.is_infinite():
        return None if end.is_infinite() else Decimal(0)
    if start:
        return end / start
    return Decimal(0) if not end else _INFINITY.copy_sign(end)


def _amount(row: Mapping[str, Any]) -> str:
    """A figure in words: `more than 12,000,000,000 CNY (2024)`."""
    fraction = row["metric"] in _FRACTIONS
    number = percent(row["value"]) if fraction else plain_number(row["value"])
    words = " ".join(filter(None, [number, row.get("currency", "")]))
    period = f" ({row['period']})" if row.get("period") else ""
    return _qualified(words, row.get("qualifier") or "") + period


def _qualified(words: str, qualifier: str) -> str:
    vague = qualifier and qualifier != Qualifier.EXACT.value
    return f"{qualifier.replace('_', ' ')} {words}" if vague else words


def _is_vague(row: Mapping[str, Any]) -> bool:
    return row.get("qualifier", "") not in {"", Qualifier.EXACT.value}


def _believed(action: str) -> frozenset[str]:
    told = {Status.REPORTED.value, Status.CONFIRMED.value}
    return frozenset(told | {Status.PLANNED.value} if action == TARGET else told)


def _about_subject(draft: Draft) -> QuerySet[Event]:
    """Standing events with the draft's subject; one that is not on record, such as a product, by its name."""
    subject = draft.subject
    parties = Party.objects.filter(role=Role.SUBJECT.value, type=subject.type.value)
    if subject.id is not None:
        column = "executive" if subject.type is PartyType.PERSON else "organization"
        parties = parties.filter(**{column: subject.id})
    elif subject.type is PartyType.PRODUCT:
        parties = parties.filter(id__in=_called(subject.name, parties))
    else:
        parties = parties.none()
    standing = Event.objects.exclude(status=Status.RETRACTED.value)
    return standing.filter(id__in=parties.values("event"))


def _called(name: str, parties: QuerySet[Party]) -> list[int]:
    """Parties whose name is the same but for case and punctuation."""
    first = normalize(name).partition(" ")[0]
    near = parties.filter(name__icontains=first, event__measures__period__gt="") if first else parties.none()
    written = near.order_by("-event_id").values_list("id", "name")[:MAX_KNOWN]
    return [pk for pk, other in written if normalize(other) == normalize(name)]


def _row(measure: Measure) -> JSON:
    values = {
        "metric": measure.metric, "value": float(measure.value), "qualifier": measure.qualifier,
        "currency": measure.currency, "period": measure.period,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value != ""}
