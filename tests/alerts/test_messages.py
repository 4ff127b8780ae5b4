"""What the mails say, and how mail systems are to treat them."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from pytest_django import Settings

from events.alerts.content import SUBJECT_LENGTH, one_line, subject_line
from events.alerts.messages import compose
from events.alerts.wording import CHINESE, ENGLISH, Words, words
from events.choices import ACTIONS, Kind, Status
from events.models.alerts import Delivery, Subscriber
from events.models.record import Revision
from events.models.sources import Document
from events.record.publishing import publish, retract, revise, undo
from tests import scenes
from tests.alerts.helpers import Story, follow, story, subscriber

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = "https://tracker.example.org"


def delivery(revision: Revision, reader: Subscriber, number: int = 1, **fields: Any) -> Delivery:
    return Delivery.objects.create(
        subscriber=reader, revision=revision, message_id=f"<m{number}@example.org>", **fields
    )


def sent(revision: Revision, reader: Subscriber) -> Delivery:
    at = datetime.fromisoformat("2025-11-18T23:30:00+00:00")
    return delivery(revision, reader, state="sent", sent_at=at)


def first_mail(told: Story, language: str = "en") -> EmailMultiAlternatives:
    reader = subscriber(language=language)
    row = delivery(told.revision, reader)
    row.subscriptions.add(follow(reader, organization=told.company), follow(reader, executive=told.person))
    return compose(row)


def html(mail: EmailMultiAlternatives) -> str:
    [(content, kind)] = mail.alternatives
    assert kind == "text/html"
    return str(content)


def both(mail: EmailMultiAlternatives) -> list[str]:
    return [str(mail.body), html(mail)]


def test_the_subject_of_a_demotion_is_short() -> None:
    assert first_mail(story()).subject == "Ilse van Houten demoted three levels (22A to 21A)"


def test_the_subject_of_a_demotion_in_chinese() -> None:
    assert first_mail(story(), "zh-hans").subject == "Ilse van Houten被降职3级（22A→21A）"


def test_levels_come_from_the_ladder_where_the_source_gives_none() -> None:
    assert first_mail(story(levels=None)).subject == "Ilse van Houten demoted three levels (22A to 21A)"


def test_what_is_only_alleged_says_so_in_the_subject() -> None:
    told = story(assertion=Status.ALLEGED)

    assert first_mail(told).subject.startswith("Allegedly, ")


def test_any_other_subject_is_the_sentence() -> None:
    company = scenes.company()
    source = scenes.document("Northlake Devices appointed Priya Raghunathan.")
    draft = scenes.appointment(
        scenes.executive("Priya Raghunathan"), company, source, day="2025-11", title="CFO"
    )
    revision = publish(draft, scenes.curator())

    mail = compose(delivery(revision, subscriber()))

    assert mail.subject == "Priya Raghunathan was appointed CFO of Northlake Devices in November 2025"


def test_a_date_is_never_more_exact_than_the_source() -> None:
    mail = first_mail(story(day="2025-10"))

    for text in both(mail):
        assert "October 2025" in text
        assert "1 October" not in text


def test_the_mail_says_severity_in_words() -> None:
    for text in both(first_mail(story())):
        assert "Serious (3 of 5)" in text


def test_the_mail_quotes_its_sources_with_links() -> None:
    told = story()

    for text in both(first_mail(told)):
        assert scenes.DEMOTION_TEXT in text
        assert told.source.url in text
        assert "17 November 2025" in text


def test_the_mail_links_to_the_event() -> None:
    told = story()

    for text in both(first_mail(told)):
        assert f"https://tracker.example.org/events/{told.event}/" in text


def test_the_mail_says_why_it_came() -> None:
    for text in both(first_mail(story())):
        assert "because you follow Northlake Devices and its units and Ilse van Houten." in text


def test_the_mail_is_in_the_subscribers_language() -> None:
    told = story()

    for text in both(first_mail(told, "zh-hans")):
        assert told.revision.payload["summary_zh"] in text
        assert "2025年10月18日" in text
        assert "您关注了Northlake Devices及其下属单位、Ilse van Houten" in text


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "auto-generated"),
        ("List-Id", "<alerts.tracker.example.org>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("Message-ID", "<m1@example.org>"),
    ],
)
def test_the_headers_that_mail_systems_expect(header: str, value: str) -> None:
    assert first_mail(story()).message()[header] == value


def test_one_click_unsubscribing_leads_to_the_subscribers_own_address() -> None:
    mail = first_mail(story())
    token = Subscriber.objects.get().token

    address = f"https://tracker.example.org/subscriptions/{token}/unsubscribe/"
    assert mail.extra_headers["List-Unsubscribe"] == f"<{address}>"
    for text in both(mail):
        assert address in text


def test_line_breaks_in_a_name_make_no_header() -> None:
    told = story()
    told.revision.payload["summary"] = "Breaking\r\nBcc: victim@example.org"
    told.revision.payload["details"].pop("penalties")

    mail = compose(delivery(told.revision, subscriber()))

    assert mail.subject == "Breaking Bcc: victim@example.org"
    assert mail.message()["Bcc"] is None


def test_markup_in_a_quote_is_shown_not_obeyed() -> None:
    told = story()
    told.revision.payload["evidence"][0]["quote"] = "<script>alert(1)</script>"

    content = html(compose(delivery(told.revision, subscriber())))

    assert "<script>" not in content
    assert "&lt;script&gt;" in content


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:article.txt"])
def test_only_web_addresses_become_links(url: str) -> None:
    told = story()
    told.revision.payload["evidence"][0]["document"]["url"] = url

    assert url not in html(compose(delivery(told.revision, subscriber())))


def test_a_quote_that_proves_two_fields_is_shown_once() -> None:
    told = story()
    told.revision.payload["evidence"] *= 3

    assert html(first_mail(told)).count("<blockquote>") == 1


def test_a_ladder_conflict_that_was_published_is_shown() -> None:
    told = story(levels=2)
    [note] = told.revision.payload["notes"]

    assert note in str(first_mail(told).body)


def test_a_correction_says_what_was_told_and_what_holds() -> None:
    told, reader = story(), subscriber(time_zone="Asia/Shanghai")
    before = sent(told.revision, reader)
    draft = scenes.demotion(told.person, told.division, told.source, day="2025-10-17", end="21B", levels=None)
    after = revise(told.event, draft, told.curator)

    mail = compose(delivery(after, reader, 2), before)

    assert mail.subject == "Correction: Ilse van Houten demoted four levels (22A to 21B)"
    for text in both(mail):
        # 23:30 in UTC is the next day in Shanghai.
        assert "What we told you on 19 November 2025" in text
        assert told.revision.payload["summary"] in text
        assert after.payload["summary"] in text
        assert "18 October 2025" in text
        assert "17 October 2025" in text


def test_a_correction_stands_under_the_mail_that_it_corrects() -> None:
    told, reader = story(), subscriber()
    before = sent(told.revision, reader)
    after = revise(told.event, scenes.demotion(told.person, told.division, told.source), told.curator)

    mail = compose(delivery(after, reader, 2), before)

    assert mail.extra_headers["In-Reply-To"] == before.message_id
    assert "details or sources were corrected" in str(mail.body)


def test_a_retraction_says_that_nothing_of_it_holds() -> None:
    told, reader = story(), subscriber()
    before = sent(told.revision, reader)
    after = retract(told.event, told.curator)

    mail = compose(delivery(after, reader, 2), before)

    assert mail.subject == "Retracted: Ilse van Houten demoted three levels (22A to 21A)"
    for text in both(mail):
        assert "taken off the record" in text
        assert scenes.DEMOTION_TEXT not in text


def test_an_undone_retraction_says_so() -> None:
    told, reader = story(), subscriber()
    before = sent(retract(told.event, told.curator), reader)
    after = undo(told.event, told.curator)

    mail = compose(delivery(after, reader, 2), before)

    assert mail.subject.startswith("Restored: ")
    for text in both(mail):
        assert "is back on the record" in text


def test_a_second_attempt_is_a_copy() -> None:
    told = story()
    row = delivery(told.revision, subscriber())

    first, second = compose(row), compose(row)

    assert (first.subject, both(first), first.extra_headers) == (
        second.subject,
        both(second),
        second.extra_headers,
    )


def test_a_long_sentence_is_cut_at_a_words_end() -> None:
    line = one_line("word " * 100)

    assert len(line) <= SUBJECT_LENGTH
    assert line.endswith("word…")


@pytest.mark.parametrize("said", [ENGLISH, CHINESE], ids=lambda said: said.language)
def test_every_vocabulary_has_words_in_both_languages(said: Words) -> None:
    assert set(said.kinds) == {kind.value for kind in Kind}
    assert set(said.statuses) == {status.value for status in Status}
    assert set(said.actions) == {action for actions in ACTIONS.values() for action in actions}
    assert len(said.severities) == 6
    assert all(dataclasses.asdict(said).values())


def test_a_language_without_words_is_english() -> None:
    assert words("fr") is ENGLISH


def test_the_sources_titles_fall_back_to_their_address() -> None:
    told = story()
    Document.objects.update(title="")
    told.revision.payload["evidence"][0]["document"]["title"] = ""

    assert f">{told.source.url}</a>" in html(compose(delivery(told.revision, subscriber())))


def test_a_chinese_demotion_without_levels_has_none() -> None:
    payload = story().revision.payload
    payload["details"]["penalties"] = [{"type": "demotion", "from": "18A", "to": "17C"}]

    assert subject_line(payload, CHINESE) == "Ilse van Houten被降职（18A→17C）"
