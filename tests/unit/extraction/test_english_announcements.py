"""What an English text says once for several of its facts, and whose text it is."""

from __future__ import annotations

from datetime import date
from typing import Any

from events.extraction import extract
from tests.unit.extraction.corpus import check

MONDAY = date(2025, 6, 16)


def claims(text: str) -> dict[str, dict[str, Any]]:
    """The claims read in a text, by subject."""
    found = extract(text, published=MONDAY, language="en")
    check(text, found)
    return {claim["subject"]["name"]: dict(claim) for claim in found}


def day(claim: dict[str, Any], role: str) -> str:
    return str(claim["dates"][role]["value"])


NOTICE = (
    "Staff notice, 10 June 2025\n\nThe Conduct Panel of Harwell Transport met on 6 June and resolved as follows.\n"
    "- Ray Coyle, Depot Manager: demoted one grade, from G7 to G6.\n- Sheila Nunn, Payroll Clerk: written warning.\n"
)


def test_the_day_that_heads_a_notice_and_the_day_of_the_decision_hold_for_each_penalty() -> None:
    for claim in claims(NOTICE).values():
        assert (day(claim, "decided"), day(claim, "announced")) == ("2025-06-06", "2025-06-10")


def test_penalties_of_one_notice_share_a_case_and_an_issuer() -> None:
    found = claims(NOTICE)
    assert found["Ray Coyle"]["case"] == found["Sheila Nunn"]["case"]
    assert {p["name"] for c in found.values() for p in c["participants"]} == {"Conduct Panel"}


def test_a_post_in_a_list_may_be_any_words() -> None:
    assert claims(NOTICE)["Sheila Nunn"]["subject"]["title"] == "Payroll Clerk"


def test_when_all_changes_apply_holds_for_each() -> None:
    found = claims(
        "Tilbury Software reorganizes. Support and Training will be merged into one department, Customer Services. "
        "Field Operations will be renamed Delivery. All changes apply from 1 August."
    )
    assert {"Support", "Training", "Field Operations"} <= found.keys()
    assert {day(found[name], "effective") for name in ("Support", "Training", "Field Operations")} == {
        "2025-08-01"
    }


def test_the_day_of_a_company_s_first_news_is_that_of_the_next() -> None:
    found = claims(
        "Ostler Group said on Thursday that its chief executive, Maud Renner, would leave. Sales director Una Brody is to "
        "retire on October 31, the company added."
    )
    assert day(found["Una Brody"], "announced") == "2025-06-12"


def test_an_old_fact_is_not_announced_with_the_news() -> None:
    found = claims(
        "Ostler Group said on Thursday that its chief executive, Maud Renner, would leave. "
        "Finance director Leo Hart resigned on 3 February."
    )
    assert "announced" not in found["Leo Hart"]["dates"]


def test_a_place_and_a_department_are_nobody_s_employer() -> None:
    text = (
        "Kestrel Analytics is changing. The Lyon lab closes, and Operations moves to Boston.\n\n"
        "Bettina Grau resigned as chief operating officer on Friday."
    )
    assert claims(text)["Bettina Grau"]["subject"]["organization"] == "Kestrel Analytics"


def test_a_weekday_on_which_measures_take_effect_lies_ahead() -> None:
    found = claims(
        "The European Union imposed sanctions on Baltic Crude on Friday. The measures take effect on Wednesday."
    )
    assert day(found["Baltic Crude"], "effective") == "2025-06-18"


def test_who_only_reports_a_rumour_of_a_leaving_accuses_nobody() -> None:
    text = "Shares of Calder Air rose after an anonymous account claimed that Joanna Strand had handed in her notice."
    assert not [c for c in claims(text).values() if c["kind"] == "controversy"]


def test_a_month_of_what_is_past_lies_behind_and_that_of_what_is_present_ahead() -> None:
    (past,) = extract(
        "Vantage Rail's chairman Bram Oosterhuis retired at the end of October.", published=MONDAY
    )
    (coming,) = extract(
        "Vantage Rail's chairman Bram Oosterhuis retires at the end of October.", published=MONDAY
    )

    assert [found["dates"]["occurred"]["value"] for found in (past, coming)] == ["2024-10-01", "2025-10-01"]
