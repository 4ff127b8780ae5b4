"""Steps on a whole case: published, corrected and retracted as one, all of its events or none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db import transaction

from events.choices import ActKind, ActVerb, CandidateState, Kind, PartyType, Role, Status, Verb
from events.curation import acts, parties, steps
from events.curation.acts import Hands
from events.curation.claims import validate_parts
from events.curation.drafts import from_payload
from events.curation.limits import MAX_NAME
from events.curation.rules import FOUR_EYES_FROM, four_eyes
from events.dates import PartialDate
from events.exceptions import CurationError, FourEyesRequired, InvalidClaim
from events.models.access import User
from events.models.acts import Act
from events.models.base import get_partial, set_partial
from events.models.candidates import Candidate
from events.models.record import Case
from events.record import publishing
from events.record.draft import Draft, DraftParty
from events.record.identity import survivor

JSON = dict[str, Any]
MAX_CASE = 500
"""Events of one case in one step."""
COMMON = frozenset({"title", "issuer", "dates", "grounds", "status", "events"})


@transaction.atomic
def accept_case(
    candidate_id: int, user: User, *, reason: str = "", override: bool = False
) -> list[Candidate]:
    """Accepts all undecided candidates of the candidate's case in its document, all or none.

    From severity 3 of any of them on, all wait for a second curator. Raises CurationError, naming the candidate,
    where one looks like a standing event: that one is decided by itself first.
    """
    found = [
        steps.begin(pk, user, None, *steps.UNDECIDED) for pk in _siblings(candidate_id, *steps.UNDECIDED)
    ]
    for candidate in found:
        _require_clear(candidate)
        candidate.accepted_by = user
    severe = max(candidate.severity for candidate in found)
    if severe >= FOUR_EYES_FROM and not override:
        for candidate in found:
            candidate.state = CandidateState.AWAITING_APPROVAL.value
    else:
        note = four_eyes(severe, user, None, reason, override=override)
        _publish(found, Hands(user, note, None, override))
    return [steps.finish(candidate, user, Verb.ACCEPT, reason=reason) for candidate in found]


@transaction.atomic
def approve_case(candidate_id: int, user: User, *, reason: str = "") -> list[Candidate]:
    """The second pair of eyes: publishes what another curator accepted as a case. Raises FourEyesRequired."""
    waiting = CandidateState.AWAITING_APPROVAL
    found = [steps.begin(pk, user, None, waiting) for pk in _siblings(candidate_id, waiting)]
    authors = {candidate.accepted_by for candidate in found}
    author = authors.pop()
    if authors:
        raise CurationError(
            "Several curators accepted parts of this case. Approve its candidates one by one."
        )
    if author is None or author.pk == user.pk or any(steps.shaped_by(candidate, user) for candidate in found):
        raise FourEyesRequired("Another curator than those who accepted or edited the case must approve it.")
    _publish(found, Hands(author, reason, user))
    return [steps.finish(candidate, user, Verb.APPROVE, reason=reason) for candidate in found]


@transaction.atomic
def correct_case(
    case_id: int,
    user: User,
    change: JSON,
    reason: str,
    *,
    approver: User | None = None,
    override: bool = False,
) -> Act:
    """Corrects what the events of a case share, and single events of it, as one.

    `change` may hold `title`, `issuer` (`{"id"}` or `{"name"}`), `dates` (merged with those known), `grounds` and
    `status` for all, and `events`: by number, `dates`, `grounds`, `status` and `penalties` of one. Raises
    InvalidClaim, with the field's pointer in `change`.
    """
    hands = Hands(user, reason, approver, override)
    hands.check()
    case = _case(case_id)
    events = _standing(case)
    payloads = {pk: publishing.latest(pk).payload for pk in events}
    _validate(change, {pk: payload["kind"] for pk, payload in payloads.items()})
    before = _shown(case)
    _correct_row(case, change)
    entries = [
        publishing.revision_of(pk, _corrected(from_payload(payloads[pk]), change, pk)) for pk in events
    ]
    note = hands.allowed(events, max(entry.payload["severity"] for entry in entries))
    act = acts.begin(ActVerb.CORRECT_CASE, ActKind.CASE, case.pk, None, hands, note)
    acts.write(act, entries)
    act.moved = {"case": before}
    act.save(update_fields=["moved"])
    return acts.log(act)


@transaction.atomic
def retract_case(
    case_id: int, user: User, reason: str, *, approver: User | None = None, override: bool = False
) -> Act:
    """Takes every standing event of a case off the record."""
    hands = Hands(user, reason, approver, override)
    hands.check()
    case = _case(case_id)
    events = _standing(case)
    act = acts.begin(ActVerb.RETRACT_CASE, ActKind.CASE, case.pk, None, hands, hands.allowed(events))
    acts.write(act, [publishing.retraction(pk) for pk in events])
    return acts.log(act)


def restore_row(case_id: int, shown: JSON) -> None:
    """Puts the case's own columns back as an act found them."""
    case = _case(case_id)
    issuer = shown["issuer"]
    case.title = shown["title"]
    case.issuer_id = None if issuer is None else survivor(PartyType.ORGANIZATION, issuer)
    set_partial(case, "decided", PartialDate.from_json(shown["decided"]) if shown["decided"] else None)
    case.save()


def _publish(found: list[Candidate], hands: Hands) -> None:
    entries = [(candidate, steps.planned(candidate)) for candidate in found]
    if len({entry.event.pk for _, entry in entries}) < len(entries):
        raise CurationError("Two of these candidates join the same event. Decide on one by itself first.")
    case_id = next((entry.payload["case"] for _, entry in entries if entry.payload["case"]), None)
    if case_id is None:
        raise CurationError("These candidates belong to no case.")
    act = acts.begin(
        ActVerb.PUBLISH_CASE, ActKind.CASE, case_id, None, hands, hands.reason or "published as one"
    )
    acts.write(act, [entry for _, entry in entries])
    for candidate, entry in entries:
        steps.mark_published(candidate, entry.event.pk, hands.user)
    acts.log(act)


