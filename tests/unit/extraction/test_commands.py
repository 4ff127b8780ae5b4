"""`manage.py extract` and `manage.py evaluate`, as a shell runs them, with no database to reach."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.unit.extraction.corpus import OWN, ROOT

NOWHERE = {"DATABASE_URL": "postgres://nobody:none@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}
ARTICLE = "Ada Quill resigned as chief executive of Marlow Foods on Friday."


def manage(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **NOWHERE},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_extract_writes_the_claims_of_a_text_as_a_json_array() -> None:
    result = manage("extract", "-", "--published", "2025-11-17", "--no-known-names", stdin=ARTICLE)
    claims = json.loads(result.stdout)
    assert result.returncode == 0
    assert [c["subject"]["name"] for c in claims] == ["Ada Quill"]
    assert claims[0]["dates"]["occurred"]["value"] == "2025-11-14"


def test_extract_reads_the_article_out_of_an_html_page(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    filler = (
        "The company makes biscuits in three plants and employs several hundred people in the north. " * 3
    )
    page.write_text(
        f"<html><body><nav>Menu</nav><article><h1>News</h1><p>{ARTICLE}</p><p>{filler}</p></article></body></html>"
    )
    result = manage("extract", str(page), "--no-known-names")
    assert [c["subject"]["name"] for c in json.loads(result.stdout)] == ["Ada Quill"]


def test_a_bad_line_is_named_and_the_other_lines_are_written_in_order() -> None:
    lines = [
        json.dumps(
            {"id": 1, "text": ARTICLE, "published": "2025-11-17", "language": "en", "source": "s", "more": 1}
        ),
        "not json",
        json.dumps({"id": 3, "text": 5}),
        json.dumps({"id": 4, "text": "远山科技聘任陈国伟为总经理。"}),
    ]
    result = manage("extract", "--jsonl", "-", "--no-known-names", stdin="\n".join(lines))
    written = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.returncode == 1
    assert [line["id"] for line in written] == [1, 4]
    assert [len(line["claims"]) for line in written] == [1, 1]
    assert "line 2" in result.stderr
    assert "line 3" in result.stderr


def test_a_date_that_is_none_is_refused_in_plain_words() -> None:
    result = manage("extract", "-", "--published", "yesterday", "--no-known-names", stdin=ARTICLE)
    assert result.returncode != 0
    assert "YYYY-MM-DD" in result.stderr


def test_evaluate_reports_scores_by_kind_and_language_without_a_database() -> None:
    result = manage("evaluate", str(OWN / "en.jsonl"), str(OWN / "zh.jsonl"), "--json")
    report = json.loads(result.stdout)
    assert result.returncode == 0
    assert {"all", "en", "zh", "leadership", "en discipline"} <= set(report["scores"])
    assert report["spans_exact"]["right"] == report["spans_exact"]["of"] > 0


def test_evaluate_lists_every_miss_with_its_sentence(tmp_path: Path) -> None:
    gold = {
        "id": "made",
        "language": "en",
        "published": "2025-01-06",
        "source": "",
        "text": "The weather was fine.",
        "claims": [
            {
                "kind": "leadership",
                "action": "departure",
                "subject": {"type": "person", "name": "Ada Quill"},
                "evidence": [{"quote": "The weather was fine"}],
            }
        ],
        "optional": [],
    }
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(gold) + "\n")
    result = manage("evaluate", str(path))
    assert "missed" in result.stdout
    assert "The weather was fine" in result.stdout
