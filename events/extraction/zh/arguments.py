"""Who and what a clause is about: subjects, objects and the names that phrases hold."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.lexicon import alternatives, words
from events.extraction.model import Span
from events.extraction.script import simplified
from events.extraction.zh.clauses import Clause, Phrase, Trigger, all_verbs, tag_of
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.tokens import tokens

Named = tuple[str, Span]

GENERIC = re.compile(
    r"(?:该|本|上市|此|其|这家|我|贵|涉事|两家|目标|发行)?(?:公司|企业|集团|银行|股|个股|发行人|申请人|当事人|网点|门店|该行|本行|该厂|该院|该社|厂方|校方|院方|资方|行方)(?:股票|股份|证券|股价|方面|的?股票|普通股|A股|H股)?"
    r"|其|它|该股|其股票|股票|股份|证券|前者|本人|自己|双方|两家|两者|后者|法务部|官方|管理层|发言人"
)
_LEAD = re.compile(
    rf"(?:[▲◆■●★·△▼※〓□◇○①②③④⑤⑥⑦⑧⑨⑩\s]|[一二三四五六七八九十]{{1,2}}、|\d{{1,2}}[.、]|(?:一|两|二|三|四|五|多|数|几|这|那|该|\d+)家|全新|新一代|旗下|港股|A股|美股|老牌|知名|国产|国内|全球|著名|头部|同业|另一家|至于|此外|另外|另|其中|今年|昨|又|"
    rf"(?:上市|上柜|兴柜|B股|A股)?公司(?=[\u4e00-\u9fff]{{4}})|其|名为|叫做|叫|本地|本土|外资|港资|台资|日资|美资|民营|国有|[\u4e00-\u9fff]{{0,6}}(?:{alternatives('zh', 'descriptors')})(?=[\u4e00-\u9fffA-Za-z“]{{2}}))"
)
_NO_TAIL = re.compile(
    r"(?:报告|数据|业务|材料|消息|公告|通报|案件|事件|人士|人员|问题|情况|统计|调查|股价|差旅|信息|者|人|员|案|款|额|量|价|率|书|信|函|方案|计划|措施|规定|办法|标准|关系|原因|理由|结果|时间|期间|产品|价格|市场|行业|领域|客户|用户|员工|股东|投资者|高管|董事|奖金|薪酬|礼金|职级|职务|岗位|名单|清单|车型|新车|手机|芯片|晶片|资金|现金|货款|门店|家|倍|成|例|宗|起|仙|率先|豪言|声音|观点|看法|话|事|账|路|梦|戏|局面|风波|危机|游资|比例|规模|水平|能力|速度|质量|安全|标志|字样|一声|批次|型号|版本|部分|份子|词|字)$"
)
_TAIL = re.compile(
    r"(?:股票|股价|方面|(?<=股份|集团|公司|控股)证券|官方|官网|官微|等|公司股票|A股|H股|普通股|则|股)$"
)
_QUANTITY = re.compile(r"\d\.\d|\d[\d.,]*[万亿千百]?[辆台只个件家人元名份%股间条项款岁年月日期]")
_OWN = re.compile(r"[A-Za-z]{2,}|[“《]")


@lru_cache(maxsize=1)
def _suffix() -> re.Pattern[str]:
    more = "厂|社|馆|所|局|处|院|站|园|铺|行|坊|斋|堂|阁|楼|店|台|厅|网|会|社区|公司|集团|中心|部|门|军团|业|资本|科|汽|药|酒|油|电|能|车|行|家|团"
    return re.compile(
        rf"(?:{alternatives('zh', 'org_suffixes')}|{alternatives('zh', 'unit_suffixes')}|{alternatives('zh', 'trades')}|{more})$"
    )


_PART = re.compile(r"(?:部|事业群|事业处|业务|业务线|产品线|[处科组室]|办公室|BG|BU|板块|军团)”?$")
_MARK = re.compile(
    r"[▲◆■●★·△▼※〓□◇○①②③④⑤⑥⑦⑧⑨⑩\s]|[一二三四五六七八九十]{1,2}、|\d{1,2}[.、]|旗下的?|其中|其|名为|另|此外|至于"
)


_SORT = re.compile(r"[\u4e00-\u9fff]{2,4}(?:公司|企业)(?=[\u4e00-\u9fff]{2,4}$)")
"""What a firm with a short name is: 船运公司 + name."""


def strip(s: str, start: int, end: int) -> tuple[int, int]:
    """Positions without leading descriptions ("结构件厂商") and trailing words ("股票").

    What describes a firm is part of a unit's name: 电商 + 事业群, 本地 + 生活事业群.
    """
    leading = _MARK if _PART.search(s, start, end) else _LEAD
    for _ in range(4):
        lead = leading.match(s, start, end)
        if not lead or lead.end() >= end - 1:
            break
        start = lead.end()
    if (sort := _SORT.match(s, start, end)) and not _suffix().search(s, sort.end(), end):
        start = sort.end()
    while (tail := _TAIL.search(s[start:end])) and tail.start() > 1:
        end = start + tail.start()
    return start, end


_NO_LEAD = re.compile(
    r"[并又还也且]|某|本(?:编辑|报|台|刊|栏|站|市|省|县)|亦|一家|有|此|每|各|全国|全球|全部"
)
_SHOWS = re.compile(r"(?:资料|数据|报告|统计|研究|年报|财报|公告|信息|结果|调查|监测)显示$")
_COUNTED = re.compile(
    r"[一二三四五六七八九十两几多数\d]+[时点分家名位个项款只股成年月日天种类笔场次轮]|[上下左右]|这|那|每|各|任何|所有|全部|部分|多数|大多"
)


def is_name(words_: str) -> bool:
    """Whether words look like a name rather than a description: an odd word, a suffix, Latin letters, quotes."""
    if len(words_) < 2 or len(words_) > 24 or GENERIC.fullmatch(words_) or words_ in words("zh", "not_orgs"):
        return False
    if _QUANTITY.search(words_) or _NO_LEAD.match(words_) or _SHOWS.search(words_):
        return False
    if (
        _NO_TAIL.search(words_)
        and not (len(words_) == 4 and words_[2:] in ("芯片", "晶片"))
        and not words_.endswith(("机器人", "代理人", "商人", "众人"))
        and not _named_trade(words_)
    ):
        return False
    if _OWN.search(words_):
        return True
    if tag_of(words_) and not _suffix().search(words_):
        return False
    if _COUNTED.match(words_):
        return False
    if _suffix().search(words_):
        return len(words_) > 2
    return any(
        not t.tag
        or (t.end - t.start == 1 and t.tag not in ("m", "q", "f", "p", "d", "c", "u", "r", "v"))
        or (t.end - t.start == 1 and t.tag in ("v", "d") and len(words_) == 3)
        for t in tokens(words_)
    )


def _named_trade(words_: str) -> bool:
    """Whether words are a trade with a name of its own before it: 青穗 + 通信."""
    trade = next((w for w in words("zh", "trades") if words_.endswith(w)), "")
    head = words_.removesuffix(trade)
    return (
        bool(trade)
        and 1 < len(head) < 5
        and not tag_of(head)
        and all(t.end - t.start == 1 for t in tokens(head))
    )


def organization(chart: Chart, phrase: Phrase, *, unit: bool = False) -> Named | None:
    """The organization (with `unit`: the unit) that a phrase names; None where it names none."""
    if phrase.type == "organization":
        return (phrase.node.name, phrase.node.head) if phrase.node else None
    if phrase.type not in ("words", "unit", "name"):
        return None
    if quoted := _quoted(chart, phrase, unit=unit):
        return quoted
    start, end = strip(chart.s, phrase.start, phrase.end)
    nodes = [(i, n) for i, n in enumerate(chart.nodes[start:end], start) if n is not None]
    if any(n.type == "person" for _, n in nodes):
        return None
    if nodes and not unit and (serving := _serving(chart, nodes[-1][0] + 1, end)):
        return serving
    if nodes and (not unit or chart.s[nodes[-1][0] - 1 : end] == f"“{chart.s[nodes[-1][0]]}”"):
        return (nodes[-1][1].name, nodes[-1][1].head)
    if nodes and nodes[0][0] == start and end - start > 1 and chart.s[start - 1 : start] != "“":
        start = _after_owner(chart.s, start + 1, end)
    if not unit and (cut := _FIRST_NAME.match(chart.s, start, end)) and cut.end() < end - 1:
        end = cut.end()  # 一苇科技 + 虚标 ...
    plain = chart.s[start:end]
    if not (_names_unit(plain) if unit else is_name(plain) and _stands(chart, start, plain)):
        return None
    span = chart.span(start, end)
    return (chart.text[span[0] : span[1]].strip(" ▲◆■●"), span)


def _serving(chart: Chart, start: int, end: int) -> Named | None:
    """The firm that serves the one named before it: 甲公司 + 保荐机构 + 乙证券."""
    role = _SERVING.match(chart.s, start, end)
    if role is None or not is_name(chart.s[role.end() : end]):
        return None
    span = chart.span(role.end(), end)
    return (chart.text[slice(*span)], span)


def _after_owner(s: str, start: int, end: int) -> int:
    """Where a unit's name begins behind its owner's mention: after 的 and 旗下."""
    while start < end and s[start] in "的 ":
        start += 1
    return start + 2 if s[start : start + 2] == "旗下" else start


def _names_unit(words_: str) -> bool:
    return is_unit(words_) or is_name(words_)


@lru_cache(maxsize=1)
def _owned() -> re.Pattern[str]:
    """A firm's name, by its suffix, and a unit's right behind it: 沐禾汽车 + 苏州工厂."""
    return re.compile(
        rf"(?P<o>[\u4e00-\u9fff]{{2,4}}?(?:{alternatives('zh', 'org_suffixes')})(?:股份有限公司|有限责任公司|有限公司|集团|股份|公司)?)(?P<u>[\u4e00-\u9fffA-Za-z0-9]{{2,}}(?:{alternatives('zh', 'unit_suffixes')}))$"
    )


_WHOLE = frozenset(["分公司", "子公司", "总公司", "研究院", "事业部", "工厂"])


def owner_end(name: str) -> int:
    """Where the firm's name ends that a unit's name (simplified) begins with; 0 where it begins with none."""
    owned = _owned().match(name)
    if owned is None or not is_unit(owned["u"]) or len(owned["u"]) <= 2 or tag_of(owned["o"]):
        return 0
    if owned["u"] in _WHOLE or owned["u"].endswith(("集团", "控股", "有限公司", "责任公司", "股份公司")):
        return 0
    return owned.end("o")


_SERVING = re.compile(
    rf"的?[\u4e00-\u9fff]{{0,4}}(?:{alternatives('zh', 'descriptors')})(?=[\u4e00-\u9fffA-Za-z]{{3}})"
)
"""What a firm is to the one named before it."""
_BEFORE_NAMES = frozenset("对向把将被由与和给及的是为了其叫称即如像让告诉指控理")


def _stands(chart: Chart, start: int, name: str) -> bool:
    """Whether words without a suffix stand where a name can: first in a clause, after a coverb, a verb or 的."""
    before = chart.s[max(0, start - 2) : start]
    if re.search(r"[一两二三四五六七八九十几多数\d]家$", before) and not _OWN.search(name):
        return False
    if _suffix().search(name) or _OWN.search(name) or not before:
        return True
    return not "\u4e00" <= before[-1] <= "\u9fff" or before[-1] in _BEFORE_NAMES or before in all_verbs()


_FIRST_NAME = re.compile(
    rf"[\u4e00-\u9fff]{{2,4}}?(?:{alternatives('zh', 'org_suffixes')})(?!{alternatives('zh', 'org_suffixes')})(?![\u4e00-\u9fff]{{0,4}}(?:公司|集团|中心|部|厂|店|院|所|分行|支行|事务所|网点|{alternatives('zh', 'org_suffixes')})$)"
)
_QUOTED = re.compile(r"“(?P<n>[\u4e00-\u9fffA-Za-z0-9·]{2,12})”(?P<more>[\u4e00-\u9fff]{0,6})$")


def _quoted(chart: Chart, phrase: Phrase, *, unit: bool) -> Named | None:
    """What a phrase that ends in a quoted name names: 连锁店“甲乙”."""
    match = _QUOTED.search(chart.s, phrase.start, phrase.end)
    if not match or (match["more"] and not is_unit(match["more"] + "部")):
        return None
    if unit and match["more"]:
        span = chart.span(match.start(), match.end())
    else:
        span = chart.span(match.start("n"), match.end("n"))
    return (chart.text[span[0] : span[1]], span)


@lru_cache(maxsize=1)
def _unit_end() -> re.Pattern[str]:
    return re.compile(
        rf"(?:{alternatives('zh', 'unit_suffixes')}|组|室|局|队|厂|店|课|股|线|站|所|中心|条线|板块|事业)”?(?:（[^（）]{{1,30}}）)?$"
    )


def is_unit(words_: str) -> bool:
    """Whether words name a unit, by their last word."""
    return (
        _unit_end().search(words_) is not None
        and len(words_) > 2
        and words_ not in words("zh", "not_orgs")
        and not re.match(
            r"相关|该|此|上述|有关|部分|其他|其它|原有|整个|所有|各|多个|[一二两三四五六七八九十几多数\d]+[个家条]",
            words_,
        )
        and not re.search(
            r"(?:全部|内部|外部|局部|干部|大部|(?:^|[这那另每的第])一部|头部|底部|顶部|出处|好处|坏处|用处|何处|到处|学科|百科|理科|文科|工厂线|热线|在线|上线|下线|视线|路线|航线|光线|无线|号线)$",
            words_,
        )
    )


def subject(chart: Chart, clause: Clause, trigger: Trigger, focus: Focus) -> Named | None:
    """The organization that a clause is about: its own subject, else that of the clause before, else the one in focus."""
    at: int | None = trigger.start
    current: Clause | None = clause
    while current is not None:
        generic = False
        if latter := _LATTER.match(chart.s, current.start):
            return _former_or_latter(chart, current, first=latter[0] == "前者")
        for phrase in current.phrases:
            if at is not None and phrase.end > at:
                break
            if (phrase.prep and phrase.prep not in ("除", "获", "被", "遭")) or phrase.type not in (
                "words",
                "organization",
                "unit",
                "name",
            ):
                continue
            if phrase.prep:
                continue
            if GENERIC.fullmatch(chart.s[phrase.start : phrase.end]):
                generic = True
                continue
            found = organization(chart, phrase)
            if found and not BODY.search(simplified(found[0])):
                return found
        if generic:
            break
        current, at = current.before, None
    return (focus.org, focus.org_span) if focus.org and focus.org_span else None


_LATTER = re.compile("后者|前者")


def _former_or_latter(chart: Chart, clause: Clause, *, first: bool) -> Named | None:
    """The first or the last organization that the clause before names."""
    earlier = clause.before.phrases if clause.before is not None else []
    found = [name for phrase in earlier if (name := organization(chart, phrase))]
    return (found[0] if first else found[-1]) if found else None


def objects(clause: Clause, trigger: Trigger) -> list[Phrase]:
    """The phrases right after a trigger that belong to it: up to the next trigger, without prepositional ones."""
    stop = next((t.start for t in clause.triggers if t.start >= trigger.end), clause.end)
    found = []
    for phrase in clause.right(trigger.end):
        if phrase.start >= stop and phrase.start > trigger.end + 6:
            break
        if phrase.prep and phrase.prep not in ("对", "将", "把") and phrase.start > trigger.end + 1:
            break
        found.append(phrase)
    return found


def disposed(clause: Clause, trigger: Trigger) -> list[Phrase]:
    """What 将 or 把 or 对 puts before a trigger: its object and those joined to it."""
    return [p for p in clause.phrases if p.end <= trigger.start and p.prep in ("将", "把", "对")]
