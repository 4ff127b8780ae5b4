"""Undoing an act as one: a merge, a split, a step on a case. Each event gets a revision that takes it back.

Where nothing has happened to an event since, it is put back as it was. Where it has been changed meanwhile, only
what the act did to it is taken back; for steps on cases that cannot be told apart, so it is refused.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from events.choices import ActKind, ActVerb, PartyType, Status
from events.curation import acts, registers
from events.curation.acts import Hands
from events.curation.case_steps import restore_row
from events.curation.drafts import corroborated, from_payload
from events.curation.judgements import MODELS, forget, judge
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Act
from events.models.candidates import Candidate
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision
from events.record import locks, publishing
from events.record.draft import Draft
from events.record.identity import Identity, identities_named, survivor, with_identities
from events.record.ledger import Entry

_IDENTITIES = (ActKind.PERSON.value, ActKind.ORGANIZATION.value)


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
    if act.verb == ActVerb.UNDO.value:
        raise CurationError("An undoing is not undone itself; do what it undid again instead.")
    if act.undone_by_id is not None:
        raise CurationError("This was undone already; do it again instead.")
    events = _lock(act)
    _refuse_merged_since(act)
    note = hands.allowed(events)
    undoing = acts.begin(ActVerb.UNDO, ActKind(act.kind), act.source, act.target, hands, note)
    acts.write(undoing, _step(act)(act))
    act.undone_by = undoing
    act.save(update_fields=["undone_by"])
    _judge_again(act, user, reason)
    return acts.log(undoing)


def _lock(act: Act) -> list[int]:
    """The act's events, locked with its candidates and with everyone concerned."""
    moved = act.moved.get("candidates", [])
    list(Candidate.objects.select_for_update(of=("self",)).filter(pk__in=moved).order_by("pk"))
    events = sorted(locks.lock_events(act.revisions.values_list("event_id", flat=True)))
    if act.kind in _IDENTITIES and act.target is not None:
        party = PartyType(act.kind)
        acts.hold(events, (party, act.source), (party, act.target))
    return events


def _refuse_merged_since(act: Act) -> None:
    """Raises CurationError where what the act made was merged into another since: that is undone first."""
    if act.kind == ActKind.CASE.value or act.target is None:
        return
    model = MODELS[ActKind(act.kind)]
    into = model._default_manager.filter(pk=act.target).values_list("merged_into", flat=True).first()
    if into is not None:
        raise CurationError(f"Number {act.target} was merged into number {into} since. Undo that first.")


def _step(act: Act) -> Callable[[Act], list[Entry]]:
    if act.kind == ActKind.CASE.value:
        return _case_back
    if act.kind == ActKind.EVENT.value:
        return _event_merge_back if act.verb == ActVerb.MERGE.value else _event_split_back
    return _merge_back if act.verb == ActVerb.MERGE.value else _split_back


def _merge_back(act: Act) -> list[Entry]:
    """The entry that was given up stands again, with what it brought and with its events."""
    assert act.target is not None  # noqa: S101 - every merge has one
    if act.kind == ActKind.PERSON.value:
        Executive.objects.filter(pk=act.source).update(merged_into=None)
        registers.return_person(
            Executive.objects.get(pk=act.source), Executive.objects.get(pk=act.target), act.moved
        )
    else:
        Organization.objects.filter(pk=act.source).update(merged_into=None)
        registers.return_organization(
            Organization.objects.get(pk=act.source), Organization.objects.get(pk=act.target), act.moved
        )
    return acts.restored(act, lambda revision: _renamed_back(act, revision))


def _split_back(act: Act) -> list[Entry]:
    """The events go back; an entry that the split made, and that has nothing else, answers with the former one."""
    entries = acts.restored(act, lambda revision: _renamed_back(act, revision))
    made = act.moved.get("made", [])
    model = Executive if act.kind == ActKind.PERSON.value else Organization
    kept = {entry.event.pk for entry in entries}
    if made and not set(acts.bearing_on(f"{act.kind}:{act.target}")) - kept:
        back = survivor(PartyType(act.kind), act.source)
        model._default_manager.filter(pk__in=made, merged_into=None).update(merged_into=back)
    return entries


def _renamed_back(act: Act, revision: Revision) -> Entry | None:
    """An event that was changed since, with the former identity where the source's name had it."""
    last = publishing.latest(revision.event_id)
    if last.payload["status"] == Status.RETRACTED.value:
        return None
    party = PartyType(act.kind)
    assert act.target is not None  # noqa: S101 - merges and splits have one
    old: Identity = (party, survivor(party, act.source))
    new: Identity = (party, act.target)
    before = Revision.objects.get(event=revision.event_id, number=revision.number - 1)
    names = identities_named(before.payload, (party, act.source))
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
    Candidate.objects.filter(pk__in=act.moved["candidates"], event=act.target).update(event=act.source)
    entries = [e for e in acts.restored(act, lambda r: _rejoined(r, told)) if e.event.pk == act.source]
    return [*entries, publishing.retraction(act.target, merged_into=act.source)]


def _rejoined(revision: Revision, told: Draft) -> Entry:
    """The event that was split, changed since, with the words of the one that was split off."""
    kept = publishing.latest(revision.event_id).payload
    draft = corroborated(from_payload(kept), told)
    return publishing.revision_of(revision.event_id, draft, Status(kept["status"]))


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
