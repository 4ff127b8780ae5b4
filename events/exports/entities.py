"""One organization, person or event as FollowTheMoney entities."""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2b
from typing import Any
from urllib.parse import urlsplit

from events.choices import NameType, OrganizationType, Status

JSON = dict[str, Any]
Sources = dict[int, list[str]]
"""Addresses of the documents that prove an event, by its id."""

DATASET = "governance_tracker"
FACTS = (Status.REPORTED.value, Status.CONFIRMED.value)
"""The assertions that become entities."""

_SCHEMATA = {
    OrganizationType.COMPANY.value: "Company",
    OrganizationType.REGULATOR.value: "PublicBody",
    OrganizationType.GOVERNMENT.value: "PublicBody",
}
_NAMES = {
    NameType.ALIAS.value: "alias",
    NameType.SHORT.value: "weakAlias",
    NameType.FORMER.value: "previousName",
}
"""Where a name goes; every other kind, and so every script, is a name as good as the first."""
_IDENTIFIERS = {"wikidata": "wikidataId", "lei": "leiCode", "uscc": "registrationNumber"}
_COMPANY_IDENTIFIERS = _IDENTIFIERS | {"cik": "cikCode", "isin": "isinCode", "ticker": "ticker"}
_BOARD = re.compile(
    r"\bchair(man|woman|person)?\b|\bboard\b|\b(non-?executive|independent|executive) director\b|董事|监事",
    re.I,
)
"""Titles of those who sit on a board; everyone else is employed."""
_SHOWN = {"day": 10, "month": 7, "year": 4}


def reference(kind: str, pk: int) -> str:
    """The id of a person, an organization or an event: the same in every export, also for one not exported yet."""
    return f"gt-{kind}-{pk}"


def organization_entities(row: JSON, former: list[str], sources: Sources) -> list[JSON]:
    """The links to what it is or was part of, then itself; `former` are ids of those merged into it."""
    schema = _SCHEMATA.get(row["type"], "Organization")
    me = reference("organization", row["id"])
    parents = [parent for parent in row["parents"] if parent["id"] is not None]
    itself = _entity(
        me, schema, row["name"],
        _named(row),
        _identified(row, _COMPANY_IDENTIFIERS if schema == "Company" else _IDENTIFIERS),
        country=[row["country"].lower()],
        incorporationDate=[_partial(row["founded"])],
        dissolutionDate=[_partial(row["dissolved"])],
        legalForm=[row["type"]] if schema == "Organization" else [],
        parent=[reference("organization", p["id"]) for p in parents if p["end"] == "open"],
    )  # fmt: skip
    links = [_part(me, row["name"], parent, sources) for parent in parents]
    return [*links, _with_referents(itself, former)]


def person_entities(row: JSON, former: list[str], sources: Sources) -> list[JSON]:
    """The positions held, then the person; `former` are ids of those merged into them."""
    me = reference("person", row["id"])
    titles = [held["title"] for held in row["positions"] if held["current"]]
    itself = _entity(me, "Person", row["name"], _named(row), _identified(row, _IDENTIFIERS), position=titles)
    links = [_position(me, row["name"], held, sources) for held in row["positions"]]
    return [*links, _with_referents(itself, former)]


def event_entities(payload: JSON) -> list[JSON]:
    """A sanction where it is one, then the event. For entries whose assertion is among FACTS."""
    details, issuer = payload["details"], payload["details"].get("issuer") or {}
    parties = [payload["subject"], *details.get("participants", []), details.get("organization") or {}]
    documents = [item["document"] for item in payload["evidence"]]
    proof: dict[str, list[Any]] = {
        "sourceUrl": [document["url"] for document in documents],
        "publisher": [urlsplit(document["url"]).hostname for document in documents],
        "retrievedAt": [payload["first_seen"]],
        "modifiedAt": [payload["revision"]["recorded_at"]],
    }
    proof |= {name: [_moment(value) for value in proof[name]] for name in ("retrievedAt", "modifiedAt")}
    itself = _entity(
        reference("event", payload["event"]), "Event", payload["summary"], proof,
        name=[payload["summary"]],
        summary=[payload["summary"], payload.get("summary_zh")],
        description=[item["quote"] for item in payload["evidence"]],
        keywords=[payload["kind"], payload["action"]],
        date=[_partial(payload["date"])],
        involved=[_party(party) for party in parties],
        organizer=[_party({"type": "organization"} | issuer)],
        notes=payload["notes"],
    )  # fmt: skip
    sanction = _sanction(payload, proof, issuer) if payload["kind"] == "sanction" else None
    return [*filter(None, [sanction]), itself]


