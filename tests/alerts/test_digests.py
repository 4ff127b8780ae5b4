"""Mails that tell of many events, and mails about the subscription itself: what they say and in which order."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from events.alerts import digests, outbox
from events.alerts.addresses import manage_url, new_address_url, unsubscribe_one_url
from events.alerts.messages import compose
from events.alerts.planning import Planned
from events.choices import Frequency, MailKind, Status
from events.models.alerts import Subscription
from events.record.publishing import retract
from tests import scenes
from tests.alerts import samples
from tests.alerts.helpers import follow, story, subscriber
from tests.alerts.writing import both, digest, html, links, news, plain, sent, service, shown, written

pytestmark = pytest.mark.django_db
SITE = "https://tracker.example.org"


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = SITE


def headings(mail: EmailMultiAlternatives) -> list[str]:
    """The sections of the HTML part, in order."""
    return re.findall(r"<h2[^>]*>(.*?)</h2>", html(mail))


def follower(**fields: Any) -> Subscription:
    """A subscription to everything, of a reader in Shanghai."""
    return follow(subscriber(time_zone="Asia/Shanghai", **fields), frequency=Frequency.DAILY.value)


def of(*planned: Planned) -> EmailMultiAlternatives:
    return written(*planned, kind=MailKind.DIGEST)


def test_a_digest_says_its_day_and_the_gravest_in_its_subject() -> None:
    wish = follower()
    found = [digest(revision, wish) for revision in (*samples.appointments(2, 1), story().revision)]

    # Due at midnight UTC, which is the 19th in Shanghai.
    assert of(*found).subject == (
        "Daily digest, 19 November 2025: 3 events; gravest: Ilse van Houten demoted three levels (22A to 21A)"
    )


def test_a_weekly_digest_says_its_week() -> None:
    wish = follower()
    [revision] = samples.appointments(1, 1)

    subject = of(digest(revision, wish, frequency=Frequency.WEEKLY)).subject

    assert subject.startswith("Weekly digest, 12 November 2025 to 19 November 2025: 1 event;")


def test_organizations_come_by_their_gravest_event_and_events_by_severity() -> None:
    wish = follower()
    told = story()
    mild = scenes.publish(
        scenes.appointment(told.person, told.division, told.source, day="2025-11", title="CFO")
    )
    found = [digest(revision, wish) for revision in (*samples.appointments(2, 2), mild, told.revision)]

    mail = of(*found)

    assert headings(mail) == ["Northlake Cloud", "Firm A", "Firm B"]
    for text in both(mail):
        assert text.index("was demoted") < text.index("was appointed CFO of Northlake Cloud")


def test_corrections_come_first_and_say_what_was_told() -> None:
    told, wish = story(), follower()
    before = sent(told.revision, wish.subscriber)
    gone = news(retract(told.event, told.curator), wish, told=before)
    found = [digest(revision, wish) for revision in samples.appointments(1, 1)]

    mail = of(*found, gone)

    assert headings(mail) == ["Corrections of what we told you", "Firm A"]
    for text in both(mail):
        assert "Retracted: Ilse van Houten demoted three levels" in text
        assert f"What we told you on 19 November 2025: {told.revision.payload['summary']}" in text
        assert "What holds now: This was taken off the record." in text


def test_a_digest_starts_no_thread_under_an_alert() -> None:
    told, wish = story(), follower()
    before = sent(told.revision, wish.subscriber)

    mail = of(news(retract(told.event, told.curator), wish, told=before))

    assert "In-Reply-To" not in mail.extra_headers


def test_a_long_digest_has_a_table_of_contents() -> None:
    wish = follower()
    found = [digest(revision, wish) for revision in samples.appointments(digests.LONG, 2)]

    mail, short = of(*found), of(*found[1:])

    assert headings(mail)[0] == "In this digest"
    for anchor in ("part-1", "part-2"):
        assert f"#{anchor}" in links(mail)
        assert f'id="{anchor}"' in html(mail)
    assert "In this digest" not in plain(short)


def test_a_digest_is_bounded_and_leads_to_the_rest() -> None:
    wish = follower()
    revisions = samples.appointments(digests.MOST_OF_GROUP + 3, 1)

    mail = of(*(digest(revision, wish) for revision in revisions))

    page = f"{SITE}/organizations/{revisions[0].payload['subject']['organization']['id']}/"
    assert page in links(mail)
    assert html(mail).count('class="item"') == digests.MOST_OF_GROUP
    for text in both(mail):
        assert "3 more on the page of Firm A" in text


def test_the_gravest_are_shown_where_there_is_no_room_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "MOST_SHOWN", 1)
    wish = follower()
    found = [digest(revision, wish) for revision in (*samples.appointments(2, 1), story().revision)]

    mail = of(*found)

    assert html(mail).count('class="item"') == 1
    for text in both(mail):
        assert "was demoted three levels" in text
        assert "2 more on the page of Firm A" in text


def test_no_correction_is_left_out_of_a_bounded_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "MOST_SHOWN", 1)
    wish = follower()
    revisions = samples.appointments(3, 1)
    gone = [
        news(retract(row.event_id, scenes.curator()), wish, told=sent(row, wish.subscriber))
        for row in revisions
    ]  # fmt: skip

    for text in both(of(*gone)):
        assert [f"Retracted: Person {n} was appointed" in text for n in range(3)] == [True] * 3


def test_a_case_is_one_mail_under_its_title() -> None:
    mail = samples.case("en")

    assert mail.subject == "The penalties of 18 October (2 events, 1 correction)"
    for text in both(mail):
        for name in ("Anna Lindqvist, CEO", "Bo Lindqvist, CEO", "Retracted: Carl Lindqvist demoted"):
            assert text.count(name) >= 1
        assert text.count("Serious (3 of 5)") == 2
        assert text.count(scenes.DEMOTION_TEXT) == 1


def test_nobody_of_a_large_case_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "MOST_SHOWN", 1)
    company, revisions = samples.case_revisions(Status.REPORTED, Status.REPORTED, Status.REPORTED)
    wish = follow(subscriber(), organization=company)

    mail = written(*(news(revision, wish) for revision in revisions))

    for revision in revisions:
        assert f"{SITE}/events/{revision.event_id}/" in links(mail)
        for text in both(mail):
            assert f"{revision.payload['subject']['name']}" in text


def test_a_case_with_what_is_only_alleged_says_so_in_its_title() -> None:
    company, revisions = samples.case_revisions(Status.REPORTED, Status.ALLEGED)
    wish = follow(subscriber(), organization=company)

    mail = written(*(news(revision, wish) for revision in revisions))

    assert mail.subject.startswith("Alleged: The penalties")
    for text in both(mail):
        assert "Allegedly, Bo Lindqvist" in text


def test_a_silence_says_what_was_last() -> None:
    told = story()
    wish = follow(subscriber(), organization=told.company, silent_days=30)

    mail = service(wish.subscriber, MailKind.SILENCE, subscription=wish.pk)

    assert mail.subject == "Silence: 30 days without any event at Northlake Devices and its units"
    assert f"{SITE}/events/{told.event}/" in links(mail)
    assert mail.extra_headers["List-Unsubscribe"] == f"<{unsubscribe_one_url(wish)}>"
    for text in both(mail):
        assert "The last one, 18 October 2025:" in text
        assert told.revision.payload["summary"] in text


def test_a_silence_from_the_start_says_that_there_has_been_none() -> None:
    wish = follow(subscriber(), organization=scenes.company(), silent_days=1)

    for text in both(service(wish.subscriber, MailKind.SILENCE, subscription=wish.pk)):
        assert "1 day without any event" in text
        assert "There has been none on the record so far." in text


def test_a_confirmation_says_each_wish_and_leads_to_a_page_that_asks() -> None:
    told, reader = story(), subscriber(confirmed=False)
    follow(reader, executive=told.person)
    follow(reader, organization=told.company, kind="product")
    follow(reader, text="stopped", is_active=False)

    mail = service(reader, MailKind.CONFIRMATION)

    assert links(mail) == [manage_url(reader)]
    assert "List-Unsubscribe" not in mail.extra_headers
    for text in both(mail):
        assert "All events about Ilse van Houten" in text
        assert "Releases and other product news at Northlake Devices and its units" in text
        assert "stopped" not in text


def test_another_alert_is_named_with_the_page_on_which_it_starts() -> None:
    wish = follow(subscriber(), executive=scenes.executive(), is_active=False)

    mail = service(wish.subscriber, MailKind.ADDED, subscription=wish.pk)

    assert links(mail) == [manage_url(wish.subscriber)]
    for text in both(mail):
        assert "All events about Ilse van Houten" in text
        assert "It is not active yet." in text


def test_a_wish_of_someone_else_is_not_told() -> None:
    theirs = follow(subscriber(), executive=scenes.executive())

    with pytest.raises(LookupError):
        service(subscriber(), MailKind.ADDED, subscription=theirs.pk)


def test_a_new_address_gets_its_own_link_alone() -> None:
    reader = subscriber(new_email="new@example.org", new_email_token="n" * 43)

    mail = service(reader, MailKind.ADDRESS, step="confirm", to="new@example.org")

    assert mail.to == ["new@example.org"]
    assert links(mail) == [new_address_url(reader)]
    assert reader.email not in html(mail) + str(mail.body)
    assert reader.token not in html(mail) + str(mail.body)


@pytest.mark.parametrize(
    ("step", "words"), [("asked", "That happens once it is confirmed there"), ("changed", "From now on")]
)
def test_the_old_address_is_told_of_the_new_one(step: str, words: str) -> None:
    reader = subscriber(new_email="new@example.org", new_email_token="n" * 43)

    mail = service(reader, MailKind.ADDRESS, step=step, to="old@example.org", new="new@example.org")

    assert mail.to == ["old@example.org"]
    assert reader.new_email_token not in html(mail)
    for text in both(mail):
        assert words in text
        assert "new@example.org" in text


def test_the_link_to_ones_own_page_comes_alone() -> None:
    reader = subscriber()

    mail = service(reader, MailKind.ACCESS)

    assert links(mail) == [manage_url(reader)]
    assert mail.extra_headers["Auto-Submitted"] == "auto-generated"


def test_markup_in_a_wish_is_shown_not_obeyed() -> None:
    wish = follow(subscriber(confirmed=False), text="<b>fraud</b> & co")

    mail = service(wish.subscriber, MailKind.CONFIRMATION)

    assert "<b>fraud" not in html(mail)
    assert "“<b>fraud</b> & co”" in shown(mail)
    assert "“<b>fraud</b> & co”" in plain(mail)


def test_readers_of_the_same_news_get_their_own_links() -> None:
    told = story()
    mails = [written(news(told.revision, follow(subscriber(), executive=told.person))) for _ in range(2)]
    tokens = [mail.extra_headers["List-Unsubscribe"] for mail in mails]

    assert len(set(tokens)) == 2
    for mail in mails:
        assert mail.extra_headers["List-Unsubscribe"].strip("<>") in links(mail)


def test_a_name_that_changed_is_called_by_its_new_one() -> None:
    told, reader = story(), subscriber()
    wish = follow(reader, executive=told.person)
    compose(outbox.put(reader, MailKind.ALERT), [news(told.revision, wish)])
    told.person.name = "Ilse Janssen"
    told.person.save()

    mail = service(reader, MailKind.ADDED, subscription=wish.pk)

    assert "All events about Ilse Janssen" in plain(mail)
