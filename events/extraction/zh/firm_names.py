"""What the names of Chinese firms look like, whatever characters they are made of."""

from __future__ import annotations

import re

from events.extraction.lexicon import words
from events.extraction.zh import arguments
from events.extraction.zh.discourse import BODY
from events.extraction.zh.names import HAN
from events.extraction.zh.tokens import tag_of, tokens, weight_of

_OPENING = re.compile(
    r"(?:\*?(?:新股|次新股|港股|美股|个股|股票|原告|被告|该案原告|随着|除了|因为|由于|针对|至于|而|但|其中|此外|另外|另|同时|只有|连(?!续)|就连|继|据悉|日前|近日|目前|随后|今早|曾经|昔日|受访|涉事|上市公司|公司))+(?=.{2})"
)
_GENERIC = re.compile(
    r"^(?:[一二三四五六七八九十两多几数]+(?:家|名|位|个)|公司|该|本|其|这|那|此|有|据|因|经|另|受|被)|(?:方面|人士|消息|信中|文件|今日|昨日|同时)$"
)
_ROLE = re.compile(
    r"时任|原任|现任|二人|两人|三人|四人|责任人|人员|当事人|上述|相关|董事|监事|总裁|经理|总监|高管|客户"
)
_COMMON = frozenset(["v", "d", "p", "c", "r", "u", "i", "l", "ad", "f"])


def bare(s: str, left: int, right: int) -> tuple[int, int]:
    """Positions of a topic without what leads to it: 茶饮品牌 + name, 新股 + name."""
    for _ in range(3):
        start = left
        if lead := _OPENING.match(s, left, right):
            left = lead.end()
        left, right = arguments.strip(s, left, right)
        if left == start:
            break
    return left, right


_PLAIN = re.compile(rf"[{HAN}A-Za-z0-9*]+")
_NUMBERED = re.compile(r"[A-Za-z]\d|\d$")


def odd(name: str) -> bool:
    """Whether words cannot be ordinary ones: single characters that no word accounts for, none of them grammatical."""
    if not 2 <= len(name) <= 8 or not _PLAIN.fullmatch(name) or not _NEVER_THERE.isdisjoint(name):
        return False
    if not stands_alone(name) or described(name):
        return False
    if (
        name[0] in "对把将被由向归扣按占涉新最并且又还也都而就即则故因虽若从自于"
        or "旗下" in name
        or _NUMBERED.search(name)
    ):
        return False
    if BODY.search(name) or not (arguments.is_name(name) or _unlisted(name)):
        return False
    split = tokens(name)
    common = any(
        t.end - t.start > 1 and (t.tag in _COMMON or name[t.start : t.end] in words("zh", "breaks"))
        for t in split
    )
    return not common and any(
        t.end - t.start == 1 or not t.tag or t.tag in ("ns", "nr", "nz", "j") for t in split
    )


def described(name: str) -> bool:
    """Whether words are a role or a description, or begin or end as one does: 当事人, 一家厂商, 知情人士."""
    return _ROLE.search(name) is not None or _GENERIC.search(name) is not None


def stands_alone(name: str) -> bool:
    """Whether words name one firm rather than a sort of firm: neither 大股东 nor 上市公司."""
    return (
        name not in words("zh", "descriptors")
        and name not in words("zh", "not_orgs")
        and not arguments.GENERIC.fullmatch(name)
    )


_RARE = 6.0
"""Natural logarithm of the frequency up to which a common word is taken for a firm's name before a trade: 启程 + 航空."""


def trading(head: str) -> bool:
    """Whether words before a trade are a firm's own name and not a sort of firms: 启程 + 航空, but not 民用 + 航空."""
    if not 1 < len(head) < 5 or head in words("zh", "sorts") or any(c in _NEVER_THERE for c in head):
        return False
    tag = tag_of(head)
    if tag:
        return tag not in _GRAMMATICAL and weight_of(head) <= _RARE
    if len(head) == 3 and head[0] in "新大小老金红蓝绿白" and tag_of(head[1:]) in ("n", "v", "vn", "a"):
        return True  # 新希望 + 航空
    split = tokens(head)
    return all(t.end - t.start == 1 and t.tag not in _BINDING for t in split)


_GRAMMATICAL = frozenset(["p", "c", "u", "r", "d", "m", "q", "t"])
_BINDING = frozenset(["p", "c", "u", "r"])


def _unlisted(name: str) -> bool:
    """Whether most of a name's characters stand for themselves: no list has words for them."""
    return sum(t.end - t.start == 1 for t in tokens(name)) * 2 > len(name) and len(name) > 2


_NEVER_THERE = frozenset(
    "的了是们这那哪什么吗呢吧不没很也都还又再就才只把给让使叫说称问我你他她它其此该某每各几多少几家名位年月日"
)
