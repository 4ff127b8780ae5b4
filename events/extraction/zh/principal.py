"""Whose people and units a Chinese text is about where no sentence says it: the organization of the whole text, or of its item."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.model import Draft, Span
from events.extraction.script import simplified
from events.extraction.zh import arguments, firm_names
from events.extraction.zh.discourse import BODY, independent
from events.extraction.zh.names import HAN, Cast

Named = tuple[str, Span]

_SHORT = re.compile(rf"(?:证券|股票|公司)简称[：:]\s*(?P<n>[*A-Za-z0-9{HAN}]{{2,10}})")
_TITLED = re.compile(
    rf"^\s*(?P<n>[{HAN}A-Za-z0-9（）]{{2,24}}?(?:股份有限公司|有限责任公司|有限公司|集团|公司|银行|大学|医院|学院|研究院|基金会|协会|俱乐部|出版社|[{HAN}]{{0,2}}厂))(?=\s*\n|关于|第|董事会|监事会|20\d\d|公告|通报|内部)"
)
_CLOSING = re.compile(
    rf"\n\s*(?P<n>[{HAN}A-Za-z0-9（）]{{2,24}}?)(?:集团)?(?:董事会|监事会|纪律(?:检查)?委员会|纪律与监督委员会|监察(?:部|室|审计部)|审计(?:部|委员会)|人力资源(?:部|中心)|人事(?:部|处)|行政部|总经理办公室|总裁办(?:公室)?|办公室|廉洁办|廉政办|廉正(?:部|合规部|办公室)|合规(?:部|办公室|委员会)|内控(?:部|合规部)|党委|纪委|道德委员会|组织部|公关部|秘书处|管理委员会)\s*\n?\s*(?:[0-9二〇○零一年][^\n]{{0,14}}日)?\s*$"
)
_ADDRESS = re.compile(
    rf"(?:^|\n)\s*(?:各位|亲爱的|全体|致)?(?P<n>[{HAN}A-Za-z0-9]{{2,8}}?)(?:的|全体)?(?:同事|同学|伙伴|家人|员工|同仁)们?[：:，,]"
)
_ITEMS = re.compile(r"(?m)^\s*(?:【|[◆▲■●★◇※○•]|\d{1,2}[.、]\s*[^\n]{0,14}[：:]|[\u4e00-\u9fff]{2,10}[｜|])")
_NOT_ONE = re.compile(r"^(?:各位|亲爱|全体|大家|所有|各)")


def principal(text: str, cast: Cast) -> Named | None:
    """The organization that a text as a whole is about: by its header, its signature, else by how often it is named."""
    plain = simplified(text)
    if len(_ITEMS.findall(plain)) > 2:
        return None
    for regex, part in (
        (_TITLED, plain[:60]),
        (_CLOSING, plain),
        (_SHORT, plain[:200]),
        (_ADDRESS, plain[:200]),
    ):
        if match := regex.search(part):
            name = match["n"]
            if not _NOT_ONE.match(name) and not arguments.GENERIC.fullmatch(name) and not BODY.search(name):
                return (text[match.start("n") : match.end("n")], match.span("n"))
    return _most_named(text, plain, cast)


def _most_named(text: str, plain: str, cast: Cast) -> Named | None:
    """The firm that a text names most often, the headline counting more; None where two are as frequent or none is."""
    head = plain[:80].split("\n")[0]
    counted = []
    for name, span in cast.organizations.items():
        if not independent(name) or not firm_names.stands_alone(name):
            continue
        stem = _stem(name)
        counted.append((plain.count(stem) + 2 * (stem in head) + (span[0] < 80), span, name))
    counted.sort(key=lambda item: (-item[0], item[1]))
    if not counted or counted[0][0] < 2:
        return None
    best = counted[0]
    rivals = [c for c in counted[1:] if _stem(c[2]) not in best[2] and _stem(best[2]) not in c[2]]
    if rivals and rivals[0][0] * 3 > best[0] * 2:
        return None
    return (text[slice(*best[1])], best[1])


_ENDS = re.compile(r"(?:股份有限公司|有限责任公司|有限公司|集团|公司|股份|科技|汽车|控股)+$")


def _stem(name: str) -> str:
    short = _ENDS.sub("", name)
    return short if len(short) > 1 else name


def employ(text: str, drafts: list[Draft], charts: list[Chart], cast: Cast) -> None:
    """Gives people and units without an organization the one of their item, else the text's."""
    open_ = [d for d in drafts if _lacks(d)]
    handed = [d for d in drafts if _handed_on(d, text, charts)]
    if not open_ and not handed:
        return
    whole = principal(text, cast)
    for draft in handed if whole else ():
        del draft.subject["organization"], draft.spans["/subject/organization"]
        open_.append(draft)
    heads = _heads(text, cast) if whole is None else []
    for draft in open_:
        at = draft.span[0]
        owner = whole or next((named for start, end, named in heads if start <= at < end), None)
        owner = owner or _nearest(text, draft, charts)
        if owner is not None and simplified(owner[0]) != simplified(draft.subject["name"]):
            draft.subject["organization"], draft.spans["/subject/organization"] = owner


