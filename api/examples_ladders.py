"""An example of a ladder as CSV, for the docs."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample

LADDER_CSV = OpenApiExample(
    "Two grades",
    value=(
        "organization,ladder,version,from,to,rank,label,source\r\n"
        "Northlake Devices,Staff grades,1,2020,,0,22A,Invented for this example\r\n"
        "Northlake Devices,Staff grades,1,2020,,1,22B,Invented for this example\r\n"
    ),
    response_only=True,
    status_codes=["200"],
    media_type="text/csv",
)
