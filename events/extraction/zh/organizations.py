"""Chinese organizations: found by legal form, suffix, quotes, or a verb that organizations have, then everywhere."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.finding import Finder
from events.extraction.lexicon import alternatives, words
from events.extraction.model import Node, Span
from events.extraction.zh import arguments, clauses, topics
from events.extraction.zh.firm_names import described, odd, trading
from events.extraction.zh.names import HAN, Cast, name_at
from events.extraction.zh.tokens import tag_of, tokens

_D = CODES["date"]
_ORG_STOP = re.compile(
    r"(?:^|(?<=.))(?:把|将|被|向|由|对|与|和|及|称|在|从|于|因|同意|关于|其中|包括|旗下|供应商|车企|企业|以及|决定|受理|通过|终止|暂缓|公告|宣布|的|指控|举报|起诉|查明|认定|新设|撤销|裁撤|成立|同场的|多家|最大的|老牌)"
)
_LEGAL = Pattern(rf"[{HAN}A-Za-z0-9（）()]{{2,24}}?(?:股份有限公司|有限责任公司|有限公司)")
_SAYS = Pattern(
    rf"(?:^|[，。；：】])(?P<n>[{HAN}A-Za-z0-9&]{{2,14}}?)(?:{_D}){{0,1}}(?:晚间|上午|下午|深夜)?(?:向[^，。]{{1,8}})?(?:宣布|公告|公布|发布(?!会)|内部通报|内部公布|发信|通报|发出)"
)
_OWNS = Pattern(
    rf"(?:^|[，。；：、])(?P<n>[{HAN}A-Za-z0-9&]{{2,12}}?){_D}(?:实现|营收|的?收入|销售额|净利润)"
)
_FINED = Pattern(
    rf"对(?P<n>[{HAN}A-Za-z0-9]{{3,16}}?)(?:股票|证券)?(?:给予|处以|予以|实施|启动|责令改正|采取|作出|及其|罚款|立案)"
)
_BLAMED = Pattern(
    rf"(?:^|[，。；：]|旗下)(?P<n>[{HAN}A-Za-z0-9]{{3,10}}?)因[^，。；]{{2,30}}，?被[^，。；]{{0,16}}(?:罚款|处以|警告|警示|谴责|处罚)"
)
_DID = Pattern(
    rf"(?:认定|查明|查实)[，：]?(?P<n>[{HAN}A-Za-z0-9]{{3,16}}?)(?:通过虚|提前|虚增|未按|存在|违反|隐瞒)"
)


def organizations(chart: Chart, cast: Cast) -> None:
    """Notes the organizations that a legal form, a suffix, quotes or a verb of what organizations do or suffer shows."""
    taken = topics.topics(chart, cast)
    for match in _LEGAL.finditer(chart):
        left = match.start()
        for stop in _ORG_STOP.finditer(chart.s, left, match.end() - 4):
            left = stop.end()
        left = _nominal_from(chart.s, left, match.end())
        if match.end() - left > 5:
            _note_org(chart, cast, left, match.end())
            bare = re.sub(
                r"(?:科技|技术|实业|控股)?(?:股份|控股|集团)?(?:有限责任公司|有限公司)$",
                "",
                chart.s[left : match.end()],
            )
            if 2 <= len(bare) <= 8:
                cast.legal.setdefault(bare, chart.s[left : match.end()])
    for regex in (_SAYS, _OWNS, _FINED, _DID, _BLAMED, _suffixed()):
        for match in regex.finditer(chart):
            left = match.start("n")
            for stop in _ORG_STOP.finditer(chart.s, left, match.end("n") - 1):
                if stop[0] not in ("和", "与", "及") or stop.start() - left > 1:
                    left = stop.end()
            _note_org(chart, cast, left, match.end("n"), taken)
    _by_trade(chart, cast, taken)
    _by_body(chart, cast, taken)
    _by_role(chart, cast, taken)
    _quoted(chart, cast)
    for match in _regulators().finditer(chart):
        _note_org(chart, cast, match.start() + _lead(match[0]), match.end())


_IN_QUOTES = Pattern(
    rf"(?:(?:{alternatives('zh', 'descriptors')}|公司|集团|品牌|连锁)[{HAN}]{{0,2}}|^|(?<=[】：｜▲◆■]))“(?P<n>[{HAN}A-Za-z0-9]{{2,8}})”(?=[{HAN}{_D}])"
)


def _quoted(chart: Chart, cast: Cast) -> None:
    """Notes the firms that stand in quotes after what they are, or as the first words of a story."""
    if "“" not in chart.s:
        return
    for match in _IN_QUOTES.finditer(chart):
        if match[0].startswith("“") and not re.match(
            r"(?:\ue005|自|于|在|将|已|今|昨|宣布|公告|因|被|遭|向|与|改|更|获|递|通过|拟|首|上|下|营|收|全年|中期)",
            chart.s[match.end() :],
        ):
            continue
        cast.organizations.setdefault(match["n"], chart.span(match.start("n"), match.end("n")))


_ROLES = frozenset(
    [
        "suspend",
        "delist",
        "list",
        "file",
        "accept",
        "inquire",
        "review",
        "terminate",
        "release",
        "withdraw",
        "layoff",
        "rename",
        "say",
        "figure",
        "restructure",
        "settle",
        "sue",
        "dissolve",
        "create",
    ]
)
_FIRM_ONLY = frozenset(
    ["suspend", "delist", "list", "file", "inquire", "review", "terminate", "figure", "layoff", "rename"]
)


def _placed(clause: clauses.Clause, phrase: clauses.Phrase, name: str, after: clauses.Trigger) -> bool:
    """Whether a common word stands where only a firm's name can: first in its clause, before what only firms do."""
    if (
        after.cls not in ("suspend", "delist", "layoff", "file", "terminate")
        or len(name) != 3
        or phrase.start != clause.start
    ):
        return False
    return (
        not arguments.GENERIC.fullmatch(name)
        and name not in words("zh", "not_orgs")
        and len(tokens(name)) == 1
        and name[-1] not in "们者人员股"
    )


