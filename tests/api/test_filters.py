"""Every public field of what a list shows has a filter, or stands here with the reason why it needs none."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import Resolver404, resolve
from rest_framework import serializers

from api.filtersets.registers import (
    CaseFilter,
    DocumentFilter,
    ExecutiveFilter,
    LadderFilter,
    OrganizationFilter,
)
from events.models.organizations import OrganizationIdentifier
from events.models.people import ExecutiveIdentifier
from events.models.record import Case
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record

LISTS = ("events", "executives", "organizations", "ladders", "cases", "documents")
ENDS = ("", "_id", "_after", "_before")
BOUNDS = ("min_", "max_")

NAMED = {
    "events": {
        "date.value": "date", "details.penalties.type": "penalty", "details.penalties.from": "grade_from",
        "details.penalties.to": "grade_to", "details.penalties.amount": "penalty_amount",
        "details.penalties.currency": "penalty_currency", "details.participants.id": "participant",
        "details.issuer.id": "issuer", "subject.id": "subject", "subject.organization.id": "subject_organization",
        "details.organization.id": "subject_organization", "evidence.document.id": "document",
        "details.headcount.min": "headcount", "details.headcount.max": "headcount", "revision.recorded_at": "recorded_at",
        "notes": "note", "details.grounds": "ground",
        **{f"dates.{name}.value": name for name in ("occurred", "decided", "announced", "effective", "ended")},
        **{f"details.organization.{part}": "subject_organization_name" for part in ("name", "name_zh", "named")},
        **{f"{path}.{part}": f"{prefix}_name" for part in ("name", "name_zh", "named") for path, prefix in (
            ("subject", "subject"), ("subject.organization", "subject_organization"), ("details.issuer", "issuer"),
            ("details.participants", "participant"))},
        **{f"details.participants.{part}": f"participant_{part}" for part in ("type", "title", "role")},
    },
    "executives": {"id": "executive", "names.name": "name", "identifiers.scheme": "identifier_scheme",
                   "identifiers.value": "identifier", "positions.organization.id": "organization",
                   "positions.organization.name": "organization_name"},
    "organizations": {"id": "organization", "names.name": "name", "identifiers.scheme": "identifier_scheme",
                      "identifiers.value": "identifier", "founded.value": "founded", "dissolved.value": "dissolved",
                      "parents.id": "parent", "parents.name": "parent_name", "parents.event": "event"},
    "ladders": {"id": "ladder", "grades": "grade"},
    "cases": {"id": "case", "issuer.id": "issuer", "issuer.name": "issuer_name", "decided.value": "decided", "events": "event"},
    "documents": {"id": "document", "authors": "author", "quotes.event": "event", "quotes.quote": "quote"},
}  # fmt: skip
"""What a filter is called where it has not the field's own name."""

_WORDING = "made from the other fields; search/?q= finds its words"
_OFFSET = "a place in a document's text, which means nothing without the document"
_PERIOD = "a period: the timeline and the chart ask for a day"
EXEMPT = {
    "events": {
        "summary": _WORDING,
        "summary_zh": _WORDING,
        "severity_inputs": "what the severity was computed from; the fields that it names have filters",
        "details.headcount.text": "the words of the number",
        "details.measures.computed": "computed from other figures, which have filters",
        "evidence.field": "a pointer into the payload itself",
        "evidence.start": _OFFSET,
        "evidence.end": _OFFSET,
        "evidence.document.title": "documents/ finds documents; `document` takes their ids",
        "evidence.document.published": "the event's own `published` is that of the earliest document",
        "revision.seq": "changes/?cursor= follows the revisions",
    },
    "executives": {
        "names.language": "a property of a spelling",
        "names.type": "a property of a spelling",
        **{f"positions.{name}": _PERIOD for name in ("from", "to", "from_precision", "to_precision", "end")},
    },
    "organizations": {
        "names.language": "a property of a spelling",
        "names.type": "a property of a spelling",
        **{f"parents.{name}": _PERIOD for name in ("from", "to", "from_precision", "to_precision", "end")},
    },
    "ladders": {},
    "cases": {},
    "documents": {
        "quotes.field": "a pointer into the payload of an event",
        "quotes.start": _OFFSET,
        "quotes.end": _OFFSET,
    },
}


