"""Chinese sums of money, percentages, numbers and counts of people."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import Chart, Pattern, simple

_CURRENCY = {
    "元": "CNY", "人民币": "CNY", "美元": "USD", "港元": "HKD", "港币": "HKD", "欧元": "EUR", "英镑": "GBP", "日元": "JPY",
    "瑞士法郎": "CHF", "瑞郎": "CHF", "新台币": "TWD", "台币": "TWD", "韩元": "KRW", "新加坡元": "SGD", "新元": "SGD",
    "卢布": "RUB", "印度卢比": "INR", "卢比": "INR", "澳元": "AUD", "加元": "CAD",
}  # fmt: skip
_SCALE = {
    "万亿": 1e12,
    "千亿": 1e11,
    "百亿": 1e10,
    "亿": 1e8,
    "千万": 1e7,
    "百万": 1e6,
    "万": 1e4,
    "千": 1e3,
    "": 1.0,
}
_QUALIFIER = r"(?P<q>超过|超|逾|突破|高于|不低于|不少于|至少|不超过|最高|至多|低于|不到|近|约|大约|约为)?"
_QUALIFIERS = {
    "超过": "more_than", "超": "more_than", "逾": "more_than", "突破": "more_than", "高于": "more_than",
    "不低于": "at_least", "不少于": "at_least", "至少": "at_least", "不超过": "at_most", "最高": "at_most",
    "至多": "at_most", "低于": "less_than", "不到": "less_than", "近": "about", "约": "about", "大约": "about", "约为": "about",
}  # fmt: skip
_HAN_NUMBER = r"[一二两三四五六七八九十百][零一二两三四五六七八九十百千万亿0]*"
_CURRENCIES = "|".join(sorted(_CURRENCY, key=len, reverse=True))
_MONEY = Pattern(
    # A first look at the character spares most of them the alternatives.
    rf"(?=[超逾突高不至最低近约大人新港\d一二两三四五六七八九十百]){_QUALIFIER}(?P<pre>人民币|新台币|港币)?(?P<n>\d[\d,]*(?:\.\d+)?|(?<![第十百千万\d.]){_HAN_NUMBER})(?P<more>余|多)?(?P<s>万亿|千亿|百亿|亿|千万|百万|万|千)?(?P<more2>余|多)?(?:的)?(?P<c>{_CURRENCIES})"
)
_PERCENT = Pattern(
    rf"(?=[超逾突高不至最低近约大\d一二三四五六七八九两百])(?:{_QUALIFIER}(?P<n>\d+(?:\.\d+)?)(?:%|个百分点)|{_QUALIFIER.replace('<q>', '<q2>')}(?P<tenths>[一二三四五六七八九两])成(?P<half>半|[一二三四五六七八九](?![个家名位]))?|百分之(?P<hundredths>[一二两三四五六七八九十百]+)(?:点(?P<point>[零一二三四五六七八九]+))?)"
)
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "单": 1}
NUMBER = r"(?:\d+|[一二两三四五六七八九十]{1,3})"
_PLACES = {"十": 10, "百": 100, "千": 1000}


def whole(words: str) -> float:
    """A number in Chinese numerals ("四千二百", "三万", "一亿二千万") or in digits; 0 where it is neither."""
    if words[:1].isdigit():
        return float(words.replace(",", ""))
    total, section, digit = 0.0, 0.0, 0.0
    for char in words:
        if char in _DIGITS or char == "0":
            digit = float(_DIGITS.get(char, 0))
        elif char in _PLACES:
            section += (digit or 1.0) * _PLACES[char]
            digit = 0.0
        elif char in "万亿":
            total = (
                (total + section + digit) * (1e4 if char == "万" else 1e8)
                if char == "亿"
                else total + (section + digit) * 1e4
            )
            section, digit = 0.0, 0.0
        else:
            return 0.0
    return total + section + digit


def number(words: str) -> int:
    """A whole number below a hundred in Chinese or any in digits; 0 where it is neither."""
    if words.isdigit():
        return int(words)
    tens, mark, ones = words.partition("十")
    if mark:
        return (_DIGITS.get(tens, 1) if tens else 1) * 10 + (_DIGITS.get(ones, 0) if ones else 0)
    return _DIGITS.get(words, 0)


_HONG_KONG = re.compile(r"港元|港币|联交所|港交所|香港|廉署|廉政公署|本港|铜锣湾|荃湾|九龙|中环|恒指|港府")
_TAIWAN = re.compile(
    r"新台币|台币|金管会|公平会|证交所|柜买|上柜|台股|台湾|新竹|台北|竹科|立法院|重讯|股东常会"
)


def local_currency(text: str) -> str:
    """What 元 alone means in a text: dollars of Hong Kong or Taiwan in texts of theirs, else renminbi."""
    hong_kong, taiwan = len(_HONG_KONG.findall(text)), len(_TAIWAN.findall(text))
    if not hong_kong and not taiwan:
        return "CNY"
    return "HKD" if hong_kong >= taiwan else "TWD"


def find(chart: Chart, local: str = "CNY") -> None:
    """Replaces sums of money and percentages by mentions; values in units of the currency, percentages as fractions.

    `local` is the currency (ISO 4217) of sums in 元 alone.
    """
    found = []
    for match in _MONEY.finditer(chart):
        value = round(whole(match["n"]) * _SCALE[match["s"] or ""], 2)
        currency = local if match["c"] == "元" and not match["pre"] else _CURRENCY[match["pre"] or match["c"]]
        measure: dict[str, Any] = {"value": value, "currency": currency}
        more = "more_than" if match["more"] or match["more2"] else ""
        qualifier = _QUALIFIERS.get(match["q"] or "") or more
        if qualifier:
            measure["qualifier"] = qualifier
        found.append((match.start(), match.end(), simple(chart, match, "money", measure)))
    chart.replace(found)
    found = []
    for match in _PERCENT.finditer(chart):
        if match["n"]:
            value = float(match["n"]) / 100
        elif match["tenths"]:
            half = match["half"]
            value = number(match["tenths"]) / 10 + (
                0.05 if half == "半" else number(half) / 100 if half else 0
            )
        else:
            point = "".join(str(_DIGITS[c]) for c in match["point"] or "")
            value = (whole(match["hundredths"]) + (float(f"0.{point}") if point else 0)) / 100
        share: dict[str, Any] = {"value": round(value, 8)}
        if share_qualifier := _QUALIFIERS.get(match["q"] or match["q2"] or ""):
            share["qualifier"] = share_qualifier
        found.append((match.start(), match.end(), simple(chart, match, "percent", share)))
    chart.replace(found)


_WHO = "员工|雇员|职员|工人|店员|职工|人员|干部|高管|经理|主管|管理者|工程师|同事|伙伴|矿工|司机|骑手|教师|医护|编制|岗位|职位|名额|职缺|员额|工作|人手"
PEOPLE = re.compile(
    rf"(?P<q>超过|超|逾|约|近|至少|多达|大约|上)?(?P<n>\d[\d,]*|(?<![第十百千万\d.])[一二两三四五六七八九十百千][一二两三四五六七八九十百千零]*)(?P<s>万|千)?(?P<more>余|多|来|几)?"
    rf"(?:(?:名|个|位|人|份)(?:[\u4e00-\u9fff]{{0,6}}?(?:{_WHO})|(?=[，。；、将被已在遭失因拿])|(?<=人)(?![民事力员才均次]))|[\u4e00-\u9fff]{{0,4}}?(?:员工|雇员|职员|工人|岗位|职位))"
    r"|(?P<vague>数千|上千|数百|上百|数万|上万|成百上千)(?:名|个|人|位)(?:员工|岗位|雇员|职位)?"
)
_VAGUE = {
    "数千": 2000,
    "上千": 1000,
    "数百": 200,
    "上百": 100,
    "数万": 20000,
    "上万": 10000,
    "成百上千": 1000,
}


def headcount(match: re.Match[str], words: str) -> dict[str, Any]:
    """The number of people that a match of `PEOPLE` gives."""
    if match["vague"]:
        return {"min": _VAGUE[match["vague"]], "text": words}
    return {"min": int(whole(match["n"]) * _SCALE[match["s"] or ""]), "text": words}
