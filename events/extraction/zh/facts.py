"""Chinese frames at work: what a sentence states, with its arguments, as draft claims."""

from __future__ import annotations

import re

from events.extraction.chart import CODES, Chart
from events.extraction.lexicon import Frame, frames_for, words
from events.extraction.matching import sort_of_action
from events.extraction.model import Draft, Node, Party, Span
from events.extraction.script import simplified
from events.extraction.zh import (
    blacklists,
    clauses,
    discipline,
    goods,
    leaders,
    market,
    modality,
    probes,
    quarrels,
    runs,
    units,
)
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.roles import dates

_T = CODES["title"]
_PRODUCTISH = re.compile(r"[A-Za-z0-9]|[“《]")


def read(chart: Chart, focus: Focus) -> list[Draft]:
    """The facts of one sentence: penalties first, then what the frames find."""
    found = discipline.discipline(chart, focus)
    mine = [d for d in _by_clause(chart, focus) if not _punished(d, found)]
    found += [d for d in mine if d.kind in _FIRST]
    taken: list[tuple[int, int, str]] = []
    for frame in frames_for("zh", chart):
        for match in frame.pattern.finditer(chart.s):
            sort = f"{frame.kind}{frame.action == 'departure'}"
            if any(s < match.end() and match.start() < e and sort == k for s, e, k in taken):
                continue
            if re.search(
                r"(?:如果|若|未|没有|并未|不会|是否|尚未|能否)$",
                chart.s[max(0, match.start() - 3) : match.start()],
            ):
                continue
            if modality.uncertain(chart.s, match.start(), match.end()):
                continue
            drafts = _drafts(frame, match, chart, focus)
            if drafts:
                taken.append((match.start(), match.end(), sort))
                found += [d for d in _new_ones(drafts, found) if not _punished(d, found)]
    found += _new_ones([d for d in mine if d.kind not in _FIRST], found)
    punished = {d.subject["name"] for d in found if d.kind == "discipline" and d.subject["type"] == "person"}
    found = [d for d in found if d.action != "finding" or d.subject["name"] not in punished]
    for draft in found:
        if draft.action == "departure" and not draft.subject.get("title"):
            _former_post(chart, draft, focus)
    return found


def _by_clause(chart: Chart, focus: Focus) -> list[Draft]:
    """What the clauses of a sentence state, read by predicates and their arguments."""
    parts = clauses.clauses(chart)
    if not parts:
        return []
    found = [draft for reader in _READERS for draft in reader(chart, parts, focus)]
    for draft in found:
        draft.found_by = "predicate"
    return found


_FIRST = frozenset(["leadership", "sanction", "listing", "reorganization", "product", "controversy"])
"""Kinds whose clauses are read before the frames, which then tell only what is left."""
_READERS = (leaders.read, market.read, units.read, goods.read, quarrels.read, blacklists.read, probes.read)


def _new_ones(drafts: list[Draft], found: list[Draft]) -> list[Draft]:
    """Those that no frame has read already in the same words."""
    kept = []
    for draft in drafts:
        sort = (draft.kind, sort_of_action(draft.kind, draft.action))
        rivals = [
            d
            for d in found
            if (d.kind, sort_of_action(d.kind, d.action)) == sort
            and d.span[0] < draft.span[1]
            and draft.span[0] < d.span[1]
        ]
        if not rivals and not _punished(draft, found):
            kept.append(draft)
    return kept


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


def _drafts(frame: Frame, match: re.Match[str], chart: Chart, focus: Focus) -> list[Draft]:
    groups = match.re.groupindex
    if "list" in groups:
        return _listed(frame, match, chart, focus)
    if frame.kind in ("leadership", "discipline"):
        return _people(frame, match, chart, focus)
    group = "product" if "product" in groups else "subject"
    name = runs.name_in(chart, match, group, unit=frame.kind == "reorganization")
    if name is not None and _COMPANY.fullmatch(simplified(name[0])):
        name = focus.owner("")
    if name is None:
        return []
    words_, span = name
    if not _fits(frame, words_):
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
        if role in groups and (other := runs.name_in(chart, match, role)):
            draft.participants.append(({"role": role, "type": "organization", "name": other[0]}, other[1]))
    issuer(chart, match, draft, focus)
    _of_kind(frame, draft, chart, match, focus)
    dates(chart, match, frame, draft, focus)
    return [draft]


