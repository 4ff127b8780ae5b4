"""English titles: "Executive Vice President and Chief Financial Officer", "head of alignment", "member of the Board"."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import Chart, Pattern
from events.extraction.lexicon import words
from events.extraction.model import Node

_TOKEN = re.compile(r"[A-Za-z][\w’'-]*|&|,")
_MEMBER = Pattern(
    r"\b(?:a |an? independent |an? non-employee |an? non-executive )?(?:member|director|chair|chairman|chairwoman|co-chair)"
    r"(?: (?:of|on) (?:the|its|our)(?: (?:Company|Registrant|company))?(?:['’]s)?(?: (?:supervisory|Supervisory|executive))? [Bb]oard(?: of [Dd]irectors)?)\b"
)
_INTERIM = re.compile(r"^(?:interim|acting)[ -](?:the )?", re.IGNORECASE)
_BARE = frozenset(
    {
        "director",
        "president",
        "chairman",
        "chair",
        "chairwoman",
        "chairperson",
        "treasurer",
        "controller",
        "ceo",
        "cfo",
        "coo",
        "cto",
    }
)
_FEW_WORDS = 10
_ARTICLE = re.compile(r"an? ")
_OURS = re.compile(r"(of|on) (?:the|its|our) (?:Company|Registrant|company)['’]s ")


def find(chart: Chart, functions: frozenset[str] = frozenset()) -> None:
    """Replaces titles by title mentions. `interim` is set and left out of the name ("Interim", "acting").

    `functions` are further words that a title may have behind its comma ("Vice President, Fluid Handling")."""
    if not (chart.may(_heads().gate) or any(head in chart.s for head in _SHORT)):
        return
    found = [m.span() for m in _MEMBER.finditer(chart)]
    tokens = [(*m.span(), m[0]) for m in _TOKEN.finditer(chart.s)]
    heads = words("en", "title_heads")
    likely = [i for i, token in enumerate(tokens) if _may_end(token[2])]
    after = 0
    for index in likely:
        if (
            index >= after
            and _is_head(tokens, index, heads)
            and (phrase := _phrase(chart.s, tokens, index, functions))
        ):
            start, end, last = phrase
            after = last + 1
            if not any(start < right and left < end for left, right in found):
                found.append((start, end))
    chart.replace([(start, end, _title(chart, start, end)) for start, end in sorted(found)])


@lru_cache(maxsize=1)
def _heads() -> Pattern:
    """Any word that ends a title, and all that the members of boards are called."""
    long = "|".join(sorted(head for head in words("en", "title_heads") if len(head) > 2))
    return Pattern(f"{long}|chief|member|director|chair")


_SHORT = ("MD", "GM", "md", "gm")
"""The titles of two letters."""


@lru_cache(maxsize=8192)
def _may_end(word: str) -> bool:
    """Whether a word may be the last one of a title."""
    low = word.lower()
    return low == "chief" or low.rstrip("’'") in words("en", "title_heads")


def _is_head(tokens: list[tuple[int, int, str]], index: int, heads: frozenset[str]) -> bool:
    """Whether a word ends a title; "chief" does only after another title word: "compliance chief"."""
    word = tokens[index][2].lower()
    if word != "chief":
        return word.rstrip("’'") in heads
    inside = words("en", "title_words")
    following = tokens[index + 1][2].lower() if index + 1 < len(tokens) else ""
    before = tokens[index - 1][2].lower() if index else ""
    return before in inside and before != "chief" and following not in inside and following not in heads


def _title(chart: Chart, start: int, end: int) -> Node:
    words_ = chart.s[start:end]
    lead = _INTERIM.match(words_) or _ARTICLE.match(words_)
    interim = bool(lead) and words_[: lead.end()].strip().lower() not in ("a", "an") if lead else False
    head = chart.span(start + (lead.end() if lead else 0), end)
    left, right = chart.span(start, end)
    name = _OURS.sub(r"\1 the ", chart.text[head[0] : head[1]])
    return Node("title", left, right, name=name, head=head, interim=interim)


def _joined(s: str, left: tuple[int, int, str], right: tuple[int, int, str]) -> bool:
    return s[left[1] : right[0]] in (" ", "")


def _phrase(
    s: str, tokens: list[tuple[int, int, str]], index: int, functions: frozenset[str]
) -> tuple[int, int, int] | None:
    inside, heads = words("en", "title_words"), words("en", "title_heads")
    first = index
    while first > 0 and index - first < _FEW_WORDS and _joined(s, tokens[first - 1], tokens[first]):
        word = tokens[first - 1][2].lower()
        if _ends_company(tokens, first - 1, index):
            break
        if word in inside or word in heads or word in ("interim", "acting"):
            first -= 1
        elif (
            word in ("and", "&")
            and first > 1
            and tokens[first - 2][2].lower() in inside
            and _joined(s, tokens[first - 2], tokens[first - 1])
            and first != index + 1
            and tokens[first][2].lower() not in heads
        ):
            first -= 2
        else:
            break
    last, tailed = _tail(s, tokens, index, functions)
    words_ = [token[2] for token in tokens[first : last + 1]]
    head = tokens[index][2]
    if head.islower() and first == index and not tailed and head not in _BARE:
        return None
    if head.islower() and head in ("chair", "lead", "partner") and first == index and not tailed:
        return None
    if (
        not head.islower()
        and first == index
        and not tailed
        and head.lower()
        in (
            "officer",
            "executive",
            "lead",
            "partner",
            "counsel",
            "secretary",
            "architect",
            "engineer",
            "analyst",
            "head",
        )
    ):
        return None
    if len(words_) == 1 and head.islower() and head not in _BARE:
        return None
    return (tokens[first][0], tokens[last][1], last)


def _ends_company(tokens: list[tuple[int, int, str]], at: int, index: int) -> bool:
    """Whether a capitalized word before a title in small letters is the end of a company's name: "Oriel Foods chief"."""
    word = tokens[at][2]
    return (
        word[:1].isupper()
        and tokens[index][2].islower()
        and at > 0
        and tokens[at - 1][2][:1].isupper()
        and word in words("en", "org_heads")
    )


