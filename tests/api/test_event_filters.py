"""Every filter of the details of events leaves the right events, on the record as it is and as it was."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

import pytest

from api.filtersets.details import DETAIL_FILTERS
from events.choices import Kind, PartyType, Role
from events.dates import PartialDate
from events.models.organizations import OrganizationName
from events.models.record import Case
from events.record import publishing
from events.record.draft import Draft, DraftEvidence, DraftOrganization, DraftParty
from tests import scenes
from tests.api.conftest import Caller, Record


@pytest.fixture
def events(record: Record) -> dict[str, int]:
    """The demotion; a fine of a company's unit with everything told; a layoff, a result and an interim appointment."""
    OrganizationName.objects.create(
        organization=record.parent, name="北湖设备", language="zh-Hans", type="native"
    )
    case = Case.objects.create(title="The restructuring of 100%", key="restructuring")
    source = scenes.document(
        "Per Nyberg was fined by the Conduct Committee.", url="https://news.example.com/Fine"
    )
    other = scenes.executive("Per Nyberg")
    issuer = DraftParty(Role.ISSUER, PartyType.ORGANIZATION, "Northlake", record.parent.pk, "Board")
    product = DraftParty(Role.PRODUCT, PartyType.PRODUCT, "Kestrel")
    fine = scenes.demotion(
        other, record.organization, source,
        penalties=({"type": "fine", "amount": 1.5e6, "currency": "EUR"}, {"type": "ban", "duration": "P5Y", "degree": "severe"}),
        participants=(issuer, product), grounds=("Data fabrication",), case_id=case.pk, confidence=0.4,
        dates={"decided": PartialDate.parse("2025-08")}, notes=("Two sources disagree.",),
        evidence=(DraftEvidence(source.pk, "/penalties/0", 0, 20, source.text[:20]),),
    )  # fmt: skip
    unit = DraftParty(Role.SUBJECT, PartyType.ORGANIZATION, record.organization.name, record.organization.pk)
    common: dict[str, Any] = {"subject": unit, "evidence": (scenes.whole(record.source),)}
    layoff = Draft(Kind.REORGANIZATION, "layoff", headcount={"min": 200, "max": 300}, **common)
    measure = {"metric": "revenue", "value": 2.5e9, "currency": "CNY", "period": "2024", "change": 0.085,
               "qualifier": "more_than", "change_qualifier": "about", "threshold": 3e9}  # fmt: skip
    result = Draft(Kind.PERFORMANCE, "result", measures=(measure,), **common)
    interim = Draft(
        Kind.LEADERSHIP, "appointment", subject=DraftParty(Role.SUBJECT, PartyType.PERSON, "Mai", None, "Treasurer"),
        organization=DraftOrganization("Southlake"), interim=True, evidence=(scenes.whole(record.source),),
    )  # fmt: skip
    made = {"demotion": record.revision.event_id}
    for name, draft in {"fine": fine, "layoff": layoff, "result": result, "interim": interim}.items():
        made[name] = publishing.publish(draft, record.author).event_id
    numbers = {"person": other.pk, "unit": record.organization.pk, "parent": record.parent.pk,
               "ladder_number": record.ladder.pk, "source": source.pk}  # fmt: skip
    return made | numbers


