"""English statements about companies: the same fact in the many words that newsrooms have for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from events.extraction import extract
from events.extraction.matching import normalize, sort_of_action
from events.extraction.model import Claim

_WAYS = [
    tuple(part.strip() for part in line.split("|", 2))
    for line in Path(__file__).with_name("ways_companies.txt").read_text(encoding="utf-8").splitlines()
    if line.strip() and not line.startswith("#")
]
_PUBLISHED = date(2025, 6, 18)


def _claims(text: str) -> list[Claim]:
    return extract(text, published=_PUBLISHED, language="en")


@pytest.mark.parametrize(("fact", "subject", "text"), _WAYS)
def test_a_fact_about_a_company_is_read_in_many_words(fact: str, subject: str, text: str) -> None:
    kind, action = fact.split("/")

    found = [
        claim["subject"]["name"]
        for claim in _claims(text)
        if claim["kind"] == kind and sort_of_action(kind, claim["action"]) == sort_of_action(kind, action)
    ]

    assert normalize(subject) in {normalize(name) for name in found}


@pytest.mark.parametrize(
    ("text", "headcount"),
    [
        ("Halden Tools made two hundred and thirty workers redundant.", None),
        ("Marlow Bank has given notice to 45 of its lawyers.", {"min": 45}),
        ("Marlow Bank will lay off as many as 300 brokers.", {"max": 300}),
        ("Marlow Bank plans to reduce its staff by 2,000 over two years.", {"min": 2000}),
        ("Job losses at Marlow Bank will total 560.", {"min": 560}),
    ],
)
def test_jobs_that_go_are_counted_in_digits_or_words(text: str, headcount: dict[str, int] | None) -> None:
    found = [claim for claim in _claims(text) if claim["action"] == "layoff"]

    assert len(found) == 1
    for key, value in (headcount or {}).items():
        assert found[0]["headcount"][key] == value


@pytest.mark.parametrize(
    "text",
    [
        "Marlow Bank has hired 45 lawyers without cutting a single job.",
        "Marlow Bank's rescue saved 300 jobs at the mill.",
        "The crash killed 12 workers and cost a driver his life.",
    ],
)
def test_people_hired_kept_or_hurt_are_no_layoff(text: str) -> None:
    assert not [claim for claim in _claims(text) if claim["action"] == "layoff"]