def _sanction(payload: JSON, proof: JSON, issuer: JSON) -> JSON | None:
    """A designation, its amendment or its end; None where whom it is about is not on record."""
    whom = _party(payload["subject"])
    if whom is None:
        return None
    removed = payload["action"] == "removal"
    day = [_partial(payload["date"])]
    return _entity(
        reference("sanction", payload["event"]), "Sanction", payload["summary"], proof,
        entity=[whom],
        authority=[issuer.get("name")],
        reason=payload["details"].get("grounds", []),
        summary=[payload["summary"]],
        status=[payload["action"]],
        recordId=[str(payload["event"])],
        listingDate=[] if removed else day,
        startDate=[] if removed else day,
        endDate=day if removed else [],
    )  # fmt: skip


def _part(child: str, name: str, parent: JSON, sources: Sources) -> JSON:
    whole = reference("organization", parent["id"])
    key = _key("part", child, whole, parent["from"])
    caption = f"{name}, part of {parent['name']}"
    ends = {"subject": [child], "object": [whole], "role": ["part of"]}
    return _entity(key, "UnknownLink", caption, ends, _period(parent), _proof(parent, sources))


def _position(person: str, name: str, held: JSON, sources: Sources) -> JSON:
    where = reference("organization", held["organization"]["id"])
    on_board = bool(_BOARD.search(held["title"]))
    schema, who, at = (
        ("Directorship", "director", "organization") if on_board else ("Employment", "employee", "employer")
    )
    key = _key("position", person, where, held["title"].casefold(), held["from"])
    status = ["interim"] if held["interim"] else []
    ends = {who: [person], at: [where], "role": [held["title"]], "status": status}
    caption = f"{name}, {held['organization']['name']}"
    return _entity(key, schema, caption, ends, _period(held), _proof(held, sources))


def _entity(key: str, schema: str, caption: str, *parts: JSON, **more: Iterable[Any]) -> JSON:
    """An entity with the values that there are, each once, as text."""
    found: dict[str, list[str]] = {}
    for name, values in [pair for part in (*parts, more) for pair in part.items()]:
        texts = [str(value) for value in values if value not in (None, "")]
        if texts:
            found[name] = list(dict.fromkeys([*found.get(name, []), *texts]))
    return {"id": key, "schema": schema, "caption": caption, "properties": found, "datasets": [DATASET]}


def _with_referents(entity: JSON, former: list[str]) -> JSON:
    return entity | {"referents": former} if former else entity


def _named(row: JSON) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {"name": [row["name"]]}
    for item in row["names"]:
        found.setdefault(_NAMES.get(item["type"], "name"), []).append(item["name"])
    return found


def _identified(row: JSON, properties: dict[str, str]) -> dict[str, list[str]]:
    """Identifiers under the model's properties; those of other schemes as notes, so that none is lost."""
    found: dict[str, list[str]] = {}
    for item in row["identifiers"]:
        name = properties.get(item["scheme"])
        text = item["value"] if name else f"{item['scheme']}: {item['value']}"
        found.setdefault(name or "notes", []).append(text)
    return found


def _party(party: JSON) -> str | None:
    if party.get("id") is None or party.get("type", "organization") not in {"person", "organization"}:
        return None
    return reference(party.get("type", "organization"), party["id"])


def _period(bounds: JSON) -> dict[str, list[str | None]]:
    """`endDate` is the first day on which it no longer held: the record's bounds are half open."""
    found = {}
    for name, end in (("startDate", "from"), ("endDate", "to")):
        value = {"value": bounds[end], "precision": bounds[f"{end}_precision"]} if bounds[end] else None
        found[name] = [_partial(value)]
    return found


def _proof(link: JSON, sources: Sources) -> dict[str, list[str | None]]:
    urls = sources.get(link["event"], []) if link["event"] else []
    return {"sourceUrl": [*urls], "publisher": [urlsplit(url).hostname for url in urls]}


def _partial(value: JSON | None) -> str | None:
    """A date no more exact than it is known: the model takes 2025, 2025-10 and 2025-10-18."""
    return str(value["value"])[: _SHOWN[value["precision"]]] if value else None


def _moment(text: str) -> str:
    """An instant to the second; the model knows no zone and takes UTC."""
    return text[:19]


def _key(kind: str, *parts: str | None) -> str:
    """An id made of what a link says, since its row has another number after every rebuild."""
    text = "\x1f".join(part or "" for part in parts)
    return f"gt-{kind}-{blake2b(text.encode(), digest_size=10).hexdigest()}"
