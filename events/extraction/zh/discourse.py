"""What a Chinese text is talking about as it goes on: the organization in focus, the dates of the story, the decision."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from events.extraction.chart import CODES, Chart
from events.extraction.lexicon import alternatives
from events.extraction.model import DateValue, Draft, Node, Party, Span
from events.extraction.script import simplified
from events.extraction.zh.names import Cast

BODY = re.compile(rf"(?:{alternatives('zh', 'regulators')}|委员会|法院|监察部|董事会)$")
_ISSUER = re.compile(
    r"(?:落款(?:单位)?(?:是|为)|签发单位(?:是|为))(?P<n>[\u4e00-\u9fff\ue002]{2,20}?)(?=[，。；])|(?:^|[，。；])(?P<n2>[\u4e00-\u9fff\ue002]{0,16}?(?:委员会|监察部|问责小组|处理小组|廉洁办|廉政办|纪检办(?:公室)?|审计部|合规部|纪委|党委会|党委|监事会|监察室|督察办))(?=\ue005?[^，。；]{0,6}(?:对外|披露|审议|查处|发文|处理|开会|研究|决定|作出|认定|发布|通报|公布|印发))"
)
_PUBLISHED = re.compile(
    r"(?:上午|下午|晚间|晚|傍晚|早上|深夜)?(?:，?[\ue002\ue001]?)?(?:对外|在官网|在网站)?(?:宣布|公布|发布|公告|通报(?!批评)|披露|消息|刊发|刊登|挂出|召开[^，。；]{0,10}(?:记者会|发布会|说明会))"
)
_DATED = re.compile(
    r"(?:决定|处分|处罚)?书?(?:的)?(?:作出|做出|落款|签署|签发)?的?(?:决定)?(?:的)?(?:日期|时间)(?:均|都)?(?:为|是)$"
)
_SIGNED = re.compile(r"^(?P<n>[\u4e00-\u9fff\ue002]{1,24})(?:\ue004)?[ 　]*(?:\ue001|[\u4e00-\u9fff]{2,4})?$")
_SAID = re.compile(
    r"^(?:晚间|上午|下午|晚|深夜)?，?(?:[\ue001\ue002\ue004\u4e00-\u9fff]{0,16}?)(?:宣布|公布|公告|通报(?!批评)|发信|发出|内部公布|发布|刊发|挂出|披露)"
)
_QUOTED = re.compile(r"“(?P<n>[\u4e00-\u9fffA-Za-z0-9]{2,12})”\ue005?起?(?:，)?由")
_DECIDED = re.compile(r"^，?[^，。；]{0,24}(?:开会|研究|会议|决定|审议|作出|做出|表决|召开)")
INNER = re.compile(
    r"(?:廉洁办|廉政办|纪检办|督察办|纪委|委员会|小组|监察部|纪检部|稽核部|督察部|审计部|合规部|内审部|内控部|办公室|法务部|人力资源部|董事会|监事会|股东会|股东大会|党委会|党委|党组|监察室|审计室|纪检组)$"
)
"""Bodies inside an organization: they decide, but are not what a text is about."""
_PART = re.compile(
    r"(?<!俱乐)部$|(?:事业群|事业处|产品线|业务线|团队|项目组|工作组|小组|业务|板块|BG|BU|[处科组室课]|分公司|子公司|分行|支行|办事处|门店|生产线|大区|军团)$"
)


FUNCTIONAL = re.compile(
    rf"^(?:{alternatives('zh', 'title_domains')}|整车|乘用车|商用车|二手车|金融|能源|资产管理){{1,2}}(?:公司|中心)$"
)
"""A part of an organization that is called by what it does: 营销公司."""


def independent(name: str) -> bool:
    """Whether an organization (simplified) is one of its own rather than a body or a part of one: what texts are about."""
    return not (BODY.search(name) or INNER.search(name) or _PART.search(name) or FUNCTIONAL.match(name))


_COMPANY = (
    r"(?<=对)(?:该|本)?公司(?:股票|证券)?(?=实施|予以|停牌|立案|启动|进行|及(?:其|公司)?\ue001|处以|给予|采取)"
    r"|(?:(?<=^)|(?<=[，。；：]))(?:该|本)?公司(?:股票|证券)?(?=(?:[自于]?\ue005起?|开市起|将|已){0,4}(?:停牌|暂停上市|终止上市|摘牌|退市|被)|(?:因)?涉嫌|收到[^，。；]{1,10}立案|及(?:其|公司)?\ue001)"
)


_STORY = re.compile(r"【(?P<n>[^】]{1,16})】")
_ONE_WORD = re.compile(r"[\u4e00-\u9fff]{2,4}。$")
_HEADED = re.compile(
    r"(?:[▲◆■●★▼※◇○•]\s*|\d{1,2}[.、])?“?(?P<n>[\u4e00-\u9fffA-Za-z0-9\ue002]{1,12})”?(?:（[^（）]{1,12}）)?[｜|：]"
)
_LEAD = re.compile(r"[^，。；]{0,8}?(?:由|据|经|日前|近日|此前|随后|已经|该行|该公司|本公司|公司)(?=.{2})")
"""What stands before the body that decided: 决定由 + 集团党委会."""
_NEW_POST = re.compile(r"(?:新任|新一任|新|下一任)(?:的)?{T:t}".replace("{T:t}", "(?P<t>\ue004)"))
REGULATOR = re.compile(rf"(?:{alternatives('zh', 'regulators')})$")
_FROM = re.compile(r"起?(?:正式)?(?:生效|施行|实施|执行)")
_ITEM = re.compile(r"[▲◆■●★▼※◇○•]|[\u4e00-\u9fffA-Za-z0-9\ue002]{1,12}[｜|]")
"""How an item of a list of stories begins: each is about somebody else."""


@dataclass
class Focus:
    """The state that sentences hand on."""

    cast: Cast
    org: str = ""
    org_span: Span | None = None
    issuer: str = ""
    issuer_span: Span | None = None
    decider: str = ""
    decider_span: Span | None = None
    penal_org: str = ""
    penal_org_span: Span | None = None
    post: Node | None = None
    before: Node | None = None
    """The post that the one who was appointed last had until then."""
    block: int = 0
    person: Node | None = None
    latter: Node | None = None
    year: str = ""
    period: str = ""
    period_at: int = -9
    body: str = ""
    body_span: Span | None = None
    body_at: int = -9
    dates: dict[str, tuple[DateValue, Span]] = field(default_factory=dict)
    effective_note: bool = False
    decision: str = ""
    """Whose penalties are being told: the body's that was named last, or "its own" for a firm's."""

    def owner(self, name: str) -> tuple[str, Span] | None:
        """The organization that a unit or post belongs to: the one in focus, unless it is the thing itself."""
        if self.org and self.org_span and self.org != name:
            return (self.org, self.org_span)
        return None

    def enter(self, chart: Chart) -> None:
        """Takes up what a sentence opens: a new story, its organization, its dates, its decision."""
        label = _STORY.match(chart.s)
        self._story(chart, label)
        self._organization(chart)
        if label:
            self._label(chart, label)
        if item := _HEADED.match(chart.s):
            self._headed(chart, item)
        if post := _NEW_POST.search(chart.s):
            self.post = chart.node(post, "t")
        self.company(chart)
        if quoted := _QUOTED.search(chart.s):
            self.org_span = chart.span(quoted.start("n"), quoted.end("n"))
            self.org = chart.text[self.org_span[0] : self.org_span[1]]
        self._dates(chart)
        self._issuer(chart)
        self._people(chart)

    def _story(self, chart: Chart, label: re.Match[str] | None) -> None:
        """Forgets what was told of others where a new story or decision begins."""
        if label or _ONE_WORD.match(chart.s):
            self.dates, self.issuer, self.post = {}, "", None
            self.penal_org, self.decision = "", ""
            self.block = chart.number
        if label or _ITEM.match(chart.s):
            self.org, self.org_span, self.person, self.post, self.penal_org = "", None, None, None, ""
            self.decision = ""
            self.block = chart.number

    def _dates(self, chart: Chart) -> None:
        for _, node in chart.all("organization"):
            if REGULATOR.search(simplified(node.name)):
                self.body, self.body_span, self.body_at = node.name, node.head, chart.number
        for at, node in chart.all("date"):
            day = node.value.day
            if day and day["precision"] == "day" and node.value.words != "即日":
                self._date(chart, at, day, node.head)

    def _date(self, chart: Chart, at: int, day: DateValue, head: Span) -> None:
        before, after = chart.s[max(0, at - 14) : at], chart.s[at + 1 : at + 40]
        if _FROM.match(after):
            self.dates["effective"] = (day, head)
        elif _PUBLISHED.match(after):
            self.dates["announced"] = (day, head)
        elif _DATED.search(before) or _DECIDED.match(after):
            self.dates["decided"] = (day, head)
        elif _SAID.match(after):
            self.dates["announced"] = (day, head)

    def _people(self, chart: Chart) -> None:
        """Puts the people meant in place of pronouns, and takes up those of the sentence."""
        if self.person is not None:
            person = self.person
            chart.rewrite(r"(?:他|她)(?=[又还也已曾被将因在于不\ue005])", lambda m: _copy(chart, m, person))
        if self.latter is not None:
            latter = self.latter
            chart.rewrite(r"后者", lambda m: _copy(chart, m, latter))
        people = [n for _, n in chart.all("person")]
        if people:
            self.person, self.latter = people[0].each()[0], people[-1].each()[-1]

    def _headed(self, chart: Chart, item: re.Match[str]) -> None:
        """A story's first words before a bar or a colon name whom it is about."""
        span = chart.span(item.start("n"), item.end("n"))
        name = simplified(chart.text[span[0] : span[1]])
        marked = (
            item[0][0] in "▲◆■●★▼※◇○•"
            or item[0][-1] in "｜|"
            or (
                any(
                    n is not None and n.type == "organization"
                    for n in chart.nodes[item.start("n") : item.start("n") + 1]
                )
                and item.end("n") - item.start("n") == 1
            )
        )
        if (
            marked
            and not re.search(
                r"者|点评|分析|消息|数据|目标|法$|人事|财务|业绩|监管|其[一二三]|编|按|方面|时间|公司说|情况|背景|事项",
                name,
            )
            and len(name) > 2
        ):
            self.org, self.org_span = chart.text[span[0] : span[1]], span

    def _label(self, chart: Chart, label: re.Match[str]) -> None:
        """A story's label is its organization where the sentence after it has no subject: 【甲公司】昨日宣布."""
        rest = chart.s[label.end() :]
        if re.match(r"\ue005?(?:晚间|晚|上午|下午)?(?:宣布|公布|公告|发布|披露|通报|表示|回应)", rest):
            self.org_span = chart.span(label.start("n"), label.end("n"))
            self.org = chart.text[self.org_span[0] : self.org_span[1]]

    def _organization(self, chart: Chart) -> None:
        for at, node in chart.all("organization"):
            before = chart.s[max(0, at - 3) : at]
            if not independent(simplified(node.name)) or re.search(
                r"(?:在|与|和|对|向|曾任|任|被|把|将|给|至|到|归|入)$", before
            ):
                continue
            self.org, self.org_span = node.name, node.head
            full = self.cast.legal.get(simplified(node.name))
            if full and full in self.cast.organizations:
                self.org_span = self.cast.organizations[full]
                self.org = chart.text[self.org_span[0] : self.org_span[1]]
            return
        for _, node in chart.all("person"):
            if node.org and node.org_span and not self.org and independent(simplified(node.org)):
                self.org, self.org_span = node.org, node.org_span
        others = [n for _, n in chart.all("organization") if independent(simplified(n.name))]
        if others and not self.org:
            self.org, self.org_span = others[0].name, others[0].head

    def company(self, chart: Chart) -> None:
        """Puts the organization in focus in place of "the company" where something is done to it or its shares."""
        if self.org and self.org_span:
            name, span = self.org, self.org_span
            chart.rewrite(
                _COMPANY, lambda m: Node("organization", *chart.span(*m.span()), name=name, head=span)
            )

    def _issuer(self, chart: Chart) -> None:
        match = _ISSUER.search(chart.s)
        if not match:
            return
        group = "n" if match["n"] else "n2"
        lead = _LEAD.match(match[group])
        span = chart.span(match.start(group) + (lead.end() if lead else 0), match.end(group))
        self.decider, self.decider_span = chart.text[span[0] : span[1]], span
        owner = re.match(
            r"([\u4e00-\u9fff]{2,10}?)(?:审计|监察|纪律|纪检|道德|合规|廉政)", simplified(self.decider)
        )
        if owner and not self.org:
            self.org, self.org_span = self.decider[: owner.end(1)], (span[0], span[0] + owner.end(1))


