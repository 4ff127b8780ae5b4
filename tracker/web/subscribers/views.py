"""Asking for alerts, and managing them by token. GET never changes anything: mail scanners follow links."""

from __future__ import annotations

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.alerts import subscriptions
from events.models.alerts import Subscriber
from events.models.organizations import Organization
from tracker.web.subscribers import joining
from tracker.web.subscribers.forms import SubscribeForm, subject_of

_GET_POST = ["GET", "HEAD", "POST"]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


@never_cache
@require_http_methods(_GET_POST)
def subscribe(request: HttpRequest) -> HttpResponse:
    """The form. Its answer is the same whether the address is known here or not."""
    if request.method == "POST":
        form = SubscribeForm(request.POST)
        if form.is_valid():
            joining.join(form.cleaned_data, form.language())
            return redirect("web:subscribed")
        about = form.data.get("about", "")
    else:
        about = _asked_about(request)
        form = SubscribeForm(initial={"about": about, "kind": request.GET.get("kind", "")})
    subject = subject_of(about) if about else None
    context = {"form": form, "subject": subject, "is_organization": isinstance(subject, Organization)}
    return render(request, "web/subscribers/subscribe.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD"])
def subscribed(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "web/subscribers/subscribed.html")


@never_cache
@require_http_methods(_GET_POST)
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """A subscriber's page: GET shows, POST confirms, starts or ends one, or ends all."""
    subscriber = _subscriber(token)
    if request.method == "POST":
        _change(request, token)
        return redirect("web:manage", token)
    wishes = subscriber.subscriptions.select_related("executive", "organization").order_by("-is_active", "id")
    context = {"subscriber": subscriber, "subscriptions": wishes}
    return _private(render(request, "web/subscribers/manage.html", context))


@csrf_exempt
@never_cache
@require_http_methods(_GET_POST)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One-click unsubscribe (RFC 8058): a POST, from a mail program that has no cookie of ours, ends all mail.

    The token is the proof; a GET only leads to the page that asks.
    """
    _subscriber(token)
    if request.method == "POST":
        subscriptions.unsubscribe(token)
        return _private(render(request, "web/subscribers/left.html"))
    return _private(redirect("web:manage", token))


def _change(request: HttpRequest, token: str) -> None:
    action, number = request.POST.get("action", ""), request.POST.get("subscription", "")
    chosen = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    if action == "confirm":
        subscriptions.confirm(token)
        messages.success(request, gettext("Confirmed. You will hear from us when something happens."))
    elif action == "end-all":
        subscriptions.unsubscribe(token)
        messages.success(request, gettext("All alerts are ended. We do not write to you again."))
    elif action == "end" and subscriptions.unsubscribe(token, chosen):
        messages.success(request, gettext("This alert is ended."))
    elif action == "start" and joining.start(token, chosen):
        messages.success(request, gettext("This alert is active."))
    else:
        messages.error(request, gettext("That was not possible. Nothing was changed."))


def _subscriber(token: str) -> Subscriber:
    if not _TOKEN.fullmatch(token):
        raise Http404
    return get_object_or_404(Subscriber, token=token)


def _private(response: HttpResponse) -> HttpResponse:
    """The address holds the token: it must not leave in a Referer, nor into a search engine."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _asked_about(request: HttpRequest) -> str:
    for kind in ("person", "organization"):
        number = request.GET.get(kind, "")
        if number.isascii() and number.isdigit():
            return f"{kind}:{number[:18]}"
    return ""
