"""What curation hands over to be published: one fact with its parties resolved and its words beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from events.choices import Kind, PartyType, Role, Status
from events.dates import PartialDate

PRINCIPAL_DATES = ("effective", "decided", "occurred", "announced")
"""Which date a timeline shows, first one known: the day it took effect before the day it was told."""


@dataclass(frozen=True)
class DraftParty:
    """A party with the name as published; `id` is an executive's or organization's, None where not known."""

    role: Role
    type: PartyType
    name: str
    id: int | None = None
    title: str = ""


@dataclass(frozen=True)
class DraftOrganization:
    """The organization that a position or unit belongs to."""

    name: str
    id: int | None = None


@dataclass(frozen=True)
class DraftEvidence:
    """The words in a document that prove the field at a JSON Pointer; offsets count code points."""

    document_id: int
    field: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class SeverityOverride:
    """A curator's severity (0 to 5) in place of the computed one, and why."""

    severity: int
    reason: str


@dataclass(frozen=True)
class Draft:
    """One governance fact, ready to be published. Penalties, measures and headcount have a claim's shape."""

    kind: Kind
    action: str
    subject: DraftParty
    evidence: tuple[DraftEvidence, ...]
    organization: DraftOrganization | None = None
    participants: tuple[DraftParty, ...] = ()
    dates: Mapping[str, PartialDate] = field(default_factory=dict)
    assertion: Status = Status.REPORTED
    confidence: float = 1.0
    penalties: tuple[dict[str, Any], ...] = ()
    grounds: tuple[str, ...] = ()
    measures: tuple[dict[str, Any], ...] = ()
    headcount: Mapping[str, Any] = field(default_factory=dict)
    departure: str = ""
    interim: bool = False
    case_id: int | None = None
    notes: tuple[str, ...] = ()
    override: SeverityOverride | None = None

    @property
    def date(self) -> PartialDate | None:
        """The date that timelines show, or None where the source gives none."""
        return next((self.dates[name] for name in PRINCIPAL_DATES if name in self.dates), None)

    @property
    def issuer(self) -> DraftParty | None:
        """Who decided, where the source says so."""
        return next((party for party in self.participants if party.role is Role.ISSUER), None)
