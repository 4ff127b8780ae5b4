"""What an English clause leaves open, penalties on a firm and on its people, and units that close."""

from __future__ import annotations

from datetime import date

import pytest

from events.extraction import Claim, extract
from tests.unit.extraction.corpus import check

MONDAY = date(2025, 11, 17)


def read(text: str) -> list[Claim]:
    claims = extract(text, published=MONDAY)
    check(text, claims)
    return claims


def subjects(claims: list[Claim]) -> set[tuple[str, str]]:
    return {(c["action"], c["subject"]["name"]) for c in claims}


@pytest.mark.parametrize(
    "text",
    [
        "Analysts at two brokers believe Calder Freight could be delisted before the autumn.",
        "Calder Freight may be delisted.",
        "It is unclear whether Calder Freight will close its Hull depot team.",
        "Will Calder Freight dismiss its finance director, Rufus Kell?",
        "Nobody knows whether Rufus Kell will be fired for misconduct at Calder Freight.",
        "Some shareholders are calling for Rufus Kell to be removed as finance director of Calder Freight.",
        "The regulator could still fine Calder Freight £5 million.",
        "Rufus Kell faces being suspended if the audit goes against him.",
        "Perhaps Calder Freight will appoint Neve Ashdown as chairwoman.",
        "Talk of Calder Freight merging its Harbour unit with its Rail unit has been heard before.",
        "A spokesman declined to say if Rufus Kell had been dismissed for cause.",
        "Ottilie Marsh threatened to resign as chief executive of Calder Freight.",
    ],
)
def test_an_english_clause_of_possibility_demand_fear_or_question_gives_no_claim(text: str) -> None:
    assert read(text) == []


def test_a_modal_of_another_clause_does_not_silence_the_fact() -> None:
    text = (
        "Marlow Foods said on Monday that chief executive Ada Quill, who may join a rival, would step down."
    )
    assert subjects(read(text)) == {("departure", "Ada Quill")}


def test_a_fine_on_a_firm_and_a_ban_on_its_officer_are_two_claims() -> None:
    claims = read(
        "The Financial Conduct Authority has fined Ashgrove Securities 2.3 million pounds and banned its former "
        "chief compliance officer, Edwin Pallister, from working in the industry."
    )
    assert subjects(claims) == {("fine", "Ashgrove Securities"), ("ban", "Edwin Pallister")}
    fine, ban = sorted(claims, key=lambda c: c["action"], reverse=True)
    assert fine["penalties"] == [{"type": "fine", "amount": 2300000.0, "currency": "GBP"}]
    assert ban["penalties"] == [{"type": "ban"}]
    assert ban["subject"]["title"] == "chief compliance officer"
    assert ban["subject"]["organization"] == "Ashgrove Securities"
    issuers = [p["name"] for c in claims for p in c["participants"] if p["role"] == "issuer"]
    assert issuers == ["Financial Conduct Authority"] * 2


def test_people_named_after_what_they_are_and_their_superior_are_penalized_one_by_one() -> None:
    claims = read(
        "The traders, Kofi Brandt and Lucia Marchetti, were fired on Monday for falsifying valuations. Their "
        "supervisor, Henrik Dahl, head of rates trading, received a formal warning and lost his bonus for 2023. "
        "The bank's Conduct Panel took the decision on August 29."
    )
    assert subjects(claims) == {
        ("dismissal", "Kofi Brandt"),
        ("dismissal", "Lucia Marchetti"),
        ("clawback", "Henrik Dahl"),
    }
    assert {p["type"] for p in claims[2]["penalties"]} == {"warning", "clawback"}
    assert claims[2]["subject"]["title"] == "head of rates trading"
    assert {c["dates"]["decided"]["value"] for c in claims} == {"2025-08-29"}
    assert len({c["case"] for c in claims}) == 1


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "The regional sales team in Leeds will be closed, affecting about 120 staff.",
            "regional sales team in Leeds",
        ),
        ("The Leeds office will close in March.", "Leeds office"),
        ("The research office in Basel was shut in September.", "research office in Basel"),
        ("Kestrel Mills will close its dyeing plant in Bolton with the loss of 80 jobs.", "dyeing plant"),
    ],
)
def test_a_unit_that_closes_is_named_by_its_noun_phrase(text: str, name: str) -> None:
    claims = read(text)
    assert ("dissolution", name) in subjects(claims), claims


def test_the_evidence_of_a_whole_claim_is_its_sentence_not_a_fragment_of_it() -> None:
    text = "Marlow Foods had a hard year. Ada Quill, who joined in 2019, resigned as chief executive of Marlow Foods on Friday."
    (claim,) = read(text)
    whole = [item["quote"] for item in claim["evidence"] if item["field"] == ""]
    assert whole == [text.split(". ", 1)[1]]


def test_a_sentence_too_long_to_quote_is_quoted_by_its_clauses() -> None:
    tail = ", and the mill kept on turning out flour of many sorts for bakers near and far" * 8
    (claim,) = read(f"In the north, Ada Quill resigned as chief executive of Marlow Foods{tail}.")
    (whole,) = [item["quote"] for item in claim["evidence"] if item["field"] == ""]
    assert "Ada Quill resigned as chief executive of Marlow Foods" in whole
    assert len(whole) <= 400


def test_a_board_that_votes_to_dismiss_has_decided() -> None:
    text = "The board of Marlow Foods voted on Friday to dismiss Ada Quill, its chief executive, for cause."
    (claim,) = read(text)
    assert (claim["action"], claim["subject"]["name"]) == ("dismissal", "Ada Quill")
    assert claim["dates"]["decided"]["value"] == "2025-11-14"
