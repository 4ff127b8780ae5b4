"""What a mail still says when its turn comes, and which mails come first."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.alerts import messages, outbox, sending
from events.alerts.gathering import gather_due
from events.alerts.matching import match_revision
from events.alerts.planning import Verdict, plan
from events.alerts.receipts import claim
from events.alerts.sending import send_due
from events.alerts.suppression import is_suppressed, suppress
from events.choices import MailKind, SuppressionReason
from events.models.alerts import Delivery, Mail
from events.record.publishing import retract, revise
from tests import scenes
from tests.alerts.helpers import (
    DROP,
    MailServer,
    deliver_all,
    follow,
    make_due,
    match_all,
    race,
    send_gathered,
    story,
    subscriber,
    text_of,
)
from tests.alerts.helpers import outbox as one_mail
from tests.alerts.test_gathering import crowd, in_case

pytestmark = pytest.mark.django_db(transaction=True)


def of_case() -> tuple[Any, list[Any], Mail]:
    """A case of two appointments, gathered into one mail."""
    told, revisions = in_case("CFO", "COO")
    follow(subscriber(), organization=told.company, kind="leadership")
    match_all()
    gather_due()
    return told, revisions, Mail.objects.get()


def states(mail: Mail) -> list[str]:
    return list(mail.deliveries.order_by("revision").values_list("state", flat=True))


def test_what_is_retracted_drops_out_of_a_mail_and_the_rest_is_told(server: MailServer) -> None:
    told, revisions, mail = of_case()
    retract(revisions[0].event_id, told.curator)

    send_gathered()

    [received] = server.received
    assert "Person CFO" not in text_of(received)
    assert "Person COO" in text_of(received)
    assert states(mail) == ["cancelled", "sent"]


def test_a_mail_of_which_nothing_is_left_is_not_sent(server: MailServer) -> None:
    told, revisions, mail = of_case()
    for revision in revisions:
        retract(revision.event_id, told.curator)

    send_gathered()

    assert server.received == []
    assert states(mail) == ["cancelled", "cancelled"]
    assert Mail.objects.get().state == "cancelled"


def test_what_drops_out_of_a_copy_counts_as_told(server: MailServer) -> None:
    told, revisions, mail = of_case()
    server.at_data.append(DROP)
    send_due()
    retract(revisions[0].event_id, told.curator)
    make_due()

    send_gathered()
    deliver_all()

    assert states(mail) == ["sent", "sent"]
    assert [str(each["Message-ID"]) for each in server.received[:2]] == [mail.message_id] * 2
    assert len(server.received) == 3
    assert "Retracted" in server.subjects[2]


def test_a_correction_and_news_of_one_case_may_share_a_mail(server: MailServer) -> None:
    told, revisions, _ = of_case()
    send_gathered()
    case = revisions[0].event.case_id
    for revision, name in zip(revisions, ("CFO", "COO"), strict=True):
        draft = scenes.appointment(
            scenes.executive(f"Person {name}"), told.company, told.source, day="2025-12", title=name
        )
        subject = draft.subject.__class__(
            draft.subject.role, draft.subject.type, draft.subject.name,
            revision.payload["subject"]["id"], name,
        )  # fmt: skip
        revise(
            revision.event_id,
            draft.__class__(**(draft.__dict__ | {"case_id": case, "subject": subject})),
            told.curator,
        )
    match_all()

    assert gather_due() == 1
    send_gathered()

    assert len(server.received) == 2
    assert server.received[1]["References"] == server.received[0]["Message-ID"]


def test_a_reader_who_leaves_while_a_mail_is_written_gets_none(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    mail = one_mail(story())
    compose = messages.compose

    def and_leave(*args: Any) -> Any:
        Delivery.objects.update(state="cancelled")
        return compose(*args)

    monkeypatch.setattr(sending, "compose", and_leave)

    assert send_due().sent == 0

    assert server.received == []
    assert Mail.objects.get(pk=mail.pk).claimed_until is None


def test_a_suppressed_address_gets_nothing(server: MailServer) -> None:
    mail = one_mail(story())
    outbox.put(mail.subscriber, MailKind.ACCESS)
    suppress(mail.subscriber.email.upper(), SuppressionReason.STAFF)

    send_gathered()

    assert server.received == []
    assert set(Mail.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Delivery.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("550 5.1.1 no such user", True), ("550 5.7.1 not from you", False), ("550 no", False)],
)
def test_an_address_that_takes_no_mail_for_good_is_suppressed(
    server: MailServer, answer: str, expected: bool
) -> None:
    mail = one_mail(story())
    server.at_rcpt.append(answer)

    send_due()

    assert Mail.objects.get().state == "failed"
    assert is_suppressed(mail.subscriber.email) is expected


def test_an_address_that_is_confirmed_already_is_not_asked_again(server: MailServer) -> None:
    reader = subscriber(confirmed=False)
    outbox.put(reader, MailKind.CONFIRMATION)
    type(reader).objects.update(confirmed_at="2025-11-01T00:00:00Z")

    send_due()

    assert server.received == []
    assert Mail.objects.get().state == "cancelled"


def test_who_asks_to_join_does_not_wait_behind_an_events_many_readers(server: MailServer) -> None:
    told = story()
    crowd(told, 30)
    match_revision(told.revision.seq)
    gather_due()
    asked = outbox.put(subscriber(confirmed=False), MailKind.CONFIRMATION)

    send_due(limit=4)

    assert server.recipients[0] == asked.subscriber.email
    assert len(server.recipients) == 4


def test_mails_about_subscriptions_leave_half_of_a_batch_to_news() -> None:
    told = story()
    crowd(told, 5)
    match_revision(told.revision.seq)
    gather_due()
    for _ in range(9):
        outbox.put(subscriber(confirmed=False), MailKind.CONFIRMATION)

    kinds = [mail.kind for mail in claim(6)]

    assert kinds == ["confirmation"] * 3 + ["alert"] * 3


def test_two_workers_claim_each_mail_once() -> None:
    told = story()
    crowd(told, 40)
    match_revision(told.revision.seq)
    gather_due()

    claimed = [mail.pk for batch in race(lambda: claim(25), workers=3) for mail in batch]

    assert len(claimed) == len(set(claimed)) == 40


def test_planning_many_mails_asks_no_more_than_planning_few() -> None:
    told = story()
    crowd(told, 30)
    match_revision(told.revision.seq)
    gather_due()
    mails = list(Mail.objects.select_related("subscriber"))

    def statements(count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            plans = plan(mails[:count])
        assert {step.verdict for step in plans} == {Verdict.SEND}
        return len(seen)

    assert statements(30) == statements(3) <= 10
