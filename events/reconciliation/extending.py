"""Properties of entities that were matched: what an extension adds to a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Count, F, Func, TextField
from django.utils import timezone

from events.models.grades import GradeAssignment
from events.reconciliation.entities import Entity, Key, entities, survivors
from events.reconciliation.queries import Extension, entity_key
from events.reconciliation.vocabulary import ORGANIZATION, PERSON, PROPERTIES, SCHEMES, TYPES
from events.timelines.entries import NEWEST_FIRST, bearing_on, entries, entry
from events.timelines.periods import holds_on

JSON = dict[str, Any]
Values = dict[str, list[JSON]]


def extend(asked: Extension) -> JSON:
    """`meta` says which properties these are; `rows` has each one's values by entity, empty lists for what is not known.

    An entity that was merged into another has that other's values; of an id that nobody has, nothing is known.
    """
    keyed = {text: key for text in asked.ids if (key := entity_key(text))}
    standing = survivors(keyed.values())
    known = entities(standing.values())
    filled = {key: _values(entity) for key, entity in known.items()}
    for name, fill in _FILLS.items():
        if name in asked.properties or any(p.startswith(f"{name}_") for p in asked.properties):
            fill(known, filled)
    return {
        "meta": [_meta(name) for name in asked.properties],
        "rows": {
            text: {
                name: filled[standing[keyed[text]]].get(name, [])
                if text in keyed and keyed[text] in standing
                else []
                for name in asked.properties
            }
            for text in asked.ids
        },
    }


def _meta(name: str) -> JSON:
    item = PROPERTIES[name]
    kind = {"type": {"id": item.entity, "name": TYPES[item.entity].name}} if item.entity else {}
    return {"id": name, "name": item.name, **kind}


def _values(entity: Entity) -> Values:
    """What is known of an entity without another statement."""
    organizations = [
        {"id": f"{ORGANIZATION}:{pk}", "name": name} for pk, name in entity.organizations.items()
    ]
    return {
        "names": _texts(dict.fromkeys([entity.name, *entity.names])),
        "organization": organizations,
        "position": _texts(entity.titles),
        "country": _texts([entity.country] if entity.country else []),
        "type": _texts([entity.type] if entity.type else []),
        **{scheme: _texts(entity.identifiers.get(scheme, [])) for scheme in SCHEMES},
    }


def _texts(values: Iterable[str]) -> list[JSON]:
    return [{"str": value} for value in values]


def _fill_grades(known: dict[Key, Entity], filled: dict[Key, Values]) -> None:
    """The grades of today."""
    people = [pk for kind, pk in known if kind == PERSON]
    rows = GradeAssignment.objects.filter(holds_on(timezone.now().date()), executive__in=people)
    for row in rows.select_related("grade").order_by("pk"):
        filled[PERSON, row.executive_id].setdefault("grade", []).append({"str": row.grade.label})


def _fill_counts(known: dict[Key, Entity], filled: dict[Key, Values]) -> None:
    """How many standing events bear on each entity, in all and by kind."""
    ids = {entity.id: key for key, entity in known.items()}
    rows = bearing_on(entries(), sorted(ids)).order_by()
    subject = Func(F("head__subjects"), function="unnest", output_field=TextField())
    counted: dict[Key, dict[str, int]] = defaultdict(dict)
    for name, kind, count in rows.values_list(subject, "kind").annotate(n=Count("pk")) if ids else ():
        if name in ids:
            counted[ids[name]][kind] = count
    for key, values in filled.items():
        values["events"] = [{"int": sum(counted[key].values())}]
        for name in PROPERTIES:
            kind = name.removeprefix("events_")
            if kind != name:
                values[name] = [{"int": counted[key].get(kind, 0)}]


def _fill_latest(known: dict[Key, Entity], filled: dict[Key, Values]) -> None:
    """The newest standing event that bears on each entity, one statement each: the index of the order ends it early."""
    for key, entity in known.items():
        rows = bearing_on(entries(), [entity.id]).order_by(*[column.order for column in NEWEST_FIRST])
        latest = rows.first()
        if latest is not None:
            payload = entry(latest)
            filled[key]["latest_event"] = [{"str": payload["summary"]}]
            filled[key]["latest_event_date"] = [{"date": f"{payload['date']['value']}T00:00:00Z"}]


_FILLS: dict[str, Callable[[dict[Key, Entity], dict[Key, Values]], None]] = {
    "grade": _fill_grades,
    "events": _fill_counts,
    "latest_event": _fill_latest,
}
