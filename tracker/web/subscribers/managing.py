"""A subscriber's own pages, for whoever holds the token that their mail carries.

The token in the address is the proof, so that the forms need no cookie of ours: another site that could have a form
sent does not know the address. A GET never changes anything.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from events.alerts import addresses, holdings, moving, subscriptions
from events.alerts.moving import Moved
from events.choices import Frequency
from events.models.alerts import Subscriber, Subscription
from events.nudges import mail_may_be_due
from tracker.web.subscribers import limits
from tracker.web.subscribers.forms import (
    FREQUENCIES,
    SHORT_FREQUENCIES,
    FrequencyForm,
    MoveForm,
    PreferencesForm,
    WishForm,
)
from tracker.web.subscribers.previews import said_of
from tracker.web.subscribers.private import GET_POST, private, subscriber_of, well_formed
from tracker.web.subscribers.views import found_of


@csrf_exempt
@private
@require_http_methods(GET_POST)
def manage(request: HttpRequest, token: str) -> HttpResponseBase:
    """A subscriber's page: GET shows; POST confirms, changes, starts, ends, removes, moves or erases."""
    subscriber = subscriber_of(token)
    if request.method != "POST":
        return _page(request, subscriber)
    action = request.POST.get("action", "")
    if action == "erase":
        holdings.erase(token)
        return render(request, "web/subscribers/left.html", {"erased": True})
    if action == "preferences":
        form = PreferencesForm(request.POST)
        if not form.is_valid():
            return _page(request, subscriber, preferences=form)
        subscriptions.change_preferences(token, form.preferences)
        messages.success(request, gettext("Saved."))
    elif action == "move":
        move = MoveForm(request.POST)
        if not move.is_valid():
            return _page(request, subscriber, move=move)
        _move(request, token, move.cleaned_data["email"])
    else:
        _change(request, token, action)
    return redirect("web:manage", token)


def _page(
    request: HttpRequest, subscriber: Subscriber, *, preferences: PreferencesForm | None = None,
    move: MoveForm | None = None,
) -> HttpResponse:  # fmt: skip
    rows = list(
        subscriber.subscriptions.select_related("executive", "organization").order_by("-is_active", "id")
    )
    context = {
        "subscriber": subscriber,
        "subscriptions": list(zip(rows, said_of(rows), strict=True)),
        "any_active": any(row.is_active for row in rows),
        "frequencies": SHORT_FREQUENCIES.items(),
        "preferences": preferences or PreferencesForm.of(subscriber),
        "move": move or MoveForm(),
    }
    status = 400 if preferences or move else 200
    return render(request, "web/subscribers/manage.html", context, status=status)


def _change(request: HttpRequest, token: str, action: str) -> None:
    """Does what a button of the page asks for, and says what was done."""
    number = _number(request)
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "confirm": (
            lambda: subscriptions.confirm(token),
            gettext("Confirmed. You will hear from us when something happens."),
        ),
        "end-all": (
            lambda: subscriptions.unsubscribe(token),
            gettext("All alerts are ended. We do not write to you again."),
        ),
        "end": (lambda: subscriptions.unsubscribe(token, number), gettext("This alert is ended.")),
        "start": (lambda: subscriptions.start(token, number), gettext("This alert is active.")),
        "remove": (lambda: subscriptions.remove(token, number), gettext("This alert is removed.")),
        "withdraw": (
            lambda: moving.withdraw_address(token),
            gettext("Withdrawn. Your alerts stay at this address."),
        ),
        "frequency": (lambda: _set_frequency(request, token, number), gettext("Saved.")),
    }
    step, done = steps.get(action, (lambda: False, ""))
    if step():
        messages.success(request, done)
    else:
        messages.error(request, gettext("That was not possible. Nothing was changed."))


def _set_frequency(request: HttpRequest, token: str, number: int) -> bool:
    value = request.POST.get("frequency", "")
    return value in FREQUENCIES and subscriptions.change_frequency(token, number, Frequency(value))


