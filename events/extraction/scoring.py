"""Scores predicted claims against labelled ones by the corpus' rules (see docs/extraction.md).

Predictions that are left over once claims are paired are paired with the document's optional claims and then
count for nothing; the rest is false.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from events.extraction.matching import (
    Document,
    GoldClaim,
    case_fields,
    fields_of,
    overlaps,
    pair,
    spans_exact,
)


@dataclass
class Tally:
    """Counts behind a precision, recall and F1."""

    right: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float:
        """Share of the counted predictions that are right (1.0 when there are none)."""
        return self.right / (self.right + self.false) if self.right + self.false else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold claims that were found (1.0 when there are none)."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def add(self, other: Tally) -> None:
        """Adds another tally's counts."""
        self.right += other.right
        self.missed += other.missed
        self.false += other.false


@dataclass
class Bin:
    """Predictions of about one confidence: how many, how many of them right, and their confidences' sum."""

    count: int = 0
    right: int = 0
    total: float = 0.0

    @property
    def mean(self) -> float:
        """Mean confidence."""
        return self.total / self.count


def bins(judged: Iterable[tuple[float, bool]]) -> dict[str, Bin]:
    """Predictions by tenths of their confidence, in order; tenths without any are left out."""
    found: dict[str, Bin] = {}
    for confidence, right in sorted(judged):
        low = min(round(confidence * 100) // 10, 9) / 10
        tenth = found.setdefault(f"{low:.1f}-{low + 0.1:.1f}", Bin())
        tenth.count += 1
        tenth.right += right
        tenth.total += confidence
    return found


def calibration_error(judged: Sequence[tuple[float, bool]]) -> float:
    """Expected calibration error over tenths (Naeini et al., 2015): how far confidence is from the share that is right,
    each tenth weighed by its predictions. 0 is best; 0 where nothing was predicted."""
    apart = (abs(tenth.right - tenth.total) for tenth in bins(judged).values())
    return sum(apart) / len(judged) if judged else 0.0


def brier(judged: Sequence[tuple[float, bool]]) -> float:
    """Brier score: the mean square of confidence less 1 for what is right, 0 for what is not. 0 is best."""
    return sum((confidence - right) ** 2 for confidence, right in judged) / len(judged) if judged else 0.0


@dataclass
class Mistake:
    """A miss, a false claim, a wrong field or a bad span, with the sentence it concerns."""

    document: str
    what: str
    claim: Mapping[str, Any]
    detail: str


@dataclass
class Report:
    """Everything that `manage.py evaluate` prints."""

    documents: int = 0
    empty_documents: int = 0
    false_in_empty: int = 0
    overall: Tally = field(default_factory=Tally)
    by_group: dict[str, Tally] = field(default_factory=dict)
    fields: dict[str, list[int]] = field(default_factory=dict)
    spans: list[int] = field(default_factory=lambda: [0, 0])
    overlaps: list[int] = field(default_factory=lambda: [0, 0])
    judged: list[tuple[float, bool]] = field(default_factory=list)
    """Of each counted prediction its confidence, and whether it is right."""
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def field_accuracy(self) -> float:
        """Right fields over all fields of matched claims."""
        right, total = (sum(counts[i] for counts in self.fields.values()) for i in (0, 1))
        return right / total if total else 1.0

    @property
    def reliability(self) -> dict[str, Bin]:
        """The counted predictions by tenths of confidence."""
        return bins(self.judged)

    def as_json(self) -> dict[str, Any]:
        """The report as plain JSON values."""
        groups = {"all": self.overall, **dict(sorted(self.by_group.items()))}
        return {
            "documents": self.documents,
            "documents_without_claims": self.empty_documents,
            "false_claims_in_them": self.false_in_empty,
            "scores": {name: _tally_json(tally) for name, tally in groups.items()},
            "field_accuracy": round(self.field_accuracy, 4),
            "fields": {name: {"right": r, "of": n} for name, (r, n) in sorted(self.fields.items())},
            "spans_exact": {"right": self.spans[0], "of": self.spans[1]},
            "evidence_overlaps": {"right": self.overlaps[0], "of": self.overlaps[1]},
            "reliability": {
                name: {"right": b.right, "of": b.count, "mean_confidence": round(b.mean, 4)}
                for name, b in self.reliability.items()
            },
            "expected_calibration_error": round(calibration_error(self.judged), 4),
            "brier_score": round(brier(self.judged), 4),
            "mistakes": [
                {"document": m.document, "what": m.what, "detail": m.detail, "claim": dict(m.claim)}
                for m in self.mistakes
            ],
        }


def _tally_json(tally: Tally) -> dict[str, float | int]:
    return {
        "precision": round(tally.precision, 4),
        "recall": round(tally.recall, 4),
        "f1": round(tally.f1, 4),
        "right": tally.right,
        "missed": tally.missed,
        "false": tally.false,
    }


def score(documents: Iterable[tuple[Document, Sequence[Mapping[str, Any]]]]) -> Report:
    """Scores each (labelled document, predicted claims) pair and adds everything up."""
    report = Report()
    for document, claims in documents:
        _score_document(report, document, claims)
    return report


def sort_out(
    document: Document, claims: Sequence[Mapping[str, Any]]
) -> tuple[list[tuple[int, int]], set[int], list[int]]:
    """(gold index, claim index) of the right claims; the claims that are neither right nor wrong; the false ones."""
    pairs = pair(document["claims"], claims)
    taken = {c for _, c in pairs}
    left = [i for i in range(len(claims)) if i not in taken]
    excused = {left[c] for _, c in pair(document.get("optional", []), [claims[i] for i in left])}
    return pairs, excused, [i for i in left if i not in excused]


def _score_document(report: Report, document: Document, claims: Sequence[Mapping[str, Any]]) -> None:
    gold, text, where = document["claims"], document["text"], str(document["id"])
    pairs, _, false = sort_out(document, claims)
    taken = {c for _, c in pairs}
    found = {g for g, _ in pairs}
    groups = (document["language"], group_of(document))
    report.documents += 1
    for g, claim in enumerate(gold):
        _count(report, groups, claim["kind"], Tally(right=int(g in found), missed=int(g not in found)))
        if g not in found:
            quotes = " | ".join(e["quote"] for e in claim["evidence"])
            report.mistakes.append(Mistake(where, "missed", claim, quotes))
    for c in false:
        _count(report, groups, claims[c]["kind"], Tally(false=1))
        report.mistakes.append(Mistake(where, "false", claims[c], sentence_of(text, claims[c])))
    if not gold:
        report.empty_documents += 1
        report.false_in_empty += len(false)
    for claim in claims:
        exact = spans_exact(text, claim)
        report.spans[0] += sum(exact)
        report.spans[1] += len(exact)
    for c in [*taken, *false]:
        report.judged.append((float(claims[c].get("confidence", 0)), c in taken))
    _score_fields(report, document, claims, pairs)


def _score_fields(
    report: Report, document: Document, claims: Sequence[Mapping[str, Any]], pairs: Sequence[tuple[int, int]]
) -> None:
    gold, text, where = document["claims"], document["text"], str(document["id"])
    names: Counter[str] = Counter()
    for g, c in pairs:
        for name, right in fields_of(gold[g], claims[c]):
            _field(report, name, right)
            if not right:
                names[name] += 1
                report.mistakes.append(
                    Mistake(where, f"field {name}", claims[c], str(_gold_value(gold[g], name)))
                )
        overlap = overlaps(text, gold[g], claims[c])
        report.overlaps[0] += overlap
        report.overlaps[1] += 1
        if not overlap:
            report.mistakes.append(
                Mistake(where, "evidence elsewhere", claims[c], gold[g]["evidence"][0]["quote"])
            )
    for right in case_fields(gold, claims, pairs):
        _field(report, "case", right)
        if not right:
            report.mistakes.append(Mistake(where, "field case", {}, "claims of one decision"))


def _gold_value(gold: GoldClaim, name: str) -> Any:
    if name.startswith("date:"):
        return gold["dates"]
    if name in ("title", "organization"):
        return gold["subject"].get(name)
    plural = {
        "penalty": "penalties",
        "measure": "measures",
        "issuer": "participants",
        "successor": "participants",
    }
    return gold.get(plural.get(name, name))


def _field(report: Report, name: str, right: bool) -> None:
    counts = report.fields.setdefault(name, [0, 0])
    counts[0] += right
    counts[1] += 1


def group_of(document: Document) -> str:
    """Which goal a document counts for: "8-K" by its source, else "news" and its language."""
    return "8-K" if str(document.get("source", "")).startswith("SEC 8-K") else f"news {document['language']}"


def _count(report: Report, groups: tuple[str, str], kind: str, tally: Tally) -> None:
    report.overall.add(tally)
    for name in dict.fromkeys((*groups, f"{groups[0]} {kind}", kind)):
        report.by_group.setdefault(name, Tally()).add(tally)


def sentence_of(text: str, claim: Mapping[str, Any]) -> str:
    """The words of the claim's first evidence span, with what stands around it up to line breaks (240 characters)."""
    if not claim.get("evidence"):
        return ""
    first = claim["evidence"][0]
    start = max(text.rfind("\n", 0, first["start"]) + 1, first["start"] - 80)
    end = text.find("\n", first["end"])
    return text[start : min(end if end >= 0 else len(text), first["end"] + 80)][:240]
