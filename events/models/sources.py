"""Where news comes from: feeds, their polls and entries, documents as fetched, and stories."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from events.choices import (
    DocumentState,
    FeedKind,
    FeedState,
    FetchOutcome,
    ItemState,
    NoticeKind,
    PushState,
)
from events.models.base import Created, one_of


class Published(models.Model):
    """What has an instant of publication, and the offset of the source's own clock.

    An article of half past midnight in Shanghai is of that day, though in UTC it is still the day before; "yesterday"
    in its text counts from there.
    """

    published_at = models.DateTimeField(null=True, blank=True)
    published_offset = models.SmallIntegerField(
        default=0, editable=False, help_text=_("Minutes east of UTC, of the source's own clock")
    )

    class Meta:
        abstract = True

    @property
    def published_there(self) -> datetime | None:
        """The instant of publication on the source's own clock."""
        zone = timezone(timedelta(minutes=self.published_offset))
        return self.published_at.astimezone(zone) if self.published_at else None

    @property
    def published_on(self) -> date | None:
        """The day of publication on the source's own calendar."""
        there = self.published_there
        return there.date() if there else None


LONGEST_BESIDE_PUSH = timedelta(hours=6)
"""Polls of a feed that a hub pushes are the safety net: this far apart at most, unless its own rhythm is slower."""


class Feed(Created):
    """A news feed that is polled. Which feeds are due is a query on this table; nothing is held in a queue."""

    is_pushed = False
    """Whether a hub pushes its news now; set on rows that are claimed for a poll."""

    url = models.URLField(max_length=2000, unique=True)
    title = models.CharField(max_length=300, blank=True, default="")
    language = models.CharField(
        max_length=10, blank=True, default="", help_text=_("Empty: found out by article")
    )
    kind = models.CharField(
        max_length=7, choices=FeedKind.pairs(), default=FeedKind.UNKNOWN.value, editable=False
    )
    is_active = models.BooleanField(default=True)
    interval = models.DurationField(
        null=True, blank=True, help_text=_("Between two polls; empty: by the feed's own rhythm")
    )
    rhythm = models.DurationField(
        default=timedelta(minutes=30),
        editable=False,
        help_text=_("Between two polls, as the feed itself suggests"),
    )
    state = models.CharField(
        max_length=10, choices=FeedState.pairs(), default=FeedState.NEW.value, editable=False
    )
    error = models.TextField(
        blank=True, default="", editable=False, help_text=_("The last poll's, in plain words")
    )
    etag = models.CharField(max_length=500, blank=True, default="", editable=False)
    last_modified = models.CharField(max_length=100, blank=True, default="", editable=False)
    next_poll_at = models.DateTimeField(db_default=Now(), db_index=True)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    last_polled_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_success_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_item_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text=_("When a poll last brought a new entry")
    )
    failures = models.PositiveIntegerField(default=0, editable=False, help_text=_("Failed polls in a row"))

    class Meta:
        ordering: ClassVar[list[str]] = ["title", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            one_of("state", FeedState.pairs()),
            one_of("kind", FeedKind.pairs()),
        ]

    def __str__(self) -> str:
        return self.title or self.url

    @property
    def wait(self) -> timedelta:
        """Between two polls: what a curator set, else the feed's own rhythm; longer while a hub pushes its news."""
        if self.interval is None and self.is_pushed:
            return max(self.rhythm, min(self.rhythm * 4, LONGEST_BESIDE_PUSH))
        return self.interval or self.rhythm


class FetchRun(models.Model):
    """One request for a feed (`item` is null) or for the article of one of its entries: what came, in plain words."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="runs")
    item = models.ForeignKey(
        "events.FeedItem", null=True, blank=True, on_delete=models.CASCADE, related_name="runs"
    )
    started_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True, blank=True)
    elapsed = models.PositiveIntegerField(default=0, help_text="Milliseconds that the request took")
    outcome = models.CharField(max_length=12, choices=FetchOutcome.pairs())
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text=_("Bytes of the body, inflated"))
    items_seen = models.PositiveIntegerField(default=0)
    items_new = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["feed", "-started_at"], name="fetchrun_feed"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [one_of("outcome", FetchOutcome.pairs())]

    def __str__(self) -> str:
        return f"{self.feed} at {self.started_at:%Y-%m-%d %H:%M}: {self.outcome}"


class HubSubscription(Created):
    """Our subscription to a feed at its WebSub hub (W3C Recommendation of 2018): pushed news, beside the polls."""

    feed = models.OneToOneField(Feed, on_delete=models.CASCADE, related_name="push")
    hub = models.URLField(max_length=2000)
    topic = models.URLField(max_length=2000, help_text="The feed's own address, as it names itself")
    token = models.CharField(
        max_length=43, unique=True, editable=False, help_text="The callback's secret path"
    )
    secret = models.CharField(max_length=64, editable=False, help_text="Signs the hub's messages")
    state = models.CharField(max_length=7, choices=PushState.pairs(), default=PushState.PENDING.value)
    error = models.TextField(blank=True, default="")
    lease_until = models.DateTimeField(null=True, blank=True)
    last_push_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0, help_text="Failed requests in a row")
    next_attempt_at = models.DateTimeField(db_default=Now(), db_index=True)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [one_of("state", PushState.pairs())]

    def __str__(self) -> str:
        return f"{self.feed} at {self.hub}"


class Notice(Created):
    """Something about a feed that staff should look at; open until it is over or somebody has seen to it."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=11, choices=NoticeKind.pairs())
    text = models.TextField(help_text="In plain words")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Empty when it ended by itself",
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["feed", "kind"], condition=models.Q(closed_at=None), name="notice_open_once"
            ),
            one_of("kind", NoticeKind.pairs()),
        ]

    def __str__(self) -> str:
        return f"{self.feed}: {self.text}"


