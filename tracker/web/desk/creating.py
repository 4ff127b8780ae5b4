"""A person or an organization that is not on record yet: who comes near first, then what would be made, then made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from events.choices import OrganizationType, PartyType
from events.curation.creating import create_entry
from events.curation.parties import parties
from events.exceptions import StaleCandidate, TrackerError
from events.models.candidates import Candidate
from events.names import is_chinese
from events.reconciliation.matching import TookTooLong, reconcile
from events.reconciliation.queries import Query
from tracker.web import labels
from tracker.web.desk import showing
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.asking import number

JSON = dict[str, Any]
NEAR = 8


class EntryForm(forms.Form):
    """The names of a new entry."""

    use_required_attribute = False
    name = forms.CharField(max_length=300, label=_("Name shown"))
    other = forms.CharField(
        max_length=300,
        required=False,
        label=_("Name in the other script"),
        help_text=_("Chinese beside Latin letters, or the other way round"),
    )
    type = forms.ChoiceField(
        choices=lambda: [(item.value, labels.ORGANIZATION_TYPES[item.value]) for item in OrganizationType],
        required=False,
        label=_("It is a"),
    )


@require_http_methods(["GET", "POST"])
@curators_only
def create(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: who comes near the name, and the names of a new entry. POST: looks again, or makes it.

    It is made only where everyone who comes near its names was shown before.
    """
    row = showing.fresh(pk)
    pointer = request.POST.get("pointer") or request.GET.get("pointer", "")
    party = parties(row.claim).get(pointer)
    if party is None or not showing.allowed(row, curator(request))["edit"]:
        raise Http404
    if request.method != "POST":
        return _page(request, row, pointer, EntryForm(initial=_names(party[1])))
    form = EntryForm(request.POST)
    if not form.is_valid() or "create" not in request.POST:
        return _page(request, row, pointer, form)
    near = _near(party, form)
    unseen = {found["id"] for found in near} - set(request.POST.get("seen", "").split(","))
    if unseen:
        messages.info(request, gettext("Someone comes near this name. Look whether that is who is meant."))
        return _page(request, row, pointer, form, near)
    return _made(request, row, pointer, form)


def _made(request: HttpRequest, row: Candidate, pointer: str, form: EntryForm) -> HttpResponse:
    data, version = form.cleaned_data, number(request.POST.get("version")) or 0
    try:
        create_entry(
            row.pk,
            curator(request),
            pointer,
            data["name"],
            other=data["other"],
            type=data["type"],
            version=version,
        )
    except TrackerError as error:
        messages.error(request, str(error))
        status = 409 if isinstance(error, StaleCandidate) else 400
        return _page(request, showing.fresh(row.pk), pointer, form, status=status)
    messages.success(request, gettext("Created and chosen."))
    return redirect("desk:candidate", row.pk)


def _names(name: str) -> JSON:
    """The first values: the claim's name, in the place of its script."""
    return {"name": name, "type": OrganizationType.COMPANY.value}


def _near(party: tuple[str, str], form: EntryForm) -> list[JSON]:
    """Who is on record under names like the claim's and the typed ones, the nearest first."""
    kind, told = party
    typed = [str(form[name].value() or "") for name in ("name", "other")]
    names = list(dict.fromkeys(name[:300] for name in (told, *typed) if name.strip()))
    try:
        batch = {str(place): Query(name, (kind,), limit=NEAR) for place, name in enumerate(names)}
        answers = reconcile(batch)
    except TookTooLong:
        return []
    found: dict[str, JSON] = {}
    for answer in answers.values():
        for one in answer["result"]:
            if one["id"] not in found or one["score"] > found[one["id"]]["score"]:
                found[one["id"]] = one
    rows = sorted(found.values(), key=lambda one: -one["score"])[:NEAR]
    return [
        {**one, "number": int(one["id"].partition(":")[2]), "fraction": one["score"] / 100} for one in rows
    ]


def _page(
    request: HttpRequest,
    row: Candidate,
    pointer: str,
    form: EntryForm,
    near: list[JSON] | None = None,
    status: int = 200,
) -> HttpResponse:
    kind, told = parties(row.claim)[pointer]
    found = _near((kind, told), form) if near is None else near
    if kind == PartyType.PERSON.value:
        del form.fields["type"]
    names = [str(form[name].value() or "").strip() for name in ("name", "other")]
    kept = [name for name in dict.fromkeys([*names, told]) if name]
    context = {
        "candidate": row,
        "pointer": pointer,
        "kind": kind,
        "told": told,
        "form": form,
        "near": found,
        "seen": ",".join(one["id"] for one in found),
        "kept": [{"name": name, "is_chinese": is_chinese(name)} for name in kept],
        "type_words": labels.ORGANIZATION_TYPES.get(str(form["type"].value()))
        if "type" in form.fields
        else "",
    }
    return render(request, "web/desk/create_party.html", context, status=status)
