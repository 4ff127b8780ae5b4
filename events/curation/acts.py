"""What the acts of curators share: who may, the row, the revisions that point to it, the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from events.choices import ActKind, ActVerb, Status, Verb
from events.curation.rules import four_eyes, gravest, require_curator, require_reason
from events.exceptions import CurationError
from events.models.access import User
from events.models.acts import Act
from events.models.candidates import Decision
from events.models.record import Event, Revision
from events.record import publishing
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
    found = dict(
        Event.objects.select_for_update().filter(id__in=wanted).order_by("id").values_list("id", "status")
    )
    missing = [pk for pk in wanted if pk not in found]
    if missing:
        raise CurationError(f"There is no event number {missing[0]}.")
    return [pk for pk in wanted if found[pk] != Status.RETRACTED.value]


def bearing_on(subject: str) -> list[int]:
    """The standing events that bear on `person:ID` or `organization:ID`."""
    rows = Event.objects.filter(head__subjects__contains=[subject]).exclude(status=Status.RETRACTED.value)
    return list(rows.order_by("id").values_list("id", flat=True))


def restored(act: Act, otherwise: Callable[[Revision], Entry | None]) -> list[Entry]:
    """What puts the events of an act back: the version before where nothing has happened to them since, else what
    `otherwise` makes of the act's revision (None: nothing)."""
    found = []
    for revision in act.revisions.order_by("event_id"):
        publishing_now = publishing.latest(revision.event_id)
        entry = (
            publishing.restoration(revision.event_id)
            if publishing_now.seq == revision.seq
            else otherwise(revision)
        )
        if entry is not None:
            found.append(entry)
    return found


def refuse_changed(revision: Revision) -> Entry | None:
    """For acts that cannot be told apart from what came later. Raises CurationError, naming the event."""
    raise CurationError(f"Event {revision.event_id} was changed after that. Undo the later change first.")
