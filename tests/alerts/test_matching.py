"""Who gets a message about a revision."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.utils import timezone

from events.alerts import reach
from events.alerts.matching import due_revisions, is_due, match_revision
from events.alerts.schedule import Clock, after_quiet, zone
from events.choices import Kind, PartyType, Role
from events.dates import PartialDate
from events.models.alerts import Delivery, Mail, Matching, Subscriber, Subscription
from events.models.organizations import OrganizationParent
from events.models.people import Executive
from events.models.record import Revision
from events.record.draft import Draft, DraftParty
from events.record.publishing import publish, retract, revise
from tests import scenes
from tests.alerts.helpers import Story, follow, forget_matching, match_all, race, story, subscriber
from tests.alerts.hooks.helpers import webhook

pytestmark = pytest.mark.django_db


def matched(told: Story, **conditions: Any) -> bool:
    """Whether a subscription of these conditions matches the story."""
    reader = subscriber()
    follow(reader, **conditions)
    match_revision(told.revision.seq)
    return Delivery.objects.filter(subscriber=reader).exists()


def corrected(told: Story) -> Revision:
    """The story's second revision: it was a day earlier."""
    draft = scenes.demotion(told.person, told.division, told.source, day="2025-10-17")
    return revise(told.event, draft, told.curator)


def sent(state: str = "sent", mail_state: str = "sent", **which: Any) -> None:
    """Puts deliveries (`which`; all) into a mail each, and both into these states."""
    now = timezone.now()
    for row in Delivery.objects.filter(**which):
        row.mail = Mail.objects.create(
            subscriber=row.subscriber,
            kind="alert",
            message_id=f"<{row.pk}@example.org>",
            state=mail_state,
            sent_at=now,
        )
        row.state, row.sent_at = state, now
        row.save()


def sleeper(clock: Clock) -> Subscriber:
    """A subscriber with these quiet hours."""
    return subscriber(time_zone=clock.time_zone, quiet_from=clock.quiet_from, quiet_until=clock.quiet_until)


def next_hours(moment: datetime, time_zone: str) -> tuple[int, int]:
    """Quiet hours of that zone in which the moment and the next hour lie."""
    hour = moment.astimezone(zone(time_zone)).hour
    return hour, (hour + 3) % 24


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

    match_revision(corrected(told).seq)

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


def test_quiet_hours_are_kept() -> None:
    told = story()
    clock = Clock("Asia/Shanghai", *next_hours(told.revision.recorded_at, "Asia/Shanghai"))
    follow(sleeper(clock), executive=told.person)

    match_revision(told.revision.seq)

    due_at = Delivery.objects.get().due_at
    assert due_at == after_quiet(told.revision.recorded_at, clock)
    assert due_at > told.revision.recorded_at


def test_a_correction_waits_for_no_digest_but_for_the_end_of_quiet_hours() -> None:
    told = story()
    clock = Clock("UTC", *next_hours(told.revision.recorded_at, "UTC"))
    awake, asleep = subscriber(), sleeper(clock)
    for reader in (awake, asleep):
        follow(reader, executive=told.person, frequency="weekly")
    match_revision(told.revision.seq)
    sent()

    second = corrected(told)
    match_revision(second.seq)

    first, last = Delivery.objects.filter(revision=second).order_by("subscriber")
    assert (first.frequency, last.frequency) == ("instant", "instant")
    assert (first.due_at - second.recorded_at).total_seconds() < 3600
    assert last.due_at == after_quiet(second.recorded_at, clock)


@pytest.mark.parametrize(
    ("state", "mail_state", "expected"),
    [
        ("sent", "sent", True),
        ("sending", "sending", True),
        ("pending", "sending", True),
        ("pending", "pending", False),
        ("failed", "failed", False),
        ("cancelled", "cancelled", False),
        ("cancelled", "sending", False),
    ],
)
def test_a_correction_reaches_who_was_told_or_may_have_been(
    state: str, mail_state: str, expected: bool
) -> None:
    told, reader = story(), subscriber()
    subscription = follow(reader, executive=told.person)
    match_revision(told.revision.seq)
    sent(state, mail_state)
    subscription.delete()

    second = corrected(told)
    match_revision(second.seq)

    found = Delivery.objects.filter(revision=second)
    assert [delivery.matched for delivery in found] == ([[]] if expected else [])


