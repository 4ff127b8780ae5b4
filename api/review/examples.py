"""Examples of the curators' part, for the docs: the demo's facts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from api.examples import CHANGES

JSON = dict[str, Any]

_ONE: JSON = {"id": 2, "name": "curator"}
_OTHER: JSON = {"id": 3, "name": "second-curator"}
_AT = "2025-11-17T08:00:00Z"
_WHY = "The company's notice says so"
_QUOTE = "Zhang Ping'an was demoted three levels and issued a severe warning, dropping from Level 22a to 21a"


def _asks(name: str, value: JSON) -> OpenApiExample:
    return OpenApiExample(name, value=value, request_only=True)


def _answers(name: str, value: JSON, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status])


_CLAIM: JSON = {
    "kind": "discipline",
    "action": "demotion",
    "subject": {
        "type": "person",
        "name": "Zhang Ping'an",
        "title": "CEO",
        "organization": "Huawei Cloud",
    },
    "penalties": [{"type": "demotion", "levels": 3, "from": "22A", "to": "21A"}],
    "dates": {"announced": {"value": "2025-10-18", "precision": "day"}},
    "status": "reported",
    "confidence": 0.94,
    "evidence": [{"field": "/penalties/0", "start": 4031, "end": 4129, "quote": _QUOTE}],
}
_CANDIDATE: JSON = {
    "id": 31,
    "version": 2,
    "state": "open",
    "kind": "discipline",
    "action": "demotion",
    "subject_name": "Zhang Ping'an",
    "subject_executive": 4,
    "subject_organization": None,
    "severity": 3,
    "novelty": 1.0,
    "confidence": 0.94,
    "case_label": "c1",
    "resolution_state": "resolved",
    "conflicts": [],
    "document": {
        "id": 9,
        "url": "https://news.example.com/huawei-cloud",
        "title": "Huawei Cloud's turbulent year",
        "language": "en",
        "version": 1,
        "published": "2025-11-17T00:00:00Z",
    },
    "event": None,
    "assigned_to": None,
    "deferred_until": None,
    "accepted_by": None,
    "created_at": "2025-11-17T06:30:00Z",
    "updated_at": _AT,
}
_DETAIL: JSON = {
    **_CANDIDATE,
    "extractor_version": "1.0",
    "original": _CLAIM,
    "edited": None,
    "claim": _CLAIM,
    "resolution": {
        "/subject": {
            "type": "person",
            "name": "Zhang Ping'an",
            "state": "resolved",
            "chosen": 4,
            "options": [{"id": 4, "name": "Zhang Ping'an", "score": 1.0, "why": "the same name"}],
        },
        "/subject/organization": {
            "type": "organization",
            "name": "Huawei Cloud",
            "state": "resolved",
            "chosen": 2,
            "options": [{"id": 2, "name": "Huawei Cloud", "score": 1.0, "why": "the same name"}],
        },
    },
}
_REVISION: JSON = {**CHANGES.value["results"][0], "author": _ONE, "approver": _OTHER, "act": None}
_ACT: JSON = {
    "id": 5,
    "verb": "merge",
    "kind": "person",
    "source": 8,
    "target": 4,
    "reason": _WHY,
    "author": _ONE,
    "approver": _OTHER,
    "undone_by": None,
    "created_at": _AT,
}
_REQUEST: JSON = {
    "id": 7,
    "verb": "retract",
    "arguments": {"event": 12},
    "reason": _WHY,
    "state": "open",
    "asked_by": _ONE,
    "created_at": _AT,
    "decided_by": None,
    "decided_at": None,
    "answer": "",
}
_JUDGEMENT: JSON = {
    "id": 6,
    "kind": "person",
    "low": 4,
    "high": 8,
    "same": False,
    "reason": "Two people of one name",
    "author": _ONE,
    "created_at": _AT,
}

CANDIDATE = _answers("A candidate", _CANDIDATE)
CANDIDATE_DETAIL = _answers("A candidate with its claim", _DETAIL)
EVENT = _answers("An event", {"id": 12, "merged_into": None, "candidates": [31], "revision": _REVISION})
REVISION = _answers("A revision", _REVISION)
ACT = _answers("A merge", _ACT)
ACT_DETAIL = _answers("A merge", {**_ACT, "revisions": [{"seq": 44, "event": 12, "operation": "MOD"}]})
REQUEST = _answers("A step that waits", _REQUEST)
JUDGEMENT = _answers("Two people of one name", _JUDGEMENT)
JUDGED = _answers("Judged", _JUDGEMENT, "201")
DUPLICATES = _answers(
    "A pair",
    {
        "results": [
            {
                "kind": "person",
                "low": {"id": 4, "name": "Zhang Ping'an"},
                "high": {"id": 8, "name": "Zhang Pingan"},
                "why": "both are called 'zhang pingan'",
            }
        ]
    },
)

EDIT = _asks("The whole claim", {"claim": _CLAIM})
ACCEPT = _asks("Another source of an event", {"into": 12, "reason": "The company's own notice"})
REMARK = _asks("With a remark", {"reason": _WHY})
DEFER = _asks("Until a day", {"until": "2025-12-01", "reason": _WHY})
ASSIGN = _asks("To a curator", {"to": 2})
REASON = _asks("With the reason", {"reason": "An opinion, not a fact"})
ALONE = _asks("With the reason", {"reason": _WHY})
RESOLVE = _asks("The subject", {"pointer": "/subject", "type": "person", "id": 4})
PARTY = _asks("The subject", {"pointer": "/subject"})
CORRECT = _asks("The whole claim", {"claim": _CLAIM, "reason": "Misread: three levels, not two"})
SEVERITY = _asks("Graver than computed", {"severity": 4, "reason": "The whole board was concerned"})
CORRECT_CASE = _asks(
    "Another day for all",
    {"change": {"dates": {"announced": {"value": "2025-10-19", "precision": "day"}}}, "reason": _WHY},
)
MERGE = _asks("Two spellings", {"kind": "person", "source": 8, "target": 4, "reason": "One person"})
SPLIT = _asks(
    "A namesake",
    {"kind": "person", "source": 4, "events": [15], "name": "Zhang Ping'an", "reason": "A namesake"},
)
JUDGE = _asks(
    "Two people of one name",
    {"kind": "person", "one": 4, "other": 8, "same": False, "reason": "Two people of one name"},
)
ANSWER = _asks("With the reason", {"answer": "The source stands by it"})

_PROPOSAL: JSON = {
    "id": 3,
    "event": 12,
    "revision": 40,
    "kind": "correction",
    "field": "/penalties/0",
    "text": "The notice speaks of two levels, not three.",
    "source_url": "https://example.com/notice",
    "name": "",
    "contact": "",
    "state": "open",
    "created_at": _AT,
    "handled_by": None,
    "handled_at": None,
    "answer": "",
}
PROPOSAL = _answers("A correction", _PROPOSAL)
ANSWER_PROPOSAL = _asks("Not taken up", {"state": "declined", "answer": "The notice says three levels."})
