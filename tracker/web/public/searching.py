"""The search page: what `events.searching` finds, with the words that fit marked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from events.choices import Kind
from events.searching.hits import EVENT, TYPES
from events.searching.questions import MAX_QUESTION
from events.searching.results import Found, search
from events.searching.showing import Result
from events.timelines.entries import entries
from events.timelines.keyset import BadCursor
from events.timelines.spellings import EXECUTIVE, ORGANIZATION
from tracker.web import labels, presentation
from tracker.web.public import browsing, reading

JSON = dict[str, Any]
Parts = list[tuple[str, bool]]
"""A text in pieces, each with whether it answers the question."""

PAGES = {EXECUTIVE: "web:person", ORGANIZATION: "web:organization", EVENT: "web:event"}
_TYPES: dict[str, labels.Label] = {
    EXECUTIVE: gettext_lazy("People"),
    ORGANIZATION: gettext_lazy("Organizations"),
    EVENT: gettext_lazy("Events"),
}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """People, organizations and events by words; names match across scripts and spellings."""
    query = request.GET.get("q", "").replace("\x00", "").strip()[:MAX_QUESTION]
    if not query:
        return render(request, "web/public/search.html", {"query": "", "tracked": browsing.tracked()})
    chosen = request.GET.get("type", "")
    kind = request.GET.get("kind", "")
    narrowed = {
        "type": chosen if chosen in TYPES else "",
        "kind": kind if kind in {k.value for k in Kind} else "",
    }
    found = _found(query, narrowed, request.GET.get("cursor", ""))
    rows = [_row(result) for result in found.results]
    context = {
        "query": query,
        "groups": [
            {"type": name, "label": _TYPES[name], "rows": group}
            for name in TYPES
            if (group := [row for row in rows if row["type"] == name])
        ],
        "types": _types(query, narrowed, found.facets),
        "kinds": _kinds(query, narrowed, found.facets),
        "complete": found.facets["complete"],
        "suggestions": [{"name": name, "url": _address(name)} for name in found.suggestions if name != query],
        "next": _address(query, **narrowed, cursor=found.next) if found.next else "",
        "first": _address(query, **narrowed) if found.previous else "",
    }
    return render(request, "web/public/search.html", context)


def _found(query: str, narrowed: dict[str, str], cursor: str) -> Found:
    rows = entries()
    if narrowed["kind"]:
        rows = rows.filter(kind=narrowed["kind"])
    options: JSON = {"types": [narrowed["type"]] if narrowed["type"] else [], "named": not narrowed["kind"]}
    try:
        return search(query, rows, **options, cursor=cursor or None)
    except BadCursor:
        return search(query, rows, **options)


def _row(found: Result) -> JSON:
    """A result as the template shows it."""
    result, entry = found.body, found.entry
    marked = {row["field"]: row for row in result["highlights"]}
    if entry is None:
        names = [name for name in result["names"] if name != result["matched"]]
        is_shown = result["matched"] == result["name"]
        parts = _parts(marked["/matched"])
        return result | {
            "parts": parts if is_shown else [(result["name"], False)],
            "matched_parts": [] if is_shown else parts,
            "other": ", ".join(names),
        }
    sentence = presentation.sentence(entry)
    field = next((name for name in ("/summary", "/summary_zh") if entry[name[1:]] == sentence), "")
    return result | {
        "entry": entry,
        "parts": _parts(marked[field]) if field in marked else [(sentence, False)],
        "quote": _quote(entry, marked),
    }


def _quote(entry: JSON, marked: dict[str, JSON]) -> JSON | None:
    """The quote that has most of the words, with its source."""
    for field, row in marked.items():
        parts = field.strip("/").split("/")
        if parts[0] == "evidence" and parts[-1] == "quote":
            document = entry["evidence"][int(parts[1])]["document"]
            return {"parts": _parts(row), "document": {**document, "link": reading.web_link(document["url"])}}
    return None


def _parts(highlight: JSON) -> Parts:
    """A text cut at its spans."""
    text: str = highlight["text"]
    spans: Sequence[Sequence[int]] = highlight["spans"]
    parts: Parts = []
    at = 0
    for start, end in spans:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [part for part in [*parts, (text[at:], False)] if part[0]]


def _types(query: str, narrowed: dict[str, str], facets: JSON) -> list[JSON]:
    counts = facets["type"]
    rows = [_facet(gettext("All results"), sum(counts.values()), _address(query), not any(narrowed.values()))]
    return rows + [
        _facet(_TYPES[name], counts[name], _address(query, type=name), narrowed["type"] == name)
        for name in TYPES
        if counts[name] or narrowed["type"] == name
    ]


def _kinds(query: str, narrowed: dict[str, str], facets: JSON) -> list[JSON]:
    counts: dict[str, int] = facets["kind"]
    if len(counts) < 2 and not narrowed["kind"]:
        return []
    rows: Iterable[tuple[str, int]] = counts.items() or [(narrowed["kind"], 0)]
    return [
        _facet(
            presentation.label(labels.KINDS, name),
            count,
            _address(query) if narrowed["kind"] == name else _address(query, kind=name),
            narrowed["kind"] == name,
        )
        for name, count in rows
    ]


def _facet(label: labels.Label, count: int, url: str, current: bool) -> JSON:
    return {"label": label, "count": count, "url": url, "current": current}


def _address(query: str, **parameters: str | None) -> str:
    return "?" + urlencode({"q": query, **{name: value for name, value in parameters.items() if value}})
