"""What a sentence states, and what it does not."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from events.extraction import Claim, KnownNames, extract
from events.extraction.known import KnownEntity
from tests.unit.extraction.corpus import check

MONDAY = date(2025, 11, 17)


def read(text: str, *, published: date | None = MONDAY) -> list[Claim]:
    claims = extract(text, published=published)
    check(text, claims)
    return claims


def only(text: str, *, published: date | None = MONDAY) -> dict[str, Any]:
    claims = read(text, published=published)
    assert len(claims) == 1, claims
    return dict(claims[0])


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill resigned as chief executive of Marlow Foods on Friday.",
        "Marlow Foods said on Monday that chief executive Ada Quill would step down.",
        "Marlow Foods chief executive Ada Quill is retiring.",
        "Ada Quill stepped down as chief executive of Marlow Foods, effective immediately.",
    ],
)
def test_a_leaving_is_read_in_many_words(text: str) -> None:
    claim = only(text)
    assert (claim["kind"], claim["action"], claim["departure"]) == ("leadership", "departure", "voluntary")
    assert claim["subject"]["name"] == "Ada Quill"
    assert claim["subject"]["title"] == "chief executive"
    assert claim["subject"]["organization"] == "Marlow Foods"


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill is not stepping down as chief executive of Marlow Foods.",
        "Analysts expect that Ada Quill will resign as chief executive of Marlow Foods.",
        "Ada Quill should resign as chief executive of Marlow Foods.",
        "If Ada Quill resigns as chief executive of Marlow Foods, the shares will fall.",
        "I bet that Marlow Foods will appoint Ada Quill as chief executive.",
        "Ada Quill might step down as chief executive of Marlow Foods.",
        "A rumour that Ada Quill resigned as chief executive of Marlow Foods is false.",
        "笔者以为，马洛食品董事长王小明年底前会辞职。",
        "网传马洛食品总裁王小明已经辞职，公司称纯属谣言。",
        "分析师预计，马洛食品将聘任王小明为总裁。",
    ],
)
def test_opinion_forecast_supposition_rumour_and_negation_give_no_claim(text: str) -> None:
    assert read(text) == []


def test_coordinated_people_are_one_claim_each_and_share_the_case() -> None:
    text = (
        "On November 3, Tarrant Steel's Ethics Committee issued penalties. Also penalized were Lou Ames, Head of Sales; "
        "Mia Brandt, Finance Director; and Noor Castellan, Logistics Leader, all demoted two levels for poor oversight."
    )
    claims = read(text)
    assert [c["subject"]["name"] for c in claims] == ["Lou Ames", "Mia Brandt", "Noor Castellan"]
    assert {c["case"] for c in claims} == {"c1"}
    assert all(c["penalties"] == [{"type": "demotion", "levels": 2}] for c in claims)
    assert all(c["grounds"] == ["poor oversight"] for c in claims)
    assert all(c["dates"]["announced"]["value"] == "2025-11-03" for c in claims)
    assert all(c["participants"][0]["role"] == "issuer" for c in claims)


def test_every_penalty_of_a_decision_is_read_and_the_gravest_is_the_action() -> None:
    claim = only(
        "Vic Dorn, head of procurement, was demoted from Level 20B to 19A and issued a severe warning."
    )
    assert claim["action"] == "demotion"
    assert claim["penalties"] == [
        {"type": "demotion", "from": "20B", "to": "19A"},
        {"type": "warning", "degree": "severe"},
    ]


def test_a_dismissal_for_misconduct_is_discipline_and_any_other_a_forced_departure() -> None:
    assert only("Tarrant Steel fired finance director Vic Dorn for cause.")["kind"] == "discipline"
    claim = only("Tarrant Steel ousted finance director Vic Dorn.")
    assert (claim["kind"], claim["departure"]) == ("leadership", "forced")


def test_dates_get_the_role_that_their_words_give() -> None:
    text = "On March 4, 2025, the board of Tarrant Steel appointed Vic Dorn as finance director, effective April 1, 2025."
    dates = only(text)["dates"]
    assert dates["decided"] == {"value": "2025-03-04", "precision": "day"}
    assert dates["effective"] == {"value": "2025-04-01", "precision": "day"}


def test_relative_dates_count_back_from_the_day_of_publication() -> None:
    text = "Tarrant Steel said on Friday that Vic Dorn had resigned as finance director."
    assert only(text)["dates"]["announced"]["value"] == "2025-11-14"


def test_without_a_day_of_publication_relative_dates_are_left_out_and_full_ones_stay() -> None:
    text = "Tarrant Steel said on Friday that Vic Dorn had resigned as finance director, effective April 1, 2025."
    assert only(text, published=None)["dates"] == {"effective": {"value": "2025-04-01", "precision": "day"}}


def test_a_pronoun_stands_for_the_person_named_before() -> None:
    text = "Ada Quill has run Marlow Foods since 2019. She will step down in January."
    claim = only(text)
    assert claim["subject"]["name"] == "Ada Quill"


def test_revenue_has_value_currency_period_and_change() -> None:
    claim = only("Marlow Foods' revenue reached 2.5 billion euros in 2024, down 3% year-on-year.")
    assert claim["measures"] == [
        {"metric": "revenue", "value": 2.5e9, "currency": "EUR", "period": "2024", "change": -0.03}
    ]


def test_a_chinese_notice_gives_each_person_title_penalties_and_grounds() -> None:
    text = "10月17日，远山科技公布处理通报：采购部部长周敏、物流部经理林可因管理不力，均被降职降级两级。"
    claims = read(text)
    assert [c["subject"]["name"] for c in claims] == ["周敏", "林可"]
    assert [c["subject"]["title"] for c in claims] == ["采购部部长", "物流部经理"]
    assert all(c["penalties"] == [{"type": "demotion", "levels": 2}] for c in claims)
    assert all(c["grounds"] == ["管理不力"] for c in claims)
    assert all(c["dates"]["announced"]["value"] == "2025-10-17" for c in claims)


def test_traditional_characters_read_like_simplified_ones_and_names_stay_as_written() -> None:
    claim = only("遠山科技昨日宣布，聘任陳國偉為總經理。")
    assert claim["subject"]["name"] == "陳國偉"
    assert claim["subject"]["title"] == "總經理"
    assert claim["dates"]["announced"]["value"] == "2025-11-16"


def test_a_person_named_like_a_company_is_not_the_company() -> None:
    claims = read("生态部总裁康宁因管理不力，被降职降级两级。康宁公司与此事无关。")
    assert [(c["subject"]["name"], c["subject"]["type"]) for c in claims] == [("康宁", "person")]


def test_satire_and_columns_give_no_claim() -> None:
    body = "Vic Dorn was demoted eleven levels by Blobcorp.\n"
    assert read(f"THE DAILY STAPLE | Humour\n\n{body}") == []
    assert read(f"OPINION | On boards\n\n{body}") == []


@pytest.mark.parametrize(
    "text", ["", "\n\n", "x", "。", "\ue001\ue002 was demoted", "Ada Quill" * 2000, "（" * 5000]
)
def test_odd_input_gives_no_error(text: str) -> None:
    read(text)


def test_the_same_text_gives_the_same_claims() -> None:
    text = "Ada Quill resigned as chief executive of Marlow Foods; Vic Dorn and Lou Ames were demoted two levels."
    assert extract(text, published=MONDAY) == extract(text, published=MONDAY)


def test_an_unsupported_language_gives_no_claims() -> None:
    assert extract("Ada Quill resigned as CEO of Marlow Foods.", language="fr") == []


def test_importing_extraction_loads_no_dictionary_and_no_framework() -> None:
    code = (
        "import sys, events.extraction; print(sorted({'jieba', 'django', 'trafilatura'} & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_a_known_name_tells_what_a_name_is() -> None:
    known = KnownNames([KnownEntity(1, "organization", ("Marlow Grey",))])
    text = "Marlow Grey was fined $3 million for reporting failures."
    claims = extract(text, published=MONDAY, known=known)
    assert [(c["subject"]["type"], c["subject"]["name"]) for c in claims] == [("organization", "Marlow Grey")]
