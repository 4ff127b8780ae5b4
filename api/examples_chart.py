"""An example of a chart, for the docs; its organizations are invented."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

CHART = OpenApiExample(
    "A team that moved",
    value={
        "organization": {"id": 5, "name": "Northlake Devices", "type": "company"},
        "valid_at": "2025-07-02",
        "known_at": None,
        "parents": [],
        "holders": [],
        "units": [
            {
                "id": 6,
                "name": "Northlake Cloud",
                "type": "division",
                "event": None,
                "merged": False,
                "holders": [],
                "units": [
                    {
                        "id": 9,
                        "name": "Models",
                        "type": "team",
                        "event": 41,
                        "merged": False,
                        "holders": [
                            {
                                "executive": {"id": 12, "name": "Ilse van Houten"},
                                "title": "Head",
                                "interim": False,
                                "event": 38,
                            }
                        ],
                        "units": [],
                    }
                ],
            }
        ],
        "truncated": False,
    },
    response_only=True,
    status_codes=["200"],
)
