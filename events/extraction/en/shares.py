"""English market shares, in percent and in words ("a fifth of the market")."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart, Pattern, about_organization
from events.extraction.en.discourse import Focus
from events.extraction.en.figures import period_of, whose
from events.extraction.en.names import Cast
from events.extraction.model import Draft

_P = CODES["percent"]
_SHARE = Pattern(
    rf"\bshare of (?:the |its |all )?[\w -]{{2,40}}?(?:market|segment|sales|trade|business|sector|category|field)\b[^.;]{{0,60}}? (?P<p>{_P})|\b(?:market share|slice of (?:the|its) [\w -]{{2,30}}?)\b[^.;]{{0,60}}? (?P<r>{_P})"
)


_HELD = Pattern(
    rf"(?P<p>{_P})(?: share| slice)? of (?:(?:all|the|every|its|[\w’']+['’]s) )?(?:[\w\ue000-\uf8ff’'-]+ ){{0,5}}(?:market|segment|sold|worldwide|shipments|sales|category|trade)\b|(?P<q>{_P}) (?:market )?share\b|\b(?:one|two|three|four|five|six|seven|eight|nine) in (?:every )?(?:ten|five)\b(?!.)"
)


_FRACTION = Pattern(
    r"\b(?P<n>an?|one|two|three|four|nearly half|almost half|half|about half|more than half)(?: (?P<d>half|third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)s?)? (?:share )?of (?:all|the|its|every)\b[^.;,]{0,50}?\b(?:market|segment|sold|sales|category|trade|shipments)\b"
)


_PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}


_TIMES = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}


def market_share(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """A share of a market that a sentence gives."""
    if _P not in chart.s:
        return _fraction(chart, cast, focus)
    match = _SHARE.search(chart) or _HELD.search(chart)
    if not match or re.search(r"\b(?:stake|owns|shareholder|shareholding)\b", match[0]):
        return []
    group = next((name for name, value in match.groupdict().items() if value), "")
    if not group:
        return []
    at = match.start(group)
    node = chart.nodes[at]
    subject = whose(chart, match.start() if match.re.groupindex.get("r") else at, cast, focus)
    if node is None or subject is None:
        return []
    measure: dict[str, Any] = {"metric": "market_share", **node.value}
    period, _ = period_of(chart, at)
    if period:
        measure["period"] = period
    draft = about_organization(chart, "performance", "market_share", subject)
    draft.measures.append((measure, chart.span(match.start(), match.end())))
    return [draft]


def _fraction(chart: Chart, cast: Cast, focus: Focus) -> list[Draft]:
    """A share of a market in words: "a fifth of the market"."""
    match = _FRACTION.search(chart)
    subject = whose(chart, match.start(), cast, focus) if match else None
    if match is None or subject is None or not (match["d"] or "half" in match["n"]):
        return []
    value = _TIMES.get(match["n"], 1) / _PARTS[match["d"] or "half"]
    draft = about_organization(chart, "performance", "market_share", subject)
    draft.measures.append(
        ({"metric": "market_share", "value": round(value, 4)}, chart.span(match.start(), match.end()))
    )
    return [draft]
