"""Chinese people, titles and organizations: found where a title, an honorific or a verb anchors them, then everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from events.extraction.chart import CODES, Chart
from events.extraction.finding import Finder
from events.extraction.lexicon import alternatives, words
from events.extraction.model import Node, Span
from events.extraction.script import simplified
from events.extraction.zh.clauses import all_verbs, nominal, verbs_of
from events.extraction.zh.tokens import tag_of, tokens, weight_of

HAN = "\u4e00-\u9fff"
_T, _P, _D = CODES["title"], CODES["person"], CODES["date"]
_BOUNDARY = re.compile(r"[，。；：、！？（）()“”《》\[\]【】　\n\t\"—\-/|→]|[\ue000-\uf8ff]")
_STOP = re.compile(
    r"(?:聘任|聘请|任命|委任|推选|选举|提名|提拔|出任|接任|担任|升任|就任|改任|转任|调任|兼任|接替|辞去|免去|罢免|解聘|解任|免除|撤换|决议|由|对|把|将|被|向|为|是|的|原|前任|时任|现任|该|其|新任|候任|本公司|公司|先生|女士|代行|代理|关于|关联|全体|曾任|历任|因|称|以|给予|宣布|决定|通过|会议|同意|[和与及](?=董事|副|总|首席|监事|公司|本公司|该公司|其|时任|现任|原))"
)
_TRANSLITERATED = re.compile(rf"[{HAN}]{{1,6}}(?:[·•‧][{HAN}]{{1,6}}){{1,3}}")


@dataclass
class Cast:
    """The names of one document (in simplified characters): where each is first seen, and full forms of short ones."""

    people: dict[str, Span] = field(default_factory=dict)
    full: dict[str, str] = field(default_factory=dict)
    legal: dict[str, str] = field(default_factory=dict)
    organizations: dict[str, Span] = field(default_factory=dict)
    firms: set[str] = field(default_factory=set)
    """Organizations that do or suffer what only firms can: no person bears such a name in the text."""
    _pieces: tuple[int, frozenset[str]] = (0, frozenset())

    def person_ends(self, s: str, end: int) -> bool:
        """Whether the name of somebody noted ends at a position of a text."""
        return any(s[start:end] in self.people for start in range(max(0, end - _LONGEST), end))

    def in_firm(self, name: str) -> bool:
        """Whether a name of three or four characters is part of the name of an organization noted."""
        if self._pieces[0] != len(self.organizations):
            pieces = (
                org[at : at + size]
                for org in self.organizations
                for size in (3, 4)
                for at in range(len(org) - size + 1)
            )
            self._pieces = (len(self.organizations), frozenset(pieces))
        return name in self._pieces[1]


_LONGEST = 28
"""Characters of the longest name of a person: four parts of six, the marks between them, and one to spare."""


@lru_cache(maxsize=1)
def _surname() -> re.Pattern[str]:
    singles = sorted({w for line in words("zh", "surnames") for w in line.split() if len(w) == 1})
    doubles = sorted({w for line in words("zh", "surnames") for w in line.split() if len(w) == 2})
    return re.compile(rf"(?:(?P<double>{'|'.join(doubles)})|[{''.join(singles)}])")


@lru_cache(maxsize=1)
def _follows() -> re.Pattern[str]:
    return re.compile(rf"[^{HAN}A-Za-z0-9]|$|(?:{alternatives('zh', 'followers')})")


@lru_cache(maxsize=1)
def _strong() -> re.Pattern[str]:
    """What surely ends a name: no Chinese character, or a follower of two characters or more."""
    longer = sorted((w for w in words("zh", "followers") if len(w) > 1), key=lambda w: (-len(w), w))
    return re.compile(rf"[^{HAN}A-Za-z0-9]|$|(?:{'|'.join(longer)})")


def name_at(s: str, at: int, *, sure: bool = False) -> int:
    """Where a person's name that starts at `at` ends; `at` where no name stands there.

    `sure` says that what stands before (a title, a verb of appointing) can only be followed by a name.
    """
    if match := _TRANSLITERATED.match(s, at):
        return _foreign_end(s, match)
    surname = _surname().match(s, at)
    if not surname:
        return at
    base = at + len(surname[0])
    if (
        base + 1 < len(s)
        and (s[base + 1 : base + 2] in _ENDS_AT_ONCE or s[base + 1 : base + 3] in ("为" + _T, "任" + _T))
    ) or (
        s[base + 1 : base + 2] == "为"
        and re.match(r"第|新|公司|下|本|独|代|副|总|首|董|监|财", s[base + 2 : base + 4])
    ):
        ends = [base + 1]
    else:
        ends = [base + 2, base + 1]
    ends = [end for end in ends if end <= len(s) and _GIVEN.fullmatch(s, base, end)]
    scores = [
        (_end_score(s, end) + (0.4 if end == base + 2 else 0) - _oddness(s, base, end), end) for end in ends
    ]
    best, end = max(scores, default=(0.0, at))
    return end if best >= (0.0 if sure else 1.0) else at


def _foreign_end(s: str, match: re.Match[str]) -> int:
    """Where a transliterated name ends: before a mark, a function word or a known word after its last part's first two characters."""
    last = max(match[0].rfind(mark) for mark in "·•‧") + 1 + match.start()
    for end in range(last + 2, match.end()):
        rest = s[end : end + 2]
        if rest[:1] in _LINKS or any(
            tag_of(s[end : end + size]) in _AFTER_NAMES for size in (4, 3, 2) if end + size <= len(s)
        ):
            return end
    return match.end()


