"""Whom a Chinese penalty falls on: people, an organization or a group, by preposition, order and clause."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.model import Node
from events.extraction.script import simplified
from events.extraction.zh import amounts, arguments
from events.extraction.zh.clauses import Clause, Phrase
from events.extraction.zh.discourse import BODY, Focus

_TOWARD = frozenset(
    ["判处", "判令", "责令", "勒令", "要求", "命", "对", "向", "给", "将", "把", "令", "对于", "针对"]
)
_PASSIVE = re.compile(r"被|遭|受到|受|领|收到|接到|吃|挨|获|缴|分别|均|各|因|，")
_GROUP = re.compile(
    r"(?P<n>\d[\d,]*|[一二两三四五六七八九十百]+)(?P<more>多|余|来)?(?P<c>名|位|个|人)(?P<w>[\u4e00-\u9fffA-Za-z]{0,12}?(?:员工|人员|干部|管理者|经理|主管|高管|负责人|雇员|职员|职工|店长|董事|员|师|总监|代表|管理层|骨干|班长|组长|店长|厂长|司机|工人|教师|老师|医生|责任人|当事人|分析师|顾问|保荐代表人|会计师|工程师|保安|护士|学员|同事|副总))?"
)
_VERBLIKE = frozenset(["reprimand", "warning", "dismissal", "expulsion", "detention", "fine", "ban"])
_HOLDINGS = re.compile(r"的(?:职级|职务|级别|薪级|岗位|职位|行政级别|奖金|薪酬|年薪|工资|绩效|薪资|劳动合同)")
"""What a penalty takes from somebody: 甲的职级被降低两级."""
_SAYING = re.compile(r"主持|认为|表示|说|称|指出|在场|强调|坦言|透露")


def find(
    chart: Chart, parts: list[Clause], start: int, end: int, kind: str, focus: Focus, *, told: bool
) -> list[Node]:
    """The mentions that a penalty at positions [start, end) falls on; empty where none is told.

    `told` says that a person stands before: then words that may or may not name a firm do not count.
    """
    clause = next((c for c in parts if c.start <= start < c.end), None)
    if clause is None:
        return []
    if within := [n for n in chart.nodes[start:end] if n is not None and n.type == "person"]:
        return within[0].each()  # 撤销甲经理职务
    if kind in _VERBLIKE and (after := _after(chart, clause, start, end, focus)):
        return after
    current: Clause | None = clause
    at = start
    steps = 0
    while current is not None and steps < 6:
        if found := _before(chart, current, at, focus, own=steps == 0, told=told):
            return found
        current, steps = current.before, steps + 1
        at = current.end if current else 0
    return []


def _after(chart: Chart, clause: Clause, start: int, end: int, focus: Focus) -> list[Node]:
    """The object right behind the verb: 公开谴责甲公司及其主席乙."""
    if re.search(
        r"[被遭]$|(?:给予|予以|处以|受到|处|出具|采取|作出)[^，。；]{0,4}$", chart.s[clause.start : start]
    ):
        return []
    first = next((p for p in clause.phrases if p.start >= end and not (p.of and p.type != "person")), None)
    who = next((p for p in clause.phrases if p.start >= end and p.type == "person"), None)
    if who is not None and re.match(r"了[^，。；]*的", chart.s[end : who.start]):
        return who.node.each() if who.node else []  # 解雇了泄露机密的工程师甲
    if first is None or first.start > end + 14 or re.search(r"[，。；的]", chart.s[end : first.start]):
        return []
    run = [first]
    for phrase in clause.phrases:
        if phrase.start > run[-1].start and (
            phrase.joined
            or re.fullmatch(r"(?:及其?|和|与|以及)(?:前|时任|原|现任)?", chart.s[run[-1].end : phrase.start])
        ):
            run.append(phrase)
    return [node for phrase in run for node in _nodes(chart, phrase, focus)]


def _before(chart: Chart, clause: Clause, at: int, focus: Focus, *, own: bool, told: bool) -> list[Node]:
    """The nearest fitting mention before a position of a clause, with what is joined to it."""
    near = [p for p in clause.phrases if p.end <= at]
    toward = [p for p in near if p.prep in _TOWARD]
    free = [p for p in near if not p.prep]
    pools = [toward, [p for p in free if p.type != "words" or p.start - clause.start > 2] if told else free]
    if not told:  # mentions that are known beat words that may name something
        pools = [toward, [p for p in free if p.type != "words" or p.start - clause.start <= 2], free]
    for pool in pools:
        for phrase in reversed(pool):
            if (phrase.of and phrase.type != "person") or phrase.type in ("date", "money", "percent"):
                continue
            nodes = _nodes(chart, phrase, focus)
            if (
                not nodes
                or _SAYING.search(chart.s[phrase.end : at])
                or (
                    own and phrase.type == "person" and phrase.of and not _HOLDINGS.match(chart.s, phrase.end)
                )
            ):
                continue
            if (
                nodes[0].type == "organization"
                and phrase.type == "words"
                and pool is not pools[0]
                and (told or phrase.start > clause.start + 8)
            ):
                continue
            if (
                nodes[0].type == "organization"
                and pool is not pools[0]
                and not _PASSIVE.search(chart.s[phrase.end : at + 2])
                and own
            ):
                continue
            index = near.index(phrase)
            while near[index].joined and index > 0:
                index -= 1
                nodes = [*_nodes(chart, near[index], focus), *nodes]
            return nodes
    return []


def _nodes(chart: Chart, phrase: Phrase, focus: Focus) -> list[Node]:
    """The people, the organization or the group that a phrase names."""
    if phrase.node is not None and phrase.node.type == "person":
        return phrase.node.each()
    span = chart.span(phrase.start, phrase.end)
    words = simplified(chart.text[span[0] : span[1]])
    match = _GROUP.search(words)
    if match and (match["w"] or (match["c"] in ("名", "位", "人") and words.endswith(match[0]))):
        left = span[0] + match.start()
        right = span[0] + match.end()
        count = int(amounts.whole(match["n"]))
        group = Node("group", left, right, name=chart.text[left:right], head=(left, right))
        group.value = {"min": count, "text": match["n"] + (match["more"] or "") + match["c"]}
        if match.start() > 1 and arguments.is_name(words[: match.start()]):
            group.org, group.org_span = chart.text[span[0] : left], (span[0], left)
        return [group] if count else []
    if phrase.type == "title":
        return []
    if arguments.GENERIC.fullmatch(words):
        if (
            words in ("其", "它", "公司", "该公司", "集团", "该集团", "该行", "网点", "企业")
            and (phrase.prep in _TOWARD or not phrase.prep)
            and focus.org
            and focus.org_span
        ):
            return [Node("organization", *focus.org_span, name=focus.org, head=focus.org_span)]
        return []
    if (
        "“" in words
        and phrase.type == "words"
        and phrase.start
        and chart.s[phrase.start - 1] not in "，。；：、】"
    ):
        return []
    found = arguments.organization(chart, phrase)
    if found is None or BODY.search(simplified(found[0])):
        return []
    return [Node("organization", *found[1], name=found[0], head=found[1])]
