"""Whether words can be the name of a claim's subject: the last check before a draft becomes a claim."""

from __future__ import annotations

import re

_LONGEST = 120
_LONGEST_CHINESE = 40
_PAIRS = ("“”", "（）", "()", "《》", "「」", "[]")
_QUOTES = re.compile(r"[“”（）()《》「」\[\]\"]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_GENERIC = re.compile(
    r"(?:该|本|上市|此|其|一家|这家|两家|多家|有关|相关|涉事)?(?:公司|企业|集团|股票|个股|证券|机构|部门|单位)(?:股票|股份|证券|股价)?"
    r"|(?:[Tt]he |[Ii]ts |[Aa]n? )?(?:company|firm|group|bank|board|shares|stock|trading|it|they|he|she|unit|team)"
    r"|暂停|终止|强制|主动|正式|申请|最终|目前|此次|本次"
)
_NO_NAME = re.compile(
    r"可能|最终(?!幻想)|会不会|是否|能否|不排除|有望|应当|必须|认为|表示|担心|担憂|猜测|即将|尚未|已经|正在|没有|因为|所以|如果"
    r"|存在[被的]|^董事会.|^股东大?会.|决议|罢免|面临|实施|實施|或将|或將|大概率|何时|何時|為何|为何|股价|股價|公司股票|恐[遭被将將]"
    r"|\b(?:may|might|could|would|whether|should|possibly|perhaps|probably)\b"
)


def names_something(name: str) -> bool:
    """Whether a subject's words are a name: no modal, adverb or verb in them, quotes in pairs, no mere "the company"."""
    longest = _LONGEST_CHINESE if _HAN.match(name) else _LONGEST
    if not 1 <= len(name.strip()) <= longest:
        return False
    if _QUOTES.search(name) and (
        any(name.count(pair[0]) != name.count(pair[1]) for pair in _PAIRS) or name.count('"') % 2
    ):
        return False
    return not (_GENERIC.fullmatch(name) or _NO_NAME.search(name))
