"""The first lines of each export, for the docs: the demo's facts."""

from __future__ import annotations

from typing import Any

from events.exports import columns, ndjson, table
from events.exports.entities import event_entities, organization_entities, person_entities
from events.exports.events import Gone, Told

JSON = dict[str, Any]

_RECORDED = "2025-11-17T08:00:00Z"
_DAY: JSON = {"value": "2025-10-18", "precision": "day"}
_CLOUD: JSON = {"id": 2, "name": "Huawei Cloud"}
_ALWAYS: JSON = {"from": None, "to": None, "from_precision": None, "to_precision": None, "end": "open"}
_PERSON: JSON = {
    "id": 4,
    "name": "Zhang Ping'an",
    "names": [
        {"name": "Zhang Ping'an", "language": "en", "type": "primary"},
        {"name": "张平安", "language": "zh-Hans", "type": "native"},
    ],
    "identifiers": [],
    "positions": [
        {"organization": _CLOUD, "title": "CEO", "interim": False, "event": None, **_ALWAYS, "current": True}
    ],
}
_ORGANIZATION: JSON = {
    **_CLOUD,
    "type": "division",
    "country": "CN",
    "founded": None,
    "dissolved": None,
    "names": [{"name": "Huawei Cloud", "language": "en", "type": "primary"}],
    "identifiers": [],
    "parents": [{"id": 1, "name": "Huawei", "event": None, **_ALWAYS}],
}
_EVENT: JSON = {
    "case": None,
    "case_title": "",
    "confidence": 0.94,
    "date": _DAY,
    "dates": {"announced": _DAY},
    "details": {"penalties": [{"type": "demotion", "levels": 3, "from": "22A", "to": "21A", "steps": -3}]},
    "event": 12,
    "evidence": [
        {
            "field": "/penalties/0",
            "quote": "Zhang Ping'an was demoted three levels",
            "document": {
                "id": 9,
                "url": "https://news.example.com/huawei-cloud",
                "title": "Huawei Cloud's turbulent year",
                "published": "2025-11-17",
            },
        }
    ],
    "first_seen": "2025-11-17T06:30:00Z",
    "kind": "discipline",
    "action": "demotion",
    "assertion": "reported",
    "notes": [],
    "published": "2025-11-17T00:00:00Z",
    "severity": 3,
    "status": "reported",
    "subject": {
        "type": "person",
        "id": 4,
        "name": "Zhang Ping'an",
        "title": "CEO",
        "organization": _CLOUD,
    },
    "summary": "Zhang Ping'an, CEO of Huawei Cloud, was demoted three levels from 22A to 21A.",
    "summary_zh": "华为云首席执行官张平安由22A降至21A，降三级。",
    "revision": {"seq": 40, "recorded_at": _RECORDED},
}
_TOLD = Told(12, ndjson.line(_EVENT).rstrip())
_GONE = Gone(13, 41, _RECORDED, "retracted", None)
_ENTITIES = [
    *organization_entities(_ORGANIZATION, [], {}),
    *person_entities(_PERSON, [], {}),
    *event_entities(_EVENT),
]

EVENT_LINES = (ndjson.event_line(_TOLD) + ndjson.event_line(_GONE)).decode()
EVENT_ROWS = (table.row(columns.EVENT) + table.row(columns.event_cells(_TOLD))).decode()
EXECUTIVE_LINES = ndjson.line(_PERSON).decode()
EXECUTIVE_ROWS = (table.row(columns.EXECUTIVE) + table.row(columns.executive_cells(_PERSON))).decode()
ORGANIZATION_LINES = ndjson.line(_ORGANIZATION).decode()
ORGANIZATION_ROWS = (
    table.row(columns.ORGANIZATION) + table.row(columns.organization_cells(_ORGANIZATION))
).decode()
ENTITY_LINES = b"".join(ndjson.line(entity) for entity in _ENTITIES).decode()
