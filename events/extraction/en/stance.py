"""What an English text is as a whole: a column, an outlook, advice, a review, satire or a tale of old days tells no news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from events.extraction.chart import Chart
from events.extraction.model import Draft
from events.extraction.sentences import sentences

_LABEL = re.compile(
    r"^\W*(?:[\w'’&-]+ ){0,3}?(?:opinion|editorial|comment|commentary|column|op-ed|obituary|explainer|viewpoint|essay|diary|sketch|humou?r"
    r"|fiction|short story|satire|parody|spoof|advice|advice column|agony aunt|q ?& ?a|(?:book|film|movie|theatre|tv|television) reviews?|bookshelf"
    r"|fact.check|crystal ball|quiz|poem|letters?(?: to the editor)?|opinion and comment)\W*(?:[:|—–]|\n|$)"
)
"""A label before the headline, in lower case."""
_HEADLINE = re.compile(
    r"^\W*(?:what if|(?:[\w ]+: )?how to|how not to|ask (?:the|our|an?)|dear (?!colleague|all|team|every|friend|share|stake|member|staff|sir|m[rs]|partner|employee|customer)[a-z]|imagine|suppose|why (?:we|i|you|boards|bosses|companies)|in (?:praise|defence|defense) of"
    r"|(?:a|an) (?:short|brief|very short) history|the (?:rise and fall|cult|case|trouble|myth|art|curse) (?:of|for|against|with)|lunch with|dinner with|coffee with|the rumou?r mill"
    r"|looking back|look back|from the archives?|no, )"
    r"|\bpredictions?\b|\bcrystal ball\b|\byear ahead\b|\boutlook (?:for )?20\d\d|\b20\d\d (?:outlook|forecasts?)\b|\bwhat (?:to expect|20\d\d)\b"
    r"|\b(?:gossip|myths?|hoax|fake news|fact.check|remembered|novel|memoir|looking ahead)\b|\b(?:tips|lessons|rules|questions|reasons|things|ways|bets) (?:for|from|to|that|about|on)\b|\?$"
)
"""A headline, in lower case, that often stands over what is no news; the text must bear it out."""
_NEWS_VERB = re.compile(r"\b(?:cuts?|rais(?:es|ed)|lifts?|trims?|lowers?|reaffirms?|keeps?|confirms?)\b")
_MADE_UP = re.compile(
    r"\b(?:satire|satirical|parody|spoof|humou?r column|work of fiction|any resemblance)\b"
    r"|\b(?:everything|nothing|none|all|names?|story|column|article|piece|people|characters?|companies)\b[^.\n]{0,60}"
    r"\b(?:(?:is|are|was|were) (?:entirely |wholly |all |completely )?(?:made up|invented|imaginary|fictional|fictitious|fiction)|(?:do|does) not exist|not real)\b"
)
_APRIL = re.compile(r"\bapril fool")
_LETTER = re.compile(
    r"^(?:(?:dear|to:|hi|hello|team|all|everyone|colleagues|from:|subject:|memo)\b|.{0,40}\bmemo\b)",
    re.MULTILINE,
)
"""A letter to staff speaks as "I" and tells "you" what will be: that is news."""
_UNCONFIRMED = re.compile(
    r"\bnone of (?:it|this|that|them|these|what follows|the above)[^.\n]{0,20} (?:is|was|were|are|has been|have been) (?:true|real|confirmed|verified)\b"
)
_QUOTED = re.compile(r"[“\"][^“”\"\n]{0,600}[”\"]")
_SELF = re.compile(r"\b(?:I|my|me|I['’](?:m|d|ve|ll))\b")
_YOU = re.compile(r"\b(?:you|your|yours)\b", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:would|could|might|may|should|ought|must|cannot|likely|perhaps|probably|whether|suppose|imagine|will)\b|\?|\bif\b",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"\b(?:will|would|should|likely|expects?|may|might|could)\b|['’]ll\b|\bnext year\b")
_REPORTED = re.compile(
    r"\b(?:announced|said|disclosed|filed|told|statement|approved|ordered|today|yesterday|effective|appointed|notified|notice|agreed|received|pursuant|Item|(?:Mon|Tues|Wednes|Thurs|Fri)day)\b"
)
"""What a report has and a forecast lacks: the day of a deed, or who made it known."""
_STORY = re.compile(
    r"\b(?:fictional|novel|novelist|film|movie|filmmaker|author|heroine|protagonist|characters?|chapters?|(?:first|second|third|final|last|opening) (?:act|half|scene)"
    r"|scenes?|camera|reader|readers|plot|memoir|paperback|screenplay|cinemas?|actor|actress|played by|starring|stars?|score|prose)\b"
)


def no_news(text: str) -> bool:
    """Whether a text says of itself, by label, headline, disclaimer or tone, that it reports no facts."""
    head = text.lstrip()[:240].split("\n", 2)
    first = head[0].lower().strip()
    edges = f"{text[:300]}\n{text[-400:]}".lower()
    if (
        _LABEL.match(first)
        or _APRIL.search(first)
        or _MADE_UP.search(edges)
        or _UNCONFIRMED.search(text[:1500].lower())
    ):
        return True
    short = len(first) < 130 and len(head) > 1
    stands = short and _HEADLINE.search(first) and not _NEWS_VERB.search(first)
    return _toned(text[:20_000], bool(stands))


def _toned(text: str, expected: bool) -> bool:
    """Whether a text's sentences mostly suppose, advise, judge or retell; less is enough where a headline says so."""
    told = [_QUOTED.sub(" ", text[start:end]) for start, end in sentences(text, "en")]
    count = len(told)
    if count < 5:
        return False
    own = sum(bool(_SELF.search(one)) for one in told)
    you = sum(bool(_YOU.search(one)) for one in told)
    open_ = sum(bool(_OPEN.search(one)) for one in told) / count
    story = len(set(_STORY.findall(text.lower())))
    ahead = sum(bool(_AHEAD.search(one)) for one in told) / count
    reported = sum(bool(_REPORTED.search(one)) for one in told) / count
    if story >= 5 or (count >= 8 and ahead >= 0.4 and reported <= 0.04):
        return True
    if expected:
        return open_ >= 0.3 or own >= 3 or you >= 2 or story >= 3
    return open_ >= 0.4 and own + you >= 3 and not _LETTER.search(text[:400].lower())


