"""Who a pronoun or a post without a name stands for."""

from __future__ import annotations

from copy import copy

from events.extraction.chart import Chart
from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.en.names import Cast
from events.extraction.model import Node

_SINGLE = frozenset(["he", "she", "him", "her", "his", "himself", "herself"])
_SEVERAL = frozenset(["they", "them", "both", "their"])
_THING = frozenset(["it", "its", "itself"])


def pronoun(
    word: str, wanted: str, at: int, doer: Node | None, chart: Chart, cast: Cast, focus: Focus
) -> Node | None:
    """What the pronoun at position `at` of the chart's `s` stands for, other than the `doer` of its clause."""
    if word in _SINGLE and wanted in ("person", "party"):
        return focus.previous(chart, at, doer)
    if word in _SEVERAL and wanted in ("person", "party"):
        return focus.pair
    if word not in _THING:
        return None
    if wanted == "unit":
        units = [node for i, node in chart.all("unit") if i < at]
        return units[-1] if units else focus.unit
    if wanted in ("product", "thing"):
        return focus.product
    if wanted == "issuer":
        return focus.authority or main_organization(focus)
    if wanted not in ("organization", "party"):
        return None
    first = _first_organization(chart, cast, at)
    if first is None:
        return main_organization(focus)
    return None if doer is not None and first.name == doer.name else first


def _first_organization(chart: Chart, cast: Cast, before: int) -> Node | None:
    """The first organization, no government, that a sentence names before a position."""
    for i, node in chart.all("organization", "name"):
        if node.type == "name" and cast.kind(node.name) in ("person", "product"):
            continue
        if i < before and not GOVERNMENT.search(node.name):
            return node
    return None


def main_organization(focus: Focus) -> Node | None:
    """The organization in focus, as a pronoun or "the company" means it."""
    name, span = focus.organization()
    return Node("organization", *span, name=name, head=span, value="pronoun") if name and span else None


def holder(title: Node, focus: Focus) -> Node | None:
    """Who holds a post that stands without a name: told before, or named at the start of the next sentence."""
    held = focus.holders.get(title.name.lower())
    if held is not None or focus.upcoming is None:
        return held
    named = copy(focus.upcoming)
    if not named.title:
        named.title, named.title_span = title.name, title.head
    if title.org and not named.org:
        named.org, named.org_span = title.org, title.org_span
    return named
