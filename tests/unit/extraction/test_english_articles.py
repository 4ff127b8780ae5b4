"""English extraction against articles of our own in many voices, and what a clause's verb says in any wording."""

from __future__ import annotations

from datetime import date

import pytest

from events.extraction import extract
from events.extraction.en.inflection import forms
from events.extraction.scoring import score
from tests.unit.extraction.corpus import OWN, check, claims_of, documents

MONDAY = date(2025, 11, 17)


def facts(text: str) -> set[tuple[str, str]]:
    """(kind, subject) of each claim read in a text."""
    claims = extract(text, published=MONDAY, language="en")
    check(text, claims)
    return {(claim["kind"], claim["subject"]["name"]) for claim in claims}


def test_english_articles_in_many_voices_are_read_at_least_this_well() -> None:
    report = score((document, claims_of(document)) for document in documents(OWN / "en-dev.jsonl"))
    assert report.overall.f1 >= 0.85
    assert report.field_accuracy >= 0.78
    assert report.spans[0] == report.spans[1]
    assert report.false_in_empty * 10 <= report.documents


def test_claims_in_many_voices_keep_the_contract() -> None:
    for document in documents(OWN / "en-dev.jsonl"):
        check(document["text"], claims_of(document))


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("The tribunal struck Mina Sorel off for eighteen months.", ("discipline", "Mina Sorel")),
        ("A written warning has been issued to Oren Baz.", ("discipline", "Oren Baz")),
        ("Ada Brook was docked three months' pay.", ("discipline", "Ada Brook")),
        ("The post of finance director went to Lotte Brandt.", ("leadership", "Lotte Brandt")),
        ("Ines Falk cleared her desk at Marrow & Sons on Friday.", ("leadership", "Ines Falk")),
        ("Karl Weiss's contract will not be renewed.", ("leadership", "Karl Weiss")),
        ("Calder Freight has done away with its data team.", ("reorganization", "data team")),
        ("Calder Freight has set up a Robotics Lab in Leeds.", ("reorganization", "Robotics Lab")),
        (
            "Moss Bakery is taking Calder Freight to court over spoiled bread.",
            ("controversy", "Calder Freight"),
        ),
        ("The Larch 3 kettle hits shops on Friday.", ("product", "Larch 3")),
        ("Canada has taken Volta Shipping off its blacklist.", ("sanction", "Volta Shipping")),
        ("Shares of Moss Bakery began trading in Sydney on Tuesday.", ("listing", "Moss Bakery")),
        (
            "Moss Bakery now holds a fifth of the British market for rye bread.",
            ("performance", "Moss Bakery"),
        ),
    ],
)
def test_a_fact_is_read_from_its_verb_whatever_the_wording(text: str, fact: tuple[str, str]) -> None:
    assert fact in facts(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ines Falk may step down as treasurer of Marrow & Sons.",
        "Ines Falk refused to step down as treasurer of Marrow & Sons.",
        "The union has asked Ines Falk to step down as treasurer.",
        "The tribunal has not fined Calder Freight.",
        "Calder Freight has no plans to close its Harwich depot.",
    ],
)
def test_what_a_verb_group_leaves_open_or_denies_states_nothing(text: str) -> None:
    assert facts(text) == set()


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Ada Brook was fired for theft on Friday.", "Ada Brook"),
        ("The bank fired Ada Brook for theft on Friday.", "Ada Brook"),
        ("Ada Brook, fired for theft on Friday, did not answer.", "Ada Brook"),
    ],
)
def test_the_voice_of_a_verb_tells_who_is_penalized(text: str, subject: str) -> None:
    assert ("discipline", subject) in facts(text)


@pytest.mark.parametrize(
    ("text", "departure"),
    [
        ("Ada Quill, chief executive of Marlow Foods, has left the company.", "unknown"),
        ("Ada Quill, chief executive of Marlow Foods, has left the company to run a farm.", "voluntary"),
    ],
)
def test_a_leaving_without_form_or_reason_leaves_open_whose_wish_it_was(text: str, departure: str) -> None:
    (claim,) = extract(text, published=MONDAY, language="en")
    assert claim["departure"] == departure


@pytest.mark.parametrize(
    ("verb", "form", "sort"),
    [
        ("resign", "resigned", "ed"),
        ("ban", "banned", "ed"),
        ("take", "took", "past"),
        ("take", "taken", "participle"),
        ("deny", "denies", "s"),
        ("axe", "axing", "ing"),
        ("quit", "quit", "any"),
    ],
)
def test_verbs_have_their_forms(verb: str, form: str, sort: str) -> None:
    assert forms(verb)[form] == sort
