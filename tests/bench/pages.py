"""Articles as news sites send them: some 100 KB of menus, teasers, styles and state around 3 KB of text.

The furniture is made, the same for the same page, and none of a real site's.
"""

from __future__ import annotations

import json
import random

_TEXT = (
    "market board quarter revenue chair officer group company report shares plan city harbour rail grid bank energy"
    " committee decision week north south review council port ledger tide crane dock signal bridge ferry canal"
)
_WORDS = tuple(_TEXT.split())


def furnished(page: str, number: int) -> str:
    """The page with the furniture of a news site around what it has."""
    maker = random.Random(number)  # noqa: S311 - the same page each time
    head, foot = _style() + _state(maker), _teasers(maker, 40) + _menu(maker, 80) + _state(maker)
    page = page.replace("</head>", f"{head}</head>", 1)
    start, mark, rest = page.partition("<body>")
    page = f"{start}{mark}{_menu(maker, 120)}{_menu(maker, 40)}{rest}" if mark else page
    before, mark, after = page.rpartition("</body>")
    return f"{before}{foot}{mark}{after}" if mark else page + foot


def _sentence(maker: random.Random, length: int) -> str:
    return " ".join(maker.choice(_WORDS) for _ in range(length)).capitalize()


def _menu(maker: random.Random, entries: int) -> str:
    links = "".join(
        f"<li class='menu__entry menu__entry--{n}'><a class='link' href='/sections/{n}/{maker.choice(_WORDS)}'"
        f" data-track='menu:{n}'><span class='link__label'>{_sentence(maker, 3)}</span></a></li>"
        for n in range(entries)
    )
    return f"<nav class='menu'><ul>{links}</ul></nav>"


def _teasers(maker: random.Random, number: int) -> str:
    cards = "".join(
        f"<div class='teaser'><a href='/2025/{n}/{maker.choice(_WORDS)}'><img loading='lazy' alt='{_sentence(maker, 5)}'"
        f" src='/pictures/{n}.jpg' srcset='/pictures/{n}-320.jpg 320w, /pictures/{n}-640.jpg 640w'>"
        f"<h3>{_sentence(maker, 9)}</h3><p class='teaser__text'>{_sentence(maker, 18)}.</p></a></div>"
        for n in range(number)
    )
    return f"<aside class='related'>{cards}</aside>"


def _state(maker: random.Random) -> str:
    state = {f"key{n}": _sentence(maker, 12) for n in range(250)}
    return f"<script>window.__STATE__ = {json.dumps(state)};</script>"


def _style() -> str:
    rules = "".join(f".c{n}{{margin:{n}px;padding:0 {n}px;color:#{n:06x}}}" for n in range(400))
    return f"<style>{rules}</style>"
