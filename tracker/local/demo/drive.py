"""Takes the demo's news through the running service, stage by stage, and waits for each with progress shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from events.choices import DeliveryState, DocumentState, FeedState, ItemState, WorkState
from events.intake.demo import DemoLoaded
from events.models.alerts import Delivery, Mail, Matching
from events.models.candidates import Candidate
from events.models.sources import Document, Feed, FeedItem, FetchRun
from events.tasks import poll_due_feeds
from tracker.local.demo.curators import Work, work_through
from tracker.local.errors import LocalStackError

PATIENCE = 180.0
"""Seconds without any progress after which a stage is given up, with a word on what it waits for."""


@dataclass
class Drive:
    """One run. `say` prints a line of progress; `check` raises when a service has failed for good."""

    feed_url: str
    loaded: DemoLoaded
    say: Callable[[str], None]
    check: Callable[[], None]

    def run(self) -> Work:
        """News in, candidates out, curated, subscribers told. Raises LocalStackError when a stage stands still."""
        since = timezone.now()
        feed = self._feed()
        poll_due_feeds.delay()
        self._wait("reading the feed", lambda: self._polled(feed, since))
        self._wait("reading the articles", lambda: self._read(feed))
        self._report_troubles(feed)
        first, second = self.loaded.curators[:2]
        work = work_through(first, second, self.say)
        self.say(
            f"curated: {work.published} published, {work.joined} joined known events, {work.left} left for you"
        )
        self._wait("telling the subscribers", self._told)
        return work

    def _feed(self) -> Feed:
        """The demo's feed, due now. Its address follows the server, should the port have been taken."""
        feed = Feed.objects.filter(title="Demo newsstand").first() or Feed(title="Demo newsstand")
        feed.url, feed.is_active, feed.state = self.feed_url, True, feed.state or FeedState.NEW.value
        feed.interval = timedelta(minutes=5)
        feed.next_poll_at = timezone.now()
        feed.save()
        return feed

    def _polled(self, feed: Feed, since: object) -> tuple[bool, str]:
        runs = FetchRun.objects.filter(feed=feed, item=None, started_at__gte=since)
        run = runs.order_by("-id").first()
        return (
            run is not None,
            f"{run.items_seen} entries, {run.items_new} new" if run else "waiting for a worker",
        )

    def _read(self, feed: Feed) -> tuple[bool, str]:
        items = FeedItem.objects.filter(feed=feed)
        waiting = items.filter(state=ItemState.NEW.value).count()
        unread = Document.objects.filter(state=DocumentState.FETCHED.value).count()
        total = items.count()
        claims = Candidate.objects.count()
        return (
            waiting + unread == 0,
            f"{max(total - waiting - unread, 0)} of {total} articles, {claims} claims proposed",
        )

    def _report_troubles(self, feed: Feed) -> None:
        for item in FeedItem.objects.filter(
            feed=feed, state__in=[ItemState.FAILED.value, ItemState.DEAD.value]
        ):
            self.say(f"not read: {item} ({item.error})")

    def _told(self) -> tuple[bool, str]:
        matching = Matching.objects.exclude(state=WorkState.DONE.value).count()
        now = timezone.now()
        to_gather = Delivery.objects.filter(
            state=DeliveryState.PENDING.value, mail__isnull=True, due_at__lte=now
        ).count()
        to_send = Mail.objects.filter(
            state__in=[DeliveryState.PENDING.value, DeliveryState.SENDING.value], next_attempt_at__lte=now
        ).count()
        due = to_gather + to_send
        sent = Mail.objects.filter(state=DeliveryState.SENT.value).count()
        return matching + due == 0, f"{sent} messages sent, {due} to send, {matching} revisions to match"

    def _wait(self, what: str, look: Callable[[], tuple[bool, str]]) -> None:
        shown, moved = "", time.monotonic()
        while True:
            self.check()
            ready, state = look()
            if state != shown:
                self.say(f"{what}: {state}")
                shown, moved = state, time.monotonic()
            if ready:
                return
            if time.monotonic() - moved > PATIENCE:
                raise LocalStackError(
                    f"{what} stands still at: {state}. The logs under .local/log/ say more."
                )
            time.sleep(0.2)
