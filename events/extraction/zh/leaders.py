"""Chinese appointments and departures, clause by clause."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.model import Draft, Node
from events.extraction.script import simplified
from events.extraction.zh import arguments, modality
from events.extraction.zh.clauses import Clause, Phrase, Trigger
from events.extraction.zh.discourse import Focus
from events.extraction.zh.roles import place_dates

_LEAVES = frozenset({"leave", "leave_unknown", "leave_noun", "oust"})
_ARRIVES = frozenset({"appoint", "take", "reassign"})
_NOT_SO = re.compile(
    r"(?:未|没有|没|并未|尚未|从未|拒绝|否认|无意|不会|是否|能否|若|如|一旦|如果|可能|或|打算|考虑|传|曾|曾经|曾任|历任|先后|提名|不适合|不得|禁止|不能|不宜|候选|拟|建议|有意|劝|逼|呼吁|要求|主张|应该|应当|该)(?:[^，。；]{0,4})$"
)
_PLANNED = re.compile(r"候选人|提名|尚须|尚需|拟任|拟聘|拟由|有待")
_UNSAID = re.compile(r"年龄|任期届满|届满|到龄|期满|任满|任期结束|合约到期|合同到期|六年")
_FORCED = re.compile(r"被迫|被要求|遭(?:到)?|被(?:公司|董事会|股东|免|撤|换|解)|未获续|不获续|不予续|不再续")
_ACTING = re.compile(r"代行|代理|暂代|临时|署理|代任|暂时|暂由|代总|代董|代行长|过渡")
_BY_ONLY = frozenset(
    [
        "负责",
        "分管",
        "统筹",
        "主事",
        "打理",
        "照看",
        "接管",
        "接手",
        "代管",
        "牵头",
        "兼理",
        "统管",
        "兼管",
        "主持工作",
    ]
)


def read(chart: Chart, found: list[Clause], focus: Focus) -> list[Draft]:
    """The leavings and appointments of a sentence."""
    drafts: list[Draft] = []
    for clause in found:
        for trigger in clause.triggers:
            if trigger.cls not in _LEAVES | _ARRIVES or _held_back(chart, clause, trigger):
                continue
            if trigger.word in _BY_ONLY and not any(p.prep == "由" for p in clause.left(trigger.start)):
                continue
            leaving = trigger.cls in _LEAVES
            people = _who(chart, clause, trigger, focus)
            for person in people:
                if any(
                    d.subject["name"] == person.name and (d.action == "departure") == leaving for d in drafts
                ):
                    continue
                draft = _draft(chart, clause, trigger, person, focus, leaving=leaving)
                if draft is not None:
                    drafts.append(draft)
    _links(drafts)
    return drafts


def _held_back(chart: Chart, clause: Clause, trigger: Trigger) -> bool:
    before = chart.s[clause.start : trigger.start]
    if trigger.cls == "take" and re.match(
        r"[^，。；\ue001\ue005]{0,6}\ue004?[^，。；]{0,3}?(?:[一二三四五六七八九十\d]+多?|多)年",
        chart.s[trigger.end :],
    ):
        return True
    if trigger.cls == "take" and re.search(r"(?:仍然?|继续|依旧|依然|照旧|一直|长期)(?:由|将)?$", before):
        return True
    if trigger.word.startswith("调") and before[-1:] in tuple("下上微回"):
        return True
    if _NOT_SO.search(before) or modality.uncertain(chart.s, trigger.start, trigger.end):
        return True
    after = chart.s[trigger.end : trigger.end + 3]
    if re.match(r"前|后|期间|以来|时|之前|之后|至今|不久|仅|不过|已?满|过", after):
        return True
    if re.match(
        r"员工|高管|潮|率|手续|补偿|证明|人员|人士|策划|诉讼|议案|案|请求|提案|之诉|工程师|赔偿|面谈",
        chart.s[trigger.end : trigger.end + 3],
    ):
        return True
    return (
        trigger.cls in ("leave", "take")
        and bool(re.match(r"的(?!是|人选|为)", after))
        and not re.match(r"的(?:报告|申请|请求|消息|决定|辞呈)", chart.s[trigger.end : trigger.end + 4])
    )


def _people(phrases: list[Phrase], *, but: tuple[str, ...] = ()) -> list[Phrase]:
    return [p for p in phrases if p.type == "person" and p.prep not in but]


def _first(people: list[Phrase]) -> list[Node]:
    """The people of the first phrase."""
    return people[0].node.each() if people and people[0].node else []


def _who(chart: Chart, clause: Clause, trigger: Trigger, focus: Focus) -> list[Node]:
    """The people who leave or arrive."""
    if trigger.cls in ("oust", "appoint"):
        return _whom(chart, clause, trigger, focus)
    if trigger.cls == "leave_noun":
        return _whose(chart, clause, trigger, focus)
    rest = chart.s[trigger.end : clause.end]
    if trigger.word in _SUCCEEDS and (copula := _SUCCESSOR_IS.match(rest)):
        return _first(_people(clause.right(trigger.end + copula.end())))
    if trigger.cls == "take" and _IT_IS.match(rest[:5]):
        return _first(_people(clause.right(trigger.end)))
    by = [p for p in clause.left(trigger.start) if p.prep in ("由", "让") and p.type not in ("title", "date")]
    if by and not any(p.type == "person" for p in by) and by[0].type == "words" and trigger.cls == "take":
        return []  # somebody whose name was not found
    by = [p for p in by if p.type == "person"]
    return _first(by) if by else _subject(chart, clause, trigger, focus)


_SUCCEEDS = frozenset(["接替", "取代", "接任", "顶替"])
_SUCCESSOR_IS = re.compile(r"(?:[他她其]|\ue001|这一职务|该职)?的?(?:将)?(?:是|为|人是)")
_IT_IS = re.compile(r"的?(?:人选)?(?:者)?(?:则)?(?:是|为|系|由)|\ue004?的(?:则)?是")
_HANDED_IN = re.compile(r"(?:递交|提交|提出|呈交|递上|交出|送上|递|提|呈)(?:了)?(?:书面|其)?$")
_SUFFERED = re.compile(r"(?:被|获|遭|遭到|受|经)(?:[^，。；]{0,10})$")


def _whom(chart: Chart, clause: Clause, trigger: Trigger, focus: Focus) -> list[Node]:
    """Who is appointed or removed: the verb's object, what 将 puts before it, or the subject of a passive."""
    passive = bool(_SUFFERED.search(chart.s[clause.start : trigger.start]))
    if not passive and (people := _people(arguments.objects(clause, trigger))):
        return _first(people)
    moved = [
        p
        for p in clause.phrases
        if p.type == "person" and p.end <= trigger.start and p.prep in ("将", "把", "对")
    ]
    if moved:
        return _first(moved[-1:])
    by = [p for p in clause.left(trigger.start) if p.type == "person" and p.prep in ("由", "让")]
    if by and trigger.cls == "appoint":
        return _first(by)
    made = re.match(r"(?:为|担任|出任|任|作|成)", chart.s[trigger.end : trigger.end + 2])
    if not passive and trigger.cls == "appoint" and not made:
        return []
    return _subject(chart, clause, trigger, focus)


