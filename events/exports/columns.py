"""The columns of the tables. New ones are only ever added at the end: readers may count them."""

from __future__ import annotations

import json
from typing import Any

from events.exports.events import Gone, Told
from events.models.record import DATE_FIELDS

JSON = dict[str, Any]

EVENT = (
    "event", "revision", "recorded_at", "status", "assertion", "kind", "action", "date", "date_precision",
    *[f"{name}{suffix}" for name in DATE_FIELDS for suffix in ("", "_precision")],
    "published", "first_seen", "severity", "confidence", "subject_type", "subject_id", "subject_name",
    "subject_name_zh", "title", "organization_id", "organization_name", "issuer_id", "issuer_name", "participants",
    "penalties", "grade_from", "grade_to", "steps", "grounds", "departure", "interim", "headcount_min",
    "headcount_max", "measures", "case", "case_title", "summary", "summary_zh", "quotes", "documents", "source_url",
    "source_title", "source_published", "notes", "merged_into",
)  # fmt: skip
EXECUTIVE = ("id", "name", "names", "identifiers", "positions", "former_positions")
ORGANIZATION = (
    "id", "name", "type", "country", "founded", "founded_precision", "dissolved", "dissolved_precision", "names",
    "identifiers", "parents", "former_parents",
)  # fmt: skip


def event_cells(row: Told | Gone) -> list[Any]:
    """An event's cells in the order of `EVENT`; of one that is gone, only which, since when and why."""
    if isinstance(row, Gone):
        cells = _stamp(row.event, row.seq, row.recorded_at)
        cells |= {"status": row.status, "merged_into": row.merged_into}
    else:
        entry = json.loads(row.entry)
        cells = {**_plain(entry), **_dates(entry), **_parties(entry), **_penalties(entry)}
        cells |= {**_details(entry["details"]), **_sources(entry["evidence"])}
        cells |= _stamp(row.event, **entry["revision"])
    return [cells.get(name) for name in EVENT]


def executive_cells(person: JSON) -> list[Any]:
    """A person's cells in the order of `EXECUTIVE`."""
    held = [(_position(item), item["current"]) for item in person["positions"]]
    cells = _names(person) | {
        "positions": [text for text, current in held if current],
        "former_positions": [text for text, current in held if not current],
    }
    return [cells.get(name) for name in EXECUTIVE]


def organization_cells(organization: JSON) -> list[Any]:
    """An organization's cells in the order of `ORGANIZATION`."""
    parents = [parent for parent in organization["parents"] if parent["id"] is not None]
    cells = _names(organization) | {
        "type": organization["type"],
        "country": organization["country"],
        **_partial("founded", organization["founded"]),
        **_partial("dissolved", organization["dissolved"]),
        "parents": [_dated(p["name"], p) for p in parents if p["end"] == "open"],
        "former_parents": [_dated(p["name"], p) for p in parents if p["end"] != "open"],
    }
    return [cells.get(name) for name in ORGANIZATION]


def _stamp(event: int, seq: int, recorded_at: str) -> JSON:
    return {"event": event, "revision": seq, "recorded_at": recorded_at}


def _plain(payload: JSON) -> JSON:
    named = (
        "status",
        "assertion",
        "kind",
        "action",
        "published",
        "first_seen",
        "severity",
        "confidence",
        "case",
    )
    others = ("case_title", "summary", "summary_zh", "notes", "merged_into")
    return {name: payload.get(name) for name in (*named, *others)}


def _dates(payload: JSON) -> JSON:
    cells = _partial("date", payload["date"])
    for name in DATE_FIELDS:
        cells |= _partial(name, payload["dates"].get(name))
    return cells


def _partial(name: str, value: JSON | None) -> JSON:
    return {name: value["value"], f"{name}_precision": value["precision"]} if value else {}


def _parties(payload: JSON) -> JSON:
    subject, details = payload["subject"], payload["details"]
    where = subject.get("organization") or details.get("organization") or {}
    issuer = details.get("issuer") or {}
    return {
        "subject_type": subject["type"],
        "subject_id": subject["id"],
        "subject_name": subject["name"],
        "subject_name_zh": subject.get("name_zh"),
        "title": subject.get("title"),
        "organization_id": where.get("id"),
        "organization_name": where.get("name"),
        "issuer_id": issuer.get("id"),
        "issuer_name": issuer.get("name"),
        "participants": [f"{party['role']}: {party['name']}" for party in details.get("participants", [])],
    }


def _penalties(payload: JSON) -> JSON:
    rows = payload["details"].get("penalties", [])
    graded: JSON = next((row for row in rows if row.get("from") or row.get("to")), {})
    return {
        "penalties": [_penalty(row) for row in rows],
        "grade_from": graded.get("from"),
        "grade_to": graded.get("to"),
        "steps": graded.get("steps"),
    }


def _penalty(row: JSON) -> str:
    grades = f"{row.get('from', '?')} to {row.get('to', '?')}" if row.get("from") or row.get("to") else ""
    amount = " ".join(str(row[name]) for name in ("amount", "currency") if row.get(name))
    levels = f"{row['levels']} levels" if row.get("levels") else ""
    parts = (row["type"], row.get("degree"), levels, grades, amount, row.get("duration"))
    return " ".join(part for part in parts if part)


def _details(details: JSON) -> JSON:
    headcount = details.get("headcount", {})
    return {
        "grounds": details.get("grounds"),
        "departure": details.get("departure"),
        "interim": bool(details.get("interim")),
        "headcount_min": headcount.get("min"),
        "headcount_max": headcount.get("max"),
        "measures": [_measure(row) for row in details.get("measures", [])],
    }


def _measure(row: JSON) -> str:
    names = ("metric", "qualifier", "value", "currency", "period")
    return " ".join(str(row[name]) for name in names if row.get(name) is not None)


def _sources(evidence: list[JSON]) -> JSON:
    documents = {item["document"]["id"]: item["document"] for item in evidence}
    first = evidence[0]["document"]
    return {
        "quotes": len(evidence),
        "documents": len(documents),
        "source_url": first["url"],
        "source_title": first["title"],
        "source_published": first["published"],
    }


def _names(row: JSON) -> JSON:
    others = [item["name"] for item in row["names"] if item["name"] != row["name"]]
    identifiers = [f"{item['scheme']}:{item['value']}" for item in row["identifiers"]]
    return {"id": row["id"], "name": row["name"], "names": others, "identifiers": identifiers}


def _position(held: JSON) -> str:
    title = f"{held['title']}, " if held["title"] else ""
    interim = " (interim)" if held["interim"] else ""
    return _dated(f"{title}{held['organization']['name']}{interim}", held)


def _dated(text: str, bounds: JSON) -> str:
    """The text with its period as ISO 8601 writes intervals; `..` is open, nothing is not known."""
    end = bounds["to"] or (".." if bounds["end"] == "open" else "")
    return f"{text} [{bounds['from'] or ''}/{end}]"
