"""People and organizations by a name that may be incomplete or misspelt, in any script, among very many.

Names that share a key with what was asked (see `events.names`) are found by an index. Names that hold its words
have all its words' trigrams. Misspelt ones share some runs of trigrams: what was asked is cut into short runs, and
whatever has all trigrams of one run is compared letter by letter. All three are index scans; no name is read that
cannot match, and never more than MAX_COMPARED are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection
from rapidfuzz.distance import OSA

from events.models.organizations import Organization
from events.models.people import Executive
from events.names import keys, pinyin, sounds, trigrams
from events.record.words import Token, tokens

MAX_NAME = 300
MAX_FOUND = 50
"""People, and organizations, that one question finds."""
MAX_COMPARED = 100
"""Names of people, and of organizations, that are compared letter by letter."""
_MAX_SHARING = 20_000
"""Names that are weighed by their number of common trigrams; a piece that more names share tells little."""
_MAX_MERGES = 50

EXACT, HOLDS, NEAR = 1.0, 0.9, 0.8
"""The best score of a name that shares a key, of one that holds all words, of one that sounds like it. Each letter
that differs takes STEP."""
STEP = 0.1

EXECUTIVE, ORGANIZATION = "executive", "organization"
KINDS: dict[str, type[Executive | Organization]] = {EXECUTIVE: Executive, ORGANIZATION: Organization}

Span = tuple[int, int]
_Row = tuple[str, str, int, int | None]
"""Whose name it is (a kind), the name, the id, and whom they were merged into."""


@dataclass(frozen=True)
class NameMatch:
    """Someone found by a name: the id of who they are now, the name that matched, and which code points of it."""

    id: int
    name: str
    score: float
    spans: tuple[Span, ...]


Matches = dict[str, list[NameMatch]]
"""By kind, the best first. Those who were merged are found as those they were merged into."""


def written(text: str) -> Matches:
    """The people and organizations that have the name, in any script and order, or a name that holds its words."""
    text = _cleaned(text)
    asked = _read_name(text)
    if not asked.tokens:
        return {}
    return _matches(text, _stored(sorted(keys(text)), _holding(asked.tokens)))


def misspelt(text: str) -> Matches:
    """The people and organizations whose name sounds like the text, but for a letter or two."""
    text = _cleaned(text)
    asked = _read_name(text)
    return _matches(text, _sharing(runs_of(asked.sound))) if asked.tokens else {}


def like(text: str) -> Matches:
    """Those whose name is written so, or, where there are none, nearly so."""
    return written(text) or misspelt(text)


def names_like(text: str) -> list[str]:
    """Names that share most trigrams with the text, people's before organizations'; for suggestions."""
    rows = _sharing([[trigram] for trigram in trigrams(text[:MAX_NAME])])
    return list(dict.fromkeys(name for _, name, _, _ in rows))


def _cleaned(text: str) -> str:
    return text.replace("\x00", "").strip()[:MAX_NAME]


class _Name(NamedTuple):
    """A name as it is compared: its tokens, and its words as they sound, written together."""

    tokens: tuple[Token, ...]
    sound: str


@lru_cache(maxsize=20_000)
def _read_name(name: str) -> _Name:
    # The same names are compared for many questions.
    return _Name(tuple(tokens(name)), "".join(sounds(name)))


def _matches(text: str, rows: Iterable[_Row]) -> Matches:
    best: dict[str, dict[int, NameMatch]] = {kind: {} for kind in KINDS}
    for kind, name, pk, merged_into in rows:
        match = compare(text, name)
        if match is None:
            continue
        score, spans = match
        pk = pk if merged_into is None else _survivor(KINDS[kind], merged_into)
        known = best[kind].get(pk)
        # Of names that fit alike, the one that was written is shown: its other scripts have the same keys.
        if known is None or (known.score, known.name == text) < (score, name == text):
            best[kind][pk] = NameMatch(pk, name, score, tuple(spans))
    return {kind: _best(found.values()) for kind, found in best.items() if found}


def _best(found: Iterable[NameMatch]) -> list[NameMatch]:
    return sorted(found, key=lambda match: (-match.score, len(match.name), match.id))[:MAX_FOUND]


_NAMES = """(SELECT '{kind}', n.name, n.{kind}_id, o.merged_into_id FROM events_{kind}name n
JOIN events_{kind} o ON o.id = n.{kind}_id WHERE n.keys && %s::varchar[]{holding}
ORDER BY n.keys && %s::varchar[] DESC, n.id LIMIT {limit})"""


def _stored(known: list[str], holding: list[list[str]]) -> list[_Row]:
    """Names that have one of the keys, and those that have all trigrams of one of the lists, in one statement."""
    either = " OR n.trigrams @> %s::varchar[]" * len(holding)
    statement = " UNION ALL ".join(
        _NAMES.format(kind=kind, holding=either, limit=MAX_COMPARED) for kind in KINDS
    )
    return _read(statement, [known, *holding, known] * len(KINDS))


def _read(statement: str, parameters: Sequence[Any]) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[_Row] = cursor.fetchall()
        return rows


_SHARING = """(SELECT '{kind}', s.name, s.{kind}_id, o.merged_into_id
FROM (SELECT n.* FROM events_{kind}name n WHERE {condition} LIMIT {sharing}) s
JOIN events_{kind} o ON o.id = s.{kind}_id
ORDER BY (SELECT count(*) FROM unnest(s.trigrams) AS t WHERE t = ANY(%s)) DESC, s.id LIMIT {limit})"""


def _sharing(wanted: Sequence[Sequence[str]]) -> list[_Row]:
    """Names that have all trigrams of one of the runs, those with most in common first."""
    if not wanted:
        return []
    condition = " OR ".join(["n.trigrams @> %s::varchar[]"] * len(wanted))
    statement = " UNION ALL ".join(
        _SHARING.format(kind=kind, condition=condition, sharing=_MAX_SHARING, limit=MAX_COMPARED)
        for kind in KINDS
    )
    every = sorted({trigram for run in wanted for trigram in run})
    return _read(statement, [*map(list, wanted), every] * len(KINDS))


def _holding(asked: Sequence[Token]) -> list[list[str]]:
    """The trigrams of names that hold all words: those within the words, any of the lists."""
    words = _words(asked)
    inner = sorted({trigram for word in words for trigram in _inner(word)})
    if inner:
        return [inner]
    word = words[0]
    return [[f"  {word[0]}", f" {word}"], [f"{word} "]] if len(word) == 2 else []


def _words(asked: Sequence[Token]) -> list[str]:
    """The words as they sound; Chinese characters without a gap are one word."""
    words: list[str] = []
    before: Token | None = None
    for token in asked:
        sound = _sound(token)
        if before and before.chinese and token.chinese and before.end == token.start:
            words[-1] += sound
        else:
            words.append(sound)
        before = token
    return words


def _inner(word: str) -> list[str]:
    return [word[i : i + 3] for i in range(len(word) - 2)]


def runs_of(sound: str) -> list[list[str]]:
    """A name's trigrams in runs of neighbours, each as long as one differing letter is likely to leave another whole."""
    inner = _inner(sound)
    if len(inner) < 7:
        padded = f" {sound} "
        return [[padded[i : i + 3]] for i in range(len(padded) - 2)]
    size = 3 if len(inner) >= 9 else 2
    return [inner[i : i + size] for i in range(0, len(inner) - 1, size)]


