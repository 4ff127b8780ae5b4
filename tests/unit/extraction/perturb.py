"""The same articles about others: people, companies, figures and dates replaced, in text and labels alike.

What extraction reads must come from how a text speaks, not from whom it names. A replacement is made everywhere in
an article (text, labels, aliases, quotes), so that who is who stays as it was. Names become names of the same make:
as many words or characters, Chinese ones Chinese. Years move by 28, after which the calendar is the same again.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import events.extraction
from events.names import is_chinese

JSON = dict[str, Any]
LISTS = Path(events.extraction.__file__).parent
YEARS = 28
GIVEN = [
    "Edda",
    "Ruben",
    "Salome",
    "Ivo",
    "Tamsin",
    "Wilfred",
    "Oksana",
    "Hector",
    "Brigid",
    "Anselm",
    "Lucasta",
    "Piotr",
    "Yusuf",
    "Amara",
    "Jorunn",
    "Kenji",
    "Leocadia",
    "Mateus",
    "Nerys",
    "Osric",
    "Priska",
    "Quentin",
    "Roswitha",
    "Sunniva",
    "Tobiah",
    "Ulrika",
    "Viggo",
    "Wanjiru",
    "Xenia",
    "Yannick",
    "Zelda",
    "Bartolo",
]
FAMILY = [
    "Varga",
    "Nyberg",
    "Costello",
    "Ibarra",
    "Thackeray",
    "Lindgren",
    "Moravec",
    "Osei",
    "Pellegrin",
    "Quayle",
    "Radomski",
    "Sandoval",
    "Tvedt",
    "Uchida",
    "Vasquez",
    "Whitlock",
    "Yilmaz",
    "Zuckschwerdt",
    "Abernathy",
    "Bjarnason",
    "Castellanos",
    "Drummond",
    "Eskildsen",
    "Farquhar",
    "Gallagher",
    "Hakimi",
    "Iyer",
    "Jankowski",
    "Kowalczyk",
    "Lachapelle",
    "Mbeki",
    "Nakagawa",
]
PINYIN_FAMILY = [
    "Qin",
    "Luo",
    "Xie",
    "Tang",
    "Deng",
    "Feng",
    "Cao",
    "Peng",
    "Zeng",
    "Xiao",
    "Tian",
    "Dong",
    "Pan",
    "Yuan",
    "Cai",
    "Jiang",
]
PINYIN_GIVEN = [
    "Haoyu",
    "Ruixin",
    "Mingze",
    "Yichen",
    "Zihan",
    "Kaiwen",
    "Shuyi",
    "Jiaqi",
    "Wenbo",
    "Xinyi",
    "Lirong",
    "Qiming",
]
COMPANY = [
    "Calvor",
    "Dunmere",
    "Heskin",
    "Oastley",
    "Perrindale",
    "Quorvane",
    "Rastwick",
    "Sellander",
    "Tormund",
    "Ulverton",
    "Vasterby",
    "Wexcombe",
    "Yarrowby",
    "Zentara",
    "Brackwell",
    "Corvid",
    "Dellmore",
    "Estoril",
    "Fennimore",
    "Gravesend",
    "Holloway",
    "Inverarn",
    "Jessop",
    "Kelvedon",
    "Lorimer",
]
ZH_FAMILY = "秦罗谢唐邓冯曹彭曾萧田董潘袁蔡蒋"
ZH_GIVEN = "昊宇瑞欣明泽一辰梓涵凯文书怡嘉琪文博启铭立蓉"
ZH_COMPANY = "澜岳翊辰岚启禾砺珩川屿澄曜铄霁渊栩泊沣瑄"
_BODY = re.compile(
    r"(?:Committee|Board|Commission|Authority|Court|Exchange|Office|Department|Bureau|Ministry|Council)\b"
)
"""What a body is called says what it does."""
_LATIN = "A-Za-z0-9\u00c0-\u024f"
"""What ends a Latin word; in a Chinese sentence the characters beside it do not."""
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_LITERAL = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\d]|\.\d)")
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")


def perturbed(document: JSON, seed: int) -> JSON:
    """The article about others; the same for the same seed."""
    chance = random.Random(f"{seed} {document['id']}")  # noqa: S311 - a repeatable choice, no secret
    pairs = [*_names(document, chance), *_figures(document, chance)]
    made = _everywhere(document, _replacing(pairs))
    for claim in _claims(made):
        _numbers(claim, {_value(old): _value(new) for old, new in pairs if _LITERAL.fullmatch(old)})
    moved: JSON = _everywhere(made, lambda text: _YEAR.sub(lambda m: str(int(m[0]) - YEARS), text))
    return moved | {"id": document["id"], "source": document["source"]}


def _claims(document: JSON) -> list[JSON]:
    return [*document["claims"], *document.get("optional", [])]


def _everywhere(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_everywhere(item, change) for item in value]
    if isinstance(value, dict):
        return {key: _everywhere(item, change) for key, item in value.items()}
    return value


def _replacing(pairs: list[tuple[str, str]]) -> Callable[[str], str]:
    """One pass over a text, longest first, so that nothing is replaced twice; Latin words only whole, and in headings of
    capitals too."""
    if not pairs:
        return lambda text: text
    table = {old.upper(): new.upper() for old, new in pairs} | dict(pairs)
    forms = sorted(table, key=len, reverse=True)
    parts = [
        re.escape(old) if is_chinese(old) else rf"(?<![{_LATIN}]){re.escape(old)}(?![{_LATIN}])"
        for old in forms
    ]
    pattern = re.compile("|".join(parts))
    return lambda text: pattern.sub(lambda m: table[m[0]], text)


def _names(document: JSON, chance: random.Random) -> Iterator[tuple[str, str]]:
    people, companies = set[str](), set[str]()
    for claim in _claims(document):
        subject = claim["subject"]
        for party in (subject, *claim.get("participants", [])):
            kind = party["type"]
            if kind in ("person", "organization"):
                (people if kind == "person" else companies).update([party["name"], *party.get("aliases", [])])
        if subject.get("organization"):
            companies.add(subject["organization"])
    ordinary = _listed_words()
    yield from _chinese_people(sorted(n for n in people if is_chinese(n)), chance)
    yield from _western_people(sorted(n for n in people if not is_chinese(n)), ordinary, chance)
    own = {word for name in people for word in name.split()}
    yield from _companies(sorted(companies), ordinary | own, document["text"], chance)


def _western_people(names: list[str], ordinary: set[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    pools = [chance.sample(pool, len(pool)) for pool in (GIVEN, FAMILY, PINYIN_FAMILY, PINYIN_GIVEN)]
    given, family, pinyin_family, pinyin_given = pools
    done = set(ordinary)
    for name in sorted(names, key=lambda n: -len(n.split())):
        words = [w for w in name.split() if re.fullmatch(r"[^\W\d_][\w'’-]{2,}", w) and w[0].isupper()]
        for place, word in enumerate(words):
            if word in done or word in _MONTHS:
                continue
            done.add(word)
            is_pinyin = bool(re.search(r"['’]", word)) and "Zh" not in word[2:] and len(words) == 2
            is_pinyin_family = place == 0 and len(words) == 2 and bool(re.search(r"['’]", words[1]))
            pool = pinyin_given if is_pinyin and place == 1 else pinyin_family if is_pinyin_family else None
            pool = pool if pool is not None else given if place == 0 and len(words) > 1 else family
            if pool:
                yield word, pool.pop()


def _chinese_people(names: list[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    families = chance.sample(ZH_FAMILY, len(ZH_FAMILY))
    for name in names:
        if re.fullmatch(r"[一-鿿]{2,3}", name) and families and not name.endswith("某"):
            given = "".join(chance.sample(ZH_GIVEN, len(name) - 1))
            yield name, families.pop() + given


def _companies(
    names: list[str], ordinary: set[str], text: str, chance: random.Random
) -> Iterator[tuple[str, str]]:
    """New words for what is a company's own in its name; what says what it is (Group, 股份有限公司) stays."""
    pool = chance.sample(COMPANY, len(COMPANY))
    characters = chance.sample(ZH_COMPANY, len(ZH_COMPANY))
    lower = set(re.findall(r"\b[a-z]+\b", text))
    done = set[str]()
    for name in names:
        if is_chinese(name):
            stem = _chinese_stem(name, ordinary)
            if len(stem) == 2 and stem not in done and len(characters) >= 2:
                done.add(stem)
                yield stem, characters.pop() + characters.pop()
            continue
        if _BODY.search(name):
            continue
        for word in re.findall(rf"(?<![{_LATIN}'’-])[A-Z][a-z]{{3,}}(?![{_LATIN}'’-])", name):
            if word not in ordinary and word.lower() not in lower and word not in done and pool:
                done.add(word)
                yield word, pool.pop()


