"""How a public payload is put into words: dates, figures, penalties, and each field with its quotes.

Pure functions over the payload of a revision (or a claim, whose fields have the same names); nothing here reads
the database. Text comes out unescaped: templates escape it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.dates import DateJSON, PartialDate
from tracker.web import labels

Payload = Mapping[str, Any]

_SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
_SCALES_ZH = ((Decimal(10) ** 12, "万亿"), (Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
_FRACTIONS = frozenset({"growth", "market_share"})


@dataclass(frozen=True)
class Fact:
    """One field of an event as a reader sees it: its label, its values in words, the quotes that prove it."""

    pointer: str
    label: str
    values: tuple[str, ...]
    links: tuple[str, ...] = ()
    quotes: list[Mapping[str, Any]] = field(default_factory=list)


def is_chinese() -> bool:
    """Whether the page is written in Chinese."""
    return (get_language() or "en").startswith("zh")


def label(words: Mapping[str, labels.Label], value: str) -> str:
    """The word for a value of a vocabulary; the value itself in words where there is none."""
    return str(words.get(value, value.replace("_", " ").capitalize()))


def date_words(date: DateJSON | PartialDate | None) -> str:
    """A partial date in the page's language, exactly as precise as it is known; empty for none."""
    if not date:
        return ""
    partial = date if isinstance(date, PartialDate) else PartialDate.from_json(date)
    return partial.in_chinese() if is_chinese() else partial.in_words()


def date_machine(date: DateJSON | None) -> str:
    """The value of a `datetime` attribute: 2025-08 for a month."""
    return str(PartialDate.from_json(date)) if date else ""


def sentence(payload: Payload) -> str:
    """The event's sentence in the page's language."""
    chinese = str(payload.get("summary_zh") or "") if is_chinese() else ""
    return chinese or str(payload.get("summary") or "")


def marked_sentence(payload: Payload) -> str:
    """The sentence where no mark can stand beside it (titles, other sites): what a reader must know comes first, as
    in `Alleged: ...`."""
    colon = "：" if is_chinese() else ": "
    return colon.join([*(label(labels.STATUSES, name) for name in cautions(payload)), sentence(payload)])


def number(value: Any) -> str:
    """A figure for people: `38.523 billion`, `0.927`, `1,200`."""
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return str(value)
    for scale, word in _SCALES_ZH if is_chinese() else _SCALES:
        if abs(amount) >= scale:
            return f"{_plain(amount / scale)}{'' if is_chinese() else ' '}{word}"
    return _plain(amount)


def _plain(amount: Decimal) -> str:
    text = f"{amount:,.4f}".rstrip("0").rstrip(".")
    return text or "0"


def percent(value: Any, *, signed: bool = False) -> str:
    """A fraction as a percentage: 0.085 is `8.5%`, or `+8.5%`."""
    amount = Decimal(str(value)) * 100
    return f"{'+' if signed and amount > 0 else ''}{_plain(amount)}%"


def penalty_words(penalty: Mapping[str, Any]) -> str:
    """A penalty in words: `Demotion from 22A to 21A, three levels by the source, 3 steps on the ladder`."""
    parts = [label(labels.ACTIONS, str(penalty["type"]))]
    if penalty.get("degree"):
        parts = [f"{parts[0]} ({label(labels.DEGREES, penalty['degree'])})"]
    if penalty.get("from") or penalty.get("to"):
        parts.append(f"{str(penalty.get('from') or '?').upper()} → {str(penalty.get('to') or '?').upper()}")
    if penalty.get("levels"):
        levels = int(penalty["levels"])
        parts.append(
            ngettext("%(count)s level in the source", "%(count)s levels in the source", levels)
            % {"count": levels}
        )
    if penalty.get("steps") is not None:
        parts.append(steps_words(int(penalty["steps"])))
    if penalty.get("amount") is not None:
        parts.append(f"{penalty.get('currency') or ''} {number(penalty['amount'])}".strip())
    if penalty.get("duration"):
        parts.append(duration_words(str(penalty["duration"])))
    return " · ".join(parts)


def steps_words(steps: int) -> str:
    """Steps on a ladder; negative is down."""
    count = abs(steps)
    if steps < 0:
        return ngettext("%(count)s step down the ladder", "%(count)s steps down the ladder", count) % {
            "count": count
        }
    if steps > 0:
        return ngettext("%(count)s step up the ladder", "%(count)s steps up the ladder", count) % {
            "count": count
        }
    return gettext("no step on the ladder")