def _whose(chart: Chart, clause: Clause, trigger: Trigger, focus: Focus) -> list[Node]:
    """Whose letter of resignation it is: of those who hand it in, or of those whom 的 names."""
    before = chart.s[clause.start : trigger.start]
    owner = [p for p in clause.left(trigger.start) if p.type == "person"]
    if _HANDED_IN.search(before) or (not owner and re.search(r"其|他|她", before)):
        return _subject(chart, clause, trigger, focus)
    return _first(owner)


_BESIDE = frozenset(
    ["接替", "取代", "向", "对", "与", "和", "跟", "由", "从", "替", "较", "比", "除", "据", "代替"]
)
"""Coverbs of those who are told beside the one who leaves or arrives."""


def _subject(chart: Chart, clause: Clause, trigger: Trigger, focus: Focus) -> list[Node]:
    """The people whom a clause is about: before the trigger, else in the clauses before it."""
    at: int | None = trigger.start
    current: Clause | None = clause
    steps = 0
    while current is not None and steps < 4:
        near = current.left(at) if at is not None else list(reversed(current.phrases))
        people = [p for p in near if p.type == "person" and p.prep not in _BESIDE]
        free = [p for p in people if not p.of]
        if free:
            first = free[0]
            return first.node.each() if first.node else []
        if any(p.type == "person" for p in near) and at is not None:
            return []
        if at is None and any(p.type == "organization" and not p.prep for p in near):
            return []
        current, at = current.before, None
        steps += 1
    if (
        steps
        and re.match(r"^(?:他|她|其|此人|该人)", chart.s[clause.start : clause.start + 3])
        and focus.person is not None
    ):
        return [focus.person]
    return []


