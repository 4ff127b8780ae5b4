"""People and organizations by a name that may be incomplete or misspelt, in any script, among very many.

Names that share a key with what was asked (see `events.names`) are found by an index. Names that hold its words
have all its words' trigrams. Misspelt ones share some runs of trigrams: what was asked is cut into short runs, and
whatever has all trigrams of one run is compared letter by letter. All three are index scans; no name is read that
cannot match, and never more than MAX_COMPARED.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Sized
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL
from pypinyin import lazy_pinyin
from rapidfuzz.distance import OSA

from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.names import keys, normalize, sounds, trigrams
from events.record.words import Token, tokens

MAX_NAME = 300
MAX_FOUND = 100
"""People, and organizations, that one question finds."""
MAX_COMPARED = 200
"""Names that are compared letter by letter."""
_MAX_SHARING = 20_000
"""Names that are weighed by their number of common trigrams; a piece that more names share tells little."""
_MAX_MERGES = 50

EXACT, HOLDS, NEAR = 1.0, 0.9, 0.8
"""The best score of a name that shares a key, of one that holds all words, of one that sounds like it. Each letter
that differs takes STEP."""
STEP = 0.1

Span = tuple[int, int]


@dataclass(frozen=True)
class NameMatch:
    """Someone found by a name: the id of who they are now, the name that matched, and which code points of it."""

    id: int
    name: str
    score: float
    spans: tuple[Span, ...]


def people_like(text: str) -> list[NameMatch]:
    """The people whose name matches, best first; people who were merged are found as those they were merged into."""
    return _found(ExecutiveName.objects.all(), "executive", Executive, text)


def organizations_like(text: str) -> list[NameMatch]:
    """The same of organizations."""
    return _found(OrganizationName.objects.all(), "organization", Organization, text)


def names_like(text: str, limit: int = MAX_COMPARED) -> list[str]:
    """Names that share most trigrams with the text, people's before organizations'; for suggestions."""
    wanted = [[trigram] for trigram in trigrams(text[:MAX_NAME])]
    found: list[str] = []
    for names in (ExecutiveName.objects.all(), OrganizationName.objects.all()):
        found += _sharing(names, wanted, limit).values_list("name", flat=True)
    return list(dict.fromkeys(found))


def _found(
    names: QuerySet[Any], owner: str, model: type[Executive | Organization], text: str
) -> list[NameMatch]:
    text = text.replace("\x00", "").strip()[:MAX_NAME]
    asked = list(tokens(text))
    if not asked:
        return []
    columns = ("name", f"{owner}_id", f"{owner}__merged_into_id")
    best: dict[int, NameMatch] = {}
    for step in _steps(names, text, asked, best):
        for name, pk, merged_into in step.values_list(*columns):
            match = compare(text, name)
            if match is None:
                continue
            score, spans = match
            pk = pk if merged_into is None else _survivor(model, merged_into)
            if pk not in best or best[pk].score < score:
                best[pk] = NameMatch(pk, name, score, tuple(spans))
    ordered = sorted(best.values(), key=lambda match: (-match.score, len(match.name), match.id))
    return ordered[:MAX_FOUND]


def _steps(names: QuerySet[Any], text: str, asked: Sequence[Token], best: Sized) -> Iterator[QuerySet[Any]]:
    """What to compare with: names with a key, names that hold the words, and only where there is none misspelt ones."""
    yield names.filter(keys__overlap=sorted(keys(text))).order_by("pk")[:MAX_COMPARED]
    if held := _holding(asked):
        yield names.filter(held).order_by("pk")[:MAX_COMPARED]
    if not best:
        yield _sharing(names, runs_of("".join(sounds(text))), MAX_COMPARED)


def _holding(asked: Sequence[Token]) -> Q:
    """The condition that a name has every trigram within the words."""
    words = [run for run in _words(asked) if run]
    inner = sorted({trigram for word in words for trigram in _inner(word)})
    if inner:
        return Q(trigrams__contains=inner)
    word = words[0]
    first, last = [f"  {word[0]}", f" {word[:2]}"], [f"{word} "]
    return Q(trigrams__contains=first) | Q(trigrams__contains=last) if len(word) == 2 else Q()


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


def _sharing(names: QuerySet[Any], wanted: Sequence[Sequence[str]], limit: int) -> QuerySet[Any]:
    """Names that have all trigrams of one of the runs, those with most in common first."""
    if not wanted:
        return names.none()
    condition = Q()
    for run in wanted:
        condition |= Q(trigrams__contains=list(run))
    near = names.filter(condition).values("pk")[:_MAX_SHARING]
    every = sorted({trigram for run in wanted for trigram in run})
    common = RawSQL(
        "(SELECT count(*) FROM unnest(trigrams) AS t WHERE t = ANY(%s))", [every], output_field=IntegerField()
    )
    found: QuerySet[Any] = names.filter(pk__in=near).annotate(common=common)
    return found.order_by(F("common").desc(), "pk")[:limit]


def compare(text: str, name: str) -> tuple[float, list[Span]] | None:
    """How well a name matches the text, 0 to 1, and which of its code points do; None where it does not."""
    if keys(text) & keys(name):
        return EXACT, [(0, len(name))]
    asked, known = list(tokens(text)), list(tokens(name))
    if spans := _held(asked, known):
        share = len("".join(sounds(text))) / max(1, len("".join(sounds(name))))
        return round(HOLDS - STEP / 2 * (1 - min(1.0, share)), 4), spans
    sound = "".join(map(_sound, asked))
    allowed = _allowed(len(sound))
    found = min(_windows(sound, known, allowed), default=None)
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
    return "".join(lazy_pinyin(token.form)) if token.chinese else normalize(token.form)


def _survivor(model: type[Executive | Organization], pk: int) -> int:
    """Who the one of that id is now."""
    for _ in range(_MAX_MERGES):
        into = model._default_manager.filter(pk=pk).values_list("merged_into_id", flat=True).first()
        if into is None:
            break
        pk = into
    return pk
