"""What meets a wish: the same events that matching would tell of, and the wish in words."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from events.alerts.audience import matching_subscriptions
from events.alerts.wishes import events_of, latest, sentence, since_last
from events.alerts.wording import words
from events.choices import Kind, PartyType, Role
from events.dates import PartialDate
from events.exceptions import TrackerError
from events.models.access import User
from events.models.alerts import Subscriber, Subscription
from events.models.organizations import Organization, OrganizationParent
from events.models.people import Executive, ExecutiveName
from events.models.record import Event, Revision
from events.record.draft import Draft, DraftOrganization, DraftParty
from events.record.publishing import publish, retract
from tests import scenes

pytestmark = pytest.mark.django_db

DATES = [
    "2023",
    "2024",
    "2024-02",
    "2024-03",
    "2024-06",
    "2024-02-29",
    "2024-03-01",
    "2024-06-30",
    "2025-01-01",
]
TEXTS = ["Heron", "heron 2", "100%", "_", "\\", "不存在", "被"]


class World:
    """Units that move, rows that were merged, events with exact and vague dates: all of it by chance, from a seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - a world from a seed
        self.curator = scenes.curator()
        self.units = [scenes.company(f"Unit {number}") for number in range(7)]
        self.people = [scenes.executive(f"Person {number}") for number in range(4)]
        self._register()
        self._reorganize()
        for _ in range(14):
            self._event()
        self._merge()

    def wishes(self, count: int) -> list[Subscription]:
        reader = Subscriber.objects.create(email="reader@example.org", confirmed_at=timezone.now())
        some = self.chance
        return [
            Subscription.objects.create(
                subscriber=reader,
                executive=some.choice([*[None] * 8, *self.people]),
                organization=some.choice([None, *self.units]),
                kind=some.choice(["", "", "", "", "product", "leadership", "reorganization"]),
                min_severity=some.choice([0, 0, 0, 0, 0, 1, 3]),
                text=some.choice([""] * 20 + TEXTS),
            )
            for _ in range(count)
        ]

    def _day(self) -> date | None:
        return self.chance.choice(
            [None, date(2024, 1, 1), date(2024, 2, 15), date(2024, 3, 1), date(2024, 6, 30)]
        )

    def _register(self) -> None:
        for _ in range(12):
            child, parent = self.chance.sample(self.units, 2)
            start, until = self._day(), self._day()
            row = OrganizationParent(child=child, parent=parent, start=start, until=until)
            row.start_precision, row.until_precision = "day" if start else "", "day" if until else ""
            row.end_state = "ended" if until else self.chance.choice(["open", "open", "unknown"])
            # Two places at a time, or an end before the start, are refused.
            self._try(row.save)

    def _reorganize(self) -> None:
        for action in ("transfer", "dissolution", "transfer", "merger"):
            unit, other = self.chance.sample(self.units, 2)
            source = scenes.document("It was decided.")
            parties = {"successor": other} if action in {"transfer", "merger"} else {}
            draft = scenes.reorganization(action, unit, source, day=self.chance.choice(DATES), **parties)
            self._try(lambda draft=draft: publish(draft, self.curator))

    def _event(self) -> None:
        some = self.chance
        product = some.random() < 0.5
        unit, other = some.sample(self.units, 2)
        person = some.choice(self.people)
        subject = (
            DraftParty(Role.SUBJECT, PartyType.PRODUCT, some.choice(["Heron 2", "Kite_1", "100% Owl"]))
            if product
            else DraftParty(Role.SUBJECT, PartyType.PERSON, person.name, person.pk, "CEO")
        )
        issuer = DraftParty(Role.ISSUER, PartyType.ORGANIZATION, other.name, other.pk)
        draft = Draft(
            kind=Kind.PRODUCT if product else Kind.LEADERSHIP,
            action="release" if product else "departure",
            subject=subject,
            organization=DraftOrganization(unit.name, unit.pk) if some.random() < 0.7 else None,
            participants=(issuer,) if some.random() < 0.3 else (),
            dates={"effective": PartialDate.parse(some.choice(DATES))},
            evidence=(scenes.whole(scenes.document("It was told.")),),
        )
        published = self._try(lambda: publish(draft, self.curator))
        if published and some.random() < 0.15:
            retract(published.event_id, self.curator, reason="It was wrong.")

    def _merge(self) -> None:
        for rows in (self.units, self.people):
            first, second, third = self.chance.sample(rows, 3)
            model: Any = type(first)
            model.objects.filter(pk=first.pk).update(merged_into=second)
            if self.chance.random() < 0.5:
                model.objects.filter(pk=second.pk).update(merged_into=third)

    @staticmethod
    def _try(step: Any) -> Any:
        try:
            with transaction.atomic():
                return step()
        except (IntegrityError, TrackerError):
            return None


@pytest.mark.parametrize("seed", range(8))
def test_an_event_meets_a_wish_exactly_if_matching_would_match_it(seed: int) -> None:
    world = World(seed)
    wishes = world.wishes(60)
    expected: dict[int, set[int]] = {wish.pk: set() for wish in wishes}
    for event in Event.objects.exclude(status="retracted").select_related("head"):
        assert event.head is not None
        for found in matching_subscriptions(event.head):
            expected[found.pk].add(event.pk)

    met = {wish.pk: set(events_of(wish).values_list("pk", flat=True)) for wish in wishes}

    assert met == expected
    assert sum(map(len, met.values())) > 20


