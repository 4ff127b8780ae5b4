"""News that nobody wrote: feeds that grow by editions, their articles, and what must come of each of them.

All of it follows from a seed. People and companies are invented; each article says one thing of one person that no
other article names, so that what was read, published and told can be counted.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field, replace
from html import escape
from random import Random

POISON = "quicksilver teapot"
"""Words of a page that end the worker which reads them (see `tests.faults.host`)."""
REVISED = "A porter told the same story on the day after, at greater length, to whoever would listen to him."
"""What a page says besides once it has been changed."""
_FIRST = ("Oskar", "Ilse", "Maren", "Tobin", "Perrin", "Odile", "Casimir", "Runa", "Ansel", "Brisa", "Ewan", "Lioba", "Matthis", "Nerys", "Orla", "Piet", "Rafe", "Sunniva", "Tamsin", "Ulrik", "Wenna", "Yorick", "Zelda", "Alban", "Corin")  # fmt: skip
_LAST = ("Lindqvane", "Harrowgate", "Vestrup", "Ostrandel", "Quillmore", "Brandvold", "Tessaro", "Umberwick", "Fennimar", "Galdström", "Hexworth", "Ivendale", "Jarnefold", "Kestrovan", "Lammerby", "Morvane", "Nettlewick", "Oppenvall", "Pellinor", "Rasterby")  # fmt: skip
_FIRMS = ("Harrow Vale Systems", "Quarrystone Foods", "Bellwether Freight", "Larkfield Optics", "Tidewater Looms", "Greywick Energy", "Copperline Rail", "Fernhollow Paper", "Saltmarsh Ferries", "Ninebridge Tools")  # fmt: skip
_POSTS = (
    "chief financial officer",
    "chief operating officer",
    "head of logistics",
    "chief technology officer",
)


@dataclass(frozen=True)
class Article:
    """One article: `path` is its page's on the site; `subject` whom its claim is about."""

    path: str
    title: str
    subject: str
    action: str
    paragraphs: tuple[str, ...]
    poison: bool = False

    @property
    def page(self) -> bytes:
        """Its page, in HTML."""
        body = "\n".join(f"<p>{escape(text)}</p>" for text in self.paragraphs)
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(self.title)}</title></head>'
            f"<body><main><article><h1>{escape(self.title)}</h1>\n{body}</article></main></body></html>"
        ).encode()

    def changed(self) -> Article:
        """The same page after its paper has changed a sentence that no claim rests on."""
        *kept, last = self.paragraphs
        return replace(self, paragraphs=(*kept, f"{last} {REVISED}"))


@dataclass(frozen=True)
class Entry:
    """One entry of a feed: its identifier, and the article and page that it points at."""

    guid: str
    article: Article
    path: str


def write_articles(number: int, random: Random) -> list[Article]:
    """So many articles, each about another person."""
    names = [f"{first} {last}" for first in _FIRST for last in _LAST]
    return [_article(i, name, random) for i, name in enumerate(random.sample(names, number))]


def _article(number: int, name: str, random: Random) -> Article:
    firm, post, day = random.choice(_FIRMS), random.choice(_POSTS), random.randint(3, 20)
    if random.random() < 0.35:
        title = f"{firm} dismisses {name}"
        news, action = f"{firm} has dismissed {name}, its {post}", "departure"
    else:
        title = f"{firm} names {name}"
        news, action = f"{firm} has appointed {name} as {post}", "appointment"
    paragraphs = (
        f"{news}, the company said on {day} November 2025.",
        f"“We thank everyone who has worked on note {number} with us,” said a spokesperson, who answered no questions"
        " and pointed to the printed statement on the table by the door.",
        f"Visitors to the building in street {number} found the lobby as quiet as on any other morning of the week.",
    )
    return Article(f"/articles/{number}.html", title, name, action, paragraphs)


def poisonous(article: Article) -> Article:
    """An article that no worker survives."""
    first, *rest = article.paragraphs
    return replace(article, paragraphs=(f"{first} {POISON.capitalize()}.", *rest), poison=True)


@dataclass
class Newsstand:
    """What the site shows now. Editions add entries; all methods may be called from any thread."""

    editions: list[dict[str, list[Entry]]]
    feeds: dict[str, list[Entry]] = field(default_factory=dict)
    pages: dict[str, Article] = field(default_factory=dict)
    revised: set[str] = field(default_factory=set)
    """Paths of the pages that have changed since they were published."""
    published: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def publish(self) -> bool:
        """Puts the next edition out; False when there is none left."""
        with self.lock:
            if self.published == len(self.editions):
                return False
            for feed, entries in self.editions[self.published].items():
                self.feeds.setdefault(feed, []).extend(entries)
                for entry in entries:
                    self.pages[entry.path] = entry.article
            self.published += 1
        return True

    def revise(self, path: str) -> None:
        """Changes a page that is out."""
        with self.lock:
            if path not in self.revised:
                self.pages[path] = self.pages[path].changed()
                self.revised.add(path)

    def standing_alone(self) -> set[str]:
        """Pages that have not changed yet and whose article stands nowhere else."""
        with self.lock:
            entries = [entry for rows in self.feeds.values() for entry in rows]
            times = Counter(entry.article.subject for entry in entries)
            return {e.path for e in entries if times[e.article.subject] == 1} - self.revised

    def answer(self, path: str, address: str) -> tuple[str, bytes] | None:
        """Content type and bytes of a page or feed; None where there is none."""
        with self.lock:
            if path in self.pages:
                return "text/html; charset=utf-8", self.pages[path].page
            if path in self.feeds:
                return "application/rss+xml; charset=utf-8", _rss(path, self.feeds[path], address)
        return None

    def articles(self) -> list[Article]:
        """The articles that are out, each once, as they were published first."""
        with self.lock:
            found = {e.article.subject: e.article for entries in self.feeds.values() for e in entries}
        return list(found.values())


def _rss(path: str, entries: list[Entry], address: str) -> bytes:
    items = "".join(
        f"<item><title>{escape(entry.article.title)}</title><link>{address}{entry.path}</link>"
        f'<guid isPermaLink="false">{entry.guid}</guid></item>'
        for entry in reversed(entries)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Stand {path}</title>'
        f"<link>{address}/</link><description>Invented news</description>{items}</channel></rss>"
    ).encode()


def newsstand(random: Random, *, feeds: int, articles: int, editions: int, poison: bool = False) -> Newsstand:
    """A site of so many feeds that bring so many articles in all, spread over its editions.

    Of eight articles one stands in a second feed, too, by the same address, and one by an address of its own. With
    `poison`, the first edition has one that ends whoever reads it.
    """
    written = write_articles(articles, random)
    if poison:
        written[0] = poisonous(written[0])
    names = [f"/feeds/{number}.xml" for number in range(feeds)]
    plan: list[dict[str, list[Entry]]] = [{name: [] for name in names} for _ in range(editions)]
    for number, article in enumerate(written):
        edition = plan[number * editions // articles]
        first, second = random.sample(names, 2)
        edition[first].append(Entry(f"{first}#{number}", article, article.path))
        if article.poison:
            continue
        if number % 8 == 3:
            edition[second].append(Entry(f"{second}#{number}", article, article.path))
        elif number % 8 == 5:
            edition[second].append(Entry(f"{second}#{number}", article, f"/copies/{number}.html"))
    return Newsstand(plan)
