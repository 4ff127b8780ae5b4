"""Chinese listing facts, clause by clause: who files, is asked, passes, registers, lists, halts, leaves, withdraws."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.model import Draft, Span
from events.extraction.script import simplified
from events.extraction.zh import arguments, firm_names, modality
from events.extraction.zh.arguments import Named
from events.extraction.zh.clauses import Clause, Trigger
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.roles import place_dates

_ACTIONS = {
    "suspend": "suspended", "delist": "delisted", "list": "listed", "file": "filing", "accept": "acceptance",
    "inquire": "inquiry", "review": "review", "register": "registration", "terminate": "terminated",
}  # fmt: skip
_DATES = {
    "suspended": "effective", "delisted": "effective", "listed": "occurred", "filing": "occurred", "acceptance": "decided",
    "inquiry": "occurred", "review": "decided", "registration": "decided", "terminated": "decided",
}  # fmt: skip
_OFFER = re.compile(
    r"上市(?!公司)|首发|首次公开|IPO|招股|发行|挂牌申请|科创板|创业板|北交所|主板|港股|登陆|ＩＰＯ|H股|A1|红筹|聆讯|上会|保荐|撤单"
)
_PLACE = re.compile(
    r"科创板|创业板|主板|北交所|港交所|联交所|上交所|深交所|纳斯达克|纽交所|新三板|证交所|交易所|兴柜|股市|资本市场|港股|A股|美股|GEM|板|买卖|敲|鸣|挂牌|股票|股份|招股|发售价|代码|募|集资|发行价|公司"
)
_EXCHANGE = re.compile(
    r"科创板|创业板|主板|北交所|港交所|联交所|上交所|深交所|纳斯达克|纽交所|新三板|证交所|交易所|兴柜|资本市场|A股|美股|港股|募资|集资|发行价|招股价|首日(?:收|涨|开|高|低|破)|股份代号|股票代码"
)
_NOT_NEW = re.compile(
    r"上市(?:公司|以来|后|前|规则|地位|之路|辅导|计划|申请|条件|标准|首日|部|企业|时间|许可|审核|委|科|保荐|资格|进程|梦|生涯|股东|车型|发布会|流通)|挂牌(?:运作|运营|成立|以来|办公|价|量|转让|出让|督办|督战)|登录(?:网站|系统|账)"
)
_PASSED_BY = re.compile(r"聆讯|审核|审议|上市委|发审|过会|放行|上会|首发|发行|IPO|上市")
_DENIED = re.compile(
    r"(?:未|没有|没|不|无|并未|尚未|从未|拒绝|否认|无意|不会|是否|能否|若|如|一旦|避免|免于|防止|暂缓|可能|或|面临|有望|拟|计划|考虑|筹划|谋求|寻求|准备|冲刺|筹备|打算|想|争取|力争|期待|恢复|取消)(?:[^，。；]{0,6})$"
)


def read(chart: Chart, found: list[Clause], focus: Focus) -> list[Draft]:
    """The listing facts of a sentence."""
    drafts: list[Draft] = []
    for clause in found:
        for trigger in clause.triggers:
            action = _action(chart, clause, trigger)
            if not action or _held_back(chart, clause, trigger):
                continue
            for name, span in _companies(chart, clause, trigger, action, focus):
                drafts.append(_draft(chart, clause, trigger, action, name, span, focus))
    gone = {d.subject["name"] for d in drafts if d.action == "delisted"}
    return [d for d in drafts if d.action != "suspended" or d.subject["name"] not in gone]


def _held_back(chart: Chart, clause: Clause, trigger: Trigger) -> bool:
    before = chart.s[clause.start : trigger.start]
    if re.match(r"因|由于|鉴于|之前|此前", before):
        return True
    return (
        bool(_DENIED.search(before))
        or modality.uncertain(chart.s, trigger.start, trigger.end)
        or bool(re.match(r"的?(?:传闻|消息|谣言|说法|风险|可能|公司|企业|内房)", chart.s[trigger.end :]))
    )


def _action(chart: Chart, clause: Clause, trigger: Trigger) -> str:
    """What a trigger says about a listing; "" where it is about something else."""
    action = _ACTIONS.get(trigger.cls, "")
    if trigger.cls in ("dissolve", "terminate") and re.match(
        r"[^，。；]{1,24}?的?(?:上市地位|上市资格|挂牌资格)|[^，。；]{1,14}股票(?:的)?上市(?=$|的决定)|[^，。；]{0,14}(?:股票)?(?:终止上市|摘牌)",
        chart.s[trigger.end : clause.end],
    ):
        return "delisted"
    if not action:
        return ""
    if action == "listed":
        return action if _comes_to_market(chart, clause, trigger) else ""
    text = chart.s[clause.start : clause.end]
    if action == "inquiry":
        around = chart.s[max(0, clause.start - 30) : clause.end]
        return action if _ASKED.search(text) or _OFFER.search(around) else ""
    if action not in _TOLD_BY:
        return action
    about, other = _TOLD_BY[action]
    return action if about.search(text) and not other.search(text) else ""


_ASKED = re.compile(r"问询函|审核|轮问询|问询阶段")
_TOLD_BY = {
    "filing": (
        re.compile(r"上市|招股|IPO|首发|发行|聆讯资料|A1|保荐|挂牌|递表|交表|入表|科创板|创业板"),
        re.compile(r"辞|撤回|报告书?$|问询"),
    ),
    "acceptance": (_OFFER, re.compile(r"法院|起诉|案|举报|投诉|破产")),
    "review": (_PASSED_BY, re.compile(r"会议|董事会|议案|股东|方案|报告|计划|草案|章程|暂缓")),
    "registration": (
        re.compile(r"首次公开|IPO|首发|上市(?!公司)|批文|发行股|境外|招股|注册生效|赴港|注册申请"),
        re.compile(r"注册(?:地|资本|会计师|商标|用户|成立)"),
    ),
    "terminated": (
        re.compile(r"审核|IPO|首发|上市(?!公司)|撤单|撤材料|撤件|发行|招股|申请失效|挂牌申请|材料"),
        re.compile(r"终止上市|停牌|上市地位"),
    ),
}
"""Action to the words that a clause about it has, and those that show it to be about something else."""
_INTENDED = re.compile(r"计划|拟|打算|考虑|筹划|谋求|有意|准备|争取|目标|曾|已在|是一家|作为")


def _comes_to_market(chart: Chart, clause: Clause, trigger: Trigger) -> bool:
    """Whether a verb of listing tells that shares begin to trade, rather than a step before or a company's being listed."""
    steps = ("file", "accept", "terminate", "review", "inquire", "register", "delist")
    if any(t.cls in steps for t in clause.triggers):
        return False
    if _NOT_NEW.match(chart.s, trigger.start) or (
        chart.s[trigger.end : trigger.end + 1] == "的" and not _RELATIVE.match(chart.s, trigger.end)
    ):
        return False
    if _INTENDED.search(chart.s[clause.start : trigger.start]):
        return False
    plain = trigger.word in ("上市", "登陆", "登录", "挂牌", "敲钟", "上板", "转板")
    left, right = chart.span(max(0, clause.start - 30), clause.end)
    around = simplified(chart.text[left:right])  # mentions of exchanges included
    return (_EXCHANGE if plain else _PLACE).search(around) is not None