def _title(
    chart: Chart, clause: Clause, trigger: Trigger, person: Node, focus: Focus, *, leaving: bool
) -> Node | None:
    """The post that is left or taken up."""
    others = _LEAVES | ({"appoint", "reassign"} if trigger.cls in ("appoint", "reassign") else _ARRIVES)
    stop = next((t.start for t in clause.triggers if t.start >= trigger.end and t.cls in others), clause.end)
    after = [
        p
        for p in clause.right(trigger.end)
        if p.type == "title" and p.start < stop and p.prep not in ("由", "接替")
    ]
    if after:
        return after[0].node
    if (leaving and trigger.cls != "leave_unknown") or trigger.word in ("离开公司", "离开集团", "不再留任"):
        before = [p for p in clause.left(trigger.start) if p.type == "title" and p.prep not in ("由",)]
        if person.title:
            span = person.title_span or person.head
            return Node("title", *person.span, person.title, span, org=person.org, org_span=person.org_span)
        return (
            before[0].node
            if before
            else (
                focus.post
                if re.search(r"前任|原任|该职|此职|其职", chart.s[clause.start : trigger.end])
                else None
            )
        )
    if not leaving:
        before = [p for p in clause.left(trigger.start) if p.type == "title"]
        if before and re.search(
            r"(?:一职|职务|职位|的?人选|空缺|位子)?(?:[^，。；]{0,8})由",
            chart.s[before[-1].end : trigger.start],
        ):
            return before[-1].node
        earlier = focus.before if _FORMERLY.search(chart.s, clause.start, trigger.start) else None
        if earlier is not None:
            return earlier
        if leading := [n for _, n in _titles_before(clause)]:
            return leading[-1]
        return focus.post
    return None


_FORMERLY = re.compile(r"原(?:来|先|有|本)?的?(?:职务|职位|岗位|工作)|原职|(?:其|他|她)的?(?:职务|职位|岗位)")
"""The post that somebody who moves had until then: 她原来的职务由乙接手."""


def _titles_before(clause: Clause) -> list[tuple[int, Node]]:
    """Posts that the clauses before name as vacant: "总裁张三离任，李四接棒"."""
    return [
        (
            p.start,
            p.node
            if p.type == "title"
            else Node(
                "title",
                *p.node.span,
                p.node.title,
                p.node.title_span or p.node.head,
                org=p.node.org,
                org_span=p.node.org_span,
            ),
        )
        for c in _chain(clause.before)
        for p in c.phrases
        if p.node is not None and (p.type == "title" or (p.type == "person" and p.node.title))
    ]


def _chain(clause: Clause | None) -> list[Clause]:
    found: list[Clause] = []
    while clause is not None and len(found) < 3:
        found.append(clause)
        clause = clause.before
    return found[::-1]