def view(name: str) -> Any:
    """The view of a list."""
    return resolve(f"/api/v1/{name}/").func.cls  # type: ignore[attr-defined]


def leaves(shape: Any, path: str = "") -> Iterator[str]:
    """Every member of a shape that has none below it, with dots between the names."""
    for name, field in shape.fields.items():
        below = field.child if isinstance(field, serializers.ListSerializer) else field
        here = f"{path}{name}"
        if isinstance(below, serializers.Serializer) and here not in EXEMPT["events"]:
            yield from leaves(below, f"{here}.")
        else:
            yield here


def names(resource: str, path: str) -> list[str]:
    """What the filter of a field may be called."""
    parts = path.split(".")
    own = [parts[-1], "_".join(parts[-2:]), "_".join(parts)]
    given = NAMED[resource].get(path)
    bases = [given] if given else own
    return [f"{base}{end}" for base in bases for end in ENDS] + [
        f"{bound}{base}" for base in bases for bound in BOUNDS
    ]


@pytest.mark.parametrize("resource", LISTS)
def test_every_public_field_has_a_filter_or_a_reason(resource: str) -> None:
    declared = set(view(resource).filterset_class.base_filters)
    fields = list(leaves(view(resource).serializer_class()))

    missing = [
        path
        for path in fields
        if path not in EXEMPT[resource] and not declared.intersection(names(resource, path))
    ]

    assert missing == []
    assert set(EXEMPT[resource]) <= set(fields), "a reason for what is not there"
    assert set(NAMED[resource]) <= set(fields), "a name for what is not there"


@pytest.mark.parametrize("resource", LISTS)
def test_no_exempt_field_has_a_filter_of_its_own_name(resource: str) -> None:
    declared = set(view(resource).filterset_class.base_filters)

    assert [path for path in EXEMPT[resource] if path.replace(".", "_") in declared] == []


@pytest.mark.parametrize("resource", LISTS)
def test_what_stands_for_another_row_is_filtered_by_both_names(resource: str) -> None:
    declared = view(resource).filterset_class.base_filters
    ids = {name for name, item in declared.items() if type(item).__name__ in {"Ids", "DetailIds"}}

    plain = {name for name in ids if not name.endswith("_id")}
    assert plain
    assert ids == plain | {f"{name}_id" for name in plain}


@pytest.mark.parametrize("resource", LISTS)
def test_ranges_have_both_ends(resource: str) -> None:
    declared = set(view(resource).filterset_class.base_filters)

    for name in declared:
        for one, other in (("_after", "_before"), ("_before", "_after")):
            if name.endswith(one):
                assert f"{name.removesuffix(one)}{other}" in declared
        if match := re.fullmatch(r"(min|max)_(.+)", name):
            assert f"{'max' if match[1] == 'min' else 'min'}_{match[2]}" in declared


def test_every_list_of_the_api_is_looked_at_here(api: Caller) -> None:
    lists = []
    for name in api.read(""):
        try:
            found = resolve(f"/api/v1/{name}/").func
        except Resolver404:
            continue
        if getattr(getattr(found, "cls", None), "filterset_class", None) is not None and hasattr(
            found, "actions"
        ):
            lists.append(name)

    assert set(LISTS) <= set(lists)


