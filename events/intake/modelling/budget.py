"""How much the model is asked in a day (UTC), and when it is left alone. Counted in the rows of its calls."""

from __future__ import annotations

import logging
import time
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.utils import timezone

from events.choices import ModelCallState
from events.intake.modelling.client import Message
from events.intake.modelling.endpoint import Endpoint
from events.intake.modelling.prompt import written
from events.models.candidates import ModelCall
from events.models.sources import Document

log = logging.getLogger(__name__)
_LOCK = 0x6D6F6465
"""Key of the advisory lock under which calls are counted: any number that nothing else of the service uses."""
REST = "events:model:rest-until"
"""Key in the cache of the time (Unix) before which the endpoint wants no question."""
_FAILURES, _REST_AFTER_FAILURES = 3, timedelta(seconds=60)
_PENDING = "No answer yet."
_FAILED = (ModelCallState.TIMED_OUT.value, ModelCallState.UNREACHABLE.value, ModelCallState.REFUSED.value)


def reserve(endpoint: Endpoint, document: Document, messages: list[Message]) -> ModelCall | None:
    """A row for a call that may be made now; None, with a row that says why, for one that may not.

    The row is written before the call, under a lock, so that several workers together keep to the budget; of a worker
    that dies it tells that no answer came.
    """
    call = ModelCall(
        document=document,
        model=endpoint.model,
        prompt=written(messages),
        state=ModelCallState.TIMED_OUT.value,
        error=_PENDING,
        tokens_in=tokens_of(written(messages)),
    )
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        refusal = _spent(call.tokens_in) or _resting(endpoint.model)
        if refusal is not None:
            call.prompt, call.tokens_in, (call.state, call.error) = "", 0, refusal
        call.save()
    return call if refusal is None else None


def tokens_of(text: str) -> int:
    """About how many tokens a text has, for endpoints that do not say: one for four bytes."""
    return len(text.encode("utf-8", "replace")) // 4 + 1


def leave_alone(seconds: int) -> None:
    """The endpoint asked not to be called for so long."""
    try:
        cache.set(REST, time.time() + seconds, timeout=seconds)
    except Exception:  # whatever the cache's client raises: without it the endpoint refuses once more
        log.warning("the rest that the model's endpoint asked for could not be kept")


def _spent(tokens: int) -> tuple[str, str] | None:
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    # Rows without a prompt were never asked.
    asked = ModelCall.objects.filter(created_at__gte=midnight).exclude(prompt="")
    used = asked.aggregate(calls=Count("id"), tokens=Sum(F("tokens_in") + F("tokens_out")))
    over = ModelCallState.OVER_BUDGET.value
    if used["calls"] >= settings.MODEL_DAILY_CALLS:
        return over, f"{used['calls']} calls today; MODEL_DAILY_CALLS allows {settings.MODEL_DAILY_CALLS}."
    if (used["tokens"] or 0) + tokens > settings.MODEL_DAILY_TOKENS:
        return (
            over,
            f"{used['tokens'] or 0} tokens today; MODEL_DAILY_TOKENS allows {settings.MODEL_DAILY_TOKENS}.",
        )
    return None


def _resting(model: str) -> tuple[str, str] | None:
    until = _rest_until()
    if until > time.time():
        when = datetime.fromtimestamp(until, UTC)
        return (
            ModelCallState.REFUSED.value,
            f"Not asked: the endpoint wants to be left alone until {when:%H:%M:%S} UTC.",
        )
    asked = ModelCall.objects.filter(model=model).exclude(prompt="").exclude(error=_PENDING)
    latest = list(asked.only("state", "created_at").order_by("-id")[:_FAILURES])
    fails = len(latest) == _FAILURES and all(call.state in _FAILED for call in latest)
    if fails and latest[0].created_at > timezone.now() - _REST_AFTER_FAILURES:
        return (
            ModelCallState.UNREACHABLE.value,
            f"Not asked: the last {_FAILURES} calls failed, the last just now.",
        )
    return None


def _rest_until() -> float:
    try:
        return float(cache.get(REST) or 0)
    except Exception:  # Redis may be away at any time
        return 0.0
