"""Steps on the published record as the desk takes them: done at once, or left to a second curator, or refused."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from events import curation
from events.choices import StepVerb
from events.exceptions import StaleRequest
from events.models.acts import StepRequest
from events.models.record import Event
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


def held(event: int, head: int | None) -> Event:
    """The event, locked, if its latest revision is the one that the curator saw. Within a transaction.

    Raises StaleRequest: what was decided on an older revision was decided about something else.
    """
    row = Event.objects.select_for_update(of=("self",), no_key=True).filter(pk=event).first()
    if row is None or row.head_id is None or row.head_id != head:
        raise StaleRequest(
            gettext("The event has changed since you opened it. Look at what it says now, then send again.")
        )
    return row


def number(text: str | None) -> int | None:
    """A primary key that was typed; None for anything else."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None
