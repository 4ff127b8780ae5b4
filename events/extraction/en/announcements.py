"""What an English text says once for several of its facts: when all was announced, decided or takes effect, and by whom.

"The changes apply from 1 August", "The decisions were taken on 3 June", the day that heads a notice, the Thursday on
which a company said the first of its news.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from events.extraction.chart import Chart, Pattern
from events.extraction.matching import normalize
from events.extraction.model import DateValue, Draft, Span

Dated = tuple[DateValue, Span]

_COLLECTIVE = Pattern(
    r"\b(?:[Tt]he|[Tt]hese|[Tt]hose|[Aa]ll(?: of)?(?: the| these)?|[Bb]oth|[Ff]ollowing) (?:[a-z-]+ ){0,2}?"
    r"(?P<n>changes?|moves?|measures|decisions?|penalties|sanctions|orders?|appointments?|steps|reorgani[sz]ation|restructuring|overhaul|shake-up|plan"
    r"|transfers?|mergers?|resolutions?|actions|rulings?|punishments|designations?|listings?|nominations?|promotions?|withdrawal|recall|launch)\b"
)
_MEANT = {
    "change": ("reorganization", "leadership"), "move": ("reorganization", "leadership"), "step": ("reorganization", "leadership"),
    "measure": ("discipline", "sanction", "reorganization"), "decision": ("discipline", "sanction"), "penaltie": ("discipline",),
    "sanction": ("sanction", "discipline"), "order": ("discipline",), "appointment": ("leadership",), "resolution": ("discipline", "leadership", "reorganization"),
    "action": ("discipline", "sanction"), "ruling": ("discipline",), "punishment": ("discipline",), "designation": ("sanction",), "listing": ("sanction",),
    "nomination": ("leadership",), "promotion": ("leadership",), "withdrawal": ("product",), "recall": ("product",), "launch": ("product",),
}  # fmt: skip
"""What a noun sums up, without its plural s; reorganizations are meant by any other."""
_ROLES = (
    ("effective", re.compile(
        r"\b(?:take|takes|took|taking|come|comes|came|coming|go|goes|went) (?:into )?(?:effect|force)\b|\b(?:apply|applies|applied|effective|in force|in effect|start|starts|begin|begins|valid)\b"
    )),
    ("decided", re.compile(
        r"\b(?:taken|made|reached|decided|approved|adopted|resolved|agreed|imposed|passed|voted|signed|endorsed|decides|approves|took|approving)\b"
    )),
    ("announced", re.compile(r"\b(?:announced|published|disclosed|communicated|made public|released|posted|unveiled|presented|told)\b")),
)  # fmt: skip
_HEADER = re.compile(
    r"\b(?:notice|bulletin|memo(?:randum)?|circular|(?:press|news|media) release|company announcement|staff announcement|for (?:immediate )?release)\b|^\W*(?:from|to|subject|sub|re|ref): |^\W*to (?:all|our) (?:[a-z]+ )?(?:staff|colleagues|employees|members|shareholders)\b",
    re.IGNORECASE,
)
_TODAY = Pattern(r"\b(?:[Tt]oday|is pleased to|are pleased to) (?:announce[sd]?|report(?:s|ed)?)\b")
_LINES = 6
"""Sentences at the start of a text that may be its head."""
_SHORT = 100
"""Code points of a line that may be a heading."""
_START = 30
_TOLD = ("leadership", "reorganization", "product", "performance")
_LAG = timedelta(days=5)


def apply(drafts: list[Draft], charts: list[Chart]) -> None:
    """Gives the drafts of a text the dates that it tells once for all of them, where they have none of their own."""
    if not drafts:
        return
    for chart in charts:
        if match := _COLLECTIVE.search(chart):
            _sum_up(chart, match, drafts)
    _spread(drafts)
    if head := _head(charts):
        for draft in drafts:
            if draft.kind in (*_TOLD, "discipline", "sanction") and not _before(draft, head):
                draft.dates.setdefault("announced", head)


def single(drafts: list[Draft]) -> list[Draft]:
    """The drafts without an announced restructuring whose parts the text tells one by one."""
    parts = [d for d in drafts if d.kind == "reorganization" and d.action not in ("layoff", "restructuring")]
    return [
        draft
        for draft in drafts
        if draft.action != "restructuring"
        or not any(
            part.sentence > draft.sentence
            and normalize(part.subject.get("organization", "")) == normalize(draft.subject["name"])
            for part in parts
        )
    ]


def _sum_up(chart: Chart, match: re.Match[str], drafts: list[Draft]) -> None:
    """What a sentence says of the changes, decisions or penalties that the text tells."""
    kinds = _MEANT.get(match["n"].removesuffix("s"), ("reorganization",))
    meant = [d for d in drafts if d.kind in kinds and d.action != "investigation"]
    before = [d for d in meant if d.sentence <= chart.number]
    ahead = "ollowing" in match[0] or chart.s.rstrip().endswith(":") or 2 * len(before) < len(meant)
    if not ahead:
        meant = before
        if chart.number > 3 and not re.match(r"[Aa]ll\b", match[0]):
            left, right = _paragraph(chart)
            near = [d for d in meant if left < d.span[0] < right]
            meant = near if near and kinds[0] == "sanction" else meant
    if len(meant) < 2 and match["n"].endswith("s") and not any(d.sentence < chart.number for d in meant):
        return
    for role, day in _dates(chart, match):
        for draft in meant:
            if draft.sentence == chart.number and draft.span[0] > match.start() + chart.start and not ahead:
                continue
            if role == "announced" or not any(r in draft.dates for r in _same_role(role, draft)):
                draft.dates.setdefault(role, day)


def _same_role(role: str, draft: Draft) -> tuple[str, ...]:
    """The roles of a draft's own dates that leave no room for one more."""
    return (role, "occurred") if role == "effective" and draft.kind != "sanction" else (role,)


