"""Steps on the published record that one curator asks for and another approves.

`ask` does the step at once where one curator is enough; otherwise it waits as a request, and `approve_request`
does it as the asking curator's, with the approving one beside. What was asked for is done as it was meant: when
an event that it bears on has a newer revision by then, approval is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from events.choices import ActKind, RequestState, Status, StepVerb
from events.curation import case_steps, corrections, merging, splitting, undoing
from events.curation.acts import bearing_on
from events.curation.rules import require_curator, require_reason
from events.exceptions import CurationError, FourEyesRequired, StaleRequest
from events.models.access import User
from events.models.acts import Act, StepRequest
from events.models.record import Event, Revision

JSON = dict[str, Any]
Result = Act | Revision
_MERGES: Mapping[str, Callable[..., Act]] = {
    ActKind.PERSON.value: merging.merge_people,
    ActKind.ORGANIZATION.value: merging.merge_organizations,
    ActKind.EVENT.value: merging.merge_events,
}


def _correct(a: JSON, user: User, **rest: Any) -> Result:
    return corrections.correct_event(a["event"], user, a["claim"], source=a.get("source"), **rest)


def _retract(a: JSON, user: User, **rest: Any) -> Result:
    return corrections.retract_event(a["event"], user, **rest)


def _undo(a: JSON, user: User, **rest: Any) -> Result:
    return corrections.undo_event(a["event"], user, **rest)


def _severity(a: JSON, user: User, **rest: Any) -> Result:
    return corrections.set_severity(a["event"], user, a["severity"], **rest)


def _merge(a: JSON, user: User, **rest: Any) -> Result:
    return _MERGES[a["kind"]](a["source"], a["target"], user, **rest)


def _split(a: JSON, user: User, **rest: Any) -> Result:
    if a["kind"] == ActKind.EVENT.value:
        return splitting.split_event(a["source"], a["candidate"], user, **rest)
    split = splitting.split_person if a["kind"] == ActKind.PERSON.value else splitting.split_organization
    return split(a["source"], a["events"], user, target=a.get("target"), name=a.get("name") or "", **rest)


def _correct_case(a: JSON, user: User, **rest: Any) -> Result:
    return case_steps.correct_case(a["case"], user, a["change"], **rest)


def _retract_case(a: JSON, user: User, **rest: Any) -> Result:
    return case_steps.retract_case(a["case"], user, **rest)


def _undo_act(a: JSON, user: User, **rest: Any) -> Result:
    return undoing.undo_act(a["act"], user, **rest)


STEPS: Mapping[StepVerb, Callable[..., Result]] = {
    StepVerb.CORRECT: _correct,
    StepVerb.RETRACT: _retract,
    StepVerb.UNDO: _undo,
    StepVerb.SEVERITY: _severity,
    StepVerb.MERGE: _merge,
    StepVerb.SPLIT: _split,
    StepVerb.CORRECT_CASE: _correct_case,
    StepVerb.RETRACT_CASE: _retract_case,
    StepVerb.UNDO_ACT: _undo_act,
}
"""Each takes `arguments` as its step names them: event and claim, kind, source and target, case and change, act."""


@transaction.atomic
def ask(
    verb: StepVerb, arguments: JSON, user: User, reason: str, *, override: bool = False
) -> Result | StepRequest:
    """Does the step where one curator is enough, else leaves it to a second one.

    Raises what the step raises: bad input is told to whoever asks, not to whoever approves.
    """
    require_curator(user)
    require_reason(reason)
    try:
        with transaction.atomic():
            return STEPS[verb](arguments, user, reason=reason, override=override)
    except FourEyesRequired:
        if override:
            raise
    return StepRequest.objects.create(
        verb=verb.value, arguments=arguments, heads=_heads(verb, arguments), user=user, reason=reason
    )


@transaction.atomic
def approve_request(request_id: int, user: User) -> Result:
    """Does what another curator asked for. Raises FourEyesRequired for the same one, StaleRequest when an event has
    changed since, and what the step raises."""
    request = _open(request_id, user)
    if request.user_id == user.pk:
        raise FourEyesRequired("Another curator than the one who asked must approve this.")
    verb = StepVerb(request.verb)
    if _heads(verb, request.arguments) != request.heads:
        raise StaleRequest("An event that this bears on has changed since it was asked for. Ask for it anew.")
    result = STEPS[verb](request.arguments, request.user, reason=request.reason, approver=user)
    _decide(request, user, RequestState.DONE, "")
    return result


@transaction.atomic
def decline_request(request_id: int, user: User, answer: str) -> StepRequest:
    """Takes a request off the queue, with the reason; whoever asked may take it back alike."""
    request = _open(request_id, user)
    if not answer.strip():
        raise CurationError("Say why it is declined.")
    return _decide(request, user, RequestState.DECLINED, answer)


def _open(request_id: int, user: User) -> StepRequest:
    require_curator(user)
    request = StepRequest.objects.select_for_update(of=("self",)).filter(pk=request_id).first()
    if request is None or request.state != RequestState.OPEN.value:
        raise CurationError("There is no open request of that number.")
    return request


def _decide(request: StepRequest, user: User, state: RequestState, answer: str) -> StepRequest:
    StepRequest.objects.filter(pk=request.pk).update(
        state=state.value, decided_by=user, decided_at=Now(), answer=answer
    )
    request.refresh_from_db()
    return request


def _heads(verb: StepVerb, arguments: JSON) -> dict[str, int]:
    """The latest revision of each event that a step bears on."""
    rows = Event.objects.filter(pk__in=_events(verb, arguments), head__isnull=False)
    return {str(pk): seq for pk, seq in rows.order_by("pk").values_list("pk", "head_id") if seq is not None}


def _events(verb: StepVerb, arguments: JSON) -> list[int]:
    if "event" in arguments:
        return [arguments["event"]]
    if "case" in arguments:
        standing = Event.objects.filter(case=arguments["case"]).exclude(status=Status.RETRACTED.value)
        return list(standing.values_list("pk", flat=True))
    if "act" in arguments:
        return list(Revision.objects.filter(act=arguments["act"]).values_list("event_id", flat=True))
    if arguments["kind"] == ActKind.EVENT.value:
        return [pk for pk in (arguments["source"], arguments.get("target")) if pk is not None]
    if verb is StepVerb.SPLIT:
        return list(arguments["events"])
    return bearing_on(f"{arguments['kind']}:{arguments['source']}")
