"""The types and properties that the service speaks of: what a client can ask for by name."""

from __future__ import annotations

from dataclasses import dataclass

from events.choices import Kind, OrganizationType

PERSON, ORGANIZATION = "person", "organization"
SCHEMES = {
    "wikidata": "Wikidata item",
    "lei": "Legal Entity Identifier (LEI)",
    "cik": "SEC Central Index Key (CIK)",
    "ticker": "Ticker",
    "isin": "ISIN",
    "uscc": "Unified Social Credit Code",
}
"""The public schemes of identifiers that a query can give and an extension can fetch."""


@dataclass(frozen=True)
class Type:
    """A category of entities; `broader` is the id of the one above it, empty at the top."""

    id: str
    name: str
    broader: str = ""


@dataclass(frozen=True)
class Property:
    """An attribute of entities. `of` are the top types that have it; `hint`: a query can give it; `fetched`: an
    extension can ask for it; `entity`: the top type of its values where they are entities themselves."""

    id: str
    name: str
    description: str
    of: tuple[str, ...] = (PERSON, ORGANIZATION)
    hint: bool = False
    fetched: bool = True
    entity: str = ""


TYPES: dict[str, Type] = {
    kind.id: kind
    for kind in (
        Type(PERSON, "Person"),
        Type(ORGANIZATION, "Organization"),
        *(
            Type(kind.value, kind.label, ORGANIZATION)
            for kind in OrganizationType
            if kind is not OrganizationType.OTHER
        ),
    )
}
"""By id. An organization of another kind is an organization and nothing narrower."""

PROPERTIES: dict[str, Property] = {
    item.id: item
    for item in (
        Property("names", "Names", "Every known name, in any script"),
        *(Property(key, name, f"Identifier in the scheme {key}", hint=True) for key, name in SCHEMES.items()),
        Property(
            "organization",
            "Organization",
            "Where a person holds a position today; what an organization is part of",
            hint=True,
            entity=ORGANIZATION,
        ),
        Property("position", "Position", "Titles held today, each with where", of=(PERSON,)),
        Property("grade", "Grade", "The grades that a person stands on today", of=(PERSON,)),
        Property("country", "Country", "ISO 3166-1 alpha-2", of=(ORGANIZATION,), hint=True),
        Property("type", "Type of organization", "company, division, regulator ...", of=(ORGANIZATION,)),
        Property("events", "Events", "How many events are on record"),
        *(
            Property(f"events_{kind.value}", f"Events: {kind.label.lower()}", "How many are on record")
            for kind in Kind
        ),
        Property("latest_event", "Latest event", "Its sentence in English"),
        Property("latest_event_date", "Date of the latest event", "The first day of what is known of it"),
    )
}
"""By id, in the order in which they are proposed."""


def types_of(kind: str, organization_type: str = "") -> list[Type]:
    """The types of an entity, the narrowest first."""
    if kind == PERSON:
        return [TYPES[PERSON]]
    narrow = [TYPES[organization_type]] if organization_type in TYPES else []
    return [*narrow, TYPES[ORGANIZATION]]


def proposed(type_id: str = "") -> list[Property]:
    """The properties that entities of a type can be extended with; of every type where none is given."""
    top = TYPES[type_id].broader or type_id if type_id else ""
    return [item for item in PROPERTIES.values() if item.fetched and (not top or top in item.of)]
