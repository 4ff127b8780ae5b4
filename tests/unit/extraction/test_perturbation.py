"""What is read comes from how a text speaks: other people, companies, figures and dates give the same claims."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from events.extraction.scoring import Report, score
from tests.unit.extraction.corpus import OWN, claims_of, documents, shared_corpus
from tests.unit.extraction.perturb import perturbed

MAY_FALL = 0.02
SEEDS = (1, 2, 3)
SETS = [
    ("shared", "articles.jsonl", "en"),
    ("shared", "articles.jsonl", "zh"),
    ("shared", "sec_8k.jsonl", "en"),
    ("shared", "seed.jsonl", "en"),
    *(("own", path.name, "") for path in sorted(OWN.glob("*.jsonl"))),
]


def labelled(where: str, name: str, language: str) -> list[dict[str, Any]]:
    path: Path = shared_corpus(name) if where == "shared" else OWN / name
    return [d for d in documents(path) if not language or d["language"] == language]


@lru_cache
def as_written(where: str, name: str, language: str) -> Report:
    return score((d, claims_of(d)) for d in labelled(where, name, language))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("where", "name", "language"), SETS)
def test_the_same_articles_about_others_are_read_as_well(
    where: str, name: str, language: str, seed: int
) -> None:
    others = [perturbed(d, seed) for d in labelled(where, name, language)]

    after = score((d, claims_of(d)) for d in others)

    lost = "\n".join(f"{m.what} {m.document}: {m.detail}" for m in after.mistakes)
    assert after.overall.f1 >= as_written(where, name, language).overall.f1 - MAY_FALL, lost


@pytest.mark.parametrize(("where", "name", "language"), SETS)
def test_the_perturbation_changes_articles_and_labels_alike(where: str, name: str, language: str) -> None:
    for document in labelled(where, name, language):
        other = perturbed(document, 1)
        assert perturbed(document, 1) == other
        for claim in [*other["claims"], *other["optional"]]:
            assert all(item["quote"] in other["text"] for item in claim["evidence"]), document["id"]
        assert other["published"] != document["published"]
        if document["claims"]:
            assert other["text"] != document["text"]