_NUMBERED = re.compile(r"\d[A-Za-z]*$|[A-Za-z]\d")
_PLAIN_NAME = re.compile(rf"[{HAN}A-Za-z0-9& ]+")


def _by_role(chart: Chart, cast: Cast, taken: list[Span]) -> None:
    """Notes what stands as the subject of a verb that organizations have."""
    if _ROLES.isdisjoint(clauses.classes_in(chart)):
        return
    for clause in clauses.clauses(chart):
        if not any(t.cls in _ROLES for t in clause.triggers):
            continue
        for phrase in clause.phrases:
            if phrase.of or phrase.type in ("date", "title"):
                continue
            if phrase.prep or phrase.joined or phrase.type != "words" or phrase.start > clause.start + 24:
                break
            start, end = arguments.strip(chart.s, phrase.start, phrase.end)
            name = chart.s[start:end]
            after = next((t for t in clause.triggers if t.start >= end), None)
            if (
                after is None
                or after.cls not in _ROLES
                or not (arguments.is_name(name) or _placed(clause, phrase, name, after))
                or not _PLAIN_NAME.fullmatch(name)
            ):
                break
            if after.cls in ("withdraw", "release", "delay", "list") and _NUMBERED.search(name):
                break  # a product
            person = start == phrase.start and len(name) < 5 and name_at(name + "，", 0) == len(name)
            if (person and after.cls not in _FIRM_ONLY) or (after.start - end > 20):
                break
            _note_org(chart, cast, start, end, taken)
            break


_BODIES = words("zh", "regulators")


def settle(cast: Cast, plain: str) -> None:
    """Forgets what a text (simplified) shows to be a function or the first words of a unit: 具身智能 + 事业部."""
    parts = f"(?:{alternatives('zh', 'unit_suffixes')})(?!公司)"
    for name in list(cast.organizations):
        if name in words("zh", "title_domains") | words("zh", "trades") | words(
            "zh", "org_suffixes"
        ) - _BODIES or (
            name.endswith(tuple(words("zh", "trades")))
            and not name.endswith(tuple(words("zh", "org_suffixes")))
            and re.search(f"{name}{parts}", plain)
        ):
            del cast.organizations[name]
            cast.firms.discard(name)


