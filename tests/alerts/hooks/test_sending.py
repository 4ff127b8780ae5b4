"""What receivers get, in which order, and what happens where they do not take it."""

from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone
from pytest_django import Settings
from standardwebhooks.webhooks import WebhookVerificationError

from events.alerts.hooks import posting
from events.alerts.hooks.keeping import (
    pause,
    ping,
    replay,
    replay_failed,
    replay_since,
    resume,
    rotate_secret,
)
from events.alerts.hooks.matching import write_messages
from events.alerts.hooks.sending import LOST, due_webhooks, send_webhook
from events.alerts.suppression import suppress
from events.choices import SuppressionReason
from events.exceptions import FetchRefused
from events.models.access import User
from events.models.webhooks import Webhook, WebhookMessage
from events.record.publishing import retract, undo
from tests.alerts.helpers import MailServer, race, text_of
from tests.alerts.hooks.helpers import make_due, matched, states, story, webhook
from tests.alerts.hooks.receivers import Receiver, Reply, answer, closing, dripping, silent, slow

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_message_is_signed_and_says_what_the_change_stream_says(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)

    assert due_webhooks() == [hook.pk]
    assert send_webhook(hook.pk) == 1

    [received] = receiver.received
    message = received.verified(hook.secret)
    assert message["type"] == "event.published"
    data = message["data"]
    assert (data["operation"], data["sequence"]) == ("ADD", news.revision.seq)
    assert data["ordering_key"] == f"event-{news.event}"
    assert data["event"] == news.revision.payload
    assert data["previous"] is None
    assert received.headers["content-type"] == "application/json"
    assert received.headers["webhook-id"] == hook.messages.get().message_id
    assert states(hook) == ["sent"]
    assert due_webhooks() == []


