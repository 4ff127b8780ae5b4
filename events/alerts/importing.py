"""Watch-lists read line by line: what was understood, who may be meant, and what is not known. Nothing is lost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeVar

from events.alerts.naming import BOTH, Choice, Identity, choices, choices_named, identities_named
from events.alerts.watchlist import Row
from events.alerts.wording import CHINESE, ENGLISH
from events.choices import Frequency, Kind, PartyType
from events.models.alerts import Subscription
from events.models.organizations import Organization
from events.models.people import Executive
from events.names import keys
from events.record.identity import survivor

T = TypeVar("T")
MAX_LOOSE = 50
"""Names of one file that are also looked for within longer names."""
_MAX_SILENCE = 3650
_FREQUENCIES = {
    **{frequency.value: frequency for frequency in Frequency},
    "即时": Frequency.INSTANT,
    "每天": Frequency.DAILY,
    "每日": Frequency.DAILY,
    "每周": Frequency.WEEKLY,
}
_TYPES = {
    "person": PartyType.PERSON,
    "executive": PartyType.PERSON,
    "人物": PartyType.PERSON,
    "organization": PartyType.ORGANIZATION,
    "organisation": PartyType.ORGANIZATION,
    "company": PartyType.ORGANIZATION,
    "机构": PartyType.ORGANIZATION,
    "公司": PartyType.ORGANIZATION,
}
_KINDS = {
    **{kind.value: kind.value for kind in Kind},
    **{label.casefold(): value for words in (ENGLISH, CHINESE) for value, label in words.kinds.items()},
}


class State(Enum):
    """What came of a line."""

    UNDERSTOOD = "understood"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    WRONG = "wrong"


@dataclass(frozen=True)
class Line:
    """A line of a file and what came of it.

    Understood: `wish`, a row that is not saved yet. Ambiguous: `choices` for the first of its names that several have.
    Unknown: `value` is the name or number that nobody has. Wrong: `value` is not one that `column` may hold, or the
    line says nothing (`column` is empty).
    """

    row: Row
    state: State
    wish: Subscription | None = None
    choices: tuple[Choice, ...] = ()
    column: str = ""
    value: str = ""


@dataclass
class _Names:
    """Who has the names of a file, looked up together."""

    exact: dict[str, list[Identity]]
    loose: dict[str, list[Identity]] = field(default_factory=dict)

    def of(self, name: str, kinds: Sequence[PartyType]) -> list[Identity]:
        found = [identity for identity in self.exact.get(name, ()) if identity[0] in kinds]
        if found:
            return found
        if name not in self.loose and len(self.loose) < MAX_LOOSE:
            self.loose[name] = [(choice.kind, choice.pk) for choice in choices_named(name)]
        return [identity for identity in self.loose.get(name, ()) if identity[0] in kinds]


def understand(rows: Sequence[Row], chosen: Mapping[int, Collection[str]] | None = None) -> list[Line]:
    """What each row asks for. `chosen` says by a line's number who is meant: `person:4`, out of its choices."""
    named = [
        row.cells[column]
        for row in rows
        for column in ("name", "person", "organization")
        if column in row.cells
    ]
    names = _Names(identities_named(named))
    lines = [_line(row, names, (chosen or {}).get(row.number, ())) for row in rows]
    wanted = {(choice.kind, choice.pk) for line in lines for choice in line.choices}
    shown = choices(wanted)
    return [
        replace(line, choices=tuple(shown[choice.kind, choice.pk] for choice in line.choices))
        for line in lines
    ]


class _Unclear(Exception):
    """Why a line cannot be a wish."""

    def __init__(self, state: State, column: str, value: str, found: Sequence[Identity] = ()) -> None:
        super().__init__(value)
        self.state, self.column, self.value, self.found = state, column, value, found


