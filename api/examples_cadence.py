"""An example of a cadence, for the docs."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample


def _release(event: int, name: str, day: str) -> dict[str, Any]:
    return {"event": event, "name": name, "date": {"value": day, "precision": "day"}}


CADENCE = OpenApiExample(
    "One line and a peer",
    value={
        "organization": {"id": 5, "name": "Northlake Devices"},
        "valid_at": "2025-12-31",
        "known_at": None,
        "releases": 2,
        "median_days": 60.0,
        "last_release": "2025-03-02",
        "days_since_last": 304,
        "lines": [
            {
                "line": "Kestrel",
                "releases": [
                    _release(31, "Kestrel 1", "2025-01-01"),
                    _release(36, "Kestrel 2", "2025-03-02"),
                ],
                "median_days": 60.0,
                "last_gap_days": 60,
                "days_since_last": 304,
            }
        ],
        "peers": [
            {
                "organization": {"id": 8, "name": "Southlake Devices"},
                "lines": 1,
                "releases": 3,
                "median_days": 30.5,
                "last_release": "2025-11-30",
                "days_since_last": 31,
            }
        ],
        "peers_median_days": 30.5,
    },
    response_only=True,
    status_codes=["200"],
)
