"""What an address would bring as a feed, looked at before anything is kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from events.choices import FeedKind
from events.exceptions import NotAFeed, Unreachable
from events.feeds import following
from events.feeds.article import MIN_TEXT, read_fragment
from events.feeds.discovery import Found, feed_or_page, feeds_guessed, feeds_named
from events.feeds.fetch import Fetched
from events.feeds.language import guess_language
from events.feeds.parse import Item, ParsedFeed
from events.feeds.visits import request
from events.models.sources import Feed

KIND_NAMES = {
    FeedKind.RSS: "RSS",
    FeedKind.RDF: "RSS 1.0",
    FeedKind.ATOM: "Atom",
    FeedKind.JSON: "JSON Feed",
    FeedKind.SITEMAP: "News sitemap",
    FeedKind.EDGAR: "EDGAR",
}
"""What the formats call themselves."""
SHOWN = 20
"""Entries that a preview shows."""
LOOKED_AT = 200
"""Entries whose text is looked at for the warnings."""
LONGEST = 40.0
"""Seconds that a preview may take with all its requests."""
FULL_TEXT = 600
"""Characters from which an entry's text is an article rather than an excerpt."""
_OLD = timedelta(days=365)
_AHEAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PreviewEntry:
    """An entry as it would be kept. `characters` is the length of the feed's own text of it."""

    title: str
    url: str
    published: datetime | None
    characters: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What `url` brings.

    `url` is the address that would be kept: the one that permanent redirects lead to. `entries` are the first `SHOWN` of
    `total`. `stored` says in a sentence what would be kept, `warnings` what a curator should know before, `known` is the feed
    that is there already. When `choices` are given the address is a page that names these feeds, and the rest is empty.
    """

    url: str
    title: str = ""
    kind: FeedKind = FeedKind.UNKNOWN
    language: str = ""
    entries: tuple[PreviewEntry, ...] = ()
    total: int = 0
    stored: str = ""
    warnings: tuple[str, ...] = ()
    known: Feed | None = None
    choices: tuple[Found, ...] = ()

    @property
    def kind_name(self) -> str:
        """The format's own name; "" when it is not known."""
        return KIND_NAMES.get(self.kind, "")


def preview(address: str) -> Preview:
    """What the address, of a feed or of a page, would bring; keeps nothing.

    A page that names one feed gives that feed, one that names several gives them as choices; for a page that names
    none the usual places of its site are tried. Raises FetchRefused, FetchFailed or NotAFeed, each in plain words.
    """
    get = _bounded(partial(request, by_hand=True), LONGEST)
    url = typed_address(address)
    answer = get(url)
    parsed = feed_or_page(answer)
    if isinstance(parsed, ParsedFeed):
        return _of_feed(url, answer, parsed, get)
    found = feeds_named(answer.body, answer.content_type, answer.url_final)
    found = found or feeds_guessed(answer.url_final, get)
    if not found:
        raise NotAFeed(
            gettext("%(what)s It names no feed, and none was found at the usual places of its site.")
            % {"what": parsed}
        )
    if len(found) > 1:
        return Preview(url, choices=tuple(found))
    answer = get(found[0].url)
    parsed = feed_or_page(answer)
    if not isinstance(parsed, ParsedFeed):
        raise NotAFeed(
            gettext("The page names %(url)s as its feed, but: %(what)s")
            % {"url": found[0].url, "what": parsed}
        )
    return _of_feed(found[0].url, answer, parsed, get)


def typed_address(text: str) -> str:
    """The address that a person means who typed `text`: https where no scheme is given."""
    text = text.strip()
    for prefix in ("feed://", "feed:"):
        if text.lower().startswith(prefix):
            text = text[len(prefix) :]
    return text if "://" in text or not text else f"https://{text}"


def known_feed(*addresses: str) -> Feed | None:
    """The feed that is kept under one of the addresses, or under the same with http for https or back."""
    spellings = set(addresses)
    for address in addresses:
        scheme, _, rest = address.partition("://")
        spellings |= {f"http://{rest}", f"https://{rest}"} if scheme in ("http", "https") else set()
    return Feed.objects.filter(url__in=spellings).first()


