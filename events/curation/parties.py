"""The parties of a claim and whom they stand for.

A candidate's `resolution` holds, by JSON Pointer: `{"type", "name", "state", "chosen", "options"}`; an option is
`{"id", "name", "score", "why"}`.
"""

from __future__ import annotations

from typing import Any

from events.choices import PartyType, ResolutionState
from events.exceptions import UnresolvedParty
from events.models.candidates import Candidate
from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.names import keys
from events.record.identity import Identity, survivors
from events.record.payload import as_named

JSON = dict[str, Any]
RESOLVABLE = (PartyType.PERSON.value, PartyType.ORGANIZATION.value)


def parties(claim: JSON) -> dict[str, tuple[str, str]]:
    """(type, name) of everyone in a claim who may be a known person or organization, by JSON Pointer."""
    found = {"/subject": (claim["subject"]["type"], claim["subject"]["name"])}
    if claim["subject"].get("organization"):
        found["/subject/organization"] = (PartyType.ORGANIZATION.value, claim["subject"]["organization"])
    for number, party in enumerate(claim.get("participants", [])):
        found[f"/participants/{number}"] = (party["type"], party["name"])
    return {pointer: party for pointer, party in found.items() if party[0] in RESOLVABLE}


def carried_over(claim: JSON, resolution: JSON) -> JSON:
    """The resolution after an edit: kept where the name is the same, looked up by exact name where it is new."""
    kept: JSON = {}
    for pointer, (kind, name) in parties(claim).items():
        entry = resolution.get(pointer, {})
        same = (entry.get("type"), entry.get("name")) == (kind, name)
        kept[pointer] = entry if same else look_up(kind, name)
    return kept


def looked_up_again(claim: JSON, resolution: JSON) -> JSON:
    """The resolution with names that were unknown looked up once more; what is settled or open stays."""
    kept = carried_over(claim, resolution)
    for pointer, found in kept.items():
        if found.get("state") == ResolutionState.UNKNOWN.value:
            kept[pointer] = look_up(found["type"], found["name"])
    return kept


def look_up(kind: str, name: str) -> JSON:
    """The entry for a name by its keys alone: one person or organization of that name, several, or none."""
    if kind == PartyType.PERSON.value:
        rows = ExecutiveName.objects.filter(keys__overlap=sorted(keys(name)), executive__merged_into=None)
        found = dict(rows.values_list("executive_id", "executive__name"))
    else:
        names = OrganizationName.objects.filter(
            keys__overlap=sorted(keys(name)), organization__merged_into=None
        )
        found = dict(names.values_list("organization_id", "organization__name"))
    options: list[JSON] = [
        {"id": pk, "name": shown, "score": 1.0, "why": "the same name"} for pk, shown in sorted(found.items())
    ]
    return entry(kind, name, options, chosen=options[0]["id"] if len(options) == 1 else None)


def entry(kind: str, name: str, options: list[JSON], chosen: int | None) -> JSON:
    """One party's entry in a candidate's resolution."""
    if chosen is not None:
        state = ResolutionState.RESOLVED
    else:
        state = ResolutionState.AMBIGUOUS if options else ResolutionState.UNKNOWN
    return {"type": kind, "name": name, "state": state.value, "chosen": chosen, "options": options}


def overall(claim: JSON, resolution: JSON) -> ResolutionState:
    """Whether the candidate can be published as far as names go.

    The subject must stand for someone known; nobody may be ambiguous; another party who is not known is
    published under its name alone.
    """
    entries = {pointer: resolution.get(pointer, {}) for pointer in parties(claim)}
    if any(e.get("state") == ResolutionState.AMBIGUOUS.value for e in entries.values()):
        return ResolutionState.AMBIGUOUS
    if "/subject" not in entries:
        return ResolutionState.NOT_NEEDED
    known = entries["/subject"].get("chosen") is not None
    return ResolutionState.RESOLVED if known else ResolutionState.UNKNOWN


def chosen(resolution: JSON, pointer: str) -> int | None:
    """The id that a party stands for, or None."""
    value = resolution.get(pointer, {}).get("chosen")
    return int(value) if value is not None else None


