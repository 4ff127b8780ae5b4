"""`manage.py timeline NAME`: a person's or organization's timeline in the terminal."""

from __future__ import annotations

import shutil
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from events.management.base import RecordCommand
from events.models.organizations import Organization
from events.models.people import Executive
from events.timelines import organizations, people
from events.timelines.clocks import AsOf, UnknownTime, parse_day, parse_instant
from events.timelines.entries import NEWEST_FIRST, bearing_on, entries, entry
from events.timelines.finding import nearest_names, organizations_named, people_named
from events.timelines.grades import grade_history
from events.timelines.text import plain, render
from events.timelines.units import bearing_on_organizations

MAX_LISTED = 20


class Command(RecordCommand):
    """Prints a timeline, newest first; an organization's has its units' events, as of their dates. Exit code 1 where the name stands for nobody, or for more than one."""

    help = "Print a person's or organization's timeline"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument("name", help="A name in any script or spelling, or person:ID or organization:ID")
        parser.add_argument("--valid-at", metavar="DAY", help="Only what had begun by that day, YYYY-MM-DD")
        parser.add_argument(
            "--known-at", metavar="INSTANT", help="As the record said it at that instant, ISO 8601"
        )
        parser.add_argument("--limit", type=int, default=100, metavar="N", help="At most N entries (100)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints the timeline. Raises CommandError."""
        try:
            clocks = AsOf(
                parse_day(options["valid_at"]) if options["valid_at"] else None,
                parse_instant(options["known_at"]) if options["known_at"] else None,
            )
        except UnknownTime as error:
            raise CommandError(str(error)) from None
        row = find(options["name"])
        kind = "person" if isinstance(row, Executive) else "organization"
        if isinstance(row, Executive):
            rows = bearing_on(entries(clocks), [f"person:{row.pk}"])
        else:
            rows = bearing_on_organizations(entries(clocks), [row.pk], clocks)
        limit = max(1, options["limit"])
        found = list(rows.order_by(*[key.order for key in NEWEST_FIRST])[: limit + 1])
        grades = grade_history(row, clocks) if isinstance(row, Executive) else []
        width = shutil.get_terminal_size().columns
        subject = {"type": kind, "id": row.pk, "name": row.name}
        self.stdout.write(render(subject, [entry(item) for item in found[:limit]], grades, width), ending="")
        if len(found) > limit:
            self.stdout.write(f"\nThere are more entries; --limit shows more than {limit}.")


def find(name: str) -> Executive | Organization:
    """The one person or organization of a name or of `person:ID`. Raises CommandError, which lists the choices."""
    found = by_id(name) or [*people_named(name)[:MAX_LISTED], *organizations_named(name)[:MAX_LISTED]]
    if not found:
        near = "".join(f"\n  {plain(known)}" for known in nearest_names(name))
        raise CommandError(
            f"Nobody on record is called {plain(name)!r}."
            + (f" The nearest names are:{near}" if near else "")
        )
    if len(found) > 1:
        choices = "".join(f"\n  {reference(row)}  {plain(describe(row))}" for row in found)
        raise CommandError(f"{plain(name)!r} may be one of these; name one by its number:{choices}")
    return found[0]


def by_id(text: str) -> list[Executive | Organization]:
    """What `person:4` or `organization:2` stands for; empty for other texts."""
    kind, _, number = text.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return []
    if kind == "person":
        return [people.survivor(row) for row in Executive.objects.filter(pk=int(number))]
    rows = Organization.objects.filter(pk=int(number)) if kind == "organization" else ()
    return [organizations.survivor(row) for row in rows]


def reference(row: Executive | Organization) -> str:
    """`person:4` or `organization:2`."""
    return f"{'person' if isinstance(row, Executive) else 'organization'}:{row.pk}"


def describe(row: Executive | Organization) -> str:
    """A name with what tells it from its namesakes."""
    if isinstance(row, Organization):
        return f"{row.name} ({row.type})"
    held = people.current_positions(row)[:2]
    return ", ".join([row.name, *[f"{item['title']} of {item['organization']['name']}" for item in held]])
