"""How well a person's name fits another: scripts, romanizations, word order, initials, short forms, titles."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from events.extraction.naming.words import short_forms, surname_readings
from events.extraction.script import simplified
from events.names import is_chinese, keys, normalize, pinyin, pinyin_words, wade_giles

Fit = tuple[float, str]
NO_FIT: Fit = (0.0, "")
_HONORIFIC = re.compile(
    r"^(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|lord|lady|hon|the hon)\.? |,? (?:jr|sr|ii|iii|iv|phd|md|cbe|obe)\.?$"
    r"|(?:先生|女士|小姐|博士|教授|同志|君)$",
    re.IGNORECASE,
)
_CHINESE_TITLE = re.compile(
    r"^(?:(?:原|前)?(?:董事长|董事長|总裁|總裁|总经理|總經理|首席执行官|首席執行官|执行长|執行長))"
    r"|(?:董事长|董事長|总裁|總裁|总经理|總經理|首席执行官|首席執行官|执行长|執行長|CEO|总|總)$"
)
_ENGLISH_TITLE = re.compile(
    r"^(?:(?:former|ex-?|acting|interim) ?)?(?:ceo|cfo|coo|cto|chairman|chairwoman|chair|president|director|founder) (?=\w+ \w)",
    re.IGNORECASE,
)


def bare_name(name: str) -> str:
    """A person's name without honorifics, suffixes and titles around it."""
    text = unicodedata.normalize("NFKC", name).strip()
    for _ in range(2):
        text = _HONORIFIC.sub("", text).strip(" ,")
    if is_chinese(text):
        shorter = _CHINESE_TITLE.sub("", text)
        return shorter if shorter else text
    return _ENGLISH_TITLE.sub("", text)


def fit(name: str, other: str) -> Fit:
    """How well two names of people fit, 0 to 1, and why; names without titles (see `bare_name`)."""
    left, right = normalize(name), normalize(other)
    if left == right:
        return (1.0, f"same name: {other}")
    chinese = (is_chinese(name), is_chinese(other))
    if all(chinese):
        return _both_chinese(left, right, other)
    if any(chinese):
        return _romanized(*((left, right) if chinese[0] else (right, left)), other)
    if keys(name) & keys(other):
        return (0.93, f"same name, written {other}")
    return _western(left.split(), right.split(), other)


def _both_chinese(left: str, right: str, other: str) -> Fit:
    if simplified(left) == simplified(right):
        return (0.97, f"same characters in another script: {other}")
    if len(left) == 1 or len(right) == 1:  # a family name before a title: 张总
        same = simplified(left[0]) == simplified(right[0])
        return (0.55, f"family name of {other}") if same else NO_FIT
    if keys(left) & keys(right):
        return (0.55, f"sounds like {other}")
    return NO_FIT


def _romanized(chinese: str, latin: str, other: str) -> Fit:
    """A Chinese name and one in Latin letters."""
    found = keys(latin)
    if found & keys(chinese):
        return (0.85, f"romanization of {other}")
    if found & spellings(chinese):
        return (0.82, f"another romanization of {other}")
    words = latin.split()
    family = spelt_family(chinese)
    if len(words) == 1:
        return (0.5, f"family name of {other}") if words[0] in family else NO_FIT
    initials = "".join(word[0] for word in _syllables(chinese)[1:])
    given = "".join(word for word in words if word not in family)
    if family & set(words) and initials and given == initials:
        return (0.72, f"initials of {other}")
    return NO_FIT


@lru_cache(maxsize=65536)
def spellings(chinese: str) -> frozenset[str]:
    """Keys of a Chinese name besides those of its usual pinyin: a family name's own reading, Wade-Giles, ü as u."""
    syllables = _syllables(chinese)
    cut = 2 if pinyin_words(chinese)[:1] == ["".join(syllables[:2])] and len(syllables) > 2 else 1
    wade = [normalize(word).replace(" ", "") for word in wade_giles(chinese)]
    found = set[str]()
    for words in (syllables, [word.replace("v", "u") for word in syllables],
                  [word.replace("v", "yu") for word in syllables], wade, [word.replace("v", "u") for word in wade]):  # fmt: skip
        family, given = "".join(words[:cut]), "".join(words[cut:])
        found |= {family + given, " ".join(sorted([family, given]))}
        found.add(" ".join(sorted([family, *words[cut:]])))
    return frozenset(found)


def spelt_family(chinese: str) -> frozenset[str]:
    """A Chinese family name in the Latin letters that it is written with."""
    wade = normalize("".join(wade_giles(chinese[:1])))
    first = _syllables(chinese)[0]
    return frozenset({first, first.replace("v", "u"), wade, pinyin_words(chinese)[0]})


def _syllables(chinese: str) -> list[str]:
    compact = chinese.replace(" ", "")
    found = pinyin(compact)
    reading = surname_readings().get(compact[:1])
    return [reading, *found[1:]] if reading and found else found


def _western(left: list[str], right: list[str], other: str) -> Fit:
    if not left or not right:
        return NO_FIT
    if len(left) == 1 or len(right) == 1:
        return (0.6, f"family name of {other}") if left[-1] == right[-1] else NO_FIT
    if left[-1] != right[-1]:
        return _family_first(left, right, other)
    first, second = left[0], right[0]
    if first == second:
        return _middle(left[1:-1], right[1:-1], other)
    if first in short_forms().get(second, ()):
        return (0.84, f"{first.capitalize()} is short for a name like {second.capitalize()}: {other}")
    if (first in right[1:-1] and len(left) == 2) or (second in left[1:-1] and len(right) == 2):
        return (0.76, f"goes by a middle name: {other}")
    return _initials(*_given(left, right), other)


def _given(left: list[str], right: list[str]) -> tuple[list[str], list[str]]:
    """The words before the family name that both share, particles (van der) included."""
    shared = 0
    while shared < min(len(left), len(right)) - 1 and left[-1 - shared] == right[-1 - shared]:
        shared += 1
    return left[: len(left) - shared], right[: len(right) - shared]


def _middle(left: list[str], right: list[str], other: str) -> Fit:
    """Same first and last name: middle names agree, are left out, or tell two people apart."""
    for one, two in zip(left, right, strict=False):
        if one != two and one[0] != two[0]:
            return (0.6, f"another middle name than {other}")
    return (0.9, f"same first and last name: {other}")


def _initials(left: list[str], right: list[str], other: str) -> Fit:
    """Given names of which one side has only initials: "J. P. Moe", "JP Moe" and "John Paul Moe"."""
    short, long = sorted((left, right), key=lambda words: len("".join(words)))
    letters = "".join(short)
    if len(letters) <= 3 and all(len(word) <= 2 for word in short):
        own = "".join(word[0] for word in long)
        if own.startswith(letters) or letters.startswith(own):
            return (0.78, f"initials fit {other}")
    return NO_FIT


def _family_first(left: list[str], right: list[str], other: str) -> Fit:
    """An English given name beside a family name that stands first elsewhere is no evidence; nothing else fits."""
    return (0.93, f"same name, written {other}") if sorted(left) == sorted(right) else NO_FIT
