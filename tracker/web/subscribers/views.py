"""Asking for alerts. A GET never changes anything: mail scanners follow links."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events.alerts import subscriptions
from events.nudges import mail_may_be_due
from tracker.web.subscribers import limits
from tracker.web.subscribers.forms import CONDITIONS, EmailForm, JoinForm, WishForm, feed_query, parameters
from tracker.web.subscribers.previews import preview
from tracker.web.subscribers.private import GET_POST


@never_cache
@require_http_methods(GET_POST)
def subscribe(request: HttpRequest) -> HttpResponse:
    """First what to hear of, as a search by GET; then its sentence and last events, with the form that saves it.

    The answer to the form is the same whether the address is known here or not.
    """
    if request.method == "POST":
        return _join(request)
    if not any(name in request.GET for name in CONDITIONS):
        return render(request, "web/subscribers/subscribe.html", {"wish_form": WishForm()})
    wish_form = WishForm(request.GET)
    if not wish_form.is_valid():
        return _ask_again(request, wish_form)
    return _show(request, wish_form, JoinForm())


def _join(request: HttpRequest) -> HttpResponse:
    wish_form, form = WishForm(request.POST), JoinForm(request.POST)
    if not wish_form.is_valid():
        return _ask_again(request, wish_form)
    if not form.is_valid():
        return _show(request, wish_form, form, 400)
    if not limits.allowed(request):
        form.add_error(None, _too_often())
        return _show(request, wish_form, form, 429)
    wish = wish_form.wish
    wish.frequency = form.cleaned_data["frequency"]
    subscriptions.join(form.cleaned_data["email"], wish, form.preferences)
    mail_may_be_due()
    return redirect("web:subscribed")


def _ask_again(request: HttpRequest, wish_form: WishForm) -> HttpResponse:
    """The search with what is wrong about it, or with the choices that a name leaves."""
    return render(request, "web/subscribers/subscribe.html", {"wish_form": wish_form}, status=400)


def _show(request: HttpRequest, wish_form: WishForm, form: JoinForm, status: int = 200) -> HttpResponse:
    return render(
        request, "web/subscribers/preview.html", found_of(wish_form) | {"form": form}, status=status
    )


def found_of(wish_form: WishForm) -> dict[str, Any]:
    """What a template shows of a wish that was understood: sentence, last events, its fields, and the form again."""
    wish = wish_form.wish
    return {
        "wish": wish,
        "wish_form": WishForm.of(wish),
        "preview": preview(wish),
        "parameters": parameters(wish),
        "feed_query": feed_query(wish),
    }


@require_safe
def subscribed(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "web/subscribers/subscribed.html")


@never_cache
@require_http_methods(GET_POST)
def access(request: HttpRequest) -> HttpResponse:
    """Asks for the link to one's own page. The answer is the same whether the address is known here or not."""
    form = EmailForm(request.POST or None)
    if request.method != "POST":
        return render(request, "web/subscribers/access.html", {"form": EmailForm()})
    if not form.is_valid():
        return render(request, "web/subscribers/access.html", {"form": form}, status=400)
    if not limits.allowed(request):
        form.add_error(None, _too_often())
        return render(request, "web/subscribers/access.html", {"form": form}, status=429)
    subscriptions.request_access(form.cleaned_data["email"])
    mail_may_be_due()
    messages.success(
        request, gettext("If alerts go to this address, a mail with the link is on its way to it.")
    )
    return redirect("web:access")


def _too_often() -> str:
    return gettext("Too many requests came from your network. Please try again in an hour or a day.")
