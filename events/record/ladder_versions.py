"""Ladders in and out: a list that changes becomes the next version, and no version that was is ever rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from events.choices import EndState
from events.models.base import get_partial, set_partial
from events.models.grades import Grade, GradeAssignment, GradeLadder
from events.models.organizations import Organization, OrganizationName
from events.models.record import Penalty, Revision
from events.names import keys, normalize
from events.record.ladder_csv import BadLadders, Problem, Sheet

MAX_MERGES = 50
MAX_ID = 2**63 - 1


@dataclass(frozen=True)
class Outcome:
    """What a sheet did: `added` a ladder's first or next version, `changed` its period or source, or nothing."""

    ladder: GradeLadder
    added: bool = False
    changed: bool = False


class _Refused(Exception):
    """Why one sheet cannot be taken."""


def sheets(organization: Organization | None = None) -> list[Sheet]:
    """Every version of every ladder, or those of one organization, by organization, name and version."""
    rows = GradeLadder.objects.select_related("organization").prefetch_related("grades")
    rows = rows.filter(organization=organization) if organization else rows
    names: dict[int, str] = {}
    found = []
    for row in rows.order_by("organization__name", "organization_id", "name", "version"):
        if row.organization_id not in names:
            names[row.organization_id] = _written(row.organization)
        found.append(_sheet(row, names[row.organization_id]))
    return found


def sheet_of(ladder: GradeLadder) -> Sheet:
    """One version of a ladder."""
    return _sheet(ladder, _written(ladder.organization))


def import_ladders(wanted: Iterable[Sheet], *, dry_run: bool = False) -> list[Outcome]:
    """Takes all sheets or none. Raises BadLadders with the lines of those that are refused.

    A sheet whose list is that of a version with the same start changes nothing but, where they were not known,
    its end and its source. Any other list becomes the next version, which ends the one before at its start.
    """
    outcomes, problems = [], []
    with transaction.atomic():
        for sheet in sorted(
            wanted, key=lambda sheet: (sheet.version is None, sheet.version or 0, sheet.line)
        ):
            try:
                outcomes.append(_take(sheet))
            except _Refused as error:
                problems.append(Problem(sheet.line, str(error)))
        if problems:
            raise BadLadders(problems)
        if dry_run:
            transaction.set_rollback(True)
    return outcomes


def find_organization(text: str) -> Organization:
    """The organization of an id or of a name, whatever its case. Raises LookupError, which says what is wrong."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    row = Organization.objects.filter(id=number).first() if 0 < number <= MAX_ID else None
    if row is None:
        named = OrganizationName.objects.filter(keys__overlap=sorted(keys(text)))
        ids = {
            pk for pk, name in named.values_list("organization", "name") if normalize(name) == normalize(text)
        }
        rows = list(Organization.objects.filter(id__in=ids, merged_into=None).order_by("id")[:10])
        if len(rows) > 1:
            raise LookupError(
                f"{text!r} may be one of these; write its id: {', '.join(str(r.pk) for r in rows)}."
            )
        row = rows[0] if rows else None
    if row is None:
        raise LookupError(f"No organization on record has the name or the id {text!r}.")
    for _ in range(MAX_MERGES):
        if row.merged_into is None:
            break
        row = row.merged_into
    return row


def in_use(ladder: GradeLadder) -> bool:
    """Whether a revision's steps were computed on this version; then its grades must stay as they are."""
    stands = Q(from_grade__ladder=ladder) | Q(to_grade__ladder=ladder)
    return (
        GradeAssignment.objects.filter(ladder=ladder).exists()
        or Penalty.objects.filter(stands).exists()
        or Revision.objects.filter(
            payload__contains={"details": {"penalties": [{"ladder": ladder.pk}]}}
        ).exists()
    )


def _written(organization: Organization) -> str:
    """The organization's name where it leads back to it, or else its id."""
    try:
        found = find_organization(organization.name)
    except LookupError:
        return str(organization.pk)
    return organization.name if found == organization else str(organization.pk)


