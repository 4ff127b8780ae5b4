"""Chinese disputes told in one breath: the name that stands between who speaks and what is said to have been done.

The accused is bounded by what follows (what it is said to have done, 的, a coverb), not by its own words, so that firms
without a telling suffix are found too.
"""

from __future__ import annotations

import re

from events.extraction.chart import CODES, Chart
from events.extraction.lexicon import alternatives
from events.extraction.model import Node, Span
from events.extraction.script import simplified
from events.extraction.zh import arguments, firm_names
from events.extraction.zh.arguments import Named
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.names import HAN

_P, _O, _D = CODES["person"], CODES["organization"], CODES["date"]
Party = tuple[str, Named]

_DEEDS = alternatives("zh", "deeds")
_WRONG = re.compile(_DEEDS)
_NAME_ENDS = re.compile(
    rf"{_D}|的|在|于|向|对|把|将|与|和|因|以|从|自|被|旗下|门店|工厂|公司|产品|广告(?=不|虚|违|宣)|商标|专利|版权|著作权|构成|败诉|未|不|提起|发起|提告|告上|收到|接获|起诉|诉|遭|陷|否认|{_DEEDS}|[，。；：]|$"
)
_ACCUSES = re.compile(
    r"指控|举报|控诉|指责|谴责(?=[^，。；]{2,20}(?:抄袭|窃|违))|揭发|检举|指称|炮轰|痛批|直指|怒斥|曝光|揭露|踢爆|点名|狙击|沽空(?!机构|报告|者|盘|股|基金|公司|比)|爆料(?=称)|控告(?=[^，。；]{1,12}(?:涉嫌|虚|偷))"
)
_SAYING = re.compile(
    r"(?:称|指|指称|直指|声称|爆料|曝料|写道|投诉|反映)[，：]?“?$|(?:匿名信|举报信|报告|帖子)$"
)
_EXPOSED = re.compile(
    r"(?:被|遭|遭到|受到|再被|又被|屡被|陆续被|接连被)(?:[^，。；]{0,12}?)(?:曝光|曝出|曝|爆出|爆料|爆|指控|指称|指责|指|举报|揭发|检举|质疑|控诉|投诉|点名|狙击|沽空|踢爆|批)(?!示|准|评|定|数)"
)
_REJECTS = re.compile(r"否认|驳斥|反驳|澄清(?=[^，。；]{0,12}(?:指控|指责|举报|质疑))")
_CHARGE = re.compile(r"指控|指责|举报|爆料|质疑|控诉|投诉|说法|报告")
_PRONOUN = re.compile(r"(?:其|它|该公司|公司|对方|该企业|该品牌|这家[\u4e00-\u9fff]{0,4}公司)")
_GENERAL = re.compile(
    r"^(?:有|一|某|多|数|几|这|那|该|此|外界|网友|网民|消费者|用户|客户|业内|市场|媒体|员工|公司|原告|被告|对方|双方|供应商|经销商|前|相关|部分|违规|涉事|企业|商家|平台|卖家|商户|不法|竞争对手|同行|法院|法庭|警方|检方)"
)


def name_from(chart: Chart, at: int, stop: int, focus: Focus) -> tuple[Party, int] | None:
    """The person or firm that a position begins with, and where what is said of it begins; None where none does."""
    while at < stop and chart.s[at] in "“了对了到：，":
        at += 1
    node = chart.nodes[at] if at < stop else None
    if node is None and (lead := _DESCRIBED.match(chart.s, at, stop)):
        at = lead.end()
        node = chart.nodes[at] if at < stop else None
    if node is not None:
        party = _mentioned(node)
        return (party, at + 1) if party is not None else None
    if (it := _PRONOUN.match(chart.s, at, stop)) and focus.org and focus.org_span:
        return (("organization", (focus.org, focus.org_span)), it.end())
    if latin := _LATIN.match(chart.s, at, stop):
        return _firm(chart, latin.start(), latin.end())
    return _unmarked(chart, at, stop)


def _mentioned(node: Node) -> Party | None:
    """The person or firm that a mention stands for; None for a mention of anything else, a public body included."""
    if node.type == "person":
        first = node.each()[0]
        return ("person", (first.name, first.head))
    if node.type == "organization" and not BODY.search(simplified(node.name)):
        return ("organization", (node.name, node.head))
    return None


def _unmarked(chart: Chart, at: int, stop: int) -> tuple[Party, int] | None:
    """The firm that no mention stands for, from a position to what ends a name."""
    end = _NAME_ENDS.search(chart.s, at + 2, min(stop, at + 16))
    if end is None:
        return None
    left, right = firm_names.bare(chart.s, at, end.start())
    name = chart.s[left:right]
    if _GENERAL.match(name) or not re.fullmatch(rf"[{HAN}A-Za-z0-9& ]{{2,14}}", name):
        return None
    if not (firm_names.odd(name) or arguments.is_name(name)) or BODY.search(name):
        return None
    return _firm(chart, left, right)