def _tail(
    s: str, tokens: list[tuple[int, int, str]], index: int, functions: frozenset[str]
) -> tuple[int, bool]:
    """Where a title ends that goes on after its noun: "-Elect", ", Finance", "of global marketing and sales"."""
    inside, heads = words("en", "title_words"), words("en", "title_heads")
    last = index
    while (
        last + 1 < len(tokens)
        and tokens[last + 1][2].lower() in heads
        and _joined(s, tokens[last], tokens[last + 1])
    ):
        last += 1
    at = last + 1
    if at >= len(tokens) or s[tokens[last][1] : tokens[at][0]] not in (" ", ""):
        return (last, False)
    if tokens[at][2] in ("of", "for"):
        start = at + 1
        if start < len(tokens) and tokens[start][2].lower() == "the":
            start += 1
        end = _run(
            s,
            tokens,
            start,
            lower_too=tokens[index][2].lower()
            in ("head", "director", "president", "manager", "leader", "chief"),
        )
        return (end, True) if end >= start else (last, tokens[index][2].lower() in ("head", "leader", "lead"))
    if (
        tokens[at][2] == ","
        and at + 1 < len(tokens)
        and tokens[at + 1][2][:1].isupper()
        and (tokens[at + 1][2].lower() in inside or tokens[at + 1][2].lower() in functions)
    ):
        end = _run(s, tokens, at + 1, lower_too=False, functions=functions)
        following = tokens[end + 1][2].lower() if end + 1 < len(tokens) else ""
        if end > at and following not in heads:
            return (end, True)
    elif tokens[at][2].lower() in inside and tokens[at][2][:1].isupper() and tokens[index][2][:1].isupper():
        end = _run(s, tokens, at, lower_too=False)
        following = tokens[end + 1][2].lower() if end + 1 < len(tokens) else ""
        if following not in heads:
            return (end, True)
    return (last, False)


def _run(
    s: str,
    tokens: list[tuple[int, int, str]],
    start: int,
    *,
    lower_too: bool,
    functions: frozenset[str] = frozenset(),
) -> int:
    """The last token of a run of words that may stand in a title, from `start`; `start` - 1 where there is none."""
    inside = words("en", "title_words")
    end = start - 1
    at = start
    while (
        at < len(tokens)
        and at - start < _FEW_WORDS
        and (at == start or s[tokens[at - 1][1] : tokens[at][0]] == " ")
    ):
        word = tokens[at][2]
        following = (
            tokens[at + 1][2] if at + 1 < len(tokens) and s[tokens[at][1] : tokens[at + 1][0]] == " " else ""
        )
        if word.lower() in inside or (word[:1].isupper() and word.lower() in functions):
            end = at
        elif (word in ("and", "&") and following.lower() in inside) or (
            at == start
            and word not in ("the", "its", "a", "an", "our", "this", "his", "her", "their", "all")
            and following.islower()
            and following in inside
            and following not in ("group",)
        ):
            pass
        else:
            break
        at += 1
    return end
