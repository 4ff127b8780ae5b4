"""Who waits for whom: what writers of the record lock, and in which order.

Everyone locks in one order, each kind by primary key, so that no two writers wait for each other: acts and
requests, candidates, cases, events, people, the structure, organizations, and last the ledger's head. The locks
are NO KEY UPDATE and SHARE: at the commit, with the head locked, PostgreSQL checks foreign keys by KEY SHARE,
which a plain FOR UPDATE of another writer who waits for the head would never let through.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection

from events.choices import PartyType
from events.exceptions import CurationError
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Event
from events.record.identity import identities
from events.record.phrases.common import JSON

_STRUCTURE = 7_305_814
"""The advisory lock of whoever changes units' places; any number that nothing else in the database takes."""


def lock_events(ids: Iterable[int]) -> dict[int, str]:
    """Locks events; gives the status of each one that there is."""
    rows = Event.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return dict(rows.values_list("pk", "status"))


def lock_people(ids: Iterable[int]) -> dict[int, Executive]:
    """Locks people, so that what is written about one of them follows one after the other."""
    rows = Executive.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows}


def lock_organizations(ids: Iterable[int]) -> dict[int, Organization]:
    """Locks organizations that are about to be merged: nothing is published about them meanwhile."""
    rows = Organization.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return {row.pk: row for row in rows}


def lock_structure() -> None:
    """One at a time changes the places of units: what follows for one unit may depend on any other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_STRUCTURE])


def hold_named(payloads: Sequence[JSON], people: Iterable[int] = (), *, structure: bool = False) -> None:
    """Locks everyone whom payloads that are to stand name, and `people`; organizations against merging alone;
    the structure where units may change their places.

    Raises CurationError when one of those named was merged into another since the payload was made.
    """
    named = {identity for payload in payloads for identity in identities(payload)}
    persons = {pk for kind, pk in named if kind is PartyType.PERSON}
    held = lock_people(persons | set(people))
    gone = [held[pk].name for pk in sorted(persons) if held[pk].merged_into_id is not None]
    if structure:
        lock_structure()
    gone += _share_organizations({pk for kind, pk in named if kind is PartyType.ORGANIZATION})
    if gone:
        raise CurationError(f"{gone[0]} was merged into another entry meanwhile. Look at it again.")


def _share_organizations(ids: set[int]) -> list[str]:
    """Keeps organizations from being merged, without keeping other publishers waiting; gives those that were."""
    if not ids:
        return []
    statement = (
        f"SELECT name, merged_into_id FROM {Organization._meta.db_table} "  # noqa: S608 - a constant
        "WHERE id = ANY(%s) ORDER BY id FOR SHARE"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [sorted(ids)])
        return [name for name, merged_into in cursor.fetchall() if merged_into is not None]
