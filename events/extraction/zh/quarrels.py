"""Chinese controversies, clause by clause: who accuses, sues, is found to have done what, settles."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.model import Draft, Party
from events.extraction.script import simplified
from events.extraction.zh import accusations, arguments, modality
from events.extraction.zh.arguments import Named
from events.extraction.zh.clauses import Clause, Phrase, Trigger
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.roles import place_dates

_ACTIONS = {"accuse": "allegation", "sue": "lawsuit", "settle": "settlement", "find": "finding"}
_NOT_SO = re.compile(
    r"(?:未|没有|没|并未|尚未|从未|无意|不会|不|是否|能否|若|如|一旦|如果|可能|威胁|考虑|保留|扬言|或|建议|呼吁|要求|主张|应该|应当|该|拟|准备)(?:[^，。；]{0,4})$"
)
_REJECTED = re.compile(
    r"否认|驳斥|不实|捏造|回敬|子虚乌有|纯属捏造|血口喷人|一派胡言|污蔑|诽谤|中伤|歪曲|胡说|不存在|并不存在|毫无根据|没有根据|不属实|无中生有|予以反驳|不认同|不成立|失实"
)
_WRONG = re.compile(
    r"侵权|侵犯|虚增|虚构|违反|违规|隐瞒|误导|构成|存在|未(?:按|经|能)|提前|抄袭|垄断|滥用|不正当|欺诈|造假|瞒|违约|败诉|赔偿|超标|不合格|虚假|泄露|偷税|逃税|拖欠|违法|失实|夸大"
)


def read(chart: Chart, found: list[Clause], focus: Focus) -> list[Draft]:
    """The disputes of a sentence."""
    drafts: list[Draft] = []
    for clause in found:
        told = _told(chart, clause, focus)
        drafts += told
        for trigger in clause.triggers:
            action = _ACTIONS.get(trigger.cls)
            if (
                not action
                or any(d.action == action for d in told)
                or _NOT_SO.search(chart.s[clause.start : trigger.start])
                or modality.uncertain(chart.s, trigger.start, trigger.end)
            ):
                continue
            if re.match(
                r"材料|内容|事项|问题|情况|一事|信|人|者|电话|邮箱|渠道|线索|系",
                chart.s[trigger.end : trigger.end + 2],
            ):
                continue
            following = next((c for c in found if c.before is clause), None)
            drafts += _dispute(chart, clause, trigger, action, following, focus)
        drafts += [] if told else _reported(chart, clause, focus)
    return drafts


_TELLERS = (
    ("lawsuit", accusations.sued),
    ("finding", accusations.found_guilty),
    ("allegation", accusations.accused),
    ("allegation", accusations.rejected),
)


def _told(chart: Chart, clause: Clause, focus: Focus) -> list[Draft]:
    """What a clause tells in one breath, bounded by what is said to have been done."""
    if not _GATE.search(chart.s, max(0, clause.start - 8), clause.end):
        return []
    for action, teller in _TELLERS:
        told = teller(chart, clause.start, clause.end, focus)
        if told is None:
            continue
        accused, start, end = told
        before = chart.s[clause.start : start]
        if _NOT_SO.search(before) or modality.uncertain(chart.s, start, end) or _LATER.search(before):
            continue
        trigger = Trigger(start, end, "accuse", chart.s[start:end])
        claimant = _speaker(chart, clause, start, accused, focus)
        if teller is accusations.rejected:
            claimant = None
        draft = _draft(chart, clause, trigger, action, accused, claimant, focus)
        if teller is accusations.rejected:
            draft.status = "denied"
        return [draft]
    return []


_LATER = re.compile(r"(?:将|会|要|拟|或)(?:依法|向[^，。；]{1,12})?$")
_GATE = re.compile(
    "指|举报|控|揭|检举|炮轰|批|怒斥|曝|踢爆|点名|狙击|沽空|爆|称|否认|驳|澄清|认定|查|裁|判|显示|发现|证实|确认|诉|告|投诉|存在|虚|帖|信|传票"
)


def _speaker(
    chart: Chart, clause: Clause, at: int, accused: tuple[str, Named], focus: Focus
) -> tuple[str, Named] | None:
    """Who accuses, sues or finds: what stands before the verb, after 被 in a passive, else the subject before."""
    if plaintiff := re.search(r"原告(?:方)?(?:是|为|系)(?=[\ue001\ue002\u4e00-\u9fff])", chart.s):
        named = accusations.name_from(chart, plaintiff.end(), len(chart.s), focus)
        if named is not None:
            return named[0]
    if chart.s[at] == "诉" and (named := accusations.name_from(chart, clause.start, at + 1, focus)):
        return named[0]
    here = [p for p in clause.phrases if p.end <= at]
    earlier = (
        [p for p in clause.before.phrases if p.prep in ("", "经", "据")] if clause.before is not None else []
    )
    for phrase in [*here, *earlier]:
        party = _party(chart, phrase)
        if party is not None and party[1][0] != accused[1][0]:
            return party
    return None


_ACCUSER = re.compile(
    r"做空|沽空|匿名|举报|离职|前员工|网友|博主|发帖|发文|控诉|维权|消费者|帖子|曝|报告|投诉|知情人"
)
_SAYS = re.compile(r"(?:并|其中|文中|信中|报告)?(?:指控|指称|声称|直指|称|指)(?!出|数|引|标|导|定|挥|责)")
_BAD = re.compile(
    r"虚报|虚增|虚构|造假|强迫|拖欠|抄袭|偷|泄露|隐瞒|骗|欺|违规|违法|侵权|排污|假冒|克扣|压榨|骚扰|挪用|操纵|作假|夸大|盗用|贿"
)


def _reported(chart: Chart, clause: Clause, focus: Focus) -> list[Draft]:
    """What a report, a post or a letter says of somebody: "..., 称甲公司虚报门店数量"."""
    says = _SAYS.match(chart.s, clause.start, clause.end)
    if (
        not says
        or clause.before is None
        or not _ACCUSER.search(chart.s[clause.before.start : clause.before.end])
    ):
        return []
    phrase = next((p for p in clause.right(says.end()) if p.start <= says.end() + 1), None)
    accused = _party(chart, phrase) if phrase else None
    if accused is None or phrase is None or not _BAD.search(chart.s[phrase.end : clause.end]):
        return []
    trigger = Trigger(says.start(), says.end(), "accuse", says[0])
    free = [x for p in clause.before.phrases if not p.prep and (x := _party(chart, p))]
    return [_draft(chart, clause, trigger, "allegation", accused, free[0] if free else None, focus)]


def _party(chart: Chart, phrase: Phrase) -> tuple[str, Named] | None:
    if phrase.node is not None and phrase.node.type == "person":
        return ("person", (phrase.node.each()[0].name, phrase.node.each()[0].head))
    found = arguments.organization(chart, phrase)
    return ("organization", found) if found else None


def _dispute(
    chart: Chart, clause: Clause, trigger: Trigger, action: str, following: Clause | None, focus: Focus
) -> list[Draft]:
    before = [p for p in clause.phrases if p.end <= trigger.start]
    after = arguments.objects(clause, trigger)
    passive = [p for p in before if p.prep in ("被", "遭", "遭到", "受", "受到")]
    accused: tuple[str, Named] | None = None
    claimant: tuple[str, Named] | None = None
    free = [x for p in before if not p.prep and (x := _party(chart, p))]
    if passive or re.search(r"[被遭]$", chart.s[clause.start : trigger.start]):
        accused = free[0] if free else _topic(chart, clause, trigger, focus)
        claimant = next((x for p in passive if (x := _party(chart, p))), None)
    elif action == "finding":
        accused = _found_guilty(chart, clause, trigger, after, following)
        claimant = free[0] if free else None
    elif action == "settlement":
        accused = free[0] if free else _topic(chart, clause, trigger, focus)
        claimant = next(
            (x for p in before if p.prep in ("与", "同", "和", "跟") and (x := _party(chart, p))), None
        ) or next((x for p in before if p.joined and (x := _party(chart, p))), None)
    else:
        toward = [
            x
            for p in before
            if p.prep in ("对", "向", "将", "把")
            and (x := _party(chart, p))
            and not BODY.search(simplified(x[1][0]))
        ]
        named = re.search(r"被告(?:方)?(?:是|为|系)", chart.s) if action == "lawsuit" else None
        if named and (other := accusations.name_from(chart, named.end(), len(chart.s), focus)):
            return [_draft(chart, clause, trigger, action, other[0], free[0] if free else None, focus)]
        told = [x for p in after[:2] if (x := _party(chart, p)) and not BODY.search(simplified(x[1][0]))]
        accused = next(iter(told or toward), None)
        claimant = free[0] if free else _topic(chart, clause, trigger, focus) if clause.before else None
    if accused is None and action in ("lawsuit", "allegation"):
        accused = _employer(chart, trigger, before, focus)
    if accused is None or BODY.search(simplified(accused[1][0])):
        return []
    if claimant is not None and claimant[1][0] == accused[1][0]:
        claimant = None
    return [_draft(chart, clause, trigger, action, accused, claimant, focus)]


def _found_guilty(
    chart: Chart, clause: Clause, trigger: Trigger, after: list[Phrase], following: Clause | None
) -> tuple[str, Named] | None:
    """Who is found to have done wrong: the verb's object, else the subject of the clause that follows."""
    if following is not None and any(t.cls in ("sue", "settle", "accuse") for t in following.triggers):
        return None  # 公司确认，已起诉前员工
    told = (x for p in after[:2] if (x := _party(chart, p)) and not BODY.search(simplified(x[1][0])))
    accused = next(told, None)
    if accused is None and trigger.end == clause.end and following is not None:
        accused = next((x for p in following.phrases if not p.prep and (x := _party(chart, p))), None)
    return accused if _WRONG.search(chart.s[trigger.end : trigger.end + 60]) else None


