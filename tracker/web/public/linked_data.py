"""What search engines and other machines read of a page: schema.org as JSON-LD.

An event is a `Claim` with the articles that it appears in, never a bare fact: what it is worth is for the reader.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext

from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Case
from tracker.web import presentation

JSON = dict[str, Any]
_CONTEXT = {"@context": "https://schema.org"}
_WIKIDATA = "https://www.wikidata.org/entity/"
MAX_SOURCES = 20


def person(row: Executive, names: Iterable[JSON], identifiers: Iterable[JSON], held: Iterable[JSON]) -> JSON:
    """A person with names, identifiers and present positions."""
    current = [position for position in held if position["current"]]
    return _CONTEXT | _filled(
        {
            "@type": "Person",
            "@id": address("web:person", row.pk),
            "name": row.name,
            "alternateName": _others(row.name, names),
            "sameAs": _same(identifiers),
            "jobTitle": [position["title"] for position in current],
            "worksFor": [
                {"@type": "Organization", "name": position["organization"]["name"],
                 "@id": address("web:organization", position["organization"]["id"])}
                for position in current
            ],
        }
    )  # fmt: skip


def organization(
    row: Organization,
    names: Iterable[JSON],
    identifiers: Iterable[JSON],
    parent: JSON | None,
    units: Iterable[JSON],
) -> JSON:
    """An organization with what it is part of and its units."""
    return _CONTEXT | _filled(
        {
            "@type": "Organization",
            "@id": address("web:organization", row.pk),
            "name": row.name,
            "alternateName": _others(row.name, names),
            "sameAs": _same(identifiers),
            "parentOrganization": _linked(parent["parent"]) if parent else None,
            "subOrganization": [_linked(unit["unit"]) for unit in units],
        }
    )


def event(payload: JSON, modified: str) -> JSON:
    """An event that stands, as a claim: its sentence, whom it is about, where it appears."""
    documents = {item["document"]["id"]: item["document"] for item in payload["evidence"]}
    return _CONTEXT | _filled(
        {
            "@type": "Claim",
            "@id": address("web:event", payload["event"]),
            "name": presentation.marked_sentence(payload),
            "dateCreated": payload["first_seen"],
            "dateModified": modified,
            "temporal": presentation.date_machine(payload["date"]),
            "about": _subject(payload["subject"]),
            "appearance": [
                _filled({"@type": "NewsArticle", "headline": document["title"], "url": document["url"],
                         "datePublished": document.get("published")})
                for document in list(documents.values())[:MAX_SOURCES]
            ],
        }
    )  # fmt: skip


def case(row: Case, entries: Iterable[JSON]) -> JSON:
    """A case as the list of its events' pages."""
    listed = [
        {"@type": "ListItem", "position": place, "name": presentation.marked_sentence(payload),
         "url": address("web:event", payload["event"])}
        for place, payload in enumerate(entries, start=1)
    ]  # fmt: skip
    return _CONTEXT | {
        "@type": "ItemList",
        "@id": address("web:case", row.pk),
        "name": row.title,
        "itemListElement": listed,
    }


def website() -> JSON:
    """The site, and how to search it."""
    return _CONTEXT | {
        "@type": "WebSite",
        "url": site("web:home"),
        "name": gettext("Governance record"),
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{site('web:search')}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }


def site(name: str) -> str:
    """The absolute address of a page that there is one of."""
    return f"{settings.SITE_URL}{reverse(name)}"


def address(name: str, pk: int) -> str:
    """The absolute address of a page."""
    return f"{settings.SITE_URL}{reverse(name, args=[pk])}"


def _subject(party: JSON) -> JSON:
    kinds = {"person": ("Person", "web:person"), "organization": ("Organization", "web:organization")}
    kind, page = kinds.get(party["type"], ("Thing", ""))
    known = party.get("id") is not None and page
    return _filled(
        {"@type": kind, "name": party["name"], "@id": address(page, party["id"]) if known else None}
    )


def _linked(row: Organization) -> JSON:
    return {"@type": "Organization", "@id": address("web:organization", row.pk), "name": row.name}


def _others(name: str, names: Iterable[JSON]) -> list[str]:
    return sorted({row["name"] for row in names} - {name})


def _same(identifiers: Iterable[JSON]) -> list[str]:
    return [f"{_WIKIDATA}{row['value']}" for row in identifiers if row["scheme"] == "wikidata"]


def _filled(values: JSON) -> JSON:
    return {name: value for name, value in values.items() if value not in (None, "", [])}