class Story(Created):
    """Documents that tell the same news, across feeds and languages."""

    title = models.CharField(max_length=500)
    first_document = models.ForeignKey(
        "events.Document", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        verbose_name_plural = "stories"

    def __str__(self) -> str:
        return self.title


class Document(Created, Published):
    """One article as fetched. A row is a snapshot: when the page changes, a new version gets a row of its own.

    `text` is what evidence spans count in, in Unicode code points, and never changes.
    """

    url = models.CharField(max_length=2000, help_text="Canonical address; file:NAME for a file by hand")
    version = models.PositiveIntegerField(default=1)
    is_latest = models.BooleanField(default=True)
    feed = models.ForeignKey(Feed, null=True, blank=True, on_delete=models.SET_NULL, related_name="documents")
    story = models.ForeignKey(
        Story, null=True, blank=True, on_delete=models.SET_NULL, related_name="documents"
    )
    title = models.CharField(max_length=500, blank=True, default="")
    authors = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    language = models.CharField(max_length=10, blank=True, default="")
    fetched_at = models.DateTimeField(db_default=Now())
    content_type = models.CharField(max_length=200, blank=True, default="")
    raw = models.BinaryField(help_text="Bytes as received, zlib-compressed", editable=False)
    raw_sha256 = models.CharField(max_length=64, editable=False)
    text = models.TextField(blank=True, default="", editable=False)
    text_sha256 = models.CharField(max_length=64, db_index=True, editable=False)
    context = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="What the feed says of the article besides its text: form, items, company (8-K filings)",
    )
    bands = ArrayField(
        models.BigIntegerField(), default=list, editable=False, help_text="Keys of the text's MinHash bands"
    )
    signature = models.BinaryField(default=b"", editable=False, help_text="The text's MinHash signature")
    anchors = ArrayField(
        models.CharField(max_length=100),
        default=list,
        editable=False,
        help_text="Names, figures and days that any language writes alike, for finding translations",
    )
    state = models.CharField(
        max_length=11, choices=DocumentState.pairs(), default=DocumentState.FETCHED.value
    )
    error = models.TextField(blank=True, default="", help_text="Why it gave no candidates, in plain words")
    extractor_version = models.CharField(max_length=30, blank=True, default="", editable=False)
    extracted_at = models.DateTimeField(null=True, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    revisit_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When to look whether the page has changed"
    )
    visits = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="Looks since it was fetched"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["url", "version"], name="document_version_once"),
            models.UniqueConstraint(
                fields=["url"], condition=models.Q(is_latest=True), name="document_one_latest_version"
            ),
            one_of("state", DocumentState.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["id"],
                condition=models.Q(state=DocumentState.FETCHED.value),
                name="document_to_extract",
            ),
            models.Index(
                fields=["revisit_at"],
                condition=models.Q(revisit_at__isnull=False),
                name="document_to_revisit",
            ),
            # Each document is looked for as it comes: a list of pending entries would be read for each of its keys.
            GinIndex(fields=["bands"], name="document_bands", opclasses=["array_ops"], fastupdate=False),
            GinIndex(fields=["anchors"], name="document_anchors", opclasses=["array_ops"], fastupdate=False),
        ]

    def __str__(self) -> str:
        return self.title or self.url


class FeedItem(Created, Published):
    """One entry of a feed, from the moment it was seen; it stays here whatever becomes of its article."""

    known_id: int | None = None
    """The document that another feed's entry of the same page gave; set on rows that are claimed for fetching."""

    feed = models.ForeignKey(Feed, on_delete=models.CASCADE, related_name="items")
    guid = models.CharField(max_length=64, help_text="SHA-256 of the entry's identifier, in hexadecimal")
    url = models.CharField(max_length=2000, blank=True, default="")
    title = models.CharField(max_length=500, blank=True, default="")
    content = models.TextField(blank=True, default="", help_text="The feed's own text or HTML of the entry")
    authors = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    context = models.JSONField(
        default=dict, blank=True, editable=False, help_text="Form, items and company of a filing"
    )
    state = models.CharField(max_length=10, choices=ItemState.pairs(), default=ItemState.NEW.value)
    error = models.TextField(blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    document = models.ForeignKey(
        Document, null=True, blank=True, on_delete=models.SET_NULL, related_name="items"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["feed", "guid"], name="feeditem_once"),
            one_of("state", ItemState.pairs()),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["next_attempt_at"],
                condition=models.Q(state__in=[ItemState.NEW.value, ItemState.FAILED.value]),
                name="feeditem_to_fetch",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.url or self.guid


class Reprocessing(Created):
    """One run of a stage over documents that are there already, with how far it has come."""

    stage = models.CharField(max_length=20)
    since = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    last_id = models.BigIntegerField(default=0, help_text="Documents up to this number are done")
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.stage}: {self.done} of {self.total}"
