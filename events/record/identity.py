"""Who the parties of a payload are: another id for a party once two entries turn out to be one, or one to be two."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from events.choices import PartyType
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Event
from events.record.payload import as_named
from events.record.phrases.common import JSON
from events.record.shown import ShownName, shown_names
from events.record.summaries import summary_en, summary_zh

Identity = tuple[PartyType, int]
"""A person's or organization's primary key, with which of the two it is."""
MAX_MERGES = 50
"""Merges in a row that are followed; a chain that long is an error in the register."""
MAX_GIVEN_UP = MAX_MERGES * MAX_MERGES
"""Old numbers of one entry that are looked at; more is an error in the register."""

_MODELS: Mapping[PartyType, type[Executive | Organization]] = {
    PartyType.PERSON: Executive,
    PartyType.ORGANIZATION: Organization,
}
_BARE = frozenset({"id", "name", "name_zh", "named"})


def identities(payload: JSON) -> set[Identity]:
    """Everyone known whom a payload names."""
    return {(kind, party["id"]) for kind, party in _parties(payload) if party.get("id") is not None}


def identities_named(payload: JSON, identity: Identity) -> set[tuple[PartyType, str]]:
    """What the source calls someone, with which of the two kinds it is, wherever a payload names them."""
    kind, pk = identity
    return {
        (found, as_named(party))
        for found, party in _parties(payload)
        if found is kind and party.get("id") == pk
    }


def with_identities(
    payload: JSON,
    change: Mapping[Identity, Identity],
    only: Callable[[PartyType, str], bool] = lambda kind, named: True,
) -> JSON:
    """The payload with other people or organizations in place of those in `change`, under the record's names.

    `only` is asked with a party's type and the source's own name for it; the sentences are written anew.
    """
    shown = shown_names(change.values())

    def changed(kind: PartyType, party: JSON) -> JSON:
        new = change.get((kind, party["id"])) if party.get("id") is not None else None
        return (
            party if new is None or not only(kind, as_named(party)) else _renamed(party, new[1], shown[new])
        )

    return _rewritten(payload, changed)


def survived(payload: JSON) -> JSON:
    """The payload with everyone who was merged into another since replaced by that other."""
    change = survivors(identities(payload))
    return with_identities(payload, change) if change else payload


def survivors(named: Collection[Identity]) -> dict[Identity, Identity]:
    """Of people and organizations those who were merged into another, with that other. A statement for each of the
    two kinds, and more only where somebody was merged."""
    found: dict[Identity, Identity] = {}
    for kind, model in _MODELS.items():
        ids = [pk for one, pk in named if one is kind]
        merged = model._default_manager.filter(pk__in=ids, merged_into__isnull=False)
        found |= {(kind, pk): (kind, survivor(kind, pk)) for pk in merged.values_list("pk", flat=True)}
    return found


def survivor(kind: PartyType, pk: int) -> int:
    """Whom a person or organization was merged into, at the end of the chain; itself otherwise."""
    model = _MODELS[kind]
    for _ in range(MAX_MERGES):
        into = model._default_manager.filter(pk=pk).values_list("merged_into_id", flat=True).first()
        if into is None:
            break
        pk = into
    return pk


def merged_from(kind: PartyType, *pks: int) -> list[int]:
    """Those who were merged into these people or organizations, directly or by way of others."""
    return given_up_for(_MODELS[kind], pks, MAX_GIVEN_UP)


def given_up_for(
    model: type[Executive | Organization | Event], pks: Iterable[int], limit: int | None = None
) -> list[int]:
    """The old numbers of these rows: what was merged into them, directly or by way of others. A query a level.

    It ends where merges go round in a circle; with `limit` no further level is read once there are so many.
    """
    found: list[int] = []
    level = list(pks)
    seen = set(level)
    while level and (limit is None or len(found) < limit):
        rows = model._default_manager.filter(merged_into__in=level).values_list("pk", flat=True)
        level = [pk for pk in rows if pk not in seen]
        seen.update(level)
        found += level
    return found


def _parties(payload: JSON) -> Iterator[tuple[PartyType, JSON]]:
    details = payload["details"]
    for party in (payload["subject"], *details.get("participants", [])):
        if party["type"] in {PartyType.PERSON.value, PartyType.ORGANIZATION.value}:
            yield PartyType(party["type"]), party
    for organization in (payload["subject"].get("organization"), details.get("organization")):
        if organization:
            yield PartyType.ORGANIZATION, organization


def _rewritten(payload: JSON, changed: Callable[[PartyType, JSON], JSON]) -> JSON:
    def party(row: JSON) -> JSON:
        known = row["type"] in {PartyType.PERSON.value, PartyType.ORGANIZATION.value}
        return changed(PartyType(row["type"]), row) if known else row

    details = dict(payload["details"])
    if "issuer" in details:
        details["issuer"] = party(details["issuer"])
    if "participants" in details:
        details["participants"] = [party(row) for row in details["participants"]]
    if details.get("organization"):
        details["organization"] = changed(PartyType.ORGANIZATION, details["organization"])
    subject = party(payload["subject"])
    if subject.get("organization"):
        subject = subject | {"organization": changed(PartyType.ORGANIZATION, subject["organization"])}
    new = payload | {"subject": subject, "details": details}
    return new | {"summary": summary_en(new), "summary_zh": summary_zh(new)}


def _renamed(party: JSON, pk: int, shown: ShownName) -> JSON:
    named = as_named(party)
    rest = {key: value for key, value in party.items() if key not in _BARE}
    extra = {"name_zh": shown.chinese} if shown.chinese else {}
    return rest | {"id": pk, "name": shown.name} | extra | ({"named": named} if named != shown.name else {})
