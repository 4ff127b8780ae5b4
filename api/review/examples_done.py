"""Examples of what steps answer, for the docs: each follows from the example of what the step is asked with."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

from api.review import examples as asked
from events.choices import StepVerb
from events.curation.rules import OVERRIDDEN
from events.record.canonical import differences

JSON = dict[str, Any]

_DETAIL: JSON = asked.CANDIDATE_DETAIL.value
_FIRST: JSON = asked.REVISION.value
_ONE: JSON = _FIRST["author"]
_OTHER: JSON = _FIRST["approver"]
_LATER = "2025-11-18T09:30:00Z"
_ALONE = "Done at once, by a curator who may override four eyes"
_EVENT = _FIRST["event"]
_CASE = _FIRST["payload"]["case"]
_AWAITING: JSON = {"state": "awaiting_approval", "accepted_by": _ONE}
_PUBLISHED: JSON = {"state": "published", "accepted_by": _ONE, "event": _EVENT}


def _answers(name: str, value: JSON, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value=value, response_only=True, status_codes=[status])


def _stepped(**changed: Any) -> JSON:
    """The candidate after a step."""
    return {**_DETAIL, "version": _DETAIL["version"] + 1, "updated_at": _LATER, **changed}


def _resolved(why: str) -> JSON:
    """The candidate after a curator has said whom its subject stands for."""
    entry = _DETAIL["resolution"]["/subject"]
    chosen = {**entry, "options": [{**entry["options"][0], "why": why}]}
    return _stepped(resolution={**_DETAIL["resolution"], "/subject": chosen})


EDITED = _answers("As edited", _stepped(edited=asked.EDIT.value["claim"]))
ACCEPTED = _answers("It waits for a second curator", _stepped(**_AWAITING, event=asked.ACCEPT.value["into"]))
APPROVED = _answers("Published", _stepped(**_PUBLISHED))
REJECTED = _answers("Rejected", _stepped(state="rejected"))
DEFERRED = _answers("Put aside", _stepped(state="deferred", deferred_until="2025-12-01T00:00:00Z"))
ASSIGNED = _answers("Given to a curator", {**_DETAIL, "updated_at": _LATER, "assigned_to": _ONE})
REOPENED = _answers("In the queue again", _stepped())
RESOLVED = _answers("Someone on record", _resolved("chosen by a curator"))
MADE = _answers("A new entry", _resolved("made by a curator"))
CASE_ACCEPTED = _answers("All wait for a second curator", {"results": [_stepped(**_AWAITING)]})
CASE_APPROVED = _answers("All are published", {"results": [_stepped(**_PUBLISHED)]})


def _revised(before: JSON, payload: JSON, reason: str, operation: str = "MOD") -> JSON:
    """The revision after another, written without a second curator."""
    return {
        **before,
        "seq": before["seq"] + 1,
        "number": before["number"] + 1,
        "operation": operation,
        "recorded_at": _LATER,
        "reason": f"{OVERRIDDEN}: {reason}",
        "changes": differences(before["payload"], payload),
        "payload": payload,
        "hash": "6e" * 32,
        "previous_hash": before["hash"],
        "author": _ONE,
        "approver": None,
    }


_PAYLOAD: JSON = _FIRST["payload"]
_SET: JSON = {
    "severity": asked.SEVERITY.value["severity"],
    "computed": _PAYLOAD["severity"],
    "reason": asked.SEVERITY.value["reason"],
}
_GRAVER = _revised(
    _FIRST,
    {
        **_PAYLOAD,
        "severity": _SET["severity"],
        "severity_inputs": {**_PAYLOAD["severity_inputs"], "override": _SET},
    },
    _SET["reason"],
)
_DETAILS: JSON = _PAYLOAD["details"]
_DEMOTION, *_OTHERS = _DETAILS["penalties"]
_MISREAD: JSON = {
    **_FIRST,
    "payload": {**_PAYLOAD, "details": {**_DETAILS, "penalties": [{**_DEMOTION, "levels": 2}, *_OTHERS]}},
}
CORRECTED = _answers(
    _ALONE, _revised(_MISREAD, {**_PAYLOAD, "status": "corrected"}, asked.CORRECT.value["reason"])
)
RETRACTED = _answers(
    _ALONE, _revised(_FIRST, {**_PAYLOAD, "status": "retracted"}, asked.ALONE.value["reason"], "DEL")
)
GRAVER = _answers(_ALONE, _GRAVER)
UNDONE = _answers(_ALONE, _revised(_GRAVER, _PAYLOAD, asked.ALONE.value["reason"]))


def _acted(name: str, **value: Any) -> OpenApiExample:
    return _answers(name, {**asked.ACT.value, "approver": None, **value}, "201")


_SPLIT = asked.SPLIT.value
_OF_CASE: JSON = {
    "kind": "case",
    "source": _CASE,
    "target": None,
    "reason": f"{OVERRIDDEN}: {asked.ALONE.value['reason']}",
}
MERGED = _acted("A merge", reason=asked.MERGE.value["reason"])
DIVIDED = _acted("A split", verb="split", source=_SPLIT["source"], target=16, reason=_SPLIT["reason"])
CASE_CORRECTED = _acted(_ALONE, verb="correct_case", **_OF_CASE)
CASE_RETRACTED = _acted(_ALONE, verb="retract_case", **_OF_CASE)
ACT_UNDONE = _acted("An undoing", id=6, verb="undo", reason=asked.ALONE.value["reason"])


def _waits(verb: StepVerb, sent: OpenApiExample, **about: Any) -> OpenApiExample:
    """The request that a step leaves which one curator is not enough for."""
    members = {name: value for name, value in sent.value.items() if name != "reason"}
    request = {"verb": verb.value, "arguments": {**about, **members}, "reason": sent.value["reason"]}
    return _answers("It waits for a second curator", {**asked.REQUEST.value, **request}, "202")


CORRECT_WAITS = _waits(StepVerb.CORRECT, asked.CORRECT, event=_EVENT)
RETRACT_WAITS = _waits(StepVerb.RETRACT, asked.ALONE, event=_EVENT)
UNDO_WAITS = _waits(StepVerb.UNDO, asked.ALONE, event=_EVENT)
SEVERITY_WAITS = _waits(StepVerb.SEVERITY, asked.SEVERITY, event=_EVENT)
CORRECT_CASE_WAITS = _waits(StepVerb.CORRECT_CASE, asked.CORRECT_CASE, case=_CASE)
RETRACT_CASE_WAITS = _waits(StepVerb.RETRACT_CASE, asked.ALONE, case=_CASE)
MERGE_WAITS = _waits(StepVerb.MERGE, asked.MERGE)
SPLIT_WAITS = _waits(StepVerb.SPLIT, asked.SPLIT)
UNDO_ACT_WAITS = _waits(StepVerb.UNDO_ACT, asked.ALONE, act=asked.ACT.value["id"])
DECLINED = _answers(
    "Declined",
    {
        **asked.REQUEST.value,
        **asked.ANSWER.value,
        "state": "declined",
        "decided_by": _OTHER,
        "decided_at": _LATER,
    },
)
STEP_APPROVED = _answers(
    "A retraction, done",
    {
        "request": {**asked.REQUEST.value, "state": "done", "decided_by": _OTHER, "decided_at": _LATER},
        "revision": {**RETRACTED.value, "approver": _OTHER, "reason": asked.REQUEST.value["reason"]},
        "act": None,
    },
)
PROPOSAL_DECLINED = _answers(
    "Not taken up",
    {**asked.PROPOSAL.value, **asked.ANSWER_PROPOSAL.value, "handled_by": _ONE, "handled_at": _LATER},
)
