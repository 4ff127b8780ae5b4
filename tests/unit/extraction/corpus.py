"""Where the labelled articles are, and the rules that every claim keeps."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from events.choices import ACTIONS, Kind
from events.extraction import Claim, extract
from events.extraction.matching import spans_exact

ROOT = Path(__file__).resolve().parents[3]
OWN = ROOT / "fixtures" / "corpus"
SHARED = ROOT.parent / "shared"


def shared_corpus(name: str) -> Path:
    """A file of the shared corpus; the test is skipped where the corpus is not beside the checkout."""
    path = SHARED / "corpus" / name
    if not path.exists():
        pytest.skip(f"the labelled corpus is not beside this checkout: {path.name}")
    return path


def documents(path: Path) -> list[dict[str, Any]]:
    """The labelled articles of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def claims_of(document: dict[str, Any]) -> list[Claim]:
    """What extraction reads in a labelled article."""
    return extract(
        document["text"],
        published=date.fromisoformat(document["published"]),
        language=document["language"],
        source=document["source"],
    )


@lru_cache(maxsize=1)
def _validator() -> jsonschema.Draft202012Validator:
    schema = ROOT / "events" / "curation" / "claim.schema.json"
    return jsonschema.Draft202012Validator(json.loads(schema.read_text(encoding="utf-8")))


def check(text: str, claims: Sequence[Claim]) -> None:
    """Asserts the contract of claims: closed vocabularies, exact spans, evidence for the whole claim, the schema."""
    for claim in claims:
        assert claim["action"] in ACTIONS[Kind(claim["kind"])]
        assert claim["subject"]["name"].strip()
        assert 0 <= claim["confidence"] <= 1
        assert claim["evidence"]
        assert any(item["field"] == "" for item in claim["evidence"])
        assert all(spans_exact(text, claim)), claim["evidence"]
        _validator().validate(json.loads(json.dumps(claim)))