def _handed_on(draft: Draft, text: str, charts: list[Chart]) -> bool:
    """Whether a person or unit has its organization from an earlier paragraph only: then the text's own is the better one."""
    span = draft.spans.get("/subject/organization")
    if span is None or draft.kind not in ("leadership", "discipline", "reorganization"):
        return False
    chart = charts[draft.sentence]
    if chart.start <= span[0] < chart.end:
        return False
    paragraph = simplified(text[text.rfind("\n", 0, chart.start) + 1 : chart.end])
    return _stem(simplified(draft.subject["organization"])) not in paragraph


def _nearest(text: str, draft: Draft, charts: list[Chart]) -> Named | None:
    """The last firm named before a fact in its paragraph, else the first in its sentence."""
    start = text.rfind("\n", 0, draft.span[0]) + 1
    best: Named | None = None
    for chart in charts[max(0, draft.sentence - 12) : draft.sentence + 1]:
        for _, node in chart.all("organization"):
            name = simplified(node.name)
            if node.head[0] < start or not independent(name) or not firm_names.stands_alone(name):
                continue
            if node.head[0] < draft.span[0] or best is None:
                best = (node.name, node.head)
    return best


def _lacks(draft: Draft) -> bool:
    if draft.subject.get("organization"):
        return False
    if draft.kind in ("leadership", "discipline"):
        return draft.subject["type"] in ("person", "group")
    return draft.kind == "reorganization" and arguments.is_unit(simplified(draft.subject["name"]))


_HEAD = re.compile(
    rf"(?m)^\s*(?:[◆▲■●★◇※○•]\s*|\d{{1,2}}[.、]\s*)?[【“]?(?P<n>[{HAN}A-Za-z0-9]{{2,12}}?)[】”]?(?:（[^（）\n]{{1,14}}）)?[｜|：:】]"
)
_TOPIC = re.compile(
    r"人事|财务|业绩|监管|换|上市|挂牌|处罚|停牌|制裁|消息|数据|目标|方面|时间|情况|背景|事项|编|按|问|答|受理|终止|除|清单|纪律|加盟|易名|争|辟谣|者|要闻|速览"
)


def _heads(text: str, cast: Cast) -> list[tuple[int, int, Named]]:
    """Where the items of a list of stories begin and end, and the firm that heads each."""
    plain = simplified(text)
    starts = list(_HEAD.finditer(plain))
    ends = [*(m.start() for m in starts), len(text)][1:]
    return [
        (m.start(), end, (text[m.start("n") : m.end("n")], m.span("n")))
        for m, end in zip(starts, ends, strict=True)
        if not _TOPIC.search(m["n"])
        and (m["n"] in cast.organizations or firm_names.odd(m["n"]) or arguments.is_name(m["n"]))
    ]