def _nominal_from(s: str, left: int, end: int) -> int:
    """From where on [left, end) is nominal words only."""
    piece = s[left:end]
    found = tokens(piece)
    for index in range(len(found) - 1, -1, -1):
        if (
            not clauses.nominal(piece, found, index, first=index == 0)
            and s[left + found[index].start] not in "（）()"
        ):
            return left + found[index].end
    return left


@lru_cache(maxsize=1)
def _regulators() -> Pattern:
    """A regulator's or a court's name with what stands before it."""
    return Pattern(
        rf"[{HAN}]{{0,8}}?(?:{alternatives('zh', 'regulators')})(?:[{HAN}]{{2,3}}(?:监管局|证监局|管理局|分局|监管分局|分行))?(?![{HAN}]{{0,2}}(?:工程|市场化))"
    )


_WITH_BODY = Pattern(
    rf"(?:^|[，。；：】　 ])(?P<n>[{HAN}A-Za-z0-9]{{2,8}}?)(?:临时|年度)?(?:股东大会|股东会|董事会|监事会|管理层|党委|纪委|官网|官微|官方)(?!秘书|主席|认为|席位)"
)


def _by_body(chart: Chart, cast: Cast, taken: list[Span]) -> None:
    """Notes the firm whose board or meeting opens a clause: 大禹水利 + 股东大会."""
    for match in _WITH_BODY.finditer(chart):
        if odd(match["n"]):
            _note_org(chart, cast, *match.span("n"), taken)


@lru_cache(maxsize=1)
def _traded() -> Pattern:
    """A trade or an organization's last word soon after the start of a clause, with what stands before it."""
    last = f"{alternatives('zh', 'org_suffixes')}|{alternatives('zh', 'trades')}"
    return Pattern(
        rf"(?:^|[，。；：、“】　 \n对向与被由将把给])(?P<n>(?P<head>[{HAN}]{{2,4}}?)(?:{last}){{1,2}})(?!业)"
    )


_GOES_ON = frozenset(["v", "vn", "d", "p", "c", "u", "r", "t"])


def _by_trade(chart: Chart, cast: Cast, taken: list[Span]) -> None:
    """Notes a firm's own name with its trade behind it, first in a clause, before what no name goes on with."""
    for match in _traded().finditer(chart):
        if match.start() < match.start("n") and tag_of(chart.s[match.start() : match.start() + 2]):
            continue  # no coverb: 对 + 手速巡科技
        end = match.end("n")
        follower = next((w for n in (4, 3, 2, 1) if tag_of(w := chart.s[end : end + n])), "")
        ends = not "\u4e00" <= chart.s[end : end + 1] <= "\u9fff" or (
            tag_of(follower) in _GOES_ON and follower not in words("zh", "name_verbs")
        )
        if (ends or _posts().match(chart.s, end)) and trading(match["head"]):
            _note_org(chart, cast, match.start("n"), end, taken)


@lru_cache(maxsize=1)
def _posts() -> re.Pattern[str]:
    """A post, with what modifies it."""
    return re.compile(
        rf"(?:{alternatives('zh', 'title_modifiers')}|原|前)*(?:{alternatives('zh', 'titles')})"
    )


@lru_cache(maxsize=1)
def _suffixed() -> Pattern:
    """A name at the start of a clause that ends like an organization's."""
    return Pattern(
        rf"(?:^|[，。；：、“　 ])(?P<n>[{HAN}]{{2,8}}?(?:{alternatives('zh', 'org_suffixes')}))(?=原|前|时任|现任|{_D}|董事|总经|总裁|副|行长|首席|创始|CEO|今|昨|日前|近日|表示|称|宣布|公告|公布|发布|与|和|、|，|旗下|上半年|净|营收)"
    )


@lru_cache(maxsize=1)
def _ending() -> re.Pattern[str]:
    """A regulator's name, with its branch, at the end."""
    return re.compile(
        rf"(?:{alternatives('zh', 'regulators')})(?:[{HAN}]{{2,3}}(?:监管局|证监局|管理局|分局|监管分局|分行))?$"
    )


