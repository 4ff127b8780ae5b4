"""`manage.py poll`: polls feeds now, in this process, and takes what they bring all the way to candidates."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from events import intake
from events.choices import FetchOutcome
from events.feeds import polling
from events.management.base import RecordCommand
from events.models.sources import Feed, FeedItem, FetchRun

_IN_ORDER = (FetchOutcome.NEW_ITEMS.value, FetchOutcome.UNCHANGED.value, FetchOutcome.EMPTY.value)


class Command(RecordCommand):
    """Works the same rows as the workers do, claim by claim, so that both may run at once."""

    help = "Polls the feeds that are due, fetches the new articles and reads their claims, with progress."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--feed", metavar="URL", help="poll this feed only, due or not; its address or its number"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        one = self._feed(options["feed"]) if options["feed"] else None
        keys = [one.pk] if one else polling.due_feeds()
        started = timezone.now()
        failed = polled = 0
        while keys:
            for number, key in enumerate(keys, 1):
                run = polling.poll_feed(key, force=one is not None)
                self._say_run(f"[{number}/{len(keys)}]", key, run)
                polled += run is not None
                failed += run is not None and run.outcome not in _IN_ORDER
            # A feed whose claim ran out meanwhile would come again and again: only what was due at the start.
            keys = [] if one else polling.due_feeds(started)
        articles = self._articles(one)
        candidates = self._extraction(one)
        self.stdout.write(
            f"{polled} feeds polled, {failed} failed; {articles} articles fetched; {candidates} candidates"
        )
        if one is not None and failed:
            raise CommandError(f"The feed could not be polled: {Feed.objects.get(pk=one.pk).error}")

    def _feed(self, text: str) -> Feed:
        feed = Feed.objects.filter(url=text).first()
        if feed is None and text.isdecimal():
            feed = Feed.objects.filter(pk=int(text)).first()
        if feed is None:
            raise CommandError(
                f"No feed has the address {text!r}. Add it in the admin or with `manage.py feeds import`."
            )
        return feed

    def _say_run(self, place: str, key: int, run: FetchRun | None) -> None:
        if run is None:
            self.stdout.write(f"{place} feed {key}: another worker has it")
            return
        what = f"{run.outcome.replace('_', ' ')}, {run.items_seen} entries, {run.items_new} new"
        self.stdout.write(f"{place} {run.feed}: {run.error or what}")

    def _articles(self, one: Feed | None) -> int:
        fetched = 0
        seen: set[int] = set()
        while keys := [key for key in self._due_items(one) if key not in seen]:
            for number, key in enumerate(keys, 1):
                seen.add(key)
                fetched += polling.fetch_item(key) is not None
                item = FeedItem.objects.get(pk=key)
                note = f" ({item.error})" if item.error else ""
                self.stdout.write(f"  article {number}/{len(keys)} {item.state}: {item}{note}")
        return fetched

    def _due_items(self, one: Feed | None) -> list[int]:
        keys = polling.due_items()
        return (
            keys
            if one is None
            else list(FeedItem.objects.filter(pk__in=keys, feed=one).values_list("pk", flat=True))
        )

    def _extraction(self, one: Feed | None) -> int:
        found = 0
        seen: set[int] = set()
        while keys := [key for key in intake.due_documents() if key not in seen]:
            for key in keys:
                seen.add(key)
                candidates = intake.extract_document(key)
                found += len(candidates)
                self.stdout.write(f"  document {key}: {len(candidates)} candidates")
        return found
