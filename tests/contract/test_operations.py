"""The API against its own schema: generated calls, alone and in sequence. None ends in a 5xx or outside the schema.

schemathesis makes the calls from the committed schema: valid ones and such as break it. What a sequence calls
next it takes from answers: an id that one operation gave is asked of another.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from schemathesis import Case, GenerationMode, HookContext
from schemathesis.checks import (
    content_type_conformance,
    not_a_server_error,
    response_headers_conformance,
    status_code_conformance,
)
from schemathesis.specs.openapi.checks import response_schema_conformance

from tests.openapi import SCHEMA
from tracker.wsgi import application

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
ALONE = settings(
    max_examples=8, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
)  # fmt: skip
IN_SEQUENCE = settings(ALONE, max_examples=25, stateful_step_count=8)

schema = schemathesis.openapi.from_dict(deepcopy(SCHEMA))
schema.app = application


@schemathesis.hook
def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
    """Without `fields`, whose answers leave out on purpose what the schema requires, and without waiting for news."""
    if isinstance(case.query, dict):
        case.query = {name: value for name, value in case.query.items() if name not in {"fields", "wait"}}


schema.config.generation.update(modes=[GenerationMode.POSITIVE, GenerationMode.NEGATIVE])


@schema.parametrize()
@ALONE
def test_no_generated_call_breaks_the_contract(headers: dict[str, Any], case: Case[Any]) -> None:
    case.call_and_validate(headers=headers, checks=CHECKS)


def test_no_generated_sequence_of_calls_breaks_the_contract(headers: dict[str, Any]) -> None:
    class Sequence(schema.as_state_machine()):  # type: ignore[misc]  # made at run time
        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            return {"headers": headers}

        def validate_response(self, response: Any, case: Case[Any], **kwargs: Any) -> None:
            case.validate_response(response, checks=CHECKS)

    run_state_machine_as_test(Sequence, settings=IN_SEQUENCE)
