"""Extraction against labelled articles: the seed article, the shared corpus and our own."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from events.extraction.scoring import Report, score
from tests.unit.extraction.corpus import OWN, check, claims_of, documents, shared_corpus


def report_on(path: Path) -> Report:
    return score((document, claims_of(document)) for document in documents(path))


def mistakes(report: Report) -> str:
    return "\n".join(f"{m.what} {m.document}: {m.detail}" for m in report.mistakes)


def test_the_seed_article_gives_every_gold_claim_with_every_field_and_nothing_wrong() -> None:
    report = report_on(shared_corpus("seed.jsonl"))
    assert report.overall.missed == 0, mistakes(report)
    assert report.overall.false == 0, mistakes(report)
    assert report.field_accuracy == 1.0, mistakes(report)


@pytest.mark.parametrize("name", ["seed.jsonl", "articles.jsonl", "sec_8k.jsonl"])
def test_shared_corpus_claims_keep_the_contract(name: str) -> None:
    for document in documents(shared_corpus(name)):
        check(document["text"], claims_of(document))


@pytest.mark.parametrize(
    ("name", "f1", "fields"), [("articles.jsonl", 0.9, 0.92), ("sec_8k.jsonl", 0.9, 0.92)]
)
def test_the_shared_corpus_is_read_at_least_this_well(name: str, f1: float, fields: float) -> None:
    report = report_on(shared_corpus(name))
    assert report.overall.f1 >= f1, mistakes(report)
    assert report.field_accuracy >= fields, mistakes(report)
    assert report.false_in_empty * 10 <= report.empty_documents, mistakes(report)


@pytest.mark.parametrize("name", ["en.jsonl", "zh.jsonl"])
def test_our_own_articles_are_read_at_least_this_well(name: str) -> None:
    report = report_on(OWN / name)
    assert report.overall.f1 >= 0.9, mistakes(report)
    assert report.field_accuracy >= 0.9, mistakes(report)
    assert report.false_in_empty == 0, mistakes(report)
    assert report.spans[0] == report.spans[1]


@pytest.mark.parametrize("name", ["en.jsonl", "zh.jsonl"])
def test_our_own_claims_keep_the_contract(name: str) -> None:
    for document in documents(OWN / name):
        check(document["text"], claims_of(document))


GIVEN = ["Edda", "Ruben", "Salome", "Ivo", "Tamsin", "Wilfred", "Oksana", "Hector", "Brigid", "Anselm"]
FAMILY = [
    "Varga",
    "Nyberg",
    "Costello",
    "Ibarra",
    "Thackeray",
    "Lindgren",
    "Moravec",
    "Osei",
    "Pellegrin",
    "Quayle",
]


def replaced(value: Any, pairs: list[tuple[str, str]]) -> Any:
    """The value with each word of a pair's first side replaced, in every string of it."""
    if isinstance(value, str):
        for old, new in pairs:
            value = re.sub(rf"\b{re.escape(old)}\b", new, value)
        return value
    if isinstance(value, list):
        return [replaced(item, pairs) for item in value]
    if isinstance(value, dict):
        return {key: replaced(item, pairs) for key, item in value.items()}
    return value


def renamed(document: dict[str, Any], seed: int) -> dict[str, Any]:
    """The document with each person of two words under another name, in text and labels alike."""
    claims = [*document["claims"], *document["optional"]]
    people = {c["subject"]["name"] for c in claims if c["subject"]["type"] == "person"}
    names = sorted(name for name in people if re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", name))
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice of names
    given, family = chance.sample(GIVEN, len(GIVEN)), chance.sample(FAMILY, len(FAMILY))
    pairs = []
    for name, first, last in zip(names, given, family, strict=False):
        old_first, old_last = name.split()
        pairs += [(name, f"{first} {last}"), (old_last, last), (old_first, first)]
    result: dict[str, Any] = replaced(document, pairs)
    return result


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_names_of_people_give_the_same_claims(seed: int) -> None:
    before = report_on(OWN / "en.jsonl")
    after = score((d, claims_of(d)) for d in (renamed(d, seed) for d in documents(OWN / "en.jsonl")))
    assert after.overall.f1 >= before.overall.f1 - 0.02, mistakes(after)


@pytest.mark.parametrize("seed", [1, 2])
def test_other_names_of_people_in_the_shared_articles_cost_at_most_two_points(seed: int) -> None:
    english = [d for d in documents(shared_corpus("articles.jsonl")) if d["language"] == "en"]
    before = score((d, claims_of(d)) for d in english)
    after = score((d, claims_of(d)) for d in (renamed(d, seed) for d in english))
    assert after.overall.f1 >= before.overall.f1 - 0.02, mistakes(after)