REGISTERS: list[tuple[str, str, set[str]]] = [
    ("executives", "executive={person}", {"Ilse van Houten"}),
    ("executives", "executive_id={person},{other}", {"Ilse van Houten", "Per Nyberg"}),
    ("executives", "name=伊尔莎", {"Ilse van Houten"}),
    ("executives", "identifier=Q1", {"Per Nyberg"}),
    ("executives", "identifier=q1", set()),
    ("executives", "identifier_scheme=WIKIDATA", {"Per Nyberg"}),
    ("executives", "organization={parent}", {"Per Nyberg"}),
    ("executives", "organization_id={cloud}", {"Ilse van Houten"}),
    ("executives", "organization_name=northlake cloud", {"Ilse van Houten"}),
    ("executives", "title=chair", {"Per Nyberg"}),
    ("executives", "interim=true", set()),
    ("executives", "interim=false", {"Ilse van Houten", "Per Nyberg"}),
    ("executives", "current=true", {"Ilse van Houten", "Per Nyberg"}),
    ("executives", "current=false", {"Nobody"}),
    ("executives", "event={demotion}", {"Ilse van Houten"}),
    ("executives", "event_id={appointment}", {"Per Nyberg"}),
    ("organizations", "organization={cloud}", {"Northlake Cloud"}),
    ("organizations", "organization_id={parent}", {"Northlake Devices"}),
    ("organizations", "name=northlake cloud", {"Northlake Cloud"}),
    ("organizations", "type=division", {"Northlake Cloud"}),
    ("organizations", "country=se", {"Northlake Devices"}),
    ("organizations", "identifier=L1", {"Northlake Devices"}),
    ("organizations", "identifier_scheme=lei", {"Northlake Devices"}),
    ("organizations", "parent={parent}", {"Northlake Cloud"}),
    ("organizations", "parent_id={cloud}", set()),
    ("organizations", "parent_name=northlake devices", {"Northlake Cloud"}),
    ("organizations", "event={demotion}", set()),
    ("organizations", "event_id={demotion}", set()),
    ("organizations", "founded_after=1990-01-01", {"Northlake Devices"}),
    ("organizations", "founded_before=1989-12-31", set()),
    ("organizations", "founded_precision=year,month", {"Northlake Devices"}),
    ("organizations", "dissolved_after=1990-01-01", set()),
    ("organizations", "dissolved_before=2990-01-01", set()),
    ("organizations", "dissolved_precision=day", set()),
    ("ladders", "ladder={ladder}", {"Staff grades"}),
    ("ladders", "ladder_id={ladder}", {"Staff grades"}),
    ("ladders", "organization={cloud}", {"Technical"}),
    ("ladders", "organization_id={parent}", {"Staff grades"}),
    ("ladders", "organization_name=northlake cloud", {"Technical"}),
    ("ladders", "name=TECH", {"Technical"}),
    ("ladders", "version=2", {"Technical"}),
    ("ladders", "grade=Level 22a", {"Staff grades"}),
    ("ladders", "source=notice", {"Technical"}),
    ("ladders", "from_after=2020-01-01", {"Technical"}),
    ("ladders", "from_before=2019-12-31", set()),
    ("ladders", "from_precision=year", {"Technical"}),
    ("ladders", "to_after=2024-03-01", {"Technical"}),
    ("ladders", "to_before=2024-02-28", set()),
    ("ladders", "to_precision=month", {"Technical"}),
    ("ladders", "end=ended,unknown", {"Technical"}),
    ("ladders", "valid_at=2024-02-28", {"Technical", "Staff grades"}),
    ("ladders", "valid_at=2024-03-01", {"Staff grades"}),
    ("cases", "case={case}", {"The decision"}),
    ("cases", "case_id=999999999", set()),
    ("cases", "title=DECISION", {"The decision"}),
    ("cases", "issuer={parent}", {"The decision"}),
    ("cases", "issuer_id={cloud}", set()),
    ("cases", "issuer_name=northlake devices", {"The decision"}),
    ("cases", "event={appointment}", {"The decision"}),
    ("cases", "event_id={demotion}", set()),
    ("cases", "decided_after=2025-08-01", {"The decision"}),
    ("cases", "decided_before=2025-07-31", set()),
    ("cases", "decided_precision=month", {"The decision"}),
    ("documents", "document={source}", {"The fall"}),
    ("documents", "document_id=999999999", set()),
    ("documents", "url={url}", {"The fall"}),
    ("documents", "version=1", {"The fall"}),
    ("documents", "is_latest=true", {"The fall"}),
    ("documents", "is_latest=false", set()),
    ("documents", "title=FALL", {"The fall"}),
    ("documents", "author=Mai Lindqvist", {"The fall"}),
    ("documents", "event={demotion}", {"The fall"}),
    ("documents", "event_id=999999999", set()),
    ("documents", "quote=conduct COMMITTEE", {"The fall"}),
    ("documents", "language=en", {"The fall"}),
    ("documents", "published_after=2025-11-16T00:00:00Z", {"The fall"}),
    ("documents", "published_before=2025-11-16", set()),
    ("documents", "fetched_after=2001-01-01", {"The fall"}),
    ("documents", "fetched_before=2001-01-01", set()),
    ("documents", "text_sha256={sha}", {"The fall"}),
]