_LINKS = frozenset("与和及被在因的将从于是向对出接担宣表称任已离辞获暂代")
_GIVEN = re.compile(r"(?:(?![的了是或等们已未、])[\u4e00-\u9fff]){1,2}")
_RARE_IN_NAMES = frozenset("在被将因和与及不对向从由为")
_ENDS_AT_ONCE = frozenset("因被将已于获予对把给遭辞")
_AFTER_NAMES = frozenset(["v", "d", "t", "p", "c", "l", "i", "r", "n", "vn", "a", "ad", "b", "f", "m", "u"])


def _oddness(s: str, base: int, end: int) -> float:
    """How little a given name looks like one: function characters in it, most of all as its last."""
    odd = 0.8 * sum(char in _RARE_IN_NAMES for char in s[base:end])
    return odd + (2.2 if end - base == 2 and s[end - 1] in "在被将因和与及对从由也又均都已则还就曾" else 0.0)


def _end_score(s: str, end: int) -> float:
    """How well a name can end at a position, by what follows: a mark, a word that follows names, another word."""
    if not ("\u4e00" <= s[end : end + 1] <= "\u9fff"):
        return 3.0
    if s[end : end + 2] == f"为{_T}" or (s[end : end + 2] == f"任{_T}" and not tag_of(s[end - 1 : end + 1])):
        return 3.0
    if _strong().match(s, end):
        return 2.5
    if any(tag_of(s[end : end + size]) in _AFTER_NAMES for size in (4, 3, 2)):
        return 2.0 if not tag_of(s[end - 1 : end + 1]) else 1.2
    if _follows().match(s, end):
        return 1.5 if not tag_of(s[end - 1 : end + 1]) else 0.6
    return -0.2 if tag_of(s[end - 1 : end + 1]) else 0.2


def titles(chart: Chart) -> None:
    """Replaces titles by mentions: the longest run before a title's last word, up to a boundary or a verb."""
    suffix = re.compile(alternatives("zh", "titles"))
    found: list[tuple[int, int, Node]] = []
    last = 0
    for match in suffix.finditer(chart.s):
        if match.start() < last:
            continue
        if re.match(r"会|局(?!主席)|层|团|成员|任(?!委员)", chart.s[match.end() : match.end() + 2]) and match[
            0
        ] in ("董事", "监事", "主管", "主席", "经理"):
            continue
        if match[0].isascii() and re.search(
            r"[A-Za-z]",
            chart.s[max(0, match.start() - 1) : match.start()] + chart.s[match.end() : match.end() + 1],
        ):
            continue
        left = last
        if last and last < match.start():  # "生产副总甲和质检部长": a name stands between two titles
            end = name_at(chart.s, last, sure=True)
            left = end + 1 if last < end < match.start() and chart.s[end] in "和、与及" else last
        start = _title_start(chart.s, match.start(), left)
        former = bool(re.search(r"(?:原|前任|前|时任)$", chart.s[max(0, start - 2) : start]))
        head = chart.span(start, match.end())
        node = Node("title", *head, name=chart.text[head[0] : head[1]], head=head, former=former)
        found.append((start, match.end(), node))
        last = match.end()
    chart.replace(found)


