"""The model case: every fact of the article ends up in the record, right, and traceable to its words."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from events.feeds import polling
from events.intake import extract_document
from events.intake.demo import load_demo
from events.models.record import Event
from events.models.sources import Document
from events.record import ledger
from tracker.local.demo.curators import work_through

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = ROOT.parent / "shared" / "seed" / "article.txt"


@pytest.fixture
def record(db: None, settings: Settings) -> dict[tuple[str, str], dict[str, Any]]:
    """What is published of the article once two curators have worked through it, by action and subject."""
    if not ARTICLE.exists():
        pytest.skip(f"the model case's article is not there: {ARTICLE.name} beside the checkout")
    settings.HTTPS = False
    loaded = load_demo(ROOT / "fixtures" / "demo", accounts=True)
    published = datetime(2025, 11, 17, tzinfo=UTC)
    document, _ = polling.ingest_file(ARTICLE, published=published)
    extract_document(document.pk)
    first, second = loaded.curators[:2]
    work_through(first, second, lambda text: None)
    payloads = [event.head.payload for event in Event.objects.select_related("head") if event.head]
    return {(p["action"], p["subject"]["name"]): p for p in payloads}


def test_all_sixteen_facts_are_published_and_nothing_else(
    record: dict[tuple[str, str], dict[str, Any]],
) -> None:
    assert sorted(record) == sorted(
        [
            ("demotion", "Kang Ning"),
            ("demotion", "Shi Jilin"),
            ("demotion", "Zhang Ping'an"),
            ("demotion", "Zhang Yuxin"),
            ("allegation", "Pangu Pro MoE"),
            ("designation", "Huawei"),
            ("dissolution", "Model Customization and Delivery Team"),
            ("layoff", "Huawei Cloud"),
            ("market_share", "Huawei"),
            ("release", "openPangu-Ultra-MoE-718B-V1.1"),
            ("result", "Alibaba Cloud"),
            ("result", "Huawei Cloud"),
            ("result", "Volcano Engine"),
            ("review", "MetaX"),
            ("review", "Moore Threads"),
            ("target", "Volcano Engine"),
        ]
    )
    assert ledger.verify() == (16, None)


def test_the_chiefs_fall_is_three_steps_by_the_committee(
    record: dict[tuple[str, str], dict[str, Any]],
) -> None:
    fall = record["demotion", "Zhang Ping'an"]

    demoted, warned = fall["details"]["penalties"]
    assert (demoted["from"], demoted["to"], demoted["levels"], demoted["steps"]) == ("22A", "21A", 3, -3)
    assert (warned["type"], warned["degree"]) == ("warning", "severe")
    assert fall["details"]["issuer"]["name"] == "Huawei Disciplinary Committee"
    assert fall["dates"]["announced"] == {"value": "2025-10-18", "precision": "day"}
    assert (fall["severity"], fall["notes"]) == (3, [])


def test_the_four_of_one_decision_share_a_case(record: dict[tuple[str, str], dict[str, Any]]) -> None:
    cases = {
        record["demotion", name]["case"]
        for name in ("Zhang Ping'an", "Zhang Yuxin", "Shi Jilin", "Kang Ning")
    }

    assert len(cases) == 1
    assert None not in cases


def test_figures_are_in_units_with_their_period_and_change(
    record: dict[tuple[str, str], dict[str, Any]],
) -> None:
    [measure] = record["result", "Huawei Cloud"]["details"]["measures"]
    [alleged] = record["allegation", "Pangu Pro MoE"]["details"]["measures"]

    assert (measure["value"], measure["currency"], measure["period"], measure["change"]) == (
        38523000000,
        "CNY",
        "2024",
        0.085,
    )
    assert (alleged["metric"], alleged["value"], alleged["threshold"]) == ("similarity", 0.927, 0.7)
    assert record["allegation", "Pangu Pro MoE"]["assertion"] == "alleged"


def test_growth_and_the_gap_to_the_target_follow_from_the_figures_without_a_false_conflict(
    record: dict[tuple[str, str], dict[str, Any]],
) -> None:
    [target] = record["target", "Volcano Engine"]["details"]["measures"]
    [alleged] = record["allegation", "Pangu Pro MoE"]["details"]["measures"]
    reached = record["result", "Volcano Engine"]["event"]

    assert target["computed"] == {
        "change": 1.0833,
        "from": {"event": reached, "value": 12000000000, "period": "2024"},
        "gap": -13000000000,
        "gap_share": -0.52,
    }
    assert alleged["computed"] == {"gap": 0.227, "gap_share": 0.3243}
    assert [payload["notes"] for payload in record.values() if payload["notes"]] == []


def test_months_and_years_stay_months_and_years(record: dict[tuple[str, str], dict[str, Any]]) -> None:
    assert record["layoff", "Huawei Cloud"]["date"] == {"value": "2025-08-01", "precision": "month"}
    assert record["designation", "Huawei"]["date"] == {"value": "2019-01-01", "precision": "year"}


def test_every_published_field_points_at_its_words(record: dict[tuple[str, str], dict[str, Any]]) -> None:
    text = Document.objects.get().text

    for payload in record.values():
        assert payload["evidence"]
        for item in payload["evidence"]:
            assert text[item["start"] : item["end"]] == item["quote"]
