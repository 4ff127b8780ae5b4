"""Scores predicted claims against labelled ones by the corpus' rules (see docs/extraction.md).

Pure functions on JSON-like claims. A match needs the same kind, the same sort of action and the same subject;
pairing is one to one, for the most matches and then the most right fields; predictions that are left over are
paired with the document's optional claims and then count for nothing; the rest is false.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from events.extraction.assignment import assign

GoldClaim = Mapping[str, Any]
Document = Mapping[str, Any]

_HONORIFIC = re.compile(
    r"^(?:(?:mr|mrs|ms|miss|dr|prof|professor|sir|dame)\.?\s+)+|(?:先生|女士|小姐|博士|教授)$", re.IGNORECASE
)
_TRAILING_S = re.compile(r"['’]s$")
_NOT_WORD = re.compile(r"[\W_]+")
_SAME_STATUS = {"confirmed": "reported"}
_ANY_OF_THESE = ("occurred", "decided", "effective")
_DATE_LENGTH = {"day": 10, "month": 7, "year": 4}
_MATCH_WEIGHT = 1000


def normalize(name: str) -> str:
    """A name as scoring compares it: NFKC, case, punctuation, spaces, honorifics, "the" and 's left out."""
    text = unicodedata.normalize("NFKC", name).strip().casefold()
    text = _HONORIFIC.sub("", text).strip()
    text = _TRAILING_S.sub("", text)
    text = text.removeprefix("the ")
    return _NOT_WORD.sub("", text)


def sort_of_action(kind: str, action: str) -> str:
    """The sort within which two actions of a kind count as the same claim."""
    if kind == "leadership":
        return "departure" if action == "departure" else "arrival"
    if kind == "reorganization":
        return "layoff" if action == "layoff" else "unit"
    if kind == "performance":
        return action
    if (kind, action) in {("controversy", "denial"), ("sanction", "removal")}:
        return action
    return "any"


def names_of(party: Mapping[str, Any]) -> set[str]:
    """The normalized names that count as right for a gold party."""
    return {normalize(name) for name in [party["name"], *party.get("aliases", [])]}


def matches(gold: GoldClaim, claim: Mapping[str, Any]) -> bool:
    """Whether `claim` may be paired with `gold`."""
    kind = gold["kind"]
    if claim["kind"] != kind or sort_of_action(kind, claim["action"]) != sort_of_action(kind, gold["action"]):
        return False
    theirs, ours = gold["subject"], claim["subject"]
    if normalize(ours["name"]) in names_of(theirs):
        return True
    if theirs["type"] == ours["type"] == "group" and theirs.get("organization") and ours.get("organization"):
        return _contains(theirs["organization"], ours["organization"])
    return False


def _contains(gold: str, ours: str | None) -> bool:
    left, right = normalize(gold), normalize(ours or "")
    return bool(left and right) and (left in right or right in left)


def _same_date(gold: Mapping[str, str], ours: Mapping[str, str] | None) -> bool:
    if not ours:
        return False
    needed = _DATE_LENGTH[gold["precision"]]
    return _DATE_LENGTH[ours["precision"]] >= needed and ours["value"][:needed] == gold["value"][:needed]


def _date_right(role: str, gold: Mapping[str, str], dates: Mapping[str, Mapping[str, str]]) -> bool:
    roles = _ANY_OF_THESE if role in _ANY_OF_THESE else (role,)
    return any(_same_date(gold, dates.get(other)) for other in roles)


