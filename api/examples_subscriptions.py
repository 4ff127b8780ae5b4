"""An alert, as it is asked for, changed and shown."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

SENT = OpenApiExample(
    "Demotions at a company",
    value={"organization": 2, "kind": "discipline", "min_severity": 3, "frequency": "daily"},
    request_only=True,
)
CHANGED = OpenApiExample(
    "At once, and of any severity", value={"frequency": "instant", "min_severity": 0}, request_only=True
)
SHOWN = OpenApiExample(
    "An alert",
    value={
        "id": 7,
        "executive": None,
        "organization": {"id": 2, "name": "Huawei Cloud"},
        "kind": "discipline",
        "min_severity": 3,
        "text": "",
        "sentence": "Huawei Cloud and its units (discipline only, severity 3 or more)",
        "frequency": "daily",
        "silent_days": None,
        "is_active": True,
        "waits": False,
        "created_at": "2025-11-17T08:00:00Z",
    },
    response_only=True,
)