def test_a_correction_names_the_subscriptions_that_match_it_now() -> None:
    told, reader = story(), subscriber()
    subscription = follow(reader, executive=told.person)
    match_revision(told.revision.seq)
    sent()

    second = corrected(told)
    match_revision(second.seq)

    assert Delivery.objects.get(revision=second).matched == [subscription.pk]


def test_a_retraction_reaches_who_was_told_and_nobody_else() -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    match_revision(told.revision.seq)
    sent()
    follow(subscriber(), executive=told.person)

    last = retract(told.event, told.curator)
    match_revision(last.seq)

    assert [row.subscriber for row in Delivery.objects.filter(revision=last)] == [reader]


def test_who_has_left_is_told_of_no_correction() -> None:
    told, reader = story(), subscriber()
    follow(reader, executive=told.person)
    match_revision(told.revision.seq)
    sent()
    Subscriber.objects.update(confirmed_at=None)

    assert match_revision(corrected(told).seq) == 0


def test_what_waits_in_a_mail_that_is_not_begun_is_withdrawn() -> None:
    told = story()
    begun, waiting = subscriber(), subscriber()
    for reader in (begun, waiting):
        follow(reader, executive=told.person)
    match_revision(told.revision.seq)
    sent("pending", "pending", subscriber=waiting)
    sent("sending", "sending", subscriber=begun)

    match_revision(retract(told.event, told.curator).seq)

    assert Delivery.objects.get(subscriber=waiting).state == "cancelled"
    assert Delivery.objects.get(subscriber=begun, revision=told.revision).state == "sending"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("o", True),
        ("Ilse van Houten", True),
        ("22A to 21A", True),
        ("Ilse van Houtenx", False),
        ("降级", True),
        ("_", False),
        ("\\", False),
    ],
)
def test_words_of_any_length_are_found_anywhere_in_the_sentence(text: str, expected: bool) -> None:
    told = story()
    assert (text in told.revision.payload["summary"] + told.revision.payload["summary_zh"]) is expected

    assert matched(told, text=text) is expected
    assert matched(story(), text=text, kind="product") is False


# Silence


def test_a_subscription_of_silence_gets_no_news() -> None:
    assert not matched(story(), silent_days=30)


def told_of_silence(told: Story, days_ago: int, **conditions: Any) -> Subscription:
    """A subscription whose silence of thirty days was told so many days before the story's day, or after it."""
    day = PartialDate.from_json(told.revision.payload["date"]).value
    at = datetime.combine(day, time(12), UTC) - timedelta(days=days_ago)
    return follow(subscriber(), silent_days=30, silence_told_at=at, **conditions)


@pytest.mark.parametrize("days_ago", [2, 0, -20])
def test_an_event_ends_the_silence_that_was_told(days_ago: int) -> None:
    told = story()
    silent = told_of_silence(told, days_ago, executive=told.person)

    match_revision(told.revision.seq)

    silent.refresh_from_db()
    assert silent.silence_told_at is None


def test_what_is_learnt_of_earlier_times_ends_no_silence() -> None:
    told = story()
    silent = told_of_silence(told, -40, executive=told.person)

    match_revision(told.revision.seq)

    silent.refresh_from_db()
    assert silent.silence_told_at is not None


@pytest.mark.parametrize(
    "conditions",
    [{"kind": "product"}, {"min_severity": 5}, {"text": "promoted"}, {"is_active": False}],
    ids=["kind", "severity", "words", "paused"],
)
def test_an_event_that_was_not_asked_for_ends_no_silence(conditions: dict[str, Any]) -> None:
    told = story()
    silent = told_of_silence(told, 0, **conditions)

    match_revision(told.revision.seq)

    silent.refresh_from_db()
    assert silent.silence_told_at is not None


def test_a_retraction_ends_no_silence() -> None:
    told = story()
    match_revision(told.revision.seq)
    silent = told_of_silence(told, 0, executive=told.person)

    match_revision(retract(told.event, told.curator).seq)

    silent.refresh_from_db()
    assert silent.silence_told_at is not None


# Large audiences