def require_resolved(claim: JSON, resolution: JSON) -> None:
    """Raises UnresolvedParty, which names the party, unless names stand in the way of nothing."""
    for pointer, (_, name) in parties(claim).items():
        state = resolution.get(pointer, {}).get("state")
        if state == ResolutionState.AMBIGUOUS.value:
            options = ", ".join(o["name"] for o in resolution[pointer]["options"])
            raise UnresolvedParty(
                f"{name!r} may be any of: {options}. Choose who is meant, or create someone new."
            )
    if overall(claim, resolution) is ResolutionState.UNKNOWN:
        raise UnresolvedParty(
            f"{claim['subject']['name']!r} is not known yet. Choose who is meant, or create a new entry."
        )


def of_survivors(resolution: JSON) -> JSON:
    """The resolution with everyone who was merged into another meanwhile replaced by that other."""
    gone = survivors([identity for found in resolution.values() for identity in _meant(found)])
    if not gone:
        return resolution
    return {pointer: _of_survivor(found, gone) for pointer, found in resolution.items()}


def _meant(found: JSON) -> list[Identity]:
    """Whom an entry names by number."""
    if found.get("type") not in RESOLVABLE:
        return []
    numbers = [option["id"] for option in found.get("options", [])] + [found.get("chosen")]
    return [(PartyType(found["type"]), number) for number in numbers if number is not None]


def _of_survivor(found: JSON, gone: dict[Identity, Identity]) -> JSON:
    if found.get("type") not in RESOLVABLE:
        return found
    kind = PartyType(found["type"])
    options: dict[int, JSON] = {}
    for option in found.get("options", []):
        _, pk = gone.get((kind, option["id"]), (kind, option["id"]))
        name = option["name"] if pk == option["id"] else exists(kind.value, pk) or option["name"]
        options.setdefault(pk, option | {"id": pk, "name": name})
    chosen_id = found.get("chosen")
    if chosen_id is not None:
        _, chosen_id = gone.get((kind, chosen_id), (kind, chosen_id))
    return found | {"chosen": chosen_id, "options": list(options.values())}


def as_published(claim: JSON, payload: JSON) -> JSON:
    """The resolution of a corrected claim: names that the event has stand for whom they stand there, whatever the
    candidate was resolved to (a split may have changed that); new ones are looked up by exact name."""
    published: dict[tuple[str, str], JSON] = {}
    where = payload["subject"].get("organization")
    organizations = [{"type": PartyType.ORGANIZATION.value, **where}] if where else []
    for party in (payload["subject"], *organizations, *payload["details"].get("participants", [])):
        published.setdefault((party["type"], as_named(party)), party)
    resolution: JSON = {}
    for pointer, (kind, name) in parties(claim).items():
        party = published.get((kind, name), {})
        known = party.get("id")
        option = {"id": known, "name": party.get("name"), "score": 1.0, "why": "as published"}
        resolution[pointer] = (
            look_up(kind, name)
            if not party
            else entry(kind, name, [option] if known is not None else [], chosen=known)
        )
    return resolution


def chosen_for(candidate: Candidate, resolution: JSON) -> JSON:
    """The resolution with whom a curator chose for the same names of the candidate, where it says nobody."""
    known = {
        (found["type"], found["name"]): found
        for found in of_survivors(candidate.resolution).values()
        if found.get("chosen") is not None
    }
    return {
        pointer: found if found["chosen"] is not None else known.get((found["type"], found["name"]), found)
        for pointer, found in resolution.items()
    }


def create(kind: str, name: str) -> Executive | Organization:
    """A new person or organization under the name that the claim gives."""
    if kind == PartyType.PERSON.value:
        return Executive.objects.create(name=name)
    return Organization.objects.create(name=name)


def exists(kind: str, pk: int) -> str | None:
    """The shown name of a person or organization that a party may stand for, or None."""
    model = Executive if kind == PartyType.PERSON.value else Organization
    return model._default_manager.filter(pk=pk, merged_into=None).values_list("name", flat=True).first()
