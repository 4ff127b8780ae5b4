"""Chinese sanctions, clause by clause: who puts whom on a list, takes them off it, or changes an entry."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.model import Draft
from events.extraction.script import simplified
from events.extraction.zh import arguments, modality
from events.extraction.zh.arguments import Named
from events.extraction.zh.clauses import Clause, Phrase, Trigger
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.names import name_at
from events.extraction.zh.roles import place_dates

_LIST = re.compile(r"特别指定国民|名单|清单|实体列表|制裁|反制")
_OTHER_GROWTH = re.compile(
    r"了?(?:投资|产能|订单|员工|门店|用户|客户|营收|收入|业务|岗位|借款|贷款|合同|注册|就业|病例|关税)"
)
_LISTS = re.compile(r"[^，。；]{0,24}?(?:名单|清单|实体列表)")
_NOT_SO = re.compile(
    r"(?:未|没有|没|并未|尚未|从未|不会|不|是否|能否|若|如|一旦|如果|可能|或|传|建议|呼吁|要求|威胁|考虑|拟|称已|已|敦促|促请|游说|推动)(?:被|会)?$"
)
_PLAIN = re.compile(
    r"名单|清单|列表|家|机构|企业|公司|实体|个人|理由|条件|关切|国家安全|上述|以下|下列|油轮|船只|部分|前者|后者|产品|技术|物项|股|目录|范围|体系"
)


def read(chart: Chart, found: list[Clause], focus: Focus) -> list[Draft]:
    """The designations, removals and amendments of a sentence."""
    if not _LIST.search(chart.s):
        return []
    drafts: list[Draft] = []
    for clause in found:
        for trigger in clause.triggers:
            action = _action(chart, clause, trigger)
            if (
                not action
                or _NOT_SO.search(chart.s[clause.start : trigger.start])
                or modality.uncertain(chart.s, trigger.start, trigger.end)
            ):
                continue
            named = _named(chart, clause, trigger, focus)
            for type_, name in named:
                drafts.append(_draft(chart, clause, trigger, action, type_, name, focus))
                drafts[-1].group = f"list{chart.number}.{trigger.start}" if len(named) > 1 else ""
    return drafts


def _action(chart: Chart, clause: Clause, trigger: Trigger) -> str:
    text = chart.s[clause.start : clause.end]
    if trigger.word in ("新增", "增列") and _OTHER_GROWTH.match(chart.s, trigger.end):
        return ""
    if trigger.word in ("新增", "增列", "上榜", "榜上有名", "在列", "列名", "拉黑", "列为"):
        return "designation"
    if trigger.cls == "amend":
        return "amendment" if re.search(r"条目|所列|别名|关切|地址|信息", chart.s) else ""
    if trigger.cls in ("transfer", "merge") or trigger.word in ("放进", "放入", "拉入"):
        return "designation" if _LISTS.match(chart.s, trigger.end) else ""
    if trigger.word in ("拿掉", "撤下", "撤销", "取消", "请出", "踢出", "停止"):
        return (
            "removal"
            if re.search(r"名单|清单|制裁", text)
            and not re.search(r"名单$|清单$", text[: max(0, trigger.start - clause.start - 2)][-2:])
            else ""
        )
    if trigger.cls in ("designate", "undesignate"):
        so_far = chart.s[: clause.end] if trigger.word in _GOES_ON else text
        listed = re.search(r"名单|清单|列表|特别指定国民|制裁", so_far)
        return ("designation" if trigger.cls == "designate" else "removal") if listed else ""
    if trigger.cls == "sanction" and re.match(
        r"名单|清单|措施|政策|风险", chart.s[trigger.end : trigger.end + 2]
    ):
        return ""
    return _sanctioning(chart, clause, trigger) if trigger.cls == "sanction" else ""


def _sanctioning(chart: Chart, clause: Clause, trigger: Trigger) -> str:
    """The same of a verb of sanctions without a list."""
    before = chart.s[clause.start : trigger.start]
    if trigger.word == "制裁" and _ANNOUNCED.search(chart.s, max(0, trigger.start - 8), trigger.start):
        return "designation"
    if before.endswith("受") or re.match(r"名单|清单|措施|政策|风险", chart.s[trigger.end : trigger.end + 2]):
        return ""
    imposed = re.search(r"对|实施|采取|宣布制裁|予以|[被遭受]", before)
    return "designation" if trigger.word not in ("制裁", "反制") or imposed else ""


_GOES_ON = frozenset(["加入", "增加", "补进", "收录", "删除", "移出", "移除", "剔除", "除名"])
"""Words that a clause about a list that the clauses before have named may do with."""
_ANNOUNCED = re.compile(r"(?:宣布|决定)，?$")


def _named(chart: Chart, clause: Clause, trigger: Trigger, focus: Focus) -> list[tuple[str, Named]]:
    """Those who are put on the list: what 把 or 将 or 对 puts before the verb, its subject, or its object."""
    if freed := _FREED.match(chart.s, trigger.end, clause.end):
        return _moved(chart, [], freed.end("n"), freed.start("n"))
    if _IT.search(chart.s, clause.start, trigger.start):
        return _meant(chart, clause, focus)
    before = [p for p in clause.phrases if p.end <= trigger.start]
    moved = [p for p in before if p.prep in ("将", "把", "对")]
    found = (
        _moved(chart, moved, trigger.start, _run_from(chart, clause, trigger))
        or _qualified(chart, clause, trigger)
        or _told_after(chart, clause, trigger)
        or _beside(chart, clause, trigger, before)
        or _told_before(chart, clause, trigger, before)
    )
    found += [party for party in _listed_after(chart, clause) if party not in found]
    if found:
        return found
    passive = _PASSIVE.search(chart.s, clause.start, trigger.start)
    return _in_focus(focus) if passive else []


_LISTED = re.compile(
    r"(?:其中|包括|另外?[一两二三四五六七八九十\d]*[家个名]|其余[一两二三四五六七八九十\d]*[家个名]|它们|分别|依次|名单上|上榜的?|被列入的)[^，。；：]{0,8}?(?:包括|有|为|是)(?:了)?(?:[一两二三四五六七八九十\d]+[家个名]：)?"
)


def _listed_after(chart: Chart, clause: Clause) -> list[tuple[str, Named]]:
    """Those whom a later clause names: 八家企业被列入清单，其中包括甲和乙."""
    mark = _LISTED.search(chart.s, clause.end, clause.end + 24)
    if mark is None:
        return []
    return _moved(chart, [], _run_to(chart, mark.end(), whole=mark[0].endswith("：")), mark.end())


def _run_to(chart: Chart, start: int, *, whole: bool = False) -> int:
    """Where a run of names that starts at a position ends: at a mark that no joining word follows."""
    at = start
    while (at := next((i for i in range(at, len(chart.s)) if chart.s[i] in "，。；"), len(chart.s))) < len(
        chart.s
    ):
        if chart.s[at] != "，" or not (whole or chart.s.startswith(("以及", "及", "和", "与"), at + 1)):
            break
        at += 1
    return at


def _in_focus(focus: Focus) -> list[tuple[str, Named]]:
    return [("organization", (focus.org, focus.org_span))] if focus.org and focus.org_span else []


def _meant(chart: Chart, clause: Clause, focus: Focus) -> list[tuple[str, Named]]:
    """Whom 将其 means: the last one named in the clause before, else the organization in focus."""
    earlier = clause.before.phrases if clause.before is not None else []
    named = [party for p in earlier if p.prep in ("", "对") and (party := _party(chart, p))]
    return named[-1:] or _in_focus(focus)


def _qualified(chart: Chart, clause: Clause, trigger: Trigger) -> list[tuple[str, Named]]:
    """Whom a relative clause ends with: 被列入清单的企业 + name."""
    relative = _RELATIVE.match(chart.s, trigger.end, clause.end)
    if relative is None:
        return []
    phrase = next((p for p in clause.right(relative.end()) if p.start == relative.end()), None)
    party = _party(chart, phrase) if phrase is not None else None
    return [party] if party else []


def _beside(chart: Chart, clause: Clause, trigger: Trigger, before: list[Phrase]) -> list[tuple[str, Named]]:
    """The objects of a verb that takes them directly, else its subjects."""
    suffered = chart.s[max(0, trigger.start - 1) : trigger.start] in ("受", "被", "遭", "的")
    direct = trigger.word in ("新增", "增列") or (trigger.word == "制裁" and not suffered)
    if direct and (listed := _moved(chart, [], _run_to(chart, trigger.end), trigger.end)):
        return listed
    objects = [p for p in clause.right(trigger.end) if not p.prep] if direct else []
    for pool in (objects, [p for p in before if p.prep in ("", "包括")]):
        if named := [party for p in pool if (party := _party(chart, p))]:
            return named
    return []


def _told_before(
    chart: Chart, clause: Clause, trigger: Trigger, before: list[Phrase]
) -> list[tuple[str, Named]]:
    """Those of the clause before, where this one names nobody or says 它."""
    if clause.before is None:
        return []
    nobody = all(p.prep or p.type == "date" or _NOBODY.fullmatch(chart.s[p.start : p.end]) for p in before)
    if not nobody and not re.search(r"它|其", chart.s[clause.start : trigger.start]):
        return []
    earlier = [p for p in clause.before.phrases if p.prep in ("将", "把", "对")]
    return _moved(chart, earlier, clause.before.end)[:1] or [
        party for p in clause.before.phrases if not p.prep and (party := _party(chart, p))
    ]


_FREED = re.compile(r"了?对(?P<n>[^，。；的]{2,40}?)(?:实施|采取)?的[^，。；]{0,14}?(?:制裁|措施|限制|禁令)")
_NOBODY = re.compile(r"[两三四五多数\d]家(?:公司|企业)?|两家|公司|企业|双双|两者|该公司|股票")
_PASSIVE = re.compile(r"公司[^，。；]{0,8}[被遭]")
_IT = re.compile(r"[将把对](?:其|它|该公司|该企业|(?:这|该)[家间][\u4e00-\u9fff]{0,6}(?:公司|企业|机构))")
_RELATIVE = re.compile(r"(?:[^，。；]{0,10}(?:名单|清单))?的(?:中国|美国|中方|美方)?(?:企业|公司|商人)?")
_MOVES = re.compile(r"[把将]")


def _run_from(chart: Chart, clause: Clause, trigger: Trigger) -> int:
    """Where what is put on a list begins, after 把 or 将, whatever words it is made of; -1 without one."""
    move = _MOVES.search(chart.s, clause.start, trigger.start)
    return move.end() if move and move.end() < trigger.start - 1 else -1


_TRADE = re.compile(r"[\u4e00-\u9fff]{0,4}(?:商人|富商|企业家|寡头|公民|船东|高管|官员|将领|军官|议员)")
_ENDS = re.compile(
    r"等(?=[一二三四五六七八九十百两\d]*[家名个]|$|\d)|[共合]?[一二三四五六七八九十百两\d]+[余多]?[家名个艘]|从|自(?!动)|一并|同时|分别|均|也|正式|再度|再次"
)
_COUNT = re.compile(
    r"[一二两三四五六七八九十百\d]+[余多]?[家名个艘](?:[\u4e00-\u9fff]{0,6}(?:企业|公司|实体|机构))?(?=.{2})"
)
"""两家美国军工企业, before their names."""
_PARTS = re.compile(
    r"、|以及|(?:(?<=[^、，]{2})|(?<=[\ue001\ue002]))(?:及其?|和|与)(?=[^、，]{2}|[\ue001\ue002])|，"
)


_TELLS = re.compile(
    r"(?:[^，。；]{0,8}?的)?(?:企业|实体|机构|公司|对象)?(?:还)?(?:包括|有|是|为|分别是|分别为|：)(?:了)?"
)


def _told_after(chart: Chart, clause: Clause, trigger: Trigger) -> list[tuple[str, Named]]:
    """The names that a list gives behind the verb: 新增甲、乙等八家企业; 上榜的有甲和乙."""
    rest = chart.s[trigger.end : clause.end]
    lead = _TELLS.match(rest)
    start = trigger.end + (lead.end() if lead else 0)
    direct = trigger.word in ("新增", "增列") or (
        trigger.word in _GOES_ON
        and not re.search(r"[将把被从由]", chart.s[clause.start : trigger.start])
        and not _LISTS.match(chart.s, trigger.end, clause.end)
    )
    if not lead and not direct:
        return []
    while chart.s[start : start + 1] in "了的" and start < clause.end:
        start += 1
    phrase = next((p for p in clause.right(start) if p.start <= start + 1), None)
    return _moved(chart, [phrase], clause.end) if phrase is not None else []


def _moved(chart: Chart, moved: list[Phrase], stop: int, start: int = -1) -> list[tuple[str, Named]]:
    """The names between 把 and the verb, parted by 、 and 和: names that words do not tell apart, too."""
    if moved and start < 0:
        near = range(moved[0].start, max(-1, moved[0].start - 12), -1)
        at = next((i + 1 for i in near if chart.s[i] in "把将对"), moved[0].start)
        start = at if moved[0].prep else moved[0].start
    if start < 0:
        return []
    run = chart.s[start:stop]
    if count := _COUNT.match(run):
        start, run = start + count.end(), run[count.end() :]
    if end := _ENDS.search(run):
        run = run[: end.start()]
    run = re.sub(r"(?:及其?|以及|和|与|、)$", "", run)
    found = []
    at = 0
    for mark in [*_PARTS.finditer(run), None]:
        end_ = mark.start() if mark else len(run)
        if party := _piece(chart, start + at, start + end_):
            found.append(party)
        at = mark.end() if mark else end_
    return found


def _piece(chart: Chart, start: int, end: int) -> tuple[str, Named] | None:
    people = [n for n in chart.nodes[start:end] if n is not None and n.type == "person"]
    if people:
        return ("person", (people[-1].name, people[-1].head))
    if quoted := re.search(r"“(?P<n>[^”]{2,20})”", chart.s[start:end]):
        span = chart.span(start + quoted.start("n"), start + quoted.end("n"))
        return ("organization", (chart.text[span[0] : span[1]], span))
    if latin := re.search(r"[A-Za-z][A-Za-z0-9&.,\- ]+[A-Za-z0-9.]$", chart.s[start:end]):
        start += latin.start()
    elif "的" in chart.s[start:end]:
        start += chart.s[start:end].rindex("的") + 1
    firms = [
        n for n in chart.nodes[start:end] if n is not None and n.type in ("organization", "unit", "name")
    ]
    if firms and (end - start == 1 or chart.nodes[end - 1] is firms[-1]):
        return ("organization", (firms[-1].name, firms[-1].head))
    start, end = arguments.strip(chart.s, start, end)
    if (who := _TRADE.match(chart.s, start, end)) and name_at(chart.s, who.end(), sure=True) == end:
        span = chart.span(who.end(), end)
        return ("person", (chart.text[span[0] : span[1]], span))
    name = chart.s[start:end].strip()
    if re.search(r"的?(?:设备|产品|股票|资产|技术|服务)$", name):
        return None
    if (
        not 2 <= len(name) <= 40
        or _PLAIN.fullmatch(name)
        or re.search(r"名单|清单|企业$|机构$|实体$|个人$|[\ue004\ue005\ue006]", name)
    ):
        return None
    span = chart.span(start, end)
    return ("organization", (chart.text[span[0] : span[1]].strip(), span))


def _party(chart: Chart, phrase: Phrase) -> tuple[str, Named] | None:
    if phrase.node is not None and phrase.node.type == "person":
        return ("person", (phrase.node.name, phrase.node.head)) if not phrase.node.members else None
    if phrase.type not in ("words", "organization", "name") or phrase.of:
        return None
    start = phrase.start
    if latin := re.search(r"[A-Za-z][A-Za-z0-9&.,\- ]+[A-Za-z0-9.]$", chart.s[start : phrase.end]):
        span = chart.span(start + latin.start(), phrase.end)
        return ("organization", (chart.text[span[0] : span[1]], span))
    found = arguments.organization(chart, phrase)
    if (
        found is None
        or BODY.search(simplified(found[0]))
        or _PLAIN.search(simplified(found[0]))
        or _is_authority(simplified(found[0]))
    ):
        return None
    return ("organization", found)


def _is_authority(name: str) -> bool:
    return bool(
        re.search(
            r"(?:财政部|商务部|外交部|国务院|欧盟|联合国|政府|经济产业省|外务省|内阁|议会|白宫|当局|外汇管理局|工业和安全局|英国|美国|日本|加拿大|澳大利亚|韩国|瑞士)$",
            name,
        )
    )


_STATES = "美国|中国|英国|日本|韩国|加拿大|澳大利亚|澳洲|瑞士|俄罗斯|乌克兰|新加坡|法国|德国|荷兰|印度|以色列|新西兰|台湾|波兰|捷克|土耳其|阿联酋"
_AUTHORITIES = re.compile(
    rf"(?:我国|(?:{_STATES})(?:联邦)?)?(?:商务部|财政部|国防部|外交部|国务院|司法部|内政部|贸易部|能源部|国土安全部|经济产业省|外务省|财务省|国际贸易局|联邦(?:通信|通讯)委员会|海关与边境保护局|贸易代表办公室|政府|内阁)(?:工业(?:与|和)安全局|海外资产控制办公室)?"
    rf"|欧盟(?:理事会|委员会)?|联合国(?:安理会|安全理事会)?|安理会|白宫|世界银行|工业(?:与|和)安全局|海外资产控制办公室|(?:{_STATES}|台湾当局)(?=[^，。；]{{0,12}}?(?:将|把|对|宣布|列入|制裁|拉入|加入|纳入|点名|拉黑))"
)
"""Who keeps such lists."""


def _issuer(chart: Chart, clause: Clause, trigger: Trigger, name: Named) -> Named | None:
    """Who puts on the list or takes off it: the authority after 被, else the first that the sentence names before."""
    left, right = chart.span(clause.start, trigger.start)[0], chart.span(trigger.start, trigger.end)[0]
    for start, end in ((left, right), (chart.start, left), (right, chart.span(clause.start, clause.end)[1])):
        found = [
            m
            for m in _AUTHORITIES.finditer(simplified(chart.text[start:end]))
            if m[0] not in simplified(name[0])
        ]
        if not found:
            continue
        plain = simplified(chart.text[start:end])
        by = [m for m in found if plain[max(0, m.start() - 1) : m.start()] in ("被", "遭", "获", "由")]
        match = (by or found)[0]
        at = start + match.start() + (2 if match[0].startswith("我国") else 0)
        return chart.text[at : start + match.end()], (at, start + match.end())
    return None


def _draft(
    chart: Chart, clause: Clause, trigger: Trigger, action: str, type_: str, name: Named, focus: Focus
) -> Draft:
    draft = Draft(
        "sanction",
        action,
        {"type": type_, "name": name[0]},
        chart.span(clause.start, clause.end),
        chart.number,
    )
    draft.spans["/subject/name"] = name[1]
    told = _issuer(chart, clause, trigger, name)
    if told is not None:
        focus.issuer, focus.issuer_span = told
    if focus.issuer and focus.issuer_span:
        draft.participants.append(
            ({"role": "issuer", "type": "organization", "name": focus.issuer}, focus.issuer_span)
        )
    place_dates(
        chart,
        (trigger.start, trigger.end),
        "announced" if re.search(r"公告|宣布|公布", chart.s) else "occurred",
        draft,
        focus,
    )
    return draft