def _lead(words_: str) -> int:
    """How many characters before a regulator's name are not part of it: names of countries and places are."""
    suffix = _ending().search(words_)
    prefix = words_[: suffix.start()] if suffix else ""
    found = tokens(prefix)
    start = len(prefix)
    for token in reversed(found):
        word = prefix[token.start : token.end]
        if token.tag != "ns" and word not in _PLACES:
            break
        start = token.start
    return start


_PLACES = frozenset(
    [
        "国家",
        "省",
        "市",
        "县",
        "区",
        "州",
        "美国",
        "中国",
        "英国",
        "欧盟",
        "日本",
        "香港",
        "新加坡",
        "韩国",
        "我国",
        "省级",
        "市级",
        "本市",
        "全国",
        "联邦",
        "州级",
    ]
)


def _note_org(chart: Chart, cast: Cast, start: int, end: int, taken: list[Span] | None = None) -> None:
    """Notes an organization; a name that crosses or lies in one of `taken` (positions) is a piece of that one."""
    start, end = _trimmed(chart.s, start, end)
    name = chart.s[start:end].strip()
    if owner := arguments.owner_end(name):
        name, end = name[:owner], start + owner
    if any(left < end and start < right and (left, right) != (start, end) for left, right in taken or ()):
        return
    if (
        len(name) < 2
        or name in words("zh", "not_orgs")
        or described(name)
        or name in words("zh", "descriptors")
        or chart.s.startswith(("消息", "讯", "电　", "报道"), end)
        or chart.s[end : end + 2] == "电"
        or not _MENTIONS.isdisjoint(name)
    ):
        return
    if cast.people and any(name[:length] in cast.people for length in range(1, len(name) + 1)):
        return
    cast.organizations.setdefault(name, chart.span(start, end))


_MENTIONS = frozenset(CODES.values())
_INSIDE = frozenset("（）()·& 为于同以后前时内会起立并称自由任达听")


def _trimmed(s: str, start: int, end: int) -> tuple[int, int]:
    """Only the nominal words that [start, end) begins with; nothing left where it begins otherwise."""
    piece = s[start:end]
    found = tokens(piece)
    for index, token in enumerate(found):
        if (
            not clauses.nominal(piece, found, index, first=index == 0)
            and s[start + token.start : start + token.end] not in _INSIDE
        ):
            if (
                index == len(found) - 1
                and token.tag in ("v", "vn", "a")
                and end - start == 4
                and token.end - token.start == 2
            ):
                return start, end  # a name of two words: 甲乙 + 出海
            return start, start + token.start
    return start, end


def mark_organizations(chart: Chart, finder: Finder) -> None:
    """Replaces every occurrence of the organizations that `finder` looks for, the longest names first."""
    found = []
    for start, end in finder.spans(chart.s):
        more = _more_of_it().match(chart.s, end)
        if more and BODY_LIKE.search(chart.s[start:end]) is None:
            end = more.end()
        head = chart.span(start, end)
        found.append((start, end, Node("organization", *head, name=chart.text[head[0] : head[1]], head=head)))
    chart.replace(found)


BODY_LIKE = re.compile(rf"(?:{alternatives('zh', 'regulators')}|委员会|法院|集团|公司|银行|厂|部|交易所)$")


@lru_cache(maxsize=1)
def _more_of_it() -> re.Pattern[str]:
    """What makes a short form that was noted the full name that stands here: 甲乙 + 电子, 汽车, 集团."""
    return re.compile(
        rf"(?:{alternatives('zh', 'org_suffixes')})(?![\u4e00-\u9fff]{{0,6}}(?:公司|网点|分行|支行))|(?:{alternatives('zh', 'org_suffixes')}|{alternatives('zh', 'trades')}){{1,2}}(?=[^\u4e00-\u9fff]|$|[今昨的在于将已因被与和及向对发宣公拟称表召推披获起从原前副董总首执创旗上下全年营净入裁停])"
    )
