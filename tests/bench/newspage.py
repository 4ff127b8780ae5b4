"""A news page as publishers serve them: an article of several kilobytes in 60 to 120 KB of everything else.

The furniture is generated, the same for the same arguments, and says nothing that is a claim: some 9 KB of style sheet,
25 KB of inline script, 2 KB of JSON-LD, 6 KB of inline SVG, 17 KB of navigation and footer (about 250 links), 3 KB of
consent box, 24 KB of 40 teasers with responsive images, 8 KB of 25 comments, and a video and a newsletter box between
the paragraphs. All of it is our own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from html import escape
from random import Random

_WORDS = ["harbour", "ledger", "morning", "market", "weather", "river", "bridge", "council", "season", "garden", "library", "orchard", "station", "timber", "kitchen", "valley", "lantern", "festival", "museum", "ferry", "meadow", "pottery", "railway", "coastline", "bakery", "theatre", "choir", "village", "winter", "summer", "island", "tunnel"]  # fmt: skip
_SECTIONS = (
    "World",
    "Markets",
    "Companies",
    "Climate",
    "Science",
    "Culture",
    "Sport",
    "Travel",
    "Food",
    "Books",
    "Weather",
    "Opinion",
)


def news_page(title: str, paragraphs: Sequence[str], language: str, number: int) -> str:
    """The page of an article; `number` chooses its teasers and comments."""
    random = Random(number)  # noqa: S311 - furniture, not secrets
    body = [f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs]
    for place, box in ((len(body) * 2 // 3, _video(random)), (len(body) // 3, _newsletter())):
        body.insert(place, box)
    joined = "\n".join(body)
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8"><title>{escape(title)} | The Harbour Ledger</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="canonical" href="https://news.example.com/articles/{number}">
{_meta(title)}
<style>{_style()}</style>
<script type="application/ld+json">{_linked_data(title, paragraphs)}</script>
<script>{_script(1, 12_000)}</script>
</head>
<body class="page page--article">
{_icons()}
{_consent()}
<header class="masthead"><a href="/">The Harbour Ledger</a>{_menu()}</header>
<main id="main"><div class="layout"><article class="story">
<header><p class="kicker"><a href="/companies">Companies</a></p><h1>{escape(title)}</h1>
<p class="byline">By <a rel="author" href="/by/mara">Mara Ellingham</a> <time datetime="2025-11-17T08:00:00+00:00">17 November 2025</time></p>
{_share()}</header>
<figure><picture>{_sources(random)}<img src="/i/{number}.jpg" alt="" width="1200" height="800"></picture><figcaption>Photograph: the Ledger's archive</figcaption></figure>
<div class="story__body">
{joined}
</div>{_share()}<ul class="tags">{_links(random, 8)}</ul></article>
<aside class="rail"><h2>Most read</h2>{_teasers(random, 12)}</aside></div>
<section class="more"><h2>More from Companies</h2>{_teasers(random, 28)}</section>
{_comments(random)}
</main>
{_footer()}
<script>{_script(2, 13_000)}</script>
</body></html>"""


def _phrase(random: Random, words: int) -> str:
    return " ".join(random.choices(_WORDS, k=words)).capitalize()


def _meta(title: str) -> str:
    names = ("og:title", "twitter:title", "og:image:alt", "sailthru.title", "parsely-title", "dc.title")
    found = [f'<meta property="{name}" content="{escape(title)}">' for name in names]
    found += [f'<link rel="preload" as="font" href="/f/{i}.woff2" crossorigin>' for i in range(12)]
    return "\n".join([*found, '<meta property="article:published_time" content="2025-11-17T08:00:00+00:00">'])


@cache
def _style() -> str:
    rule = ".c{0}__e{1}{{display:flex;margin:{1}px 0;color:#{0:03x};grid-template-columns:repeat({1},minmax(0,1fr))}}"
    return "".join(rule.format(i, j) for i in range(16, 28) for j in range(1, 9))


@cache
def _script(seed: int, size: int) -> str:
    random = Random(seed)  # noqa: S311
    pairs: dict[str, object] = {}
    while len(json.dumps(pairs)) < size:
        pairs[f"{random.choice(_WORDS)}.{len(pairs)}"] = {
            "enabled": random.random() < 0.5, "slots": random.choices(_WORDS, k=6), "ttl": random.randrange(9_000),
        }  # fmt: skip
    return f"window.__state_{seed}={json.dumps(pairs)};(function(w){{w.dataLayer=w.dataLayer||[];w.dataLayer.push({{page:'article'}})}})(window);"


