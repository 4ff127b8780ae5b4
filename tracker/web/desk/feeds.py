"""Feeds at the desk: all of them with their health, and a page of each with its notices, polls, entries and settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from events.choices import FeedState, ItemState
from events.feeds import health, notices, store
from events.feeds.health import Figures
from events.models.access import User
from events.models.sources import Feed, FeedItem, FetchRun, HubSubscription, Notice
from tracker.web.desk import feed_words
from tracker.web.desk.access import curator, curators_only
from tracker.web.desk.feed_chart import day_chart
from tracker.web.desk.feed_settings import SettingsForm, save_settings
from tracker.web.desk.tabs import tabs
from tracker.web.labels import Label
from tracker.web.public.reading import web_link

PAGE = 50
SHOWN = 20
SHOWN_ITEMS = 10
SHOWN_FAILED = 50
_FAILED = (ItemState.FAILED.value, ItemState.DEAD.value)
_FAULTS = frozenset(feed_words.OUTCOMES) - {"new_items", "unchanged", "pushed", "empty"}
_GONE = Q(state=FeedState.GONE.value)
_ACTIVE = ~_GONE & Q(is_active=True)
_FILTERS: dict[str, Q] = {
    "all": Q(),
    "noticed": Q(is_noticed=True),
    **{
        state.value: _ACTIVE & Q(state=state.value)
        for state in (FeedState.HEALTHY, FeedState.FAILING, FeedState.NEW)
    },
    "paused": ~_GONE & (Q(is_active=False) | Q(state=FeedState.PAUSED.value)),
    "gone": _GONE,
}


@dataclass(frozen=True)
class Row:
    """A feed of the list, with what is said of it."""

    feed: Feed
    state: str
    words: str
    figures: Figures
    notices: list[tuple[Notice, Label]]

    @property
    def label(self) -> Label:
        """The state in a word."""
        return feed_words.STATES[self.state]

    @property
    def is_told(self) -> bool:
        """Whether a notice says what the state means, so that it need not be said twice."""
        return any(notice.kind == self.state for notice, _ in self.notices)

    @property
    def mark(self) -> str:
        """The class of the state's mark."""
        return feed_words.MARKS[self.state]


@require_safe
@curators_only
def feeds(request: HttpRequest) -> HttpResponse:
    """The feeds, those with an open notice first; one state of them, if asked."""
    asked = request.GET.get("state", "all")
    state = asked if asked in _FILTERS else "all"
    rows = _noticed().filter(_FILTERS[state]).order_by("-is_noticed", "title", "id")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page", "1"))
    context = {
        "feed_state": state,
        "states": _states(),
        "page": page,
        "rows": _rows(list(page.object_list)),
        "may_add": curator(request).has_perm("events.add_feed"),
        **tabs("feeds"),
    }
    return render(request, "web/desk/feeds.html", context)


@require_safe
@curators_only
def feed(request: HttpRequest, pk: int) -> HttpResponse:
    """One feed: how it does, what it brought, its last requests, its settings."""
    return _page(request, get_object_or_404(Feed, pk=pk))


