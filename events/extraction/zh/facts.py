"""Chinese frames at work: what a sentence states, with its arguments, as draft claims."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart
from events.extraction.gravity import action_of
from events.extraction.lexicon import Frame, alternatives, frames_for, words
from events.extraction.model import Draft, Node, Party, Span
from events.extraction.zh import penalties
from events.extraction.zh.discourse import Focus
from events.extraction.zh.names import Cast
from events.extraction.zh.script import simplified

_P, _T, _O, _D = CODES["person"], CODES["title"], CODES["organization"], CODES["date"]
_LEAD = re.compile(
    r".*(?:把|将|被|向|由|对|称|同意|关于|其中|包括|旗下|供应商|车企|企业|决定|受理|通过|公告|宣布|指控|举报|起诉|查明|认定|新设|同场的|多家|原定|计划在|仍|至于|此前|正式|受调整影响|以及|网友|的|，|；|：|\ue005|\ue004|今年|以来)(?=.{2})"
)
_TAIL = re.compile(
    r"(?:的|等|整体|三家|两家|四家|五家|几家|多家|[一二三四五六七八九十\d]+家|美国企业|中国企业|企业|公司股票|股票|股份|轿车|手机|新车|车型|于|自|在|已|将|即日起|即日|正式|也|又|则|均|先后|昨|今|本|上)+$"
)
_UNIT = re.compile(rf"(?:{alternatives('zh', 'unit_suffixes')}|集团|组|室|局)”?(?:（[^（）]{{1,30}}）)?$")
_PRODUCTISH = re.compile(r"[A-Za-z0-9]|[“《]")


def read(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """The facts of one sentence: penalties first, then what the frames find."""
    found = discipline(chart, cast, focus)
    taken: list[tuple[int, int, str]] = []
    for frame in frames_for("zh", chart.s):
        for match in frame.pattern.finditer(chart.s):
            sort = f"{frame.kind}{frame.action == 'departure'}"
            if any(s < match.end() and match.start() < e and sort == k for s, e, k in taken):
                continue
            if re.search(
                r"(?:如果|若|未|没有|并未|不会|是否|尚未|能否)$",
                chart.s[max(0, match.start() - 3) : match.start()],
            ):
                continue
            drafts = _drafts(frame, match, chart, cast, focus)
            if drafts:
                taken.append((match.start(), match.end(), sort))
                found += [d for d in drafts if not _punished(d, found)]
    for draft in found:
        if draft.action == "departure" and not draft.subject.get("title"):
            _former_post(chart, draft, focus)
    return found


def _former_post(chart: Chart, draft: Draft, focus: Focus) -> None:
    """The predecessor of somebody just named left the post that this one takes up."""
    start = draft.spans["/subject/name"][0]
    if focus.post is not None and simplified(chart.text[max(0, start - 2) : start]) == "前任":
        draft.subject["title"] = focus.post.name
        draft.spans["/subject/title"] = focus.post.head


def _punished(draft: Draft, found: list[Draft]) -> bool:
    return (
        draft.kind == "leadership"
        and draft.action == "departure"
        and any(d.kind == "discipline" and d.subject["name"] == draft.subject["name"] for d in found)
    )


def _drafts(frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    groups = match.re.groupindex
    if "list" in groups:
        return _listed(frame, match, chart, cast, focus)
    if frame.kind in ("leadership", "discipline"):
        return _people(frame, match, chart, cast, focus)
    group = "product" if "product" in groups else "subject"
    name = _run(chart, match, group, cast, focus, unit=frame.kind == "reorganization")
    if name is None:
        return []
    words_, span = name
    if not _fits(frame, words_, match, chart):
        return []
    type_ = "product" if frame.kind == "product" else "organization"
    draft = _new(
        frame,
        chart,
        match,
        {"type": type_, "name": words_.removeprefix("“").removesuffix("”") if type_ == "product" else words_},
        span,
    )
    for role in ("successor", "counterparty", "claimant"):
        if role in groups and (other := _run(chart, match, role, cast, focus)):
            draft.participants.append(({"role": role, "type": "organization", "name": other[0]}, other[1]))
    issuer(chart, match, draft, focus)
    if frame.kind == "product" and focus.org and focus.org_span:
        draft.participants.append(
            ({"role": "organization", "type": "organization", "name": focus.org}, focus.org_span)
        )
    if frame.kind == "reorganization":
        owner = focus.owner(words_, chart.start)
        if owner:
            draft.subject["organization"], draft.spans["/subject/organization"] = owner
    if frame.kind == "product" and re.search(r"(?:将|拟|计划|定)于", match[0]):
        draft.status = "planned"
    if re.search(
        r"(?:计划|拟|打算|考虑|有意)(?:在|于|将|把|由)?", chart.s[: match.end()][-40:]
    ) and frame.kind in ("reorganization", "product", "listing"):
        draft.status = "planned"
    if frame.kind == "controversy":
        _dispute(frame, draft, chart, match)
    if frame.kind == "listing":
        for _, node in chart.all("money"):
            if re.search(
                r"(?:集资|募资|募集资金|融资)[^，。；]{0,4}$",
                chart.s[max(0, chart.nodes.index(node) - 10) : chart.nodes.index(node)],
            ):
                draft.measures.append(({"metric": "amount", **node.value}, node.head))
    dates(chart, match, frame, draft, focus)
    return [draft]


def _fits(frame: Frame, name: str, match: re.Match[str], chart: Chart) -> bool:
    plain = simplified(name)
    if frame.kind == "reorganization":
        return bool(_UNIT.search(plain)) and plain.strip("“”") not in words("zh", "not_orgs")
    if frame.kind == "product":
        return (
            bool(_PRODUCTISH.search(plain))
            and not _UNIT.search(plain)
            and not re.search(r"公告|通知|文件|声明|消息|报告|股", plain)
        )
    if frame.kind == "listing":
        return not _PRODUCT_LIKE.search(plain) and plain not in words("zh", "not_orgs")
    return plain not in words("zh", "not_orgs") or frame.kind == "controversy"


_PRODUCT_LIKE = re.compile(
    r"^[A-Z]+\d+|^[A-Za-z]?\d+$|新品|新款|轿车|手机|芯片|晶片|车型|系统$|平台$|[A-Za-z]+-?\d+$"
)


def _new(frame: Frame, chart: Chart, match: re.Match[str], subject: Party, span: Span) -> Draft:
    start, end = chart.span(match.start(), match.end())
    draft = Draft(frame.kind, frame.action, subject, (start, end), chart.number)
    draft.departure = frame.options.get("departure", "")
    draft.status = frame.options.get("status", "reported")
    draft.spans["/subject/name"] = span
    return draft


def _run(
    chart: Chart, match: re.Match[str], group: str, cast: Cast, focus: Focus, unit: bool = False
) -> tuple[str, Span] | None:
    """The name that a run of characters ends with (or starts with, after a verb): words and span."""
    start, end = match.start(group), match.end(group)
    if start < 0:
        return None
    after_verb = start > match.start()
    if after_verb:
        end = _extend(chart.s, start, end, group)
    run = chart.s[start:end]
    if not after_verb or re.match(r"其|该", run):
        if lead := _LEAD.match(run):
            start += lead.end()
        run = chart.s[start:end]
    if (tail := _TAIL.search(run)) and tail.start() > 1:
        end = start + tail.start()
    while start < end and chart.s[start] in " 的了":
        start += 1
    nodes = [n for n in chart.nodes[start:end] if n is not None]
    first = chart.nodes[start] if start < len(chart.nodes) else None
    if after_verb and first is not None and first.type == "organization" and group == "subject" and not unit:
        return (first.name, first.head)
    if (
        len(nodes) == 1
        and nodes[0].type == "organization"
        and (end - start == 1 or group in ("claimant",) or not _UNIT.search(chart.s[start:end]))
    ):
        return (nodes[0].name, nodes[0].head)
    if (
        nodes
        and nodes[0].type == "organization"
        and chart.nodes[start] is nodes[0]
        and end - start > 2
        and _UNIT.search(chart.s[start + 1 : end])
        and len(nodes) == 1
        and "“" not in chart.s[start:end]
        and not re.search(r"公司”?$", chart.s[start:end])
    ):
        start += 1
    if start >= end or any(n.type == "person" for n in nodes):
        return None
    span = chart.span(start, end)
    if group == "product" and (model := _MODEL.search(chart.s[start:end])):
        span = chart.span(start + model.start("m"), end)
    name = chart.text[span[0] : span[1]].strip()
    if len(name) < 2:
        return None
    return (name, (span[0], span[0] + len(name)))


_MODEL = re.compile(
    r"(?:芯片|晶片|手机|车型|新款|轿车|产品|平台|大模型|模型|系列|的|款)(?P<m>[A-Za-z][A-Za-z0-9 .+-]*)$"
)
_NAME_END = re.compile(
    rf"(?:{alternatives('zh', 'unit_suffixes')})(?=[，。；、（）\s]|$|由|并|来|以|后|，|下)|[，。；、（）\ue005]|$"
)
_LISTED_END = re.compile(
    r"(?:股份有限公司|有限公司|集团|公司)(?=的|[，。；])|[，。；]|的|提前|虚增|违反|存在|未|要求|靠|通过|涉嫌|首次|首发|IPO|$"
)


def _extend(s: str, start: int, end: int, group: str) -> int:
    """Where a name after a verb ends: lazily matched runs stop at once, so the end is looked for here."""
    if group in ("successor", "counterparty"):
        match = _NAME_END.search(s, start + 1, start + 26)
        return (
            match.end()
            if match and not re.fullmatch(r"[，。；、（）\ue005]?", match[0])
            else match.start()
            if match
            else end
        )
    if s[end : end + 1] in "，。；、" or end >= len(s):
        return end
    unit = re.compile(
        rf"(?:{alternatives('zh', 'unit_suffixes')})(?=[，。；、（）\s]|$|由|并|来|以|后)|[，。；]"
    ).search(s, start + 1, start + 26)
    if unit and not re.match(r"[，。；]", unit[0]):
        return unit.end()
    match = _LISTED_END.search(s, start + 1, start + 26)
    return (match.end() if "公司" in match[0] or "集团" in match[0] else match.start()) if match else end


def _listed(frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    run_start = match.start("list")
    run = match["list"]
    if lead := re.match(r".*(?:把|将|宣布|公告|，|公布)(?=.{2})", run):
        run_start += lead.end()
        run = run[lead.end() :]
    run = re.sub(
        r"(?:等)?(?:[一二三四五六七八九十两\d]+家)(?:[^、]{0,8}(?:企业|公司|实体|机构))?$|等$", "", run
    )
    drafts = []
    at = run_start
    for piece in re.split(r"、|(?:以及|及|和|与)", run):
        left = chart.s.index(piece, at) if piece else at
        at = left + len(piece)
        clean = piece.strip()
        if len(clean) < 2 and not any(n is not None for n in chart.nodes[left:at]):
            continue
        left += len(piece) - len(piece.lstrip())
        span = chart.span(left, left + len(clean))
        name = chart.text[span[0] : span[1]]
        if re.fullmatch(r"[\d一二三四五六七八九十两]+家.*|.*企业", simplified(name)):
            continue
        draft = _new(frame, chart, match, {"type": "organization", "name": name}, span)
        draft.group = f"sanction{chart.number}.{match.start()}"
        issuer(chart, match, draft, focus)
        dates(chart, match, frame, draft, focus)
        drafts.append(draft)
    return drafts


_BODY = re.compile(rf"(?:{alternatives('zh', 'regulators')}|委员会|法院|监察部)$")


def issuer(chart: Chart, match: re.Match[str], draft: Draft, focus: Focus) -> None:
    """The body that decides: the nearest one before the verb, or the one that the sentence before names."""
    node = None
    if "issuer" in match.re.groupindex and match["issuer"]:
        node = chart.node(match, "issuer")
    else:
        bodies = [
            n for at, n in chart.all("organization") if at <= match.end() and _BODY.search(simplified(n.name))
        ]
        node = bodies[-1] if bodies else None
    if draft.kind not in ("sanction", "listing", "discipline", "controversy") or (
        draft.kind == "controversy" and draft.action != "finding"
    ):
        return
    if node is not None and node.name != draft.subject["name"]:
        draft.participants.append(({"role": "issuer", "type": "organization", "name": node.name}, node.head))
    elif draft.kind == "sanction" and focus.issuer and focus.issuer_span:
        draft.participants.append(
            ({"role": "issuer", "type": "organization", "name": focus.issuer}, focus.issuer_span)
        )
    if node is not None and draft.kind == "sanction":
        focus.issuer, focus.issuer_span = node.name, node.head


def _dispute(frame: Frame, draft: Draft, chart: Chart, match: re.Match[str]) -> None:
    rest = chart.s[match.end() :]
    if draft.action == "allegation" and re.search(
        r"(?:公司|对方|其|本人|方面|发言人)?[^，。；]{0,8}(?:否认|予以否认|驳斥|称不实)", rest
    ):
        draft.status = "denied"
    if draft.action == "lawsuit":
        for _, node in chart.all("money"):
            draft.measures.append(({"metric": "amount", **node.value}, node.head))
            break


def _people(frame: Frame, match: re.Match[str], chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    node = chart.node(match, "subject")
    if node is None:
        return []
    drafts = []
    for each in node.each():
        subject: Party = {"type": "person", "name": each.name}
        draft = _new(frame, chart, match, subject, each.head)
        draft.subject_node = each
        draft.extra_spans.append(each.span)
        if "predecessor" in match.re.groupindex and (old := chart.node(match, "predecessor")):
            draft.participants.append(({"role": "predecessor", "type": "person", "name": old.name}, old.head))
        if frame.kind == "leadership":
            _post(frame, match, chart, draft, each, focus)
        dates(chart, match, frame, draft, focus)
        drafts.append(draft)
    return drafts


def _post(frame: Frame, match: re.Match[str], chart: Chart, draft: Draft, person: Node, focus: Focus) -> None:
    title = chart.node(match, "title") if "title" in match.re.groupindex else None
    if title is None and frame.action == "departure":
        clause = re.compile(r"[。；]").split(chart.s[match.end() :])[0]
        after = clause.find(_T)
        if after >= 0 and not re.search(r"[由，]", clause[:after]):
            title = chart.nodes[match.end() + after]
    acting = re.search(r"代行|代理|暂代|临时", match[0])
    if title is None and acting:
        after = chart.s.find(_T, match.start("subject") + 1)
        title = chart.nodes[after] if after >= 0 else None
    if title is None and frame.action == "departure" and person.title:
        title = Node(
            "title",
            person.start,
            person.end,
            person.title,
            person.title_span or person.head,
            org=person.org,
            org_span=person.org_span,
        )
    if (
        title is None
        and frame.action == "departure"
        and re.search(r"前任$", chart.s[max(0, match.start("subject") - 2) : match.start("subject")])
    ):
        title = focus.post
    if (
        title is None
        and frame.action != "departure"
        and re.search(r"职务|职位|一职|接任|接替", match[0])
        and focus.post
    ):
        title = focus.post
    if title is not None:
        draft.subject["title"] = re.sub(r"^(?:代|临时|代理)", "", title.name)
        draft.spans["/subject/title"] = title.head
        if title.org:
            draft.subject["organization"] = title.org
            draft.spans["/subject/organization"] = title.org_span or title.head
        focus.post = title
    if frame.action != "departure" and not any(p["role"] == "predecessor" for p, _ in draft.participants):
        clause = re.split(r"[。；]", chart.s[match.end() :])[0]
        if old := re.search(r"接替(?P<p>\ue001)", clause):
            node = chart.nodes[match.end() + old.start("p")]
            if node is not None:
                draft.participants.append(
                    ({"role": "predecessor", "type": "person", "name": node.name}, node.head)
                )
    draft.interim = bool(acting) and frame.action != "departure"
    if "organization" not in draft.subject:
        owner = focus.owner("", chart.start)
        if owner:
            draft.subject["organization"], draft.spans["/subject/organization"] = owner
    if frame.action == "departure":
        words_ = match[0] + chart.s[match.end() : match.end() + 12]
        if re.search(r"年龄|任期届满|届满|到龄|期满", words_) or re.search(
            r"不再兼|不再担任|不再出任|离开", match[0]
        ):
            draft.departure = "unknown"


_EFFECTIVE = re.compile(r"^(?:上午|下午|晚间)?[^，。；]{0,5}(?:起|生效)")
_SAID = re.compile(
    r"^(?:[\ue001\ue002\ue004]|[^，。；\ue005]{0,14}?)?(?:宣布|公布|公告|通报|通知|披露|发信|发出|发布|收到证监会|表示|透露|内部通报|签发)"
)
_DECIDED = re.compile(
    r"^[^，。；]{0,10}，?[^，。；]{0,20}?(?:决定|审议通过|作出决定|研究决定|推选|选举产生|开会研究)"
)


def dates(chart: Chart, match: re.Match[str], frame: Frame, draft: Draft, focus: Focus) -> None:
    """Gives each date of the sentence its role; what is missing comes from the sentence that opened the story."""
    default = frame.options.get("date", "occurred")
    for at, node in sorted(chart.all("date"), key=lambda item: abs(item[0] - match.start())):
        after, before = chart.s[at + 1 : at + 40], chart.s[max(0, at - 6) : at]
        day = node.value.day
        if simplified(node.value.words) == "即日":
            continue
        if (
            day is None
            or (day["precision"] == "year" and re.match(r"(?:度|生|起任|加入|进入)", after))
            or re.search(r"原定|推迟到|推迟至|延期至", before)
        ):
            continue
        if re.search(r"自$|从$", before) or _EFFECTIVE.match(after):
            role = "effective"
        elif _SAID.match(after):
            role = "announced"
        elif _DECIDED.match(after):
            role = "decided"
        elif at > match.end() + 20 or re.search(
            r"[；。]", chart.s[min(at, match.start()) : max(at, match.start())]
        ):
            continue
        else:
            role = default
        draft.dates.setdefault(role, (day, node.head))
    for role, value in focus.dates.items():
        draft.dates.setdefault(role, value)
    if re.search(r"即时生效|立即生效", chart.s) or any(
        simplified(n.value.words) == "即日" for _, n in chart.all("date")
    ):
        base = draft.dates.get("announced")
        if base:
            draft.dates.setdefault("effective", base)
        else:
            draft.spans["/now"] = draft.span


_GROUP = re.compile(
    r"(?P<g>(?P<n>\d+)(?P<more>多|余)?名[\u4e00-\u9fff]{0,4}?(?:员工|人员|干部|管理者))(?:被|遭|因)"
)


def discipline(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """Penalties of a sentence, given to the people (or the company) that they fall on."""
    found = penalties.find(chart)
    if not found or re.search(r"反舞弊教育|警示大会", chart.s):
        return []
    people = [(at, n) for at, n in chart.all("person")]
    drafts: dict[int, Draft] = {}
    order: list[Draft] = []
    for start, end, penalty in found:
        for node in _bearers(chart, people, start, end):
            draft = drafts.get(id(node))
            if draft is None:
                draft = _penalized(chart, node, start, focus)
                drafts[id(node)] = draft
                order.append(draft)
            draft.penalties.append((penalty, chart.span(start, end)))
    first = people[0][0] if people else len(chart.s)
    before = [item for item in found if item[1] <= first]
    if before:
        order = _company_or_group(chart, before, focus) + order
    for draft in order:
        _finish(chart, draft, found, focus)
    return [d for d in order if d.penalties]


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


def _penalized(chart: Chart, node: Node, start: int, focus: Focus) -> Draft:
    draft = Draft(
        "discipline",
        "warning",
        {"type": "person", "name": node.name},
        (chart.start, chart.end),
        chart.number,
        node,
    )
    draft.spans["/subject/name"] = node.head
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
    elif owner := focus.owner("", chart.start):
        draft.subject["organization"], draft.spans["/subject/organization"] = owner
    if node.org:
        focus.penal_org, focus.penal_org_span = node.org, node.org_span
    return draft


def _company_or_group(chart: Chart, found: list[penalties.Found], focus: Focus) -> list[Draft]:
    first = found[0][0]
    if match := _GROUP.search(chart.s):
        span = chart.span(match.start("g"), match.end("g"))
        draft = Draft(
            "discipline",
            "dismissal",
            {"type": "group", "name": chart.text[span[0] : span[1]]},
            (chart.start, chart.end),
            chart.number,
        )
        if owner := focus.owner("", chart.start):
            draft.subject["organization"], draft.spans["/subject/organization"] = owner
        draft.headcount = (
            {
                "min": int(match["n"]),
                "text": chart.words(match.start("n"), match.end("more") if match["more"] else match.end("n"))
                + "名",
            },
            span,
        )
        draft.spans["/subject/name"] = span
        nearest = [p for p in found if p[0] >= match.end()][:1]
        draft.penalties = [(p, chart.span(s, e)) for s, e, p in nearest]
        return [draft]
    target = re.search(
        r"对(?P<o>[\ue002])(?:[^，。；]{0,10})(?:责令|给予|处以|予以|采取|作出|罚款|处罚|，)", chart.s
    ) or re.search(
        r"(?P<o>[\ue002])(?:因[^，。；]{2,30})?(?:，)?被[^，。；]{0,16}(?:罚款|处以|警告|警示|谴责)", chart.s
    )
    if not target or (node := chart.node(target, "o")) is None or target.start() > first:
        return []
    draft = Draft(
        "discipline",
        "fine",
        {"type": "organization", "name": node.name},
        (chart.start, chart.end),
        chart.number,
    )
    draft.spans["/subject/name"] = node.head
    draft.penalties = [(p, chart.span(s, e)) for s, e, p in found]
    focus.penal_org, focus.penal_org_span = node.name, node.head
    return [draft]


def _finish(chart: Chart, draft: Draft, found: list[penalties.Found], focus: Focus) -> None:
    seen: list[tuple[dict[str, Any], Span]] = []
    for item in draft.penalties:
        if not any(item[0]["type"] == other[0]["type"] for other in seen):
            seen.append(item)
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
            if at < found[-1][0] and _BODY.search(simplified(n.name)) and n.name != draft.subject["name"]
        ]
        if bodies:
            draft.participants.append(
                ({"role": "issuer", "type": "organization", "name": bodies[0].name}, bodies[0].head)
            )
        _own_dates(chart, draft, empty, frame, focus)
    draft.group = draft.group or (
        f"decision{focus.block}" if draft.action != "detention" or len(found) > 1 else ""
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
