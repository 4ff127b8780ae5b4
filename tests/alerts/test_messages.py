"""What the mails say, and how mail systems are to treat them."""

from __future__ import annotations

import dataclasses
import email
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from django.core.mail import BadHeaderError, EmailMultiAlternatives
from pytest_django import Settings

from events.alerts import outbox
from events.alerts.addresses import unsubscribe_one_url
from events.alerts.content import SUBJECT_LENGTH, one_line, subject_line
from events.alerts.letters import Letter
from events.alerts.letterwords import CHINESE as LETTERS_CHINESE
from events.alerts.letterwords import ENGLISH as LETTERS_ENGLISH
from events.alerts.letterwords import LetterWords
from events.alerts.messages import compose
from events.alerts.wording import CHINESE, ENGLISH, Words, words
from events.choices import ACTIONS, Kind, MailKind, Status
from events.models.alerts import Subscriber
from events.models.sources import Document
from events.record.publishing import publish, retract, revise, undo
from tests import scenes
from tests.alerts.helpers import Story, follow, story, subscriber
from tests.alerts.writing import both, html, links, news, plain, sent, written

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _address(settings: Settings) -> None:
    settings.SITE_URL = "https://tracker.example.org"


def first_mail(told: Story, language: str = "en") -> EmailMultiAlternatives:
    """To a reader with two subscriptions that matched."""
    reader = subscriber(language=language)
    return written(
        news(told.revision, follow(reader, organization=told.company), follow(reader, executive=told.person))
    )


def to_one(told: Story, **fields: Any) -> EmailMultiAlternatives:
    """To a reader with one subscription."""
    return written(news(told.revision, follow(subscriber(**fields), executive=told.person)))


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

    mail = written(news(revision, reader=subscriber()))

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

    mail = first_mail(told)

    for text in both(mail):
        assert scenes.DEMOTION_TEXT in text
        assert "17 November 2025" in text
    assert told.source.url in str(mail.body)
    assert told.source.url in links(mail)


def test_the_mail_links_to_the_event() -> None:
    told = story()

    mail = first_mail(told)

    address = f"https://tracker.example.org/events/{told.event}/"
    assert address in str(mail.body).splitlines()
    assert address in links(mail)


def test_the_mail_names_every_subscription_that_asked_for_it() -> None:
    for text in both(first_mail(story())):
        assert "You get this because you asked for:" in text
        assert "All events at Northlake Devices and its units" in text
        assert "All events about Ilse van Houten" in text


def test_the_mail_names_the_one_subscription_in_its_sentence() -> None:
    for text in both(to_one(story())):
        assert "You get this because you asked for: All events about Ilse van Houten." in text


def test_many_subscriptions_are_counted() -> None:
    told, reader = story(), subscriber()
    wishes = [follow(reader, executive=told.person, text=f"van H{'o' * n}") for n in range(12)]

    for text in both(written(news(told.revision, *wishes))):
        assert "and 2 more" in text


def test_the_mail_is_in_the_subscribers_language() -> None:
    told = story()

    mail = first_mail(told, "zh-hans")

    for text in both(mail):
        assert told.revision.payload["summary_zh"] in text
        assert "2025年10月18日" in text
        assert "Northlake Devices及其下属单位的全部事件" in text
    assert '<html lang="zh-Hans">' in html(mail)
    assert mail.extra_headers["Content-Language"] == "zh-Hans"


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Auto-Submitted", "auto-generated"),
        ("Content-Language", "en"),
        ("List-Id", "<alerts.tracker.example.org>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ],
)
def test_the_headers_that_mail_systems_expect(header: str, value: str) -> None:
    assert first_mail(story()).message()[header] == value


def test_message_id_and_date_are_those_of_the_row() -> None:
    reader = subscriber()
    row = outbox.put(reader, MailKind.ALERT)

    message = compose(row, [news(story().revision, reader=reader)]).message()

    assert message["Message-ID"] == row.message_id
    assert email.utils.parsedate_to_datetime(message["Date"]) == row.created_at.replace(microsecond=0)


