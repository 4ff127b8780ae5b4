"""What nobody has looked at while writing rules: articles that are only scored, and the same facts in other words."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from events.extraction import extract
from events.extraction.matching import matches
from events.extraction.scoring import Report, score
from tests.unit.extraction.corpus import OWN, check, claims_of, documents

HELD = OWN / "held"
FACTS = [
    json.loads(line)
    for line in (OWN / "paraphrases" / "facts.jsonl").read_text(encoding="utf-8").splitlines()
]


def report_on(name: str) -> Report:
    return score((document, claims_of(document)) for document in documents(HELD / name))


@pytest.mark.parametrize(
    ("name", "f1"),
    [
        ("en.jsonl", 0.8),
        ("zh.jsonl", 0.77),
        ("8k.jsonl", 0.82),
    ],
)
def test_articles_that_were_never_read_are_read_at_least_this_well(name: str, f1: float) -> None:
    """No details in the message: whoever reads a failure must not learn what the articles say."""
    report = report_on(name)

    assert round(report.overall.f1, 3) >= f1
    assert report.spans[0] == report.spans[1]


@pytest.mark.parametrize("name", ["en.jsonl", "zh.jsonl", "8k.jsonl"])
def test_claims_of_unread_articles_keep_the_contract(name: str) -> None:
    for document in documents(HELD / name):
        check(document["text"], claims_of(document))


def told(fact: dict[str, Any], text: str) -> bool:
    """Whether extraction reads the fact in these words."""
    found = extract(text, published=date.fromisoformat(fact["published"]), language=fact["language"])
    return any(matches(fact["claim"], claim) for claim in found)


@pytest.mark.parametrize(("language", "share"), [("en", 0.9), ("zh", 0.9)])
def test_a_fact_is_read_in_other_words(language: str, share: float) -> None:
    """First sight of these was 0.76 and 0.78; rules were learned from them since (docs/extraction.md)."""
    tries = [(fact, text) for fact in FACTS if fact["language"] == language for text in fact["texts"]]

    missed = [f"{fact['id']}: {text}" for fact, text in tries if not told(fact, text)]

    assert len(tries) >= 100
    assert 1 - len(missed) / len(tries) >= share, "\n".join(missed)
