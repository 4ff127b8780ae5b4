"""Examples of what a search answers, for the docs: the demo's facts."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

from api.examples import ENTRY
from events.searching.highlights import shown

_ENTRY = ENTRY.value
_QUOTE = _ENTRY["evidence"][0]["quote"]

SEARCH = OpenApiExample(
    "A search for 张平安",
    value={
        "results": [
            {
                "type": "executive",
                "id": 4,
                "url": "https://tracker.example.org/api/v1/executives/4/",
                "score": 1.0,
                "name": "Zhang Ping'an",
                "matched": "张平安",
                "names": ["张平安"],
                "highlights": [shown("/matched", "张平安", [(0, 3)])],
            },
            {
                "type": "event",
                "id": 12,
                "url": "https://tracker.example.org/api/v1/events/12/",
                "score": 0.41,
                "summary": _ENTRY["summary"],
                "highlights": [
                    shown("/summary", _ENTRY["summary"], [(0, 13)]),
                    shown("/summary_zh", _ENTRY["summary_zh"], [(8, 11)]),
                    shown("/evidence/0/quote", _QUOTE, [(0, 13)]),
                ],
                "entry": _ENTRY,
            },
        ],
        "facets": {
            "type": {"event": 1, "executive": 1, "organization": 0},
            "kind": {"discipline": 1},
            "complete": True,
        },
        "suggestions": [],
        "next": None,
        "previous": None,
    },
    response_only=True,
    status_codes=["200"],
)
