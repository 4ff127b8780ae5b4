"""An event's sources with numbers, and under each field its quotes with the numbers of the sources that have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from tracker.web.presentation import Fact
from tracker.web.public.reading import web_link

JSON = dict[str, Any]
MAX_FACTS = 24
"""Fields that are shown at once; the rest of an event with very many parties unfolds."""


def sources(payload: JSON) -> list[JSON]:
    """The documents of an event's evidence, each once, in the order in which they are first quoted."""
    found: dict[Any, JSON] = {}
    for item in payload.get("evidence") or []:
        document = item["document"]
        if document["id"] not in found:
            link = web_link(document["url"])
            host = (urlsplit(link).hostname or "") if link else ""
            number = len(found) + 1
            found[document["id"]] = {**document, "number": number, "link": link, "host": host}
    return list(found.values())


def cited(facts: Iterable[Fact], numbered: Iterable[JSON]) -> list[JSON]:
    """The fields as a template shows them: words that several sources share stand once, with all their numbers."""
    by_id = {source["id"]: source for source in numbered}
    return [
        {
            "pointer": fact.pointer,
            "label": fact.label,
            "values": fact.values,
            "link": next(iter(fact.links), ""),
            "quotes": _quotes(fact.quotes, by_id),
        }
        for fact in facts
    ]


def _quotes(quotes: Iterable[Mapping[str, Any]], by_id: Mapping[Any, JSON]) -> list[JSON]:
    found: dict[str, JSON] = {}
    for item in quotes:
        source = by_id[item["document"]["id"]]
        row = found.setdefault(item["quote"], {"quote": item["quote"], "sources": []})
        if source not in row["sources"]:
            row["sources"].append(source)
    return list(found.values())