def _move(request: HttpRequest, token: str, email: str) -> None:
    if limits.allowed(request) and limits.allowed_to(email) and moving.request_address(token, email):
        mail_may_be_due()
        messages.success(
            request,
            gettext("A mail is on its way to the new address. The alerts move when it is confirmed there."),
        )
    else:
        messages.error(request, gettext("That was not possible now. Nothing was changed."))


@csrf_exempt
@private
@require_http_methods(GET_POST)
def add(request: HttpRequest, token: str) -> HttpResponseBase:
    """Another wish of a confirmed subscriber: looked for by GET as anyone's, saved by POST, and active at once."""
    subscriber = subscriber_of(token)
    if subscriber.confirmed_at is None:
        return redirect("web:manage", token)
    sent = request.POST if request.method == "POST" else request.GET
    if not sent:
        return render(
            request, "web/subscribers/add.html", {"subscriber": subscriber, "wish_form": WishForm()}
        )
    wish_form = WishForm(sent)
    if not wish_form.is_valid():
        context = {"subscriber": subscriber, "wish_form": wish_form}
        return render(request, "web/subscribers/add.html", context, status=400)
    form = FrequencyForm(request.POST) if request.method == "POST" else FrequencyForm()
    if not form.is_valid():
        context = found_of(wish_form) | {"subscriber": subscriber, "form": form}
        return render(request, "web/subscribers/add.html", context, status=400 if form.errors else 200)
    wish_form.wish.frequency = form.cleaned_data["frequency"]
    refused = subscriptions.add(token, [wish_form.wish])[1]
    if refused:
        messages.error(request, gettext("There is no room for another alert. Remove one first."))
    else:
        messages.success(request, gettext("This alert is active."))
    return redirect("web:manage", token)


@csrf_exempt
@private
@require_http_methods(GET_POST)
def unsubscribe(request: HttpRequest, token: str) -> HttpResponseBase:
    """One-click unsubscribe (RFC 8058): a POST, from a mail program that has no cookie of ours, ends all mail, or the
    one subscription whose signed number stands in the token's place. A GET shows a page that asks."""
    if addresses.SEPARATOR in token:
        return _unsubscribe_one(request, token)
    subscriber = subscriber_of(token)
    if request.method == "POST":
        subscriptions.unsubscribe(token)
        return render(request, "web/subscribers/left.html", {"subscriber": subscriber})
    return render(request, "web/subscribers/leave.html", {"subscriber": subscriber})


def _unsubscribe_one(request: HttpRequest, signed: str) -> HttpResponse:
    number = addresses.unsigned(signed)
    if number is None:
        raise Http404
    if request.method == "POST":
        subscriptions.end(number)
        return render(request, "web/subscribers/left.html", {"one": True})
    rows = Subscription.objects.filter(pk=number).select_related("executive", "organization")
    return render(request, "web/subscribers/leave.html", {"sentence": next(iter(said_of(list(rows))), "")})


@csrf_exempt
@private
@require_http_methods(GET_POST)
def address(request: HttpRequest, token: str) -> HttpResponseBase:
    """Where the owner of a new address agrees to have the alerts there. The token is that of the change."""
    subscriber = moving.moving(well_formed(token))
    if subscriber is None:
        raise Http404
    if request.method == "POST":
        moved = moving.confirm_address(token)
        if moved is Moved.DONE:
            mail_may_be_due()
            messages.success(request, gettext("Your alerts now go to this address."))
            return redirect("web:manage", subscriber.token)
        return render(request, "web/subscribers/move.html", {"taken": moved is Moved.TAKEN}, status=409)
    return render(request, "web/subscribers/move.html", {"subscriber": subscriber})


@private
@require_safe
def data(request: HttpRequest, token: str) -> HttpResponseBase:
    """All that is held of the subscriber, as JSON."""
    response = StreamingHttpResponse(
        holdings.export(subscriber_of(token)), content_type="application/json; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="alerts.json"'
    return response


def _number(request: HttpRequest) -> int:
    """The subscription that a button stands beside; 0 for none."""
    number = request.POST.get("subscription", "")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
