"""Set-ups of the tests of merges, splits and cases: a company with grades, curators, published events."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connections

from events.models.access import User
from events.models.candidates import Candidate
from events.models.grades import GradeLadder
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Event, Revision
from events.models.sources import Document
from events.record import publishing
from tests import scenes

MILD = {"action": "warning", "penalties": [{"type": "warning", "degree": "minor"}]}


@dataclass
class Desk:
    """Northlake Devices with its division Northlake Cloud, a ladder, two curators, an article."""

    parent: Organization = field(default_factory=scenes.company)
    first: User = field(default_factory=scenes.curator)
    second: User = field(default_factory=scenes.curator)
    cloud: Organization = field(init=False)
    ladder: GradeLadder = field(init=False)
    source: Document = field(init=False)

    def __post_init__(self) -> None:
        self.cloud = scenes.unit("Northlake Cloud", self.parent)
        self.ladder = scenes.ladder(self.parent)
        self.source = scenes.document(scenes.DEMOTION_TEXT)

    def demote(self, person: Executive, **fields: Any) -> Revision:
        """Puts a demotion (severity 3) on the record."""
        fields.setdefault("levels", None)
        draft = scenes.demotion(person, self.cloud, self.source, **fields)
        return publishing.publish(draft, self.first, self.second, "seen in the notice")

    def appoint(
        self, person: Executive, day: str, title: str = "CFO", at: Organization | None = None
    ) -> Revision:
        """Puts an appointment (severity 0) on the record."""
        draft = scenes.appointment(person, at or self.cloud, self.source, day=day, title=title)
        return publishing.publish(draft, self.first)

    def candidate(self, text: str = "", **fields: Any) -> Candidate:
        """A mild candidate about Ilse van Houten in an article of its own."""
        source = scenes.document(text or scenes.DEMOTION_TEXT)
        return scenes.candidate(source, scenes.claim(source.text, **(MILD | fields)))


def overrider() -> User:
    """A curator who may do without a second one."""
    user = scenes.curator()
    permission = Permission.objects.get(codename="override_four_eyes", content_type__app_label="events")
    user.user_permissions.add(permission)
    return User.objects.get(pk=user.pk)


def latest(event: int) -> Revision:
    """An event's latest revision."""
    return publishing.latest(event)


def payloads() -> dict[int, Any]:
    """What the record says now: the latest payload of each event that stands."""
    standing = Event.objects.exclude(status="retracted")
    return {event.pk: latest(event.pk).payload for event in standing}


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Runs the works in threads that start together, each with a connection of its own; gives what each returned or
    raised, in their order."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(number: int) -> None:
        try:
            barrier.wait()
            results[number] = works[number]()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
