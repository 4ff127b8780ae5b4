"""Chinese people: found where a title, an honorific or a verb shows them to be such, then everywhere."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.finding import Finder
from events.extraction.lexicon import words
from events.extraction.model import Node, Span
from events.extraction.zh.clauses import all_verbs, verbs_of
from events.extraction.zh.names import (
    HAN,
    TRANSLITERATED,
    Cast,
    double_surname,
    end_score,
    foreign_end,
    name_at,
    ordinary,
)
from events.extraction.zh.tokens import tag_of, tokens, weight_of

_T = CODES["title"]
_ANCHORS = re.compile(
    rf"(?:接替者|继任者|接任者)(?:为|是)(?:来自[^，。；]{{2,10}}的)?(?=[{HAN}])|前任(?=[{HAN}])|{_T}(?=[{HAN}])|(?<=由)(?=[{HAN}])|(?:聘任|聘请|任命|委任|推选|选举|聘|提名|增补|接替|起诉|传唤|免去|解聘|罢免)(?=[{HAN}])|[、和与及](?=[{HAN}]{{2,4}}(?:先生|女士))|(?:^|[，。；：、！？“\"【】 　])(?=[{HAN}])|[对将把](?=[{HAN}])|收到(?=[{HAN}])"
    rf"|(?:长子|长女|次子|次女|儿子|女儿|独子|独女|胞弟|胞兄|胞妹|胞姐|弟弟|哥哥|妹妹|姐姐|妻子|丈夫|太太|夫人|其[弟兄妹姐子女妻夫侄]|侄子|女婿|之子|之女|老将|元老|功臣|新人)(?=[{HAN}])"
    rf"|(?<=[\u4e00-\u9fff])[的是为](?=[{HAN}]{{2,4}})|(?:任命|聘任|聘请|委任|委派|指派|批准|接纳|接受|同意|暂停|解除|撤销|取消|停止|终止|责令|判处|处分|宣布|推|互推|改聘|改派|推派|拔擢|擢升|拘捕|逮捕|带走|辞退|开除|起诉|指控|举报)(?=[{HAN}])|[及其由与和、\ue002\ue005](?=[{HAN}]{{2,4}})"
)
_SURE_BEFORE = re.compile(
    rf"(?:{_T}|聘任|聘请|任命|委任|推选|选举|接替|由|前任|者为|者是|来自[^，。；]{{2,10}}的|免去|解聘|罢免|免除)$"
)
_SURE_AFTER = re.compile(
    r"(?:先生|女士|获委任|获任|出任|接任|担任(?!何)|升任|就任|改任|转任|兼任|辞去|辞职|离职|卸任|请辞|退休|因个人原因|申请辞去|代行|刑事拘留|不再担任|去年{0,1}辞|（[A-Z])"
)


_BETWEEN = (
    r"(?:（[^（）]{1,30}）)?(?:由\ue004|\ue005(?:底|初|末|中旬|晚间|晚)?|自|从|于|起|已经|已|将|正式|即日|因[^，。；]{1,20}，?|，|在[^，。；]{1,12}?|从[^，。；]{1,14}?|主动|突然|先后|均|也"
    r"|即|刚刚|刚|近日|日前|当天|同日|同时|不久前|随后|随即|则|又|再|才|就|便|向[^，。；]{1,10}?|以[^，。；]{1,12}?|(?:被|遭|获)[^，。；]{0,14}?|暂时|临时|暂|一并|随后|此前|重新|再度|再次|经[^，。；]{1,10}?|由于[^，。；]{1,14}，?|只|仍|还|更|终于|最终|最快|年底|年初|年中|底|初){0,6}"
)


@lru_cache(maxsize=1)
def _person_verbs() -> re.Pattern[str]:
    classes = ("leave", "leave_unknown", "take", "reassign", "leave_noun", "oust", "appoint", "investigate")
    found = sorted({w for cls in classes for w in verbs_of(cls)}, key=lambda w: (-len(w), w))
    more = "递交|提交|书面|提出辞|涉嫌|受贿|被带走|被免|被撤|被处|被罚|被禁|被开除|被停职|被留置|被捕|被拘|主动投案|投案|失联|的辞呈|的辞职|的离职|的离任|的接任|的任命|的任期|现年|先生|女士|博士"
    return re.compile(_BETWEEN + rf"(?:{'|'.join(found)}|{more}|的?{_T}(?:一职|职务|职位))")


def _acts(s: str, end: int) -> bool:
    """Whether what follows a position is what people do: take up a post, leave one, come under investigation."""
    return bool(_person_verbs().match(s, end, end + 60))


_SURE_VERB_BEFORE = re.compile(r"(?:聘任|聘请|任命|委任|推选|选举|接替)$")


def people(chart: Chart, cast: Cast) -> None:
    """Notes the people whom a title, an honorific or a verb shows to be such."""
    for anchor in _ANCHORS.finditer(chart.s):
        at = anchor.end()
        end = name_at(chart.s, at, sure=anchor[0] == _T)
        if anchor[0] in ("将", "把") and ordinary(chart.s[at:end]):
            continue
        while end > at:
            before, after = chart.s[max(0, at - 14) : at], chart.s[end : end + 8]
            listed = (
                before.endswith("、")
                and chart.s[max(0, at - 5) : at - 1]
                and cast.person_ends(chart.s, at - 1)
            )
            if _SURE_BEFORE.search(before) or _SURE_AFTER.match(after) or listed or _acts(chart.s, end):
                title = before.endswith(_T) or _SURE_VERB_BEFORE.search(before) is not None
                note(
                    cast,
                    chart.s[at:end],
                    chart.span(at, end),
                    sure=title
                    and (_acts(chart.s, end) or bool(_SURE_AFTER.match(after)) or after[:1] in "，、。"),
                )
            if end < len(chart.s) and chart.s[end] in "、" and (_SURE_BEFORE.search(before) or listed):
                at, end = end + 1, name_at(chart.s, end + 1)
            else:
                break
    _foreigners(chart, cast)
    _before_verbs(chart, cast)
    _free(chart, cast)
    for match in _ADDRESSED.finditer(chart):
        if cast.person_ends(match[0], len(match[0])):
            continue
        for size in (3, 2, 4):
            start = match.end() - size
            if start >= match.start() and name_at(chart.s, start) == match.end():
                note(cast, chart.s[start : match.end()], chart.span(start, match.end()))
                break


_ADDRESSED = Pattern(rf"[{HAN}]{{2,4}}(?=先生|女士)")
_PERSONAL = re.compile(
    r"辞|离任|卸任|退休|罢免|免去|任命|聘|推举|推选|选举|提拔|擢升|晋升|升任|担任|出任|接任|接替|继任|继任者|接棒|加盟|调任|转任|履新|罚款|警告|开除|辞退|解雇|停职|降|逮捕|拘|留置|带走|投案|双开|禁入|记过|处分|撤职|市场禁入|掌舵|董事长|总裁|谴责|批评"
)


def _free(chart: Chart, cast: Cast) -> None:
    """Notes three-character names that words around them leave over, in sentences about what people do or suffer."""
    if not _PERSONAL.search(chart.s):
        return
    found = tokens(chart.s)
    starts = {token[0] for token in found}
    for index, token in enumerate(found):
        at = token.start
        if token.end - at > 2 or (
            token.end - at == 2
            and not double_surname(chart.s[at : at + 2])
            and token.tag not in ("", "n", "ns")
        ):
            continue
        end = name_at(chart.s, at)
        if end - at < 3 or end - at > 4 or (end - at == 4 and not double_surname(chart.s[at : at + 2])):
            continue
        if end_score(chart.s, end) < 2.0 or (end not in starts and end < len(chart.s)):
            continue
        name = chart.s[at:end]
        before = found[index - 1] if index else None
        if cast.in_firm(name) or any(t.end - t.start > 2 for t in found if at <= t.start < end):
            continue
        if before is not None and before.tag in ("", "n", "ns", "nz", "j") and before.end - before.start == 1:
            continue
        given = name[2:] if double_surname(name[:2]) else name[1:]
        if (
            tag_of(name)
            or (len(given) == 2 and weight_of(given) > 4)
            or (not double_surname(name[:2]) and weight_of(name[:2]) > 4)
        ):
            continue
        if re.match(
            r"公司|集团|科技|银行|股份|证券|地产|电子|汽车|系|版|市|省|县|区|路|街|店|厂|镇|村",
            chart.s[end : end + 2],
        ):
            continue
        note(cast, name, chart.span(at, end))


_SURE_VERBS = re.compile(
    r"(?:出任|接任|担任|升任|就任|继任|履新|改任|转任|调任|兼任|代行|代理|暂代|署理|请辞|辞任|辞去|辞职|离职|离任|卸任|退休|不再担任|接棒|接替|接掌|执掌|获委任|获任|获聘|走马上任|先生|女士)"
)


def _before_verbs(chart: Chart, cast: Cast) -> None:
    """Notes the name right before a verb that only people have, where a word ends before the name."""
    for verb in _SURE_VERBS.finditer(chart.s):
        for size in (3, 2, 4):
            start = verb.start() - size
            if start < 0 or name_at(chart.s, start) != verb.start():
                continue
            before = chart.s[max(0, start - 2) : start]
            if start and (
                tag_of(chart.s[start - 1 : start + 1]) or tag_of(chart.s[verb.start() - 1 : verb.start() + 1])
            ):
                continue  # half a word: 聘任 + 刘启
            if (
                not before
                or not "\u4e00" <= before[-1] <= "\u9fff"
                or before[-1] in "推聘派请由将把让令对是为的与和及其"
                or tag_of(before) in ("v", "d", "p", "c", "n", "t", "f")
            ):
                note(cast, chart.s[start : verb.start()], chart.span(start, verb.start()))
                break


_DOT = re.compile("[·•‧]")


def _foreigners(chart: Chart, cast: Cast) -> None:
    """Notes names with a dot between their parts, which are people's wherever they stand."""
    if not _DOT.search(chart.s):
        return
    for match in TRANSLITERATED.finditer(chart.s):
        first = _DOT.search(match[0])
        dot = match.start() + (first.start() if first else 0)
        found = tokens(chart.s[match.start() : dot])
        breaks = [
            t.end
            for i, t in enumerate(found)
            if (t.tag in ("p", "d", "c", "u", "r", "v", "n", "ns") and t.end - t.start > 1)
            or chart.s[match.start() + t.start] in "是由的与和及被将由对向给让、"
        ]
        start = match.start() + max((b for b in breaks if b < dot - match.start()), default=0)
        again = TRANSLITERATED.match(chart.s, start)
        if again:
            end = foreign_end(chart.s, again)
            if not re.match(r"公司|集团|银行|资本", chart.s[end : end + 2]):
                note(cast, chart.s[start:end], chart.span(start, end))


