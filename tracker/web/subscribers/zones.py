"""Time zones as a reader chooses among them."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

COMMON = (
    "UTC", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Tokyo", "Asia/Seoul",
    "Asia/Kolkata", "Asia/Dubai", "Australia/Sydney", "Europe/London", "Europe/Paris", "Europe/Berlin",
    "Europe/Amsterdam", "Europe/Brussels", "Europe/Madrid", "Europe/Zurich", "America/New_York", "America/Chicago",
    "America/Denver", "America/Los_Angeles", "America/Toronto", "America/Sao_Paulo", "Africa/Johannesburg",
)  # fmt: skip
"""Offered first; every other IANA name is accepted, too."""
_OLD = ("Etc/", "SystemV/", "US/", "posix", "right")


@lru_cache(maxsize=1)
def offered() -> tuple[str, ...]:
    """The common zones, then those named after places, by the alphabet."""
    places = {name for name in available_timezones() if "/" in name and not name.startswith(_OLD)}
    return (*COMMON, *sorted(places.difference(COMMON)))


def canonical(name: str) -> str:
    """The IANA name as it is spelled, whatever the case. Raises ValueError for one that is none."""
    found = _by_lower_case().get(name.strip().replace(" ", "_").casefold())
    if found is None:
        raise ValueError(f"{name!r} is no IANA time zone")
    return ZoneInfo(found).key


@lru_cache(maxsize=1)
def _by_lower_case() -> dict[str, str]:
    return {name.casefold(): name for name in available_timezones()}
