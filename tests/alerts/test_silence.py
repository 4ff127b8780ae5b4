"""Silence: who is told that nothing has happened, once, and again after something has."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from events.alerts import silence
from events.alerts.matching import match_revision
from events.alerts.planning import plan
from events.alerts.silence import due_silences, tell_silence
from events.alerts.wishes import since_last
from events.choices import Kind, PartyType, Role
from events.dates import PartialDate
from events.models.access import User
from events.models.alerts import Mail, Subscription
from events.models.organizations import Organization
from events.models.record import Revision
from events.record.draft import Draft, DraftOrganization, DraftParty
from events.record.publishing import publish
from tests import scenes
from tests.alerts.helpers import follow, race, subscriber
from tracker.local.mailcatcher import free_port

pytestmark = pytest.mark.django_db


def release(curator: User, company: Organization, days_ago: int) -> Revision:
    """The company releases something."""
    draft = Draft(
        kind=Kind.PRODUCT,
        action="release",
        subject=DraftParty(Role.SUBJECT, PartyType.PRODUCT, f"Heron {days_ago}"),
        organization=DraftOrganization(company.name, company.pk),
        dates={"occurred": PartialDate(timezone.now().date() - timedelta(days=days_ago))},
        evidence=(scenes.whole(scenes.document("Heron was released.")),),
    )
    return publish(draft, curator)


def asked(days: int = 30, **fields: Any) -> Subscription:
    """A subscription of silence that began a year ago."""
    row = follow(fields.pop("reader", None) or subscriber(), kind="product", silent_days=days, **fields)
    Subscription.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=365))
    return Subscription.objects.get(pk=row.pk)


def tell_all() -> list[bool]:
    return [tell_silence(pk) for pk in due_silences()]


@pytest.mark.parametrize(("days_ago", "expected"), [(29, False), (30, False), (31, True), (90, True)])
def test_a_silence_is_told_when_so_many_whole_days_have_passed(days_ago: int, expected: bool) -> None:
    company = scenes.company()
    release(scenes.curator(), company, days_ago)
    row = asked(organization=company)

    assert due_silences() == ([row.pk] if expected else [])


def test_without_any_event_it_counts_from_its_own_start() -> None:
    old = asked()
    follow(subscriber(), kind="product", silent_days=30)

    assert due_silences() == [old.pk]


def test_the_mail_says_which_and_since_when() -> None:
    company = scenes.company()
    revision = release(scenes.curator(), company, 40)
    row = asked(organization=company)

    assert tell_silence(row.pk)

    mail = Mail.objects.get()
    assert (mail.subscriber, mail.kind, mail.data["subscription"]) == (row.subscriber, "silence", row.pk)
    day = PartialDate.from_json(revision.payload["date"]).value
    assert datetime.fromisoformat(mail.data["since"]).date() == day + timedelta(days=1)
    assert plan([mail])[0].verdict.value == "send"


def test_a_silence_is_told_once() -> None:
    row = asked()

    assert tell_all() == [True]
    assert tell_all() == []
    assert not tell_silence(row.pk)
    assert Mail.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_tell_a_silence_once() -> None:
    row = asked()

    assert sorted(race(lambda: tell_silence(row.pk))) == [False, True]
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("matched", [True, False], ids=["matched", "found by the next look"])
def test_an_event_ends_the_silence_that_was_told_and_another_one_is_told(matched: bool) -> None:
    curator, company = scenes.curator(), scenes.company()
    row = asked(organization=company)
    tell_all()
    told = timezone.now() - timedelta(days=60)
    Subscription.objects.filter(pk=row.pk).update(silence_told_at=told)

    revision = release(curator, company, 5)
    if matched:
        match_revision(revision.seq)
    assert due_silences() == []
    assert Subscription.objects.get().silence_told_at is None

    Subscription.objects.update(silent_days=3)
    assert tell_all() == [True]
    assert Mail.objects.count() == 2


def test_a_silence_that_was_told_goes_on_when_something_older_is_learnt() -> None:
    curator, company = scenes.curator(), scenes.company()
    asked(organization=company)
    tell_all()

    match_revision(release(curator, company, 200).seq)

    assert due_silences() == []
    assert Mail.objects.count() == 1


def test_two_silences_with_an_event_between_them_are_two() -> None:
    company = scenes.company()
    row = asked(organization=company)
    Subscription.objects.filter(pk=row.pk).update(silence_told_at=timezone.now() - timedelta(days=100))

    release(scenes.curator(), company, 50)

    assert tell_all() == [True]


@pytest.mark.parametrize("fields", [{"is_active": False}, {"silent_days": None}])
def test_who_does_not_ask_for_silence_is_not_told(fields: dict[str, Any]) -> None:
    row = asked()
    Subscription.objects.filter(pk=row.pk).update(**fields)

    assert due_silences() == []
    assert not tell_silence(row.pk)


def test_an_unconfirmed_address_is_not_told() -> None:
    row = asked(reader=subscriber(confirmed=False))

    assert due_silences() == []
    assert not tell_silence(row.pk)


def test_an_unknown_subscription_is_not_told() -> None:
    assert not tell_silence(1)


def test_what_happens_is_not_sent_to_who_asked_for_silence() -> None:
    company = scenes.company()
    row = asked(organization=company)

    match_revision(release(scenes.curator(), company, 1).seq)

    assert not row.subscriber.deliveries.exists()


def test_silence_waits_for_the_end_of_quiet_hours() -> None:
    hour = timezone.now().hour
    reader = subscriber(quiet_from=hour, quiet_until=(hour + 2) % 24)
    row = asked(reader=reader)

    tell_silence(row.pk)

    assert Mail.objects.get().next_attempt_at > timezone.now()


def test_no_more_are_found_than_asked_for_and_the_rest_are_found_after_them() -> None:
    rows = [asked() for _ in range(3)]

    first = due_silences(limit=2)
    for pk in first:
        tell_silence(pk)

    assert first + due_silences(limit=2) == [row.pk for row in rows]


def looks(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The subscriptions that are looked at from now on."""
    seen: list[int] = []

    def looked(wish: Subscription) -> datetime | None:
        seen.append(wish.pk)
        return since_last(wish)

    monkeypatch.setattr(silence, "since_last", looked)
    return seen


def test_what_cannot_be_due_yet_is_not_looked_at_again(
    clean_cache: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = scenes.company()
    release(scenes.curator(), company, 5)
    row = asked(organization=company)
    seen = looks(monkeypatch)

    due_silences()
    due_silences()
    assert seen == [row.pk]

    Subscription.objects.update(silent_days=2)
    assert due_silences() == [row.pk]


def test_without_the_cache_everything_is_looked_at(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = settings.CACHES["default"] | {"LOCATION": f"redis://127.0.0.1:{free_port()}/0"}
    settings.CACHES = {"default": away}
    row = asked()

    assert due_silences() == [row.pk]


def test_one_wish_of_many_is_looked_for_once(clean_cache: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [asked() for _ in range(3)]
    seen = looks(monkeypatch)

    assert due_silences() == [row.pk for row in rows]
    assert len(seen) == 1