def _bounded(get: Callable[[str], Fetched], seconds: float) -> Callable[[str], Fetched]:
    end = time.monotonic() + seconds

    def within(url: str) -> Fetched:
        if time.monotonic() > end:
            raise Unreachable(gettext("The site takes too long to answer."))
        return get(url)

    return within


def _of_feed(url: str, answer: Fetched, parsed: ParsedFeed, get: Callable[[str], Fetched]) -> Preview:
    parsed = following.with_sitemaps(parsed, get)
    kept = answer.permanent_redirect_to or url
    known = known_feed(url, kept, answer.url_final)
    sample = parsed.items[:LOOKED_AT]
    lengths = [len(read_fragment(item.content_html)) for item in sample]
    entries = [
        PreviewEntry(item.title, item.url, item.published, length)
        for item, length in zip(sample[:SHOWN], lengths, strict=False)
    ]
    return Preview(
        url=kept,
        title=parsed.title,
        kind=parsed.kind,
        language=parsed.language
        or guess_language(" ".join(f"{item.title} {item.summary}" for item in sample)),
        entries=tuple(entries),
        total=len(parsed.items),
        stored=_stored(parsed.items, known),
        warnings=(*_of_the_feed(parsed, known), *_of_the_entries(sample, lengths)),
        known=known,
    )


def _stored(items: Sequence[Item], known: Feed | None) -> str:
    if known is not None:
        return gettext("Nothing: the feed is kept already.")
    pages = sum(bool(item.url) for item in items)
    entries = ngettext("%(n)d entry", "%(n)d entries", len(items)) % {"n": len(items)}
    articles = ngettext(
        "%(n)d page would be fetched as an article", "%(n)d pages would be fetched as articles", pages
    ) % {"n": pages}
    return gettext("The feed and %(entries)s; %(articles)s.") % {"entries": entries, "articles": articles}


def _of_the_feed(parsed: ParsedFeed, known: Feed | None) -> list[str]:
    found = []
    if known is not None:
        found.append(gettext("This feed is kept already: %(feed)s.") % {"feed": known})
    if not parsed.items:
        found.append(gettext("The feed is valid but lists nothing now."))
    if parsed.damaged:
        found.append(gettext("The feed is not well-formed; the entries that could be read are taken."))
    if parsed.dropped:
        found.append(
            gettext("%(n)d entries beyond the first %(most)d are left out.")
            % {"n": parsed.dropped, "most": len(parsed.items)}
        )
    return found


def _of_the_entries(sample: Sequence[Item], lengths: Sequence[int]) -> list[str]:
    now = timezone.now()
    dates = [item.published for item in sample]
    counted = (
        (
            sum(when is None for when in dates),
            gettext("No date in %(n)d of %(all)d entries: their pages' own is taken, where there is one."),
        ),
        (
            sum(item.guid.startswith("made:") for item in sample),
            gettext(
                "No identifier in %(n)d of %(all)d entries: one whose title or address changes counts as new."
            ),
        ),
        (
            sum(bool(item.url) and length < FULL_TEXT for item, length in zip(sample, lengths, strict=True)),
            gettext("Only an excerpt in %(n)d of %(all)d entries: the text is taken from their pages."),
        ),
        (
            sum(not item.url and length < MIN_TEXT for item, length in zip(sample, lengths, strict=True)),
            gettext("Neither address nor text in %(n)d of %(all)d entries: only their titles are kept."),
        ),
        (
            sum(when is not None and when < now - _OLD for when in dates),
            gettext("Older than a year: %(n)d of %(all)d entries."),
        ),
        (
            sum(when is not None and when > now + _AHEAD for when in dates),
            gettext("Dated in the future: %(n)d of %(all)d entries; those dates are not believed."),
        ),
    )
    return [words % {"n": count, "all": len(sample)} for count, words in counted if count]
