"""What workers count outlives Redis' absence, and questions that hang hold one thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from celery import Celery
from pytest_django import Settings

from tests.seeing.test_doctor import own_redis
from tracker.celery import app as tracker
from tracker.local.mailcatcher import free_port
from tracker.seeing import broker, collecting, counting
from tracker.seeing.counting import Tally
from tracker.seeing.questions import Question


@pytest.fixture
def own(settings: Settings) -> Iterator[Settings]:
    """A Redis of the test's own."""
    with own_redis() as port:
        settings.REDIS_URL = settings.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
        broker.client.cache_clear()
        yield settings
    broker.client.cache_clear()


def test_counts_of_two_processes_are_added_up(own: Settings) -> None:
    one, other = Tally(), Tally()
    one.add(counting.OUTCOMES, ("mail.sent", "sent"), 2)
    other.add(counting.OUTCOMES, ("mail.sent", "sent"))
    for tally in (one, other, one):
        tally.hand_over()

    assert counting.read() == {(counting.OUTCOMES, "mail.sent", "sent"): 3.0}


def test_what_redis_does_not_take_is_counted_for_the_next_time(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "_REST", 0.0)
    there, tally = own.REDIS_URL, Tally()
    tally.add(counting.OUTCOMES, ("mail.sent", "sent"))
    own.REDIS_URL = f"redis://127.0.0.1:{free_port()}/0"
    broker.client.cache_clear()
    tally.hand_over()
    own.REDIS_URL = there
    broker.client.cache_clear()

    tally.hand_over()

    assert counting.read() == {(counting.OUTCOMES, "mail.sent", "sent"): 1.0}


@pytest.mark.django_db
def test_times_become_a_distribution_whose_last_bucket_holds_all(own: Settings) -> None:
    tally = Tally()
    for seconds in (0.001, 0.3, 0.3, 9_999.0):
        tally.observe(counting.TASK_SECONDS, ("match_revision", "success"), seconds)
    tally.hand_over()

    [family] = [one for one in collecting.Service().collect() if one.name == counting.TASK_SECONDS]

    values = {(s.name, s.labels.get("le")): s.value for s in family.samples}
    assert values[f"{counting.TASK_SECONDS}_bucket", "0.01"] == 1
    assert values[f"{counting.TASK_SECONDS}_bucket", "0.5"] == 3
    assert values[f"{counting.TASK_SECONDS}_bucket", "240.0"] == 3
    assert values[f"{counting.TASK_SECONDS}_bucket", "+Inf"] == 4
    assert values[f"{counting.TASK_SECONDS}_count", None] == 4


def test_what_somebody_else_wrote_among_the_counts_is_passed_over(own: Settings) -> None:
    broker.client().hset(broker.TALLY, mapping={"no json": "1", '["a"]': "no number", '["b"]': "2"})

    assert counting.read() == {("b",): 2.0}


def test_queues_of_another_broker_are_counted_by_its_own_protocol(own: Settings) -> None:
    """Another Redis stands for it: what is asked is AMQP's passive declaration, which every transport answers."""
    with own_redis() as port:
        own.CELERY_BROKER_URL = f"redis://127.0.0.1:{port}/0"
        app = Celery("another", broker=own.CELERY_BROKER_URL, set_as_current=True)
        try:
            for _ in range(3):
                app.send_task("events.tasks.send_due_mail", queue="alerts")
            found = {queue.name: (queue.messages, queue.age) for queue in broker.queues()}
        finally:
            tracker.set_current()
            app.close()

    assert not broker.is_redis()
    assert found == {name: (3 if name == "alerts" else 0, None) for name in broker.queue_names()}


def test_another_broker_that_is_away_is_said_to_be(own: Settings) -> None:
    own.CELERY_BROKER_URL = f"amqp://guest:secret-of-rabbit@127.0.0.1:{free_port()}//"
    app = Celery("another", broker=own.CELERY_BROKER_URL, set_as_current=True)
    try:
        with pytest.raises(broker.BrokerAway) as raised:
            broker.queues()
    finally:
        tracker.set_current()
        app.close()

    assert "secret-of-rabbit" not in str(raised.value)


def test_a_question_that_hangs_holds_one_thread_however_many_ask() -> None:
    release = threading.Event()
    asked: list[str] = []

    def hang() -> str:
        asked.append("once")
        release.wait()
        return "answered"

    question = Question(hang)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            question.answer(0.01)
    release.set()

    assert question.answer(10) == "answered"
    assert asked == ["once"]
