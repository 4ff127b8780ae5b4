"""Steps that one curator asks for and another approves."""

from __future__ import annotations

import pytest

from events import curation
from events.choices import RequestState, StepVerb
from events.exceptions import CurationError, FourEyesRequired, InvalidClaim, StaleRequest
from events.models.acts import Act, StepRequest
from events.models.people import Executive
from events.models.record import Event, Revision
from tests import scenes
from tests.curation.helpers import Desk, at_once, latest, overrider


def asked(desk: Desk) -> tuple[StepRequest, Revision]:
    """Someone asks that a demotion be retracted."""
    grave = desk.demote(scenes.executive())
    request = curation.ask(StepVerb.RETRACT, {"event": grave.event_id}, desk.first, "withdrawn")
    assert isinstance(request, StepRequest)
    return request, grave


def test_a_mild_step_is_done_at_once(desk: Desk) -> None:
    mild = desk.appoint(scenes.executive(), "2024")

    done = curation.ask(StepVerb.RETRACT, {"event": mild.event_id}, desk.first, "withdrawn")

    assert isinstance(done, Revision)
    assert not StepRequest.objects.exists()


def test_a_grave_step_waits_and_is_done_as_the_asking_curators(desk: Desk) -> None:
    request, grave = asked(desk)
    assert latest(grave.event_id) == grave

    curation.approve_request(request.pk, desk.second)

    done = latest(grave.event_id)
    assert (done.operation, done.author, done.approver) == ("DEL", desk.first, desk.second)
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (RequestState.DONE.value, desk.second)


def test_nobody_approves_what_they_asked_for(desk: Desk) -> None:
    request, grave = asked(desk)

    with pytest.raises(FourEyesRequired, match="Another curator"):
        curation.approve_request(request.pk, desk.first)

    assert latest(grave.event_id) == grave


def test_what_was_asked_of_another_version_is_not_done(desk: Desk) -> None:
    request, grave = asked(desk)
    curation.set_severity(grave.event_id, desk.first, 4, "by hand", approver=desk.second)

    with pytest.raises(StaleRequest, match="has changed"):
        curation.approve_request(request.pk, desk.second)

    request.refresh_from_db()
    assert request.state == RequestState.OPEN.value


def test_a_merge_is_asked_for_and_approved(desk: Desk) -> None:
    old, new = scenes.executive("I. van Houten"), scenes.executive()
    desk.demote(old)
    arguments = {"kind": "person", "source": old.pk, "target": new.pk}
    request = curation.ask(StepVerb.MERGE, arguments, desk.first, "one person")
    assert isinstance(request, StepRequest)

    act = curation.approve_request(request.pk, desk.second)

    assert isinstance(act, Act)
    assert (act.user, act.approver) == (desk.first, desk.second)
    assert Executive.objects.get(pk=old.pk).merged_into == new


def test_an_event_published_about_someone_since_makes_the_request_for_a_merge_stale(desk: Desk) -> None:
    old, new = scenes.executive("I. van Houten"), scenes.executive()
    desk.demote(old)
    arguments = {"kind": "person", "source": old.pk, "target": new.pk}
    request = curation.ask(StepVerb.MERGE, arguments, desk.first, "one person")
    assert isinstance(request, StepRequest)
    desk.appoint(old, "2024")

    with pytest.raises(StaleRequest):
        curation.approve_request(request.pk, desk.second)


def test_bad_input_is_told_to_whoever_asks(desk: Desk) -> None:
    person = scenes.executive()
    grave = desk.demote(person).event_id
    nobody = {"kind": "person", "source": person.pk, "events": [grave], "name": ""}

    with pytest.raises(CurationError, match="whom the events are about"):
        curation.ask(StepVerb.SPLIT, nobody, desk.first, "two people")
    with pytest.raises(InvalidClaim):
        curation.ask(StepVerb.CORRECT_CASE, {"case": _case(desk, grave), "change": {}}, desk.first, "misread")
    with pytest.raises(CurationError, match="Say why"):
        curation.ask(StepVerb.RETRACT, {"event": grave}, desk.first, "")

    assert not StepRequest.objects.exists()


def _case(desk: Desk, event: int) -> int:
    from events.models.record import Case

    case = Case.objects.create(title="A case", key="x")
    Event.objects.filter(pk=event).update(case=case)
    return case.pk


def test_a_request_leaves_nothing_behind_of_the_step_that_it_asks_for(desk: Desk) -> None:
    person = scenes.executive()
    grave = desk.demote(person).event_id
    arguments = {"kind": "person", "source": person.pk, "events": [grave], "name": "Her Namesake"}

    request = curation.ask(StepVerb.SPLIT, arguments, desk.first, "two people")

    assert isinstance(request, StepRequest)
    assert not Executive.objects.filter(name="Her Namesake").exists()
    assert not Act.objects.exists()

    curation.approve_request(request.pk, desk.second)

    assert latest(grave).payload["subject"]["name"] == "Her Namesake"


def test_an_override_does_at_once_what_would_wait(desk: Desk) -> None:
    grave = desk.demote(scenes.executive()).event_id

    with pytest.raises(FourEyesRequired):
        curation.ask(StepVerb.RETRACT, {"event": grave}, desk.first, "withdrawn", override=True)
    done = curation.ask(StepVerb.RETRACT, {"event": grave}, overrider(), "withdrawn", override=True)

    assert isinstance(done, Revision)


def test_a_declined_request_is_answered_and_closed(desk: Desk) -> None:
    request, grave = asked(desk)
    with pytest.raises(CurationError, match="Say why"):
        curation.decline_request(request.pk, desk.second, " ")

    declined = curation.decline_request(request.pk, desk.second, "the notice still stands")

    assert (declined.state, declined.answer) == (RequestState.DECLINED.value, "the notice still stands")
    with pytest.raises(CurationError, match="no open request"):
        curation.approve_request(request.pk, desk.second)
    assert latest(grave.event_id) == grave


@pytest.mark.parametrize("verb", ["undo", "severity", "undo_act"])
def test_every_grave_step_can_be_asked_for(desk: Desk, verb: str) -> None:
    old, new = scenes.executive("I. van Houten"), scenes.executive()
    grave = desk.demote(old).event_id
    act = None
    if verb == "undo_act":
        act = curation.merge_people(old.pk, new.pk, desk.first, "one", approver=desk.second)
    arguments = {"undo": {"event": grave}, "severity": {"event": grave, "severity": 4}}.get(
        verb, {"act": act.pk if act else 0}
    )

    request = curation.ask(StepVerb(verb), arguments, desk.first, "because")
    assert isinstance(request, StepRequest)
    curation.approve_request(request.pk, desk.second)

    assert Revision.objects.latest("seq").approver == desk.second


@pytest.mark.django_db(transaction=True)
def test_of_two_approvals_at_once_one_is_done_and_one_refused() -> None:
    desk = Desk()
    request, grave = asked(desk)

    results = at_once(
        lambda: curation.approve_request(request.pk, desk.second),
        lambda: curation.approve_request(request.pk, scenes.curator()),
        lambda: curation.decline_request(request.pk, desk.first, "no"),
    )

    assert sum(isinstance(result, CurationError) for result in results) == 2, results
    assert Revision.objects.filter(event=grave.event_id).count() <= 2
