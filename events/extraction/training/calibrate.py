"""Fits confidence to labelled articles:

    python -m events.extraction.training.calibrate --date 2025-11-17 --data "what they are" FILE.jsonl=WEIGHT ...

Articles that rules were written with are read too well to tell how sure a claim of a new article is: give those a smaller
weight, and 1 to those that extraction had not seen. How much better the former are read, the fit learns as a feature
of its own, which is left out of what it says of new articles; they tell only what makes one claim surer than another. The
fit is checked on articles of full weight, by documents that it did not see (ten parts), and written to
events/extraction/confidence.json. The same files give the same fit.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from events.extraction import drafts
from events.extraction.assembly import claim, settle
from events.extraction.confidence import PATH, Fit, Surroundings, features
from events.extraction.scoring import brier, calibration_error, sort_out
from events.extraction.training.logistic import Example, fit, log_loss

JSON = dict[str, Any]
RIDGES = (1.0, 2.0, 4.0, 8.0, 16.0)
PARTS = 10
ROUNDS = 3
"""Ways of parting the documents: with one alone, chance chooses the ridge."""
DIGITS = 4


def examples_of(document: JSON, weight: float) -> Iterator[Example]:
    """The claims that extraction reads in a labelled article, those left out that are neither right nor wrong."""
    text = document["text"]
    published = date.fromisoformat(document["published"]) if document.get("published") else None
    read = settle(
        drafts(text, published=published, language=document["language"], source=document.get("source", ""))
    )
    around = Surroundings(text, read)
    claims = [claim(text, draft, around) for draft in read]
    pairs, excused, _ = sort_out(document, claims)
    right = {index for _, index in pairs}
    for index, draft in enumerate(read):
        if index not in excused:
            yield Example(features(text, draft, around), index in right, weight, str(document["id"]))


def train(examples: Sequence[Example]) -> JSON:
    """The best fit, as confidence.json holds it, with what it is worth on documents that it did not see.

    Raises ValueError without claims of both sorts.
    """
    examples = _told_apart(examples)
    ridge = min(RIDGES, key=lambda ridge: (log_loss(unseen(examples, ridge)), ridge))
    intercept, weights = fit(examples, ridge)
    checked = unseen(examples, ridge)
    share = sum(right for _, right in checked) / len(checked)
    return {
        "claims": len(examples),
        "ridge": ridge,
        "checked": {
            "claims": len(checked) // ROUNDS,
            "right": round(share, DIGITS),
            "expected_calibration_error": round(calibration_error(checked), DIGITS),
            "brier_score": round(brier(checked), DIGITS),
            "brier_score_of_the_mean": round(brier([(share, right) for _, right in checked]), DIGITS),
        },
        "intercept": round(intercept, DIGITS),
        "weights": {
            name: round(weight, DIGITS)
            for name, weight in sorted(weights.items())
            if not name.startswith(_LESSER)
        },
    }


_LESSER = "weight "


def _told_apart(examples: Sequence[Example]) -> list[Example]:
    """The examples, those of less than full weight with a feature that says so."""
    full = max((example.weight for example in examples), default=1.0)
    return [
        example
        if example.weight == full
        else replace(example, features={**example.features, f"{_LESSER}{example.weight:g}": 1.0})
        for example in examples
    ]


def unseen(examples: Sequence[Example], ridge: float) -> list[tuple[float, bool]]:
    """(confidence, right?) of each claim of full weight, once in each round, by a fit without the tenth of the documents
    that its own is in."""
    full = max(example.weight for example in examples)
    found: list[tuple[float, bool]] = []
    for round_, part in itertools.product(range(ROUNDS), range(PARTS)):
        asked = [e for e in examples if _part(e, round_) == part and e.weight == full]
        if asked:
            model = Fit(*fit([e for e in examples if _part(e, round_) != part], ridge))
            found += [(model.confidence(e.features), e.right) for e in asked]
    return found


def _part(example: Example, round_: int) -> int:
    return zlib.crc32(f"{round_} {example.document}".encode()) % PARTS


def _documents(arguments: Iterable[str]) -> Iterator[tuple[JSON, float]]:
    for argument in arguments:
        name, _, weight = argument.rpartition("=")
        for line in Path(name).read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield json.loads(line), float(weight)


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command; gives its exit status."""
    parser = argparse.ArgumentParser(description="Fits confidence to labelled articles.")
    parser.add_argument("files", nargs="+", metavar="FILE.jsonl=WEIGHT")
    parser.add_argument("--date", required=True, help="the day of the fit, as it is told in the file")
    parser.add_argument("--data", required=True, help="what the articles are, in words")
    parser.add_argument("--out", type=Path, default=PATH)
    options = parser.parse_args(arguments)
    examples = [e for document, weight in _documents(options.files) for e in examples_of(document, weight)]
    told = {"fitted": options.date, "data": options.data, **train(examples)}
    options.out.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({"claims": told["claims"], "ridge": told["ridge"], **told["checked"]}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