def _chinese_stem(name: str, ordinary: set[str]) -> str:
    """The first two characters of a company's name, where they are its own; "" otherwise."""
    is_own = re.fullmatch(r"[一-鿿]{4,}", name) and name[:2] not in ordinary and name not in ordinary
    return name[:2] if is_own and not re.search("[中国央证交监法局委部市省港北上深沪粤]", name[:2]) else ""


def _listed_words() -> set[str]:
    """Words that any of extraction's lists knows: what they mean is not a matter of whose name they are in."""
    found = set[str]()
    for path in [*(LISTS / "en").glob("*.txt"), *(LISTS / "zh").glob("*.txt")]:
        text = path.read_text(encoding="utf-8")
        found |= {word.capitalize() for word in re.findall(r"[A-Za-z]{3,}", text)}
        found |= set(re.findall(r"[一-鿿]{2,}", text))
        found |= {word[:2] for word in re.findall(r"[一-鿿]{3,}", text)}
    return found


def _figures(document: JSON, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Other digits for each figure that a label is read from: as many of them, so that its size stays."""
    values = {abs(v) for claim in _claims(document) for v in _values(claim)}
    for literal in sorted(set(_LITERAL.findall(document["text"]))):
        digits = literal.replace(",", "").replace(".", "")
        if len(digits) < 2 or _YEAR.fullmatch(literal) or (len(digits) == 2 and "." not in literal):
            continue  # days, grades and years are no figures
        if any(_is_scaled(value, _value(literal)) for value in values):
            yield (
                literal,
                "".join(_other_digit(c, n == 0, chance) if c.isdigit() else c for n, c in enumerate(literal)),
            )


def _other_digit(digit: str, leads: bool, chance: random.Random) -> str:
    if digit == "0":
        return digit
    return chance.choice([d for d in "123456789" if d != digit] if leads else "123456789")


def _values(claim: JSON) -> Iterator[float]:
    for row in [*claim.get("measures", []), *claim.get("penalties", []), claim.get("headcount") or {}]:
        for key in ("value", "amount", "change", "threshold", "min", "max"):
            if isinstance(row.get(key), int | float) and row[key]:
                yield float(row[key])


def _value(literal: str) -> float:
    return float(literal.replace(",", ""))


def _is_scaled(value: float, figure: float) -> bool:
    return any(abs(value - figure * 10.0**power) <= abs(value) * 1e-9 for power in range(-3, 13))


def _numbers(claim: JSON, figures: dict[float, float]) -> None:
    """Gives a label's figures the values that the text now has."""
    for row in [*claim.get("measures", []), *claim.get("penalties", []), claim.get("headcount") or {}]:
        for key in ("value", "amount", "change", "threshold", "min", "max"):
            number = row.get(key)
            if isinstance(number, int | float) and number:
                row[key] = _renumbered(float(number), figures)


def _renumbered(number: float, figures: dict[float, float]) -> float:
    for old, new in figures.items():
        for power in range(-3, 13):
            if old and abs(abs(number) - old * 10.0**power) <= abs(number) * 1e-9:
                return float(f"{new * 10.0**power:.12g}") * (-1 if number < 0 else 1)
    return number
