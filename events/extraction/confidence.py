"""How sure a claim is: the share of such claims that is right, after a logistic regression on what extraction saw.

The coefficients stand in confidence.json, with the day and the data of the fit (events/extraction/training). Without
that file a prior by kind takes their place.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from events.extraction.lexicon import lines, words
from events.extraction.model import Draft
from events.extraction.script import simplified

PATH = Path(__file__).with_name("confidence.json")
LEAST, MOST = 0.02, 0.98
"""No claim is surer or less sure than the labelled articles can tell."""
_HAN = re.compile(r"[\u4e00-\u9fff]")
_FILING = re.compile(r"\s*item\s+\d{1,2}\.\d\d", re.IGNORECASE)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d,])")
_JOINED = re.compile(r"\band\b|[,、;和与與及]")
_LOOKED_AT = 20_000
"""Code points of a text in which a name is counted: more would make the time grow with the square of the length."""


class Surroundings:
    """What else a document claims: a claim among others of its sentence or its subject is less sure."""

    def __init__(self, text: str, drafts: Iterable[Draft]) -> None:
        self.newest_year = max(map(int, _YEAR.findall(text, 0, _LOOKED_AT)), default=0)
        self.subjects: Counter[str] = Counter()
        self.sentences: Counter[int] = Counter()
        self.kinds: dict[int, set[str]] = defaultdict(set)
        for draft in drafts:
            self.subjects[draft.subject["name"]] += 1
            self.sentences[draft.sentence] += 1
            self.kinds[draft.sentence].add(draft.kind)


def confidence(text: str, draft: Draft, around: Surroundings) -> float:
    """How sure a claim is, in 0..1, among the others of its document."""
    fit = fitted()
    if fit is None:
        return prior(draft)
    return fit.confidence(features(text, draft, around))


def features(text: str, draft: Draft, around: Surroundings) -> dict[str, float]:
    """What speaks for and against a claim, each in 0..1; what is left out is 0.

    Few and plain ones, because the labelled articles are few: each must hold for texts of any sort.
    """
    name, node = draft.subject["name"], draft.subject_node
    chinese = bool(_HAN.search(name))
    length = len(name) if chinese else len(name.split())
    start, end = draft.spans.get("/subject/name", draft.span)
    yes = {
        f"kind {draft.kind}": True,
        "chinese": chinese,
        "filing": bool(_FILING.match(text)),
        "predicate": draft.found_by == "predicate",
        "title": bool(draft.subject.get("title")),
        "participants": bool(draft.participants),
        "typed": node is not None and node.type in ("person", "organization", "unit", "product"),
        "short name": length < (3 if chinese else 2),
        "long name": length > (10 if chinese else 5),
        "lower case": name[:1].islower(),
        "joined name": bool(_JOINED.search(name)),
        "cut name": start > 0 and not chinese and (text[start - 1].isalnum() or text[start - 1] == "-"),
        "unmarked organization": draft.subject["type"] == "organization"
        and not _is_marked(name, chinese=chinese),
        "starts statement": start - draft.span[0] <= 2,
        "several in sentence": around.sentences[draft.sentence] > 1,
        "several kinds in sentence": len(around.kinds[draft.sentence]) > 1,
        "subject of several": around.subjects[name] > 1,
        "name elsewhere": not (draft.span[0] <= start and end <= draft.span[1]),
        "past year": _is_past(text, draft, around),
    }
    found = {name: 1.0 for name, is_so in yes.items() if is_so}
    found["told again"] = min(len(draft.extra_spans), 5) / 5
    found["named"] = _log(text.count(name, 0, _LOOKED_AT), 10)
    return found


def _is_marked(name: str, *, chinese: bool) -> bool:
    """Whether an organization's name says that it is one: 有限公司, Group, Bank ..."""
    if chinese:
        return simplified(name).endswith(_suffixes())
    heads = words("en", "org_heads")
    return any(word.strip(".,") in heads for word in name.split())


@cache
def _suffixes() -> tuple[str, ...]:
    return (*lines("zh", "org_suffixes"), *lines("zh", "unit_suffixes"))


def _is_past(text: str, draft: Draft, around: Surroundings) -> bool:
    """Whether the statement tells of a year that lies well before the newest that its text begins with."""
    years = [int(year) for year in _YEAR.findall(text, draft.span[0], draft.span[1])]
    return bool(years) and min(years) < around.newest_year - 1


def _log(value: int, most: int) -> float:
    return math.log1p(min(max(value, 0), most)) / math.log1p(most)


@dataclass(frozen=True, slots=True)
class Fit:
    """A logistic regression: the log odds that a claim is right are `intercept` and the features by their weights."""

    intercept: float
    weights: Mapping[str, float]

    def confidence(self, seen: Mapping[str, float]) -> float:
        """How sure a claim with these features is, to the hundredth."""
        odds = self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in seen.items())
        share = 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0)))
        return round(min(max(share, LEAST), MOST), 2)


def load(path: Path) -> Fit | None:
    """The fit of a file that training wrote; None where there is none, or nothing that is one."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        fit = Fit(float(told["intercept"]), {str(name): float(w) for name, w in told["weights"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return fit if all(map(math.isfinite, [fit.intercept, *fit.weights.values()])) else None


@cache
def fitted() -> Fit | None:
    """The fit in use."""
    return load(PATH)


_SURE = {
    "leadership": 0.92, "discipline": 0.92, "sanction": 0.92, "listing": 0.88, "performance": 0.88,
    "reorganization": 0.84, "product": 0.8, "controversy": 0.75,
}  # fmt: skip
"""Prior of each kind: about the precision on articles that were labelled before extraction saw them."""


def prior(draft: Draft) -> float:
    """The kind's prior, less where the claim names no date, post, organization or figure."""
    value = _SURE[draft.kind]
    if draft.kind == "performance" and not any("period" in measure for measure, _ in draft.measures):
        value -= 0.15
    told = [
        draft.dates,
        draft.subject.get("title"),
        draft.subject.get("organization"),
        draft.measures,
        draft.participants,
    ]
    if not any(told):
        value -= 0.2
    return round(value, 2)
