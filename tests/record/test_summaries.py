"""The public sentence: right in its facts, and never a fact where something is only alleged, denied or planned."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from events.choices import ACTIONS, Status
from events.models.people import ExecutiveName
from events.record.payload import build
from events.record.summaries import summary_en, summary_zh
from tests import scenes


def payload(kind: str, action: str, **fields: Any) -> dict[str, Any]:
    details = fields.pop("details", {})
    subject = {"type": "person", "id": 1, "name": "Ilse van Houten", "title": "", "organization": None}
    base = {
        "kind": kind, "action": action, "assertion": "reported", "dates": {}, "subject": subject,
        "date": {"value": "2025-10-18", "precision": "day"}, "details": details,
    }  # fmt: skip
    return base | fields


DEMOTED = payload(
    "discipline",
    "demotion",
    dates={"decided": {"value": "2025-10-18", "precision": "day"}},
    subject={
        "type": "person", "id": 1, "name": "Ilse van Houten", "title": "CEO",
        "organization": {"id": 2, "name": "Northlake Cloud"},
    },
    details={
        "penalties": [{"type": "demotion", "levels": 3, "from": "22A", "to": "21A"}, {"type": "warning", "degree": "severe"}],
        "issuer": {"type": "organization", "id": 3, "name": "the Conduct Committee"},
        "grounds": ["data fabrication"],
    },
)  # fmt: skip


def test_a_demotion_names_steps_grades_issuer_grounds_and_day() -> None:
    assert summary_en(DEMOTED) == (
        "Ilse van Houten, CEO of Northlake Cloud, was demoted three levels from 22A to 21A and given a severe warning "
        "by the Conduct Committee for data fabrication on 18 October 2025."
    )
    assert summary_zh(DEMOTED) == (
        "2025年10月18日，Northlake Cloud CEO Ilse van Houten被降级3级（由22A降至21A）、被严重警告，"
        "事由：data fabrication（决定方：the Conduct Committee）。"
    )


@pytest.mark.parametrize(
    ("assertion", "start"), [("alleged", "Allegedly, "), ("denied", "Denied: "), ("planned", "Planned: ")]
)
def test_what_is_not_established_says_so_in_its_first_words(assertion: str, start: str) -> None:
    assert summary_en(DEMOTED | {"assertion": assertion}).startswith(start)


def test_a_date_that_only_the_publication_gives_is_not_stated_as_the_facts() -> None:
    assert "2025" not in summary_en(DEMOTED | {"dates": {}})


def test_a_month_is_told_as_a_month() -> None:
    month = {"value": "2025-08-01", "precision": "month"}
    told = summary_en(payload("product", "release", dates={"occurred": month}, date=month))

    assert told.endswith("in August 2025.")


def test_figures_are_told_in_readable_units() -> None:
    measures = [
        {"metric": "revenue", "value": 38523000000, "currency": "CNY", "period": "2024", "change": 0.085}
    ]
    told = payload("performance", "result", details={"measures": measures})

    assert summary_en(told) == "Ilse van Houten reported revenue of CNY 38.523 billion for 2024, up 8.5%."
    assert summary_zh(told) == "Ilse van Houten 2024营收385.23亿元人民币，同比增长8.5%。"


def test_a_score_is_held_against_its_threshold() -> None:
    measures = [{"metric": "similarity", "value": 0.927, "threshold": 0.7}]
    told = summary_en(
        payload("controversy", "allegation", assertion="alleged", details={"measures": measures})
    )

    assert (
        told
        == "Allegations were made about Ilse van Houten (similarity of 0.927 against a threshold of 0.7)."
    )


@pytest.mark.parametrize("kind", list(ACTIONS))
def test_every_action_of_every_kind_has_a_sentence_in_both_languages(kind: str) -> None:
    for action in ACTIONS[kind]:  # type: ignore[index]
        bare = payload(kind, action)
        assert summary_en(bare).endswith(".")
        assert "Ilse van Houten" in summary_en(bare)
        assert "Ilse van Houten" in summary_zh(bare)


@pytest.mark.django_db
def test_people_are_shown_under_the_records_name_in_each_language_whatever_the_source_calls_them() -> None:
    person = scenes.executive("Yin Ruolan")
    ExecutiveName.objects.create(executive=person, name="殷若蘭", language="zh-Hant", type="native")
    ExecutiveName.objects.create(executive=person, name="殷若兰", language="zh-Hans", type="native")
    cloud = scenes.company("Northlake Cloud")
    draft = scenes.appointment(person, cloud, scenes.document("殷若蘭出任總裁。"), day="2025", title="CFO")
    draft = replace(draft, subject=replace(draft.subject, name="殷若蘭"))

    told = build(1, draft, Status.REPORTED)

    assert (told["subject"]["name"], told["subject"]["named"]) == ("Yin Ruolan", "殷若蘭")
    assert told["summary"] == "Yin Ruolan was appointed CFO of Northlake Cloud in 2025."
    assert told["summary_zh"] == "2025年，殷若兰获任Northlake Cloud CFO。"