def compare(text: str, name: str) -> tuple[float, list[Span]] | None:
    """How well a name matches the text, 0 to 1, and which of its code points do; None where it does not."""
    if keys(text) & keys(name):
        return EXACT, [(0, len(name))]
    asked, known = _read_name(text), _read_name(name)
    if spans := _held(asked.tokens, known.tokens):
        share = len(asked.sound) / max(1, len(known.sound))
        return round(HOLDS - STEP / 2 * (1 - min(1.0, share)), 4), spans
    sound = "".join(map(_sound, asked.tokens))
    allowed = _allowed(len(sound))
    found = min(_windows(sound, known.tokens, allowed), default=None)
    if found is None:
        return None
    distance, _, start, end = found
    return round(NEAR - STEP * distance, 4), [(start, end)]


def _held(asked: Sequence[Token], known: Sequence[Token]) -> list[Span]:
    """Where each of the words stands in the name, as a word or in one; empty where one does not."""
    left = list(known)
    spans: list[Span] = []
    for token in asked:
        hit = next((k for k in left if k.form == token.form), None)
        if hit is None and not token.chinese and len(token.form) > 1:
            hit = next((k for k in left if not k.chinese and k.form.startswith(token.form)), None)
        if hit is None and not token.chinese and len(token.form) > 2:
            hit = next((k for k in left if not k.chinese and token.form in k.form), None)
        if hit is None:
            return []
        left.remove(hit)
        start = hit.start + hit.form.index(token.form)
        spans.append((start, hit.end if hit.form.endswith(token.form) else start + len(token.form)))
    return joined(spans)


def joined(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, those that touch or overlap made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _windows(sound: str, known: Sequence[Token], allowed: int) -> Iterator[tuple[int, int, int, int]]:
    """Parts of the name that sound like the text: (letters that differ, difference in length, start, end)."""
    parts = [_sound(token) for token in known]
    for first in range(len(parts)):
        text = ""
        for last in range(first, len(parts)):
            text += parts[last]
            if len(text) > len(sound) + allowed:
                break
            distance = OSA.distance(sound, text, score_cutoff=allowed)
            if distance <= allowed:
                yield distance, abs(len(text) - len(sound)), known[first].start, known[last].end


def _allowed(length: int) -> int:
    """Letters that may differ: none in a name of three letters, one to seven, two in longer ones."""
    return 0 if length < 4 else 1 if length < 8 else 2


def _sound(token: Token) -> str:
    return _pinyin(token.form) if token.chinese else token.form


@lru_cache(maxsize=20_000)
def _pinyin(character: str) -> str:
    return "".join(pinyin(character))


def _survivor(model: type[Executive | Organization], pk: int) -> int:
    """Who the one of that id is now."""
    for _ in range(_MAX_MERGES):
        into = model._default_manager.filter(pk=pk).values_list("merged_into_id", flat=True).first()
        if into is None:
            break
        pk = into
    return pk