def _companies(chart: Chart, clause: Clause, trigger: Trigger, action: str, focus: Focus) -> list[Named]:
    body = any(
        p.node is not None
        and p.node.type == "organization"
        and BODY.search(simplified(p.node.name))
        and not p.prep
        for p in clause.left(trigger.start)
    )
    if relative := _RELATIVE.match(chart.s, trigger.end, clause.end):
        phrase = next((p for p in clause.right(relative.end()) if p.start == relative.end()), None)
        if phrase is not None and action == "listed" and (found := arguments.organization(chart, phrase)):
            return [found]
    if acted := _acted_on(chart, clause, trigger, focus):
        return [acted]
    told = []
    if body or action in (
        "acceptance",
        "registration",
        "review",
        "terminated",
        "suspended",
        "delisted",
        "inquiry",
    ):
        phrases = [
            *arguments.disposed(clause, trigger),
            *[
                p
                for p in clause.left(trigger.start)
                if (p.prep == "向" and action in ("delisted", "suspended", "inquiry"))
                or (p.prep in ("对", "就", "关于", "针对") and action == "inquiry")
            ],
            *arguments.objects(clause, trigger),
        ]
        told = [
            n
            for p in phrases
            if (n := arguments.organization(chart, p))
            and not BODY.search(simplified(n[0]))
            and not _OFFER.fullmatch(simplified(n[0]))
        ]
        told = [
            n
            for n in told
            if not re.search(r"聆讯|赴港|招股|申请|上市|股票|公开|发行|材料|板$|审核", simplified(n[0]))
        ]
    if told:
        return told[:1] if action != "review" else told
    found = arguments.subject(chart, clause, trigger, focus)
    return _listed_together(chart, clause, found) if found else []


