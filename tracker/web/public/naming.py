"""Names in the page's language: on a Chinese page people and organizations go by their Chinese names, if they have one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from events.choices import PartyType
from events.models.organizations import Organization, OrganizationName
from events.record.shown import chinese_names, chinese_of
from tracker.web import presentation


def localize(people: Iterable[Any] = (), organizations: Iterable[Any] = ()) -> None:
    """Gives each row (a model's, not to be saved, or a dict with `id` and `name`) its name of the page's language.

    One SQL statement for people and one for organizations on a Chinese page, none on an English one.
    """
    if not presentation.is_chinese():
        return
    for kind, rows in ((PartyType.PERSON, list(people)), (PartyType.ORGANIZATION, list(organizations))):
        if rows:
            names = chinese_names(kind, {_id(row) for row in rows})
            for row in rows:
                _rename(row, names.get(_id(row), ""))


def organizations(ids: Iterable[int]) -> dict[int, Organization]:
    """Organizations by id, not to be saved, each under its name of the page's language. One SQL statement."""
    rows: Any = Organization.objects.filter(pk__in=list(ids))
    if not presentation.is_chinese():
        return {row.pk: row for row in rows}
    names = OrganizationName.objects.filter(organization=OuterRef("pk")).order_by("pk")
    named = JSONObject(name="name", language="language")
    found = list(rows.annotate(names_shown=ArraySubquery(names.values(json=named))))
    told = [(row.pk, name["name"], name["language"]) for row in found for name in row.names_shown]
    chinese = chinese_of(told)
    for row in found:
        _rename(row, chinese.get(row.pk, ""))
    return {row.pk: row for row in found}


def _id(row: Any) -> int:
    return int(row["id"] if isinstance(row, dict) else row.pk)


def _rename(row: Any, name: str) -> None:
    if name and isinstance(row, dict):
        row["name"] = name
    elif name:
        row.name = name
