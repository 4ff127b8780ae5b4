"""Current reports (Form 8-K): what such a filing defines, what its phrases state, and what in it is no news.

A filing is made within four business days of what it reports (General Instruction B.1 of Form 8-K), so a date far
before it dates biography. Its items say what it may be about; "the Company" is whoever files it.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from events.extraction.chart import Chart, Pattern
from events.extraction.en import facts
from events.extraction.en.discourse import Focus
from events.extraction.en.names import Cast
from events.extraction.en.statement import Statement, of_frame
from events.extraction.lexicon import frames_for
from events.extraction.model import DateValue, Draft, Node, Span

_OLD = timedelta(days=130)
"""More than a quarter: an amendment may come some months after its report."""
_DEFINED_DATE = Pattern(
    r"(?P<d>\ue005)(?: \(or[^()]{0,60}\))? \((?:the |such date, the |such date being the |collectively, the )?[“\"](?P<term>[^”\"]{3,40})[”\"]\)"
)
_FUNCTION = re.compile(
    r"\b(?:President|Officer|Manager|Director|Counsel|Controller|Treasurer|Head), (?P<f>[A-Z][\w&-]*(?:,? (?:and |& |of )?[A-Z][\w&-]*){0,4})"
    r"(?=,|\.|;|:| (?:of|and|since|from|effective|at|in|for|with|has|will|was|is|to|on|as)\b)"
)
_HONORIFIC = re.compile(r"\b(?:Mr|Ms|Mrs|Dr|Messrs)\.? (?P<name>[A-Z][\w’'-]+)")


def functions(text: str) -> frozenset[str]:
    """The words of the functions that titles name after a comma ("Vice President, Fluid Handling"), in small letters."""
    people = {match["name"] for match in _HONORIFIC.finditer(text)}
    found: set[str] = set()
    for match in _FUNCTION.finditer(text):
        words = [word.strip(",") for word in match["f"].split()]
        if not people.intersection(words) and not any(len(word) == 1 for word in words):
            found.update(word.lower() for word in words if word[0].isupper())
    return frozenset(found)


def heading(chart: Chart) -> bool:
    """Whether a sentence is the heading of an item, whose words name nobody."""
    return bool(_HEADING.match(chart.s))


_HEADING = re.compile(
    r"\W*(?:ITEM|Item)s? \d\.\d\d|\W*(?:\([a-e]\) ?)*(?:Departure of (?:Directors|Certain|Principal)|Election of Directors?;|Appointment of (?:Certain|Principal) Officers"
    r"|Compensatory Arrangements? of|Costs Associated with Exit|Notice of Delisting|Transfer of Listing|Results of Operations and Financial|Non-Reliance on Previously"
    r"|DEPARTURE OF|COMPENSATORY ARRANGEMENTS|Submission of Matters|Financial Statements and Exhibits)"
)


def fold(chart: Chart) -> None:
    """Takes the post that stands behind a name into the mention: "A, presently Treasurer of the Company,"."""
    chart.rewrite(
        r"{P:p},? (?:(?:presently|currently|now|so far|until now) )?(?:(?:our|its|the|the Company['’]s) )?{T:t}(?: of (?:the Company|{O}))?(?: since {D})?,"
        r"(?= (?:has|had|have|was|were|is|will|notified|informed|advised|told|gave|provided|submitted|tendered|resigned|retired|stepped|passed|died|to)\b)",
        lambda m: _holder(chart, m),
    )


def _holder(chart: Chart, match: re.Match[str]) -> Node | None:
    person, title = chart.node(match, "p"), chart.node(match, "t")
    if person is None or title is None or person.type == "name":
        return None
    if not person.title:
        person.title, person.title_span = title.name, title.head
        person.org, person.org_span = title.org, title.org_span
    return person


def define_dates(charts: list[Chart]) -> None:
    """Puts the date meant in place of a term that the text defines: April 30, 2021 (the “Transition Date”)."""
    terms: dict[str, Node] = {}
    for chart in charts:
        if terms:
            pattern = (
                rf"\b(?:such |[Tt]he |that )?(?P<term>{'|'.join(map(re.escape, sorted(terms)))})\b(?![”\"])"
            )
            regex = re.compile(pattern)
            found = []
            for match in regex.finditer(chart.s):
                head = chart.span(match.start(), match.end())
                known = terms[match["term"]]
                found.append(
                    (match.start(), match.end(), Node("date", *head, match[0], head, value=known.value))
                )
            chart.replace(found)
        for match in _DEFINED_DATE.finditer(chart):
            node = chart.node(match, "d")
            if node is not None and node.value.day and node.value.day["precision"] == "day":
                terms[match["term"].removeprefix("the ")] = node


def read(chart: Chart, cast: Cast, focus: Focus, found: list[Draft]) -> list[Draft]:
    """What the phrases of filings state in a sentence, besides what was found there already."""
    have = {(d.action == "departure", d.kind, d.subject["name"]) for d in found}
    drafts: list[Draft] = []
    for frame in frames_for("en", chart, "filings"):
        for match in frame.pattern.finditer(chart.s):
            statement = of_frame(frame, match, chart, people=frame.kind == "leadership")
            _company(statement, frame.options, cast, focus)
            for draft in facts.stated(statement, chart, cast, focus):
                key = (draft.action == "departure", draft.kind, draft.subject["name"])
                if key in have:
                    continue
                have.add(key)
                _post(draft, frame.options.get("post", ""), chart, match)
                drafts.append(draft)
    return drafts


def _company(statement: Statement, options: dict[str, str], cast: Cast, focus: Focus) -> None:
    """The filing's company as the subject, where a frame says that it is meant."""
    if options.get("of") != "company":
        return
    name, span = (cast.company, cast.spans.get(cast.company)) if cast.company else focus.organization()
    if name and span:
        statement.nodes["subject"] = Node("organization", *span, name=name, head=span, value="pronoun")


