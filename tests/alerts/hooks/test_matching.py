"""Which webhooks hear of which revisions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from events import curation
from events.alerts.hooks.matching import write_messages
from events.alerts.matching import match_revision
from events.models.record import Revision
from events.models.webhooks import Webhook, WebhookMessage
from events.record.draft import SeverityOverride
from events.record.publishing import publish, retract, undo
from tests import scenes
from tests.alerts.helpers import race
from tests.alerts.hooks.helpers import Story, story, webhook

pytestmark = pytest.mark.django_db


def told(hook: Webhook) -> list[int]:
    return list(hook.messages.order_by("revision").values_list("revision", flat=True))


def lowered(news: Story) -> Revision:
    """A correction after which the demotion is one without severity, which few wish to hear of."""
    return news.corrected(override=SeverityOverride(0, "A clerical step."))


def test_every_webhook_whose_wish_is_met_gets_a_message() -> None:
    news = story()
    everything, company, words = webhook(), webhook(organization=news.company), webhook(text="ilse van")
    person = webhook(executive=news.person, kind="discipline", min_severity=3)

    assert write_messages(news.revision) == 4

    for hook in (everything, company, words, person):
        assert told(hook) == [news.revision.seq]


@pytest.mark.parametrize(
    "conditions",
    [
        lambda: {"kind": "sanction"},
        lambda: {"min_severity": 4},
        lambda: {"text": "no such words"},
        lambda: {"executive": scenes.executive("Marcus Oyelaran")},
        lambda: {"organization": scenes.company("Fernhill")},
    ],
)
def test_one_condition_that_does_not_hold_is_enough_for_none(
    conditions: Callable[[], dict[str, Any]],
) -> None:
    news = story()
    hook = webhook(**conditions())

    assert write_messages(news.revision) == 0
    assert told(hook) == []


def test_matching_a_revision_reaches_webhooks_as_it_reaches_subscribers() -> None:
    news, hook = story(), webhook()
    later = news.corrected()

    for revision in (news.revision, later):
        match_revision(revision.seq)

    assert told(hook) == [news.revision.seq, later.seq]


def test_matching_twice_writes_once() -> None:
    news, _ = story(), webhook()
    write_messages(news.revision)

    assert write_messages(news.revision) == 0
    assert WebhookMessage.objects.count() == 1


def test_a_correction_goes_to_who_was_told_though_the_wish_is_not_met_any_more() -> None:
    news, hook = story(), webhook(min_severity=3)
    write_messages(news.revision)

    later = lowered(news)
    write_messages(later)

    assert told(hook) == [news.revision.seq, later.seq]


def test_a_retraction_goes_to_who_was_told() -> None:
    news, hook = story(), webhook(min_severity=3)
    write_messages(news.revision)
    later = lowered(news)
    write_messages(later)

    last = retract(news.event, news.curator, reason="It was wrong.")
    write_messages(last)

    assert told(hook) == [news.revision.seq, later.seq, last.seq]


def test_who_was_not_told_and_does_not_ask_hears_of_no_correction() -> None:
    news = story(override=SeverityOverride(0, "A clerical step."))
    hook = webhook(min_severity=3)
    write_messages(news.revision)

    write_messages(lowered(news))

    assert told(hook) == []


def test_revisions_that_are_matched_in_the_wrong_order_are_all_told() -> None:
    news, hook = story(), webhook(min_severity=3)
    later = lowered(news)
    last = retract(news.event, news.curator, reason="It was wrong.")

    assert [write_messages(revision) for revision in (last, later, news.revision)] == [0, 0, 3]
    assert told(hook) == [news.revision.seq, later.seq, last.seq]


def test_a_paused_webhook_gets_messages_that_wait_and_one_that_is_gone_none() -> None:
    news, paused, gone = story(), webhook(state="paused"), webhook(state="gone")

    write_messages(news.revision)

    assert told(paused) == [news.revision.seq]
    assert told(gone) == []


def test_who_was_told_of_a_duplicate_hears_how_the_event_goes_on_that_it_was_merged_into() -> None:
    news = story(override=SeverityOverride(0, "A clerical step."))
    hook = webhook(min_severity=3)
    warning: dict[str, Any] = {
        "action": "warning",
        "penalties": ({"type": "warning", "degree": "severe"},),
    }
    double = publish(scenes.demotion(news.person, news.division, news.source, **warning), news.curator)
    write_messages(double)

    curation.merge_events(double.event_id, news.event, news.curator, "one event", approver=scenes.curator())
    for revision in Revision.objects.filter(seq__gt=double.seq).order_by("seq"):
        write_messages(revision)
    later = news.corrected()
    write_messages(later)

    assert told(hook)[0] == double.seq
    assert told(hook)[-1] == later.seq


def test_an_event_that_is_put_back_is_told_again() -> None:
    news, hook = story(), webhook()
    retract(news.event, news.curator, reason="It was wrong.")
    undo(news.event, news.curator, reason="It was right.")

    for revision in Revision.objects.order_by("seq"):
        write_messages(revision)

    assert len(told(hook)) == 3


@pytest.mark.django_db(transaction=True)
def test_two_workers_with_two_revisions_of_an_event_leave_no_gap() -> None:
    news, hook = story(), webhook(min_severity=3)
    revisions = [lowered(news), news.revision]

    race(lambda: write_messages(revisions.pop()))

    assert len(told(hook)) == 2
    assert len(set(hook.messages.values_list("message_id", flat=True))) == 2