def _linked_data(title: str, paragraphs: Sequence[str]) -> str:
    crumbs = [
        {"@type": "ListItem", "position": i, "name": name, "item": f"https://news.example.com/{name.lower()}"}
        for i, name in enumerate(_SECTIONS, 1)
    ]
    return json.dumps(
        [
            {
                "@context": "https://schema.org", "@type": "NewsArticle", "headline": title, "datePublished": "2025-11-17T08:00:00Z",
                "author": [{"@type": "Person", "name": "Mara Ellingham"}], "image": [f"https://news.example.com/i/{i}.jpg" for i in range(9)],
                "publisher": {"@type": "Organization", "name": "The Harbour Ledger"}, "description": paragraphs[0][:200],
            },
            {"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": crumbs},
        ]
    )  # fmt: skip


@cache
def _icons() -> str:
    random = Random(3)  # noqa: S311
    paths = [
        " ".join(
            f"M{random.randrange(24)} {random.randrange(24)}l{random.random():.3f} {random.random():.3f}"
            for _ in range(14)
        )
        for _ in range(18)
    ]
    return (
        '<svg hidden aria-hidden="true">'
        + "".join(
            f'<symbol id="i{i}" viewBox="0 0 24 24"><path d="{path}"/></symbol>'
            for i, path in enumerate(paths)
        )
        + "</svg>"
    )


def _consent() -> str:
    purposes = "".join(
        f'<li><label><input type="checkbox" name="purpose{i}"> {_phrase(Random(i), 4)}</label><p>{_phrase(Random(i + 50), 18)}.</p></li>'  # noqa: S311
        for i in range(10)
    )
    return f'<div class="consent" role="dialog" aria-label="Cookies"><p>We and our partners store small files on your device to remember what you like.</p><ul>{purposes}</ul><button>Accept</button><button>Refuse</button></div>'


@cache
def _menu() -> str:
    random = Random(4)  # noqa: S311
    columns = "".join(
        f'<li class="menu__item"><a href="/{name.lower()}">{name}</a><ul>{_links(random, 10)}</ul></li>'
        for name in _SECTIONS
    )
    return f'<nav class="menu"><ul>{columns}</ul></nav>'


@cache
def _footer() -> str:
    random = Random(5)  # noqa: S311
    columns = "".join(f"<div><h3>{name}</h3><ul>{_links(random, 10)}</ul></div>" for name in _SECTIONS)
    return f"<footer>{columns}<p>© 2025 The Harbour Ledger, an invented newspaper. Terms · Privacy · Careers</p></footer>"


def _links(random: Random, number: int) -> str:
    return "".join(
        f'<li><a class="link" href="/{random.choice(_WORDS)}/{random.randrange(9999)}">{_phrase(random, 2)}</a></li>'
        for _ in range(number)
    )


def _share() -> str:
    places = ("mail", "link", "print", "save", "chat")
    return (
        '<ul class="share">'
        + "".join(
            f'<li><button aria-label="{place}"><svg><use href="#i{i}"/></svg></button></li>'
            for i, place in enumerate(places)
        )
        + "</ul>"
    )


def _sources(random: Random) -> str:
    key = random.randrange(99_999)
    return "".join(
        f'<source media="(min-width:{w}px)" srcset="/i/{key}-{w}.webp 1x, /i/{key}-{w * 2}.webp 2x" type="image/webp">'
        for w in (480, 960)
    )


def _teasers(random: Random, number: int) -> str:
    cards = (
        f'<li class="card"><a href="/articles/{random.randrange(9999)}"><picture>{_sources(random)}<img loading="lazy" src="/i/t.jpg" alt="{_phrase(random, 4)}"></picture>'
        f'<h3 class="card__title">{_phrase(random, 8)}</h3></a><p class="card__text">{_phrase(random, 16)}.</p><time>{random.randrange(1, 23)} hours ago</time></li>'
        for _ in range(number)
    )
    return f'<ul class="cards">{"".join(cards)}</ul>'


def _video(random: Random) -> str:
    return f'<div class="video" data-player="{random.randrange(9999)}"><button>Play</button><p class="video__title">{_phrase(random, 6)}</p></div>'


def _newsletter() -> str:
    return '<aside class="promo"><h4>Morning briefing</h4><p>Five stories before breakfast.</p><form><input type="email"><button>Sign up</button></form></aside>'


def _comments(random: Random) -> str:
    items = "".join(
        f'<li class="comment" id="comment-{i}"><p class="comment__by">Reader {i}</p><p>{_phrase(random, 30)}.</p><button>Reply</button></li>'
        for i in range(25)
    )
    return f'<section class="comments" id="comments"><h2>Comments</h2><ol>{items}</ol></section>'
