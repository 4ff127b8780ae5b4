"""Deliveries at the desk: how e-mail and webhooks do, and failed messages, which can be sent again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from events.alerts import health
from events.alerts.hooks import keeping
from events.alerts.wishes import sentences
from events.alerts.wording import words
from events.models.webhooks import Webhook, WebhookMessage
from tracker.web.desk.access import curator, staff_with
from tracker.web.desk.tabs import tabs
from tracker.web.labels import Label

PAGE = 50
SHOWN_FAILED = 50
REFUSAL = _("This page is for staff who may look after deliveries.")
STATES: dict[str, Label] = {
    "active": _("Active"),
    "failing": _("Failing"),
    "paused": _("Paused"),
    "gone": _("Gone"),
}
_MARKS = {"active": "confirmed", "failing": "retracted", "paused": "reported", "gone": "retracted"}
SUPPRESSIONS: dict[str, Label] = {
    "bounce": _("the address takes no mail"),
    "complaint": _("its owner complained"),
    "staff": _("by staff"),
}


@dataclass(frozen=True)
class Row:
    """A webhook of the list, with its wish in words."""

    webhook: Any
    wish: str

    @property
    def state(self) -> str:
        """What the desk calls its state: an active one that takes nothing is failing."""
        failing = self.webhook.state == "active" and self.webhook.failing_since
        return "failing" if failing else self.webhook.state

    @property
    def label(self) -> Label:
        """The state in a word."""
        return STATES[self.state]

    @property
    def mark(self) -> str:
        """The class of the state's mark."""
        return _MARKS[self.state]

    @property
    def place(self) -> str:
        """Where it leads, without what may be secret in its address."""
        return place(self.webhook)


def place(webhook: Webhook) -> str:
    """The host of a webhook: its path and query may hold secrets of the receiver's."""
    return urlsplit(webhook.url).netloc


@require_safe
@staff_with("events.view_webhook", REFUSAL)
def deliveries(request: HttpRequest) -> HttpResponse:
    """The health of e-mail and webhooks."""
    mail = health.mail_health()
    page = Paginator(health.webhooks_with_health(), PAGE).get_page(request.GET.get("page", "1"))
    found = list(page.object_list)
    language = request.LANGUAGE_CODE if request.LANGUAGE_CODE == "zh-hans" else "en"
    failed = health.failed_messages()
    context = {
        "mail": mail,
        "suppressed": [(SUPPRESSIONS[reason], number) for reason, number in mail.suppressed],
        "page": page,
        "rows": [Row(row, said) for row, said in zip(found, sentences(found, words(language)), strict=True)],
        "failed": [(message, place(message.webhook)) for message in failed[:SHOWN_FAILED]],
        "failed_count": failed.count(),
        "may_change": curator(request).has_perm("events.change_webhook"),
        **tabs("deliveries"),
    }
    return render(request, "web/desk/deliveries.html", context)


@require_POST
@staff_with("events.change_webhook", REFUSAL)
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Pauses a webhook, resumes it, or has its failed messages sent again."""
    row = get_object_or_404(Webhook, pk=pk)
    steps: dict[str, Callable[[HttpRequest, Webhook], None]] = {
        "pause": _pause,
        "resume": _resume,
        "replay": _replay,
    }
    if verb not in steps:
        raise Http404
    steps[verb](request, row)
    return redirect("desk:deliveries")


@require_POST
@staff_with("events.change_webhook", REFUSAL)
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Has one message sent again."""
    message = get_object_or_404(WebhookMessage, pk=pk)
    _told(request, keeping.replay(WebhookMessage.objects.filter(pk=message.pk)))
    return redirect("desk:deliveries")


def _pause(request: HttpRequest, row: Webhook) -> None:
    keeping.pause(row, f"Paused by staff ({curator(request)}).")
    messages.success(request, gettext("Its messages wait until it is resumed."))


def _resume(request: HttpRequest, row: Webhook) -> None:
    keeping.resume(row)
    messages.success(request, gettext("What waits is sent within a minute."))


def _replay(request: HttpRequest, row: Webhook) -> None:
    _told(request, keeping.replay_failed(row))


def _told(request: HttpRequest, number: int) -> None:
    if number:
        words_said = gettext("Sent again within a minute: %(n)d messages, where the webhook is active.")
        messages.success(request, words_said % {"n": number})
    else:
        messages.info(request, gettext("Nothing was to be sent again."))
