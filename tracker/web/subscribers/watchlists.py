"""A subscriber's watch-list as a file: read with a report of each line, and written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from events.alerts import subscriptions, watchlist
from events.alerts.importing import Line, State, understand
from events.alerts.watchlist import NotAWatchlist, Row
from events.models.alerts import Subscriber
from tracker.web.subscribers.forms import MAX_TEXT, WatchlistForm
from tracker.web.subscribers.previews import said_of
from tracker.web.subscribers.private import GET_POST, private, subscriber_of

REASONS: dict[str, str | Promise] = {
    "bytes": _("The file is too large: at most 256 KB are read."),
    "rows": _("The file has too many lines: at most 500 are read."),
    "encoding": _("The text of the file could not be read. Save it as UTF-8."),
    "xml": _("The file is no well-formed XML, or it has a document type."),
    "csv": _("The file could not be read as CSV."),
}
_TYPES = {"csv": "text/csv; charset=utf-8", "opml": "text/x-opml; charset=utf-8"}


@csrf_exempt
@private
@require_http_methods(GET_POST)
def upload(request: HttpRequest, token: str) -> HttpResponseBase:
    """Reads a list and reports each line; nothing is saved before the report is sent back with `save`."""
    subscriber = subscriber_of(token)
    if subscriber.confirmed_at is None:
        return redirect("web:manage", token)
    if request.method != "POST":
        return _form(request, subscriber, WatchlistForm())
    form = WatchlistForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, subscriber, form, 400)
    try:
        rows = _rows(form)
    except NotAWatchlist as error:
        form.add_error("file" if form.cleaned_data.get("file") else "text", str(REASONS[error.reason]))
        return _form(request, subscriber, form, 400)
    chosen = {row.number: request.POST.getlist(f"choice-{row.number}") for row in rows}
    lines = understand(rows, chosen)
    if "save" in request.POST:
        return _save(request, subscriber, lines)
    return _report(request, subscriber, lines, chosen)


@private
@require_safe
def download(request: HttpRequest, token: str, form: str) -> HttpResponseBase:
    """The subscriber's own list as CSV or OPML, in the form that `upload` reads."""
    if form not in _TYPES:
        raise Http404
    subscriber = subscriber_of(token)
    rows = list(subscriber.subscriptions.select_related("executive", "organization").order_by("id"))
    if form == "csv":
        # The mark tells spreadsheets that it is UTF-8.
        body = "\ufeff" + watchlist.write_csv(rows)
    else:
        body = watchlist.write_opml(rows, said_of(rows), gettext("Watch-list"))
    response = HttpResponse(body, content_type=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="watch-list.{form}"'
    return response


def _rows(form: WatchlistForm) -> list[Row]:
    """The rows of the file, or of the text. Raises NotAWatchlist."""
    file = form.cleaned_data.get("file")
    if file is None:
        # A report that is sent back is longer than the file that it was made of; the form bounds it.
        return watchlist.read(str(form.cleaned_data["text"]).encode(), limit=4 * MAX_TEXT)
    if file.size > watchlist.MAX_BYTES:
        raise NotAWatchlist(f"The file has more than {watchlist.MAX_BYTES} bytes.", "bytes")
    return watchlist.read(file.read())


def _save(request: HttpRequest, subscriber: Subscriber, lines: Sequence[Line]) -> HttpResponse:
    """Saves what was understood. What was not is shown once more, to be corrected."""
    wishes = [line.wish for line in lines if line.wish]
    new, refused = subscriptions.add(subscriber.token, wishes)
    messages.success(
        request, ngettext("%(count)s alert was added.", "%(count)s alerts were added.", new) % {"count": new}
    )
    if refused:
        words = ngettext("There was no room for %(count)s.", "There was no room for %(count)s.", refused)
        messages.error(request, words % {"count": refused})
    rest = [line for line in lines if line.state is not State.UNDERSTOOD]
    if not rest:
        return redirect("web:manage", subscriber.token)
    form = WatchlistForm(initial={"text": watchlist.write_rows([line.row for line in rest])})
    return _form(request, subscriber, form, rest=len(rest))


def _report(
    request: HttpRequest, subscriber: Subscriber, lines: Sequence[Line], chosen: dict[int, list[str]]
) -> HttpResponse:
    wishes = [line.wish for line in lines if line.wish]
    said = dict(zip(map(id, wishes), said_of(wishes), strict=True))
    shown: list[dict[str, Any]] = [
        {"line": line, "sentence": said.get(id(line.wish), ""), "chosen": chosen[line.row.number]}
        for line in lines
    ]
    groups = {state.value: [row for row in shown if row["line"].state is state] for state in State}
    context = {
        "subscriber": subscriber,
        "groups": groups,
        "text": watchlist.write_rows([line.row for line in lines]),
        "lines": lines,
    }
    return render(request, "web/subscribers/report.html", context)


def _form(
    request: HttpRequest, subscriber: Subscriber, form: WatchlistForm, status: int = 200, rest: int = 0
) -> HttpResponse:
    context: dict[str, Any] = {"subscriber": subscriber, "form": form, "rest": rest}
    return render(request, "web/subscribers/watchlist.html", context, status=status)
