"""A form that is stale: what others did since it was opened, and what was typed joined with what they changed.

An input that was left as it was takes over their value; one that was typed into keeps it, and says what theirs is.
"""

from __future__ import annotations

from typing import Any

from django.http import QueryDict

from events.choices import Verb
from events.models.candidates import Candidate, Decision
from tracker.web.desk.beside import Row, beside, numbered
from tracker.web.desk.forms import ClaimForm

JSON = dict[str, Any]
MAX_SHOWN = 20


def told(candidate: Candidate, typed: JSON) -> JSON:
    """For the page: `since`, the steps that others took, each with its `rows`; and the `form`, joined."""
    steps = max(0, candidate.version - int(typed.get("seen") or 0))
    since = list(
        Decision.objects.filter(candidate=candidate)
        .select_related("user")
        .order_by("-id")[: min(steps, MAX_SHOWN)]
    )
    for step in since:
        step.rows = _rows(step)  # type: ignore[attr-defined]
    found: JSON = {"since": since}
    base = _base(since)
    form = typed.get("form")
    if base is not None and isinstance(form, ClaimForm):
        found["form"] = joined(form, base, candidate.claim)
    return found


def _rows(step: Decision) -> list[Row]:
    """What an edit changed; other steps say all with their verb."""
    if step.verb != Verb.EDIT.value or not step.before or not step.after:
        return []
    return [row for row in beside(numbered(step.before), numbered(step.after)) if row.differs]


def _base(since: list[Decision]) -> JSON | None:
    """The claim that the form was made from, where it was edited since."""
    edited = [step for step in since if step.verb == Verb.EDIT.value and step.before]
    return edited[-1].before if edited else None


def joined(form: ClaimForm, base: JSON, now: JSON) -> ClaimForm:
    """The form as typed, with the values of `now` where nothing was typed over those of `base`.

    `form.theirs` names, by input or list, what was changed by others and typed over as well.
    """
    was, standing = _data(base), _data(now)
    data = {name: str(form.data.get(name, "")) for name in form.data}
    theirs: dict[str, str] = {}
    for group in _groups(was.keys() | standing.keys() | data.keys()):
        names = [[name for name in rows if _group(name) == group] for rows in (was, standing, data)]
        before, changed, typed = (
            {name: rows[name] for name in found}
            for rows, found in zip((was, standing, data), names, strict=True)
        )
        if not typed or before == changed:
            continue
        if _same(typed, before):
            data = {name: value for name, value in data.items() if _group(name) != group} | changed
        elif not _same(typed, changed):
            theirs[group] = "; ".join(value for value in changed.values() if value)
    query = QueryDict(mutable=True)
    query.update(data)
    result = ClaimForm(query)
    result.is_valid()
    result.theirs = theirs
    return result


def _same(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two sets of inputs say the same; an empty input and none are one."""
    return {k: _plain(v) for k, v in one.items() if v} == {k: _plain(v) for k, v in other.items() if v}


def _plain(value: str) -> str:
    return value.replace("\r\n", "\n").strip()


def _data(claim: JSON) -> dict[str, str]:
    """What a browser would send of an untouched form for this claim."""
    form = ClaimForm(claim=claim)
    found = {name: _text(form[name].value()) for name in form.fields if name != "words"}
    for rows in (*form.rows.values(), form.proofs):
        shown = list(rows)
        found[f"{rows.name}-rows"] = str(len(shown))
        for row in shown:
            found |= {row.add_prefix(name): _text(row[name].value()) for name in row.fields}
    return found


def _text(value: Any) -> str:
    return "" if value is None or value is False else "on" if value is True else str(value)


def _groups(names: Any) -> list[str]:
    return sorted({_group(name) for name in names})


def _group(name: str) -> str:
    """Rows of one list stand or fall together: their numbers mean something within one version only."""
    return name.partition("-")[0]