def duration_words(duration: str) -> str:
    """An ISO 8601 duration of one part in words (`P5Y` is "5 years"); any other as it is."""
    body, unit = duration[1:-1], duration[-1:]
    if duration[:1] != "P" or not body.isdigit():
        return duration
    count = int(body)
    words = {
        "Y": ngettext("%(count)s year", "%(count)s years", count),
        "M": ngettext("%(count)s month", "%(count)s months", count),
        "D": ngettext("%(count)s day", "%(count)s days", count),
    }
    return words[unit] % {"count": count} if unit in words else duration


def measure_value(measure: Mapping[str, Any]) -> str:
    """A figure's value in words: `more than CNY 12 billion`."""
    value = percent(measure["value"]) if measure["metric"] in _FRACTIONS else number(measure["value"])
    return " ".join(
        filter(None, [_qualifier(measure, "qualifier"), str(measure.get("currency") or ""), value])
    )


def measure_change(measure: Mapping[str, Any]) -> str:
    """A figure's change on the year before: `+8.5%`; empty where none is given."""
    if measure.get("change") is None:
        return ""
    return " ".join(
        filter(None, [_qualifier(measure, "change_qualifier"), percent(measure["change"], signed=True)])
    )


def measure_words(measure: Mapping[str, Any]) -> str:
    """A figure in words: `Revenue (2024): CNY 38.523 billion, +8.5% on the year before`."""
    words = label(labels.METRICS, str(measure["metric"]))
    if measure.get("period"):
        words += f" ({measure['period']})"
    words += f": {measure_value(measure)}"
    if change := measure_change(measure):
        words += ", " + gettext("%(change)s on the year before") % {"change": change}
    if measure.get("threshold") is not None:
        words += ", " + gettext("held against a threshold of %(value)s") % {
            "value": number(measure["threshold"])
        }
    return words


def _qualifier(measure: Mapping[str, Any], key: str) -> str:
    return str(labels.QUALIFIERS.get(str(measure.get(key) or ""), ""))


def headcount_words(headcount: Mapping[str, Any]) -> str:
    """People affected: `at least 2,000 ("thousands")`."""
    low, high, text = headcount.get("min"), headcount.get("max"), headcount.get("text")
    if low is not None and high is not None:
        words = f"{low:,}" if low == high else f"{low:,} – {high:,}"
    elif low is not None:
        words = gettext("at least %(count)s") % {"count": f"{low:,}"}
    elif high is not None:
        words = gettext("at most %(count)s") % {"count": f"{high:,}"}
    else:
        return str(text or "")
    return f"{words} (“{text}”)" if text else words


def party_name(party: Mapping[str, Any]) -> str:
    """What a party is called in the page's language."""
    chinese = str(party.get("name_zh") or "") if is_chinese() else ""
    return chinese or str(party.get("name") or "")


def party_link(party: Mapping[str, Any] | None) -> str:
    """The page of a party that is a known person or organization, else empty."""
    if not party or party.get("id") is None:
        return ""
    room = {"person": "people", "organization": "organizations"}.get(str(party.get("type") or "organization"))
    return f"/{room}/{party['id']}/" if room else ""


def cautions(payload: Payload) -> list[str]:
    """The statuses that a reader must see before the sentence, gravest first; none for a plain report."""
    status, assertion = str(payload.get("status") or ""), str(payload.get("assertion") or "")
    found: list[str] = [name for name in ("retracted", "corrected") if status == name]
    found += [name for name in ("alleged", "denied", "planned") if name in (status, assertion)]
    return found


def facts(payload: Payload) -> list[Fact]:
    """Every field of an event in reading order, each with its own quotes.

    Quotes of the whole, and quotes of fields that have no row of their own, come last under the pointer "".
    """
    rows = [row for row in _rows(payload) if any(row.values)]
    rest: list[Mapping[str, Any]] = []
    for quote in payload.get("evidence") or []:
        _row_for(str(quote.get("field") or ""), rows, rest).append(quote)
    if rest:
        rows.append(Fact("", gettext("The report as a whole"), (), (), rest))
    return rows