def _employer(chart: Chart, trigger: Trigger, before: list[Phrase], focus: Focus) -> tuple[str, Named] | None:
    """The organization of the person who sues, where the suit is against "the company"."""
    who = next((p.node for p in before if p.node is not None and p.node.type == "person"), None)
    if who is None or not who.org or who.org_span is None:
        generic = re.match("(?:该)?公司|东家|雇主|其", chart.s[trigger.end :])
        return (
            ("organization", (focus.org, focus.org_span))
            if generic and focus.org and focus.org_span
            else None
        )
    return (
        ("organization", (who.org, who.org_span))
        if re.search("公司|东家|雇主", chart.s[trigger.end :])
        else None
    )


def _topic(chart: Chart, clause: Clause, trigger: Trigger, focus: Focus) -> tuple[str, Named] | None:
    found = arguments.subject(chart, clause, trigger, focus)
    return ("organization", found) if found else None


def _draft(
    chart: Chart,
    clause: Clause,
    trigger: Trigger,
    action: str,
    accused: tuple[str, Named],
    claimant: tuple[str, Named] | None,
    focus: Focus,
) -> Draft:
    type_, (name, span) = accused
    draft = Draft(
        "controversy",
        action,
        {"type": type_, "name": name},
        chart.span(clause.start, clause.end),
        chart.number,
    )
    draft.spans["/subject/name"] = span
    if action == "allegation":
        draft.status = (
            "denied"
            if _REJECTED.search(chart.s[trigger.end :] + simplified(chart.text[chart.end : chart.end + 50]))
            else "alleged"
        )
    if claimant is not None:
        body = action == "finding" and BODY.search(simplified(claimant[1][0]))
        party: Party = {
            "role": "issuer" if body else "counterparty" if action == "settlement" else "claimant",
            "type": claimant[0],
            "name": claimant[1][0],
        }
        if action != "finding" or body:
            draft.participants.append((party, claimant[1][1]))
    if action in ("lawsuit", "settlement"):
        for _, node in chart.all("money"):
            draft.measures.append(({"metric": "amount", **node.value}, node.head))
            break
    place_dates(
        chart, (trigger.start, trigger.end), "announced" if action == "finding" else "occurred", draft, focus
    )
    return draft