@pytest.fixture
def small_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker writes two subscribers at a time and gives the rest back."""
    monkeypatch.setattr("events.alerts.matching.BATCH", 2)
    monkeypatch.setattr("events.alerts.matching.SLICE", 0)


@pytest.mark.usefixtures("small_slices")
def test_the_rest_of_a_large_audience_is_given_back_and_finished_later() -> None:
    told = story()
    readers = [subscriber() for _ in range(5)]
    for reader in readers:
        follow(reader, executive=told.person)

    first = match_revision(told.revision.seq)
    reached, more = Matching.objects.get().reached, is_due(told.revision.seq)
    rest = [match_revision(told.revision.seq), match_revision(told.revision.seq)]

    assert (first, reached, more) == (2, readers[1].pk, True)
    assert (rest, is_due(told.revision.seq)) == ([2, 1], False)
    assert [row.subscriber for row in Delivery.objects.order_by("subscriber")] == readers


@pytest.mark.usefixtures("small_slices")
def test_other_revisions_come_before_the_rest_of_a_large_audience() -> None:
    large = story()
    for _ in range(3):
        follow(subscriber(), executive=large.person)
    match_revision(large.revision.seq)

    other = story()

    assert due_revisions() == [other.revision.seq, large.revision.seq]


@pytest.mark.usefixtures("small_slices")
def test_subscribers_who_have_not_confirmed_do_not_stop_a_large_audience() -> None:
    told = story()
    for confirmed in (False, False, False, True):
        follow(subscriber(confirmed=confirmed), executive=told.person)

    written = [match_revision(told.revision.seq) for _ in range(3)]

    assert written == [0, 1, 0]
    assert not is_due(told.revision.seq)


@pytest.mark.usefixtures("small_slices")
def test_a_correction_in_the_middle_of_a_large_audience_ends_it_and_reaches_all() -> None:
    told = story()
    readers = [subscriber() for _ in range(5)]
    for reader in readers:
        follow(reader, executive=told.person)
    match_revision(told.revision.seq)
    sent()

    second = corrected(told)
    match_all()

    assert Delivery.objects.filter(revision=told.revision).count() == 2
    assert [
        row.subscriber for row in Delivery.objects.filter(revision=second).order_by("subscriber")
    ] == readers
    assert Matching.objects.get(revision=told.revision).done_at is None


def test_a_worker_whose_claim_was_taken_over_writes_no_more(
    monkeypatch: pytest.MonkeyPatch, small_slices: None
) -> None:
    told = story()
    for _ in range(4):
        follow(subscriber(), executive=told.person)
    monkeypatch.setattr("events.alerts.matching.SLICE", 600)
    find, calls = reach.next_batch, itertools.count()

    def slow(*args: Any, **options: Any) -> reach.Batch:
        batch = find(*args, **options)
        if next(calls) == 1:
            Matching.objects.update(claimed_until=timezone.now() + timedelta(minutes=9))
        return batch

    monkeypatch.setattr(reach, "next_batch", slow)

    assert match_revision(told.revision.seq) == 2
    assert Delivery.objects.count() == 2
    assert Matching.objects.get().state == "claimed"


@pytest.mark.django_db(transaction=True)
def test_a_subscriber_who_leaves_meanwhile_stops_nobody_elses_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    told, leaving, staying = story(), subscriber(), subscriber()
    for reader in (leaving, staying):
        follow(reader, executive=told.person)
    find = reach.next_batch

    def slow(*args: Any, **options: Any) -> reach.Batch:
        batch = find(*args, **options)
        race(lambda: Subscriber.objects.filter(pk=leaving.pk).delete(), workers=1)
        return batch

    monkeypatch.setattr(reach, "next_batch", slow)

    assert match_revision(told.revision.seq) == 1
    assert Delivery.objects.get().subscriber == staying


def test_webhooks_have_their_messages_with_the_matching() -> None:
    told = story()
    hook = webhook(executive=told.person)

    match_revision(told.revision.seq)

    assert hook.messages.get().revision == told.revision


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_match_at_once_write_each_delivery_once() -> None:
    told = story()
    for _ in range(20):
        follow(subscriber(), executive=told.person)

    written = race(lambda: match_revision(told.revision.seq))

    assert sorted(written) == [0, 20]
    assert Delivery.objects.count() == 20