def _row_for(pointer: str, rows: list[Fact], rest: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The quotes of the row whose pointer is the longest beginning of `pointer`."""
    owners = [
        row
        for row in rows
        if row.pointer and (pointer == row.pointer or pointer.startswith(row.pointer + "/"))
    ]
    return max(owners, key=lambda row: len(row.pointer)).quotes if owners else rest


def _rows(payload: Payload) -> Iterable[Fact]:
    details: Mapping[str, Any] = payload.get("details") or {}
    yield from _subject_rows(payload.get("subject") or {})
    for index, party in enumerate(details.get("participants") or []):
        words = label(labels.ROLES, str(party.get("role") or ""))
        yield Fact(f"/participants/{index}", words, (party_name(party),), (party_link(party),))
    for name, date in (payload.get("dates") or {}).items():
        yield Fact(f"/dates/{name}", label(labels.DATES, name), (date_words(date),))
    for index, penalty in enumerate(details.get("penalties") or []):
        yield Fact(f"/penalties/{index}", gettext("Penalty"), (penalty_words(penalty),))
    for index, ground in enumerate(details.get("grounds") or []):
        yield Fact(f"/grounds/{index}", gettext("Ground"), (str(ground),))
    if details.get("departure"):
        yield Fact("/departure", gettext("Departure"), (label(labels.DEPARTURES, str(details["departure"])),))
    if details.get("interim"):
        yield Fact("/interim", gettext("Interim"), (gettext("Yes"),))
    if details.get("headcount"):
        yield Fact("/headcount", gettext("People affected"), (headcount_words(details["headcount"]),))
    for index, measure in enumerate(details.get("measures") or []):
        yield Fact(f"/measures/{index}", gettext("Figure"), (measure_words(measure),))


def _subject_rows(subject: Mapping[str, Any]) -> Iterable[Fact]:
    organization = subject.get("organization")
    if isinstance(organization, str):
        organization = {"name": organization}
    yield Fact("/subject", gettext("Subject"), (party_name(subject),), (party_link(subject),))
    if subject.get("title"):
        yield Fact("/subject/title", gettext("Position"), (str(subject["title"]),))
    if organization:
        link = party_link({**organization, "type": "organization"})
        yield Fact("/subject/organization", gettext("At"), (party_name(organization),), (link,))


def change_words(value: Any) -> str:
    """An old or new value of a revision's change, readable: dates and lists in words, a missing one as a dash."""
    if value is None or value in ("", [], {}):
        return "–"
    if isinstance(value, Mapping):
        return _mapping_words(value)
    if isinstance(value, list):
        return "; ".join(change_words(item) for item in value)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    return str(value)


def _mapping_words(value: Mapping[str, Any]) -> str:
    if set(value) == {"value", "precision"}:
        return date_words({"value": str(value["value"]), "precision": str(value["precision"])})
    if "quote" in value:
        return f"“{value['quote']}”"
    if "metric" in value and "value" in value:
        return measure_words(value)
    if "type" in value and "name" not in value:
        return penalty_words(value)
    if "name" in value:
        return str(value["name"])
    return ", ".join(f"{name.replace('_', ' ')}: {change_words(item)}" for name, item in value.items())


_POINTERS: dict[str, labels.Label] = {
    **labels.DATES,
    "subject": _("Subject"),
    "title": _("Position"),
    "organization": _("Organization"),
    "summary": _("Sentence"),
    "summary_zh": _("Sentence in Chinese"),
    "details": "",
    "dates": "",
    "date": _("Date"),
    "status": _("Status"),
    "severity": _("Severity"),
    "confidence": _("Confidence"),
    "issuer": _("Decided by"),
    "penalties": _("Penalty"),
    "grounds": _("Ground"),
    "measures": _("Figure"),
    "participants": _("Party"),
    "kind": _("Kind"),
    "action": _("Action"),
    "case": _("Case"),
    "evidence": _("Quotes"),
    **labels.MEMBERS,
}


def pointer_words(pointer: str) -> str:
    """A JSON Pointer of the payload as a person would say it: `/details/penalties/0/from` is "Penalty 1, from"."""
    words: list[str] = []
    for part in pointer.strip("/").split("/"):
        part = part.replace("~1", "/").replace("~0", "~")
        if part.isdigit() and words:
            words[-1] += f" {int(part) + 1}"
        elif part:
            words.append(str(_POINTERS.get(part, part.replace("_", " "))))
    return ", ".join(word for word in words if word) or gettext("The whole")