def _sheet(ladder: GradeLadder, organization: str) -> Sheet:
    return Sheet(
        organization, ladder.name, ladder.version, get_partial(ladder, "start"), get_partial(ladder, "until"),
        EndState(ladder.end_state), tuple(ladder.labels()), ladder.source,
    )  # fmt: skip


def _take(sheet: Sheet) -> Outcome:
    try:
        organization = find_organization(sheet.organization)
    except LookupError as error:
        raise _Refused(str(error)) from None
    Organization.objects.select_for_update(no_key=True).get(pk=organization.pk)  # imports follow one another
    versions = list(
        GradeLadder.objects.filter(organization=organization, name=sheet.name)
        .prefetch_related("grades")
        .order_by("version")
    )
    latest = versions[-1] if versions else None
    same = next((ladder for ladder in versions if _is_same(ladder, sheet, latest)), None)
    if same:
        return _update(same, sheet)
    if latest and _sheet(latest, "").keys == sheet.keys:
        since = get_partial(latest, "start") or "a day that is not known"
        raise _Refused(
            f"This is the list of {latest}, which holds since {since}; a file does not change that."
        )
    return _add(organization, latest, sheet)


def _is_same(ladder: GradeLadder, sheet: Sheet, latest: GradeLadder | None) -> bool:
    """The same list from the same day on; where no day is given, that of the version named, or else the latest."""
    known = _sheet(ladder, "")
    if known.keys != sheet.keys:
        return False
    meant = ladder.version == sheet.version if sheet.version else ladder == latest
    return known.start == sheet.start or (sheet.start is None and meant)


def _update(ladder: GradeLadder, sheet: Sheet) -> Outcome:
    known = _sheet(ladder, "")
    changed = False
    if sheet.source and sheet.source != known.source:
        ladder.source, changed = sheet.source, True
    if sheet.end_state is not EndState.OPEN and (sheet.until, sheet.end_state) != (
        known.until,
        known.end_state,
    ):
        if known.end_state is EndState.ENDED:
            raise _Refused(f"{ladder} has ended {known.until}; the file says {sheet.until or 'unknown'}.")
        if known.start and sheet.until and sheet.until.value <= known.start.value:
            raise _Refused(f"{ladder} begins {known.start}; it cannot end {sheet.until}.")
        set_partial(ladder, "until", sheet.until)
        ladder.end_state, changed = sheet.end_state.value, True
    if changed:
        ladder.save()
    return Outcome(ladder, changed=changed)


def _add(organization: Organization, latest: GradeLadder | None, sheet: Sheet) -> Outcome:
    number = latest.version + 1 if latest else 1
    if sheet.version is not None and sheet.version > number:
        raise _Refused(f"The next version of {sheet.name} is {number}, not {sheet.version}.")
    if latest:
        _end(latest, sheet)
    made = GradeLadder(
        organization=organization, name=sheet.name, version=number, source=sheet.source,
        end_state=sheet.end_state.value,
    )  # fmt: skip
    set_partial(made, "start", sheet.start)
    set_partial(made, "until", sheet.until)
    made.save()
    for rank, label in enumerate(sheet.labels):
        Grade.objects.create(ladder=made, label=label, rank=rank)
    return Outcome(made, added=True)


def _end(latest: GradeLadder, sheet: Sheet) -> None:
    """Ends the version before the new one. Raises _Refused where the two would hold on one day."""
    known = _sheet(latest, "")
    if sheet.start is None:
        raise _Refused(
            f"The list differs from that of {latest}. Write in the column from since when the new one holds."
        )
    if known.start and sheet.start.value <= known.start.value:
        raise _Refused(f"The new list must hold from a day after {known.start}, since when {latest} does.")
    if known.until and sheet.start.value < known.until.value:
        raise _Refused(f"{latest} holds until {known.until}; the new list cannot hold from {sheet.start}.")
    if known.end_state is EndState.OPEN:
        set_partial(latest, "until", sheet.start)
        latest.end_state = EndState.ENDED.value
        latest.save()
