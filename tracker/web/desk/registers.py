"""People and organizations at the desk: found by any of their names, with what curators judged and merged of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from events import curation
from events.choices import ActKind, NameType
from events.curation import entries as keeping
from events.exceptions import TrackerError
from events.models.access import User
from events.models.acts import Act, Judgement
from events.models.record import Bearing
from events.names import keys
from events.record.identity import given_up_for
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.asking import number, reason_of
from tracker.web.desk.tabs import tabs

JSON = dict[str, Any]
PAGE = 50
MOST_OLD = 50
KINDS = {ActKind.PERSON: _("People"), ActKind.ORGANIZATION: _("Organizations")}
PAGES = {ActKind.PERSON: "web:person", ActKind.ORGANIZATION: "web:organization"}
ADMINS = {
    ActKind.PERSON: "admin:events_executive_change",
    ActKind.ORGANIZATION: "admin:events_organization_change",
}
NAME_TYPES = {
    NameType.PRIMARY: _("the name shown"),
    NameType.ALIAS: _("another spelling"),
    NameType.SHORT: _("short"),
    NameType.FORMER: _("former"),
    NameType.NATIVE: _("in its own script"),
    NameType.ROMANIZED: _("romanized"),
}
PERMISSIONS = {ActKind.PERSON: "events.change_executive", ActKind.ORGANIZATION: "events.change_organization"}


@require_safe
@curators_only
def register(request: HttpRequest, kind: str) -> HttpResponse:
    """The entries of a kind by name, or those that a name stands for."""
    sort = _kind(kind)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    page = Paginator(_found(sort, words), PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "kind": sort.value,
        "kinds": _kinds(),
        "words": words,
        "kept": urlencode({"q": words}) + "&" if words else "",
        "page": page,
        "rows": _rows(sort, list(page.object_list)),
        **tabs(sort.value),
    }
    return render(request, "web/desk/register.html", context)


@require_safe
@curators_only
def entry(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """One entry: its names and identifiers, what was merged into it, what it was judged to be or not."""
    return _page(request, _kind(kind), pk)


@require_POST
@curators_only
def step(request: HttpRequest, kind: str, pk: int, verb: str) -> HttpResponse:
    """Changes an entry. A refusal says why and keeps what was typed."""
    sort = _kind(kind)
    take = STEPS.get(verb)
    if take is None:
        raise Http404
    if verb not in JUDGING and not curator(request).has_perm(PERMISSIONS[sort]):
        raise PermissionDenied(gettext("Names and identifiers are kept by senior curators."))
    row = get_object_or_404(keeping.MODELS[sort]._default_manager.all(), pk=pk)
    try:
        done = take(request, sort, pk)
    except TrackerError as error:
        messages.error(request, str(error))
        return _page(request, sort, pk, request.POST, 400)
    messages.success(request, done)
    if verb not in JUDGING:
        _log(curator(request), row, done)
    return redirect("desk:register-entry", sort.value, pk)


def _add_name(request: HttpRequest, kind: ActKind, pk: int) -> str:
    given = request.POST.get("type", "")
    type_ = next((type_ for type_ in NameType if type_.value == given), NameType.ALIAS)
    name = request.POST.get("name", "")[:1000]
    keeping.add_name(kind, pk, name, type_, request.POST.get("language", ""))
    return gettext("Added: %(name)s") % {"name": name.strip()}


def _remove_name(request: HttpRequest, kind: ActKind, pk: int) -> str:
    name = keeping.remove_name(kind, pk, number(request.POST.get("id")) or 0)
    return gettext("Taken away: %(name)s") % {"name": name}


def _add_identifier(request: HttpRequest, kind: ActKind, pk: int) -> str:
    scheme, value = request.POST.get("scheme", "")[:200], request.POST.get("value", "")[:1000]
    keeping.add_identifier(kind, pk, scheme, value)
    return gettext("Added: %(name)s") % {"name": f"{scheme} {value}"}


def _remove_identifier(request: HttpRequest, kind: ActKind, pk: int) -> str:
    name = keeping.remove_identifier(kind, pk, number(request.POST.get("id")) or 0)
    return gettext("Taken away: %(name)s") % {"name": name}


def _judge(request: HttpRequest, kind: ActKind, pk: int) -> str:
    other = number(request.POST.get("other")) or 0
    curation.judge(kind, pk, other, False, curator(request), reason_of(request))
    return gettext("Remembered: they are two.")


def _forget(request: HttpRequest, kind: ActKind, pk: int) -> str:
    curation.forget(kind, pk, number(request.POST.get("other")) or 0, curator(request))
    return gettext("The judgement is taken back.")


STEPS: dict[str, Callable[[HttpRequest, ActKind, int], str]] = {
    "add-name": _add_name,
    "remove-name": _remove_name,
    "add-identifier": _add_identifier,
    "remove-identifier": _remove_identifier,
    "judge": _judge,
    "forget": _forget,
}
JUDGING = frozenset({"judge", "forget"})
"""What every curator may do here; the rest changes the register."""


def _kind(text: str) -> ActKind:
    found = next((kind for kind in KINDS if kind.value == text), None)
    if found is None:
        raise Http404
    return found


def _kinds() -> list[JSON]:
    return [{"value": kind.value, "label": label} for kind, label in KINDS.items()]


def _found(kind: ActKind, words: str) -> QuerySet[Any]:
    """Entries that were not given up, by name; with words, those with such a name in any script, or of that number."""
    rows = keeping.MODELS[kind]._default_manager.filter(merged_into=None)
    if not words:
        return rows.order_by("name", "id")
    model, owner = keeping.NAMES[kind]
    like = model._default_manager.filter(Q(name__icontains=words) | Q(keys__overlap=sorted(keys(words))))
    wanted = Q(pk__in=like.values(f"{owner}_id"))
    if (asked := number(words)) is not None:
        wanted |= Q(pk=asked)
    return rows.filter(wanted).order_by("name", "id")


def _rows(kind: ActKind, rows: list[Any]) -> list[JSON]:
    model, owner = keeping.NAMES[kind]
    names: dict[int, list[str]] = {row.pk: [] for row in rows}
    for name in model._default_manager.filter(**{f"{owner}__in": list(names)}).order_by("pk"):
        names[getattr(name, f"{owner}_id")].append(name.name)
    subjects = [f"{kind.value}:{pk}" for pk in names]
    counted = list(Bearing.objects.filter(subject__in=subjects).values_list("subject", flat=True))
    return [
        {
            "row": row,
            "others": [name for name in names[row.pk] if name != row.name],
            "events": counted.count(f"{kind.value}:{row.pk}"),
        }
        for row in rows
    ]


def _page(request: HttpRequest, kind: ActKind, pk: int, typed: Any = None, status: int = 200) -> HttpResponse:
    row: Any = get_object_or_404(keeping.MODELS[kind]._default_manager.select_related("merged_into"), pk=pk)
    names, owner = keeping.NAMES[kind]
    identifiers, _owner = keeping.IDENTIFIERS[kind]
    old = given_up_for(keeping.MODELS[kind], [pk], MOST_OLD)
    context = {
        "kind": kind.value,
        "kind_label": KINDS[kind],
        "row": row,
        "public": PAGES[kind],
        "admin": ADMINS[kind],
        "may_change": curator(request).has_perm(PERMISSIONS[kind]) and row.merged_into_id is None,
        "name_types": {type_.value: label for type_, label in NAME_TYPES.items()},
        "names": names._default_manager.filter(**{owner: row}).order_by("pk"),
        "identifiers": identifiers._default_manager.filter(**{owner: row}).order_by("scheme", "value"),
        "events": Bearing.objects.filter(subject=f"{kind.value}:{pk}").count(),
        "old": old,
        "acts": _acts(kind, [pk, *old]),
        "judged": _judged(kind, pk),
        "typed": {name: value[:2000] for name, value in typed.items()} if typed else {},
        **tabs(kind.value),
    }
    return render(request, "web/desk/entry.html", context, status=status)


def _acts(kind: ActKind, pks: list[int]) -> QuerySet[Act]:
    """Merges and splits that this entry had a part in, the latest first."""
    part = Q(source__in=pks) | Q(target__in=pks)
    return Act.objects.filter(part, kind=kind.value).select_related("user", "approver", "undone_by")[:20]


def _judged(kind: ActKind, pk: int) -> list[JSON]:
    rows = list(
        Judgement.objects.filter(Q(low=pk) | Q(high=pk), kind=kind.value).select_related("user")[:MOST_OLD]
    )
    others = {row.pk: row.high if row.low == pk else row.low for row in rows}
    names = dict(
        keeping.MODELS[kind]._default_manager.filter(pk__in=others.values()).values_list("pk", "name")
    )
    return [{"row": row, "other": others[row.pk], "name": names.get(others[row.pk], "")} for row in rows]


def _log(user: User, row: Any, words: str) -> None:
    """What was done, where the admin shows the entry's history too."""
    LogEntry.objects.log_actions(user.pk, [row], CHANGE, words, single_object=True)
