"""Lists cost as many statements at twenty rows as at two; how many stands in query_counts.json.

A change of a number there is a decision: more statements for every reader, or fewer. Write it anew with
`TRACKER_WRITE_QUERY_COUNTS=1 make test ARGS=tests/api/test_query_counts.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models.access import ApiKey, User
from events.models.grades import Grade, GradeLadder
from events.models.record import Case, Revision
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record

BASELINE = Path(__file__).with_name("query_counts.json")
LISTS = (
    "events/",
    "events/?known_at=2100-01-01",
    "events/?organization={parent}",
    "executives/",
    "organizations/",
    "ladders/",
    "cases/",
    "documents/",
    "executives/{person}/timeline/",
    "executives/{person}/grades/",
    "organizations/{organization}/timeline/",
    "organizations/{parent}/chart/",
    "events/{event}/revisions/",
    "changes/",
    "search/?q=director",
    "review/candidates/",
)
FEW, MANY = 2, 20


def grow(record: Record, rows: int) -> None:
    """`rows` more of everything that is listed."""
    for number in range(rows):
        person = scenes.executive(f"Person {number} of {rows}")
        unit = scenes.unit(f"Unit {number} of {rows}", record.organization)
        case = Case.objects.create(title=f"Case {number}", issuer=record.parent, key=f"{rows}.{number}")
        source = scenes.document(scenes.DEMOTION_TEXT)
        day = date(2020, 1, 1) + timedelta(days=number + rows)
        for where, who in ((record.organization, person), (unit, record.person)):
            draft = scenes.appointment(
                who, where, source, day=day.isoformat(), title=f"Director {number}.{rows}"
            )
            publishing.publish(_in_case(draft, case), record.author)
        publishing.amend(record.revision.event_id, {"notes": [f"{rows}.{number}"]}, record.author)
        made = GradeLadder.objects.create(organization=unit, name="Unit grades")
        Grade.objects.create(ladder=made, label="A", rank=0)
        scenes.candidate(scenes.document(scenes.DEMOTION_TEXT))


def _in_case(draft: Any, case: Case) -> Any:
    from dataclasses import replace

    return replace(draft, case_id=case.pk)


def counted(api: Caller, path: str) -> int:
    """Statements of one request, once all that is kept in memory is there."""
    api.read(path)
    with CaptureQueriesContext(connection) as captured:
        api.read(path)
    return len(captured)


@pytest.fixture
def ask(api: Caller, record: Record) -> Callable[[str], int]:
    """How many statements a list costs a curator with a key."""
    owner = User.objects.create_superuser("counts", password="x")
    _, key = ApiKey.issue(owner, "counts", ["read", "review"])
    api.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    places = {
        "parent": record.parent.pk,
        "person": record.person.pk,
        "organization": record.organization.pk,
        "event": record.revision.event_id,
    }
    return lambda path: counted(api, path.format(**places))


def test_a_list_costs_as_many_statements_at_twenty_rows_as_at_two(
    ask: Callable[[str], int], record: Record
) -> None:
    grow(record, FEW)
    few = {path: ask(path) for path in LISTS}
    grow(record, MANY)
    many = {path: ask(path) for path in LISTS}

    if os.environ.get("TRACKER_WRITE_QUERY_COUNTS"):
        BASELINE.write_text(json.dumps(many, indent=2) + "\n")
    assert many == few
    assert many == json.loads(BASELINE.read_text())
    assert Revision.objects.count() > MANY
