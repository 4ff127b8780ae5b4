"""Words that a curator selects in the article: they fill a field and become the evidence for it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from events.models.candidates import Candidate
from tests.web.conftest import Desk, make_desk, page_of, signed_in

TITLE = "CEO"


def edit(desk: Desk, words: object, **changed: str) -> int:
    """The status of an edit with those words."""
    data = {
        "version": str(desk.severe.version), "kind": "discipline", "action": "demotion", "subject_type": "person",
        "subject_name": "Ilse van Houten", "subject_title": TITLE, "subject_organization": "Northlake Cloud",
        "status": "reported", "date_announced": "2025-10-18",
        "words": words if isinstance(words, str) else json.dumps(words), **changed,
    }  # fmt: skip
    return signed_in(desk.first).post(f"/desk/candidates/{desk.severe.pk}/edit/", data).status_code


def evidence(desk: Desk) -> list[dict[str, object]]:
    found: list[dict[str, object]] = Candidate.objects.get(pk=desk.severe.pk).claim["evidence"]
    return found


def test_selected_words_become_the_evidence_of_their_field(desk: Desk) -> None:
    text = desk.severe.document.text
    start = text.index(TITLE)

    assert edit(desk, {"subject_title": [start, start + len(TITLE)]}) == 302

    assert {"field": "/subject/title", "start": start, "end": start + 3, "quote": TITLE} in evidence(desk)
    assert len(evidence(desk)) == 2


def test_new_words_take_the_place_of_those_that_the_field_had(desk: Desk) -> None:
    text = desk.severe.document.text
    edit(desk, {"subject_title": [0, 5]})
    desk.severe.refresh_from_db()
    start = text.index(TITLE)

    edit(desk, {"subject_title": [start, start + 3]})

    assert [item["quote"] for item in evidence(desk) if item["field"] == "/subject/title"] == [TITLE]


def test_the_words_for_who_decided_prove_the_issuer(desk: Desk) -> None:
    name = "Conduct Committee"
    start = desk.severe.document.text.index(name)

    party = {"participants-rows": "1", "participants-0-role": "issuer", "participants-0-type": "organization"}
    words = {"participants-0-name": [start, start + len(name)]}
    assert edit(desk, words, **party, **{"participants-0-name": name}) == 302

    assert [item["quote"] for item in evidence(desk) if item["field"] == "/participants/0"] == [name]


@pytest.mark.parametrize(
    "words",
    [
        "{", "[]", "7", '"x"', {"kind": [0, 3]}, {"nothing": [0, 3]}, {"subject_title": [3, 3]}, {"subject_title": [-1, 3]},
        {"subject_title": [0, 401]}, {"subject_title": ["a", 3]}, {"subject_title": [0]},
        {"subject_title": [100_000, 100_003]},
    ],
)  # fmt: skip
def test_words_that_the_article_does_not_have_are_refused(desk: Desk, words: object) -> None:
    assert edit(desk, words) == 400
    assert len(evidence(desk)) == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_curator_fills_a_field_by_selecting_words(chromium: Browser, live_server: LiveServer) -> None:
    desk = make_desk()
    page = page_of(chromium, live_server, desk.first)
    page.goto(f"/desk/candidates/{desk.severe.pk}/")
    expect(page.locator(".article-text[data-ready]")).to_be_attached()

    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.querySelector(".article-text"), NodeFilter.SHOW_TEXT);
            for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                const at = node.data.indexOf(words);
                if (at < 0) continue;
                document.getSelection().setBaseAndExtent(node, at, node, at + words.length);
                return;
            }
        }""",
        "Conduct Committee ",
    )
    expect(page.locator("[data-selected]")).to_have_text("Conduct Committee")
    page.keyboard.press("w")
    page.locator("[data-use]").select_option(label="Other parties: Add a row")
    page.get_by_role("button", name="Fill").click()
    expect(page.locator("input[name=participants-0-name]")).to_have_value("Conduct Committee")
    expect(page.locator("[data-trial]")).to_contain_text("by the Conduct Committee")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved")

    quotes = {item["field"]: item["quote"] for item in evidence(desk)}
    assert quotes["/participants/0"] == "Conduct Committee"
    page.context.close()
