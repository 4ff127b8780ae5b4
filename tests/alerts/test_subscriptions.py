"""Joining, leaving, moving to another address, and the data of a subscriber."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.alerts import addresses, holdings, moving, subscriptions
from events.alerts.matching import match_revision
from events.alerts.moving import Moved
from events.alerts.planning import recipient
from events.alerts.subscriptions import MAX_SUBSCRIPTIONS, MAX_WAITING, Preferences
from events.alerts.suppression import is_suppressed, suppress
from events.choices import Frequency, SuppressionReason
from events.models.alerts import Delivery, Mail, Subscriber, Subscription
from tests.alerts.helpers import follow, outbox, race, story, subscriber

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"


def join(email: str = ADDRESS, preferences: Preferences | None = None, **conditions: Any) -> Subscriber:
    """Someone asks for a wish, as the form does."""
    subscriptions.join(
        email, Subscription(**({"kind": "product"} | conditions)), preferences or Preferences()
    )
    return Subscriber.objects.get(email=email.lower())


def later() -> None:
    """Time passes: the mails so far were written an hour ago."""
    Mail.objects.update(created_at=F("created_at") - timedelta(hours=1))


def mails() -> list[tuple[str, dict[str, Any]]]:
    return list(Mail.objects.order_by("pk").values_list("kind", "data"))


# joining


def test_a_stranger_is_asked_to_confirm_and_the_wish_waits() -> None:
    reader = join("Reader@Example.ORG", min_severity=2)

    assert (reader.email, reader.confirmed_at) == ("reader@example.org", None)
    assert mails() == [("confirmation", {})]
    wish = reader.subscriptions.get()
    assert (wish.kind, wish.min_severity, wish.is_active) == ("product", 2, True)


def test_a_rolled_back_request_leaves_no_mail() -> None:
    with transaction.atomic():
        join()
        transaction.set_rollback(True)

    assert not Mail.objects.exists()


def test_at_a_confirmed_address_the_wish_is_stopped_until_its_owner_starts_it() -> None:
    reader = subscriber(email=ADDRESS)

    join()

    added = reader.subscriptions.get()
    assert not added.is_active
    assert mails() == [("added", {"subscription": added.pk})]
    assert subscriptions.start(reader.token, added.pk)
    assert reader.subscriptions.get().is_active


def test_who_asks_for_what_is_there_already_gets_the_link_to_it() -> None:
    reader = subscriber(email=ADDRESS)
    follow(reader, kind="product", frequency="weekly")

    join()

    assert mails() == [("access", {})]
    assert reader.subscriptions.get().frequency == "weekly"


def test_nobody_changes_the_preferences_of_a_confirmed_address() -> None:
    subscriber(email=ADDRESS, language="en", time_zone="Europe/Oslo")

    reader = join(preferences=Preferences("zh-hans", "Asia/Shanghai", 22, 7))

    assert (reader.language, reader.time_zone, reader.quiet_from) == ("en", "Europe/Oslo", None)


def test_the_last_asked_preferences_of_an_unconfirmed_address_count() -> None:
    join()

    reader = join(preferences=Preferences("zh-hans", "Asia/Shanghai", 22, 7))

    assert (reader.language, reader.time_zone, reader.quiet_from, reader.quiet_until) == (
        "zh-hans", "Asia/Shanghai", 22, 7,
    )  # fmt: skip


def test_the_same_wish_is_written_once_and_takes_the_last_frequency() -> None:
    join(frequency="instant")

    reader = join(frequency="daily")

    assert reader.subscriptions.get().frequency == "daily"


def test_a_wish_of_silence_is_another_one() -> None:
    join()

    reader = join(silent_days=30)

    assert reader.subscriptions.count() == 2


def test_within_a_minute_an_address_gets_one_mail() -> None:
    for kind in ("product", "listing", "sanction"):
        reader = join(kind=kind)
    subscriptions.request_access(ADDRESS)

    assert mails() == [("confirmation", {})]
    assert reader.subscriptions.count() == 3


def test_a_day_brings_an_address_no_more_than_five_mails_that_strangers_ask_for() -> None:
    for _ in range(9):
        join()
        later()
        subscriptions.request_access(ADDRESS)
        later()

    assert Mail.objects.count() == subscriptions.MAILS_A_DAY

    Mail.objects.update(created_at=timezone.now() - timedelta(days=1))
    join()
    assert Mail.objects.count() == subscriptions.MAILS_A_DAY + 1


@pytest.mark.django_db(transaction=True)
def test_many_requests_at_a_time_send_one_mail() -> None:
    race(join, workers=4)

    assert Mail.objects.count() == 1
    assert Subscription.objects.count() == 1


def test_strangers_cannot_fill_a_confirmed_address() -> None:
    reader = subscriber(email=ADDRESS)
    for number in range(MAX_WAITING + 3):
        join(text=f"word {number}")

    assert reader.subscriptions.count() == MAX_WAITING


def test_nor_an_unconfirmed_one_beyond_its_room() -> None:
    reader = subscriber(email=ADDRESS, confirmed=False)
    Subscription.objects.bulk_create(
        Subscription(subscriber=reader, text=f"{number}") for number in range(MAX_SUBSCRIPTIONS)
    )

    join(text="one more")

    assert reader.subscriptions.count() == MAX_SUBSCRIPTIONS


def statements(step: Callable[[], object]) -> list[str]:
    """The beginnings of the statements that a step sends, in order, whether it is undone at its end or not."""
    with CaptureQueriesContext(connection) as found:
        step()
    sent = [query["sql"] for query in found.captured_queries]
    return [sql.partition(" WHERE ")[0].partition('"')[0] for sql in sent if "SAVEPOINT" not in sql]


def test_asking_takes_the_same_statements_for_a_known_and_an_unknown_address() -> None:
    for confirmed in (True, False):
        follow(subscriber(email=f"{confirmed}@example.org", confirmed=confirmed), kind="listing")

    stranger, known, unconfirmed = (
        statements(partial(join, f"{name}@example.org")) for name in ("nobody", "True", "False")
    )

    assert len(stranger) > 5
    # What waits at a confirmed address is counted, what is asked of another one is started: a statement each.
    assert len(stranger) == len(unconfirmed) == len(known)


def test_asking_for_the_link_takes_the_same_statements_whoever_asks() -> None:
    subscriber(email="known@example.org")
    subscriber(email="waiting@example.org", confirmed=False)
    subscriptions.request_access("known@example.org")
    often = statements(lambda: subscriptions.request_access("known@example.org"))
    later()

    found = [
        statements(partial(subscriptions.request_access, f"{name}@example.org"))
        for name in ("nobody", "known", "waiting")
    ]

    assert found[0] == found[1] == found[2] == often
    assert "INSERT INTO " in often
    assert mails() == [("access", {})] * 3


def test_the_link_goes_to_the_known_address_alone() -> None:
    reader = subscriber(email=ADDRESS)

    subscriptions.request_access("other@example.org")
    subscriptions.request_access(" READER@example.org ")

    assert Mail.objects.get().subscriber == reader
    assert Subscriber.objects.count() == 1


def test_a_confirmed_address_is_not_asked_again() -> None:
    assert not subscriptions.request_confirmation(subscriber())
    assert not Mail.objects.exists()


# confirming


def test_the_token_confirms_its_subscriber() -> None:
    reader, other = subscriber(confirmed=False), subscriber(confirmed=False)

    assert subscriptions.confirm(reader.token) == reader

    assert Subscriber.objects.get(id=reader.id).confirmed_at is not None
    assert Subscriber.objects.get(id=other.id).confirmed_at is None


def test_confirming_twice_keeps_the_first_time() -> None:
    reader = subscriber(confirmed=False)
    subscriptions.confirm(reader.token)
    first = Subscriber.objects.get().confirmed_at

    subscriptions.confirm(reader.token)

    assert Subscriber.objects.get().confirmed_at == first


def test_an_unknown_token_confirms_nobody() -> None:
    subscriber(confirmed=False)

    assert subscriptions.confirm("unknown") is None
    assert Subscriber.objects.get().confirmed_at is None


def test_addresses_that_nobody_confirmed_are_forgotten() -> None:
    old = timezone.now() - timedelta(days=31)
    gone, young, confirmed, told = (subscriber(confirmed=number == 2) for number in range(4))
    Subscriber.objects.exclude(pk=young.pk).update(created_at=old)
    Delivery.objects.create(subscriber=told, revision=story().revision)

    assert subscriptions.forget_unconfirmed() == 1

    assert set(Subscriber.objects.all()) == {young, confirmed, told}
    assert gone not in Subscriber.objects.all()


# leaving


def test_unsubscribing_from_one_keeps_the_others() -> None:
    reader = subscriber()
    first, second = follow(reader, kind="product"), follow(reader, kind="listing")

    assert subscriptions.unsubscribe(reader.token, first.id)

    assert list(reader.subscriptions.filter(is_active=True)) == [second]
    assert Subscriber.objects.get().confirmed_at is not None


def test_nobody_touches_another_readers_subscription() -> None:
    reader, other = subscriber(), subscriber()
    row = follow(other, kind="product")

    assert not subscriptions.unsubscribe(reader.token, row.id)
    assert not subscriptions.remove(reader.token, row.id)
    assert not subscriptions.start(reader.token, row.id)
    assert not subscriptions.change_frequency(reader.token, row.id, Frequency.WEEKLY)

    row.refresh_from_db()
    assert (row.is_active, row.frequency) == (True, "instant")


@pytest.mark.django_db(transaction=True)
def test_unsubscribing_from_all_ends_all_mail() -> None:
    told = story()
    gathered = outbox(told)
    reader = gathered.subscriber
    waiting = story(day="2025-10-19", start="21A", end="20A").revision
    match_revision(waiting.seq)

    assert subscriptions.unsubscribe(reader.token)

    assert not reader.subscriptions.filter(is_active=True).exists()
    assert Subscriber.objects.get().confirmed_at is None
    assert set(Delivery.objects.values_list("state", flat=True)) == {"cancelled"}
    assert Mail.objects.get().state == "cancelled"


def test_leaving_gives_up_a_change_of_address() -> None:
    reader = subscriber()
    moving.request_address(reader.token, "new@example.org")
    token = Subscriber.objects.get().new_email_token

    subscriptions.unsubscribe(reader.token)

    assert moving.confirm_address(token) is Moved.UNKNOWN


def test_unsubscribing_twice_is_no_error() -> None:
    reader = subscriber()

    assert subscriptions.unsubscribe(reader.token)
    assert subscriptions.unsubscribe(reader.token)


def test_an_unknown_token_unsubscribes_nobody() -> None:
    reader = subscriber()

    assert not subscriptions.unsubscribe("unknown")
    assert Subscriber.objects.get(id=reader.id).confirmed_at is not None


def test_who_left_joins_again_by_confirming_again() -> None:
    reader = subscriber(email=ADDRESS)
    row = follow(reader, kind="product")
    follow(reader, kind="listing")
    subscriptions.unsubscribe(reader.token)

    join()
    subscriptions.confirm(reader.token)

    assert list(reader.subscriptions.filter(is_active=True)) == [row]


def test_a_stopped_wish_of_an_unconfirmed_address_is_not_started_by_its_number() -> None:
    reader = subscriber(confirmed=False)
    row = follow(reader, kind="product", is_active=False)

    assert not subscriptions.start(reader.token, row.pk)


def test_the_signed_address_of_a_subscription_is_good_for_nothing_else() -> None:
    first, second = follow(subscriber(), kind="product"), follow(subscriber(), kind="listing")
    signed = addresses.signed(first.pk)

    assert addresses.unsigned(signed) == first.pk
    for forged in (
        signed.replace(str(first.pk), str(second.pk), 1), signed[:-1], f"{first.pk}", first.subscriber.token, "",
    ):  # fmt: skip
        assert addresses.unsigned(forged) is None
    assert first.subscriber.token not in addresses.unsubscribe_one_url(first)


# a subscriber's own list


def test_ones_own_wishes_begin_at_once() -> None:
    reader = subscriber()

    assert subscriptions.add(reader.token, [Subscription(kind="product"), Subscription(kind="listing")]) == (
        2,
        0,
    )

    assert reader.subscriptions.filter(is_active=True).count() == 2


def test_adding_what_is_there_starts_it_again() -> None:
    reader = subscriber()
    follow(reader, kind="product", is_active=False)

    new = [Subscription(kind="product", frequency="weekly"), Subscription(kind="product", frequency="daily")]
    assert subscriptions.add(reader.token, new) == (0, 0)

    row = reader.subscriptions.get()
    assert (row.is_active, row.frequency) == (True, "daily")


def test_a_wish_that_comes_twice_is_added_once() -> None:
    reader = subscriber()

    new = [Subscription(kind="product", frequency="weekly"), Subscription(kind="product", frequency="daily")]
    assert subscriptions.add(reader.token, new) == (1, 0)

    assert reader.subscriptions.get().frequency == "daily"


def test_a_list_has_no_more_than_its_room() -> None:
    reader = subscriber()
    new = [Subscription(text=f"word {number}") for number in range(MAX_SUBSCRIPTIONS + 2)]

    assert subscriptions.add(reader.token, new) == (MAX_SUBSCRIPTIONS, 2)


# another address


def test_the_new_address_agrees_and_the_old_one_is_told_before_and_after() -> None:
    reader = subscriber(email=ADDRESS)

    assert moving.request_address(reader.token, "New@example.org")

    asked = Subscriber.objects.get()
    assert (asked.email, asked.new_email) == (ADDRESS, "new@example.org")
    assert [recipient(mail) for mail in Mail.objects.order_by("pk")] == ["new@example.org", ADDRESS]

    assert moving.confirm_address(asked.new_email_token) is Moved.DONE

    moved = Subscriber.objects.get()
    assert (moved.pk, moved.email, moved.new_email, moved.new_email_token) == (
        reader.pk,
        "new@example.org",
        "",
        "",
    )
    assert mails()[-1] == ("address", {"step": "changed", "to": ADDRESS, "new": "new@example.org"})
    assert [recipient(mail) for mail in Mail.objects.order_by("pk")] == ["", ADDRESS, ADDRESS]


def test_the_link_to_a_new_address_works_once() -> None:
    reader = subscriber()
    moving.request_address(reader.token, "new@example.org")
    token = Subscriber.objects.get().new_email_token
    moving.confirm_address(token)

    assert moving.confirm_address(token) is Moved.UNKNOWN
    assert moving.moving(token) is None


@pytest.mark.parametrize("token", ["", "unknown"])
def test_no_token_moves_nobody(token: str) -> None:
    subscriber()

    assert moving.moving(token) is None
    assert moving.confirm_address(token) is Moved.UNKNOWN


def test_a_later_request_takes_the_place_of_the_first() -> None:
    reader = subscriber()
    moving.request_address(reader.token, "first@example.org")
    first = Subscriber.objects.get().new_email_token

    moving.request_address(reader.token, "second@example.org")

    assert moving.confirm_address(first) is Moved.UNKNOWN
    assert recipient(Mail.objects.order_by("pk").first()) == ""  # type: ignore[arg-type]


def test_the_old_address_can_withdraw_the_change() -> None:
    reader = subscriber()
    moving.request_address(reader.token, "new@example.org")
    token = Subscriber.objects.get().new_email_token

    assert moving.withdraw_address(reader.token)

    assert moving.confirm_address(token) is Moved.UNKNOWN
    assert not moving.withdraw_address(reader.token)


def test_a_change_of_address_cannot_be_used_to_flood_others() -> None:
    reader = subscriber()

    done = [moving.request_address(reader.token, f"victim{number}@example.org") for number in range(5)]

    assert done == [True] * moving.REQUESTS_A_DAY + [False] * (5 - moving.REQUESTS_A_DAY)


def test_an_unconfirmed_or_unknown_subscriber_moves_nowhere() -> None:
    assert not moving.request_address(subscriber(confirmed=False).token, "new@example.org")
    assert not moving.request_address("unknown", "new@example.org")
    assert not moving.request_address(subscriber(email=ADDRESS).token, ADDRESS)
    assert not Mail.objects.exists()


def test_an_address_with_confirmed_alerts_of_its_own_is_not_taken_over() -> None:
    reader, other = subscriber(), subscriber(email="taken@example.org")
    moving.request_address(reader.token, other.email)

    assert moving.confirm_address(Subscriber.objects.get(pk=reader.pk).new_email_token) is Moved.TAKEN

    assert Subscriber.objects.get(pk=reader.pk).email == reader.email


def test_asking_for_a_known_address_is_like_asking_for_an_unknown_one() -> None:
    subscriber(email="known@example.org")
    first, second = subscriber(), subscriber()

    one = statements(lambda: moving.request_address(first.token, "known@example.org"))
    other = statements(lambda: moving.request_address(second.token, "nobody@example.org"))

    assert one == other


def test_an_unconfirmed_row_gives_way_to_the_owner_of_its_address() -> None:
    reader, squatter = subscriber(), subscriber(email="new@example.org", confirmed=False)
    moving.request_address(reader.token, squatter.email)

    assert moving.confirm_address(Subscriber.objects.get(pk=reader.pk).new_email_token) is Moved.DONE

    assert Subscriber.objects.get().pk == reader.pk


# one's data


@pytest.mark.django_db(transaction=True)
def test_all_that_is_held_is_handed_out_without_the_keys_to_it() -> None:
    told = story()
    mail = outbox(told, email=ADDRESS)
    reader = mail.subscriber
    follow(reader, organization=told.company, kind="product", silent_days=30)
    moving.request_address(reader.token, "new@example.org")
    reader.refresh_from_db()

    text = "".join(holdings.export(reader))

    held = json.loads(text)
    assert (held["email"], held["new_email"], held["time_zone"]) == (ADDRESS, "new@example.org", "UTC")
    assert [row["person"] for row in held["subscriptions"]] == [
        {"id": told.person.pk, "name": told.person.name}, None,
    ]  # fmt: skip
    assert held["subscriptions"][1]["silent_days"] == 30
    assert [row["kind"] for row in held["mails"]] == ["alert", "address", "address"]
    (delivery,) = held["deliveries"]
    assert (delivery["event"], delivery["revision"], delivery["mail"]) == (
        told.event,
        told.revision.seq,
        mail.pk,
    )
    assert reader.token not in text
    assert reader.new_email_token not in text


def test_what_is_held_is_written_as_json_where_there_is_nothing() -> None:
    held = json.loads("".join(holdings.export(subscriber())))

    assert (held["subscriptions"], held["mails"], held["deliveries"]) == ([], [], [])


def holding(text: str) -> set[str]:
    """The tables that hold a text anywhere in a row."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            statement = f'SELECT 1 FROM "{table}" AS t WHERE t::text ILIKE %s LIMIT 1'  # noqa: S608
            cursor.execute(statement, [f"%{text}%"])
            if cursor.fetchone():
                found.add(table)
    return found


@pytest.mark.django_db(transaction=True)
def test_after_erasure_no_table_holds_the_address() -> None:
    reader = outbox(story(), email="unmistakable@example.org").subscriber
    moving.request_address(reader.token, "another-unmistakable@example.org")
    suppress(reader.email, SuppressionReason.COMPLAINT, "Told by the provider")
    assert holding("unmistakable") == {"events_subscriber", "events_mail"}

    assert holdings.erase(reader.token)

    assert holding("unmistakable") == set()
    assert not Delivery.objects.exists()
    assert is_suppressed("unmistakable@example.org")
    assert not holdings.erase(reader.token)


def test_erasing_one_keeps_the_others() -> None:
    reader, other = subscriber(), subscriber()
    kept = follow(other, kind="product")

    holdings.erase(reader.token)

    assert list(Subscription.objects.all()) == [kept]