def told_of_old(charts: Sequence[Chart], published: date | None) -> bool:
    """Whether nearly all the days and years of a text that names several lie more than five years back."""
    if published is None:
        return False
    days = [
        int(node.value.day["value"][:4])
        for chart in charts
        for at, node in chart.all("date")
        if node.value.day and not _ANY_DAY.search(chart.s[max(0, at - 24) : at])
    ]
    near = sum(day >= published.year - 5 for day in days)
    years = {int(one) for chart in charts for one in _YEAR.findall(chart.text, chart.start, chart.end)}
    old = {day for day in [*years, *days] if day < published.year - 5}
    return len(old) >= 3 and near * 6 <= len(days) and max(days[:2], default=0) < published.year - 1


_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_ANY_DAY = re.compile(r"\b(?:an?|each|every|first|second|third|last|alternate|working) $")
"""Before a day of the week that is none in particular."""


_SPREAD = re.compile(
    r"\b(?:(?:anonymous|viral|social.media|online) (?:posts?|threads?|messages?|rumou?rs?|accounts?|video|clip)|screenshots?|rumou?rs?|hoax|tweets?|hashtag|(?:chat|trading) (?:groups?|rooms?)|newsflash|circulat(?:ed|ing)|went viral"
    r"|voice (?:note|message)s?|heard (?:it|that)|had it from|(?:account|website|blog|forum|page) (?:that|which|called|claiming)|thousands (?:of people )?(?:shared|believed|reposted))\b",
    re.IGNORECASE,
)
_REFUTED = re.compile(
    r"\b(?:fabricat(?:ed|ion)|hoax|fake|doctored|baseless|groundless|unfounded|no truth|not true|untrue|(?:was|is|were|are) (?:all |entirely |completely |simply )?false"
    r"|made up|no such|nonsense|invented|bogus|concocted|never (?:published|issued) (?:it|the|any|such)|impersonat\w{0,5}|an invention|(?:telephoned|called|alerted|went to) the police)\b",
    re.IGNORECASE,
)
_ABOUT_TALK = frozenset(
    {"leadership", "discipline", "reorganization", "listing", "product", "performance", "sanction"}
)


def without_hearsay(drafts: list[Draft], charts: Sequence[Chart]) -> list[Draft]:
    """The drafts without what a text repeats from posts and rumours that it then says to be false."""
    hearsay = _hearsay([chart.text[chart.start : chart.end] for chart in charts])
    return [one for one in drafts if one.sentence not in hearsay or one.kind not in _ABOUT_TALK]


def _hearsay(told: Sequence[str]) -> frozenset[int]:
    """The numbers of the sentences from where a rumour is told to where, at most ten on, it is refuted."""
    found: set[int] = set()
    spread: list[int] = []
    for number, one in enumerate(told):
        if _SPREAD.search(one):
            spread.append(number)
        if spread and _REFUTED.search(one):
            since = next((at for at in spread if number - at <= 10), number)
            found.update(range(since, number + 1))
            spread = []
    return frozenset(found)
