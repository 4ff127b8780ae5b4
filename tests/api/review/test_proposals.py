"""What readers proposed reaches the curators, and their answer reaches whoever holds the receipt."""

from __future__ import annotations

import pytest

from events.choices import ProposalKind
from events.models.proposals import Proposal
from events.proposals.submitting import find, submit
from tests.api.review.conftest import Desk


@pytest.fixture
def sent(desk: Desk) -> tuple[Proposal, str]:
    """A correction of a published event, and its receipt."""
    event = desk.published(desk.mild)
    return submit(event.pk, ProposalKind.CORRECTION.value, "It was another month.", contact="r@example.org")


def test_a_proposal_waits_in_the_curators_queue(desk: Desk, sent: tuple[Proposal, str]) -> None:
    row, receipt = sent

    (shown,) = desk.first.read(f"proposals/?state=open&event={row.event_id}")["results"]

    assert (shown["id"], shown["text"], shown["contact"]) == (row.pk, row.text, "r@example.org")
    assert desk.first.read(f"proposals/{row.pk}/") == shown
    assert receipt not in str(shown)
    assert row.receipt not in str(shown)
    assert desk.first.read("proposals/?kind=reply")["results"] == []


def test_a_curators_answer_reaches_whoever_holds_the_receipt(desk: Desk, sent: tuple[Proposal, str]) -> None:
    row, receipt = sent

    done = desk.first.post(f"proposals/{row.pk}/answer/", {"state": "accepted", "answer": "Corrected."})

    assert (done["state"], done["handled_by"]["id"]) == ("accepted", desk.first.user.pk)
    answered = find(receipt)
    assert answered is not None
    assert answered.answer == "Corrected."
    desk.second.post(f"proposals/{row.pk}/answer/", {"state": "declined", "answer": "No."}, 409)


@pytest.mark.parametrize(
    ("body", "status", "pointer"),
    [
        ({"state": "open", "answer": "x"}, 400, "/state"),
        ({"state": "declined"}, 400, "/answer"),
        ({"state": "declined", "answer": "x" * 5001}, 400, "/answer"),
        ({"state": "declined", "answer": "bell \x07"}, 422, "/answer"),
    ],
)
def test_an_answer_says_what_becomes_of_it_in_words(
    desk: Desk, sent: tuple[Proposal, str], body: dict[str, str], status: int, pointer: str
) -> None:
    path = f"proposals/{sent[0].pk}/answer/"

    assert desk.first.pointers("POST", path, body, status) == [pointer]


def test_an_unknown_proposal_is_404(desk: Desk) -> None:
    desk.first.post("proposals/999999/answer/", {"state": "declined", "answer": "x"}, 404)
