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


def test_evaluate_tells_each_goal_and_whether_it_is_reached(tmp_path: Path) -> None:
    told = {"text": ARTICLE, "published": "2025-11-17", "language": "en", "source": "", "optional": []}
    right = {
        "kind": "leadership",
        "action": "departure",
        "subject": {"type": "person", "name": "Ada Quill"},
        "evidence": [{"quote": "resigned"}],
    }
    one, other = tmp_path / "one.jsonl", tmp_path / "other.jsonl"
    one.write_text(json.dumps({"id": "right", "claims": [right], **told}) + "\n")
    other.write_text(json.dumps({"id": "wrong", "claims": [], **told}) + "\n")

    lines = manage("evaluate", str(one), str(other)).stdout.splitlines()
    report = json.loads(manage("evaluate", str(one), str(other), "--json").stdout)

    [english] = [line for line in lines if line.startswith("F1, news en")]
    [wrong] = [line for line in lines if line.startswith("wrong claims per document without claims")]
    [chinese] = [line for line in lines if line.startswith("F1, news zh")]
    assert english.endswith("0.667      1  NO")
    assert wrong.endswith("1.000      1  NO")
    assert chinese.endswith("nothing to measure")
    assert any(
        line.startswith("false ") and "wrong: leadership/departure Ada Quill" in line for line in lines
    )
    reached = {goal["name"]: goal["reached"] for goal in report["goals"]}
    assert (reached["F1, news en"], reached["spans exact"], reached["F1, 8-K"]) == (False, True, None)
    assert report["brier_score"] > 0


def test_evaluate_names_a_line_that_is_no_labelled_article(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text('\n{"id": 1}\n')

    result = manage("evaluate", str(path))

    assert result.returncode != 0
    assert "gold.jsonl:2: not a labelled article" in result.stderr
