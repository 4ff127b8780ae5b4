"""English controversies: what an allegation measures, and what a lawsuit asks for."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import Chart
from events.extraction.en.names import Cast
from events.extraction.en.statement import Statement
from events.extraction.model import Draft

SIMILAR = re.compile(
    r"\b(?P<v>0\.\d{1,4})\b(?= similarity| correlation|[^.;]{0,40}similar)|(?:similarity|correlation)(?: \w+){0,3} of (?P<w>0\.\d{1,4})\b"
)


_THRESHOLD = re.compile(r"\b(?P<t>0\.\d{1,4}) (?:threshold|cut-?off|limit)")


def measures(chart: Chart, draft: Draft, st: Statement, cast: Cast) -> None:
    """Adds to a controversy the similarity and threshold that its sentence gives, with what else is compared.

    A lawsuit or settlement that gives no similarity gets the first sum.
    """
    found = SIMILAR.search(chart.s)
    if found:
        group = "v" if found["v"] else "w"
        measure: dict[str, Any] = {"metric": "similarity", "value": float(found[group])}
        if threshold := _THRESHOLD.search(chart.s):
            measure["threshold"] = float(threshold["t"])
        draft.measures.append((measure, chart.span(found.start(group), found.end(group))))
        for at, node in chart.all("product"):
            if at > st.end and node.name != draft.subject["name"]:
                draft.participants.append(
                    ({"role": "product", "type": "product", "name": node.name}, node.head)
                )
                owner = chart.nodes[at - 3] if at >= 3 else None
                if owner is not None and owner.type != "person":
                    who = cast.full(owner.name, "organization")
                    draft.participants.append(
                        ({"role": "counterparty", "type": "organization", "name": who}, owner.head)
                    )
    elif draft.action in ("lawsuit", "settlement"):
        for _, node in chart.all("money"):
            draft.measures.append(({"metric": "amount", **node.value}, node.head))
            break
