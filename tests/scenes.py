"""Set-ups that several tests share: invented people and organizations, documents, drafts, curators."""

from __future__ import annotations

import hashlib
import itertools
import zlib
from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import Permission

from events.choices import Kind, PartyType, Role, Status
from events.dates import PartialDate
from events.models.access import User
from events.models.candidates import Candidate
from events.models.grades import Grade, GradeLadder
from events.models.organizations import Organization, OrganizationParent
from events.models.people import Executive
from events.models.record import Revision
from events.models.sources import Document
from events.record.draft import Draft, DraftEvidence, DraftOrganization, DraftParty

_numbers = itertools.count(1)
GRADES = [f"{number}{letter}" for number in (22, 21, 20) for letter in "ABC"]


def curator(name: str = "") -> User:
    """A staff user who may curate."""
    user = User.objects.create_user(name or f"curator{next(_numbers)}", password="x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="curate", content_type__app_label="events"))
    return user


def company(name: str = "Northlake Devices", **fields: Any) -> Organization:
    """An organization."""
    return Organization.objects.create(name=name, **fields)


def unit(name: str, parent: Organization, **fields: Any) -> Organization:
    """A division that has always been part of `parent`."""
    child = Organization.objects.create(name=name, type="division", **fields)
    OrganizationParent.objects.create(child=child, parent=parent)
    return child


def ladder(organization: Organization, labels: list[str] | None = None) -> GradeLadder:
    """A ladder of 22A > 22B > ... > 20C, or of other labels, highest first."""
    made = GradeLadder.objects.create(organization=organization, name="Staff grades")
    for rank, label in enumerate(labels or GRADES):
        Grade.objects.create(ladder=made, label=label, rank=rank)
    return made


def executive(name: str = "Ilse van Houten") -> Executive:
    """A person."""
    return Executive.objects.create(name=name)


def document(text: str, *, published: date = date(2025, 11, 17), **fields: Any) -> Document:
    """An article of that text, as fetched."""
    number = next(_numbers)
    raw = text.encode()
    values: dict[str, Any] = {
        "url": f"https://news.example.com/{number}",
        "title": f"Article {number}",
        "language": "en",
        "published_at": datetime(published.year, published.month, published.day, tzinfo=UTC),
        "raw": zlib.compress(raw),
        "raw_sha256": hashlib.sha256(raw).hexdigest(),
        "text": text,
        "text_sha256": hashlib.sha256(raw).hexdigest(),
    }
    return Document.objects.create(**(values | fields))


DEMOTION_TEXT = (
    "On October 18, the Conduct Committee issued penalties. "
    "Ilse van Houten, CEO of Northlake Cloud, was demoted three levels from 22A to 21A."
)


def demotion(
    person: Executive,
    organization: Organization,
    source: Document,
    *,
    day: str = "2025-10-18",
    start: str = "22A",
    end: str = "21A",
    levels: int | None = 3,
    **fields: Any,
) -> Draft:
    """A draft that demotes a person from one grade to another."""
    penalty: dict[str, Any] = {"type": "demotion", "from": start, "to": end}
    if levels is not None:
        penalty["levels"] = levels
    values: dict[str, Any] = {
        "kind": Kind.DISCIPLINE,
        "action": "demotion",
        "subject": DraftParty(Role.SUBJECT, PartyType.PERSON, person.name, person.id, "CEO"),
        "organization": DraftOrganization(organization.name, organization.id),
        "dates": {"decided": PartialDate.parse(day)},
        "penalties": (penalty,),
        "evidence": (whole(source),),
    }
    return Draft(**(values | fields))


def appointment(
    person: Executive, organization: Organization, source: Document, *, day: str, title: str
) -> Draft:
    """A draft that appoints a person."""
    return Draft(
        kind=Kind.LEADERSHIP,
        action="appointment",
        subject=DraftParty(Role.SUBJECT, PartyType.PERSON, person.name, person.id, title),
        organization=DraftOrganization(organization.name, organization.id),
        dates={"effective": PartialDate.parse(day)},
        evidence=(whole(source),),
    )


def whole(source: Document) -> DraftEvidence:
    """Evidence for a claim as a whole: the document's first 400 characters at most."""
    quote = source.text[:400]
    return DraftEvidence(source.id, "", 0, len(quote), quote)


def claim(text: str, **fields: Any) -> dict[str, Any]:
    """A discipline claim about Ilse van Houten, with the whole text as its evidence."""
    base: dict[str, Any] = {
        "kind": "discipline",
        "action": "demotion",
        "subject": {
            "type": "person",
            "name": "Ilse van Houten",
            "title": "CEO",
            "organization": "Northlake Cloud",
        },
        "penalties": [{"type": "demotion", "levels": 3, "from": "22A", "to": "21A"}],
        "dates": {"announced": {"value": "2025-10-18", "precision": "day"}},
        "confidence": 0.9,
        "evidence": [{"field": "", "start": 0, "end": min(len(text), 400), "quote": text[:400]}],
    }
    return base | fields


def candidate(source: Document, content: dict[str, Any] | None = None, **fields: Any) -> Candidate:
    """A candidate as extraction leaves it, with its names looked up."""
    from events.curation.assess import assess
    from events.curation.parties import carried_over

    content = content or claim(source.text)
    made = Candidate(
        document=source,
        fingerprint=f"{next(_numbers):064d}",
        extractor_version="test",
        original=content,
        resolution=carried_over(content, {}),
        **fields,
    )
    assess(made)
    made.save()
    return made


def reorganization(
    action: str, unit: Organization, source: Document, /, *, day: str, of: Organization | None = None, **parties: Any
) -> Draft:  # fmt: skip
    """A draft about a unit of the organization `of`; parties by role, such as `successor=other`, and `assertion`."""
    assertion = parties.pop("assertion", Status.REPORTED)
    return Draft(
        kind=Kind.REORGANIZATION,
        action=action,
        subject=DraftParty(Role.SUBJECT, PartyType.ORGANIZATION, unit.name, unit.id),
        organization=DraftOrganization(of.name, of.id) if of else None,
        participants=tuple(
            DraftParty(Role(role), PartyType.ORGANIZATION, found.name, found.id)
            for role, given in parties.items()
            for found in (given if isinstance(given, list) else [given])
        ),
        dates={"effective": PartialDate.parse(day)},
        assertion=assertion,
        evidence=(whole(source),),
    )


def publish(draft: Draft) -> Revision:
    """Puts a draft on the record, by a curator of its own."""
    from events.record import publishing

    return publishing.publish(draft, curator())