def _draft(
    chart: Chart, clause: Clause, trigger: Trigger, person: Node, focus: Focus, *, leaving: bool
) -> Draft | None:
    title = _title(chart, clause, trigger, person, focus, leaving=leaving)
    if (
        title is not None
        and not leaving
        and re.search(r"委员$|委员会(?:主席|召集人|主任委员)$", simplified(title.name))
    ):
        return None  # committee seats of sitting directors
    at = next(
        (i for i, n in enumerate(chart.nodes) if n is not None and (n is person or person in n.members)), 0
    )
    former = person.former or chart.s[max(0, at - 2) : at] in ("前任", "原任", "上任")
    if leaving and former and not any(p.type == "date" for p in clause.phrases):
        return None  # told in passing
    text = chart.s[clause.start : clause.end]
    loose = ("接下", "接过", "扛起", "挑起", "坐上", "补位", "主持工作", "新任")
    if not leaving and title is None and not person.title and trigger.word in loose:
        return None
    action = "departure" if leaving else "reassignment" if trigger.cls == "reassign" else "appointment"
    draft = Draft(
        "leadership",
        action,
        {"type": "person", "name": person.name},
        chart.span(clause.start, clause.end),
        chart.number,
        person,
    )
    draft.spans["/subject/name"] = person.head
    draft.extra_spans.append(person.span)
    if title is not None:
        draft.subject["title"] = re.sub(
            r"^(?:代理|临时|代(?=[\u4e00-\u9fff]{2})|新任|下一任|署理|暂代)", "", title.name
        )
        draft.spans["/subject/title"] = title.head
        focus.post = title
    if not leaving and person.title and person.title_span:
        focus.before = Node(
            "title", *person.span, person.title, person.title_span, org=person.org, org_span=person.org_span
        )
    _employer(draft, title, person, focus)
    if leaving:
        draft.departure = _departure(chart, clause, trigger)
    else:
        draft.interim = bool(
            _ACTING.search(text[max(0, trigger.start - clause.start - 8) :])
            or (title is not None and re.match(r"代|临时|署理|暂代", simplified(title.name)))
        )
        if _PLANNED.search(chart.s[clause.start :]):
            draft.status = "planned"
            draft.confidence = 0.3
            return None
        _predecessor(chart, clause, draft)
    default = (
        "effective"
        if trigger.cls == "take"
        and trigger.word
        not in ("当选", "获选", "获任", "获聘", "获委任", "获任命", "获聘任", "获推选", "获委派")
        else "decided"
    )
    place_dates(chart, (trigger.start, trigger.end), default, draft, focus)
    return draft


def _employer(draft: Draft, title: Node | None, person: Node, focus: Focus) -> None:
    if title is not None and title.org:
        draft.subject["organization"], draft.spans["/subject/organization"] = (
            title.org,
            title.org_span or title.head,
        )
        return
    if person.org and draft.action == "departure":
        draft.subject["organization"], draft.spans["/subject/organization"] = (
            person.org,
            person.org_span or person.head,
        )
        return
    if owner := focus.owner(""):
        draft.subject["organization"], draft.spans["/subject/organization"] = owner


def _departure(chart: Chart, clause: Clause, trigger: Trigger) -> str:
    text = chart.s[clause.start : clause.end]
    if trigger.cls == "oust" or _FORCED.search(text):
        return "forced"
    if _UNSAID.search(chart.s):
        return "unknown"
    if trigger.cls == "leave_unknown" and not re.search(
        r"个人原因|身体|健康|家庭|另有|主动|创业|宣布", chart.s
    ):
        return "unknown"
    if trigger.word in ("离职", "离任", "离开") and not _OWN_WILL.search(chart.s):
        return "unknown"
    return "voluntary"


_OWN_WILL = re.compile(r"因|由于|申请|提出|提交|递|主动|自愿|宣布|选择|决定|创业|自己|个人|希望|打算")


def _predecessor(chart: Chart, clause: Clause, draft: Draft) -> None:
    around = chart.s[clause.start : min(len(chart.s), clause.end + 30)]
    match = re.search(
        r"(?:接替|取代|接过|顶替|代替|接班|继任|接棒)(?:[^，。；\ue001]{0,8})(?P<p>\ue001)", around
    )
    node = chart.nodes[clause.start + match.start("p")] if match else None
    if node is not None and node.name != draft.subject["name"]:
        draft.participants.append(({"role": "predecessor", "type": "person", "name": node.name}, node.head))


def _links(drafts: list[Draft]) -> None:
    """Nobody who is replaced by the claim's own subject is one's own predecessor."""
    for draft in drafts:
        draft.participants = [
            (p, span) for p, span in draft.participants if p["name"] != draft.subject["name"]
        ]
