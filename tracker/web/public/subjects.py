"""The pages of people and organizations: who they are, what the record says of them, by both clocks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from events.models.organizations import Organization, OrganizationIdentifier, OrganizationName
from events.models.people import Executive, ExecutiveIdentifier, ExecutiveName
from events.timelines import organizations, people
from events.timelines.grades import subject_payloads
from events.timelines.lineage import family
from tracker.web.public import linked_data, market, naming, narrowing, pictures, reading, structure, timelines

JSON = dict[str, Any]


@require_safe
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person: names, grade over time, positions, timeline with evidence and filters, and the two clocks."""
    row = get_object_or_404(_with_names(Executive, ExecutiveName, ExecutiveIdentifier, "executive"), pk=pk)
    if row.merged_into_id:
        return redirect("web:person", people.survivor(row).pk, permanent=True)
    asked = Asked(request.GET)
    as_of = asked.clocks.as_of
    said = None if as_of.known_at is None else subject_payloads(row, as_of)
    positions = reading.held_positions(row, as_of, said)
    naming.localize(organizations=[position["organization"] for position in positions])
    first, beside = reading.heading(row.name, row.names_shown)
    context = {
        "person": row,
        "first": first,
        "beside": beside,
        "names": row.names_shown,
        "identifiers": row.identifiers_shown,
        "positions": positions,
        "current": [position for position in positions if position["current"]],
        "linked": linked_data.person(row, row.names_shown, row.identifiers_shown, positions),
        "page_url": linked_data.address("web:person", pk),
        **asked.context(timelines.of_person(pk, as_of, asked.narrowed, asked.cursor)),
        **pictures.grades(row, as_of, timezone.now().date(), said),
    }
    return render(request, "web/public/person.html", context)


@require_safe
def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """An organization: its units on a day, its people, figures and releases beside its peers', and its events."""
    row = get_object_or_404(
        _with_names(Organization, OrganizationName, OrganizationIdentifier, "organization"), pk=pk
    )
    if row.merged_into_id:
        return redirect("web:organization", organizations.survivor(row).pk, permanent=True)
    asked = Asked(request.GET)
    as_of = asked.clocks.as_of
    day = as_of.valid_at or (as_of.known_at.date() if as_of.known_at else timezone.now().date())
    around = family(pk, as_of.known_at)
    stands = structure.Structure(row, around, naming.organizations(around.members), day)
    units, truncated = stands.units()
    shown = structure.ids(units)
    officers, held = structure.offices(pk, shown, as_of, day)
    parent = stands.parent(as_of)
    naming.localize(
        people=[held.executive for held in (*officers, *(row for rows in held.values() for row in rows))]
    )
    told = market.told(pk, around, as_of)
    first, beside = reading.heading(row.name, row.names_shown)
    context = {
        "organization": row,
        "first": first,
        "beside": beside,
        "names": row.names_shown,
        "identifiers": row.identifiers_shown,
        "parent": parent,
        "day": day,
        "units": units,
        "unit_count": len(shown),
        "truncated": truncated,
        "held": held,
        "other_units": stands.others(shown, as_of),
        "days": stands.days(),
        "positions": officers,
        "ladders": reading.ladders_of(pk),
        "figures": market.figures(told, pk),
        "growth": market.growth(told, pk, around.members),
        "cadence": market.cadence(told, pk, around.members, day),
        "linked": linked_data.organization(row, row.names_shown, row.identifiers_shown, parent, units),
        "page_url": linked_data.address("web:organization", pk),
        **asked.context(timelines.of_family(pk, around, as_of, asked.narrowed, asked.cursor)),
    }
    return render(request, "web/public/organization.html", context)


class Asked:
    """What the address of a timeline's page asks for: the two clocks, the filters, the place in the timeline."""

    def __init__(self, query: Mapping[str, Any]) -> None:
        self.clocks = reading.clocks(query)
        self.narrowed, self.filter_error = narrowing.narrowing(query)
        self.cursor = str(query.get("cursor") or "")

    def context(self, timeline: timelines.Timeline) -> JSON:
        """What the templates of clocks, filters and pages read."""
        entries, later, earlier = timeline
        turned = {"valid_at": self.clocks.valid_at, "known_at": self.clocks.known_at}
        given = self.narrowed.given
        return {
            "entries": entries,
            "later": self._page(later),
            "earlier": self._page(earlier),
            "clocks": self.clocks.as_of,
            "clocks_turned": self.clocks.turned,
            **turned,
            "clock_error": self.clocks.error,
            "known_is_day": len(self.clocks.known_at) <= len("2025-01-01"),
            "narrowed": self.narrowed,
            "filter_error": self.filter_error,
            "without_filters": narrowing.address(turned, fragment="#timeline"),
            "at_present": narrowing.address(given),
            "kept_clocks": [(name, value) for name, value in turned.items() if value],
            "kept_filters": list(given.items()),
            **narrowing.choices(),
        }

    def _page(self, cursor: str) -> str:
        turned = {"valid_at": self.clocks.valid_at, "known_at": self.clocks.known_at}
        if not cursor:
            return ""
        return narrowing.address(turned, self.narrowed.given, {"cursor": cursor}, fragment="#timeline")


def _with_names(model: type[Model], names: type[Model], identifiers: type[Model], owner: str) -> Any:
    """People or organizations with their names and identifiers as JSON, in one SQL statement."""
    of = {owner: OuterRef("pk")}
    name = JSONObject(name="name", language="language", type="type")
    identifier = JSONObject(scheme="scheme", value="value")
    told = identifiers._default_manager.filter(**of).order_by("scheme", "value")
    return model._default_manager.annotate(
        names_shown=ArraySubquery(names._default_manager.filter(**of).order_by("pk").values(json=name)),
        identifiers_shown=ArraySubquery(told.values(json=identifier)),
    )
