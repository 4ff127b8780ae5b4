"""A mail of every kind, as one reader would get it: to be read, measured and looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.mail import EmailMultiAlternatives

from events.choices import Frequency, Kind, MailKind, PartyType, Role, Status
from events.models.alerts import Subscriber
from events.models.organizations import Organization, OrganizationName
from events.models.people import ExecutiveName
from events.models.record import Case, Revision
from events.record.draft import Draft, DraftParty
from events.record.publishing import retract, revise, undo
from tests import scenes
from tests.alerts.helpers import Story, follow, story, subscriber
from tests.alerts.writing import digest, news, sent, service, written

LANGUAGES = ("en", "zh-hans")


def reader(language: str) -> Subscriber:
    """A subscriber in Shanghai."""
    return subscriber(language=language, time_zone="Asia/Shanghai")


def named_story(**fields: Any) -> Story:
    """The demotion, of a unit and a person with Chinese names."""
    told = story(**fields)
    OrganizationName.objects.create(
        organization=told.division, name="北湖云", type="native", language="zh-Hans"
    )
    ExecutiveName.objects.create(executive=told.person, name="范霍滕", type="native", language="zh-Hans")
    return told


def alert(language: str) -> EmailMultiAlternatives:
    """One event, two subscriptions."""
    told, to = named_story(), reader(language)
    follow_it = follow(to, organization=told.company, kind="discipline", min_severity=3, text="demoted")
    return written(news(told.revision, follow_it, follow(to, executive=told.person)))


def alleged(language: str) -> EmailMultiAlternatives:
    """What the sources do not state as fact, with a name that looks like markup."""
    source = scenes.document("A researcher alleged that Heron <2> & its successor copy another model.")
    draft = Draft(
        kind=Kind.CONTROVERSY,
        action="allegation",
        subject=DraftParty(Role.SUBJECT, PartyType.PRODUCT, "Heron <2> & successor"),
        assertion=Status.ALLEGED,
        evidence=(scenes.whole(source),),
    )
    return written(news(scenes.publish(draft), follow(reader(language), kind="controversy")))


def correction(language: str) -> EmailMultiAlternatives:
    """Other grades, another day."""
    told, to = named_story(), reader(language)
    draft = scenes.demotion(told.person, told.division, told.source, day="2025-10-17", end="21B", levels=None)
    after = revise(told.event, draft, told.curator)
    return written(news(after, follow(to, executive=told.person), told=sent(told.revision, to)))


def retraction(language: str) -> EmailMultiAlternatives:
    """What was told is taken off the record."""
    told, to = named_story(), reader(language)
    after = retract(told.event, told.curator)
    return written(news(after, reader=to, told=sent(told.revision, to)))


def restoration(language: str) -> EmailMultiAlternatives:
    """What was called retracted holds after all."""
    told, to = named_story(), reader(language)
    before = sent(retract(told.event, told.curator), to)
    return written(news(undo(told.event, told.curator), reader=to, told=before))


def case_revisions(*assertions: Status) -> tuple[Organization, list[Revision]]:
    """Demotions of one decision, one for each assertion."""
    company = scenes.company("Osterby Foods")
    scenes.ladder(company)
    case = Case.objects.create(title="The penalties of 18 October", key="osterby:2025-10-18")
    source = scenes.document(scenes.DEMOTION_TEXT, title="Osterby Foods punishes managers")
    people = [scenes.executive(f"{name} Lindqvist") for name in ("Anna", "Bo", "Carl")[: len(assertions)]]
    return company, [
        scenes.publish(
            scenes.demotion(
                person, company, source, levels=None, end="20A", case_id=case.pk, assertion=assertion
            )
        )
        for person, assertion in zip(people, assertions, strict=True)
    ]


def case(language: str) -> EmailMultiAlternatives:
    """News of a decision on two people, and the correction of what was told of a third."""
    to = reader(language)
    company, (first, second, third) = case_revisions(Status.REPORTED, Status.CONFIRMED, Status.REPORTED)
    wish = follow(to, organization=company)
    told = sent(third, to)
    after = retract(third.event_id, scenes.curator())
    return written(news(first, wish), news(second, wish), news(after, wish, told=told))


def appointments(count: int, organizations: int) -> list[Revision]:
    """Events of several organizations, of severity 0."""
    source = scenes.document("The companies appointed people.", title="Appointments of the day")
    companies = [scenes.company(f"Firm {chr(65 + n)}") for n in range(organizations)]
    return [
        scenes.publish(
            scenes.appointment(
                scenes.executive(f"Person {n}"),
                companies[n % organizations],
                source,
                day="2025-11",
                title="CFO",
            )
        )
        for n in range(count)
    ]


def daily(language: str) -> EmailMultiAlternatives:
    """A few events and a correction."""
    told, to = named_story(), reader(language)
    wish = follow(to, frequency=Frequency.DAILY.value)
    before = sent(told.revision, to)
    draft = scenes.demotion(told.person, told.division, told.source, day="2025-10-17", levels=3)
    corrected = news(revise(told.event, draft, told.curator), wish, told=before)
    found = [digest(revision, wish) for revision in appointments(3, 2)]
    return written(*found, corrected, kind=MailKind.DIGEST)


def weekly(language: str) -> EmailMultiAlternatives:
    """More than one mail shows."""
    told, to = named_story(), reader(language)
    wish = follow(to, frequency=Frequency.WEEKLY.value)
    revisions = [*appointments(14, 1), told.revision]
    return written(
        *(digest(found, wish, frequency=Frequency.WEEKLY) for found in revisions), kind=MailKind.DIGEST
    )


def silence(language: str) -> EmailMultiAlternatives:
    """Nothing for some days after an event."""
    told = named_story()
    wish = follow(reader(language), organization=told.company, kind="discipline", silent_days=30)
    return service(wish.subscriber, MailKind.SILENCE, subscription=wish.pk, since="2025-10-19T00:00:00+00:00")


def silence_from_the_start(language: str) -> EmailMultiAlternatives:
    """Nothing since the subscription began."""
    wish = follow(reader(language), organization=scenes.company(), kind="product", silent_days=1)
    return service(wish.subscriber, MailKind.SILENCE, subscription=wish.pk, since="2025-10-19T00:00:00+00:00")


def confirmation(language: str) -> EmailMultiAlternatives:
    """Two wishes at an address that nobody has confirmed."""
    told, to = named_story(), subscriber(confirmed=False, language=language)
    follow(to, executive=told.person)
    follow(to, organization=told.division, kind="product", silent_days=30)
    return service(to, MailKind.CONFIRMATION)


def added(language: str) -> EmailMultiAlternatives:
    """Another wish at a confirmed address."""
    wish = follow(reader(language), organization=named_story().division, is_active=False)
    return service(wish.subscriber, MailKind.ADDED, subscription=wish.pk)


def _moving(language: str) -> Subscriber:
    return subscriber(language=language, new_email="new@example.org", new_email_token="n" * 43)


def address(language: str) -> EmailMultiAlternatives:
    """To the new address."""
    return service(_moving(language), MailKind.ADDRESS, step="confirm", to="new@example.org")


def address_asked(language: str) -> EmailMultiAlternatives:
    """To the old address, before."""
    to = _moving(language)
    return service(to, MailKind.ADDRESS, step="asked", to=to.email, new="new@example.org")


def address_changed(language: str) -> EmailMultiAlternatives:
    """To the old address, after."""
    to = subscriber(language=language, email="new@example.org")
    return service(to, MailKind.ADDRESS, step="changed", to="old@example.org", new="new@example.org")


def access(language: str) -> EmailMultiAlternatives:
    """The link to one's own page."""
    return service(reader(language), MailKind.ACCESS)


SAMPLES: dict[str, Callable[[str], EmailMultiAlternatives]] = {
    made.__name__: made
    for made in (
        alert, alleged, correction, retraction, restoration, case, daily, weekly, silence, silence_from_the_start,
        confirmation, added, address, address_asked, address_changed, access,
    )
}  # fmt: skip
"""By name; each takes a language."""
