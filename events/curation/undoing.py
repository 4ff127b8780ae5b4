"""Undoing an act as one: a merge, a split, a step on a case. Each event gets a revision that takes it back.

Where nothing has happened to an event since, it is put back as it was. Where it has been changed meanwhile, only
what the act did to it is taken back; for steps on cases that cannot be told apart, so it is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from django.db import transaction

from events.choices import ActKind, ActVerb, PartyType, Status
from events.curation import acts, registers
from events.curation.acts import Hands
from events.curation.case_steps import restore_row
from events.curation.drafts import corroborated, from_payload
from events.curation.judgements import forget, judge
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Act
from events.models.candidates import Candidate
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision
from events.record import publishing
from events.record.identity import Identity, identities_named, with_identities
from events.record.ledger import Entry


@transaction.atomic
def undo_act(
    act_id: int, user: User, reason: str, *, approver: User | None = None, override: bool = False
) -> Act:
    """Undoes an act as a whole; the undoing is an act of its own, which cannot be undone but by doing it again.

    Raises CurationError for an act that is undone already or whose events were changed since.
    """
    hands = Hands(user, reason, approver, override)
    hands.check()
    act = Act.objects.select_for_update(of=("self",)).filter(pk=act_id).first()
    if act is None:
        raise CurationError(f"There is no act number {act_id}.")
    if act.undone_by_id is not None or act.verb == ActVerb.UNDO.value:
        raise CurationError("This was undone already; do it again instead.")
    note = hands.allowed(act.revisions.values_list("event_id", flat=True))
    undoing = acts.begin(ActVerb.UNDO, ActKind(act.kind), act.source, act.target, hands, note)
    acts.write(undoing, _step(act)(act))
    act.undone_by = undoing
    act.save(update_fields=["undone_by"])
    _judge_again(act, user, reason)
    return acts.log(undoing)


def _step(act: Act) -> Callable[[Act], list[Entry]]:
    if act.kind == ActKind.CASE.value:
        return _case_back
    if act.kind == ActKind.EVENT.value:
        return _event_merge_back if act.verb == ActVerb.MERGE.value else _event_split_back
    return _merge_back if act.verb == ActVerb.MERGE.value else _split_back


def _merge_back(act: Act) -> list[Entry]:
    """The entry that was given up stands again, with what it brought and with its events."""
    if act.kind == ActKind.PERSON.value:
        person = Executive.objects.select_for_update().get(pk=act.source)
        person.merged_into = None
        person.save(update_fields=["merged_into"])
        registers.return_person(person, act.moved)
    else:
        organization = Organization.objects.select_for_update().get(pk=act.source)
        organization.merged_into = None
        organization.save(update_fields=["merged_into"])
        registers.return_organization(organization, act.moved)
    return acts.restored(act, lambda revision: _renamed_back(act, revision))


def _split_back(act: Act) -> list[Entry]:
    """The events go back; an entry that the split made, and that has nothing else, answers with the former one."""
    entries = acts.restored(act, lambda revision: _renamed_back(act, revision))
    made = act.moved.get("made", [])
    model = Executive if act.kind == ActKind.PERSON.value else Organization
    kept = {entry.event.pk for entry in entries}
    if made and not set(acts.bearing_on(f"{act.kind}:{act.target}")) - kept:
        model._default_manager.filter(pk__in=made).update(merged_into=act.source)
    return entries


def _renamed_back(act: Act, revision: Revision) -> Entry | None:
    """An event that was changed since, with the former identity where the source's name had it."""
    last = publishing.latest(revision.event_id)
    if last.payload["status"] == Status.RETRACTED.value:
        return None
    party = PartyType(act.kind)
    assert act.target is not None  # noqa: S101 - merges and splits have one
    old: Identity = (party, act.source)
    new: Identity = (party, act.target)
    before = Revision.objects.filter(event=revision.event_id, number=revision.number - 1).get()
    names = identities_named(before.payload, old)
    payload = with_identities(last.payload, {new: old}, only=lambda kind, named: (kind, named) in names)
    return publishing.amendment(revision.event_id, payload) if payload != last.payload else None


def _event_merge_back(act: Act) -> list[Entry]:
    Candidate.objects.filter(pk__in=act.moved["candidates"], event=act.target).update(event=act.source)
    return acts.restored(act, _without_joined)


def _without_joined(revision: Revision) -> Entry | None:
    """The surviving event, changed since, without the words that came with the duplicate."""
    last = publishing.latest(revision.event_id)
    if last.payload["status"] == Status.RETRACTED.value:
        return None
    before = Revision.objects.get(event=revision.event_id, number=revision.number - 1)
    joined = [item for item in revision.payload["evidence"] if item not in before.payload["evidence"]]
    rest = [item for item in last.payload["evidence"] if item not in joined]
    draft = from_payload(last.payload | {"evidence": rest or before.payload["evidence"]})
    return publishing.revision_of(revision.event_id, draft, Status(last.payload["status"]))


def _event_split_back(act: Act) -> list[Entry]:
    """The event that was split off is a duplicate again; its words join the one that stayed."""
    assert act.target is not None  # noqa: S101 - a split has one
    if acts.standing([act.source, act.target]) != sorted((act.source, act.target)):
        raise CurationError("One of the two events was retracted meanwhile. Undo that first.")
    told = from_payload(publishing.latest(act.target).payload)
    kept = publishing.latest(act.source).payload
    draft = corroborated(from_payload(kept), replace(told, case_id=None))
    Candidate.objects.filter(pk__in=act.moved["candidates"]).update(event=act.source)
    return [
        publishing.revision_of(act.source, draft, Status(kept["status"])),
        publishing.retraction(act.target, merged_into=act.source),
    ]


def _case_back(act: Act) -> list[Entry]:
    if "case" in act.moved:
        restore_row(act.source, act.moved["case"])
    return acts.restored(act, acts.refuse_changed)


def _judge_again(act: Act, user: User, reason: str) -> None:
    """An undone merge says that the two are not the same; an undone split leaves the question open."""
    if act.kind == ActKind.CASE.value or act.target is None:
        return
    if act.verb == ActVerb.MERGE.value:
        judge(ActKind(act.kind), act.source, act.target, False, user, reason)
    else:
        forget(ActKind(act.kind), act.source, act.target, user)