def _firm(chart: Chart, left: int, right: int) -> tuple[Party, int]:
    """What stands at positions [left, right) as an organization, and where it ends."""
    span = chart.span(left, right)
    return (("organization", (chart.text[span[0] : span[1]], span)), right)


_LATIN = re.compile(r"[A-Z][A-Za-z0-9&.,'\- ]*[A-Za-z0-9.]")
_DESCRIBED = re.compile(rf"[{HAN}]{{0,10}}?(?=[{_P}{_O}])")


def accused(chart: Chart, start: int, end: int, focus: Focus) -> tuple[Party, int, int] | None:
    """Who a clause [start, end) says to have been accused, and the positions of the words of accusing."""
    for cue in (*_ACCUSES.finditer(chart.s, start, end), *_said(chart, start, end)):
        found = name_from(chart, cue.end(), end, focus)
        if found is None:
            continue
        party, after = found
        rest = chart.s[after:end]
        bare = cue[0] in ("狙击", "沽空", "举报", "指控", "曝光", "炮轰", "揭露", "揭发") and not rest.strip(
            "。，；"
        )
        if bare or _WRONG.search(rest) or (cue[0] in ("狙击", "沽空")):
            return party, cue.start(), cue.end()
    exposed = _EXPOSED.search(chart.s, start, end)
    if exposed is None:
        return None
    told = re.search("投诉|举报|指控|质疑", exposed[0]) or (
        exposed[0].endswith(("曝", "曝光", "曝出", "爆出"))
        and not _NEUTRAL.match(chart.s, exposed.end(), end)
    )
    if not told and not _WRONG.search(chart.s, exposed.end(), end):
        return None
    found = name_from(chart, start, exposed.start() + 1, focus)
    return (found[0], exposed.start(), exposed.end()) if found is not None else None


_NEUTRAL = re.compile(
    r"[^，。；]{0,6}(?:将|拟|计划|考虑|正在|或|裁员|融资|收购|上市|辞职|离职|离任|换帅|分手|恋情|新品|新车|新机|价格|售价|配置|参数|谍照|合作|被收购)|$|[，。；]"
)
"""What is made known of somebody without accusing: plans, news of products."""


def _said(chart: Chart, start: int, end: int) -> list[re.Match[str]]:
    """The words of saying of somebody who accuses, at the start of a clause or within it."""
    found = []
    opening = _SAYS_FIRST.match(chart.s, start, end)
    if opening and _SOURCE.search(chart.s, max(0, start - 40), start):
        found.append(opening)
    found += [inner for inside in (_SAYS_INSIDE, _ONE_SAYS) if (inner := inside.search(chart.s, start, end))]
    before = chart.s[max(0, start - 14) : max(0, start - 1)]
    if start and chart.s[start - 1] in "，：":
        told = _SAYING.search(before) and _SOURCE.search(chart.s, max(0, start - 40), start)
        found += _NOTHING.finditer(chart.s, start, start) if told or _CHARGING.search(before) else []
    return found


_NOTHING = re.compile("")
_CHARGING = re.compile(r"(?:声称|指控|控诉|投诉|指责|举报|爆料)$")
"""What nobody says who does not accuse."""
_SAYS_FIRST = re.compile(
    r"(?:并|文中|信中|报告|帖中|其中)?(?:指控|指称|声称|直指|称|指|说|爆料|投诉|控诉)(?!出|数|引|标|导|定|挥|责)"
)
_SOURCE = re.compile(
    r"做空|沽空|匿名|举报|离职|前员工|网友|博主|发帖|发文|控诉|维权|消费者|帖子|曝|爆料|投诉|知情人|吹哨|环保|組織|组织|团体|集体|加盟商|供应商|经销商|作者|用户|央视|记者|媒体|狙击"
)
_SAYS_INSIDE = re.compile(
    r"(?:匿名信|举报信|公开信|做空报告|沽空报告|发帖|发文|发布报告|发布声明|爆料|撰文|帖子)(?:中)?(?:称|指|指称|直指|声称|指控|指责|控诉|说)(?!出|数|引|标|导|定|挥|责)"
)


_ONE_SAYS = re.compile(
    rf"(?<=[{_P}{_O}])(?:公开|发文|声明)?(?:称|指|指称|直指)(?=[^，。；其公它本]{{2}})(?!出|数|引|标|导|定|挥|责)"
)


def rejected(chart: Chart, start: int, end: int, focus: Focus) -> tuple[Party, int, int] | None:
    """Who rejects an accusation in a clause: 甲 + 否认前员工的指控."""
    cue = _REJECTS.search(chart.s, start, end)
    if cue is None or not _CHARGE.search(chart.s, cue.end(), end):
        return None
    if not (_WRONG.search(chart.s, cue.end(), end) or re.search("指控|指责|举报", chart.s[cue.end() : end])):
        return None
    found = name_from(chart, start, cue.start() + 1, focus)
    return (found[0], cue.start(), cue.end()) if found is not None else None