_COMPANY = re.compile(r"(?:该|本|上市)?公司(?:股票|股份|证券)?|该股|其股票")
"""What stands for the organization in focus."""

_PLANNED = re.compile(r"(?:计划|拟|打算|考虑|有意)(?:在|于|将|把|由)?")


def _of_kind(frame: Frame, draft: Draft, chart: Chart, match: re.Match[str], focus: Focus) -> None:
    """What a kind of fact has besides: a maker, an owner, a sum raised, a plan."""
    if frame.kind == "product" and focus.org and focus.org_span:
        maker: Party = {"role": "organization", "type": "organization", "name": focus.org}
        draft.participants.append((maker, focus.org_span))
    if frame.kind == "reorganization" and (owner := focus.owner(draft.subject["name"])):
        draft.subject["organization"], draft.spans["/subject/organization"] = owner
    if frame.kind == "product" and re.search(r"(?:将|拟|计划|定)于", match[0]):
        draft.status = "planned"
    planned = _PLANNED.search(chart.s[: match.end()][-40:])
    if planned and frame.kind in ("reorganization", "product", "listing"):
        draft.status = "planned"
    if frame.kind == "controversy":
        _dispute(draft, chart, match)
    if frame.kind == "listing":
        _raised(draft, chart)


def _raised(draft: Draft, chart: Chart) -> None:
    for at, node in chart.all("money"):
        if re.search(r"(?:集资|募资|募集资金|融资)[^，。；]{0,4}$", chart.s[max(0, at - 10) : at]):
            draft.measures.append(({"metric": "amount", **node.value}, node.head))