def _title_start(s: str, at: int, last: int) -> int:
    left = max(last, at - 18)
    for boundary in _BOUNDARY.finditer(s, left, at):
        left = boundary.end()
    for stop in _STOP.finditer(s, left, at):
        opens = left == 0 or s[left - 1] in _OPENS
        if stop[0] == "为" and opens and stop.start() - left == 1 and s[left] not in _MADE:
            continue  # the second character of a name, not the verb: "某为云CEO"
        if stop[0] not in ("公司", "本公司") or stop.start() == left:
            left = stop.end()
    return _nominal_from(s, left, at)


def _nominal_from(s: str, left: int, at: int) -> int:
    """From where on [left, at) is nominal words only: what a verb or an adverb ends is no part of a title."""
    if at - left < 2:
        return left
    modifiers = words("zh", "title_modifiers")
    found = tokens(s[left:at])
    for index in range(len(found) - 1, -1, -1):
        token = found[index]
        word = s[left + token.start : left + token.end]
        if word in modifiers or word in _IN_TITLES or nominal(s[left:at], found, index, first=False):
            continue
        if (
            index == 1
            and token.tag == "v"
            and len(word) == 2
            and found[0].end == 2
            and _opens(s, left)
            and word not in all_verbs()
        ):
            continue  # a firm's name of two words: 万象 + 聚合
        return left + token.end
    return left


def _opens(s: str, at: int) -> bool:
    return at == 0 or s[at - 1] in _OPENS


_IN_TITLES = frozenset(
    ["兼", "首席", "非执行", "独立", "总", "副", "代", "、", "联席", "荣誉", "轮值", " ", "·", "&"]
)


_MADE = frozenset("聘任选升调改转成作推认称视尊")

_OPENS = frozenset("，。；：、！？“（【 　对向由\n")
_PLAIN_TITLES = frozenset(
    [
        "负责人",
        "高管",
        "主管",
        "经理",
        "副经理",
        "部长",
        "副部长",
        "总监",
        "副总监",
        "发言人",
        "组长",
        "队长",
        "主任",
        "厂长",
        "店长",
        "站长",
        "合伙人",
        "保荐代表人",
        "审计师",
    ]
)


def split_title(node: Node, cast: Cast) -> None:
    """Takes the organization out of a title that starts with one: 华为云CEO."""
    text = simplified(node.name)
    for length in range(len(text) - 1, 0, -1):
        if text[:length] in cast.organizations:
            _cut(node, length)
            return
    suffix = re.search(rf"(?:{alternatives('zh', 'titles')})$", text)
    if not suffix or suffix[0] in _PLAIN_TITLES:
        return
    prefix = text[: suffix.start()]
    modifiers = words("zh", "title_modifiers")
    if suffix[0].isascii():  # 云 and the like are the organization's before a Latin title: 某某云CEO
        modifiers = frozenset(m for m in modifiers if len(m) > 1)
    while prefix:
        modifier = next((m for m in sorted(modifiers, key=len, reverse=True) if prefix.endswith(m)), "")
        if not modifier or (len(modifier) == 1 and len(prefix) > 1 and tag_of(prefix[-2:])):
            break
        prefix = prefix[: -len(modifier)]
    if len(prefix) >= 4 and re.search(
        r"(?:公司|集团|银行|工厂|医院|大学|学院|研究院|基金|协会|分行|支行|分公司)$", prefix
    ):
        _cut(node, len(prefix))
        return
    if (
        len(prefix) >= 2 and not re.search(rf"(?:{alternatives('zh', 'unit_suffixes')})$", prefix)
    ) or re.search(
        r"[\u4e00-\u9fff]{2,}(?:集团|股份有限公司|有限公司|科技|银行)$|^[A-Za-z][A-Za-z ]*(?:BU|BG)$", prefix
    ):
        _cut(node, len(prefix))


def _cut(node: Node, length: int) -> None:
    start, end = node.head
    node.org, node.org_span = node.name[:length].strip(), (start, start + length)
    node.name, node.head = node.name[length:].strip(), (start + length, end)


