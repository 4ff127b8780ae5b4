"""What the wordings of every language need of a payload."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from events.dates import PartialDate

JSON = dict[str, Any]


def names(payload: JSON, role: str) -> list[str]:
    """Names of the participants in a role."""
    return [p["name"] for p in payload["details"].get("participants", []) if p["role"] == role]


def organization(payload: JSON) -> str:
    """The organization that the subject's position or unit belongs to, or an empty string."""
    found = payload["subject"].get("organization")
    return str(found["name"]) if found else ""


def in_chinese(payload: JSON) -> JSON:
    """The payload with Chinese names in the place of the shown ones, where they are known."""
    details = dict(payload["details"])
    details["participants"] = [_chinese(p) for p in details.get("participants", [])]
    if details.get("issuer"):
        details["issuer"] = _chinese(details["issuer"])
    subject = _chinese(payload["subject"])
    if subject.get("organization"):
        subject["organization"] = _chinese(subject["organization"])
    return payload | {"subject": subject, "details": details}


def _chinese(party: JSON) -> JSON:
    return party | {"name": party.get("name_zh") or party["name"]}


def stated_date(payload: JSON) -> PartialDate | None:
    """The event's date where the source states it; None where it is only the day of publication."""
    return PartialDate.from_json(payload["date"]) if payload["dates"] else None


def percent(fraction: float) -> str:
    """A fraction as a percentage: 0.085 is `8.5%`."""
    return f"{(Decimal(str(fraction)) * 100).normalize():f}%"


def plain_number(value: float) -> str:
    """A number without trailing zeros and with thousands separated: 2000.0 is `2,000`."""
    number = Decimal(str(value))
    return f"{number.to_integral():,}" if number == number.to_integral() else f"{number.normalize():,f}"