def _copy(chart: Chart, match: re.Match[str], person: Node) -> Node:
    span = chart.span(match.start(), match.end())
    return Node("person", *span, name=person.name, head=person.head)


Dated = dict[str, tuple[DateValue, Span]]
Issuers = dict[str, tuple[Party, Span]]
"""The issuer of each group of drafts."""


def decide_all(drafts: list[Draft], charts: list[Chart], focus: Focus) -> None:
    """Gives penalties without an issuer the body that the text names as theirs, and a notice's closing date."""
    signature, closing = _closing(charts)
    issuers = _issuers(drafts)
    for draft in drafts:
        at_once = draft.spans.pop("/now", None)
        if at_once and closing:
            draft.dates.setdefault("effective", closing["announced"])
        if draft.kind in ("reorganization", "leadership") and closing:
            draft.dates.setdefault("announced", closing["announced"])
        if draft.kind != "discipline" or draft.action == "detention":
            continue
        if not any(p["role"] == "issuer" for p, _ in draft.participants):
            _issue(draft, issuers, (focus.decider, focus.decider_span) if focus.decider_span else signature)
        if closing:
            draft.dates.setdefault("announced", closing["announced"])
            if focus.effective_note:
                draft.dates.setdefault("effective", closing["announced"])


def _closing(charts: list[Chart]) -> tuple[tuple[str, Span] | None, Dated]:
    """Who signs a notice at its end, and when."""
    signature: tuple[str, Span] | None = None
    closing: Dated = {}
    signed = False
    for chart in charts[-3:]:
        if match := _SIGNED.match(chart.s):
            span = chart.span(match.start("n"), match.end("n"))
            inner = INNER.search(simplified(chart.text[span[0] : span[1]]))
            signature = (chart.text[span[0] : span[1]], span) if inner else None
            signed = True
        if re.fullmatch(CODES["date"], chart.s.strip()):
            node = chart.all("date")[0][1]
            if node.value.day and signed:
                closing["announced"] = (node.value.day, node.head)
    return signature, closing


def _issuers(drafts: list[Draft]) -> Issuers:
    """The issuer of each group of drafts that has one: the first."""
    found: Issuers = {}
    for draft in drafts:
        for party in draft.participants:
            if draft.group and party[0]["role"] == "issuer":
                found.setdefault(draft.group, party)
    return found


def _issue(draft: Draft, issuers: Issuers, named: tuple[str, Span | None] | None) -> None:
    """Gives a draft its group's issuer, else the one named, who then is the group's."""
    if draft.group in issuers:
        draft.participants.append(issuers[draft.group])
    elif named and named[1]:
        party: Party = {"role": "issuer", "type": "organization", "name": named[0]}
        draft.participants.append((party, named[1]))
        if draft.group:
            issuers[draft.group] = (party, named[1])
