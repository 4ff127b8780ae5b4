"""The OpenAPI document: complete, committed, and true."""

from __future__ import annotations

from io import StringIO
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from events.alerts.hooks.matching import write_messages
from events.models.access import ApiKey, User
from events.models.alerts import Subscriber, Subscription
from events.models.record import Case
from events.models.webhooks import Webhook
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record
from tests.openapi import SCHEMA

ELSEWHERE = (
    "/schema/", "/reconcile/preview/{id}/", "/reconcile/entities/{id}/", "/proposals/{receipt}/",
    "/csv/", ".ndjson", ".csv", ".ftm.json", "/events.atom", "/events.json", "/events.ics",
)  # fmt: skip
"""Addresses without a JSON answer, and those that only a receipt opens: they have tests of their own."""
OWN = ("/api/v1/subscriptions/", "/api/v1/webhooks/", "/api/v1/deliveries/")
"""What a caller has of its own."""
PATHS = [
    path
    for path, item in SCHEMA["paths"].items()
    if "get" in item and not path.endswith(ELSEWHERE) and not path.startswith(("/api/v1/review/", *OWN))
]
"""What anyone may read; the curators' part is held against the schema by tests/contract."""
OPERATIONS = [(method, path) for path, item in SCHEMA["paths"].items() for method in item]


def test_the_committed_schema_is_the_one_that_the_code_makes() -> None:
    out = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=out)

    assert yaml.load(out.getvalue(), Loader=yaml.CSafeLoader) == SCHEMA, "make it again: make schema"
    assert SCHEMA["openapi"].startswith("3.1")


def check(instance: Any, schema: dict[str, Any]) -> None:
    """Raises ValidationError where the JSON is not what the schema says."""
    document = {"components": SCHEMA["components"], **schema}
    jsonschema.Draft202012Validator(document, format_checker=jsonschema.FormatChecker()).validate(instance)


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_what_the_schema_says(api: Caller, record: Record, path: str) -> None:
    case = Case.objects.create(title="The decision", key="decision", issuer=record.parent)
    draft = scenes.demotion(scenes.executive("Per Nyberg"), record.organization, record.source)
    publishing.publish(type(draft)(**(vars(draft) | {"case_id": case.pk})), record.author)
    numbers = {"executives": record.person.pk, "organizations": record.organization.pk, "ladders": record.ladder.pk,
               "events": record.revision.event_id, "documents": record.source.pk, "cases": case.pk}  # fmt: skip
    query = {"steps": "?from=22A&to=21A", "search": "?q=Houten"}.get(path.split("/")[-2], "")

    response = api.get(path.format(id=numbers.get(path.split("/")[3], 0)) + query)

    assert response.status_code == 200
    answer = SCHEMA["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    check(response.json(), answer["schema"])


@pytest.mark.parametrize(
    "path", [path for path, item in SCHEMA["paths"].items() if path.startswith(OWN) and "get" in item]
)
def test_every_answer_of_ones_own_is_what_the_schema_says(api: Caller, record: Record, path: str) -> None:
    owner = User.objects.create_user("reader", "reader@example.org", "x")
    _, key = ApiKey.issue(owner, "own", ["subscriptions", "webhooks"])
    subscriber = Subscriber.objects.create(email=owner.email, confirmed_at=timezone.now())
    alert = Subscription.objects.create(subscriber=subscriber, executive=record.person)
    hook = Webhook.objects.create(owner=owner, url="https://hooks.example.com/in")
    write_messages(record.revision)
    numbers = {"subscriptions": alert.pk, "webhooks": hook.pk, "deliveries": hook.messages.get().pk}

    response = api.get(path.format(id=numbers[path.split("/")[3]]), headers={"x-api-key": key})

    assert response.status_code == 200
    answer = SCHEMA["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    check(response.json(), answer["schema"])


def test_a_problem_is_what_the_schema_says(api: Caller) -> None:
    operation = SCHEMA["paths"]["/api/v1/events/"]["get"]
    schema = operation["responses"]["default"]["content"]["application/problem+json"]["schema"]

    check(api.read("events/", 400, kind="sport"), schema)
    check(api.read("events/0/", 404), schema)


def test_reading_needs_no_key_by_the_schema() -> None:
    assert {} in SCHEMA["paths"]["/api/v1/events/"]["get"]["security"]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_every_operation_says_what_it_does(method: str, path: str) -> None:
    operation = SCHEMA["paths"][path][method]

    assert operation["summary"]
    assert operation["description"]


def test_the_docs_load_nothing_from_elsewhere_and_run_no_inline_script(api: Caller) -> None:
    page = api.get(reverse("api:docs"))
    html = page.content.decode()

    assert page.status_code == 200
    assert "script-src 'self';" in page.headers["Content-Security-Policy"]
    assert "http://" not in html
    assert "https://" not in html
    assert html.count("<script>") == 0
    script = api.get(f"{reverse('api:docs')}?script=")
    assert script.headers["Content-Type"].startswith("application/javascript")
    assert reverse("api:schema") in script.content.decode()


def test_the_schema_is_served_as_yaml_and_as_json(api: Caller) -> None:
    served = api.get(reverse("api:schema"), {"format": "json"})

    assert served.status_code == 200
    assert served.json()["paths"].keys() == SCHEMA["paths"].keys()


@pytest.mark.parametrize("path", ["schema", "docs"])
@pytest.mark.parametrize(
    "query", ["lang=%00", "lang=xx", "lang=" + "x" * 3000, "version=%00", "format=xml", "format=%00"]
)
def test_no_parameter_of_schema_and_docs_makes_a_server_error(api: Caller, path: str, query: str) -> None:
    assert api.get(f"{reverse(f'api:{path}')}?{query}").status_code in {200, 400, 404}


def test_the_root_leads_to_everything(api: Caller) -> None:
    for address in api.read("").values():
        assert api.get(address).status_code == 200
