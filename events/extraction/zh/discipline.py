"""Chinese penalties as claims: each given to the people, the company or the group that it falls on."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart
from events.extraction.gravity import action_of
from events.extraction.lexicon import Frame
from events.extraction.model import Draft, Node, Span
from events.extraction.script import simplified
from events.extraction.zh import bearers, clauses, modality, penalties
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.roles import dates

_P = CODES["person"]


def discipline(chart: Chart, focus: Focus) -> list[Draft]:
    """Penalties of a sentence, given to the people (or the company) that they fall on."""
    found = [item for item in penalties.find(chart) if not modality.uncertain(chart.s, *item[:2])]
    if not found or re.search(r"反舞弊教育|警示大会", chart.s):
        return []
    _decision(chart, found[-1][0], focus)
    people = [(at, n) for at, n in chart.all("person")]
    parts = clauses.clauses(chart)
    drafts: dict[str, Draft] = {}
    order: list[Draft] = []
    last: list[Node] = []
    for start, end, penalty in found:
        nodes = _whom(chart, people, parts, (start, end, penalty), focus) or last
        for node in nodes:
            draft = drafts.get(node.name)
            if draft is None:
                draft = _penalized(chart, node, focus)
                drafts[node.name] = draft
                order.append(draft)
            draft.penalties.append((penalty, chart.span(start, end)))
        last = nodes
    for draft in order:
        _finish(chart, draft, found, focus)
    return [d for d in order if d.penalties]


def _decision(chart: Chart, end: int, focus: Focus) -> None:
    """Whose decision the sentence tells: that of a body which it names, of the firm itself, or the one at hand."""
    body = next(
        (n for at, n in chart.all("organization") if at < end and BODY.search(simplified(n.name))), None
    )
    if body is not None:
        focus.decision = simplified(body.name)
    elif focus.decision and _ITS_OWN.search(chart.s):
        focus.decision = "its own"


_ITS_OWN = re.compile(
    r"(?:公司|集团|该行|内部|董事会|监事会|管理层|厂方|校方|院方)(?:\ue005|已|也|则|又|还|同时|随后|内部)*(?:决定|对(?!上述|此)|给予|将|把|通报|宣布|处分|开除|辞退|发文|解除|免去)"
)


def _whom(
    chart: Chart,
    people: list[tuple[int, Node]],
    parts: list[clauses.Clause],
    item: penalties.Found,
    focus: Focus,
) -> list[Node]:
    """Whom a penalty falls on: the people told together, or the nearest mention that its clauses allow."""
    start, end, penalty = item
    told = _bearers(chart, people, start, end)
    found = bearers.find(chart, parts, start, end, penalty["type"], focus, told=bool(told))
    if len(told) > 1 or not found:
        return told
    persons = [node for node in found if node.type == "person"]
    return persons or found if "劳动" in chart.s[start:end] else found


def _bearers(chart: Chart, people: list[tuple[int, Node]], start: int, end: int) -> list[Node]:
    before = [(at, n) for at, n in people if at < start]
    if not before:
        after = [(at, n) for at, n in people if at >= end and re.match(r"[^，。；]{0,4}$", chart.s[end:at])]
        return after[0][1].each() if after else []
    at, last = before[-1]
    between = chart.s[at + 1 : start]
    if re.search(r"由$", chart.s[max(0, at - 1) : at]) or re.search(r"[。；]", between):
        return []
    if re.search(r"(?:主持|认为|表示|说|称|指出|在场)", between):
        return []
    if re.search(r"均|都|各|分别|两人|二人|三人|四人", chart.s[max(at + 1, start - 10) : start]) or re.search(
        r"^(?:因[^，。；]{1,20}，)?(?:均|各|分别)", between
    ):
        together = [n for i, n in before if not re.search(r"[。；]", chart.s[i:start])]
        number = re.search(r"(两|二|三|四)人", chart.s[at + 1 : start])
        if number:
            together = together[-{"两": 2, "二": 2, "三": 3, "四": 4}[number[1]] :]
        elif any(pos < start and found_before(chart, pos, start) for pos, _ in before[:-1]):
            together = [n for n in together if not _has_own(chart, n, start)]
        return [member for n in together for member in n.each()]
    return last.each()


def found_before(chart: Chart, position: int, start: int) -> bool:
    """Whether a penalty stands between a person and a later position."""
    return any(position < s < start for s, _, _ in penalties.find(chart))


def _has_own(chart: Chart, node: Node, start: int) -> bool:
    at = next((i for i, other in enumerate(chart.nodes) if other is node), -1)
    following = chart.s.find(_P, at + 1)
    limit = following if 0 < following < start else start - 12
    return any(at < s < limit for s, _, _ in penalties.find(chart))


def _penalized(chart: Chart, node: Node, focus: Focus) -> Draft:
    draft = Draft(
        "discipline",
        "warning",
        {"type": node.type, "name": node.name},
        (chart.start, chart.end),
        chart.number,
        node if node.type == "person" else None,
    )
    draft.spans["/subject/name"] = node.head
    if node.type == "organization":
        focus.penal_org, focus.penal_org_span = node.name, node.head
        return draft
    if node.type == "group":
        draft.headcount = (node.value, node.head)
    draft.extra_spans.append(node.span)
    if node.title:
        draft.subject["title"] = node.title
        draft.spans["/subject/title"] = node.title_span or node.head
    if node.org:
        draft.subject["organization"] = node.org
        draft.spans["/subject/organization"] = node.org_span or node.head
    elif focus.penal_org and focus.penal_org_span:
        draft.subject["organization"] = focus.penal_org
        draft.spans["/subject/organization"] = focus.penal_org_span
    elif owner := focus.owner(""):
        draft.subject["organization"], draft.spans["/subject/organization"] = owner
    if node.org:
        focus.penal_org, focus.penal_org_span = node.org, node.org_span
    return draft


def _finish(chart: Chart, draft: Draft, found: list[penalties.Found], focus: Focus) -> None:
    seen: list[tuple[dict[str, Any], Span]] = []
    for item in draft.penalties:
        same = next((other for other, _ in seen if other["type"] == item[0]["type"]), None)
        if same is None:
            seen.append(item)
        else:  # 给予降职处分，职级由M5降为M3
            same.update({key: value for key, value in item[0].items() if key not in same})
    draft.penalties = seen
    draft.action = action_of([p["type"] for p, _ in seen]) if seen else draft.action
    if re.search(r"拟(?:对|被|给予|处以|终身)", chart.s):
        draft.status = "planned"
    frame = Frame("discipline", draft.action, _EMPTY, {"date": "occurred"})
    empty = _EMPTY.match(chart.s, max(0, found[0][0]))
    if empty:
        bodies = [
            n
            for at, n in chart.all("organization")
            if at < found[-1][0] and BODY.search(simplified(n.name)) and n.name != draft.subject["name"]
        ]
        named = (bodies[0].name, bodies[0].head) if bodies else None
        if named is None and focus.body_span and 0 < chart.number - focus.body_at <= 2 and not focus.decider:
            named = (focus.body, focus.body_span)
        if named:
            draft.participants.append(
                ({"role": "issuer", "type": "organization", "name": named[0]}, named[1])
            )
        _own_dates(chart, draft, empty, frame, focus)
    draft.group = draft.group or (
        f"decision{focus.block}.{focus.decision}" if draft.action != "detention" or len(found) > 1 else ""
    )
    _grounds(chart, draft)


def _own_dates(chart: Chart, draft: Draft, empty: re.Match[str], frame: Frame, focus: Focus) -> None:
    if draft.subject["type"] == "person" and draft.subject_node is not None:
        at = next((i for i, n in enumerate(chart.nodes) if n is draft.subject_node), -1)
        match = _EMPTY.match(chart.s, at) if at >= 0 else None
        dates(chart, match or empty, frame, draft, focus)
    else:
        dates(chart, empty, frame, draft, focus)


_EMPTY = re.compile(r"")


_BECAUSE = re.compile(r"因(?P<g>[^，。；、]{2,30}?)(?:，|而|被|、)")


_BAD = re.compile(
    r"收受|泄露|虚报|违反|存在|侵占|挪用|伪造|隐瞒|造假|贪污|受贿|利用|失职|舞弊|泄密|骚扰|走过场|流于形式"
)


_FOUND = re.compile(r"(?:认定|查实|查明)，?[^，。；]{0,12}?存在(?P<g>[^，。；]{2,30})")


def _grounds(chart: Chart, draft: Draft) -> None:
    node = draft.subject_node
    at = (
        next((i for i, n in enumerate(chart.nodes) if n is not None and (n is node or node in n.members)), 0)
        if node
        else 0
    )
    first = chart.s
    if match := _BECAUSE.search(first, at):
        _ground(chart, draft, match.start("g"), match.end("g"))
        return
    if match := _FOUND.search(first):
        _pieces(chart, draft, match.start("g"), match.end("g"), r"和|、|以及|及")
        return
    for clause in re.finditer(r"[^，。；：]+", first[at + 1 :]):
        start, end = at + 1 + clause.start(), at + 1 + clause.end()
        if _BAD.search(clause[0]) and not re.search(r"警|辞退|罚|降|处分|决定", clause[0]):
            lead = re.match(r"(?:并|且|又)?(?:存在)?(?:对[^，。；]{2,14}的)?", clause[0])
            _ground(chart, draft, start + (lead.end() if lead and "对" not in lead[0] else 0), end)


def _pieces(chart: Chart, draft: Draft, start: int, end: int, separator: str) -> None:
    at = start
    for piece in re.split(separator, chart.s[start:end]):
        left = chart.s.index(piece, at)
        _ground(chart, draft, left, left + len(piece))
        at = left + len(piece)


def _ground(chart: Chart, draft: Draft, start: int, end: int) -> None:
    if end > start:
        span = chart.span(start, end)
        draft.grounds.append((chart.text[span[0] : span[1]], span))
