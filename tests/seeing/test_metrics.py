"""Figures of a real run: they count what happened, and every name that dashboard and alerts use is one of them."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from tests.seeing.world import METRICS_TOKEN, World, wait_for
from tracker.local.paths import CHECKOUT
from tracker.seeing import figures
from tracker.seeing.figures import FIGURES, Figure

DASHBOARD = CHECKOUT / "deploy" / "grafana" / "dashboard.json"
ALERTS = CHECKOUT / "deploy" / "prometheus" / "alerts.yml"
PROMETHEUS = CHECKOUT / "deploy" / "prometheus" / "prometheus.yml"
NAME = re.compile(r"\btracker_[a-z_]+")


def expressions(value: Any) -> list[str]:
    """Every `expr` in a dashboard or a file of rules."""
    if isinstance(value, dict):
        found = [held for key, held in value.items() if key == "expr"]
        return found + [one for held in value.values() for one in expressions(held)]
    if isinstance(value, list):
        return [one for held in value for one in expressions(held)]
    return []


def requests(figures: dict[str, float], route: str, status: str = "2xx") -> float:
    """How many GETs of a route are counted."""
    return figures.get(
        f'tracker_http_request_duration_seconds_count{{method="GET",route="{route}",status="{status}"}}', 0.0
    )


@pytest.mark.services
def test_every_name_of_dashboard_and_alerts_is_a_figure_of_a_real_run(news: World) -> None:
    text = news.get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}").text
    told = {sample.name for family in text_string_to_metric_families(text) for sample in family.samples}
    asked = expressions(json.loads(DASHBOARD.read_text())) + expressions(yaml.safe_load(ALERTS.read_text()))

    used = {name for expression in asked for name in NAME.findall(expression)}

    assert used - told == set()
    assert len(used) > 25


@pytest.mark.services
def test_requests_are_counted_over_all_processes(news: World) -> None:
    """Two processes answer; each page of figures has the sums, whichever of them answers it."""
    before = requests(news.figures(), "/api/v1/ladders/")
    for _ in range(12):
        news.get("/api/v1/ladders/")

    seen = {requests(news.figures(), "/api/v1/ladders/") - before for _ in range(6)}

    assert seen == {12.0}


@pytest.mark.services
def test_no_address_that_somebody_made_up_becomes_a_label(news: World) -> None:
    news.get("/people/987654321/")
    news.get("/nowhere-made-up-by-somebody")
    news.get("/subscriptions/made-up-by-somebody-made-up/")

    text = news.get("/metrics", Authorization=f"Bearer {METRICS_TOKEN}").text

    assert "987654321" not in text
    assert "made-up-by-somebody" not in text
    assert 'route="unknown",status="4xx"' in text


@pytest.mark.services
def test_what_a_killed_process_counted_stays(news: World) -> None:
    news.get("/api/v1/cases/")
    before = requests(news.figures(), "/api/v1/cases/")
    master = psutil.Process(news.supervisor.pids()["web"])
    killed = master.children()[0].pid
    os.kill(killed, signal.SIGKILL)
    wait_for(
        "the process to be replaced",
        lambda: len(master.children()) == 2 and killed not in {c.pid for c in master.children()},
    )

    assert requests(news.figures(), "/api/v1/cases/") == before


@pytest.mark.services
def test_figures_tell_of_the_news_that_went_through(news: World) -> None:
    seen = news.figures()

    assert seen["tracker_ledger_sequence"] == 1
    assert 0 < seen['tracker_publish_to_alert_seconds{quantile="0.95"}'] < 3600
    assert seen['tracker_feeds{state="healthy"}'] == 1
    assert seen['tracker_candidates_waiting{state="open"}'] > 3
    assert seen['tracker_candidate_oldest_seconds{state="open"}'] > 0
    assert seen["tracker_workers"] == 1
    assert abs(time.time() - seen["tracker_clock_last_tick_timestamp_seconds"]) < 60
    assert seen['tracker_outcomes_total{outcome="sent",stage="mail.sent"}'] >= 1
    assert seen['tracker_task_duration_seconds_count{state="success",task="match_revision"}'] >= 1
    assert seen['tracker_task_wait_seconds_count{queue="fetch"}'] > 3
    assert (seen['tracker_up{part="database"}'], seen['tracker_up{part="broker"}']) == (1, 1)


@pytest.mark.services
def test_outcomes_are_counted_as_often_as_they_are_said(news: World) -> None:
    said = len(news.said("document.extracted", outcome="extracted"))

    assert news.figures()['tracker_outcomes_total{outcome="extracted",stage="document.extracted"}'] == said


@pytest.mark.parametrize("figure", [f for f in FIGURES if not f.slow], ids=lambda figure: str(figure.name))
@pytest.mark.django_db
def test_a_figure_that_is_asked_often_has_an_index(figure: Figure) -> None:
    """Without leave to read tables whole, PostgreSQL does so only where no index serves."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {figure.sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    # The ledger's head is one row.
    assert set(re.findall(r"Seq Scan on (\w+)", plan)) <= {"events_ledgerhead"}, plan


@pytest.mark.django_db
def test_every_figure_can_be_asked_of_an_empty_record() -> None:
    with connection.cursor() as cursor:
        told = {figure.name: figures.ask(cursor, figure) for figure in FIGURES}

    assert told["tracker_feeds_due"] == [("", 0.0)]
    assert told["tracker_publish_to_alert_seconds"] == []


def test_every_alert_says_what_it_is_about_and_whom_it_wakes() -> None:
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]

    assert len(rules) == len({rule["alert"] for rule in rules})
    for rule in rules:
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert {"summary", "description"} <= set(rule["annotations"])
        assert re.fullmatch(r"\d+[mh]", rule["for"])
        assert rule["expr"].count("(") == rule["expr"].count(")")


def test_every_alert_is_explained() -> None:
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    text = (CHECKOUT / "docs" / "operations.md").read_text()

    assert [rule["alert"] for rule in rules if f"`{rule['alert']}`" not in text] == []


def test_the_dashboard_is_one_that_grafana_can_import() -> None:
    board = json.loads(DASHBOARD.read_text())
    panels = [panel for panel in board["panels"] if panel["type"] != "row"]

    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])
    assert all(panel["datasource"]["uid"] == "${datasource}" and panel["targets"] for panel in panels)
    assert all(panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24 for panel in board["panels"])
    assert [one["type"] for one in board["templating"]["list"]] == ["datasource"]


def test_the_example_reads_the_alerts_beside_it() -> None:
    example = yaml.safe_load(PROMETHEUS.read_text())

    assert [Path(name).name for name in example["rule_files"]] == [ALERTS.name]
    assert [job["metrics_path"] for job in example["scrape_configs"]] == ["/metrics"]