def _paragraph(chart: Chart) -> Span:
    """Between which positions, both excluded, what starts stands in the paragraph of a sentence."""
    left, right = chart.text.rfind("\n\n", 0, chart.start), chart.text.find("\n\n", chart.start)
    return left, right + 2 if right >= 0 else len(chart.text) + 1


def _dates(chart: Chart, match: re.Match[str]) -> list[tuple[str, Dated]]:
    """(role, day) of each date behind a collective noun (or before it), by the verb that stands nearest before the date."""
    found: list[tuple[bool, str, Dated]] = []
    for at, node in chart.all("date"):
        if node.value.day is None or node.value.day["precision"] == "year":
            continue
        behind = at > match.start()
        before = chart.s[match.end() : at].split(";")[-1] if behind else chart.s[at:]
        if behind and len(before) < 12:  # "passed the following orders on 12 September"
            before = chart.s[max(0, match.start() - 30) : at]
        places = [(m.end(), role) for role, verb in _ROLES for m in verb.finditer(before)]
        if re.search(
            r"\b(?:with effect from|effective(?: from| as of| on)?|as from|from|starting|beginning) $", before
        ):
            places = [(len(before), "effective")]
        if not places:
            continue
        role = max(places)[1] if behind else min(places)[1]
        found.append((not behind, role, (node.value.day, node.head)))
    return [(role, day) for _, role, day in sorted(found, key=lambda item: item[0])]


def _head(charts: list[Chart]) -> Dated | None:
    """The day that heads a notice or a release: the one in its first lines, where these say what it is."""
    first = charts[:_LINES]
    lines = [chart.text[chart.text.rfind("\n", 0, chart.start) + 1 :].split("\n", 1)[0] for chart in first]
    if not any(
        (_HEADER.search(chart.s, 0, len(chart.s) if len(line) < _SHORT else _START)) or _TODAY.search(chart)
        for chart, line in zip(first, lines, strict=True)
    ):
        return None
    for chart, line in zip(first, lines, strict=True):
        for at, node in chart.all("date"):
            day = node.value.day
            heads = len(line) < _SHORT or at < 40
            if day and day["precision"] == "day" and heads and not _VERB.search(chart.s, 0, at):
                return (day, node.head)
    return None


_VERB = re.compile(
    r"\b(?:was|were|has|have|had|is|are|will|met|took|resolved|decided|held|from|since|until|effective|by)\b"
)


def _before(draft: Draft, head: Dated) -> bool:
    """Whether what a draft tells was over well before a day."""
    day = date.fromisoformat(head[0]["value"])
    past = [value for role, (value, _) in draft.dates.items() if role in ("occurred", "announced")]
    return any(date.fromisoformat(value["value"]) < day - timedelta(days=31) for value in past)


def _spread(drafts: list[Draft]) -> None:
    """The day on which a company said one piece of news is that of the others which follow in the text."""
    said: dict[str, tuple[int, Dated]] = {}
    for draft in sorted(drafts, key=lambda d: (d.sentence, d.span[0])):
        if draft.kind not in _TOLD:
            continue
        whose = normalize(_company(draft))
        own = draft.dates.get("announced")
        if own is not None and own[0]["precision"] == "day":
            said[whose] = (draft.sentence, own)
        elif whose in said and not draft.dates.keys() & {"announced"} and not _over(draft, said[whose][1]):
            draft.dates["announced"] = said[whose][1]


def _over(draft: Draft, said: Dated) -> bool:
    """Whether a draft has a day of its own before the announcement."""
    day = date.fromisoformat(said[0]["value"])
    return any(
        date.fromisoformat(value["value"]) < day - _LAG and value["precision"] == "day"
        for role, (value, _) in draft.dates.items()
        if role in ("occurred", "decided")
    )


def _company(draft: Draft) -> str:
    """Whose news a draft is."""
    if draft.kind == "product":
        return next((p["name"] for p, _ in draft.participants if p["role"] == "organization"), "")
    return draft.subject.get("organization") or draft.subject["name"]
