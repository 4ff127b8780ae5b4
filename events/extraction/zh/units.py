"""Chinese reorganizations, clause by clause: units created, dissolved, merged, split, moved, renamed."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.lexicon import alternatives, words
from events.extraction.model import Draft, Party
from events.extraction.script import simplified
from events.extraction.zh import arguments, modality
from events.extraction.zh.arguments import Named
from events.extraction.zh.clauses import Clause, Phrase, Trigger
from events.extraction.zh.discourse import Focus, independent
from events.extraction.zh.roles import place_dates

_ACTIONS = {
    "dissolve": "dissolution",
    "create": "creation",
    "merge": "merger",
    "split": "split",
    "transfer": "transfer",
    "rename": "rename",
}
_NOT_SO = re.compile(
    r"(?:未|没有|没|并未|尚未|从未|拒绝|否认|无意|不会|不|是否|能否|若|如|一旦|如果|可能|或|传|建议|呼吁|要求|主张|应该|应当|该)(?:[^，。；]{0,4})$"
)
_PLANNED = re.compile(r"计划|拟(?!定)|打算|考虑|有意|筹划|酝酿|征求意见")
_BODY = re.compile(r"小组$|专班$|委员会$|基金$|分工会$|党支部$|调查组$|联盟$|协会$")
_ANY = re.compile(
    r"(?:[一两二三四五六七八九十]大|独立|新|全资|控股|合资|一级|二级|专门|相关|下属)+的?(?:公司|子公司|部门|事业部|事业群|业务|团队|机构|中心|平台|板块)?"
)
"""Words for units that name none."""
_FORCES = frozenset({"dissolution", "creation"})


def read(chart: Chart, found: list[Clause], focus: Focus) -> list[Draft]:
    """The reorganizations of a sentence."""
    drafts: list[Draft] = []
    for clause in found:
        for trigger in clause.triggers:
            action = _ACTIONS.get(trigger.cls)
            if not action or _held_back(chart, clause, trigger, action):
                continue
            drafts += _facts(chart, clause, trigger, action, focus)
    _continue(drafts)
    drafts += _receivers(chart, found, drafts)
    return drafts


def _continue(drafts: list[Draft]) -> None:
    """What a merger's sentence goes on to set up is what the merged units become: 合并，成立终端事业部."""
    for at, draft in enumerate(drafts):
        if draft.action != "merger" or any(p["role"] == "successor" for p, _ in draft.participants):
            continue
        new = next((d for d in drafts[at + 1 :] if d.action == "creation"), None)
        if new is not None and not any(p["role"] == "counterparty" for p, _ in draft.participants):
            name = new.subject["name"]
            party: Party = {"role": "successor", "type": "organization", "name": name}
            draft.participants.append((party, new.spans["/subject/name"]))


def _receivers(chart: Chart, found: list[Clause], drafts: list[Draft]) -> list[Draft]:
    """Gives dissolved units those who take over their people or business: 人员并入研究院. Adds no draft of its own."""
    gone = [d for d in drafts if d.action == "dissolution"]
    if not gone:
        return []
    for clause in found:
        taking = next(
            (
                t
                for t in clause.triggers
                if t.cls in ("transfer", "merge") or t.word in ("接手", "承接", "接管")
            ),
            None,
        )
        if taking is None or not _STAFF.search(chart.s, clause.start, clause.end):
            continue
        by = [p for p in clause.left(taking.start) if p.prep in ("由", "给", "至")]
        for (name, span), _ in _units(chart, [*by, *clause.right(taking.end)]):
            for draft in gone:
                if name not in [draft.subject["name"], *[p["name"] for p, _ in draft.participants]]:
                    draft.participants.append(
                        ({"role": "successor", "type": "organization", "name": name}, span)
                    )
    return []


_STAFF = re.compile("人员|员工|团队成员|业务|职能|职责|资产|项目|工作|编制")


def _held_back(chart: Chart, clause: Clause, trigger: Trigger, action: str) -> bool:
    before, after = chart.s[clause.start : trigger.start], chart.s[trigger.end : trigger.end + 6]
    if (
        re.match(r"[^，。；]{0,20}?(?:名单|清单)", chart.s[trigger.end : trigger.end + 26])
        and action == "transfer"
    ):
        return True
    if _NOT_SO.search(before) or modality.uncertain(chart.s, trigger.start, trigger.end):
        return True
    if re.match(r"的(?!是)", after) and not re.search(r"[将把]", before):
        return True
    if action == "creation" and re.match(r"(?:以来|至今|于|之初|时|\d|仅|不过|了?不到|后|前|多年)", after):
        return True
    if action == "dissolution" and re.match(
        r"[^，。；]{0,10}(?:员工|岗位|职位|人手|\d+人)", chart.s[trigger.end : trigger.end + 16]
    ):
        return True
    if action == "dissolution" and re.match(
        r"[^，。；]{0,6}(?:职务|处分|申请|上市|禁令|资格|决定|指控|诉讼|案|合同|协议|订单|比赛|会议|假期|航班|线路|门票)",
        after,
    ):
        return True
    return action == "merger" and bool(re.match(r"(?:报表|营收|收入|利润|净|口径|范围|后)", after))


