"""`manage.py poll`: polls feeds now, in this process, and takes what they bring all the way to candidates."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from dataclasses import dataclass
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from events import intake
from events.choices import FetchOutcome, ItemState
from events.feeds import polling
from events.management.base import RecordCommand
from events.models.sources import Feed, FeedItem, FetchRun

_IN_ORDER = (FetchOutcome.NEW_ITEMS.value, FetchOutcome.UNCHANGED.value, FetchOutcome.EMPTY.value)


@dataclass(slots=True)
class Tally:
    """What a run of the command has done so far. `waiting` are articles whose host is asked again later."""

    polled: int = 0
    failed: int = 0
    busy: int = 0
    entries: int = 0
    articles: int = 0
    waiting: int = 0
    candidates: int = 0

    def words(self, seconds: float) -> str:
        """The last line."""
        left = f", {self.busy} busy" if self.busy else ""
        later = f" ({self.waiting} more wait for their host)" if self.waiting else ""
        return (
            f"{self.polled} feeds polled, {self.failed} failed{left}; {self.entries} new entries; "
            f"{self.articles} articles fetched{later}; {self.candidates} candidates; {seconds:.0f} s"
        )


class Command(RecordCommand):
    """Works the same rows as the workers do, claim by claim, so that both may run at once."""

    help = "Polls the feeds that are due, fetches the new articles and reads their claims, with progress."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--feed", metavar="URL", help="poll this feed only, due or not; its address or its number"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        one = self._feed(options["feed"]) if options["feed"] else None
        started, tally = time.monotonic(), Tally()
        self._polls(one, tally)
        self._articles(one, tally)
        self._extraction(tally)
        self.stdout.write(tally.words(time.monotonic() - started))
        if one is not None and tally.failed:
            raise CommandError(f"The feed could not be polled: {Feed.objects.get(pk=one.pk).error}")

    def _feed(self, text: str) -> Feed:
        feed = Feed.objects.filter(url=text).first()
        if feed is None and text.isdecimal():
            feed = Feed.objects.filter(pk=int(text)).first()
        if feed is None:
            raise CommandError(
                f"No feed has the address {text!r}. Add it with `manage.py feeds add`, at the desk or in the admin."
            )
        return feed

    def _polls(self, one: Feed | None, tally: Tally) -> None:
        now = timezone.now()
        total = 1 if one else len(polling.due_feeds(now, limit=10**6))
        seen: set[int] = set()
        # A feed that is put off, or whose claim ran out meanwhile, would come again: each once.
        while keys := [key for key in ([one.pk] if one else polling.due_feeds(now)) if key not in seen]:
            for key in keys:
                seen.add(key)
                run = polling.poll_feed(key, force=one is not None)
                self._say_run(f"[{len(seen)}/{max(total, len(seen))}]", key, run)
                tally.polled += run is not None
                tally.busy += run is None
                tally.failed += run is not None and run.outcome not in _IN_ORDER
                tally.entries += run.items_new if run is not None else 0

    def _say_run(self, place: str, key: int, run: FetchRun | None) -> None:
        if run is None:
            self.stdout.write(f"{place} feed {key}: another worker has it, or its host is busy")
            return
        what = f"{run.outcome.replace('_', ' ')}, {run.items_seen} entries, {run.items_new} new"
        self.stdout.write(f"{place} {run.feed}: {run.error or what}")

    def _articles(self, one: Feed | None, tally: Tally) -> None:
        seen: set[int] = set()
        now = timezone.now()
        total = len(self._due_items(one, 10**6))
        while keys := [key for key in self._due_items(one) if key not in seen]:
            for key in keys:
                seen.add(key)
                tally.articles += polling.fetch_item(key) is not None
                item = FeedItem.objects.get(pk=key)
                tally.waiting += item.state == ItemState.NEW.value and item.next_attempt_at > now
                note = f" ({item.error})" if item.error else ""
                place = f"{len(seen)}/{max(total, len(seen))}"
                self.stdout.write(f"  article {place} {item.state}: {item}{note}")

    def _due_items(self, one: Feed | None, limit: int = 500) -> list[int]:
        if one is None:
            return polling.due_items(limit=limit)
        mine = FeedItem.objects.filter(
            feed=one,
            state__in=(ItemState.NEW.value, ItemState.FAILED.value),
            next_attempt_at__lte=timezone.now(),
        )
        return list(mine.order_by("next_attempt_at", "pk").values_list("pk", flat=True)[:limit])

    def _extraction(self, tally: Tally) -> None:
        seen: set[int] = set()
        while keys := [key for key in intake.due_documents() if key not in seen]:
            for key in keys:
                seen.add(key)
                candidates = intake.extract_document(key)
                tally.candidates += len(candidates)
                self.stdout.write(f"  document {key}: {len(candidates)} candidates")