_ANCHORS = re.compile(
    rf"(?:接替者|继任者|接任者)(?:为|是)(?:来自[^，。；]{{2,10}}的)?(?=[{HAN}])|前任(?=[{HAN}])|{_T}(?=[{HAN}])|(?<=由)(?=[{HAN}])|(?:聘任|聘请|任命|委任|推选|选举|聘|提名|增补|接替|起诉|传唤|免去|解聘|罢免)(?=[{HAN}])|[、和与及](?=[{HAN}]{{2,4}}(?:先生|女士))|(?:^|[，。；：、！？“\"【】 　])(?=[{HAN}])|对(?=[{HAN}])|收到(?=[{HAN}])"
    rf"|(?:长子|长女|次子|次女|儿子|女儿|独子|独女|胞弟|胞兄|胞妹|胞姐|弟弟|哥哥|妹妹|姐姐|妻子|丈夫|太太|夫人|侄子|女婿|之子|之女|老将|元老|功臣|新人)(?=[{HAN}])"
    rf"|(?<=[\u4e00-\u9fff])[的是为](?=[{HAN}]{{2,4}})|(?:任命|聘任|聘请|委任|委派|指派|批准|接纳|接受|同意|宣布|推|互推|改聘|改派|推派|拔擢|擢升|拘捕|逮捕|带走|辞退|开除|起诉|指控|举报)(?=[{HAN}])|[及其由与和、\ue002\ue005](?=[{HAN}]{{2,4}})"
)
_SURE_BEFORE = re.compile(
    rf"(?:{_T}|聘任|聘请|任命|委任|推选|选举|接替|由|前任|者为|者是|来自[^，。；]{{2,10}}的|免去|解聘|罢免|免除)$"
)
_SURE_AFTER = re.compile(
    r"(?:先生|女士|获委任|获任|出任|接任|担任(?!何)|升任|就任|改任|转任|兼任|辞去|辞职|离职|卸任|请辞|退休|因个人原因|申请辞去|代行|刑事拘留|不再担任|去年{0,1}辞|（[A-Z])"
)


_BETWEEN = (
    r"(?:（[^（）]{1,30}）)?(?:由\ue004|\ue005(?:底|初|末|中旬|晚间|晚)?|自|从|于|起|已经|已|将|正式|即日|因[^，。；]{1,20}，?|，|在[^，。；]{1,12}?|主动|突然|先后|均|也"
    r"|即|刚刚|刚|近日|日前|当天|同日|同时|不久前|随后|随即|则|又|再|才|就|便|向[^，。；]{1,10}?|以[^，。；]{1,12}?|被|遭|获|经[^，。；]{1,10}?|由于[^，。；]{1,14}，?|只|仍|还|更|终于|最终|最快|年底|年初|年中|底|初){0,6}"
)


@lru_cache(maxsize=1)
def _person_verbs() -> re.Pattern[str]:
    classes = ("leave", "leave_unknown", "take", "reassign", "leave_noun", "oust", "appoint", "investigate")
    found = sorted({w for cls in classes for w in verbs_of(cls)}, key=lambda w: (-len(w), w))
    more = "递交|提交|书面|提出辞|涉嫌|受贿|被带走|被免|被撤|被处|被罚|被禁|被开除|被停职|被留置|被捕|被拘|主动投案|投案|失联|的辞呈|的辞职|的离职|的离任|的接任|的任命|的任期|现年|先生|女士|博士"
    return re.compile(_BETWEEN + rf"(?:{'|'.join(found)}|{more})")


def _acts(s: str, end: int) -> bool:
    """Whether what follows a position is what people do: take up a post, leave one, come under investigation."""
    return bool(_person_verbs().match(s, end, end + 60))


_SURE_VERB_BEFORE = re.compile(r"(?:聘任|聘请|任命|委任|推选|选举|接替)$")


def people(chart: Chart, cast: Cast) -> None:
    """Notes the people whom a title, an honorific or a verb shows to be such."""
    for anchor in _ANCHORS.finditer(chart.s):
        at = anchor.end()
        end = name_at(chart.s, at, sure=anchor[0] == _T)
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
    for match in re.finditer(rf"[{HAN}]{{2,4}}(?=先生|女士)", chart.s):
        if cast.person_ends(match[0], len(match[0])):
            continue
        for size in (3, 2, 4):
            start = match.end() - size
            if start >= match.start() and name_at(chart.s, start) == match.end():
                note(cast, chart.s[start : match.end()], chart.span(start, match.end()))
                break


_PERSONAL = re.compile(
    r"辞|离任|卸任|退休|罢免|免去|任命|聘|推举|推选|选举|提拔|擢升|晋升|升任|担任|出任|接任|接替|继任|继任者|接棒|加盟|调任|转任|履新|罚款|警告|开除|辞退|解雇|停职|降|逮捕|拘|留置|带走|投案|双开|禁入|记过|处分|撤职|市场禁入|掌舵|董事长|总裁|谴责|批评"
)


