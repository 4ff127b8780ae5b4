"""Filters and tags that put the record's values into words. They return plain text; templates escape it."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from events.dates import PartialDate
from events.models.base import get_partial
from tracker.web import labels, presentation

register = template.Library()
_VOCABULARIES = {
    "kind": labels.KINDS,
    "action": labels.ACTIONS,
    "status": labels.STATUSES,
    "organization_type": labels.ORGANIZATION_TYPES,
    "operation": labels.OPERATIONS,
    "state": labels.CANDIDATE_STATES,
}
for _name, _words in _VOCABULARIES.items():
    register.filter(_name, functools.partial(presentation.label, _words))
_ESCAPES = {ord(character): f"\\u{ord(character):04X}" for character in "<>&"}


@register.filter
def day(date: Any) -> str:
    """A partial date (`{"value", "precision"}` or PartialDate) in words."""
    return presentation.date_words(date)


@register.filter
def day_words(value: date | str | None) -> str:
    """A day of the calendar (or ISO text that begins with one) in words; empty for none."""
    if not value:
        return ""
    return presentation.date_words(PartialDate.parse(str(value)[:10]))


@register.filter
def of(values: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping has under a key; empty where there is nothing."""
    return values.get(key, ())


@register.filter
def unlocalized(value: float) -> str:
    """A coordinate of a picture, with a point in any language."""
    return f"{value:g}"


@register.filter
def machine(date: Any) -> str:
    """The same for a `datetime` attribute."""
    return presentation.date_machine(date)


@register.filter
def partial(obj: Any, name: str) -> str:
    """The partial date in a row's columns `name` and `name_precision`, in words."""
    return presentation.date_words(get_partial(obj, name))


@register.filter
def sentence(payload: Mapping[str, Any]) -> str:
    """The event's sentence in the page's language."""
    return presentation.sentence(payload)


@register.filter
def marked_sentence(payload: Mapping[str, Any]) -> str:
    """The same for titles: that it is alleged, denied, planned, corrected or retracted comes first."""
    return presentation.marked_sentence(payload)


@register.filter
def caution(value: str) -> str:
    """What a reader must know of an event of that status before its sentence."""
    return str(labels.CAUTIONS.get(value, ""))


@register.filter
def cautions(payload: Mapping[str, Any]) -> list[str]:
    """The statuses that must be marked."""
    return presentation.cautions(payload)


@register.filter
def penalty(value: Mapping[str, Any]) -> str:
    """A penalty in words."""
    return presentation.penalty_words(value)


@register.filter
def measure(value: Mapping[str, Any]) -> str:
    """A figure in words."""
    return presentation.measure_words(value)


@register.filter
def pointer(value: str) -> str:
    """A JSON Pointer in words."""
    return presentation.pointer_words(value)


@register.filter
def change(value: Any) -> str:
    """An old or new value in words."""
    return presentation.change_words(value)


@register.filter
def percent(value: Any) -> str:
    """A fraction as a whole percentage."""
    return f"{round(float(value) * 100)}%"


@register.filter
def instant(value: datetime | str | None) -> str:
    """An instant as 2025-11-17 08:30 UTC; empty for none."""
    if not value:
        return ""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{moment:%Y-%m-%d %H:%M} UTC"


@register.filter
def linked_data(value: Mapping[str, Any]) -> SafeString:
    """A `script` element of JSON-LD: data, which no browser runs. What could end it is written as JSON escapes."""
    return mark_safe(  # noqa: S308 - escaped as Django's json_script does
        '<script type="application/ld+json">'
        + json.dumps(value, ensure_ascii=False).translate(_ESCAPES)
        + "</script>"
    )


@register.inclusion_tag("web/_severity.html")
def severity(value: int, words: bool = False) -> dict[str, Any]:
    """The severity scale with `value` of five marked; `words` adds what it means."""
    level = max(0, min(5, int(value)))
    return {
        "level": level,
        "marks": [step <= level for step in range(1, 6)],
        "meaning": str(labels.SEVERITIES[level]),
        "words": words,
        "label": gettext("Severity %(level)s of 5") % {"level": level},
    }