def test_a_mail_of_several_subscriptions_is_unsubscribed_from_all() -> None:
    mail = first_mail(story())
    token = Subscriber.objects.get().token

    address = f"https://tracker.example.org/subscriptions/{token}/unsubscribe/"
    assert mail.extra_headers["List-Unsubscribe"] == f"<{address}>"
    assert address in links(mail)
    assert address in str(mail.body).splitlines()


def test_a_mail_of_one_subscription_is_unsubscribed_from_that_one() -> None:
    told, reader = story(), subscriber()
    wish = follow(reader, executive=told.person)

    mail = written(news(told.revision, wish))

    assert mail.extra_headers["List-Unsubscribe"] == f"<{unsubscribe_one_url(wish)}>"
    assert unsubscribe_one_url(wish) in links(mail)
    assert reader.token not in mail.extra_headers["List-Unsubscribe"]


def test_answers_go_where_the_operator_reads(settings: Settings) -> None:
    settings.ALERTS_REPLY_TO = "desk@example.org"

    assert to_one(story()).message()["Reply-To"] == "desk@example.org"


def test_the_senders_line_stands_below(settings: Settings) -> None:
    settings.ALERTS_SENDER = "Example Foundation, 1 Example Street"

    for text in both(to_one(story())):
        assert text.endswith("Example Foundation, 1 Example Street")


def test_line_breaks_in_a_name_make_no_header() -> None:
    told = story()
    told.revision.payload["summary"] = "Breaking\r\nBcc: victim@example.org"
    told.revision.payload["details"].pop("penalties")

    mail = to_one(told)

    assert mail.subject == "Breaking Bcc: victim@example.org"
    assert mail.message()["Bcc"] is None


def test_markup_in_a_quote_is_shown_not_obeyed() -> None:
    told = story()
    told.revision.payload["evidence"][0]["quote"] = "<script>alert(1)</script>"

    content = html(to_one(told))

    assert "<script>" not in content
    assert "&lt;script&gt;" in content


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:article.txt"])
def test_only_web_addresses_become_links(url: str) -> None:
    told = story()
    told.revision.payload["evidence"][0]["document"]["url"] = url

    assert url not in html(to_one(told))


def test_a_quote_that_proves_two_fields_is_shown_once() -> None:
    told = story()
    told.revision.payload["evidence"] *= 3

    assert html(first_mail(told)).count("<blockquote>") == 1


def test_a_ladder_conflict_that_was_published_is_shown() -> None:
    told = story(levels=2)
    [note] = told.revision.payload["notes"]

    for text in both(first_mail(told)):
        assert note in text


def test_a_correction_says_what_was_told_and_what_holds() -> None:
    told, reader = story(), subscriber(time_zone="Asia/Shanghai")
    before = sent(told.revision, reader)
    draft = scenes.demotion(told.person, told.division, told.source, day="2025-10-17", end="21B", levels=None)
    after = revise(told.event, draft, told.curator)

    mail = written(news(after, reader=reader, told=before))

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

    mail = written(news(after, reader=reader, told=before))

    assert before.mail is not None
    assert mail.extra_headers["In-Reply-To"] == before.mail.message_id
    assert mail.extra_headers["References"] == before.mail.message_id
    assert "details or sources were corrected" in plain(mail)


def test_a_correction_that_no_subscription_asks_for_says_why_it_came() -> None:
    told, reader = story(), subscriber()
    after = retract(told.event, told.curator)

    for text in both(written(news(after, reader=reader, told=sent(told.revision, reader)))):
        assert "You get this because we wrote to you about it before." in text


def test_a_retraction_says_that_nothing_of_it_holds() -> None:
    told, reader = story(), subscriber()
    before = sent(told.revision, reader)
    after = retract(told.event, told.curator)

    mail = written(news(after, reader=reader, told=before))

    assert mail.subject == "Retracted: Ilse van Houten demoted three levels (22A to 21A)"
    for text in both(mail):
        assert "taken off the record" in text
        assert scenes.DEMOTION_TEXT not in text