def test_a_correction_brings_old_and_new_values(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    later = news.corrected()
    matched(news.revision, later)

    send_webhook(hook.pk)

    data = receiver.received[1].verified(hook.secret)["data"]
    assert data["previous"] == news.revision.payload
    assert data["event"] == later.payload
    assert data["changes"] == later.changes
    assert {"field", "old", "new"} == set(data["changes"][0])


def test_each_step_of_an_events_life_has_a_type_of_its_own(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    later = news.corrected()
    gone = retract(news.event, news.curator, reason="It was wrong.")
    back = undo(news.event, news.curator, reason="It was right.")
    matched(news.revision, later, gone, back)

    send_webhook(hook.pk)

    types = [received.verified(hook.secret)["type"] for received in receiver.received]
    assert types == ["event.published", "event.corrected", "event.retracted", "event.restored"]
    assert receiver.told(hook.secret) == [news.revision.seq, later.seq, gone.seq, back.seq]


def test_what_is_not_taken_is_sent_again_under_the_same_id(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(answer("500 Internal Server Error"))

    assert send_webhook(hook.pk) == 0
    assert states(hook) == ["pending"]
    assert due_webhooks() == []
    make_due(hook)
    assert send_webhook(hook.pk) == 1

    assert states(hook) == ["sent"]
    assert receiver.ids[0] == receiver.ids[1]
    first, second = hook.messages.get().log
    assert (first["status"], second["status"]) == (500, 200)
    assert first["problem"] == "The receiver has a fault (HTTP 500)."
    assert second["problem"] == ""


def test_a_redirect_is_not_followed_and_says_so(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(answer("308 Permanent Redirect", location=f"http://{receiver.address}/elsewhere"))

    send_webhook(hook.pk)

    assert [received.path for received in receiver.received] == ["/in"]
    assert "Redirects are not followed" in hook.messages.get().error
    assert states(hook) == ["pending"]


def test_a_receiver_that_says_it_is_gone_gets_nothing_more(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision, news.corrected())
    receiver.replies.append(answer("410 Gone"))

    send_webhook(hook.pk)
    matched(news.corrected(end="22B", levels=1))
    make_due(hook)
    send_webhook(hook.pk)

    hook.refresh_from_db()
    assert hook.state == "gone"
    assert "HTTP 410" in hook.state_reason
    assert states(hook) == ["failed", "cancelled"]
    assert len(receiver.received) == 1


@pytest.mark.parametrize("status", ["429 Too Many Requests", "503 Service Unavailable"])
def test_a_receiver_may_ask_to_wait(receiver: Receiver, status: str) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(answer(status, retry_after="1800"))
    before = timezone.now()

    send_webhook(hook.pk)

    assert hook.messages.get().next_attempt_at >= before + timedelta(seconds=1800)


def test_a_receiver_may_not_ask_to_wait_for_ever(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(answer("503 Service Unavailable", retry_after="99999999"))

    send_webhook(hook.pk)

    assert hook.messages.get().next_attempt_at <= timezone.now() + timedelta(hours=6)


def _head_drips(receiver: Receiver) -> Reply:
    return dripping(receiver, b"HTTP/1.1 200 OK\r\n", b"x-drip: drop\r\n")


@pytest.mark.parametrize("make", [silent, _head_drips], ids=["silent", "its head drips"])
def test_a_receiver_that_does_not_answer_holds_nobody_for_long(
    receiver: Receiver, make: Callable[[Receiver], Reply], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "SECONDS", 1.0)
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(make(receiver))

    assert send_webhook(hook.pk) == 0

    [entry] = hook.messages.get().log
    assert entry["status"] is None
    assert "did not answer within" in entry["problem"]
    assert entry["milliseconds"] < 10_000


def test_a_slow_answer_is_an_answer(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(slow(receiver, 1.5, answer("202 Accepted")))

    assert send_webhook(hook.pk) == 1
    assert states(hook) == ["sent"]


def test_of_an_answer_without_end_the_head_counts(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 100000000\r\n\r\n"
    receiver.replies.append(dripping(receiver, head, b"x" * 1_000_000))

    assert send_webhook(hook.pk) == 1
    assert states(hook) == ["sent"]


@pytest.mark.parametrize(
    "reply", [closing, lambda request, connection: connection.sendall(b"ICY 200 OK\r\n\r\n")]
)
def test_an_answer_that_is_none_is_a_failure(receiver: Receiver, reply: Reply) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(reply)

    assert send_webhook(hook.pk) == 0
    assert "broke off or is not valid HTTP" in hook.messages.get().error


def test_a_connection_that_the_receiver_closed_meanwhile_is_no_failure(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    later = news.corrected()
    matched(news.revision, later)

    def once_more(request: object, connection: object) -> None:
        answer()(request, connection)  # type: ignore[arg-type]
        closing(request, connection)  # type: ignore[arg-type]

    receiver.replies.append(once_more)

    assert send_webhook(hook.pk) == 2
    assert receiver.connections == 2
    assert [len(message.log) for message in hook.messages.all()] == [1, 1]


def test_messages_share_a_connection(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision, news.corrected(), retract(news.event, news.curator, reason="It was wrong."))

    assert send_webhook(hook.pk) == 3
    assert receiver.connections == 1


def test_no_message_overtakes_an_earlier_one_about_its_event(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    later = news.corrected()
    matched(news.revision, later)
    receiver.replies.append(answer("500 Internal Server Error"))
    send_webhook(hook.pk)
    hook.messages.filter(revision=later).update(next_attempt_at=timezone.now() - timedelta(hours=1))

    assert send_webhook(hook.pk) == 0
    assert len(receiver.received) == 1

    make_due(hook)
    send_webhook(hook.pk)
    assert receiver.told(hook.secret) == [news.revision.seq, news.revision.seq, later.seq]


def test_no_message_is_sent_while_an_earlier_revision_is_not_matched(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    later = news.corrected()
    write_messages(later)

    assert send_webhook(hook.pk) == 0

    matched(news.revision)
    assert send_webhook(hook.pk) == 2
    assert receiver.told(hook.secret) == [news.revision.seq, later.seq]


def test_a_failing_receiver_is_not_asked_with_every_message_that_waits(receiver: Receiver) -> None:
    news, other, hook = story(), story(), webhook(receiver.url)
    matched(news.revision, other.revision)
    receiver.replies.append(answer("500 Internal Server Error"))

    send_webhook(hook.pk)

    assert len(receiver.received) == 1
    assert due_webhooks() == []


def test_a_receiver_that_is_back_gets_at_once_what_waited(receiver: Receiver) -> None:
    news, other, hook = story(), story(), webhook(receiver.url)
    matched(news.revision, other.revision)
    receiver.replies.append(answer("500 Internal Server Error"))
    send_webhook(hook.pk)
    hook.messages.filter(revision=news.revision).update(next_attempt_at=timezone.now() - timedelta(hours=1))

    assert send_webhook(hook.pk) == 2
    hook.refresh_from_db()
    assert hook.failing_since is None


def test_a_message_that_is_refused_for_its_own_sake_holds_up_no_other_event(receiver: Receiver) -> None:
    news, other, hook = story(), story(), webhook(receiver.url)
    matched(news.revision, other.revision)
    receiver.replies.append(answer("400 Bad Request"))
    send_webhook(hook.pk)
    hook.messages.filter(revision=other.revision).update(next_attempt_at=timezone.now() - timedelta(hours=1))

    assert send_webhook(hook.pk) == 1
    assert states(hook) == ["pending", "sent"]


def test_a_slow_receiver_does_not_hold_up_another(receiver: Receiver) -> None:
    news = story()
    hooks = [webhook(receiver.url), webhook(receiver.url)]
    matched(news.revision)
    receiver.replies.append(answer("500 Internal Server Error"))

    for hook in hooks:
        send_webhook(hook.pk)

    assert [states(hook) for hook in hooks] == [["pending"], ["sent"]]


def test_attempts_end_three_days_after_the_first(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.extend([answer("500 Internal Server Error")] * 3)
    send_webhook(hook.pk)
    Webhook.objects.update(failing_since=None)

    make_due(hook, hours=71)
    send_webhook(hook.pk)
    message = hook.messages.get()
    assert message.first_attempt_at is not None
    assert message.next_attempt_at <= message.first_attempt_at + timedelta(days=3)
    Webhook.objects.update(failing_since=None)
    make_due(hook, hours=2)
    send_webhook(hook.pk)

    assert states(hook) == ["failed"]
    assert hook.messages.get().error == "The receiver has a fault (HTTP 500)."


def test_a_webhook_whose_receiver_takes_nothing_for_a_day_is_paused_and_says_why(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    _until_paused(receiver, hook)

    hook.refresh_from_db()
    assert hook.state == "paused"
    assert "nothing was taken for a day" in hook.state_reason
    assert hook.state_changed_at is not None
    make_due(hook)
    assert due_webhooks() == []

    resume(hook)
    assert send_webhook(hook.pk) == 1
    hook.refresh_from_db()
    assert (hook.state, hook.state_reason, hook.failing_since) == ("active", "", None)


def _until_paused(receiver: Receiver, hook: Webhook) -> None:
    receiver.replies.extend([answer("500 Internal Server Error")] * 2)
    send_webhook(hook.pk)
    make_due(hook, hours=25)
    send_webhook(hook.pk)


def test_the_owner_is_told_by_mail_that_a_webhook_is_paused(receiver: Receiver, server: MailServer) -> None:
    news, hook = story(), webhook(f"{receiver.url}?token=bird")
    User.objects.filter(pk=hook.owner_id).update(email="owner@example.org")
    matched(news.revision)

    _until_paused(receiver, hook)

    assert server.recipients == ["owner@example.org"]
    [mail] = server.received
    assert mail["Subject"] == "Your webhook at 127.0.0.1 is paused"
    assert mail["Auto-Submitted"] == "auto-generated"
    said = text_of(mail)
    assert "nothing was taken for a day" in said
    assert f"/api/v1/webhooks/{hook.pk}/resume/" in said
    assert "bird" not in said


def test_an_address_that_takes_no_mail_is_left_alone(receiver: Receiver, server: MailServer) -> None:
    news, hook = story(), webhook(receiver.url)
    User.objects.filter(pk=hook.owner_id).update(email="owner@example.org")
    suppress("owner@example.org", SuppressionReason.BOUNCE)
    matched(news.revision)

    _until_paused(receiver, hook)

    assert server.received == []
    assert Webhook.objects.get().state == "paused"


def test_messages_of_a_paused_webhook_wait_until_it_is_resumed(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    pause(hook)
    matched(news.revision)

    assert send_webhook(hook.pk) == 0
    assert due_webhooks() == []

    resume(hook)
    assert send_webhook(hook.pk) == 1


def test_nothing_is_sent_for_an_owner_who_may_not_sign_in_any_more(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    hook.owner.is_active = False
    hook.owner.save()

    assert due_webhooks() == []
    assert send_webhook(hook.pk) == 0


def test_both_secrets_sign_while_they_overlap_and_the_old_one_no_longer(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    old = hook.secret
    new = rotate_secret(hook)
    matched(news.revision)

    send_webhook(hook.pk)
    receiver.received[0].verified(old)
    receiver.received[0].verified(new)

    Webhook.objects.update(old_secret_until=timezone.now() - timedelta(seconds=1))
    matched(news.corrected())
    send_webhook(hook.pk)
    receiver.received[1].verified(new)
    with pytest.raises(WebhookVerificationError):
        receiver.received[1].verified(old)


def test_a_secret_that_leaked_ends_at_once_where_its_owner_says_so(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    old = hook.secret
    rotate_secret(hook, timedelta())
    matched(news.revision)

    send_webhook(hook.pk)

    with pytest.raises(WebhookVerificationError):
        receiver.received[0].verified(old)


def test_what_failed_can_be_sent_again_under_its_id(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision, news.corrected())
    hook.messages.update(state="failed")

    assert replay_failed(hook) == 2
    assert send_webhook(hook.pk) == 2
    assert receiver.ids == list(hook.messages.order_by("revision").values_list("message_id", flat=True))


def test_what_was_taken_can_be_sent_again_from_a_revision_or_a_time_on(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    later = news.corrected()
    matched(news.revision, later)
    send_webhook(hook.pk)

    assert replay_since(hook, seq=later.seq) == 1
    assert replay_since(hook, moment=news.revision.recorded_at) == 1
    assert states(hook) == ["pending", "pending"]
    assert send_webhook(hook.pk) == 2
    assert replay(hook.messages.filter(revision=later)) == 1
    send_webhook(hook.pk)
    assert receiver.told(hook.secret) == [
        news.revision.seq,
        later.seq,
        news.revision.seq,
        later.seq,
        later.seq,
    ]


def test_two_workers_send_a_message_once(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(slow(receiver, 0.3, answer()))

    taken = race(lambda: send_webhook(hook.pk), workers=3)

    assert sorted(taken) == [0, 0, 1]
    assert len(receiver.received) == 1


def _send(pk: int) -> None:
    send_webhook(pk)


def test_a_message_whose_worker_was_killed_is_sent_again_under_the_same_id(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    receiver.replies.append(silent(receiver))
    connections.close_all()
    worker = multiprocessing.get_context("fork").Process(target=_send, args=(hook.pk,))
    worker.start()
    assert receiver.arrived.acquire(timeout=60)
    worker.kill()
    worker.join()

    assert states(hook) == ["sending"]
    assert send_webhook(hook.pk) == 0
    make_due(hook)
    assert due_webhooks() == [hook.pk]
    assert send_webhook(hook.pk) == 1

    assert receiver.ids == [hook.messages.get().message_id] * 2
    assert [entry["problem"] for entry in hook.messages.get().log] == [LOST, ""]


def test_nothing_is_sent_inside_a_transaction(receiver: Receiver) -> None:
    hook = webhook(receiver.url)
    with transaction.atomic(), pytest.raises(RuntimeError):
        send_webhook(hook.pk)


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_private_address_is_never_asked(receiver: Receiver, scheme: str, settings: object) -> None:
    settings.WEBHOOK_ALLOWED_HOSTS = []  # type: ignore[attr-defined]
    news = story()
    port = receiver.address.partition(":")[2]
    hooks = [
        webhook(f"{scheme}://{host}:{port}/in") for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0")
    ]
    matched(news.revision)

    for hook in hooks:
        assert send_webhook(hook.pk) == 0

    assert receiver.received == []
    assert receiver.connections == 0
    for message in WebhookMessage.objects.all():
        said = "https addresses only" if scheme == "http" else "only public ones are fetched"
        assert said in message.error


def test_a_test_message_is_signed_and_leaves_no_trace(receiver: Receiver) -> None:
    hook = webhook(receiver.url, state="paused")

    assert ping(hook).taken

    message = receiver.received[0].verified(hook.secret)
    assert message["type"] == "ping"
    assert not hook.messages.exists()


def test_no_secret_and_no_address_stands_in_a_log(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    news, hook = story(), webhook(f"{receiver.url}?token=bird")
    matched(news.revision)
    receiver.replies.extend([answer("500 Internal Server Error"), answer("410 Gone")])
    old = hook.secret
    rotate_secret(hook)
    send_webhook(hook.pk)
    make_due(hook)
    send_webhook(hook.pk)

    assert "webhook" in caplog.text
    for secret in (old, hook.secret, old.removeprefix("whsec_"), "token=bird"):
        assert secret not in caplog.text
    for message in WebhookMessage.objects.all():
        assert "whsec_" not in f"{message.log}{message.error}"


def test_a_webhook_that_was_deleted_meanwhile_does_no_harm(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision)
    pk = hook.pk

    def delete(request: object, connection: object) -> None:
        try:
            Webhook.objects.filter(pk=pk).delete()
        finally:
            connections.close_all()
        answer()(request, connection)  # type: ignore[arg-type]

    receiver.replies.append(delete)
    send_webhook(pk)

    assert not Webhook.objects.exists()


def test_a_webhook_that_a_worker_sends_to_is_not_handed_out_again(receiver: Receiver) -> None:
    news, hook = story(), webhook(receiver.url)
    matched(news.revision, news.corrected())
    seen: list[list[int]] = []

    def look(request: object, connection: object) -> None:
        try:
            seen.append(due_webhooks())
        finally:
            connections.close_all()
        answer()(request, connection)  # type: ignore[arg-type]

    receiver.replies.append(look)
    send_webhook(hook.pk)

    assert seen == [[]]


def test_what_feeds_may_be_fetched_from_is_not_open_to_webhooks(settings: Settings) -> None:
    settings.FETCH_ALLOWED_HOSTS = ["127.0.0.1:8080"]
    settings.WEBHOOK_ALLOWED_HOSTS = []

    with pytest.raises(FetchRefused):
        posting.check_address("http://127.0.0.1:8080/hook")