_RELATIVE = re.compile(r"的(?:新股|次新股|公司|企业|\ue005)?(?=[\ue002\u4e00-\u9fff])")
"""今日上市的新股 + a name."""
_ACTED_ON = re.compile(
    r"(?:了|对|向|关于){0,2}(?P<n>[\ue002\u4e00-\u9fffA-Za-z0-9*]{1,14}?)(?:股份有限公司)?(?=股票|股份(?:的|上市)|的(?:首|上市|发行|IPO|科创|创业|主板|北交|股票|申请|港股|境外)|首次|首发|IPO|科创板|创业板|北交所|公开发行|发行|(?:的)?上市|提交|主板|境外|赴港)"
)
_GRANTS = frozenset(["accept", "register", "review", "terminate", "dissolve", "inquire", "suspend"])


def _acted_on(chart: Chart, clause: Clause, trigger: Trigger, focus: Focus) -> Named | None:
    """The company that a body's act falls on, bounded by what follows its name: 受理了 + name + 的上市申请."""
    if trigger.cls not in _GRANTS and trigger.word not in ("同意", "批准"):
        return None
    match = _ACTED_ON.match(chart.s, trigger.end, clause.end)
    if match is None:
        return None
    if re.fullmatch(r"对?(?:其|该公司|公司|该企业)的?", match["n"]):
        return (focus.org, focus.org_span) if focus.org and focus.org_span else None
    inner = [n for n in chart.nodes[match.start("n") : match.end("n")] if n is not None]
    if inner:
        return (inner[-1].name, inner[-1].head) if not BODY.search(simplified(inner[-1].name)) else None
    start, end = firm_names.bare(chart.s, match.start("n"), match.end("n"))
    if not firm_names.odd(chart.s[start:end]):
        return None
    span = chart.span(start, end)
    return (chart.text[span[0] : span[1]], span)


_SENT = re.compile(r"发出|下发|发来|发函|收到|出具")
"""How an inquiry reaches a company."""


def _listed_together(chart: Chart, clause: Clause, first: Named) -> list[Named]:
    """A subject with those that 、 and 和 join to it: several that list on one day."""
    phrases = clause.phrases
    at = next(
        (
            i
            for i, p in enumerate(phrases)
            if chart.span(p.start, p.end)[0] <= first[1][0] < chart.span(p.start, p.end)[1]
        ),
        None,
    )
    if at is None:
        return [first]
    while phrases[at].joined and at:
        at -= 1
    group = [phrases[at]]
    for phrase in phrases[at + 1 :]:
        if not phrase.joined:
            break
        group.append(phrase)
    found = [
        n for p in group if (n := arguments.organization(chart, p)) and not BODY.search(simplified(n[0]))
    ]
    return found if first in found else [first]


def _draft(
    chart: Chart, clause: Clause, trigger: Trigger, action: str, name: str, span: Span, focus: Focus
) -> Draft:
    draft = Draft(
        "listing",
        action,
        {"type": "organization", "name": name},
        chart.span(clause.start, clause.end),
        chart.number,
    )
    draft.spans["/subject/name"] = span
    bodies = [
        n
        for at, n in chart.all("organization")
        if at <= trigger.end
        and BODY.search(simplified(n.name))
        and n.name != name
        and not re.search(r"[向在]$", chart.s[max(0, at - 1) : at])
    ]
    if bodies and action not in ("filing", "listed", "suspended"):
        draft.participants.append(
            ({"role": "issuer", "type": "organization", "name": bodies[-1].name}, bodies[-1].head)
        )
    for at, node in chart.all("money"):
        if action == "listed" and re.search(
            r"(?:集资|募资|募集|融资|筹资|筹)[^，。；]{0,6}$", chart.s[max(0, at - 12) : at]
        ):
            draft.measures.append(({"metric": "amount", **node.value}, node.head))
    sent = _SENT.search(chart.s, clause.start, trigger.start) if action == "inquiry" else None
    place_dates(chart, sent.span() if sent else (trigger.start, trigger.end), _DATES[action], draft, focus)
    return draft