@pytest.fixture
def register(record: Record) -> dict[str, Any]:
    """Two people in office and one in none, a company with a division, two ladders, a case, a document."""
    parent, source = record.parent, record.source
    type(parent).objects.filter(pk=parent.pk).update(
        country="SE", founded=datetime.date(1990, 1, 1), founded_precision="year"
    )
    OrganizationIdentifier.objects.create(organization=parent, scheme="lei", value="L1")
    type(source).objects.filter(pk=source.pk).update(title="The fall", authors=["Mai Lindqvist"])
    other = scenes.executive("Per Nyberg")
    scenes.executive("Nobody")
    ExecutiveIdentifier.objects.create(executive=other, scheme="wikidata", value="Q1")
    case = Case.objects.create(
        title="The decision",
        key="decision",
        issuer=parent,
        decided=datetime.date(2025, 8, 1),
        decided_precision="month",
    )
    draft = scenes.appointment(other, parent, source, day="2025-05-01", title="Chair")
    appointed = publishing.publish(type(draft)(**(vars(draft) | {"case_id": case.pk})), record.author)
    technical = scenes.ladder(record.organization, ["P2", "P1"])
    type(technical).objects.filter(pk=technical.pk).update(
        name="Technical", version=2, source="A notice", start=datetime.date(2020, 1, 1), start_precision="year",
        until=datetime.date(2024, 3, 1), until_precision="month", end_state="ended",
    )  # fmt: skip
    return {
        "person": record.person.pk, "other": other.pk, "parent": parent.pk, "cloud": record.organization.pk,
        "ladder": record.ladder.pk, "case": case.pk, "demotion": record.revision.event_id,
        "appointment": appointed.event_id, "source": source.pk, "url": source.url, "sha": source.text_sha256.upper(),
    }  # fmt: skip


def test_a_register_filter_leaves_the_right_rows_each_once(api: Caller, register: dict[str, Any]) -> None:
    wrong = []
    for resource, query, expected in REGISTERS:
        name, _, value = query.format(**register).partition("=")
        found = api.read(f"{resource}/", **{name: value})["results"]
        shown = [row.get("name", row.get("title")) for row in found]
        if sorted(shown) != sorted(expected):
            wrong.append((resource, query, shown))

    assert wrong == []


def test_every_register_filter_is_tried_here() -> None:
    filtersets = {"executives": ExecutiveFilter, "organizations": OrganizationFilter, "ladders": LadderFilter,
                  "cases": CaseFilter, "documents": DocumentFilter}  # fmt: skip
    tried = {(resource, query.partition("=")[0]) for resource, query, _ in REGISTERS}

    assert {
        (r, name) for r, f in filtersets.items() for name in f.base_filters if name != "ordering"
    } == tried


def test_a_row_is_shown_once_however_many_of_its_parts_match(api: Caller, record: Record) -> None:
    record.publish("2020-01-01", title="Vice President")
    record.publish("2018-01-01", title="President")

    assert len(api.read("executives/", title="president")["results"]) == 1
    assert len(api.read("executives/", organization=record.organization.pk)["results"]) == 1


@pytest.mark.parametrize("resource", [name for name in LISTS if name != "events"])
def test_an_ordering_goes_over_every_row_once_and_its_minus_back(
    api: Caller, register: dict[str, Any], resource: str
) -> None:
    for name in [name for name in view(resource).orderings if not name.startswith("-")]:
        page = api.read(f"{resource}/", ordering=name, page_size=1)
        seen = [row["id"] for row in page["results"]]
        while page["next"]:
            page = api.get(page["next"]).json()
            seen += [row["id"] for row in page["results"]]

        assert sorted(seen) == sorted(row["id"] for row in api.read(f"{resource}/")["results"])
        back = [row["id"] for row in api.read(f"{resource}/", ordering=f"-{name}")["results"]]
        assert back == seen[::-1]
    assert api.refused(f"{resource}/", ordering="colour") == {"ordering"}


@pytest.mark.parametrize("resource", LISTS)
def test_the_greatest_id_is_no_server_error(api: Caller, record: Record, resource: str) -> None:
    declared = view(resource).filterset_class.base_filters
    ids = [name for name, item in declared.items() if type(item).__name__ in {"Ids", "DetailIds", "Versions"}]

    for name in ids:
        assert api.read(f"{resource}/", **{name: 2**63 - 1})["results"] == []
    if resource == "events":
        for name in ids:
            assert api.read("events/", **{name: 2**63 - 1, "known_at": "2999-01-01"})["results"] == []
