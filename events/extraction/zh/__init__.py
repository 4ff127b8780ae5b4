"""Reading Chinese, simplified and traditional."""

from __future__ import annotations

import re
from datetime import date

from events.extraction.chart import Chart
from events.extraction.finding import Finder
from events.extraction.known import KnownNames
from events.extraction.lexicon import any_of, words
from events.extraction.model import DateValue, Draft, Node
from events.extraction.script import simplified, variants
from events.extraction.sentences import sentences
from events.extraction.zh import (
    addenda,
    amounts,
    dates,
    facts,
    figures,
    firm_names,
    modality,
    organizations,
    people,
    principal,
    stance,
    titles,
    topics,
)
from events.extraction.zh.discourse import Focus, decide_all
from events.extraction.zh.names import Cast

_END = re.compile(r"[。！？；：”）)]$")


def read(text: str, published: date | None, known: KnownNames | None = None) -> list[Draft]:
    """The drafts of a Chinese text's claims, in the order of the text."""
    headline = simplified(text[:200].strip().split("\n")[0])
    if any(word in headline[:30] for word in words("zh", "opinion_titles")) and not headline.endswith("。"):
        return []
    plain = simplified(text)
    if _FICTION.search(plain) or stance.no_news(plain) or stance.told_of_old(plain, published):
        return []
    cast = Cast()
    _known(text, known, cast)
    charts = _charts(text, published, cast)
    focus = Focus(cast)
    drafts: list[Draft] = []
    for index, chart in enumerate(charts):
        if index < 3 and not _END.search(chart.s) and len(charts) > 2:
            focus.enter(chart)
            continue
        if "自公布之日起生效" in chart.s or "自发布之日起" in chart.s:
            focus.effective_note = True
        if _EFFECTIVE.search(chart.s):
            _take_effect(chart, drafts)
        sentence = simplified(chart.text[chart.start : chart.end])
        if _opinion(chart, sentence) or modality.question(sentence):
            continue
        focus.enter(chart)
        addenda.add(chart, drafts, focus)
        found = facts.read(chart, focus)
        found += figures.results(chart, focus)
        found += figures.market_share(chart, focus)
        found += figures.layoffs(chart, focus)
        for draft in found:
            draft.span = chart.statement(draft.span)
        drafts += found
    decide_all(drafts, charts, focus)
    principal.employ(text, drafts, charts, cast)
    drafts = stance.without_hearsay(drafts, [plain[chart.start : chart.end] for chart in charts])
    return [
        draft for draft in drafts if not _past(draft, published) and not _told_back(draft, charts, published)
    ]


_FICTION = re.compile(
    r"均属虚构|如有雷同|纯属巧合|例子均为|(?:本文|以上|以下)(?:内容|情节|故事|人物|例子|公司)[^。]{0,14}(?:虚构|杜撰|假设)"
)
"""A text that says of itself that it is made up."""
_EFFECTIVE = re.compile(r"自[^。；]{0,14}(?:送达|收到)[^。；]{0,12}生效")


def _told_back(draft: Draft, charts: list[Chart], published: date | None) -> bool:
    """Whether a fact without a date of its own is told with a year gone by: "2018年在科创板上市"."""
    if (
        published is None
        or (draft.kind != "listing" and draft.action != "lawsuit")
        or "occurred" in draft.dates
    ):
        return False
    start, end = draft.span
    years = [
        int(node.value.day["value"][:4])
        for _, node in charts[draft.sentence].all("date")
        if node.value.day and node.value.day["precision"] == "year" and start <= node.head[0] < end
    ]
    return (
        bool(years) and max(years) < published.year - 1 and not {"decided", "effective"} & draft.dates.keys()
    )


def _past(draft: Draft, published: date | None) -> bool:
    """Whether a fact is history: all its dates lie in years before the last."""
    if published is None or not draft.dates or draft.kind in ("performance", "controversy", "sanction"):
        return False
    told = [value for role, (value, _) in draft.dates.items() if role != "announced"] or [
        value for value, _ in draft.dates.values()
    ]
    return all(int(value["value"][:4]) < published.year - 1 for value in told)


def _take_effect(chart: Chart, drafts: list[Draft]) -> None:
    """ "两份报告自送达董事会之日起生效": resignations told just before take effect on the day they were handed in."""
    for draft in drafts[-20:]:
        if draft.action == "departure" and chart.number - draft.sentence <= 3 and "decided" in draft.dates:
            draft.dates.setdefault("effective", draft.dates["decided"])


def _known(text: str, known: KnownNames | None, cast: Cast) -> None:
    """Notes the known people and organizations that the text names."""
    for name, at, kind in known.chinese_in(simplified(text)) if known is not None else ():
        notes = cast.people if kind == "person" else cast.organizations
        notes.setdefault(name, (at, at + len(name)))


def _opinion(chart: Chart, sentence: str) -> bool:
    return any_of("zh", "opinion").found_in_words(chart, sentence)


