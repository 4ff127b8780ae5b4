"""An organization's family of units, read at once: a page asks for its places many times, and pays for them once.

The family is found by one recursive statement, down and up from the organization; its places follow from two more,
however deep it is. What it says of the organization is what `units.places_at` says, level by level.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q

from events.choices import EndState, Kind, Operation
from events.models.organizations import Organization, OrganizationParent
from events.models.record import Event, Revision
from events.record import structure
from events.record.places import Place, Places, place_of, standing, with_merged
from events.timelines.clocks import AsOf
from events.timelines.entries import entries, entry

MAX_FAMILY = 5000
"""Organizations of one family that are read; a larger one is cut."""

_PARENT, _ORGANIZATION = OrganizationParent._meta.db_table, Organization._meta.db_table
# `way` keeps what stands above from drawing in the siblings that stand below it.
_SEED = """SELECT %(root)s::bigint AS id, 'down' AS way, NULL::bigint AS survivor
 UNION ALL SELECT %(root)s::bigint, 'up', NULL"""
_REGISTER = f"""SELECT p.child_id AS id, 'down' AS way, NULL::bigint AS survivor FROM {_PARENT} p
   WHERE family.way = 'down' AND p.parent_id = family.id {{which}}
 UNION ALL SELECT p.parent_id, 'up', NULL FROM {_PARENT} p
   WHERE family.way = 'up' AND p.child_id = family.id AND p.parent_id IS NOT NULL {{which}}
 UNION ALL SELECT o.id, 'former', family.id FROM {_ORGANIZATION} o WHERE o.merged_into_id = family.id"""  # noqa: S608 - constants
# The kind is read of what may be a reorganization by its event's row alone: else PostgreSQL would unpack the payload
# of everything that bears on a unit.
_LEDGER = f""" UNION ALL SELECT substring(s.subject FROM 14)::bigint, family.way, NULL FROM {Revision._meta.db_table} r
   JOIN {Event._meta.db_table} e ON e.id = r.event_id JOIN {Revision._meta.db_table} h ON h.seq = e.head_id
   CROSS JOIN LATERAL unnest(r.subjects) AS s (subject)
   WHERE family.way <> 'former' AND r.subjects @> ARRAY['organization:' || family.id]::varchar[]
   AND r.recorded_at <= %(known_at)s AND r.operation <> '{Operation.DEL.value}' AND s.subject LIKE 'organization:%%'
   AND CASE WHEN e.kind = '{Kind.REORGANIZATION.value}' OR h.number > 1
            THEN r.payload ->> 'kind' = '{Kind.REORGANIZATION.value}' END"""  # noqa: S608 - the same
_FAMILY = """WITH RECURSIVE family AS ({seed} UNION
 SELECT found.id, found.way, found.survivor FROM family CROSS JOIN LATERAL ({found}) AS found)
SELECT id, way, survivor FROM family LIMIT %(limit)s"""


@dataclass(frozen=True)
class Family(Places):
    """The places around an organization, those below it and those above it, in memory.

    `members` are the ids that were looked at; `former` has, by id, those that were merged into it since;
    `ended` are the register's rows that have ended nobody knows when: they count on no day.
    """

    members: frozenset[int]
    former: dict[int, set[int]]
    ended: list[OrganizationParent]
    by_child: dict[int, list[Place]]
    by_parent: dict[int, list[Place]]

    def above(self, units: Collection[int]) -> list[Place]:
        """Where these units stood."""
        return [place for unit in sorted(units) for place in self.by_child.get(unit, ())]

    def below(self, parents: Collection[int]) -> list[Place]:
        """Which units stood in these, by unit and time."""
        found = [place for parent in set(parents) for place in self.by_parent.get(parent, ())]
        return sorted(found, key=lambda place: (place.child_id, place.span.first))

    def subjects(self, units: Iterable[int]) -> list[str]:
        """`organization:2` for each of the units, and for those merged into them, whom the ledger may name."""
        named = {pk for unit in units for pk in (unit, *self.former.get(unit, ()))}
        return [f"organization:{pk}" for pk in sorted(named)]


def family(root: int, known_at: datetime | None = None) -> Family:
    """The family of an organization as the record says it now, or said it at an instant. Three SQL statements."""
    members, former = _members(root, known_at)
    which, said = Q(child_id__in=members), list[Place]()
    if known_at is not None:
        which, said = which & Q(event=None), _said(members, known_at)
    rows = list(with_merged(OrganizationParent.objects.filter(which)))
    declared = [place_of(row) for row in rows if row.end_state != EndState.UNKNOWN.value]
    by_child, by_parent = defaultdict[int, list[Place]](list), defaultdict[int, list[Place]](list)
    for place in standing([*declared, *said]):
        by_child[place.child_id].append(place)
        if place.parent_id is not None:
            by_parent[place.parent_id].append(place)
    ended = [row for row in rows if row.end_state == EndState.UNKNOWN.value]
    return Family(members, former, ended, dict(by_child), dict(by_parent))


def _members(root: int, known_at: datetime | None) -> tuple[frozenset[int], dict[int, set[int]]]:
    which = "" if known_at is None else "AND p.event_id IS NULL"
    found = _REGISTER.format(which=which) + ("" if known_at is None else _LEDGER)
    with connection.cursor() as sql:
        sql.execute(
            _FAMILY.format(seed=_SEED, found=found),
            {"root": root, "known_at": known_at, "limit": MAX_FAMILY},
        )
        rows: list[tuple[int, str, int | None]] = sql.fetchall()
    members = frozenset(pk for pk, way, _ in rows if way != "former")
    return members, _merged({pk: survivor for pk, way, survivor in rows if way == "former"})


def _merged(into: dict[int, int | None]) -> dict[int, set[int]]:
    """By survivor, directly or through others: those that were merged into it."""
    found = defaultdict[int, set[int]](set)
    for pk, survivor in into.items():
        while survivor is not None:
            found[survivor].add(pk)
            survivor = into.get(survivor)
    return dict(found)


def _said(members: Collection[int], known_at: datetime) -> list[Place]:
    """The places that the ledger of the instant gives."""
    may_be = Q(event__kind=Kind.REORGANIZATION.value) | Q(event__head__number__gt=1)
    subjects = [f"organization:{pk}" for pk in sorted(members)]
    rows = entries(AsOf(known_at=known_at)).filter(may_be, Q(("subjects__overlap", subjects)))
    payloads = (entry(row) for row in rows.order_by("event_id"))
    given = structure.places(p for p in payloads if p["kind"] == Kind.REORGANIZATION.value)
    return [place for found in given.values() for place in found]