def _fits(frame: Frame, name: str) -> bool:
    plain = simplified(name)
    if re.search(r"[将被已]$|^公司[将被已的]", plain):
        return False
    if (
        frame.kind == "reorganization"
        and frame.action == "creation"
        and re.search(r"小组$|专班$|基金$|组$", plain)
    ):
        return False
    if frame.kind == "reorganization":
        if re.match(r"又|同一|一个|这个|那个|某|各|多个|部分|重建|若干", plain):
            return False
        return bool(runs.UNIT.search(plain)) and plain.strip("“”") not in words("zh", "not_orgs")
    if frame.kind == "product":
        return (
            bool(_PRODUCTISH.search(plain))
            and not runs.UNIT.search(plain)
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


def _listed(frame: Frame, match: re.Match[str], chart: Chart, focus: Focus) -> list[Draft]:
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
        draft.group = f"{frame.kind}{chart.number}.{match.start()}"
        if "successor" in match.re.groupindex and (new := runs.name_in(chart, match, "successor")):
            draft.participants.append(({"role": "successor", "type": "organization", "name": new[0]}, new[1]))
        if frame.kind == "reorganization" and (owner := focus.owner(name)):
            draft.subject["organization"], draft.spans["/subject/organization"] = owner
        issuer(chart, match, draft, focus)
        dates(chart, match, frame, draft, focus)
        drafts.append(draft)
    return drafts


def issuer(chart: Chart, match: re.Match[str], draft: Draft, focus: Focus) -> None:
    """The body that decides: the nearest one before the verb, or the one that the sentence before names."""
    node = None
    if "issuer" in match.re.groupindex and match["issuer"]:
        node = chart.node(match, "issuer")
    else:
        bodies = [
            n for at, n in chart.all("organization") if at <= match.end() and BODY.search(simplified(n.name))
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


def _dispute(draft: Draft, chart: Chart, match: re.Match[str]) -> None:
    rest = chart.s[match.end() :]
    if draft.action == "allegation" and re.search(
        r"(?:公司|对方|其|本人|方面|发言人)?[^，。；]{0,8}(?:否认|予以否认|驳斥|称不实)", rest
    ):
        draft.status = "denied"
    if draft.action == "lawsuit":
        for _, node in chart.all("money"):
            draft.measures.append(({"metric": "amount", **node.value}, node.head))
            break


def _people(frame: Frame, match: re.Match[str], chart: Chart, focus: Focus) -> list[Draft]:
    node = chart.node(match, "subject")
    target = chart.node(match, "target")
    drafts = []
    if target is not None and not BODY.search(simplified(target.name)):
        party: Party = {"type": "organization", "name": target.name}
        draft = _new(frame, chart, match, party, target.head)
        draft.group = f"{frame.kind}{chart.number}.{match.start()}"
        issuer(chart, match, draft, focus)
        dates(chart, match, frame, draft, focus)
        drafts.append(draft)
    for each in node.each() if node is not None else []:
        subject: Party = {"type": "person", "name": each.name}
        draft = _new(frame, chart, match, subject, each.head)
        draft.subject_node = each
        draft.extra_spans.append(each.span)
        if "predecessor" in match.re.groupindex and (old := chart.node(match, "predecessor")):
            draft.participants.append(({"role": "predecessor", "type": "person", "name": old.name}, old.head))
        if frame.kind == "discipline":
            _holder(draft, each, drafts[0] if drafts and target is not None else None)
            issuer(chart, match, draft, focus)
        if frame.kind == "leadership":
            _post(frame, match, chart, draft, each, focus)
        dates(chart, match, frame, draft, focus)
        drafts.append(draft)
    return drafts


def _holder(draft: Draft, person: Node, company: Draft | None) -> None:
    """The post and employer of somebody under investigation; `company` is what is investigated along with them."""
    if company is not None:
        draft.group = company.group
        if not person.org:
            draft.subject["organization"] = company.subject["name"]
            draft.spans["/subject/organization"] = company.spans["/subject/name"]
    if person.title:
        draft.subject["title"], draft.spans["/subject/title"] = person.title, person.title_span or person.head
    if person.org:
        draft.subject["organization"] = person.org
        draft.spans["/subject/organization"] = person.org_span or person.head


def _post(frame: Frame, match: re.Match[str], chart: Chart, draft: Draft, person: Node, focus: Focus) -> None:
    acting = bool(re.search(r"代行|代理|暂代|临时", match[0]))
    title = _title(frame, match, chart, person, focus, acting)
    if title is not None:
        draft.subject["title"] = re.sub(r"^(?:代|临时|代理)", "", title.name)
        draft.spans["/subject/title"] = title.head
        if title.org:
            draft.subject["organization"] = title.org
            draft.spans["/subject/organization"] = title.org_span or title.head
        focus.post = title
    if "organization" not in draft.subject and (owner := focus.owner("")):
        draft.subject["organization"], draft.spans["/subject/organization"] = owner
    if frame.action == "departure":
        if _UNSAID.search(match[0] + chart.s[match.end() : match.end() + 12]) or _NO_LONGER.search(match[0]):
            draft.departure = "unknown"
        return
    draft.interim = acting
    if not any(p["role"] == "predecessor" for p, _ in draft.participants):
        _replaces(match, chart, draft)


_UNSAID = re.compile(r"年龄|任期届满|届满|到龄|期满")
_NO_LONGER = re.compile(r"不再兼|不再担任|不再出任|离开")


def _title(
    frame: Frame, match: re.Match[str], chart: Chart, person: Node, focus: Focus, acting: bool
) -> Node | None:
    """The post that a leaving or an appointment is about."""
    if "title" in match.re.groupindex and (title := chart.node(match, "title")):
        return title
    if frame.action == "departure":
        return _left_post(match, chart, person, focus)
    if acting and (after := chart.s.find(_T, match.start("subject") + 1)) >= 0:
        return chart.nodes[after]
    return focus.post if re.search(r"职务|职位|一职|接任|接替", match[0]) else None


def _left_post(match: re.Match[str], chart: Chart, person: Node, focus: Focus) -> Node | None:
    clause = re.split(r"[。；]", chart.s[match.end() :])[0]
    after = clause.find(_T)
    if after >= 0 and not re.search(r"[由，]", clause[:after]):
        return chart.nodes[match.end() + after]
    if person.title:
        span = person.title_span or person.head
        return Node("title", *person.span, person.title, span, org=person.org, org_span=person.org_span)
    start = match.start("subject")
    return focus.post if chart.s[max(0, start - 2) : start] == "前任" else None


def _replaces(match: re.Match[str], chart: Chart, draft: Draft) -> None:
    clause = re.split(r"[。；]", chart.s[match.end() :])[0]
    old = re.search(r"接替(?P<p>\ue001)", clause)
    node = chart.nodes[match.end() + old.start("p")] if old else None
    if node is not None:
        draft.participants.append(({"role": "predecessor", "type": "person", "name": node.name}, node.head))
