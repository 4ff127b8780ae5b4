"""The goals that extraction is held to, and how an evaluation stands to each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from events.extraction.scoring import Report, Tally

F1_OF_GROUP = {"news en": 0.88, "news zh": 0.85, "8-K": 0.90}
F1_OF_KIND = 0.75
FIELD_ACCURACY = 0.92
SPANS_EXACT = 1.0
FALSE_IN_EMPTY = 0.1
"""Wrong claims per document that has no claims, at most."""
KINDS = (
    "leadership", "discipline", "reorganization", "controversy", "product", "performance", "listing", "sanction",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and its bound: at least `bound`, or at most where `is_most`; `value` is None where nothing was there
    to measure, `of` how many claims, fields, spans or documents it was measured on."""

    name: str
    bound: float
    value: float | None
    of: int
    is_most: bool = False

    @property
    def is_reached(self) -> bool | None:
        """Whether the figure keeps the bound; None where there is no figure."""
        if self.value is None:
            return None
        return self.value <= self.bound if self.is_most else self.value >= self.bound


def goals(report: Report) -> Iterator[Goal]:
    """Every goal, in the order in which they are told."""
    for name, bound in F1_OF_GROUP.items():
        yield _f1(f"F1, {name}", bound, report.by_group.get(name))
    for kind in KINDS:
        yield _f1(f"F1, {kind}", F1_OF_KIND, report.by_group.get(kind))
    fields = sum(total for _, total in report.fields.values())
    yield Goal("field accuracy", FIELD_ACCURACY, report.field_accuracy if fields else None, fields)
    right, spans = report.spans
    yield Goal("spans exact", SPANS_EXACT, right / spans if spans else None, spans)
    empty = report.empty_documents
    share = report.false_in_empty / empty if empty else None
    yield Goal("wrong claims per document without claims", FALSE_IN_EMPTY, share, empty, is_most=True)


def _f1(name: str, bound: float, tally: Tally | None) -> Goal:
    claims = tally.right + tally.missed if tally else 0
    return Goal(name, bound, tally.f1 if tally and claims else None, claims)
