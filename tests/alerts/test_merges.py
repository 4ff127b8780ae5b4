"""Merges: who is one with whom is no news, but nothing pending is lost and nobody is left with what is wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from events import curation
from events.alerts.matching import match_revision
from events.models.access import User
from events.models.acts import Act
from events.models.alerts import Delivery, Matching, Subscriber
from events.models.people import Executive
from events.models.record import Revision
from events.record.publishing import publish, retract, revise
from tests import scenes
from tests.alerts.helpers import MailServer, Story, deliver_all, follow, make_due, story, subscriber

pytestmark = pytest.mark.django_db(transaction=True)


def merge(told: Story, into: Executive | None = None) -> Act:
    """The person of the story turns out to be another one."""
    survivor = into or scenes.executive("Ilse Maria van Houten")
    return curation.merge_people(
        told.person.pk, survivor.pk, told.curator, "one person", approver=scenes.curator()
    )


def undo(act: Act, by: User) -> Act:
    return curation.undo_act(act.pk, by, "two people", approver=scenes.curator())


def states(reader: Subscriber) -> list[str]:
    return list(
        Delivery.objects.filter(subscriber=reader).order_by("revision").values_list("state", flat=True)
    )


def test_who_was_told_gets_no_mail_for_a_merge(server: MailServer) -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    deliver_all()

    merge(told)
    deliver_all()

    assert len(server.received) == 1
    assert states(reader) == ["sent", "cancelled"]


def test_who_follows_the_survivor_is_not_told_old_news_as_new(server: MailServer) -> None:
    told, survivor, reader = story(), scenes.executive("Ilse Maria van Houten"), subscriber()
    follow(reader, executive=survivor)
    deliver_all()

    merge(told, survivor)
    deliver_all()

    assert server.received == []
    assert states(reader) == []


def test_two_merges_in_a_row_tell_nobody_who_was_not_told_before(server: MailServer) -> None:
    told, survivor, reader = story(), scenes.executive("Ilse Maria van Houten"), subscriber()
    follow(reader, executive=survivor)
    deliver_all()

    between = scenes.executive("I. M. van Houten")
    merge(told, between)
    curation.merge_people(between.pk, survivor.pk, told.curator, "one", approver=scenes.curator())
    deliver_all()

    assert server.received == []


def test_a_message_that_a_merge_replaces_is_sent_about_the_survivor(server: MailServer) -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    match_revision(told.revision.seq)
    assert states(reader) == ["pending"]

    merge(told)
    deliver_all()

    assert states(reader) == ["cancelled", "sent"]
    [subject] = server.subjects
    assert "Ilse Maria van Houten" in subject


def test_news_that_was_not_matched_before_the_merge_reaches_its_followers(server: MailServer) -> None:
    told, survivor = story(), scenes.executive("Ilse Maria van Houten")
    old, new, both = subscriber(), subscriber(), subscriber()
    follow(old, executive=told.person)
    follow(new, executive=survivor)
    follow(both, executive=told.person)
    follow(both, executive=survivor)

    merge(told, survivor)
    deliver_all()

    assert sorted(server.recipients) == sorted([old.email, new.email, both.email])
    assert Matching.objects.get(revision=told.revision).done_at is None


def test_a_weekly_reader_whose_message_a_merge_replaces_still_gets_it(server: MailServer) -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person, frequency="weekly")
    match_revision(told.revision.seq)

    merge(told)
    deliver_all()
    make_due()
    deliver_all()

    assert states(reader) == ["cancelled", "sent"]


def test_undoing_a_merge_tells_only_those_who_heard_the_other_name(server: MailServer) -> None:
    told, before, between = story(), subscriber(), subscriber()
    follow(before, executive=told.person)
    deliver_all()
    act = merge(told)
    deliver_all()
    right = scenes.demotion(told.person, told.division, told.source)
    survivor = Executive.objects.get(pk=act.target or 0)
    follow(between, executive=survivor)
    moved = replace(right, subject=replace(right.subject, id=survivor.pk), grounds=("fraud",))
    revise(told.event, moved, told.curator)
    deliver_all()
    assert (states(before), states(between)) == (["sent", "cancelled", "sent"], ["sent"])

    undo(act, told.curator)
    deliver_all()

    assert (states(before)[-1], states(between)[-1]) == ("sent", "sent")


def test_a_merge_undone_at_once_tells_nobody(server: MailServer) -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    deliver_all()

    undo(merge(told), told.curator)
    deliver_all()

    assert len(server.received) == 1
    assert set(states(reader)[1:]) == {"cancelled"}


def test_a_pending_message_survives_a_merge_and_its_undoing(server: MailServer) -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    match_revision(told.revision.seq)

    undo(merge(told), told.curator)
    deliver_all()

    assert server.recipients == [reader.email]
    assert "Maria" not in server.subjects[0]


def test_who_was_told_is_told_of_a_split(server: MailServer) -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    deliver_all()

    curation.split_person(
        told.person.pk, [told.event], told.curator, "her namesake", name="Ilse B. van Houten",
        approver=scenes.curator(),
    )  # fmt: skip
    deliver_all()

    assert len(server.received) == 2
    assert "Ilse B. van Houten" in str(server.received[1])


def test_a_correction_after_a_merge_reaches_who_was_told_before_it(server: MailServer) -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    deliver_all()
    act = merge(told)

    curation.retract_event(told.event, told.curator, "wrong", approver=scenes.curator())
    deliver_all()

    assert act.revisions.count() == 1
    assert len(server.received) == 2


# Events


def duplicate(told: Story) -> Revision:
    """The same demotion, published a second time from another article, without its grades."""
    source = scenes.document("Later report. " + scenes.DEMOTION_TEXT)
    penalty = {"type": "demotion", "levels": 3}
    return publish(scenes.demotion(told.person, told.division, source, penalties=(penalty,)), told.curator)


def join(source: int, target: int, by: User) -> Act:
    return curation.merge_events(source, target, by, "the same news", approver=scenes.curator())


def test_an_event_that_was_merged_into_another_is_no_news(server: MailServer) -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    second = duplicate(told)
    deliver_all()
    assert len(server.received) == 2

    act = join(second.event_id, told.event, told.curator)
    deliver_all()

    assert len(server.received) == 2
    gone = act.revisions.get(operation="DEL")
    assert not Delivery.objects.filter(revision=gone).exists()


def test_who_was_told_of_a_merged_event_alone_counts_as_told_of_the_survivor(server: MailServer) -> None:
    told = story()
    deliver_all()
    reader = subscriber()
    follow(reader, executive=told.person)
    second = duplicate(told)
    deliver_all()
    assert server.recipients == [reader.email]

    join(second.event_id, told.event, told.curator)
    deliver_all()
    assert len(server.received) == 1

    retract(told.event, told.curator)
    deliver_all()

    assert server.recipients == [reader.email, reader.email]
    assert server.received[1]["References"] == server.received[0]["Message-ID"]


def test_a_correction_of_the_survivor_reaches_who_was_told_of_the_merged_event(server: MailServer) -> None:
    told = story()
    deliver_all()
    reader = subscriber()
    subscription = follow(reader, executive=told.person)
    second = duplicate(told)
    deliver_all()
    third = publish(
        scenes.demotion(
            told.person,
            told.division,
            scenes.document("x" + scenes.DEMOTION_TEXT),
            penalties=({"type": "demotion"},),
        ),
        told.curator,
    )
    subscription.delete()
    join(second.event_id, third.event_id, told.curator)
    join(third.event_id, told.event, told.curator)
    deliver_all()
    assert len(server.received) == 1

    revise(
        told.event, scenes.demotion(told.person, told.division, told.source, day="2025-10-17"), told.curator
    )
    deliver_all()

    assert server.recipients == [reader.email, reader.email]


def test_after_the_merge_of_events_is_undone_each_has_its_own_readers(server: MailServer) -> None:
    told = story()
    deliver_all()
    reader = subscriber()
    follow(reader, executive=told.person)
    second = duplicate(told)
    deliver_all()
    act = join(second.event_id, told.event, told.curator)
    deliver_all()
    undo(act, told.curator)
    Delivery.objects.filter(subscriber=reader, state="pending").delete()
    reader.subscriptions.all().delete()
    deliver_all()
    assert len(server.received) == 1

    retract(told.event, told.curator)
    deliver_all()
    assert len(server.received) == 1
    retract(second.event_id, told.curator)
    deliver_all()
    assert len(server.received) == 2