def _charts(text: str, published: date | None, cast: Cast) -> list[Chart]:
    context: dict[str, DateValue | None] = {}
    table = variants()
    charts = [Chart(text, start, end, i, table) for i, (start, end) in enumerate(sentences(text, "zh"))]
    plain = simplified(text[:20_000])
    local = amounts.local_currency(plain) if plain != text[:20_000] else "CNY"
    for chart in charts:
        dates.find(chart, published, context)
        amounts.find(chart, local)
        organizations.organizations(chart, cast)
        titles.titles(chart)
    topics.repeated(plain, cast)
    organizations.settle(cast, plain)
    for chart in charts:
        people.people(chart, cast)
    for name in cast.firms:
        cast.people.pop(name, None)
    longer = Finder(name for name in cast.people if len(name) > 2)
    for name in [name for name in cast.organizations if longer.spans(name)]:
        del cast.organizations[name]
    for chart in charts:
        for _, node in chart.all("title"):
            titles.split_title(node, cast)
            if node.org and not firm_names.stands_alone(simplified(node.org)):
                node.org, node.org_span = "", None
            if node.org and node.org_span:
                cast.organizations.setdefault(simplified(node.org), node.org_span)
    named, firms = Finder([*cast.people, *cast.full]), Finder(cast.organizations)
    for chart in charts:
        people.mark_people(chart, cast, named)
        organizations.mark_organizations(chart, firms)
        _fold(chart)
    _remember(charts)
    return charts


def _fold(chart: Chart) -> None:
    """Folds titles, honorifics, parentheses and coordination into the people that they belong to."""
    chart.rewrite(r"{o:o}(?:原|前|时任|现任)?{T:t}(?=\ue001)", lambda m: _owned(chart, m))
    chart.rewrite(r"(?:原任|原|前任|时任|现任)?{T:t}{p:p}", lambda m: _titled(chart, m))
    chart.rewrite(r"{T:a}(?:兼|、|及){T:t}(?=[^\ue001]|$)", lambda m: _both(chart, m))
    chart.rewrite(r"{T:t}(?:、|兼|及){p:p}", lambda m: _also(chart, m))
    chart.rewrite(r"{p:p}(?:先生|女士|小姐|博士)", lambda m: chart.node(m, "p"))
    chart.rewrite(r"{p:p}（[^（）]{1,40}）", lambda m: chart.node(m, "p"))
    chart.rewrite(r"{o:p}（[^（）]{1,40}）", lambda m: chart.node(m, "p"))
    chart.rewrite(r"{p}(?:(?:、|和|与|及|以及){p}){1,20}", lambda m: _list(chart, m))


def _owned(chart: Chart, match: re.Match[str]) -> Node | None:
    title, org = chart.node(match, "t"), chart.node(match, "o")
    if title is None or org is None:
        return None
    title.org, title.org_span = org.name, org.head
    return title


def _titled(chart: Chart, match: re.Match[str]) -> Node | None:
    title, person = chart.node(match, "t"), chart.node(match, "p")
    if title is None or person is None:
        return None
    person.title, person.title_span, person.org, person.org_span = (
        title.name,
        title.head,
        title.org,
        title.org_span,
    )
    person.former = title.former
    return person


_HOLDER = re.compile("实际控制人|实控人|控股股东|大股东|股东|创始人|联合创始人|发起人|法定代表人")
"""What somebody is to a firm without holding an office: the office beside it is the title."""


def _also(chart: Chart, match: re.Match[str]) -> Node | None:
    """A person with a second title before the first: its organization is theirs, too."""
    title, person = chart.node(match, "t"), chart.node(match, "p")
    if title is None or person is None:
        return None
    if not person.org and title.org:
        person.org, person.org_span = title.org, title.org_span
    if not person.title or _HOLDER.fullmatch(simplified(person.title)):
        person.title, person.title_span = title.name, title.head
    return person


def _both(chart: Chart, match: re.Match[str]) -> Node | None:
    """Two titles of one person as one title, with the organization of the first."""
    first, second = chart.node(match, "a"), chart.node(match, "t")
    if first is None or second is None or (second.org and second.org != first.org):
        return None
    head = (first.head[0], second.head[1])
    return Node(
        "title",
        *head,
        name=chart.text[head[0] : head[1]],
        head=head,
        org=first.org,
        org_span=first.org_span,
        former=first.former,
    )


def _remember(charts: list[Chart]) -> None:
    """Gives people named again without a post the one that they were first named with."""
    posts: dict[str, Node] = {}
    for chart in charts:
        for _, node in chart.all("person"):
            for each in node.each():
                first = posts.get(each.name)
                if each.title and first is None:
                    posts[each.name] = each
                elif first is not None and not each.title:
                    each.title, each.title_span = first.title, first.title_span
                    if not each.org:
                        each.org, each.org_span = first.org, first.org_span


def _list(chart: Chart, match: re.Match[str]) -> Node:
    nodes = [n for n in chart.nodes[match.start() : match.end()] if n is not None]
    members = [member for node in nodes for member in node.each()]
    shared = members[0]
    for member in members[1:]:
        if not member.title and shared.title:
            member.title, member.title_span = shared.title, shared.title_span
            member.org, member.org_span = shared.org, shared.org_span
    span = chart.span(match.start(), match.end())
    return Node("person", *span, name=chart.text[span[0] : span[1]], head=span, members=members)
