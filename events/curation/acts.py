"""What the acts of curators share: who may, the row, the revisions that point to it, the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from events.choices import ActKind, ActVerb, Operation, PartyType, Role, Status, Verb
from events.curation.rules import four_eyes, gravest, require_curator, require_reason
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Act
from events.models.candidates import Decision
from events.models.grades import GradeAssignment
from events.models.record import Event, Party, Revision
from events.record import locks, publishing
from events.record.identity import Identity, identities, survived
from events.record.ledger import Entry

_LOGGED = {
    ActVerb.MERGE: Verb.MERGE,
    ActVerb.SPLIT: Verb.SPLIT,
    ActVerb.PUBLISH_CASE: Verb.APPROVE,
    ActVerb.CORRECT_CASE: Verb.CORRECT,
    ActVerb.RETRACT_CASE: Verb.RETRACT,
    ActVerb.UNDO: Verb.UNDO,
}


@dataclass(frozen=True)
class Hands:
    """Who acts and why; `approver` is the second curator, `override` does without one where the user may."""

    user: User
    reason: str
    approver: User | None = None
    override: bool = False

    def check(self) -> None:
        """Raises CurationError for a user who may not curate and for a missing reason."""
        require_curator(self.user)
        require_reason(self.reason)

    def allowed(self, events: Iterable[int], least: int = 0) -> str:
        """The reason as the revisions state it. Raises FourEyesRequired for the gravest of the events."""
        severe = max(gravest(events), least)
        return four_eyes(severe, self.user, self.approver, self.reason, override=self.override)


def begin(verb: ActVerb, kind: ActKind, source: int, target: int | None, hands: Hands, reason: str) -> Act:
    """The act's row, to which its revisions will point."""
    return Act.objects.create(
        verb=verb.value, kind=kind.value, source=source, target=target, user=hands.user,
        approver=hands.approver, reason=reason,
    )  # fmt: skip


def write(act: Act, entries: list[Entry]) -> list[Revision]:
    """Appends the act's revisions. Raises GradeConflict."""
    return (
        publishing.write(entries, publishing.Writer(act.user, act.approver, act.reason, act))
        if entries
        else []
    )


def log(act: Act) -> Act:
    """Leaves the act in the activity log."""
    verb = _LOGGED[ActVerb(act.verb)]
    Decision.objects.create(user=act.user, verb=verb.value, act=act, reason=act.reason)
    return act


def standing(event_ids: Iterable[int]) -> list[int]:
    """Those of the events that stand, locked in the order of their numbers. Raises CurationError for unknown ones."""
    wanted = sorted(set(event_ids))
    found = locks.lock_events(wanted)
    missing = [pk for pk in wanted if pk not in found]
    if missing:
        raise CurationError(f"There is no event number {missing[0]}.")
    return [pk for pk in wanted if found[pk] != Status.RETRACTED.value]


def bearing_on(subject: str) -> list[int]:
    """The standing events that bear on `person:ID` or `organization:ID`."""
    rows = Event.objects.filter(head__subjects__contains=[subject]).exclude(status=Status.RETRACTED.value)
    return list(rows.order_by("id").values_list("id", flat=True))


def hold(event_ids: Iterable[int], *merged: Identity) -> None:
    """Locks those whom events name and those who are merged or come apart, before anything is done to them; the
    events are locked already. No event about one of them is published meanwhile."""
    heads = Event.objects.filter(pk__in=list(event_ids)).values("head_id")
    payloads = Revision.objects.filter(pk__in=heads).values_list("payload", flat=True)
    named = {identity for payload in payloads for identity in identities(payload)} | set(merged)
    organizations = {pk for kind, pk in named if kind is PartyType.ORGANIZATION}
    subjects = Party.objects.filter(event__in=list(event_ids), role=Role.SUBJECT.value)
    people = {pk for kind, pk in named if kind is PartyType.PERSON}
    people |= {pk for pk in subjects.values_list("executive_id", flat=True) if pk is not None}
    ladders = [pk for kind, pk in merged if kind is PartyType.ORGANIZATION]
    graded = GradeAssignment.objects.filter(ladder__organization__in=ladders)
    locks.lock_people(people | set(graded.values_list("executive_id", flat=True)))
    if ladders:
        locks.lock_structure()
    locks.lock_organizations(organizations)


def restored(act: Act, otherwise: Callable[[Revision], Entry | None]) -> list[Entry]:
    """What puts the events of an act back: the version before where nothing has happened to them since, else what
    `otherwise` makes of the act's revision (None: nothing)."""
    found = []
    for revision in act.revisions.order_by("event_id"):
        entry = publishing.before(revision) if _still_says(revision) else otherwise(revision)
        if entry is not None:
            found.append(entry)
    return found


def _still_says(revision: Revision) -> bool:
    """Whether the event is as that revision left it; that someone was merged into another since changes nothing."""
    last = publishing.latest(revision.event_id)
    if last.seq == revision.seq:
        return True
    retracts = Operation.DEL.value in {last.operation, revision.operation}
    return not retracts and last.payload in (revision.payload, survived(revision.payload))


def refuse_changed(revision: Revision) -> Entry | None:
    """For acts that cannot be told apart from what came later. Raises CurationError, naming the event."""
    raise CurationError(f"Event {revision.event_id} was changed after that. Undo the later change first.")