def _free(chart: Chart, cast: Cast) -> None:
    """Notes three-character names that words around them leave over, in sentences about what people do or suffer."""
    if not _PERSONAL.search(chart.s):
        return
    found = tokens(chart.s)
    for index, token in enumerate(found):
        at = token.start
        if token.end - at > 2 or (
            token.end - at == 2 and not _double(chart.s[at : at + 2]) and token.tag not in ("", "n", "ns")
        ):
            continue
        end = name_at(chart.s, at)
        if end - at < 3 or end - at > 4 or (end - at == 4 and not _double(chart.s[at : at + 2])):
            continue
        if _end_score(chart.s, end) < 2.0 or (not any(t.start == end for t in found) and end < len(chart.s)):
            continue
        name = chart.s[at:end]
        before = found[index - 1] if index else None
        if cast.in_firm(name) or any(t.end - t.start > 2 for t in found if at <= t.start < end):
            continue
        if before is not None and before.tag in ("", "n", "ns", "nz", "j") and before.end - before.start == 1:
            continue
        given = name[2:] if _double(name[:2]) else name[1:]
        if (
            tag_of(name)
            or (len(given) == 2 and weight_of(given) > 4)
            or (not _double(name[:2]) and weight_of(name[:2]) > 4)
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


def _foreigners(chart: Chart, cast: Cast) -> None:
    """Notes names with a dot between their parts, which are people's wherever they stand."""
    if not re.search("[·•‧]", chart.s):
        return
    for match in _TRANSLITERATED.finditer(chart.s):
        first = re.search(r"[·•‧]", match[0])
        dot = match.start() + (first.start() if first else 0)
        found = tokens(chart.s[match.start() : dot])
        breaks = [
            t.end
            for i, t in enumerate(found)
            if (t.tag in ("p", "d", "c", "u", "r", "v", "n", "ns") and t.end - t.start > 1)
            or chart.s[match.start() + t.start] in "是由的与和及被将由对向给让、"
        ]
        start = match.start() + max((b for b in breaks if b < dot - match.start()), default=0)
        again = _TRANSLITERATED.match(chart.s, start)
        if again:
            end = _foreign_end(chart.s, again)
            if not re.match(r"公司|集团|银行|资本", chart.s[end : end + 2]):
                note(cast, chart.s[start:end], chart.span(start, end))


_NEVER = frozenset(
    [
        "任上",
        "任内",
        "任期",
        "任职",
        "任命",
        "申请",
        "申报",
        "申辩",
        "成立",
        "上市",
        "任何",
        "于是",
        "从而",
        "其中",
        "同时",
        "同场",
        "金额",
        "方面",
        "高层",
        "管理",
        "项目",
        "连续",
        "明年",
        "公司",
        "余万",
        "应当",
        "和平",
        "安全",
        "简历",
        "元旦",
        "司法",
        "时代",
        "文件",
        "经济",
        "经营",
        "关于",
        "关联",
        "全体",
        "全部",
        "相关",
        "广州",
        "广告",
        "成都",
        "江苏",
        "常务",
        "有关",
        "单位",
        "盛传",
        "万元",
        "都是",
        "那么",
        "该公",
        "能力",
        "水平",
        "金融",
        "黄金",
        "程序",
        "计划",
        "计算",
        "车企",
        "连任",
        "强烈",
        "强调",
        "应对",
        "通过",
        "通报",
        "解除",
        "解聘",
        "宣布",
        "曾任",
        "相信",
        "查处",
        "习惯",
        "温和",
        "明确",
        "和谐",
        "和解",
        "都要",
        "都在",
        "从事",
        "从容",
        "能够",
        "后者",
        "后来",
        "东方",
        "白酒",
        "经理",
    ]
)


_COMMON = 6.5
"""Natural logarithm of the frequency from which on a word is not taken for a name."""


def _double(chars: str) -> bool:
    match = _surname().match(chars)
    return bool(match and match["double"])


def note(cast: Cast, name: str, span: Span, *, sure: bool = False) -> None:
    """Remembers a person, with the last part of a transliterated name as its short form.

    Common words are not taken for names unless `sure`: a title stands before and a mark or a verb of people behind.
    """
    if name in all_verbs():
        return
    if sure and name not in _NEVER and len(name) < 4:
        cast.people.setdefault(name, span)
        return
    if (
        (name[:2] in _NEVER and not (len(name) > 2 and _double(name[:2])))
        or name in _NEVER
        or weight_of(name) > _COMMON
    ):
        return
    if len(name) == 3 and (
        tag_of(name[:2]) in ("v", "d", "p", "c", "r") or tag_of(name) in ("v", "d", "i", "l", "m", "t")
    ):
        return
    cast.people.setdefault(name, span)
    parts = re.split(r"[·•‧]", name)
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
