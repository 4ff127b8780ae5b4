"""The page on which a reader reports an error or replies, and the one that a receipt leads to."""

from __future__ import annotations

import re
from typing import Any, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from rest_framework.request import Request

from api.throttling import AnonymousRate
from events.choices import Operation, ProposalKind, ProposalState
from events.models.record import Event, Revision
from events.proposals import limits
from events.proposals.errors import InvalidProposal, TooManyOpen, TooManySent
from events.proposals.submitting import MAX_NAME, MAX_TEXT, MAX_URL, MIN_TEXT, find, submit
from events.timelines.entries import revision_of
from tracker.web import presentation

_RECEIPT = re.compile(r"[A-Za-z0-9_-]{43}")
_MAX_LABEL = 90
KINDS = {
    ProposalKind.CORRECTION.value: _("Something is wrong"),
    ProposalKind.REPLY.value: _("I speak for someone whom this concerns"),
}
STATES = {
    ProposalState.OPEN.value: pgettext_lazy("proposal", "Waiting for a curator"),
    ProposalState.ACCEPTED.value: pgettext_lazy("proposal", "Taken up"),
    ProposalState.DECLINED.value: pgettext_lazy("proposal", "Not taken up"),
}


class ProposalForm(forms.Form):
    """What a reader has to say on an event. `fields` are the event's, to point at one of them."""

    kind = forms.ChoiceField(
        choices=list(KINDS.items()), initial=ProposalKind.CORRECTION.value, label=_("What is it?"),
        widget=forms.RadioSelect,
    )  # fmt: skip
    field = forms.ChoiceField(required=False, label=_("Which part?"))
    text = forms.CharField(
        min_length=MIN_TEXT, max_length=MAX_TEXT, label=_("What is wrong, or what do you have to say?"),
        widget=forms.Textarea(attrs={"rows": 7}),
    )  # fmt: skip
    source_url = forms.URLField(
        max_length=MAX_URL, required=False, label=_("Where can it be checked?"), assume_scheme="https",
        help_text=_("The address of a page, if there is one."),
    )  # fmt: skip
    name = forms.CharField(max_length=MAX_NAME, required=False, label=_("Your name"))
    contact = forms.EmailField(
        max_length=254, required=False, label=_("Your e-mail address"),
        help_text=_("Only the curators see your name and address. No mail is sent: the receipt shows the answer."),
    )  # fmt: skip
    revision = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)

    def __init__(self, payload: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["field"]).choices = _parts(payload)
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["contact"].widget.attrs["autocomplete"] = "email"


def _parts(payload: dict[str, Any]) -> list[tuple[str, str]]:
    """The event's fields by their pointers, each with its first value."""
    facts = [fact for fact in presentation.facts({**payload, "evidence": []}) if fact.pointer]
    labels = [(fact.pointer, f"{fact.label}: {fact.values[0]}") for fact in facts]
    short = [(name, f"{text[:_MAX_LABEL]}…" if len(text) > _MAX_LABEL else text) for name, text in labels]
    return [("", gettext("The entry as a whole")), *short]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """The form. What is sent ends on the page of its receipt."""
    row = get_object_or_404(Event, pk=pk)
    if row.merged_into_id:
        return redirect("web:proposal", row.merged_into_id)
    head = revision_of(pk)
    if head is None:
        raise Http404
    if request.method != "POST":
        return _form(request, head, ProposalForm(head.payload, initial={"revision": head.seq}))
    form = ProposalForm(head.payload, request.POST)
    if not form.is_valid():
        return _form(request, head, form, 400)
    try:
        limits.count(AnonymousRate().get_ident(cast("Request", request)))
        receipt = submit(pk, **form.cleaned_data)[1]
    except InvalidProposal as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _form(request, head, form, 400)
    except TooManySent:
        form.add_error(
            None, gettext("Too many came from your address. Please try again in an hour or a day.")
        )
        return _form(request, head, form, 429)
    except TooManyOpen:
        form.add_error(None, gettext("Very many wait on this entry already. Please try again in some days."))
        return _form(request, head, form, 429)
    return redirect("web:receipt", receipt)


@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """What has become of a proposal, for whoever holds its receipt."""
    row = find(token) if _RECEIPT.fullmatch(token) else None
    head = revision_of(row.event_id) if row else None
    if row is None or head is None:
        raise Http404
    context = {
        "proposal": row,
        "kind": KINDS[row.kind],
        "state": STATES[row.state],
        "payload": head.payload,
        "receipt": token,
        "part": presentation.pointer_words(row.field) if row.field else "",
    }
    return render(request, "web/public/receipt.html", context)


def _form(request: HttpRequest, head: Revision, form: ProposalForm, status: int = 200) -> HttpResponse:
    retracted = head.operation == Operation.DEL.value
    context = {"form": form, "payload": head.payload, "retracted": retracted}
    return render(request, "web/public/proposal.html", context, status=status)


urlpatterns = [
    path("events/<int:pk>/proposal/", proposal, name="proposal"),
    path("proposals/<str:token>/", receipt, name="receipt"),
]
