"""What a step that waits would do, in words: what a second curator approves is seen, not read from JSON. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext

from events.choices import ActKind, StepVerb
from events.curation.drafts import from_payload, to_claim
from events.models.acts import StepRequest
from tracker.web import labels, presentation
from tracker.web.desk.beside import Row, beside, numbered

JSON = dict[str, Any]


def rows(request: StepRequest, heads: Mapping[int, JSON]) -> list[Row]:
    """Of a correction, the fields that would change; `heads` are the latest payloads by event."""
    payload = heads.get(request.arguments.get("event", 0))
    claim = request.arguments.get("claim")
    if request.verb != StepVerb.CORRECT.value or payload is None or not claim:
        return []
    was = to_claim(from_payload(payload), 0) | {"evidence": []}
    new = {**claim, "evidence": [], "case": None}
    return [row for row in beside(numbered(was), numbered(new)) if row.differs]


def words(request: StepRequest) -> list[str]:
    """Of every other step, what it would do."""
    about = request.arguments
    if request.verb == StepVerb.CORRECT_CASE.value:
        return list(_change(about["change"]))
    if request.verb == StepVerb.SEVERITY.value:
        chosen = about["severity"]
        return [
            gettext("The computed severity again")
            if chosen is None
            else gettext("Severity %(n)s") % {"n": chosen}
        ]
    if request.verb == StepVerb.MERGE.value:
        return [gettext("%(source)s becomes an old number of %(target)s") % about]
    if request.verb == StepVerb.SPLIT.value:
        return [_split(about)]
    if request.verb == StepVerb.UNDO_ACT.value:
        return [gettext("Act %(act)s is undone as a whole") % about]
    return []


def _split(about: JSON) -> str:
    if about["kind"] == ActKind.EVENT.value:
        return gettext("Candidate %(candidate)s becomes an event of its own") % about
    count = len(about["events"])
    told = ngettext("%(n)s event goes to %(other)s", "%(n)s events go to %(other)s", count)
    return told % {"n": count, "other": about.get("name") or about.get("target")}


def _change(change: JSON) -> list[str]:
    names: dict[str, labels.Label] = {
        "title": gettext("Title"), "issuer": labels.ROLES["issuer"], "grounds": gettext("Grounds"),
        "status": gettext("Status"),
    }  # fmt: skip
    found = []
    for name, label in names.items():
        if name in change:
            value = change[name]
            shown = value.get("name") or value.get("id") if isinstance(value, dict) else value
            if name == "status":
                shown = presentation.label(labels.STATUSES, value)
            found.append(f"{label}: {presentation.change_words(shown)}")
    for name, value in change.get("dates", {}).items():
        found.append(f"{presentation.label(labels.DATES, name)}: {presentation.date_words(value)}")
    for event, part in change.get("events", {}).items():
        told = ", ".join(f"{name}: {presentation.change_words(value)}" for name, value in part.items())
        found.append(f"{gettext('Event')} {event}: {told}")
    return found
