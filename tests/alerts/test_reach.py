"""Matching's statements against a plain matcher, over random subscribers, subscriptions and earlier deliveries."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.alerts import reach
from events.alerts.schedule import Clock, due, most_frequent
from events.choices import Frequency
from events.models.alerts import Delivery, Mail, Subscriber, Subscription
from tests import scenes
from tests.alerts.helpers import Story, story

NOW = datetime(2025, 11, 17, 22, 30, tzinfo=UTC)
KINDS = ["discipline", "product", "listing"]
LETTERS = "abAB %_\\'é降级"
PLACES = 3
"""People and organizations of each example: some that the revision is about, some that it is not."""


@dataclass(frozen=True)
class Wished:
    """A subscription to be; `executive` and `organization` are places in the lists of the set-up."""

    executive: int | None
    organization: int | None
    kind: str
    min_severity: int
    text: str
    frequency: Frequency
    is_active: bool
    silent_days: int | None


@dataclass(frozen=True)
class Reader:
    """A subscriber to be. `told`: the states of the delivery of the earlier revision and of its mail, if any."""

    confirmed: bool
    clock: Clock
    wishes: tuple[Wished, ...]
    told: tuple[str, str | None] | None


Outbox = dict[int, tuple[list[int], str, datetime]]
"""By subscriber: the subscriptions that matched, the frequency, when it is due."""

place = st.none() | st.integers(0, PLACES - 1)
words = st.text(st.sampled_from(LETTERS), max_size=12)
wishes = st.builds(
    Wished,
    executive=place,
    organization=place,
    kind=st.sampled_from(["", *KINDS]),
    min_severity=st.integers(0, 5),
    text=st.just("") | words,
    frequency=st.sampled_from(Frequency),
    is_active=st.booleans() | st.just(True),
    silent_days=st.none() | st.none() | st.just(30),
)
clocks = st.sampled_from(
    [Clock(), Clock("Asia/Shanghai", 22, 7), Clock("Europe/London", 22, 7), Clock("No/Such_Zone", 3, 4)]
)
states = st.sampled_from(
    [
        ("sent", "sent"), ("sending", "sending"), ("pending", "sending"), ("pending", "pending"), ("pending", None),
        ("cancelled", "sending"), ("cancelled", None), ("failed", "failed"),
    ]
)  # fmt: skip
readers = st.builds(
    Reader,
    confirmed=st.booleans() | st.just(True),
    clock=clocks,
    wishes=st.lists(wishes, max_size=4).map(tuple),
    told=st.none() | states,
)
about = st.builds(
    reach.Followed,
    kind=st.sampled_from(KINDS),
    severity=st.integers(0, 5),
    said=st.text(st.sampled_from(LETTERS), max_size=30),
    people=st.lists(st.integers(0, PLACES - 1), unique=True, max_size=2),
    organizations=st.lists(st.integers(0, PLACES - 1), unique=True, max_size=2),
)


def meets(followed: reach.Followed, row: Subscription) -> bool:
    """Whether every condition that is set holds."""
    return (
        row.is_active
        and row.silent_days is None
        and row.min_severity <= followed.severity
        and row.kind in {"", followed.kind}
        and row.executive_id in {None, *followed.people}
        and row.organization_id in {None, *followed.organizations}
        and row.text.upper() in followed.said.upper()
    )


def expected(
    followed: reach.Followed | None, subscriptions: list[Subscription], told: dict[Subscriber, bool | None]
) -> Outbox:
    """What is to be written. `told`: whether each was told of an earlier revision; None for no delivery at all."""
    found: Outbox = {}
    for reader, was_told in told.items():
        counts = followed is not None and (followed.addressed is None or was_told is not None)
        rows = [row for row in subscriptions if row.subscriber_id == reader.pk]
        matched = [row for row in rows if followed is not None and counts and meets(followed, row)]
        if reader.confirmed_at is None or not (matched or was_told):
            continue
        often = [Frequency.INSTANT] if was_told else [Frequency(row.frequency) for row in matched]
        frequency = most_frequent(often)
        clock = Clock(reader.time_zone, reader.quiet_from, reader.quiet_until)
        found[reader.pk] = sorted(row.pk for row in matched), frequency.value, due(frequency, clock, NOW)
    return found


def written(seq: int) -> Outbox:
    """What is there."""
    rows = Delivery.objects.filter(revision=seq)
    return {row.subscriber_id: (row.matched, row.frequency, row.due_at) for row in rows}


class World:
    """Subscribers with their subscriptions, and what they were told of an earlier revision."""

    def __init__(
        self, before: Story, wanted: list[Reader], people: list[int], organizations: list[int]
    ) -> None:
        self.told: dict[Subscriber, bool | None] = {}
        self.subscriptions: list[Subscription] = []
        for number, reader in enumerate(wanted):
            self._add(number, reader, people, organizations)
            self._tell(before, list(self.told)[-1], reader.told)

    def _add(self, number: int, reader: Reader, people: list[int], organizations: list[int]) -> None:
        row = Subscriber.objects.create(
            email=f"r{number}@example.org",
            confirmed_at=NOW if reader.confirmed else None,
            time_zone=reader.clock.time_zone,
            quiet_from=reader.clock.quiet_from,
            quiet_until=reader.clock.quiet_until,
        )
        self.told[row] = None
        self.subscriptions += Subscription.objects.bulk_create(
            Subscription(
                subscriber=row,
                executive_id=None if wish.executive is None else people[wish.executive],
                organization_id=None if wish.organization is None else organizations[wish.organization],
                kind=wish.kind,
                min_severity=wish.min_severity,
                text=wish.text,
                frequency=wish.frequency.value,
                is_active=wish.is_active,
                silent_days=wish.silent_days,
            )
            for wish in reader.wishes
        )

    def _tell(self, before: Story, row: Subscriber, states: tuple[str, str | None] | None) -> None:
        if states is None:
            return
        state, mail_state = states
        mail = None
        if mail_state:
            sent_at = NOW if mail_state == "sent" else None
            mail = Mail.objects.create(
                subscriber=row,
                kind="alert",
                message_id=f"<{row.pk}@example.org>",
                state=mail_state,
                sent_at=sent_at,
            )
        Delivery.objects.create(
            subscriber=row, revision=before.revision, state=state, mail=mail,
            sent_at=NOW if state == "sent" else None,
        )  # fmt: skip
        self.told[row] = state in {"sent", "sending"} or (state, mail_state) == ("pending", "sending")


def fill(seq: int, followed: reach.Followed | None, told: list[int], limit: int) -> None:
    """Writes batch after batch, as matching does."""
    after = 0
    while True:
        batch = reach.next_batch(followed, told, after=after, limit=limit)
        reach.write(seq, [(alike, due(alike.frequency, alike.clock, NOW)) for alike in batch.readers])
        if batch.size < limit:
            break
        assert batch.last is not None
        assert batch.last > after
        after = batch.last


@pytest.mark.usefixtures("db")
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    wanted=st.lists(readers, max_size=7),
    followed=about,
    follows=st.sampled_from(["all", "all", "addressed", "nobody"]),
    limit=st.integers(1, 8),
)
def test_the_outbox_holds_what_a_plain_matcher_would_write(
    wanted: list[Reader], followed: reach.Followed, follows: str, limit: int
) -> None:
    with transaction.atomic():
        before, now = story(), story()
        people = [before.person.pk, now.person.pk, scenes.executive("Marcus Oyelaran").pk]
        organizations = [before.company.pk, now.company.pk, now.division.pk]
        world = World(before, wanted, people, organizations)
        earlier = [before.revision.seq]
        it: reach.Followed | None = replace(
            followed,
            people=[people[at] for at in followed.people],
            organizations=[organizations[at] for at in followed.organizations],
            addressed=earlier if follows == "addressed" else None,
        )
        if follows == "nobody":
            it = None

        fill(now.revision.seq, it, earlier, limit)

        assert written(now.revision.seq) == expected(it, world.subscriptions, world.told)
        fill(now.revision.seq, it, earlier, limit)
        assert Delivery.objects.filter(revision=now.revision).count() == len(written(now.revision.seq))
        transaction.set_rollback(True)