def test_an_undone_retraction_says_so() -> None:
    told, reader = story(), subscriber()
    before = sent(retract(told.event, told.curator), reader)
    after = undo(told.event, told.curator)

    mail = written(news(after, reader=reader, told=before))

    assert mail.subject.startswith("Restored: ")
    for text in both(mail):
        assert "is back on the record" in text


def test_a_second_attempt_is_a_copy() -> None:
    reader = subscriber()
    row = outbox.put(reader, MailKind.ALERT)
    found = [news(story().revision, reader=reader)]

    assert compose(row, found).wire() == compose(row, found).wire()


def test_a_mail_of_news_needs_news() -> None:
    with pytest.raises(ValueError, match="nothing to tell"):
        compose(outbox.put(subscriber(), MailKind.ALERT))


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_both_forms_of_a_letter_say_the_same(language: str, settings: Settings) -> None:
    settings.ALERTS_REPLY_TO = "Le bureau d’été <desk@example.org>"
    mail = to_one(story(), language=language)
    assert isinstance(mail, Letter)

    quick = email.message_from_bytes(mail.wire(), policy=default)
    whole = email.message_from_bytes(mail.message().as_bytes(), policy=default)

    assert headers(quick) == headers(whole)
    assert parts(quick) == parts(whole)
    assert not quick.defects


def headers(message: EmailMessage) -> dict[str, str]:
    """Without those about the form, and without the spaces of folding."""
    technical = {"Content-Type", "MIME-Version"}
    return {name: str(message[name]).strip() for name in message if name not in technical}


def parts(message: EmailMessage) -> list[tuple[str, list[str]]]:
    return [(part.get_content_type(), part.get_content().splitlines()) for part in message.iter_parts()]


def test_a_letters_lines_are_as_short_as_smtp_asks() -> None:
    told = story()
    told.revision.payload["evidence"][0]["quote"] = "长" * 400
    mail = to_one(told)
    assert isinstance(mail, Letter)

    wire = mail.wire()

    assert max(map(len, wire.split(b"\r\n"))) <= 998
    assert parts(email.message_from_bytes(wire, policy=default)) == [
        ("text/plain", str(mail.body).splitlines()),
        ("text/html", html(mail).splitlines()),
    ]


def test_an_address_of_several_lines_makes_no_header() -> None:
    told, reader = story(), subscriber()
    found = news(told.revision, reader=reader)
    reader.email = "reader@example.org\r\nBcc: victim@example.org"
    row = outbox.put(reader, MailKind.ALERT)

    mail = compose(row, [found])

    with pytest.raises(BadHeaderError):
        mail.wire()


def test_plain_text_is_broken_at_78_columns() -> None:
    told = story()
    told.revision.payload["evidence"][0]["quote"] = "word " * 60

    lines = str(first_mail(told).body).splitlines()

    assert all(len(line) <= 78 or line.startswith("https://") for line in lines)
    assert not any("&#" in line or "<" in line for line in lines)


def test_a_long_sentence_is_cut_at_a_words_end() -> None:
    line = one_line("word " * 100)

    assert len(line) <= SUBJECT_LENGTH
    assert line.endswith("word…")


@pytest.mark.parametrize("said", [LETTERS_ENGLISH, LETTERS_CHINESE], ids=["en", "zh-hans"])
def test_every_sentence_of_a_letter_has_words(said: LetterWords) -> None:
    assert all(dataclasses.asdict(said).values())


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

    assert f">{told.source.url}</a>" in html(to_one(told))


def test_a_chinese_demotion_without_levels_has_none() -> None:
    payload = story().revision.payload
    payload["details"]["penalties"] = [{"type": "demotion", "from": "18A", "to": "17C"}]

    assert subject_line(payload, CHINESE) == "Ilse van Houten被降职（18A→17C）"
