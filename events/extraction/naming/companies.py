"""How well an organization's name fits another: legal forms, short forms, initials, descriptions of its parts."""

from __future__ import annotations

import re

from events.extraction.naming.people import NO_FIT, Fit
from events.extraction.naming.words import listed
from events.extraction.script import simplified
from events.names import is_chinese, keys, normalize

HINT = 0.52
"""The fit of a name that only begins or ends as another: worth showing, no doubt that stands in the way."""
_POSSESSIVE = re.compile(r"['’]s$")
_OWNER = re.compile(r"^(?P<owner>.+?)(?:['’]s?|的|旗下|麾下) ?(?P<part>\S.*)$")
_CHINESE_LEGAL = re.compile(
    r"(?:股份|控股|集团|集團|科技|技术|技術|实业|實業|发展|發展|投资|投資|国际|國際|（中国）|\(中国\)){0,4}"
    r"(?:有限责任公司|有限責任公司|股份有限公司|有限公司|公司|集团|集團|控股|股份)$"
)
_CHINESE_PLACE = re.compile(
    r"^(?:中国|中國|北京|上海|深圳|广州|廣州|杭州|南京|天津|重庆|重慶|苏州|蘇州|成都|武汉|武漢|浙江|江苏|江蘇|广东|廣東|山东|山東|福建|四川|湖北|湖南|河北|河南|安徽)市?省?"
)
_CHINESE_GENERAL = re.compile(
    r"^(?:科技|技术|技術|实业|實業|智造|制造|製造|电子|電子|网络|網絡|信息|資訊|能源|汽车|汽車|医药|醫藥|生物|食品|银行|銀行|证券|證券|保险|保險|集团|集團|控股|股份|有限|责任|責任|公司|国际|國際|投资|投資|发展|發展)+$"
)
_COUNTRY = re.compile(r"^(?:u s|us|u k|uk|eu|the) (?=\w+ \w)")
"""Before an authority's name: the U.S. Securities and Exchange Commission."""
_SMALL = frozenset({"and", "of", "the", "for", "de", "des", "et", "und"})


def bare(name: str) -> str:
    """A company's name, normalized, without its legal form (Inc., Ltd., 股份有限公司) and a trailing 's."""
    text = _POSSESSIVE.sub("", name.strip())
    if is_chinese(text):
        return simplified(_CHINESE_LEGAL.sub("", text) or text)
    words = _COUNTRY.sub("", normalize(text)).split()
    while len(words) > 1 and (
        words[-1] in listed("legal_forms") or " ".join(words[-2:]) in listed("legal_forms")
    ):
        words.pop()
    return " ".join(words)


def initials(name: str) -> str:
    """The first letters of a name's words, small words left out; "" for a name of one or two words."""
    words = [word for word in bare(name).split() if word not in _SMALL]
    return "".join(word[0] for word in words) if len(words) > 2 else ""


def fit(name: str, other: str) -> Fit:
    """How well two names of organizations fit, 0 to 1, and why."""
    left, right = normalize(name), normalize(other)
    if left == right:
        return (1.0, f"same name: {other}")
    bare_left, bare_right = bare(name), bare(other)
    if bare_left and bare_left == bare_right:
        return (0.95, f"same without the legal form: {other}")
    if is_chinese(name) != is_chinese(other):
        return (0.6, f"sounds like {other}") if keys(name) & keys(other) else NO_FIT
    if is_chinese(name):
        return _chinese(bare_left, bare_right, other)
    if keys(name) & keys(other):
        return (0.9, f"same name, written {other}")
    return _shortened(bare_left, bare_right, other)


def without_place(name: str) -> str:
    """A Chinese name without the place that it begins with."""
    return _CHINESE_PLACE.sub("", name) or name


def _chinese(left: str, right: str, other: str) -> Fit:
    whole = simplified(other)
    if len(left) > len(right) and whole.startswith(left) and _CHINESE_GENERAL.match(whole[len(left) :]):
        return (0.9, f"short for {other}")
    short, long = sorted((without_place(left), without_place(right)), key=len)
    if short == long:
        return (0.88, f"same without the place: {other}") if len(short) > 1 else NO_FIT
    if len(short) >= 2 and long.startswith(short):
        # Only the shorter of the two can be a short form; a longer one may be another company's name.
        is_short = short == without_place(left) and _CHINESE_GENERAL.match(long[len(short) :])
        return (0.84, f"short for {other}") if is_short else (HINT, f"begins as {other}")
    if keys(left) & keys(right):
        return (0.5, f"sounds like {other}")
    return NO_FIT


def _shortened(left: str, right: str, other: str) -> Fit:
    short, long = sorted((left, right), key=len)
    if len(short) > 1 and short.replace(" ", "") == initials(long):
        return (0.78, f"initials of {other}")
    words, others = short.split(), long.split()
    if words and others[: len(words)] == words:
        rest = others[len(words) :]
        general = listed("general_words") | listed("legal_forms") | _SMALL
        if short == left and all(word in general for word in rest):
            return (0.84, f"short for {other}")
        return (HINT, f"begins as {other}")
    if len(words) > 1 and others[-len(words) :] == words:
        return (HINT, f"ends as {other}")
    return NO_FIT


def part_of(name: str) -> tuple[str, str] | None:
    """Owner and part of a description: "Huawei's cloud unit" is ("Huawei", "cloud"), "the Northlake's Conduct
    Committee" ("Northlake", "conduct committee"); None for a name that is none."""
    match = _OWNER.match(name.strip().removeprefix("the "))
    if match is None:
        return None
    part = simplified(match["part"].strip()) if is_chinese(name) else normalize(match["part"])
    return (match["owner"], _without_unit(part))


def _without_unit(part: str) -> str:
    if is_chinese(part):
        for unit in sorted(listed("units"), key=len, reverse=True):
            if part.endswith(unit) and len(part) > len(unit):
                return part[: -len(unit)]
        return part
    words = part.split()
    while len(words) > 1 and words[-1] in listed("units"):
        words.pop()
    return " ".join(words)


def described(name: str, other: str, parents: tuple[str, ...]) -> Fit:
    """How well a description ("Huawei's cloud unit") fits an organization by its name and those that it is part of."""
    found = part_of(name)
    if found is None:
        return NO_FIT
    owner, part = found
    shown = bare(other)
    belongs = any(_same(owner, parent) for parent in parents)
    if belongs and (shown == part or shown == f"{bare(owner)} {part}" or shown == f"{bare(owner)}{part}"):
        return (0.9, f"that of {owner}: {other}")
    if shown in {f"{bare(owner)} {part}", f"{bare(owner)}{part}"}:
        return (0.85, f"the {part} part of {owner}: {other}")
    if belongs and part and part in shown:
        return (0.8, f"part of {owner}: {other}")
    return NO_FIT


def _same(one: str, other: str) -> bool:
    return fit(one, other)[0] >= 0.84
