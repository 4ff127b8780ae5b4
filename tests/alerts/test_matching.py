"""Who gets a message about a revision."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.alerts.matching import due_revisions, is_due, match_revision
from events.choices import Kind, PartyType, Role
from events.dates import PartialDate
from events.models.alerts import Delivery, Matching, Subscription
from events.models.organizations import OrganizationParent
from events.models.people import Executive
from events.record.draft import Draft, DraftParty
from events.record.publishing import publish, retract, revise
from tests import scenes
from tests.alerts.helpers import Story, follow, forget_matching, race, story, subscriber

pytestmark = pytest.mark.django_db


def matched(told: Story, **conditions: Any) -> bool:
    """Whether a subscription of these conditions matches the story."""
    reader = subscriber()
    follow(reader, **conditions)
    match_revision(told.revision.seq)
    return Delivery.objects.filter(subscriber=reader).exists()


def test_a_published_revision_waits_to_be_matched() -> None:
    told = story()

    assert due_revisions() == [told.revision.seq]


def test_a_matched_revision_waits_no_more() -> None:
    told = story()

    match_revision(told.revision.seq)

    assert due_revisions() == []
    assert Matching.objects.get().done_at is not None


def test_who_follows_the_person_is_matched() -> None:
    told = story()

    assert matched(told, executive=told.person)


def test_who_follows_another_person_is_not_matched() -> None:
    assert not matched(story(), executive=scenes.executive("Marcus Oyelaran"))


def test_who_follows_the_person_under_a_merged_row_is_matched() -> None:
    told = story()
    double = Executive.objects.create(name="I. van Houten", merged_into=told.person)

    assert matched(told, executive=double)


def test_who_follows_the_organization_of_the_position_is_matched() -> None:
    told = story()

    assert matched(told, organization=told.division)


def test_who_follows_a_company_is_matched_by_its_units() -> None:
    told = story()

    assert matched(told, organization=told.company)


def test_who_follows_a_unit_is_not_matched_by_its_company() -> None:
    told = story()
    other = scenes.unit("Northlake Labs", told.company)

    assert not matched(told, organization=other)


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [
        (None, "2025-10-17", False),
        (None, "2025-10-18", True),
        ("2025-10-18", None, True),
        ("2025-10-19", None, False),
    ],
    ids=["ended before", "ended on the day", "since the day", "only later"],
)
def test_units_count_as_of_the_date_of_the_event(
    start: str | None, until: str | None, expected: bool
) -> None:
    told = story()
    entry = OrganizationParent.objects.get(child=told.division)
    if start:
        entry.start, entry.start_precision = date.fromisoformat(start), "day"
    if until:
        entry.until, entry.until_precision, entry.end_state = date.fromisoformat(until), "day", "ended"
    entry.save()

    assert matched(told, organization=told.company) is expected


@pytest.mark.parametrize(
    ("day", "part_of"), [("2025-10-19", "Northlake Devices"), ("2025-10-17", "Southlake Group")]
)
def test_who_follows_what_the_record_says_the_unit_was_part_of_then_is_matched(
    day: str, part_of: str
) -> None:
    told = story()
    group = scenes.company("Southlake Group")
    moved = scenes.document("It moved.")
    scenes.publish(scenes.reorganization("transfer", told.division, moved, day=day, successor=group))
    for row in (told.company, group):
        follow(subscriber(), organization=row)

    match_revision(told.revision.seq)

    heard = Subscription.objects.get(pk__in=Delivery.objects.get(revision=told.revision).matched)
    assert heard.organization is not None
    assert heard.organization.name == part_of


def test_who_follows_a_company_hears_of_the_day_on_which_its_unit_was_dissolved() -> None:
    told = story()
    closed = scenes.document("It was dissolved.")
    last = scenes.publish(scenes.reorganization("dissolution", told.division, closed, day="2025-11-01"))
    reader = subscriber()
    follow(reader, organization=told.company)

    match_revision(last.seq)

    assert Delivery.objects.filter(subscriber=reader, revision=last).exists()


def test_a_circle_of_parents_ends() -> None:
    told = story()
    OrganizationParent.objects.create(child=told.company, parent=told.division)

    assert matched(told, organization=told.company)


def test_who_follows_the_kind_is_matched() -> None:
    assert matched(story(), kind="discipline")


def test_who_follows_another_kind_is_not_matched() -> None:
    assert not matched(story(), kind="product")


@pytest.mark.parametrize(("least", "expected"), [(3, True), (4, False)])
def test_the_least_severity_counts_itself(least: int, expected: bool) -> None:
    told = story()
    assert told.revision.payload["severity"] == 3

    assert matched(told, min_severity=least) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("DEMOTED three", True), ("降级", True), ("promoted", False), ("100%", False)]
)
def test_text_is_looked_for_in_the_sentence_of_either_language(text: str, expected: bool) -> None:
    assert matched(story(), text=text) is expected


def test_every_condition_that_is_set_must_hold() -> None:
    told = story()

    assert not matched(told, executive=told.person, kind="product")


def test_an_unconfirmed_subscriber_gets_nothing() -> None:
    told = story()
    follow(subscriber(confirmed=False), executive=told.person)

    assert match_revision(told.revision.seq) == 0
    assert not Delivery.objects.exists()


def test_an_inactive_subscription_matches_nothing() -> None:
    told = story()

    assert not matched(told, executive=told.person, is_active=False)


def test_one_delivery_names_every_subscription_that_matched() -> None:
    told = story()
    reader = subscriber()
    wanted = {follow(reader, executive=told.person), follow(reader, organization=told.company)}
    follow(reader, kind="product")

    written = match_revision(told.revision.seq)

    assert written == 1
    assert Delivery.objects.get().matched == sorted(subscription.pk for subscription in wanted)


def test_a_group_without_known_people_reaches_who_follows_its_organization() -> None:
    company = scenes.company()
    source = scenes.document("Several managers were warned.")
    draft = Draft(
        kind=Kind.DISCIPLINE,
        action="warning",
        subject=DraftParty(Role.SUBJECT, PartyType.GROUP, "several managers"),
        participants=(DraftParty(Role.ISSUER, PartyType.ORGANIZATION, company.name, company.id),),
        dates={"decided": PartialDate.parse("2025-10")},
        penalties=({"type": "warning"},),
        evidence=(scenes.whole(source),),
    )
    revision = publish(draft, scenes.curator())
    follow(subscriber(), organization=company)

    assert match_revision(revision.seq) == 1


def test_matching_again_after_a_crash_writes_nothing_twice() -> None:
    told = story()
    readers = [subscriber() for _ in range(3)]
    for reader in readers:
        follow(reader, executive=told.person)
    match_revision(told.revision.seq)
    Delivery.objects.filter(subscriber=readers[2]).delete()  # the crash came before the last one
    forget_matching(told.revision.seq)
    Matching.objects.update(reached=readers[1].pk)

    assert due_revisions() == [told.revision.seq]
    assert match_revision(told.revision.seq) == 1
    assert Delivery.objects.count() == 3


def test_a_revision_that_another_worker_has_is_left_to_it() -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    Matching.objects.update(state="claimed", claimed_until="2999-01-01T00:00:00Z")

    assert due_revisions() == []
    assert match_revision(told.revision.seq) == 0


def test_many_subscribers_are_written_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("events.alerts.matching.BATCH", 2)
    told = story()
    for _ in range(5):
        follow(reader := subscriber(), executive=told.person)
        follow(reader, organization=told.company)

    assert match_revision(told.revision.seq) == 5
    assert [len(delivery.matched) for delivery in Delivery.objects.all()] == [2] * 5
    assert not is_due(told.revision.seq)


def test_an_event_retracted_before_it_was_matched_reaches_nobody() -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    retract(told.event, told.curator)

    for seq in due_revisions():
        match_revision(seq)

    assert not Delivery.objects.exists()


def test_an_event_retracted_before_it_was_sent_is_cancelled() -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    match_revision(told.revision.seq)

    match_revision(retract(told.event, told.curator).seq)

    delivery = Delivery.objects.get()
    assert delivery.state == "cancelled"
    assert "Replaced by revision 2" in delivery.error


def test_a_correction_before_sending_replaces_the_first_message() -> None:
    told = story()
    follow(subscriber(), executive=told.person)
    match_revision(told.revision.seq)

    second = revise(
        told.event, scenes.demotion(told.person, told.division, told.source, day="2025-10-17"), told.curator
    )
    match_revision(second.seq)

    assert list(Delivery.objects.order_by("revision_id").values_list("state", flat=True)) == [
        "cancelled",
        "pending",
    ]


def test_a_daily_subscriber_waits_for_eight_o_clock() -> None:
    told = story()
    follow(subscriber(time_zone="Asia/Shanghai"), executive=told.person, frequency="daily")

    match_revision(told.revision.seq)

    due = Delivery.objects.get().due_at
    assert (due.hour, due.minute) == (0, 0)  # 08:00 in Shanghai, in UTC
    assert due > told.revision.recorded_at


def test_an_instant_subscription_decides_over_a_daily_one() -> None:
    told = story()
    reader = subscriber()
    follow(reader, executive=told.person, frequency="daily")
    follow(reader, organization=told.company)

    match_revision(told.revision.seq)

    assert (Delivery.objects.get().due_at - told.revision.recorded_at).total_seconds() < 3600


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_match_at_once_write_each_delivery_once() -> None:
    told = story()
    for _ in range(20):
        follow(subscriber(), executive=told.person)

    written = race(lambda: match_revision(told.revision.seq))

    assert sorted(written) == [0, 20]
    assert Delivery.objects.count() == 20
