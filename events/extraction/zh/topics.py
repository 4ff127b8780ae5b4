"""Chinese firms found by where their names stand: first in a clause about what only firms do, or again and again."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from events.extraction.chart import CODES, Chart
from events.extraction.model import Span
from events.extraction.zh.firm_names import bare, odd
from events.extraction.zh.names import HAN, Cast, name_at
from events.extraction.zh.tokens import Token, tokens

_D = CODES["date"]
_FIRM_ACTS = re.compile(
    r"递交|递表|提交|呈交|递件|送件|报送|招股|聆讯|过会|IPO|上市|挂牌|首挂|敲钟|登陆|登板|停牌|复牌|摘牌|除牌|退市|下市|暂停买卖|停止买卖|暂停交易|撤回|撤单|撤件"
    r"|问询|注册|备案|受理|名单|清单|制裁|营收|营业|净利|净损|净亏|纯利|溢利|纯益|盈余|亏损|收入|裁员|裁减|裁撤|资遣|起诉|告上|提告|和解|指控|举报|狙击|指责|投诉|召回|更名|改名|收购|关停|开盘|收盘|跌停|涨停|收涨|收跌|盘中|公告|宣布|回应|撤销|解散|份额|市占"
)
"""What firms do or suffer: the gate of looking for names before it."""
_SUREST = re.compile(
    r"上市申请|上市聆讯|实体列表|招股|聆讯|过会|IPO|首发|股票|敲钟|停牌|摘牌|除牌|退市|下市|买卖|撤单|科创板|创业板|北交所|主板|递表|挂牌|首挂|名单|清单|营收|净利|净亏|净损|纯利|裁员"
)
_TOPIC_END = re.compile(
    rf"{_D}|[（(的将已获被遭拟因于在自从向对与和跟及或指称、，：]|宣布|公告|公布|披露|发布|正式|顺利|成功|首次|首度|再次|再度|[一二三四五六七]度|第[二三四]次|主动|双双|同日|收到|完成|通过|拿到|取得|启动|敲|起诉|状告|控告|指控|狙击|指责"
    r"|科创板|创业板|主板|北交所|港股|美股|A股|H股|B股|IPO|首发|的?招股|的?上市|递表|递交|提交|过会|挂牌|首挂|登陆|停牌|复牌|摘牌|除牌|退市|终止|撤回|撤单|短暂停|暂停"
    r"|第[一二三四]季|全年|上半年|下半年|前三季|中期|实现|营收|净利|净亏|亏损|收入|预计|扭亏|裁员|否认|回应|进入|启用|更名|改名|陷|重获|今|昨|股票|股份(?=[于自将被今昨])|至今|午后|午间|早盘|定下|首日|上了|开盘|盘中|尾盘|收盘|高开|低开|跌停|涨停|大涨|大跌|方面"
)
"""What a firm's name as a clause's topic ends before."""
_TOPIC_START = re.compile(
    rf"(?:^|[，。；：！？】”])(?:{_D}(?:晚间|上午|下午|早间|晚)?[，]?)?(?:因|由于|鉴于)?"
)
_HUMAN = re.compile(
    r"辞|罢免|免去|任|罚|警告|处分|董事|总裁|经理|先生|女士|他|她|接受|调查|拘|捕|诉|举报|减持|增持|持有"
)


def topics(chart: Chart, cast: Cast) -> list[Span]:
    """Notes what stands first in a clause about what firms do, whatever characters it is made of: 特来宁 + 今日停牌.

    The name is bounded by what follows it (a date, a coverb, an adverb of such news), not by its own words.
    """
    taken: list[Span] = []
    if not _FIRM_ACTS.search(chart.s):
        return taken
    for start in _TOPIC_START.finditer(chart.s):
        at = start.end()
        stop = min((p for m in "，。；：" if (p := chart.s.find(m, at)) >= 0), default=len(chart.s))
        names: list[tuple[int, int]] = []
        while end := _TOPIC_END.search(chart.s, at + 2, at + 14):
            names.append((at, end.start()))
            if end[0] not in ("、", "和", "与", "及"):
                break
            at = end.end()
        clause = chart.s[start.end() : stop]
        if not names:
            continue
        for left, right in names:
            left, right = bare(chart.s, left, right)
            if odd(chart.s[left:right]):
                name = chart.s[left:right]
                person = len(name) < 4 and name_at(name + "，", 0) == len(name)
                sure = _SUREST.search(clause) is not None
                if person and (not sure or _HUMAN.search(clause)):
                    continue
                cast.organizations.setdefault(name, chart.span(left, right))
                taken.append((left, right))
                if sure and len(names) == 1:
                    cast.firms.add(name)
    return taken


def repeated(text: str, cast: Cast) -> None:
    """Notes names of firms that no list and no suffix shows, by their coming again and again.

    A run of characters that common words do not account for, three times or more in a text, at least once as the
    first words of a clause, is a name; one that can be a person's is left alone.
    """
    counts: Counter[str] = Counter()
    for run in _RUN.findall(text):
        for start, end in _loose(tokens(run)):
            counts.update(
                run[left:right]
                for left in range(start, end - 1)
                for right in range(left + 2, min(left + _LONGEST, end) + 1)
            )
    often = [name for name, count in counts.items() if count >= _OFTEN and _NEVER.isdisjoint(name)]
    for name in sorted(often, key=lambda name: (-len(name), name)):
        total = text.count(name)
        if total < _OFTEN or name_at(name + "，", 0) == len(name):
            continue
        if any(name in longer and text.count(longer) == total for longer in cast.organizations):
            continue
        at = re.search(rf"(?:^|[，。；：、！？“”《》\n 　]|对|向|把|将|与|给){name}(?=[{HAN}\d])", text)
        if at and len(name) > 2:
            cast.organizations.setdefault(name, (at.end() - len(name), at.end()))


_RUN = re.compile(rf"[{HAN}]+")
_OFTEN = 3
"""How often at least a run of characters comes that is taken for a name."""
_LONGEST = 5


def _loose(split: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """From where to where two or more words of one character follow each other."""
    start = -1
    for left, right, _ in split:
        if right - left > 1:
            if 0 <= start < left - 1:
                yield start, left
            start = -1
        elif start < 0:
            start = left
    if split and 0 <= start < split[-1].end - 1:
        yield start, split[-1].end


_NEVER = frozenset(
    "的了是在被将因和与及或等们已未不也都就这那我你他她它其此每各个一二三四五六七八九十两有没很说称从到对向把给让为以而且但若如所之后前中上下里外日月年时分元名位家"
)
