"""Examples of the main answers, for the docs: the demo's facts."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

JSON = dict[str, Any]

_HUAWEI: JSON = {"id": 1, "name": "Huawei"}
_CLOUD: JSON = {"id": 2, "name": "Huawei Cloud"}
_NAMED_CLOUD: JSON = {**_CLOUD, "name_zh": "华为云"}
_QUOTE = "Zhang Ping'an was demoted three levels and issued a severe warning, dropping from Level 22a to 21a"
_DAY: JSON = {"value": "2025-10-18", "precision": "day"}
_ISSUER: JSON = {
    "type": "organization",
    "id": 3,
    "name": "Huawei Disciplinary Committee",
    "name_zh": "华为纪律委员会",
    "named": "Huawei's Disciplinary Committee",
}

_PAYLOAD: JSON = {
    "event": 12,
    "kind": "discipline",
    "action": "demotion",
    "date": _DAY,
    "dates": {"announced": _DAY},
    "published": "2025-11-17T00:00:00Z",
    "first_seen": "2025-11-17T06:30:00Z",
    "summary": "Zhang Ping'an, CEO of Huawei Cloud, was demoted three levels from 22A to 21A.",
    "summary_zh": "华为云首席执行官张平安由22A降至21A，降三级。",
    "severity": 3,
    "severity_inputs": {
        "rule": "discipline/demotion",
        "rule_version": 1,
        "penalties": ["demotion", "warning:severe"],
        "departure": "",
        "senior": True,
        "regulator": False,
        "headcount": 0,
    },
    "status": "reported",
    "assertion": "reported",
    "confidence": 0.94,
    "case": 3,
    "case_title": "Decision of Huawei's Disciplinary Committee",
    "subject": {
        "type": "person",
        "id": 4,
        "name": "Zhang Ping'an",
        "name_zh": "张平安",
        "title": "CEO",
        "organization": _NAMED_CLOUD,
    },
    "details": {
        "title": "CEO",
        "organization": _NAMED_CLOUD,
        "issuer": _ISSUER,
        "penalties": [
            {"type": "demotion", "levels": 3, "from": "22A", "to": "21A", "steps": -3, "ladder": 1},
            {"type": "warning", "degree": "severe"},
        ],
    },
    "evidence": [
        {
            "field": "/penalties/0",
            "quote": _QUOTE,
            "start": 4031,
            "end": 4129,
            "document": {
                "id": 9,
                "url": "https://news.example.com/huawei-cloud",
                "title": "Huawei Cloud's turbulent year",
                "published": "2025-11-17",
            },
        }
    ],
    "notes": [],
}
_ENTRY: JSON = {**_PAYLOAD, "revision": {"seq": 40, "recorded_at": "2025-11-17T08:00:00Z"}}
_OPEN: JSON = {"from": "2025-10-18", "to": None, "from_precision": "day", "to_precision": None, "end": "open"}
_ENDED: JSON = {
    "from": None,
    "to": "2025-10-18",
    "from_precision": None,
    "to_precision": "day",
    "end": "ended",
}
_LADDER: JSON = {"ladder": 1, "ladder_name": "Huawei grades", "organization": _HUAWEI}
_GRADES: list[JSON] = [
    {**_LADDER, "grade": "22A", "event": 12, **_ENDED},
    {**_LADDER, "grade": "21A", "event": 12, **_OPEN},
]
_POSITION: JSON = {
    "organization": _CLOUD,
    "title": "CEO",
    "interim": False,
    "event": None,
    **_OPEN,
    "from": None,
    "from_precision": None,
    "current": True,
}


def _example(name: str, value: JSON) -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


ENTRY = _example("A demotion", _ENTRY)
TIMELINE = _example(
    "A timeline",
    {
        "subject": {"type": "person", "id": 4, "name": "Zhang Ping'an"},
        "results": [_ENTRY],
        "next": None,
        "previous": None,
    },
)
GRADES = _example("From 22A to 21A", {"results": _GRADES})
_EXECUTIVE: JSON = {
    "id": 4,
    "name": "Zhang Ping'an",
    "names": [
        {"name": "Zhang Ping'an", "language": "en", "type": "primary"},
        {"name": "张平安", "language": "zh-Hans", "type": "native"},
    ],
    "identifiers": [],
    "positions": [_POSITION],
}
EXECUTIVES = _example("A person", _EXECUTIVE)
EXECUTIVE = _example("A person", {**_EXECUTIVE, "grades": [_GRADES[1]]})
STEPS = _example(
    "Three steps down",
    {"ladder": 1, "ladder_name": "Huawei grades", "from": "22A", "to": "21A", "steps": -3},
)
CHANGES = _example(
    "A publication",
    {
        "results": [
            {
                "seq": 40,
                "event": 12,
                "number": 1,
                "operation": "ADD",
                "recorded_at": "2025-11-17T08:00:00Z",
                "reason": "",
                "changes": [{"field": "/action", "old": None, "new": "demotion"}],
                "payload": _PAYLOAD,
                "hash": "5f" * 32,
                "previous_hash": "00" * 32,
            }
        ],
        "next": None,
        "cursor": 40,
    },
)
