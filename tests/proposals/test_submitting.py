"""Taking in and answering what readers propose."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import override_settings

from events.choices import ProposalState
from events.models.access import User
from events.models.proposals import Proposal
from events.models.record import Event, Revision
from events.proposals import limits, submitting
from events.proposals.answering import MAX_ANSWER, answer
from events.proposals.errors import InvalidProposal, NotAnswerable, TooManyOpen, TooManySent
from events.proposals.submitting import digest, find, submit
from events.record import publishing
from tests import scenes
from tests.timelines.conftest import Record, record

__all__ = ["record"]

TEXT = "The committee met on 17 October, not on the 18th."


def propose(event_id: int, text: str = TEXT, kind: str = "correction", **fields: Any) -> tuple[Proposal, str]:
    return submit(event_id, kind, text, **fields)


def test_a_proposal_names_the_revision_that_stood_and_only_its_receipts_hash_is_kept(record: Record) -> None:
    row, receipt = propose(record.revision.event_id, field="/penalties/0", name="A reader")

    row.refresh_from_db()
    assert (row.state, row.kind, row.field, row.text) == ("open", "correction", "/penalties/0", TEXT)
    assert row.revision == record.revision.seq
    assert len(receipt) == 43
    assert row.receipt == digest(receipt)
    assert find(receipt) == row
    values = Proposal.objects.values().get()
    assert receipt not in str(values)


def test_a_receipt_is_like_no_other_and_cannot_be_made_without_the_secret(record: Record) -> None:
    _, one = propose(record.revision.event_id)
    row, other = propose(record.revision.event_id, TEXT + " It said so itself.")

    assert one != other
    with override_settings(SECRET_KEY="another"):
        assert submitting._receipt(row) != other
    assert find("") is find("é" * 43) is find("x" * 43) is None


def test_the_same_words_sent_again_within_minutes_are_one_proposal_with_one_receipt(record: Record) -> None:
    first, receipt = propose(record.revision.event_id, contact="reader@example.org")
    second, again = propose(record.revision.event_id, f"  {TEXT}\r\n", contact="reader@example.org")

    assert (second.pk, again) == (first.pk, receipt)
    assert find(receipt) == first
    Proposal.objects.filter(pk=first.pk).update(created_at=first.created_at - timedelta(minutes=11))
    third, later = propose(record.revision.event_id, contact="reader@example.org")
    assert third.pk != first.pk
    assert later != receipt
    assert find(receipt) == first


def test_after_the_secret_has_changed_a_second_click_still_ends_with_a_receipt_that_works(
    record: Record,
) -> None:
    first, _ = propose(record.revision.event_id)

    with override_settings(SECRET_KEY="another"):
        second, again = propose(record.revision.event_id)

    assert second.pk == first.pk
    assert find(again) == first


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_proposal() -> None:
    event = publish().event_id

    found = at_once(4, lambda _: propose(event)[1])

    assert len(set(found)) == 1
    assert Proposal.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_so_many_wait_and_no_more_also_when_they_come_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    event = publish().event_id
    monkeypatch.setattr(submitting, "MAX_OPEN", 2)

    def attempt(number: int) -> bool:
        try:
            propose(event, f"{TEXT} {number}")
        except TooManyOpen:
            return False
        return True

    assert sum(at_once(5, attempt)) == 2
    assert Proposal.objects.count() == 2
    curator = scenes.curator()
    waiting = Proposal.objects.all()[0]
    answer(waiting.pk, curator, ProposalState.DECLINED, "It was the 18th.")
    assert attempt(9)


def test_a_retracted_event_takes_a_reply_and_a_merged_one_passes_it_on(record: Record) -> None:
    kept = record.publish("2024-02-01")
    publishing.retract(record.revision.event_id, record.author)
    row, _ = propose(record.revision.event_id, kind="reply")
    assert (row.event_id, row.kind) == (record.revision.event_id, "reply")

    Event.objects.filter(pk=record.revision.event_id).update(merged_into=kept.event_id)
    row, _ = propose(record.revision.event_id, "Another thing that is wrong.")
    assert (row.event_id, row.revision) == (kept.event_id, kept.seq)


def test_the_revision_that_was_seen_may_be_an_earlier_one_of_that_event_only(record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author)
    row, _ = propose(record.revision.event_id, revision=record.revision.seq)
    assert row.revision == record.revision.seq
    other = record.publish("2024-02-01")
    with pytest.raises(InvalidProposal) as caught:
        propose(record.revision.event_id, "Some other words.", revision=other.seq)
    assert caught.value.field == "revision"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": "too short"}, "text"),
        ({"text": " " * 20 + "short"}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"text": "eleven char\x00"}, "text"),
        ({"text": "eleven char\ud800"}, "text"),
        ({"text": "eleven char\x1b[2J"}, "text"),
        ({"kind": "praise"}, "kind"),
        ({"field": "/penalties/7"}, "field"),
        ({"field": "penalties"}, "field"),
        ({"field": "/penalties/0/secret"}, "field"),
        ({"field": "/" + "x" * 100}, "field"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "ftp://example.org/x"}, "source_url"),
        ({"source_url": "https://example.org/" + "x" * 2000}, "source_url"),
        ({"contact": "not an address"}, "contact"),
        ({"contact": "a@example.org\nBcc: b@example.org"}, "contact"),
        ({"name": "x" * 201}, "name"),
        ({"event_id": 999_999}, "event"),
        ({"event_id": 2**63 - 1}, "event"),
    ],
)
def test_what_cannot_be_a_proposal_is_refused_with_its_field(
    record: Record, fields: dict[str, Any], wrong: str
) -> None:
    values: dict[str, Any] = {
        "event_id": record.revision.event_id,
        "kind": "correction",
        "text": TEXT,
    } | fields

    with pytest.raises(InvalidProposal) as caught:
        submit(**values)

    assert caught.value.field == wrong
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    "field", ["", "/penalties/0", "/details/penalties/0/from", "/dates/decided", "/subject/title"]
)
def test_every_field_that_pages_or_the_api_show_can_be_named(record: Record, field: str) -> None:
    assert propose(record.revision.event_id, field=field)[0].field == field


def test_a_curator_answers_once_and_the_first_answer_stands(record: Record) -> None:
    row, _ = propose(record.revision.event_id)
    first, second = scenes.curator("one"), scenes.curator("two")

    answered = answer(row.pk, first, ProposalState.ACCEPTED, " It was taken up. ")

    assert (answered.state, answered.answer, answered.handled_by) == ("accepted", "It was taken up.", first)
    assert answered.handled_at is not None
    with pytest.raises(NotAnswerable):
        answer(row.pk, second, ProposalState.DECLINED, "No.")
    row.refresh_from_db()
    assert (row.state, row.handled_by) == ("accepted", first)


@pytest.mark.django_db(transaction=True)
def test_of_curators_who_answer_at_once_one_does() -> None:
    row, _ = propose(publish().event_id)
    curators = [scenes.curator(f"at once {n}") for n in range(4)]

    def attempt(number: int) -> bool:
        try:
            answer(row.pk, curators[number], ProposalState.DECLINED, f"By {number}")
        except NotAnswerable:
            return False
        return True

    won = at_once(4, attempt)

    assert sum(won) == 1
    row.refresh_from_db()
    assert row.answer == f"By {won.index(True)}"


def test_answering_needs_the_permission_to_curate_a_verdict_and_words(record: Record) -> None:
    row, _ = propose(record.revision.event_id)
    curator, clerk = scenes.curator(), User.objects.create_user("clerk", is_staff=True)

    with pytest.raises(PermissionDenied):
        answer(row.pk, clerk, ProposalState.ACCEPTED, "Yes.")
    for state, text in (
        (ProposalState.OPEN, "Yes."),
        (ProposalState.ACCEPTED, " "),
        (ProposalState.ACCEPTED, "x" * (MAX_ANSWER + 1)),
        (ProposalState.ACCEPTED, "a\x00"),
    ):
        with pytest.raises(InvalidProposal):
            answer(row.pk, curator, state, text)
    with pytest.raises(NotAnswerable):
        answer(0, curator, ProposalState.ACCEPTED, "Yes.")
    row.refresh_from_db()
    assert row.state == "open"


def test_the_database_holds_no_answer_without_a_curator(record: Record) -> None:
    row, _ = propose(record.revision.event_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=row.pk).update(state="accepted", answer="Yes.")


@override_settings(PROPOSALS_PER_HOUR=2, PROPOSALS_PER_DAY=3)
def test_an_address_sends_a_few_an_hour_and_a_day(clean_cache: None) -> None:
    for _ in range(2):
        limits.count("198.51.100.7")
    with pytest.raises(TooManySent) as caught:
        limits.count("198.51.100.7")
    assert 0 < caught.value.wait <= 3600
    limits.count("198.51.100.8")


def test_an_address_is_counted_with_all_that_its_owner_has() -> None:
    assert limits.network("2001:db8:1:2::1") == limits.network("2001:db8:1:2:ffff::9")
    assert limits.network("2001:db8:1:2::1") != limits.network("2001:db8:1:3::1")
    assert limits.network("::ffff:198.51.100.7") == limits.network("198.51.100.7") == "198.51.100.7"
    assert limits.network("unix") == "unix"


def test_proposals_are_taken_in_while_redis_is_away(record: Record) -> None:
    away = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }

    with override_settings(CACHES=away):
        for _ in range(30):
            limits.count("198.51.100.7")


def publish() -> Revision:
    """A demotion on record, committed."""
    parent = scenes.company()
    organization = scenes.unit("Northlake Cloud", parent)
    scenes.ladder(parent)
    draft = scenes.demotion(scenes.executive(), organization, scenes.document(scenes.DEMOTION_TEXT))
    return publishing.publish(draft, scenes.curator())


def at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """What `work` gives for 0, 1, ... each in a thread and on a connection of its own."""

    def run(number: int) -> Any:
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))