@require_POST
@curators_only
def step(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Does one thing to a feed. Settings that are refused show the page again, and keep what was typed."""
    row = get_object_or_404(Feed, pk=pk)
    steps: dict[str, Callable[[HttpRequest, Feed, User], HttpResponse | None]] = {
        "poll": _poll,
        "retry": _retry,
        "seen": _seen,
        "settings": _settings,
    }
    if verb not in steps:
        raise Http404
    return steps[verb](request, row, curator(request)) or redirect("desk:feed", pk)


def _poll(request: HttpRequest, row: Feed, user: User) -> None:
    _must_change(user)
    due = Feed.objects.filter(pk=row.pk, is_active=True).update(next_poll_at=timezone.now())
    if due:
        messages.success(request, gettext("It is polled at the next tick, within a minute."))
    else:
        messages.error(request, gettext("It is not polled: switch polling on first."))


def _retry(request: HttpRequest, row: Feed, user: User) -> None:
    asked = request.POST.get("item", "")
    items = FeedItem.objects.filter(feed=row)
    if asked:
        items = items.filter(pk=int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0)
    count = store.revive_items(items)
    if count:
        words = gettext("Fetched again: %(n)d entries, as soon as a worker is free.")
        messages.success(request, words % {"n": count})
    else:
        messages.info(request, gettext("Nothing was to be fetched again."))


def _seen(request: HttpRequest, row: Feed, user: User) -> None:
    asked = request.POST.get("notice", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    if row.notices.filter(pk=number).exists() and notices.see_to(number, user):
        messages.success(request, gettext("Closed. It comes back only when it happens anew."))
    else:
        messages.info(request, gettext("This notice is closed already."))


def _settings(request: HttpRequest, row: Feed, user: User) -> HttpResponse | None:
    _must_change(user)
    form = SettingsForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, 400)
    save_settings(row, form)
    messages.success(request, gettext("Saved."))
    return None


def _must_change(user: User) -> None:
    if not user.has_perm("events.change_feed"):
        raise PermissionDenied(gettext("This page is for staff who may work on feeds."))


def _noticed() -> QuerySet[Any]:
    is_noticed = Exists(Notice.objects.filter(feed=OuterRef("pk"), closed_at=None))
    return Feed.objects.annotate(is_noticed=is_noticed)


def _states() -> list[dict[str, Any]]:
    """The filters with how many feeds each has."""
    words = {"all": gettext("All"), "noticed": gettext("With a notice"), **feed_words.STATES}
    counts = _noticed().aggregate(
        **{f"n_{name}": Count("id", filter=rule) for name, rule in _FILTERS.items() if rule}
    )
    counts["n_all"] = sum(counts[f"n_{name}"] for name in feed_words.STATES)
    return [{"state": name, "label": words[name], "count": counts[f"n_{name}"]} for name in _FILTERS]


def _state(row: Feed) -> str:
    """What a curator calls the feed's state: one that is not polled is paused, whatever its last poll gave."""
    if row.state == FeedState.GONE.value or row.is_active:
        return row.state
    return FeedState.PAUSED.value


def _rows(found: list[Feed]) -> list[Row]:
    now = timezone.now()
    figures = health.figures([row.pk for row in found], now)
    told: dict[int, list[tuple[Notice, Label]]] = {}
    for notice in Notice.objects.filter(feed__in=found, closed_at=None).order_by("id"):
        told.setdefault(notice.feed_id, []).append((notice, feed_words.NOTICES[notice.kind]))
    return [
        Row(row, _state(row), health.health_in_words(row, now), figures[row.pk], told.get(row.pk, []))
        for row in found
    ]


def _page(
    request: HttpRequest, row: Feed, form: SettingsForm | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    [shown] = _rows([row])
    failed = FeedItem.objects.filter(feed=row, state__in=_FAILED)
    runs = FetchRun.objects.filter(feed=row).select_related("item").defer("item__content")
    items = (
        FeedItem.objects.filter(feed=row)
        .select_related("document")
        .defer("content", "document__raw", "document__text")
    )
    push = HubSubscription.objects.filter(feed=row).first()
    context = {
        "row": shown,
        "feed": row,
        "kind": feed_words.KINDS[row.kind],
        "closed": row.notices.exclude(closed_at=None).select_related("closed_by").order_by("-closed_at")[:5],
        "chart": day_chart(health.by_day(row.pk, now)),
        "failed": failed.defer("content").order_by("-id")[:SHOWN_FAILED],
        "failed_count": failed.count(),
        "runs": [
            {"run": run, "outcome": feed_words.OUTCOMES[run.outcome], "is_fault": run.outcome in _FAULTS}
            for run in runs.order_by("-started_at", "-id")[:SHOWN]
        ],
        "items": [
            {"item": item, "state": feed_words.ITEMS[item.state], "link": web_link(item.url)}
            for item in items.order_by("-id")[:SHOWN_ITEMS]
        ],
        "minutes": round(row.wait.total_seconds() / 60),
        "push": push,
        "push_state": feed_words.PUSHES[push.state] if push else "",
        "form": form or SettingsForm(initial=SettingsForm.values(row)),
        "may_change": curator(request).has_perm("events.change_feed"),
    }
    return render(request, "web/desk/feed.html", context, status=status)