def _siblings(candidate_id: int, *states: CandidateState) -> list[int]:
    """The candidates of the same case in the same document, in the order of their numbers. Raises CurationError."""
    one = Candidate.objects.filter(pk=candidate_id).values("document_id", "case_label").first()
    if one is None or not one["case_label"]:
        raise CurationError(f"Candidate {candidate_id} is not part of a case.")
    rows = Candidate.objects.filter(**one, state__in=[state.value for state in states])
    found = list(rows.order_by("pk").values_list("pk", flat=True)[: MAX_CASE + 1])
    if not found:
        raise CurationError("No candidate of this case is left for that step.")
    if len(found) > MAX_CASE:
        raise CurationError(f"A case of more than {MAX_CASE} candidates is not taken as one.")
    return found


def _require_clear(candidate: Candidate) -> None:
    parties.require_resolved(candidate.claim, candidate.resolution)
    steps.refuse_unseen_twin(candidate)
    twins = [item for item in candidate.conflicts if item["code"] == "similar_event"]
    if twins:
        raise CurationError(
            f"Candidate {candidate.pk}: {twins[0]['message']} Decide on that one by itself first."
        )


def _case(case_id: int) -> Case:
    case = Case.objects.select_for_update(no_key=True).filter(pk=case_id).first()
    if case is None:
        raise CurationError(f"There is no case number {case_id}.")
    return case


def _standing(case: Case) -> list[int]:
    rows = case.events.exclude(status=Status.RETRACTED.value).order_by("id")
    events = acts.standing(rows.values_list("id", flat=True))
    if not events:
        raise CurationError("No event of this case stands.")
    return events


def _validate(change: JSON, kinds: dict[int, str]) -> None:
    unknown = sorted(set(change) - COMMON)
    if unknown or not change:
        raise InvalidClaim(
            f"Say what to change: {', '.join(sorted(COMMON))}.", f"/{_token(unknown[0])}" if unknown else ""
        )
    validate_parts({key: change[key] for key in ("dates", "grounds", "status") if key in change})
    if "title" in change and not (
        isinstance(change["title"], str) and 0 < len(change["title"].strip()) <= 500
    ):
        raise InvalidClaim("A title has 1 to 500 characters.", "/title")
    if "issuer" in change:
        _issuer(change["issuer"])
    single = change.get("events", {})
    if not isinstance(single, dict):
        raise InvalidClaim("Give an object: an event's number, and what to change of it.", "/events")
    for number, part in single.items():
        if number not in {str(pk) for pk in kinds}:
            raise InvalidClaim("This is no standing event of the case.", f"/events/{_token(number)}")
        if not isinstance(part, dict):
            raise InvalidClaim("Give an object.", f"/events/{number}")
        validate_parts(part, f"/events/{number}")
        if "penalties" in part and kinds[int(number)] != Kind.DISCIPLINE.value:
            raise InvalidClaim("penalties belong to discipline claims only", f"/events/{number}/penalties")


def _token(name: str) -> str:
    """A member's name as a reference token of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _issuer(value: Any) -> DraftParty:
    """The issuer that a change names. Raises InvalidClaim."""
    if isinstance(value, dict) and set(value) <= {"id", "name"}:
        pk, name = value.get("id"), value.get("name")
        if not (name is None or (isinstance(name, str) and 0 < len(name.strip()) <= MAX_NAME)):
            raise InvalidClaim(f"A name has 1 to {MAX_NAME} characters.", "/issuer/name")
        if isinstance(pk, int) and not isinstance(pk, bool):
            shown = parties.exists(PartyType.ORGANIZATION.value, pk)
            if shown is not None:
                return DraftParty(Role.ISSUER, PartyType.ORGANIZATION, name or shown, pk)
            raise InvalidClaim(f"There is no organization number {pk}.", "/issuer/id")
        if name is not None and pk is None:
            return DraftParty(Role.ISSUER, PartyType.ORGANIZATION, name.strip())
    raise InvalidClaim('Give {"id": number} or {"name": text}.', "/issuer")


def _corrected(draft: Draft, change: JSON, event_id: int) -> Draft:
    """The draft with what is to be changed of all, then with what is to be changed of this event."""
    if "issuer" in change:
        others = tuple(party for party in draft.participants if party.role is not Role.ISSUER)
        draft = replace(draft, participants=(_issuer(change["issuer"]), *others))
    for part in (change, change.get("events", {}).get(str(event_id), {})):
        if "dates" in part:
            dates = {name: PartialDate.from_json(value) for name, value in part["dates"].items()}
            draft = replace(draft, dates={**draft.dates, **dates})
        if "grounds" in part:
            draft = replace(draft, grounds=tuple(part["grounds"]))
        if "status" in part:
            draft = replace(draft, assertion=Status(part["status"]))
        if "penalties" in part:
            draft = replace(draft, penalties=tuple(part["penalties"]))
    return draft


def _correct_row(case: Case, change: JSON) -> None:
    if "title" in change:
        case.title = change["title"].strip()
    if "issuer" in change:
        case.issuer_id = _issuer(change["issuer"]).id
    if "decided" in change.get("dates", {}):
        set_partial(case, "decided", PartialDate.from_json(change["dates"]["decided"]))
    case.save()


def _shown(case: Case) -> JSON:
    decided = get_partial(case, "decided")
    return {"title": case.title, "issuer": case.issuer_id, "decided": decided.as_json() if decided else None}