def _post(draft: Draft, post: str, chart: Chart, match: re.Match[str]) -> None:
    """The post that "elected to the Board" means."""
    if post and not draft.subject.get("title"):
        draft.subject["title"] = post
        draft.spans["/subject/title"] = chart.span(match.start(), match.end())


_OF_BOARD = re.compile(r"Board['’]s|(?:(?<=ommittee)|(?<=ommittees)) of the Board(?: of Directors)?")
_IF_BEFORE = re.compile(
    r"\b(?:[Ii]f|in the event|unless|[Uu]pon (?:a|any|his|her|such)|following (?:a|any)|until (?:his|her|a|such)|in case)\b(?! the recommendation)[^.;]{0,120}$"
)
_MISCONDUCT = re.compile(
    r"for [“\"]?[Cc]ause|misconduct|violat|fraud|investigation|code of (?:conduct|ethics)|breach|bribe|harass|falsif|improper",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(
    r"\b(?:if|in the event|unless|would be|upon (?:a|any) |subject to|within (?:\w+ ){1,3}months)\b"
)


_EXHIBIT = re.compile(r"\W*(?:A copy of|Copies of|The (?:foregoing|above|full text|press release)\b)")
"""How a sentence begins that points to an exhibit, or sums up what the filing has told."""


def news(found: list[Draft], chart: Chart, published: date | None) -> list[Draft]:
    """The drafts of a sentence that are news of the filing: no biography, pay, condition or committee seat."""
    if _EXHIBIT.match(chart.s):
        return []
    old = _old(chart, published)
    return [draft for draft in found if _is_news(draft, chart, old)]


def _is_news(draft: Draft, chart: Chart, old: bool) -> bool:
    if draft.kind == "sanction" and draft.subject["type"] == "person":
        return False
    if draft.kind == "discipline" and draft.action != "investigation":
        around = chart.text[max(0, chart.start - 200) : chart.end + 400]
        return bool(_MISCONDUCT.search(around)) and not _CONDITIONAL.search(chart.s)
    if draft.kind == "reorganization" and draft.action == "creation":
        return not draft.subject["name"].lower().endswith("committee")
    if draft.kind != "leadership":
        return True
    before = chart.text[chart.start : draft.span[0]]
    return not (old or _IF_BEFORE.search(before) or _only_committee(draft, chart))


def settle(drafts: list[Draft], charts: list[Chart], cast: Cast) -> list[Draft]:
    """The drafts of a filing with what it says of them elsewhere: whose posts they are, when they were decided."""
    by_sentence: dict[int, list[Draft]] = {}
    for draft in drafts:
        if draft.kind == "leadership":
            by_sentence.setdefault(draft.sentence, []).append(draft)
    days: Days = {}
    lead: Days = {}
    posts = _posts(charts)
    for chart in charts:
        if chart.number and "\n" in chart.text[charts[chart.number - 1].end : chart.start]:
            days = dict(lead)
        for draft in by_sentence.get(chart.number, []):
            _complete(draft, chart, cast, days, posts)
        if found := _decided(chart):
            days["decided"] = found
            if chart.s.rstrip().endswith(":"):
                lead = _leading(chart, found)
                days = dict(lead)
    left = {(d.subject["name"], d.subject.get("title")) for d in drafts if d.action == "departure"}
    return [d for d in drafts if d.action == "departure" or not _takes_what_is_left(d, left)]


def _complete(draft: Draft, chart: Chart, cast: Cast, days: Days, posts: Posts) -> None:
    """What a sentence leaves out: whose post it is, which, after whom, and when it was decided."""
    _organization(draft, chart, cast)
    if not draft.subject.get("title"):
        _find_post(draft, chart, posts)
    if draft.action != "departure":
        _predecessor(draft, chart, cast)
    if not {"decided", "announced", "occurred"} & draft.dates.keys():
        draft.dates.update({role: value for role, value in days.items() if role not in draft.dates})


def _takes_what_is_left(draft: Draft, left: set[tuple[str, str | None]]) -> bool:
    """Whether a draft gives somebody the very post that they leave."""
    title = draft.subject.get("title")
    return draft.kind == "leadership" and bool(title) and (draft.subject["name"], title) in left


Days = dict[str, tuple[DateValue, Span]]
_DECIDES = re.compile(
    r"(?:^|[,;:] |\) |\b[Aa]lso |\bthat )[Oo]n (?P<d>\ue005),?(?= [^.;]{0,200}?\b(?:appro|determin|decid|elect|appoint|accept|resolv|promot|notif|inform|advis|conclu|adopt|authori[sz]))"
)
_EFFECT = re.compile(r"(?:effective(?: as of| on)?|take effect(?: on| as of)?|as of) (?P<d>\ue005)")
_TO_BOARD = re.compile(
    r"\b(?:to|join(?:s|ed)?|on) (?:the|its|our) (?:Company['’]s )?(?:[Bb]oard|\ue00a|\ue002)|\bdirectors?\b"
)


_CLASS = re.compile(r"\bClass (?:I{1,3}|[A-C1-3]) [Dd]irector\b")
_SEAT = re.compile(r"\b[Dd]irectors?\b|\b[Bb]oard\b")


def _decided(chart: Chart) -> tuple[DateValue, Span] | None:
    """The day that a sentence opens with, where it tells of a decision or a notice."""
    match = _DECIDES.search(chart.s)
    node = chart.node(match, "d") if match else None
    if node is None or not node.value.day or node.value.day["precision"] != "day":
        return None
    return (node.value.day, node.head)


def _leading(chart: Chart, decided: tuple[DateValue, Span]) -> Days:
    """The dates that a line ending in a colon gives to what is listed below it."""
    found: Days = {"decided": decided}
    match = _EFFECT.search(chart.s)
    node = chart.node(match, "d") if match else None
    if node is not None and node.value.day:
        found["effective"] = (node.value.day, node.head)
    return found


def _find_post(draft: Draft, chart: Chart, posts: Posts) -> None:
    """The post that a sentence leaves out: a seat on the board, or the one that the filing gave to who leaves."""
    if draft.action != "departure":
        if _TO_BOARD.search(chart.text[chart.start : chart.end]):
            _take_post(draft, chart)
        return
    sentence, title, span = posts.get(draft.subject["name"], (chart.number + 1, "", (0, 0)))
    if sentence <= chart.number:
        draft.subject["title"] = title
        draft.spans["/subject/title"] = span


Posts = dict[str, tuple[int, str, Span]]


def _posts(charts: list[Chart]) -> Posts:
    """By name the first sentence that gives somebody's post, the post, and where it stands."""
    found: Posts = {}
    for chart in charts:
        for _, node in chart.all("person"):
            for each in node.each():
                if each.title and each.title_span and not each.former:
                    found.setdefault(each.name, (chart.number, each.title, each.title_span))
    return found


_FOLLOWS = Pattern(
    r"\b(?:succeed(?:ing|s)?|replac(?:e|es|ing)|in place of|(?:as )?(?:the )?successor to|in succession to) {P:p}"
)


def _predecessor(draft: Draft, chart: Chart, cast: Cast) -> None:
    """Whom the sentence says that somebody replaces."""
    if any(party["role"] == "predecessor" for party, _ in draft.participants):
        return
    match = _FOLLOWS.search(chart)
    old = chart.node(match, "p") if match else None
    if old is None or old.members or cast.full(old.name, "person") == draft.subject["name"]:
        return
    name = cast.full(old.name, "person")
    draft.participants.append(({"role": "predecessor", "type": "person", "name": name}, old.head))


def _take_post(draft: Draft, chart: Chart) -> None:
    words = chart.text[chart.start : chart.end]
    if match := _CLASS.search(words) or _SEAT.search(words):
        draft.subject["title"] = match[0] if match.re is _CLASS else "director"
        draft.spans["/subject/title"] = (chart.start + match.start(), chart.start + match.end())


def _old(chart: Chart, published: date | None) -> bool:
    """Whether all that a sentence dates lies long before the filing."""
    if published is None:
        return False
    days = [node.value.day for _, node in chart.all("date") if node.value.day]
    return bool(days) and all(_last(day["value"], day["precision"]) < published - _OLD for day in days)


def _last(value: str, precision: str) -> date:
    day = date.fromisoformat(value)
    return day + timedelta(days={"year": 364, "month": 29}.get(precision, 0))


def _only_committee(draft: Draft, chart: Chart) -> bool:
    """Whether somebody only joins or leaves a committee: seats of sitting directors are no claims."""
    title = draft.subject.get("title", "")
    if re.search(r"\bCommittee\b", title) and not re.search(
        r"\b(?:Board|[Dd]irector|Chief|President)\b", title
    ):
        return True
    if title:
        return False
    words = _OF_BOARD.sub("", chart.text[draft.span[0] : draft.span[1] + 60])
    return "Committee" in words and not re.search(r"\b(?:Board|[Dd]irector)s?\b", words)


_OWN = re.compile(r"\b(?:Exchange|Commission|Committee|Board|NASDAQ|Nasdaq|NYSE|University|College)\b")


def _organization(draft: Draft, chart: Chart, cast: Cast) -> None:
    """Whose post it is: the filing company's, unless the post itself names another organization."""
    company = cast.company
    name = draft.subject.get("organization", "")
    if not company or company not in cast.spans:
        if name and _OWN.search(name):
            del draft.subject["organization"]
        return
    if name and not _OWN.search(name) and _belongs(name, draft, chart):
        return
    draft.subject["organization"] = company
    draft.spans["/subject/organization"] = cast.spans[company]


def _belongs(name: str, draft: Draft, chart: Chart) -> bool:
    """Whether an organization stands right behind the post: "President of X", "Chief Lending Officer of the Bank"."""
    title = draft.spans.get("/subject/title")
    if title is None:
        return False
    behind = chart.text[title[1] : title[1] + 40 + len(name)]
    return (
        bool(re.match(r",?(?: and [\w ]{3,40})?,? (?:of|at|for) (?:the |its )?", behind))
        and name.removeprefix("the ") in behind
    )
