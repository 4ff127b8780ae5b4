"""The clauses of a Chinese sentence: what states something (triggers), and the phrases that it may be about.

A shallow predicate-argument reading. A phrase is a run of nominal words or a mention, with the preposition before it
(由, 被, 向 ...) and whether 的 follows. Who does what is told by order and preposition; a clause without a subject of its own
goes on about the subject of the clause before it (zero anaphora).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.lexicon import lines
from events.extraction.model import Node
from events.extraction.zh.tokens import Token, tag_of, tokens

_MARK = re.compile(r"[，；。：！？:;!?]|——|—|……")
_PREPOSITIONS = frozenset(
    "由 被 遭 获 向 对 将 把 与 和 跟 同 在 于 因 从 自 为 给 至 到 据 按 以 就 关于 对于 针对 根据 按照 除 除了 随着 作为 通过 经 经由 受 遭到 受到 "
    "得到 获得 截至 截止 距 较 比 凭 因为 由于 鉴于 接替 取代 包括 让 令 使 委托 授权 向着 朝 替 代替 联合 会同 携 携手 连同".split()
)
_FUNCTION = frozenset(
    "的了着在于对向被将把由因从自至到和与及或已未不也又仍还均都则就才只很称说是为有让使给遭获受拟要应须其该此这那每各另但而且后前"
    "时内曾再却亦皆以之等们他她它我你谁某今昨拿砍罚指斥令予聘辞撤并起会"
)
_SINGLE_VERBS = frozenset(
    "发做作任升接换派选罚降处收买卖增减涨跌亏赚破推出入到去来想能可看见听问答谈走跑坐站送寄拿用吃喝开关停打写读告请求叫喊管负捐交付签订占列居排涉触犯违遇连持握掌赴赶返归留落失获得受遭是有"
)
_NOMINAL = frozenset(["n", "ns", "vn", "j", "b", "a", "eng", "", "s", "k", "z", "i", "m", "q", "f", "g"])
_NAME_VERBS = frozenset(
    "投资 发展 服务 管理 研发 销售 运营 开发 制造 设计 采购 交付 生产 传动 出行 创新 控股 建设 教育 传播 培训 检测 维修 物流 配送 结算 支付 存储 计算 "
    "通信 印刷 包装 加工 养殖 种植 医疗 护理 养老 餐饮 旅游 租赁 担保 咨询 评估 经营 零售 批发 贸易 进出口 联合 合作 监管 监察 监督 审计 调查 研究 规划 "
    "勘探 勘测 运输 客运 货运 航运 承运 照明 感知 驾驶 起重 装备 测试 测量 翻译 阅读 直播 社交 招聘 外卖 保理 清算 经纪 增值 推广 公关 回收 集成 "
    "分销 直销 储运 供应 供热 供水 供电 排水 绿化 环卫 精工 智造 造船 造纸 冶炼 锻造 铸造 纺织 印染 酿造 烘焙 美容 健身 保洁 安保 救援 应急 指挥 履约 "
    "数据 中心 代工 封装 封测 充电 换电 储能 发电 驱动 影视 游戏 娱乐 演艺 出版 发行 收购 下属 代表 导购 保管 采编 编审 评审 护航".split()
)


_BREAKS = frozenset(
    "首次 首发 首度 再次 再度 近日 日前 目前 早前 此前 当时 最近 近期 不久 随后 随即 此次 本次 原定 原本 本该 整体 全部 全数 一并 统一 双双 分别 先后 同步 全面 全线 大幅 小幅 "
    "最终 终于 正式 主动 自愿 自行 即日 即时 立即 同时 期间 方面 资料 消息 数据显示 显示 自己 本人 累计 合计 共计 单季 单月 全年 上午 下午 凌晨 深夜 晚间 早上 中午 傍晚 早间 盘中 盘后 盘前 开市 收市 收盘 开盘 首日 当场 现场".split()
)


@dataclass(slots=True)
class Phrase:
    """A nominal phrase: positions of the sentence, the mention it is (if it is just one), its preposition."""

    start: int
    end: int
    node: Node | None = None
    prep: str = ""
    of: bool = False
    joined: bool = False

    @property
    def type(self) -> str:
        """The mention's type, or "words"."""
        return self.node.type if self.node else "words"


@dataclass(slots=True)
class Trigger:
    """A word that states something: positions, its class in verbs.txt, the word."""

    start: int
    end: int
    cls: str
    word: str


@dataclass(slots=True)
class Clause:
    """Positions [start, end) of the sentence between two marks, with phrases and triggers in order."""

    start: int
    end: int
    phrases: list[Phrase] = field(default_factory=list)
    triggers: list[Trigger] = field(default_factory=list)
    before: Clause | None = None

    def left(self, at: int) -> list[Phrase]:
        """The phrases before a position, the nearest first."""
        return [phrase for phrase in reversed(self.phrases) if phrase.end <= at]

    def right(self, at: int) -> list[Phrase]:
        """The phrases from a position on."""
        return [phrase for phrase in self.phrases if phrase.start >= at]