ALL = {"demotion", "fine", "layoff", "result", "interim"}
BY_UNIT = {"layoff", "result"}
FILTERS: list[tuple[str, str, set[str]]] = [
    ("subject", "{person}&subject_type=person", {"fine"}),
    ("subject_id", "{unit}&subject_type=organization", BY_UNIT),
    ("subject_type", "person", {"demotion", "fine", "interim"}),
    ("subject_type", "product,organization", BY_UNIT),
    ("subject_name", "NYBERG", {"fine"}),
    ("subject_name", "伊尔莎", {"demotion"}),
    ("title", "treas", {"interim"}),
    ("subject_organization", "{unit}", {"demotion", "fine"}),
    ("subject_organization_id", "{parent}", set()),
    ("subject_organization_name", "southlake", {"interim"}),
    ("issuer", "{parent}", {"fine"}),
    ("issuer_id", "{unit}&issuer_type=group", set()),
    ("issuer_type", "organization", {"fine"}),
    ("issuer_name", "北湖", {"fine"}),
    ("issuer_title", "board", {"fine"}),
    ("participant", "{parent}", {"fine"}),
    ("participant_id", "{person}&participant_type=group", set()),
    ("participant_type", "product", {"fine"}),
    ("participant_name", "kestrel", {"fine"}),
    ("participant_title", "BOARD", {"fine"}),
    ("participant_role", "product,unit", {"fine"}),
    ("min_confidence", "0.5", ALL - {"fine"}),
    ("max_confidence", "0.4", {"fine"}),
    ("case_title", "of 100%", {"fine"}),
    ("case_title", "o_ 100%", set()),
    ("note", "disagree", {"fine"}),
    ("ground", "FABRICATION", {"fine"}),
    ("interim", "true", {"interim"}),
    ("interim", "false", ALL - {"interim"}),
    ("min_headcount", "200", {"layoff"}),
    ("min_headcount", "201", set()),
    ("max_headcount", "300", {"layoff"}),
    ("max_headcount", "299", set()),
    ("penalty", "ban,warning", {"fine"}),
    ("penalty", "demotion", {"demotion"}),
    ("degree", "severe", {"fine"}),
    ("min_levels", "3", {"demotion"}),
    ("max_levels", "2", set()),
    ("min_steps", "-3", {"demotion"}),
    ("max_steps", "-4", set()),
    ("ladder", "{ladder_number}", {"demotion"}),
    ("ladder_id", "{ladder_number}", {"demotion"}),
    ("grade_from", "22a", {"demotion"}),
    ("grade_to", "22A", set()),
    ("min_penalty_amount", "1500000", {"fine"}),
    ("max_penalty_amount", "1499999.5", set()),
    ("penalty_currency", "eur", {"fine"}),
    ("duration", "p5y", {"fine"}),
    ("metric", "revenue,profit", {"result"}),
    ("min_value", "2500000000", {"result"}),
    ("max_value", "2499999999", set()),
    ("qualifier", "more_than", {"result"}),
    ("currency", "cny", {"result"}),
    ("period", "2024", {"result"}),
    ("min_change", "0.085", {"result"}),
    ("max_change", "0.084", set()),
    ("change_qualifier", "about", {"result"}),
    ("min_threshold", "3000000000.000001", set()),
    ("max_threshold", "3000000000", {"result"}),
    ("document", "{source}", {"fine"}),
    ("document_id", "{source},999999999", {"fine"}),
    ("document_url", "https://news.example.com/fine", {"fine"}),
    ("quote", "per nyberg", {"fine"}),
    ("date_precision", "month", {"fine"}),
    ("occurred_precision", "day", set()),
    ("decided_precision", "day", {"demotion"}),
    ("announced_precision", "day", set()),
    ("effective_precision", "day,month", set()),
    ("ended_precision", "year", set()),
    ("event", "{fine},{layoff}", {"fine", "layoff"}),
    ("event_id", "{demotion}", {"demotion"}),
]


@pytest.mark.parametrize("known_at", ["", "2999-01-01"], ids=["now", "as known"])
def test_a_detail_leaves_the_same_events_on_the_record_and_on_its_past(
    api: Caller, events: dict[str, int], known_at: str
) -> None:
    clock = {"known_at": known_at} if known_at else {}
    names = {number: name for name, number in events.items() if name in ALL}
    wrong = []
    for name, value, expected in FILTERS:
        query = f"{name}={value.format(**events)}".replace("%", "%25")
        found = api.read("events/", **dict(parse_qsl(query)), **clock)["results"]
        if {names[entry["event"]] for entry in found} != expected:
            wrong.append((name, value, [names[entry["event"]] for entry in found]))

    assert wrong == []


def test_every_filter_of_a_detail_is_tried_here() -> None:
    assert {name for name, _, _ in FILTERS} == {*DETAIL_FILTERS, "event", "event_id"}


@pytest.mark.parametrize(
    ("name", "value"),
    [("min_value", "1e400"), ("min_value", "NaN"), ("min_value", "Infinity"), ("max_value", "1e18"), ("min_value", "x"), ("max_value", "9" * 30), ("min_steps", "1.5"),
     ("min_levels", "9" * 12), ("interim", "perhaps"), ("penalty", "beheading"), ("subject", "0"), ("title", "x" * 301),
     ("document", "one")],
)  # fmt: skip
@pytest.mark.parametrize("known_at", ["", "2999-01-01"], ids=["now", "as known"])
def test_a_value_that_cannot_be_read_is_refused(
    api: Caller, record: Record, name: str, value: str, known_at: str
) -> None:
    assert api.refused("events/", **{name: value}, **({"known_at": known_at} if known_at else {})) == {name}


@pytest.mark.parametrize("known_at", ["", "2999-01-01"], ids=["now", "as known"])
def test_the_bounds_of_what_can_be_read_are_no_server_error(
    api: Caller, record: Record, known_at: str
) -> None:
    clock = {"known_at": known_at} if known_at else {}
    for name in ("min_levels", "max_steps", "min_headcount"):
        for value in (1 - 2**31, 2**31 - 1):
            api.read("events/", **{name: value}, **clock)
    for name in ("min_value", "max_penalty_amount", "min_confidence"):
        for text in ("9" * 17, "-" + "9" * 16 + ".999999", "0.000001", "1e-99999999", "1e17"):
            api.read("events/", **{name: text}, **clock)
