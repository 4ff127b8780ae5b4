"""Names in Latin script, in an English or a Chinese text, as anchors. Pure.

No lexicon of names: what is written with a capital, but neither begins a sentence by a common word nor is a title, a
month or a nationality.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from events.names import normalize

_CAPITAL = "A-ZÀ-ÖØ-ÞŠŽČŁŚŻĐŐŰİ"
_LETTER = "A-Za-z0-9À-ɏ"  # Chinese has no spaces: a name there ends where its script does
_WORD = (
    rf"(?:[{_CAPITAL}]|[a-z]{{1,20}}[A-Z])[{_LETTER}]{{0,40}}"
    rf"(?:['’](?!s\b)[A-Za-z]{{1,20}})?(?:-[{_LETTER}]{{1,40}}){{0,3}}"
)
_JOINING = r"(?: (?:van|von|de|der|den|del|della|di|da|du|la|le|bin|binti|al|el|ten|ter)){0,2} | "
_NAME = re.compile(rf"(?<![{_LETTER}_.@/-]){_WORD}(?:(?:{_JOINING}){_WORD}){{0,4}}(?![{_LETTER}_@])")
_MAX_NAMES = 80
_COMMON_WORDS = """
    a about after all also although an and another any are as at be because been before being but by can could did do does
    during each either every few first for from had has have he her here his how however i if in is it its last later
    least less many may more most mr mrs ms much neither new next no none nobody not nothing now of off on once one only or
    other our out over own people same second several she should since so some still such than that the their them then
    there these they third this those three through to today tomorrow too two under until up was we were what when
    where whether which while who whom whose why will with within without would yes yesterday yet you your four five six
    seven eight nine ten half meanwhile instead earlier
    january february march april june july august september october november december jan feb mar apr jun jul aug sep sept
    oct nov dec monday tuesday wednesday thursday friday saturday sunday
    chief executive officer president chairman chairwoman chair chairperson vice deputy senior general manager director
    managing head former acting interim ceo cfo coo cto finance operations sales quality product research treasurer
    secretary minister professor doctor dr sir dame board committee company group firm regulator watchdog authority
    shares revenue sales profit net results analysts shareholders unions banks customers investors opinion exclusive
    update breaking analysis briefing reuters inc ltd plc corp co llc limited corporation holdings
    ai it us uk eu un usd eur gbp rmb cny hkd yuan chinese american british european german french japanese
    why how what news report reports repairs owners orders demand suppliers union
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def latin_names(text: str) -> Iterator[str]:
    """`n:` for each name of several words, its words in the alphabet's order; `w:` for a single word, and for the first
    word of a longer name, by which it is called later on. At most 80."""
    given = 0
    for match in _NAME.finditer(text):
        for words in _runs(match[0]):
            if given >= _MAX_NAMES:
                return
            given += 1
            yield f"w:{words[0]}"
            if len(words) > 1:
                yield f"n:{' '.join(sorted(_joined(words)))}"


def is_pinyin(word: str) -> bool:
    """Whether a word (lower case) can be read as Mandarin syllables in Hanyu Pinyin."""
    return _PINYIN.fullmatch(word) is not None


def _runs(name: str) -> Iterator[list[str]]:
    """The name's parts between common words: "Chief Executive Zhang Ping'an" is only the person's name."""
    run: list[str] = []
    for word in [*name.split(" "), ""]:
        plain = normalize(word)
        if not plain or plain in _COMMON or " " in plain:
            if run:
                yield run
            run = plain.split() if " " in plain else []
        elif len(plain) > 1:
            run.append(plain)


def _joined(words: list[str]) -> list[str]:
    """ "Zhang Ping An" as "Zhang Pingan", as most others write it."""
    if len(words) == 3 and all(is_pinyin(word) for word in words):
        return [words[0], words[1] + words[2]]
    return words


_SYLLABLE = (
    r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|van|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|ve|er|[aeiouv])"
)
_PINYIN = re.compile(rf"(?:{_SYLLABLE}){{1,4}}")
