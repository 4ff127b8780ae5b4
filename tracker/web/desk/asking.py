"""Steps on the published record as the desk takes them: done at once, or left to a second curator, or refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from events import curation
from events.choices import StepVerb
from events.models.acts import StepRequest
from tracker.web.desk.access import curator

JSON = dict[str, Any]
MAX_REASON = 2000


def reason_of(request: HttpRequest) -> str:
    """The reason that was typed, bounded."""
    return request.POST.get("reason", "").replace("\x00", "").strip()[:MAX_REASON]


def ask(request: HttpRequest, verb: StepVerb, arguments: JSON, done: str) -> None:
    """Takes the step and says what came of it. Raises what the step raises."""
    result = curation.ask(verb, arguments, curator(request), reason_of(request))
    if isinstance(result, StepRequest):
        messages.success(
            request,
            gettext("At this severity a second curator must approve it: request %(id)s.") % {"id": result.pk},
        )
    else:
        messages.success(request, done)


def number(text: str | None) -> int | None:
    """A primary key that was typed; None for anything else."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
