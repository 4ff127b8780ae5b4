"""Takes feeds into the list: one that was looked at, or many from a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from events.choices import FeedKind
from events.exceptions import FetchRefused
from events.feeds.opml import FeedList, Outline, write_opml
from events.models.sources import Feed
from events.net.guard import Guard

_BATCH = 500
_MAX_URL = 2000


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list: addresses that were added, those that were known, and (what, why) of the refused."""

    added: tuple[str, ...]
    known: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    repeated: int

    def __str__(self) -> str:
        parts = f"{len(self.added)} added, {len(self.known)} known already, {len(self.refused)} refused"
        return parts + (f", {self.repeated} listed twice" if self.repeated else "")


def add_feed(
    url: str, *, title: str = "", language: str = "", kind: FeedKind = FeedKind.UNKNOWN
) -> tuple[Feed, bool]:
    """The feed of that address, and whether it was added now; it is due at once.

    Raises FetchRefused for an address that may never be requested by its form.
    """
    Guard.allowing(settings.FETCH_ALLOWED_HOSTS).check_url(url)
    if len(url) > _MAX_URL:
        raise FetchRefused(f"The address is longer than {_MAX_URL} characters.")
    values = {"title": title[:300], "language": language[:10], "kind": kind.value}
    return Feed.objects.get_or_create(url=url, defaults=values)


def import_list(feeds: FeedList) -> Imported:
    """Adds the feeds of a list that are not there yet; those that are stay as they are. All or none are added."""
    guard = Guard.allowing(settings.FETCH_ALLOWED_HOSTS)
    wanted: list[Outline] = []
    refused = list(feeds.refused)
    for outline in feeds.outlines:
        try:
            guard.check_url(outline.url)
        except FetchRefused as error:
            refused.append((outline.url[:200], str(error)))
        else:
            wanted.append(outline)
    with transaction.atomic():
        known = _known([outline.url for outline in wanted])
        now = timezone.now()
        fresh = [outline for outline in wanted if outline.url not in known]
        Feed.objects.bulk_create(
            [
                Feed(url=outline.url, title=outline.title[:300], language=outline.language, next_poll_at=now)
                for outline in fresh
            ],
            batch_size=_BATCH,
            ignore_conflicts=True,
        )
    return Imported(
        added=tuple(outline.url for outline in fresh),
        known=tuple(outline.url for outline in wanted if outline.url in known),
        refused=tuple(refused),
        repeated=feeds.repeated,
    )


def export_list() -> tuple[str, int]:
    """All feeds as OPML, and their number."""
    rows = Feed.objects.order_by("title", "id").values_list("url", "title", "language")
    outlines = [Outline(url, title, language) for url, title, language in rows]
    return write_opml(outlines), len(outlines)


def _known(urls: list[str]) -> set[str]:
    found: set[str] = set()
    for at in range(0, len(urls), _BATCH):
        batch = urls[at : at + _BATCH]
        found.update(Feed.objects.filter(url__in=batch).values_list("url", flat=True))
    return found