def _line(row: Row, names: _Names, chosen: Collection[str]) -> Line:
    try:
        return Line(row, State.UNDERSTOOD, _wish(row.cells, names, chosen))
    except _Unclear as unclear:
        offered = tuple(Choice(kind, pk, "") for kind, pk in unclear.found)
        return Line(row, unclear.state, None, offered, unclear.column, unclear.value)


def _wish(cells: Mapping[str, str], names: _Names, chosen: Collection[str]) -> Subscription:
    wish = Subscription(
        kind=_one_of(cells, "kind", _KINDS) or "",
        min_severity=_number(cells, "min_severity", 0, 5) or 0,
        text=cells.get("text", "")[:200],
        frequency=(_one_of(cells, "frequency", _FREQUENCIES) or Frequency.INSTANT).value,
        silent_days=_number(cells, "silent_days", 1, _MAX_SILENCE),
    )
    kinds = _kinds(cells)
    for column, allowed in (
        ("person", (PartyType.PERSON,)),
        ("organization", (PartyType.ORGANIZATION,)),
        ("name", kinds),
    ):
        identity = _identity(cells, column, allowed, names, chosen)
        if identity is not None and identity[0] is PartyType.PERSON:
            wish.executive_id = identity[1]
        elif identity is not None:
            wish.organization_id = identity[1]
    if not (wish.executive_id or wish.organization_id or wish.kind or wish.min_severity or wish.text):
        raise _Unclear(State.WRONG, "", "")
    return wish


def _identity(
    cells: Mapping[str, str], column: str, kinds: Sequence[PartyType], names: _Names, chosen: Collection[str]
) -> Identity | None:
    """Whom one column names; None where it is empty. A number counts only with a name that fits, where both stand
    there: a list from another installation has other numbers."""
    name, number = cells.get(column, ""), cells.get("id" if column == "name" else f"{column}_id", "")
    if not name and not number:
        return None
    known = _numbered(number, kinds) if number else []
    if known and (not name or _is_called(known[0], name)):
        return known[0]
    if not name:
        raise _Unclear(State.UNKNOWN, column, number)
    found = names.of(name, kinds)
    picked = next((identity for identity in found if f"{identity[0].value}:{identity[1]}" in chosen), None)
    if picked or len(found) == 1:
        return picked or found[0]
    if found:
        raise _Unclear(State.AMBIGUOUS, column, name, found)
    raise _Unclear(State.UNKNOWN, column, name)


def _numbered(number: str, kinds: Sequence[PartyType]) -> list[Identity]:
    """Whose number that is, as they are now; nobody's where it could be a person's or an organization's."""
    if not (number.isascii() and number.isdigit() and len(number) < 19) or len(kinds) != 1:
        return []
    kind = kinds[0]
    model: type[Executive | Organization] = Executive if kind is PartyType.PERSON else Organization
    return (
        [(kind, survivor(kind, int(number)))]
        if model._default_manager.filter(pk=int(number)).exists()
        else []
    )


def _is_called(identity: Identity, name: str) -> bool:
    kind, pk = identity
    model: type[Executive | Organization] = Executive if kind is PartyType.PERSON else Organization
    return model._default_manager.filter(pk=pk, names__keys__overlap=sorted(keys(name))).exists()


def _kinds(cells: Mapping[str, str]) -> tuple[PartyType, ...]:
    kind = _one_of(cells, "type", _TYPES)
    return (kind,) if kind else BOTH


def _one_of(cells: Mapping[str, str], column: str, values: Mapping[str, T]) -> T | None:
    """The value that a cell's word stands for; None where it is empty."""
    word = cells.get(column, "").casefold()
    if not word:
        return None
    if word not in values:
        raise _Unclear(State.WRONG, column, cells[column])
    return values[word]


def _number(cells: Mapping[str, str], column: str, least: int, most: int) -> int | None:
    """A whole number; None where the cell is empty."""
    value = cells.get(column, "")
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) < 6 and least <= int(value) <= most:
        return int(value)
    raise _Unclear(State.WRONG, column, value)