_FOUND = re.compile(
    r"(?:认定|查明|查实|查出|裁定|判定|判决|裁决|判令|判|坐实|证实|确认|调查发现|审计发现|检查发现|抽查发现|核查发现|调查显示|结果显示|审计显示|检测显示|抽检显示|决定书指出|公告指出)[，：]?(?!为|书|员|断|定|批)"
)
_FOUND_OF = re.compile(
    r"(?:被|遭|经)(?:[^，。；]{0,14}?)(?:认定|裁定|判定|判决|查明|查实|查出|检出|判|查获|证实)(?!断|处|刑)"
)
_ESTABLISHED = re.compile(f"败诉|侵权|侵犯|侵害|赔偿|构成|{_DEEDS}")


_REPORTED = re.compile(r"(?:通报|公布|披露|公告|检查|抽查|核查|检测|约谈)[，：]$")


def _body_reports(chart: Chart, start: int) -> bool:
    """Whether the clause before a position has a public body make something known."""
    if not _REPORTED.search(chart.s, max(0, start - 10), start):
        return False
    left = max(chart.s.rfind(mark, 0, start - 1) for mark in "，。；：")
    nodes = [n for n in chart.nodes[left + 1 : start] if n is not None and n.type == "organization"]
    return any(BODY.search(simplified(node.name)) for node in nodes)


def found_guilty(chart: Chart, start: int, end: int, focus: Focus) -> tuple[Party, int, int] | None:
    """Who a clause says to have been found to have done wrong."""
    places: list[tuple[int, int, int, Span | None]] = [
        (cue.end(), end, cue.end(), cue.span()) for cue in _FOUND.finditer(chart.s, start, end)
    ]
    if start and (_FOUND_BEFORE.search(chart.s, max(0, start - 10), start) or _body_reports(chart, start)):
        places.append((start, end, start, None))
    if passive := _FOUND_OF.search(chart.s, start, end):
        places.append((start, passive.start() + 1, passive.end(), passive.span()))
    for at, stop, told, cue in places:
        found = name_from(chart, at, stop, focus)
        if found is not None and _ESTABLISHED.search(chart.s, max(found[1], told), end):
            return (found[0], *(cue or (start, found[1])))
    return None


_FOUND_BEFORE = re.compile(r"(?:显示|发现|认定|查明|查实|裁定|判决|指出|经查)[，：]$")
_SUES = re.compile(
    r"起诉|状告|控告|诉请|提告|告上|告到|提起(?:[^，。；]{0,10})?诉讼|提起仲裁|发起(?:[^，。；]{0,8})?诉讼|提诉|兴讼"
)
_VERSUS = re.compile(
    rf"(?P<a>[{HAN}A-Za-z{_O}{_P}]{{1,12}}?)诉(?=[{HAN}A-Za-z{_O}{_P}]{{2,24}}?案)(?!讼|状|诸|求|苦|称)"
)
_TOWARD = re.compile(r"(?:对|向|将|把|针对)(?=[^，。；]{2,30}?(?:提告|提起|发起|告上|告到|提诉|起诉))")


def sued(chart: Chart, start: int, end: int, focus: Focus) -> tuple[Party, int, int] | None:
    """Who a clause says to have been sued."""
    for versus in _VERSUS.finditer(chart.s, start, end):
        found = name_from(chart, versus.end(), end, focus)
        if found is not None:
            return found[0], versus.end() - 1, versus.end()
    if re.search(r"(?:收到|接获)[^，。；]{0,8}(?:传票|起诉状|应诉通知)", chart.s[start:end]):
        found = name_from(chart, start, end, focus)
        if found is not None:
            return found[0], start, found[1]
    cue = _SUES.search(chart.s, start, end)
    if cue is None:
        return None
    party = _sued_by(chart, start, cue, end, focus)
    return (party, cue.start(), cue.end()) if party is not None else None


def _sued_by(chart: Chart, start: int, cue: re.Match[str], end: int, focus: Focus) -> Party | None:
    """Whom a verb of suing strikes: the subject of a passive, else what a coverb puts before it, else its object."""
    if re.search(r"(?:被|遭)[^，。；]{0,20}$", chart.s[start : cue.start()]):
        places = [(start, cue.start())]
    else:
        places = [(toward.end(), cue.start()) for toward in _TOWARD.finditer(chart.s, start, cue.start())]
        if cue[0] in ("起诉", "状告", "控告"):
            places.append((cue.end(), end))
    found = (name_from(chart, at, stop, focus) for at, stop in places)
    return next((one[0] for one in found if one is not None), None)
