"""What a sentence states only once although it can be read twice, and what it only tells of."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.en import needs
from events.extraction.en.statement import Statement
from events.extraction.lexicon import Frame
from events.extraction.model import Draft


def once(found: list[Draft]) -> list[Draft]:
    """The drafts of a sentence without those that say in another kind what a better one says."""
    removed = {
        d.subject["name"]
        for d in found
        if d.kind == "discipline" and any(p["type"] in ("removal", "demotion") for p, _ in d.penalties)
    }
    found = [d for d in found if not (d.action == "departure" and d.subject["name"] in removed)]
    listed = {d.subject["name"] for d in found if d.kind == "listing"}
    found = [d for d in found if d.kind != "product" or d.subject["name"] not in listed]
    punished = {d.subject["name"] for d in found if d.kind == "discipline"}
    found = [
        d for d in found
        if d.action != "finding" or d.subject["type"] != "person" or d.subject["name"] not in punished
    ]  # fmt: skip
    if any(d.kind == "reorganization" and d.action in ("split", "merger") for d in found):
        found = [d for d in found if d.action != "creation"]
    return found


def only_tells(frame: Frame, match: re.Match[str], chart: Chart) -> bool:
    """Whether what somebody claims of another charges them with nothing: "claimed that X had resigned"."""
    charge = frame.action == "allegation" and re.search(r"(?:claim|assert|contend)\w* that ", match[0])
    return bool(charge) and not needs.wrongdoing(chart.s[match.start() : match.end() + 110])


def receiver(st: Statement, chart: Chart, draft: Draft) -> None:
    """What a unit is merged into is its successor."""
    other = st.node("counterparty")
    if draft.action != "merger" or other is None or st.node("successor") is not None:
        return
    if re.search(
        r"\b(?:into|in|part of|by) (?:[a-z]+ ){0,3}$",
        chart.s[max(0, st.at["counterparty"] - 30) : st.at["counterparty"]],
    ):
        draft.participants.append(
            ({"role": "successor", "type": "organization", "name": other.name}, other.head)
        )