def release(curator: User, company: Organization, day: str, **fields: Any) -> Revision:
    """A release by the company."""
    source = scenes.document("Heron was released.", **fields)
    draft = Draft(
        kind=Kind.PRODUCT,
        action="release",
        subject=DraftParty(Role.SUBJECT, PartyType.PRODUCT, "Heron"),
        organization=DraftOrganization(company.name, company.pk),
        dates={"occurred": PartialDate.parse(day)},
        evidence=(scenes.whole(source),),
    )
    return publish(draft, curator)


def test_the_newest_events_come_first_and_no_more_than_asked_for() -> None:
    curator, company = scenes.curator(), scenes.company()
    first, third, second = (
        release(curator, company, day) for day in ("2024-01-05", "2024-03-05", "2024-02-05")
    )

    found = latest(Subscription(organization=company), limit=2)

    assert [row.pk for row in found] == [third.event_id, second.event_id]
    assert first.event_id not in {row.pk for row in found}


def test_nothing_is_met_by_a_wish_without_events() -> None:
    wish = Subscription(organization=scenes.company())

    assert latest(wish) == []
    assert since_last(wish) is None


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2024-01-05", (2024, 1, 6)),
        ("2024-02", (2024, 3, 1)),
        ("2024-12", (2025, 1, 1)),
        ("2023", (2024, 1, 1)),
    ],
)
def test_an_event_is_past_when_the_period_of_its_date_is(day: str, expected: tuple[int, int, int]) -> None:
    company = scenes.company()
    release(scenes.curator(), company, day)

    assert since_last(Subscription(organization=company)) == datetime(*expected, tzinfo=UTC)


def test_an_event_that_was_told_in_advance_counts_from_when_it_was_first_read_of() -> None:
    company = scenes.company()
    ahead = timezone.now().date() + timedelta(days=90)
    event = release(scenes.curator(), company, ahead.isoformat()).event

    assert since_last(Subscription(organization=company)) == Event.objects.get(pk=event.pk).first_seen_at


def test_of_several_events_the_last_counts() -> None:
    curator, company = scenes.curator(), scenes.company()
    for day in ("2024-01-05", "2024-03-05", "2024-02-05"):
        release(curator, company, day)

    assert since_last(Subscription(organization=company)) == datetime(2024, 3, 6, tzinfo=UTC)


def person_and_company() -> tuple[Executive, Organization]:
    """Someone with a Chinese name, and a company."""
    person = scenes.executive()
    ExecutiveName.objects.create(executive=person, name="范霍滕", type="native", language="zh-Hans")
    return person, scenes.company()


def test_a_wish_of_every_condition_is_one_sentence() -> None:
    person, company = person_and_company()
    wish = Subscription(
        executive=person, organization=company, kind="discipline", min_severity=3, text="fraud"
    )

    assert sentence(wish, words("en")) == (
        "Demotions and other disciplinary events about Ilse van Houten at Northlake Devices and its units,"
        " severity 3 or more, whose sentence holds “fraud”"
    )
    assert sentence(wish, words("zh-hans")) == (
        "Northlake Devices及其下属单位中涉及范霍滕的降职等纪律处分事件，严重程度不低于3，摘要含“fraud”"
    )


@pytest.mark.parametrize("kind", ["", *(kind.value for kind in Kind)])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_words(kind: str, language: str) -> None:
    assert sentence(Subscription(kind=kind), words(language))


def test_a_wish_without_conditions_is_for_all_events() -> None:
    assert sentence(Subscription(), words("en")) == "All events"
    assert sentence(Subscription(), words("zh-hans")) == "全部事件"


def test_the_highest_severity_has_no_more() -> None:
    assert sentence(Subscription(min_severity=5), words("en")) == "All events, severity 5"


def test_silence_is_said_by_its_days() -> None:
    company = scenes.company()

    wish = Subscription(organization=company, kind="product", silent_days=30)

    assert sentence(wish, words("en")) == (
        "30 days without releases and other product news at Northlake Devices and its units"
    )
    assert sentence(wish, words("zh-hans")) == "连续30天没有Northlake Devices及其下属单位的发布等产品动态"
    assert sentence(Subscription(silent_days=1), words("en")) == "1 day without any event"


def test_who_was_merged_goes_by_the_name_of_the_survivor() -> None:
    survivor = scenes.executive("Ilse Maria van Houten")
    double = Executive.objects.create(name="I. van Houten", merged_into=survivor)

    assert sentence(Subscription(executive=double), words("en")) == "All events about Ilse Maria van Houten"


def test_control_characters_of_a_wish_are_not_said(db: None) -> None:
    wish = Subscription(text="fraud\x01\x02 and\tmore")

    assert "“fraud and more”" in sentence(wish, words("en"))
    assert "“fraud and more”" in sentence(wish, words("zh-hans"))