def _penalty_right(gold: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    if gold["type"] != ours["type"]:
        return False
    for key in ("from", "to", "degree"):
        if key in gold and normalize(str(gold[key])) != normalize(str(ours.get(key, ""))):
            return False
    if "levels" in gold and gold["levels"] != ours.get("levels"):
        return False
    return "amount" not in gold or _close(gold["amount"], ours.get("amount"))


def _close(gold: float, ours: float | None) -> bool:
    return ours is not None and abs(gold - ours) <= 0.005 * abs(gold)


def _measure_right(gold: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    if gold["metric"] != ours["metric"] or not _close(gold["value"], ours.get("value")):
        return False
    if any(key in gold and not _close(gold[key], ours.get(key)) for key in ("change", "threshold")):
        return False
    return all(key not in gold or gold[key] == ours.get(key) for key in ("currency", "period"))


def _take(gold: Mapping[str, Any], pool: list[Any], right: Any) -> bool:
    for index, candidate in enumerate(pool):
        if right(gold, candidate):
            del pool[index]
            return True
    return False


def _party_right(gold: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    return normalize(ours["name"]) in names_of(gold)


def _listed_fields(gold: GoldClaim, claim: Mapping[str, Any]) -> Iterable[tuple[str, bool]]:
    penalties = list(claim.get("penalties", []))
    for penalty in gold.get("penalties", []):
        yield "penalty", _take(penalty, penalties, _penalty_right)
    if "penalties" in gold and len(claim.get("penalties", [])) > len(gold["penalties"]):
        yield "penalty", False
    measures = list(claim.get("measures", []))
    for measure in gold.get("measures", []):
        yield "measure", _take(measure, measures, _measure_right)
    for role in ("issuer", "successor"):
        pool = [party for party in claim.get("participants", []) if party["role"] == role]
        for party in gold.get("participants", []):
            if party["role"] == role:
                yield role, _take(party, pool, _party_right)


def _headcount_right(gold: Mapping[str, Any], ours: Mapping[str, Any] | None) -> bool:
    if not ours:
        return False
    if "min" in gold or "max" in gold:
        return all(gold.get(key) == ours.get(key) for key in ("min", "max") if key in gold)
    return _contains(gold.get("text", ""), ours.get("text"))


def fields_of(gold: GoldClaim, claim: Mapping[str, Any]) -> list[tuple[str, bool]]:
    """(field, right?) for each field that the gold claim has; `case` is judged by `case_fields`."""
    subject, ours = gold["subject"], claim["subject"]
    found = [("action", gold["action"] == claim["action"])]
    found += [
        (key, _contains(subject[key], ours.get(key))) for key in ("title", "organization") if key in subject
    ]
    dates = claim.get("dates", {})
    found += [
        (f"date:{role}", _date_right(role, value, dates)) for role, value in gold.get("dates", {}).items()
    ]
    if "departure" in gold:
        found.append(("departure", gold["departure"] == claim.get("departure")))
    if "interim" in gold or claim.get("interim"):
        found.append(("interim", bool(gold.get("interim")) == bool(claim.get("interim"))))
    found += _listed_fields(gold, claim)
    if "headcount" in gold:
        found.append(("headcount", _headcount_right(gold["headcount"], claim.get("headcount"))))
    if "status" in gold:
        status = claim.get("status", "reported")
        found.append(
            ("status", _SAME_STATUS.get(gold["status"], gold["status"]) == _SAME_STATUS.get(status, status))
        )
    return found


def pair(gold: Sequence[GoldClaim], claims: Sequence[Mapping[str, Any]]) -> list[tuple[int, int]]:
    """(gold index, claim index) pairs: the most matches, then the most right fields."""
    weights = [
        [_MATCH_WEIGHT + sum(right for _, right in fields_of(g, c)) if matches(g, c) else 0 for c in claims]
        for g in gold
    ]
    return assign(weights)


def case_fields(
    gold: Sequence[GoldClaim], claims: Sequence[Mapping[str, Any]], pairs: Sequence[tuple[int, int]]
) -> list[bool]:
    """For each matched gold claim with a case: do exactly the same matched claims share the predicted one?"""
    results = []
    for index, (g, c) in enumerate(pairs):
        case = gold[g].get("case")
        if case is None:
            continue
        wanted = {i for i, (other, _) in enumerate(pairs) if gold[other].get("case") == case}
        ours = claims[c].get("case")
        got = {
            i for i, (_, other) in enumerate(pairs) if ours is not None and claims[other].get("case") == ours
        }
        results.append(wanted == (got | {index}))
    return results


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
    reliability: dict[str, list[int]] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def field_accuracy(self) -> float:
        """Right fields over all fields of matched claims."""
        right, total = (sum(counts[i] for counts in self.fields.values()) for i in (0, 1))
        return right / total if total else 1.0

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
            "reliability": {name: {"right": r, "of": n} for name, (r, n) in sorted(self.reliability.items())},
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


def spans_exact(text: str, claim: Mapping[str, Any]) -> list[bool]:
    """For each evidence span of a claim: does it say exactly what stands there, in at most 400 characters?"""
    return [
        0 <= e["start"] < e["end"] <= len(text)
        and text[e["start"] : e["end"]] == e["quote"]
        and len(e["quote"]) <= 400
        for e in claim["evidence"]
    ]


def overlaps(text: str, gold: GoldClaim, claim: Mapping[str, Any]) -> bool:
    """Whether one of the claim's spans overlaps one of the gold's quotes."""
    for evidence in gold["evidence"]:
        start = text.find(evidence["quote"])
        while start >= 0:
            end = start + len(evidence["quote"])
            if any(e["start"] < end and start < e["end"] for e in claim["evidence"]):
                return True
            start = text.find(evidence["quote"], start + 1)
    return False


def score(documents: Iterable[tuple[Document, Sequence[Mapping[str, Any]]]]) -> Report:
    """Scores each (labelled document, predicted claims) pair and adds everything up."""
    report = Report()
    for document, claims in documents:
        _score_document(report, document, claims)
    return report


def _score_document(report: Report, document: Document, claims: Sequence[Mapping[str, Any]]) -> None:
    gold, text, where = document["claims"], document["text"], str(document["id"])
    pairs = pair(gold, claims)
    taken = {c for _, c in pairs}
    left = [i for i in range(len(claims)) if i not in taken]
    excused = {left[c] for _, c in pair(document.get("optional", []), [claims[i] for i in left])}
    false = [i for i in left if i not in excused]
    found = {g for g, _ in pairs}
    language = document["language"]
    report.documents += 1
    for g, claim in enumerate(gold):
        _count(report, language, claim["kind"], Tally(right=int(g in found), missed=int(g not in found)))
        if g not in found:
            quotes = " | ".join(e["quote"] for e in claim["evidence"])
            report.mistakes.append(Mistake(where, "missed", claim, quotes))
    for c in false:
        _count(report, language, claims[c]["kind"], Tally(false=1))
        report.mistakes.append(Mistake(where, "false", claims[c], sentence_of(text, claims[c])))
    if not gold:
        report.empty_documents += 1
        report.false_in_empty += len(false)
    for claim in claims:
        exact = spans_exact(text, claim)
        report.spans[0] += sum(exact)
        report.spans[1] += len(exact)
    for c in [*taken, *false]:
        _bucket(report, claims[c], c in taken)
    _score_fields(report, document, claims, pairs)


def _bucket(report: Report, claim: Mapping[str, Any], right: bool) -> None:
    low = min(int(claim.get("confidence", 0) * 10), 9) / 10
    counts = report.reliability.setdefault(f"{low:.1f}-{low + 0.1:.1f}", [0, 0])
    counts[0] += right
    counts[1] += 1


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


def _count(report: Report, language: str, kind: str, tally: Tally) -> None:
    report.overall.add(tally)
    for group in (language, f"{language} {kind}", kind):
        report.by_group.setdefault(group, Tally()).add(tally)


def sentence_of(text: str, claim: Mapping[str, Any]) -> str:
    """The words of the claim's first evidence span, with what stands around it up to line breaks (240 characters)."""
    if not claim.get("evidence"):
        return ""
    first = claim["evidence"][0]
    start = max(text.rfind("\n", 0, first["start"]) + 1, first["start"] - 80)
    end = text.find("\n", first["end"])
    return text[start : min(end if end >= 0 else len(text), first["end"] + 80)][:240]
