"""English wordings."""

from __future__ import annotations

import re
from collections.abc import Callable

from events.record.phrases.common import JSON, names, organization, percent, plain_number, stated_date

_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_BODIES = re.compile(
    r"\b(committee|commission|authority|board|bureau|ministry|office|department|exchange|agency|council|court)\b",
    re.I,
)
_DETERMINED = re.compile(r"the |a |.*['’]s? ", re.I)
_QUALIFIERS = {
    "about": "about ", "at_least": "at least ", "at_most": "at most ", "more_than": "more than ", "less_than": "less than ",
}  # fmt: skip


def sentence(payload: JSON) -> str:
    """The sentence, with a capital at its beginning and a full stop."""
    text = _KINDS[payload["kind"]](payload)
    date = stated_date(payload)
    if date:
        text += f" {'on' if date.precision.value == 'day' else 'in'} {date.in_words()}"
    return f"{text[0].upper()}{text[1:]}."


def listed(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def count(number: int) -> str:
    """Small whole numbers in words."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else plain_number(number)


def money(value: float, currency: str) -> str:
    """`CNY 38.523 billion`, `USD 400,000`."""
    for scale, word in _SCALES:
        if abs(value) >= scale:
            text = f"{plain_number(round(value / scale, 3))} {word}"
            break
    else:
        text = plain_number(value)
    return f"{currency} {text}".strip()


def penalty(row: JSON) -> str:
    """One penalty as a verb phrase that follows "was"."""
    amount = f" {money(row['amount'], row.get('currency', ''))}" if row.get("amount") is not None else ""
    duration = f" for {_duration(row['duration'])}" if row.get("duration") else ""
    plain = {
        "dismissal": "dismissed",
        "suspension": f"suspended{duration}",
        "removal": "removed from the post",
        "pay_cut": f"given a pay cut{' of' + amount if amount else ''}",
        "clawback": f"made to pay back{amount or ' earlier pay'}",
        "fine": f"fined{amount}",
        "ban": f"banned{duration}",
        "expulsion": "expelled",
        "detention": "detained",
        "reprimand": "reprimanded",
    }
    if row["type"] == "demotion":
        return _demotion(row)
    if row["type"] == "warning":
        degree = row.get("degree", "")
        return f"given a {degree} warning" if degree in {"severe", "minor"} else "given a warning"
    return plain[row["type"]]


def _demotion(row: JSON) -> str:
    text = "demoted"
    if row.get("levels"):
        text += f" {count(row['levels'])} {'level' if row['levels'] == 1 else 'levels'}"
    if row.get("from"):
        text += f" from {row['from']}"
    return text + (f" to {row['to']}" if row.get("to") else "")


def _duration(value: str) -> str:
    units = {"Y": "year", "M": "month", "W": "week", "D": "day"}
    number, unit = value[1:-1], units.get(value[-1:], "")
    if not (number.isdigit() and unit):
        return value
    return f"{count(int(number))} {unit}{'' if number == '1' else 's'}"


def _subject(payload: JSON) -> str:
    """The subject with its title, set off by commas where it has one."""
    subject, where = payload["subject"], organization(payload)
    title = subject.get("title") or ""
    if not title:
        needs_place = (
            where
            and subject["type"] in {"person", "group"}
            and where.casefold() not in subject["name"].casefold()
        )
        return f"{subject['name']} of {where}" if needs_place else str(subject["name"])
    place = f" of {where}" if where and where.casefold() not in title.casefold() else ""
    return f"{subject['name']}, {title}{place},"


def _was(payload: JSON) -> str:
    return "were" if payload["subject"]["type"] == "group" else "was"


def _by_issuer(payload: JSON) -> str:
    issuer = payload["details"].get("issuer")
    return f" by {with_article(issuer['name'])}" if issuer else ""


def with_article(name: str) -> str:
    """A body's name as a sentence takes it: "the Conduct Committee", but "Northlake's Conduct Committee"."""
    is_body = _BODIES.search(name) and not _DETERMINED.match(name)
    return f"the {name}" if is_body else name


def _discipline(payload: JSON) -> str:
    details = payload["details"]
    if payload["action"] == "investigation":
        text = f"{_subject(payload)} {_was(payload)} put under investigation"
    else:
        rows = details.get("penalties") or [{"type": payload["action"]}]
        text = f"{_subject(payload)} {_was(payload)} {listed([penalty(row) for row in rows])}"
    text += _by_issuer(payload)
    grounds = details.get("grounds", [])
    return text + (f" for {listed(grounds)}" if grounds else "")


def _leadership(payload: JSON) -> str:
    subject, details = payload["subject"], payload["details"]
    place = organization(payload)
    title = subject.get("title") or ""
    post = title + (f" of {place}" if place and place.casefold() not in title.casefold() else "")
    if payload["action"] == "departure":
        verb = {"voluntary": "stepped down", "forced": "was removed"}.get(
            details.get("departure", ""), "left"
        )
        return f"{subject['name']} {verb}" + (
            f" as {post}" if title else f" {'from' if verb != 'left' else ''} {post}".rstrip()
        )
    verb = "was appointed" if payload["action"] == "appointment" else "was reassigned as"
    interim = "interim " if details.get("interim") and "interim" not in title.casefold() else ""
    text = f"{subject['name']} {verb} {interim}{post}".rstrip()
    before = names(payload, "predecessor")
    return text + (f", succeeding {listed(before)}" if before and payload["action"] == "appointment" else "")


def _reorganization(payload: JSON) -> str:
    name, where, details = payload["subject"]["name"], organization(payload), payload["details"]
    unit = f"{name} ({where})" if where and where.casefold() not in name.casefold() else name
    to = listed(names(payload, "successor") or names(payload, "counterparty"))
    people = _people(details.get("headcount", {}))
    if payload["action"] == "layoff":
        return f"job cuts at {unit}" + (f" affected {people}" if people else " were made")
    words = {
        "creation": "was created",
        "dissolution": "was dissolved" + (f"; its work went to {to}" if to else ""),
        "merger": f"was merged into {to}" if to else "was merged",
        "split": f"was split into {to}" if to else "was split up",
        "transfer": f"was transferred to {to}" if to else "was transferred",
        "rename": f"was renamed {to}" if to else "was renamed",
        "restructuring": "was restructured",
    }
    return f"{unit} {words[payload['action']]}" + (f", affecting {people}" if people else "")


def _people(headcount: JSON) -> str:
    """The number of people: in the source's English words where it has such, else the least number given."""
    text = str(headcount.get("text") or "")
    if text.isascii() and text in {"dozens", "hundreds", "thousands", "tens of thousands"}:
        return f"{text} of people"
    return f"{plain_number(headcount['min'])} people" if headcount.get("min") else text


def _controversy(payload: JSON) -> str:
    name, action = payload["subject"]["name"], payload["action"]
    others = listed(names(payload, "claimant"))
    compared = listed(names(payload, "product"))
    if action == "lawsuit":
        text = f"{others} sued {name}" if others else f"{name} was sued"
    elif action == "allegation":
        text = f"{others} made allegations about {name}" if others else f"allegations were made about {name}"
        text += ", who denied them," if payload["assertion"] == "denied" else ""
    elif action == "finding":
        text = f"a finding was made against {name}{_by_issuer(payload)}"
    else:
        text = f"{name} {'denied the allegations' if action == 'denial' else 'settled'}"
        text += f" with {others}" if action == "settlement" and others else ""
    if compared:
        text += f" in comparison with {compared}"
    figures = [measure(row) for row in payload["details"].get("measures", [])]
    return text + (f" ({listed(figures)})" if figures else "")


def _product(payload: JSON) -> str:
    name, maker = payload["subject"]["name"], listed(names(payload, "organization"))
    verb = {"announcement": "announced", "release": "released", "delay": "delayed", "withdrawal": "withdrew"}[
        payload["action"]
    ]
    passive = "withdrawn" if verb == "withdrew" else verb
    return f"{maker} {verb} {name}" if maker else f"{name} was {passive}"


def measure(row: JSON) -> str:
    """One figure with its metric, change, threshold and period."""
    metric = str(row["metric"]).replace("_", " ")
    value, qualifier = row["value"], _QUALIFIERS.get(row.get("qualifier", ""), "")
    if row["metric"] in {"market_share", "growth"}:
        figure = percent(value)
    elif row.get("currency"):
        figure = money(value, row["currency"])
    else:
        figure = plain_number(value)
    text = f"{metric} of {qualifier}{figure}"
    if row.get("period"):
        text += f" for {row['period']}"
    if row.get("threshold") is not None:
        text += f" against a threshold of {plain_number(row['threshold'])}"
    if row.get("change") is not None:
        way = "up" if row["change"] >= 0 else "down"
        text += f", {way} {_QUALIFIERS.get(row.get('change_qualifier', ''), '')}{percent(abs(row['change']))}"
    return text


def _performance(payload: JSON) -> str:
    name = payload["subject"]["name"]
    figures = listed([measure(row) for row in payload["details"].get("measures", [])]) or "figures"
    verb = {"result": "reported", "target": "set a target:", "market_share": "had a"}[payload["action"]]
    return f"{name} {verb} {figures}"


def _listing(payload: JSON) -> str:
    name, by = payload["subject"]["name"], _by_issuer(payload)
    place = listed(names(payload, "issuer"))
    words = {
        "filing": "applied for a listing" + (f" at {place}" if place else ""),
        "acceptance": f"had its listing application accepted{by}",
        "inquiry": f"was questioned about its listing application{by}",
        "review": f"had its listing application reviewed{by}",
        "registration": f"had its listing registered{by}",
        "listed": "was listed" + (f" on {place}" if place else ""),
        "suspended": f"had its listing suspended{by}",
        "terminated": f"had its listing application terminated{by}",
        "delisted": f"was delisted{by}",
    }
    return f"{name} {words[payload['action']]}"


def _sanction(payload: JSON) -> str:
    words = {
        "designation": "was put on a sanctions or export-control list",
        "amendment": "had its entry on a sanctions or export-control list amended",
        "removal": "was taken off a sanctions or export-control list",
    }
    return f"{payload['subject']['name']} {words[payload['action']]}{_by_issuer(payload)}"


_KINDS: dict[str, Callable[[JSON], str]] = {
    "discipline": _discipline,
    "leadership": _leadership,
    "reorganization": _reorganization,
    "controversy": _controversy,
    "product": _product,
    "performance": _performance,
    "listing": _listing,
    "sanction": _sanction,
}
