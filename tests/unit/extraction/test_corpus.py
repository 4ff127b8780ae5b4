"""Extraction against labelled articles: the seed article, the shared corpus and our own."""

from __future__ import annotations

from pathlib import Path

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


@pytest.mark.parametrize("name", ["en.jsonl", "zh.jsonl", "8k-dev.jsonl"])
def test_our_own_articles_are_read_at_least_this_well(name: str) -> None:
    report = report_on(OWN / name)
    assert report.overall.f1 >= 0.9, mistakes(report)
    assert report.field_accuracy >= 0.9, mistakes(report)
    assert report.false_in_empty == 0, mistakes(report)
    assert report.spans[0] == report.spans[1]


def test_chinese_articles_by_another_hand_are_read_at_least_this_well() -> None:
    report = report_on(OWN / "zh-dev.jsonl")
    assert report.overall.f1 >= 0.77, mistakes(report)
    assert report.field_accuracy >= 0.79, mistakes(report)
    assert report.false_in_empty == 0, mistakes(report)
    assert report.spans[0] == report.spans[1]


@pytest.mark.parametrize("name", ["en.jsonl", "zh.jsonl", "zh-dev.jsonl", "8k-dev.jsonl"])
def test_our_own_claims_keep_the_contract(name: str) -> None:
    for document in documents(OWN / name):
        check(document["text"], claims_of(document))