_GRAMMATICAL = frozenset("从由于和后向与以对因在至应能时还经过未会要再已")
"""Family names that are mostly grammatical words."""
_NO_GIVEN = frozenset(["d", "p", "c", "u", "r", "v", "t", "f", "m", "q"])
_COMMON = 6.5
"""Natural logarithm of the frequency from which on a word is not taken for a name."""


def note(cast: Cast, name: str, span: Span, *, sure: bool = False) -> None:
    """Remembers a person, with the last part of a transliterated name as its short form.

    Common words are not taken for names unless `sure`: a title stands before and a mark or a verb of people behind.
    """
    if name in all_verbs() or (
        name[0] in _GRAMMATICAL
        and (ordinary(name) or tag_of(name[1:]) in _NO_GIVEN or name[-1] in "仍均都也又还就才")
    ):
        return
    if sure and name not in words("zh", "not_people") and len(name) < 4:
        cast.people.setdefault(name, span)
        return
    if (
        (name[:2] in words("zh", "not_people") and not (len(name) > 2 and double_surname(name[:2])))
        or name in words("zh", "not_people")
        or weight_of(name) > _COMMON
    ):
        return
    if len(name) == 3 and (
        tag_of(name[:2]) in ("v", "d", "p", "c", "r") or tag_of(name) in ("v", "d", "i", "l", "m", "t")
    ):
        return
    cast.people.setdefault(name, span)
    parts = _DOT.split(name)
    if len(parts) > 1 and len(parts[-1]) > 1:
        cast.full.setdefault(parts[-1], name)


def mark_people(chart: Chart, cast: Cast, finder: Finder) -> None:
    """Replaces every occurrence of the people noted, whom `finder` looks for, the longest names first."""
    found = []
    for start, end in finder.spans(chart.s):
        word = chart.s[start:end]
        if chart.s.startswith(("公司", "集团", "药业", "科技", "股份", "银行"), end):
            continue
        if word not in cast.people and chart.s[start - 1 : start] in ("·", "•", "‧"):
            continue
        head = chart.span(start, end)
        name = chart.text[head[0] : head[1]]
        full = cast.full.get(word)
        if full and word not in cast.people:
            left, right = cast.people.get(full, head)
            name = chart.text[left:right]
        found.append((start, end, Node("person", *head, name=name, head=head)))
    chart.replace(found)
