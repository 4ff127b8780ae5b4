"""Current reports: what a filing's form, items and company tell besides its words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.extraction import Context, extract
from events.extraction.context import context_of

FILED = date(2021, 6, 11)
SOURCE = "SEC 8-K item 5.02, ORIEL GLASS INC"
HEAD = "Item 5.02 Departure of Directors or Certain Officers; Election of Directors.\n"


def claims(text: str, source: str = SOURCE, context: Context | None = None) -> list[dict[str, Any]]:
    return [
        dict(c) for c in extract(HEAD + text, published=FILED, language="en", source=source, context=context)
    ]


@pytest.mark.parametrize(
    ("source", "text", "context"),
    [
        (SOURCE, "", Context("8-K", ("5.02",), "ORIEL GLASS INC")),
        ("SEC 8-K items 2.05 and 5.02: Oriel Glass, Inc.", "", Context("8-K", ("2.05", "5.02"), "Oriel Glass, Inc.")),
        ("", "Item 5.02 Departure of Directors\nOn June 8 ...", Context("8-K", ("5.02",))),
        ("", "FORM 8-K\nCURRENT REPORT\nItem 2.05. Costs\n...", Context("8-K", ("2.05",))),
        ("Harbour Ledger", "A note on an 8-K that nobody read.", Context()),
        ("", "Item 2.05 of the agenda\nNothing.", Context()),
    ],
)  # fmt: skip
def test_the_form_its_items_and_its_company_come_from_the_source_or_the_headings(
    source: str, text: str, context: Context
) -> None:
    assert context_of(source, text) == context


def test_a_date_that_the_filing_defines_is_known_by_its_term() -> None:
    found = claims(
        "On June 8, 2021, the Board of Oriel Glass, Inc. (the “Company”) appointed Ada B. Quill as Chief Financial Officer,"
        " effective July 1, 2021 (the “Start Date”). The Board also elected Tom C. Reed as Treasurer, effective as of the Start Date."
    )

    assert [(c["subject"]["name"], c["dates"]["effective"]["value"]) for c in found] == [
        ("Ada B. Quill", "2021-07-01"),
        ("Tom C. Reed", "2021-07-01"),
    ]
    assert found[1]["dates"]["decided"]["value"] == "2021-06-08"


@pytest.mark.parametrize(
    "text",
    [
        "Ms. Quill, 52, retired in 2019 as Chief Financial Officer of Pell Harbor Shipping Ltd.",
        "In connection with her new role, Ms. Quill has stepped down from the Audit Committee of the Board.",
        "The base salary of Ada B. Quill, Chief Financial Officer, has been reduced by 30%.",
        "A copy of the press release announcing that Ada B. Quill was appointed as Treasurer is attached as Exhibit 99.1.",
        "The bonus must be repaid in full if, within twelve months, Ms. Quill resigns or is terminated for Cause.",
    ],
)
def test_biography_pay_conditions_and_committee_seats_are_no_news_of_a_filing(text: str) -> None:
    assert claims(text) == []


@pytest.mark.parametrize(
    ("text", "departure"),
    [
        ("On June 8, 2021, the employment of Ada B. Quill as Treasurer was terminated without cause.", "forced"),
        ("Ada B. Quill will not be nominated for re-election at the annual meeting.", "unknown"),
        ("Ada B. Quill, a director since 1998, passed away on June 8, 2021.", "unknown"),
        ("On June 8, 2021, Ada B. Quill notified us that she will transition from her role as Treasurer.", "voluntary"),
    ],
)  # fmt: skip
def test_what_counsel_writes_of_a_leaving_is_read(text: str, departure: str) -> None:
    [claim] = claims(text)

    assert (claim["action"], claim["subject"]["name"], claim["departure"]) == (
        "departure",
        "Ada B. Quill",
        departure,
    )


def test_no_organization_is_told_where_the_filing_says_only_the_company() -> None:
    context = Context("8-K", ("5.02",), "ORIEL GLASS INC")
    [claim] = claims("On June 8, 2021, Ada B. Quill resigned as a director of the Company.", "", context)

    assert "organization" not in claim["subject"]


def test_a_titles_function_is_part_of_it_and_a_degree_no_part_of_the_name() -> None:
    [claim] = claims(
        "On June 8, 2021, Ada B. Quill, Ph.D., was appointed Senior Vice President, Glass Annealing, of Oriel Glass, Inc."
        " Ms. Quill joined in 2012."
    )

    assert claim["subject"]["name"] == "Ada B. Quill"
    assert claim["subject"]["title"] == "Senior Vice President, Glass Annealing"


def test_what_a_line_with_a_colon_dates_holds_for_the_lines_below_it() -> None:
    found = claims(
        "On June 8, 2021, the Board of Oriel Glass, Inc. approved these changes, each of which will take effect on July 1, 2021:\n"
        "Ada B. Quill has been elected Treasurer.\nTom C. Reed, Controller, will retire."
    )

    assert [(c["subject"]["name"], c["dates"]["effective"]["value"]) for c in found] == [
        ("Ada B. Quill", "2021-07-01"),
        ("Tom C. Reed", "2021-07-01"),
    ]


def test_a_leaving_takes_its_post_from_where_the_filing_gave_it_and_an_arrival_whom_it_replaces() -> None:
    found = claims(
        "On June 8, 2021, Oriel Glass, Inc. (the “Company”) and Ada B. Quill, the Company’s Chief Marketing Officer, agreed that"
        " Ms. Quill would leave the Company effective June 30, 2021. On June 9, 2021, the Board appointed Tom C. Reed as Chief"
        " Marketing Officer, replacing Ada B. Quill, and elected Eve D. Marsh to serve as a Class III director."
    )

    assert [(c["action"], c["subject"]["name"], c["subject"].get("title")) for c in found] == [
        ("departure", "Ada B. Quill", "Chief Marketing Officer"),
        ("appointment", "Tom C. Reed", "Chief Marketing Officer"),
        ("appointment", "Eve D. Marsh", "Class III director"),
    ]
    assert {"role": "predecessor", "type": "person", "name": "Ada B. Quill"} in found[1]["participants"]