def _units(chart: Chart, phrases: list[Phrase], *, firms: bool = False) -> list[tuple[Named, Phrase]]:
    """The units that phrases name; with `firms`, firms by their trade, too."""
    found = _counted(chart, phrases)
    if found:
        return found
    for phrase in _whole(chart, phrases):
        if phrase.type in ("person", "title", "date", "money", "percent"):
            continue
        if phrase.of and phrase.type == "organization" and _has_unit(chart, phrases, phrase):
            continue
        if chart.s[phrase.end - 2 : phrase.end] in ("管理", "负责", "统筹") and phrase.end - phrase.start > 4:
            phrase = Phrase(phrase.start, phrase.end - 2, None, phrase.prep, phrase.of, phrase.joined)
        name = arguments.organization(chart, phrase, unit=True)
        quoted = (
            name is not None
            and chart.s[phrase.end - 1 : phrase.end] == "”"
            and "《" not in chart.s[phrase.start : phrase.end]
        )
        if (
            name
            and (
                quoted
                or phrase.type == "organization"
                or arguments.is_unit(simplified(name[0]))
                or (firms and simplified(name[0]).endswith(tuple(words("zh", "org_suffixes"))))
            )
            and not _BODY.search(simplified(name[0]))
            and not _ANY.fullmatch(simplified(name[0]))
        ):
            found.append((_plain(chart, _without_owner(chart, name)), phrase))
    return found


def _has_unit(chart: Chart, phrases: list[Phrase], owner: Phrase) -> bool:
    """Whether a firm's unit follows it: 甲公司的 + 视频业务."""
    return any(
        p.start == owner.end + 1 and arguments.is_unit(chart.s[p.start : p.end])
        for p in phrases
        if p is not owner
    )


_RANK = re.compile(
    r"(?:一级部门|二级部门|一级事业部|独立的|全新的|原有的|新的|旗下的?)(?=[\u4e00-\u9fffA-Za-z]{3})"
)


def _plain(chart: Chart, name: Named) -> Named:
    """A unit's name without its rank before it: 一级部门 + 出海事业群."""
    rank = _RANK.match(simplified(name[0]))
    if rank is None:
        return name
    at = name[1][0] + rank.end()
    return (chart.text[at : name[1][1]], (at, name[1][1]))


def _without_owner(chart: Chart, name: Named) -> Named:
    """A unit's name without the firm's before it."""
    start, end = name[1]
    plain = simplified(chart.text[start:end])
    at = arguments.owner_end(plain)
    return (chart.text[start + at : end], (start + at, end)) if at else name


_COUNTED = re.compile(
    rf"(?P<n>[\u4e00-\u9fffA-Za-z]{{2,10}}?)[两二三四五六七八\d]+个(?:{alternatives('zh', 'unit_suffixes')})$"
)


def _counted(chart: Chart, phrases: list[Phrase]) -> list[tuple[Named, Phrase]]:
    """The names before a number of units: 行动芯片、穿戴芯片两个事业群."""
    for index, phrase in enumerate(phrases):
        match = _COUNTED.search(chart.s, phrase.start, phrase.end)
        if match is None:
            continue
        spans = [(match.start("n"), match.end("n"))]
        while index and phrases[index].joined:
            index -= 1
            spans.insert(0, (phrases[index].start, phrases[index].end))
        if len(spans) > 1:
            return [((chart.words(a, b), chart.span(a, b)), Phrase(a, b)) for a, b in spans]
    return []


def _whole(chart: Chart, phrases: list[Phrase]) -> list[Phrase]:
    """Phrases with names that hold a 与 put together again: 伺服器与存储产品线."""
    found: list[Phrase] = []
    for phrase in phrases:
        if phrase.start and chart.s[phrase.start - 1] in "（(":
            continue  # another name of the same
        last = found[-1] if found else None
        if (
            last is not None
            and phrase.joined
            and last.type == "words"
            and chart.s[last.end : phrase.start] in ("与", "和", "及")
            and not arguments.is_unit(chart.s[last.start : last.end])
            and arguments.is_unit(chart.s[phrase.start : phrase.end])
        ):
            found[-1] = Phrase(last.start, phrase.end, None, last.prep, phrase.of, last.joined)
        else:
            found.append(phrase)
    return found


