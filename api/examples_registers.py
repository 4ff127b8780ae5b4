"""Examples of organizations, ladders, cases and documents, for the docs: the demo's facts.

Each is one resource: of a list's example, drf-spectacular makes the page.
"""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

from api.examples import ENTRY, JSON

_ENTRY: JSON = ENTRY.value
_HUAWEI: JSON = {"id": 1, "name": "Huawei"}
_ALWAYS: JSON = {"from": None, "to": None, "from_precision": None, "to_precision": None, "end": "open"}
_COUNTED = range(22, 12, -1)
"""The numbers of the demo's grades; each has the steps A, B and C."""


def _example(name: str, value: JSON) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


ORGANIZATION = _example(
    "A division",
    {
        "id": 2,
        "name": "Huawei Cloud",
        "type": "division",
        "country": "CN",
        "founded": None,
        "dissolved": None,
        "names": [
            {"name": "Huawei Cloud", "language": "en", "type": "primary"},
            {"name": "华为云", "language": "zh-Hans", "type": "native"},
        ],
        "identifiers": [],
        "parents": [{**_HUAWEI, "event": None, **_ALWAYS}],
    },
)
ORGANIZATION_TIMELINE = _example(
    "A timeline",
    {
        "subject": {"type": "organization", "id": 2, "name": "Huawei Cloud"},
        "results": [_ENTRY],
        "next": None,
        "previous": None,
    },
)
LADDER = _example(
    "Three steps a number",
    {
        "id": 1,
        "name": "Huawei grades",
        "version": 1,
        "organization": _HUAWEI,
        "grades": [f"{number}{step}" for number in _COUNTED for step in "ABC"],
        "source": (
            "The reported fall of three levels from 22A to 21A: each number has the steps A, B and C, A the highest"
        ),
        **_ALWAYS,
    },
)
_CASE: JSON = {
    "id": _ENTRY["case"],
    "title": _ENTRY["case_title"],
    "issuer": {"id": 3, "name": "Huawei Disciplinary Committee"},
    "decided": None,
    "events": [_ENTRY["event"]],
}
CASE = _example("A committee's decision", _CASE)
CASE_DETAIL = _example("A committee's decision", {**_CASE, "entries": [_ENTRY]})
_EVIDENCE: JSON = _ENTRY["evidence"][0]
_DOCUMENT: JSON = _EVIDENCE["document"]
DOCUMENT = _example(
    "An article",
    {
        "id": _DOCUMENT["id"],
        "url": _DOCUMENT["url"],
        "version": 1,
        "is_latest": True,
        "title": _DOCUMENT["title"],
        "authors": ["Ilse van Houten"],
        "language": "en",
        "published": _ENTRY["published"],
        "fetched": _ENTRY["first_seen"],
        "text_sha256": "7c" * 32,
        "quotes": [
            {
                "event": _ENTRY["event"],
                **{name: _EVIDENCE[name] for name in ("field", "quote", "start", "end")},
            }
        ],
    },
)
