"""A record with one demoted person."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from events.models.access import User
from events.models.grades import GradeLadder
from events.models.organizations import Organization
from events.models.people import Executive, ExecutiveName
from events.models.record import Revision
from events.models.sources import Document
from events.record import publishing
from tests import scenes


@dataclass
class Record:
    """Who and what is in the record, and its first revision."""

    person: Executive
    organization: Organization
    parent: Organization
    ladder: GradeLadder
    source: Document
    author: User
    revision: Revision

    def publish(self, day: str, *, person: Executive | None = None, title: str = "CEO") -> Revision:
        """Puts an appointment on the record."""
        draft = scenes.appointment(
            person or self.person, self.organization, self.source, day=day, title=title
        )
        return publishing.publish(draft, self.author)


@pytest.fixture
def record(db: None) -> Record:
    """Ilse van Houten (伊尔莎), CEO of Northlake Cloud, a division of Northlake Devices, demoted from 22A to 21A."""
    parent = scenes.company()
    organization = scenes.unit("Northlake Cloud", parent)
    person = scenes.executive()
    ExecutiveName.objects.create(executive=person, name="伊尔莎", language="zh-Hans", type="native")
    ladder = scenes.ladder(parent)
    source = scenes.document(scenes.DEMOTION_TEXT)
    author = scenes.curator()
    revision = publishing.publish(scenes.demotion(person, organization, source), author)
    return Record(person, organization, parent, ladder, source, author, revision)