def _facts(chart: Chart, clause: Clause, trigger: Trigger, action: str, focus: Focus) -> list[Draft]:
    disposed = _coordinated(clause, arguments.disposed(clause, trigger))
    after = [p for p in clause.right(trigger.end) if p.start < _stop(clause, trigger)]
    before = [p for p in clause.phrases if (p.end <= trigger.start and not p.prep) or p in disposed]
    targets = _units(chart, disposed) or []
    results: list[tuple[Named, Phrase]] = []
    if action in _FORCES and not targets:
        right = _units(chart, [p for p in after if p.start <= trigger.end + 14])
        passive = bool(
            re.search(
                r"被|遭|予以|将|获|正式|宣布$", chart.s[max(clause.start, trigger.start - 6) : trigger.start]
            )
        )
        targets = (
            right[:1] + [u for u in right[1:] if u[1].joined]
            if right and right[0][1].start <= trigger.end + 8
            else []
        )
        active = re.search(
            r"宣布|决定|公告|将$|计划", chart.s[clause.start : trigger.start]
        ) and not re.search(r"被|遭|予以", chart.s[clause.start : trigger.start])
        if not targets and (action == "dissolution" or passive or trigger.word == "揭牌"):
            ends = not chart.s[trigger.end : clause.end].strip("了 的")
            targets = [
                t
                for t in _units(chart, before)
                if (ends or passive) and not (active and t[1].type == "organization")
            ]
    elif action in ("merger", "transfer", "rename"):
        targets = targets or _units(chart, before) or _topic(chart, clause)
        if not targets and action == "rename" and (whose := arguments.subject(chart, clause, trigger, focus)):
            targets = [(whose, Phrase(trigger.start, trigger.end))]
        results = _units(chart, after, firms=True)
        if trigger.word in _JOINS and (not targets or _agent(targets, results)):
            targets, results = results, []
    elif action == "split":
        right = _units(chart, after)
        targets = targets or (
            _units(chart, before)
            if re.match(r"[为成]", chart.s[trigger.end : trigger.end + 1])
            or trigger.word[-1] in "为成"
            or not right
            else right[:1]
        )
        results = right if targets and right and targets[0] != right[0] else []
    drafts = [
        _draft(chart, clause, trigger, action, name, phrase, focus)
        for name, phrase in targets
        if phrase.type != "organization"
        or action in ("rename", "merger", "dissolution")
        or arguments.is_unit(simplified(name[0]))
    ]
    for draft in drafts:
        _ends(draft, action, trigger, results)
        if len(drafts) > 1:
            draft.group = f"unit{chart.number}.{trigger.start}"
    return drafts


_JOINS = frozenset(["整合", "合并", "归并", "融合", "整并", "归拢", "重组", "吸收合并"])


def _agent(targets: list[tuple[Named, Phrase]], results: list[tuple[Named, Phrase]]) -> bool:
    """Whether what stands before a verb of merging is the firm that merges two units of its own behind it."""
    return len(results) > 1 and len(targets) == 1 and independent(simplified(targets[0][0][0]))


def _stop(clause: Clause, trigger: Trigger) -> int:
    return next(
        (t.start for t in clause.triggers if t.start >= trigger.end and t.cls in _ACTIONS), clause.end
    )


def _coordinated(clause: Clause, phrases: list[Phrase]) -> list[Phrase]:
    """With what 和 joins: 把甲部与乙部合并."""
    if not phrases:
        return []
    return [
        p
        for p in clause.phrases
        if p in phrases
        or (p.joined and p.prep == phrases[0].prep)
        or (p.prep in ("与", "和", "同", "跟") and p.start > phrases[0].start)
    ]


def _topic(chart: Chart, clause: Clause) -> list[tuple[Named, Phrase]]:
    before = clause.before
    if before is None or not re.match(
        r"(?:将|则|已|被|正式|一并|整体|统一|并|\ue005|改|划|转|归|更|并入|合)",
        chart.s[clause.start : clause.end],
    ):
        return []
    return _units(chart, [p for p in before.phrases if not p.prep or p.prep in ("将", "把")])


def _ends(draft: Draft, action: str, trigger: Trigger, results: list[tuple[Named, Phrase]]) -> None:
    """What a merger, split, transfer or new name ends in."""
    into = (
        trigger.word in ("并入", "整合进", "合并到", "归并", "并进", "并到", "合并入", "整合到", "合并至")
        or action == "transfer"
    )
    for (name, span), _ in results:
        if name == draft.subject["name"]:
            continue
        role = "counterparty" if into and action == "merger" else "successor"
        draft.participants.append(({"role": role, "type": "organization", "name": name}, span))


def _draft(
    chart: Chart, clause: Clause, trigger: Trigger, action: str, name: Named, phrase: Phrase, focus: Focus
) -> Draft:
    draft = Draft(
        "reorganization",
        action,
        {"type": "organization", "name": name[0]},
        chart.span(clause.start, clause.end),
        chart.number,
    )
    draft.spans["/subject/name"] = name[1]
    inner = chart.nodes[phrase.start]
    before = chart.span(phrase.start, phrase.end)[0] if phrase.end > phrase.start else name[1][0]
    if inner is not None and inner.type == "organization" and inner.name != name[0]:
        draft.subject["organization"], draft.spans["/subject/organization"] = inner.name, inner.head
    elif before < name[1][0] and (at := arguments.owner_end(simplified(chart.text[before : name[1][1]]))):
        span = (before, before + at)
        draft.subject["organization"], draft.spans["/subject/organization"] = chart.text[slice(*span)], span
    elif owner := focus.owner(name[0]):
        draft.subject["organization"], draft.spans["/subject/organization"] = owner
    if _PLANNED.search(chart.s[max(0, trigger.start - 40) : trigger.start]):
        draft.status = "planned"
    place_dates(chart, (trigger.start, trigger.end), "effective", draft, focus)
    return draft
