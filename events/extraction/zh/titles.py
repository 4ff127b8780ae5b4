"""Chinese titles: the words before a title's last word that belong to it, and the organization among them."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import Chart
from events.extraction.finding import Finder
from events.extraction.lexicon import alternatives, words
from events.extraction.model import Node
from events.extraction.script import simplified
from events.extraction.zh import arguments
from events.extraction.zh.clauses import all_verbs, nominal
from events.extraction.zh.discourse import FUNCTIONAL
from events.extraction.zh.names import Cast, name_at, ordinary
from events.extraction.zh.tokens import tag_of, tokens

_BOUNDARY = re.compile(r"[，。；：、！？（）()“”《》\[\]【】　\n\t\"—\-/|→]|[\ue000-\uf8ff]")
_STOP = re.compile(
    r"(?:聘任|聘请|任命|委任|推选|选举|提名|提拔|出任|接任|担任|升任|就任|改任|转任|调任|兼任|接替|辞去|免去|罢免|解聘|解任|免除|撤换|决议|由|对|把|将|被|向|为|是|的|原|前任|时任|现任|该|其|新任|候任|(?<![主责委胜])任(?![务职期意何命内上])|本公司|公司|先生|女士|代行|代理|关于|关联|全体|曾任|历任|因|称|以|给予|宣布|决定|通过|会议|同意|[和与及](?=董事|副|总|首席|监事|公司|本公司|该公司|其|时任|现任|原))"
)


def titles(chart: Chart) -> None:
    """Replaces titles by mentions: the longest run before a title's last word, up to a boundary or a verb."""
    s = chart.s
    found: list[tuple[int, int, Node]] = []
    last = 0
    for at, stop in _last_words().spans(s):
        word = s[at:stop]
        if word in _OF_BODIES and _BODY_FOLLOWS.match(s[stop : stop + 2]):
            continue
        if word.isascii() and _LATIN.search(s[max(0, at - 1) : at] + s[stop : stop + 1]):
            continue
        if word in words("zh", "occupations") and not _of_somebody(s, stop):
            continue
        left = last
        if last and last < at:  # "生产副总甲和质检部长": a name stands between two titles
            end = name_at(s, last, sure=True)
            left = end + 1 if last < end < at and s[end] in "和、与及任" else last
        start = _title_start(s, at, left)
        former = s.endswith(("原", "前任", "前", "时任"), max(0, start - 2), start)
        head = chart.span(start, stop)
        node = Node("title", *head, name=chart.text[head[0] : head[1]], head=head, former=former)
        found.append((start, stop, node))
        last = stop
    chart.replace(found)


_OF_BODIES = frozenset(["董事", "监事", "理事", "执行董事", "独立董事", "主管", "主席", "经理"])
_BODY_FOLLOWS = re.compile(r"会|局(?!主席)|层|团|成员|任(?!委员)")
"""What makes a title's last word that of a body: 董事 + 会."""
_LATIN = re.compile(r"[A-Za-z]")


@lru_cache(maxsize=1)
def _last_words() -> Finder:
    """The last words of titles, and what people work as."""
    return Finder(words("zh", "titles") | words("zh", "occupations"))


def _of_somebody(s: str, at: int) -> bool:
    """Whether a person's name begins at a position."""
    end = name_at(s, at)
    return end > at and not ordinary(s[at:end])


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
    piece = s[left:at]
    found = tokens(piece)
    joined = {i for match in _joined().finditer(piece) for i in range(*match.span())}
    for index in range(len(found) - 1, -1, -1):
        token = found[index]
        word = s[left + token.start : left + token.end]
        if (
            token.start in joined
            or word in modifiers
            or word in _IN_TITLES
            or nominal(piece, found, index, first=False)
        ):
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


@lru_cache(maxsize=1)
def _joined() -> re.Pattern[str]:
    """Two functions or regions that one post is responsible for: 销售与服务 before 负责人."""
    domains = alternatives("zh", "title_domains")
    return re.compile(rf"(?:{domains})(?:以及|[与和及])(?:{domains})")


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
    known = next((n for n in range(len(text) - 1, 0, -1) if text[:n] in cast.organizations), 0)
    if owner := known or arguments.owner_end(text[: text.rfind("部") + 1]):
        _cut(node, owner)
        return
    suffix = re.search(rf"(?:{alternatives('zh', 'titles')})$", text)
    if not suffix or suffix[0] in _PLAIN_TITLES:
        return
    prefix = text[: suffix.start()]
    modifiers = words("zh", "title_modifiers")
    if suffix[0].isascii():  # 云 and the like are the organization's before a Latin title: 某某云CEO
        modifiers = frozenset(m for m in modifiers if len(m) > 1)
    if _joined().search(prefix):
        modifiers |= words("zh", "title_domains") | _JOINING
    while prefix:
        modifier = next((m for m in sorted(modifiers, key=len, reverse=True) if prefix.endswith(m)), "")
        if not modifier or (len(modifier) == 1 and len(prefix) > 1 and tag_of(prefix[-2:])):
            break
        prefix = prefix[: -len(modifier)]
    if (
        len(prefix) >= 4
        and not FUNCTIONAL.match(prefix)
        and re.search(r"(?:公司|集团|银行|工厂|医院|大学|学院|研究院|基金|协会|分行|支行|分公司)$", prefix)
    ):
        _cut(node, len(prefix))
        return
    if (
        len(prefix) >= 2 and not re.search(rf"(?:{alternatives('zh', 'unit_suffixes')})$", prefix)
    ) or re.search(
        r"[\u4e00-\u9fff]{2,}(?:集团|股份有限公司|有限公司|科技|银行)$|^[A-Za-z][A-Za-z ]*(?:BU|BG)$", prefix
    ):
        _cut(node, len(prefix))


_JOINING = frozenset(["与", "和", "及", "以及"])


def _cut(node: Node, length: int) -> None:
    start, end = node.head
    node.org, node.org_span = node.name[:length].strip(), (start, start + length)
    node.name, node.head = node.name[length:].strip(), (start + length, end)