@lru_cache(maxsize=1)
def _verbs() -> tuple[re.Pattern[str], dict[str, str]]:
    classes: dict[str, str] = {}
    for line in lines("zh", "verbs"):
        name, _, body = line.partition(" = ")
        for word in body.split("|"):
            classes.setdefault(word, name)
    ordered = sorted(classes, key=lambda word: (-len(word), word))
    return re.compile("|".join(ordered)), classes


@lru_cache(maxsize=64)
def verbs_of(cls: str) -> frozenset[str]:
    """The words of a class of verbs.txt."""
    return frozenset(word for word, name in _verbs()[1].items() if name == cls)


def has_trigger(s: str) -> bool:
    """Whether a sentence has a word of verbs.txt at all: the gate that spares all the rest."""
    return bool(_verbs()[0].search(s))


def clauses(chart: Chart) -> list[Clause]:
    """The clauses of a sentence with a trigger; nothing where it has none."""
    pattern, classes = _verbs()
    found = [Trigger(m.start(), m.end(), classes[m[0]], m[0]) for m in pattern.finditer(chart.s)]
    if not found:
        return []
    words = tokens(chart.s)
    edges = {t.start for t in words} | {len(chart.s)}
    found = [t for t in found if t.start in edges and (t.end in edges or len(t.word) > 2)]
    if len(chart.s) <= 5 and len(found) == 1:
        return []  # a heading of one word
    result: list[Clause] = []
    start = 0
    for mark in [*_MARK.finditer(chart.s), None]:
        end = mark.start() if mark else len(chart.s)
        if end > start:
            clause = Clause(start, end, before=result[-1] if result else None)
            clause.triggers = [t for t in found if start <= t.start and t.end <= end]
            clause.phrases = _phrases(chart, [t for t in words if start <= t.start and t.end <= end])
            result.append(clause)
        start = mark.end() if mark else end
    return result


def nominal(s: str, words: list[Token], index: int, *, first: bool) -> bool:
    """Whether a token can be part of a nominal phrase."""
    token = words[index]
    word = s[token.start : token.end]
    if len(word) == 1 and word in _FUNCTION:
        return False
    if token.tag == "X" or token.tag == "w" or word in _BREAKS:
        return False
    if token.tag == "v":
        if word in _NAME_VERBS:
            return True
        following = words[index + 1] if index + 1 < len(words) else None
        if len(word) > 1:
            return False
        if word in _SINGLE_VERBS:
            return (
                following is not None
                and following.end - following.start == 1
                and following.tag in ("", "n", "ns", "g")
                and first
            )
        return not first or (following is not None and following.tag in ("n", ""))
    if len(word) == 1 and token.tag in ("p", "d", "c", "r", "t", "u", "y"):
        return word not in "若便并更" or not first
    return token.tag in _NOMINAL


def _phrases(chart: Chart, words: list[Token]) -> list[Phrase]:
    found: list[Phrase] = []
    prep = ""
    index = 0
    while index < len(words):
        token = words[index]
        word = chart.s[token.start : token.end]
        joined = (
            word in ("、", "和", "与", "及", "以及", "跟") and bool(found) and found[-1].end == token.start
        )
        if joined:
            phrase, index = _phrase(chart, words, index + 1)
            if phrase is not None:
                phrase.prep, phrase.joined = found[-1].prep, True
                found.append(phrase)
            continue
        if word in _PREPOSITIONS:
            prep = word
            index += 1
            continue
        phrase, after = _phrase(chart, words, index)
        if phrase is None:
            if token.tag in ("v", "vn") or word in "的，":
                prep = ""
            index += 1
            continue
        phrase.prep = prep
        phrase.of = chart.s[phrase.end : phrase.end + 1] == "的"
        if phrase.type not in ("date", "money", "percent"):
            prep = prep if phrase.of else ""
        found.append(phrase)
        index = after
    return found


def _phrase(chart: Chart, words: list[Token], index: int) -> tuple[Phrase | None, int]:
    """The phrase that starts at a token, and the token after it; None where none does."""
    first = index
    if index >= len(words):
        return None, index + 1
    node = chart.nodes[words[index].start] if words[index].tag == "X" else None
    if node is not None and node.type in ("date", "money", "percent", "title", "person"):
        return Phrase(words[index].start, words[index].end, node), index + 1
    quoted = 0
    while index < len(words):
        token = words[index]
        char = chart.s[token.start]
        inner = chart.nodes[token.start] if token.tag == "X" else None
        if inner is not None and (
            inner.type not in ("organization", "unit", "name")
            or (
                index > first
                and not quoted
                and inner.type == "organization"
                and chart.nodes[words[first].start] is not None
            )
        ):
            break
        if char in "“《":
            quoted += 1
        elif char in "”》":
            if not quoted:
                break
            quoted -= 1
        elif char in " ·&" and index > first:
            pass
        elif inner is None and not quoted and not nominal(chart.s, words, index, first=index == first):
            break
        index += 1
    if index == first:
        return None, index + 1
    start, end = words[first].start, words[index - 1].end
    while end > start and chart.s[end - 1] in " 　":
        end -= 1
    if end - start == 1 and node is None and chart.s[start] not in "“《" and not chart.s[start].isalnum():
        return None, index
    return Phrase(start, end, node if end - start == 1 else None), index


__all__ = ["Clause", "Phrase", "Token", "Trigger", "clauses", "has_trigger", "nominal", "tag_of", "verbs_of"]
