"""The mails themselves: text and HTML in the subscriber's language, with the headers that mail systems expect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.utils import format_datetime
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings

from events.alerts import content, digests, letters, notices, reasons
from events.alerts.addresses import manage_url, unsubscribe_one_url, unsubscribe_url
from events.alerts.digests import Digest
from events.alerts.letters import Body, Foot, Letter, Links
from events.alerts.letterwords import LetterWords, letter_words
from events.alerts.plain import COLUMNS
from events.alerts.planning import Planned, recipient
from events.alerts.recent import Recent
from events.alerts.schedule import zone
from events.alerts.tellings import Telling, telling
from events.alerts.wording import Words, words
from events.choices import Frequency, MailKind
from events.dates import PartialDate
from events.models.alerts import Mail, Subscriber, Subscription

MAX_REFERENCES = 10
"""Earlier mails that one correction names, so that mail programs show it beneath them."""

_BODIES: Recent[Body] = Recent(64)
"""Up to a hundred kilobytes each."""
_FEET: Recent[Foot] = Recent(500)


def compose(mail: Mail, planned: Sequence[Planned] = ()) -> Letter:
    """The e-mail of a row of the outbox, which tells `planned` (alerts and digests) or what its `data` say.

    It depends on stored rows alone, and the Message-ID is the row's: a second attempt is a copy. Raises ValueError for
    a mail of news without news, LookupError where what the data name is gone.
    """
    kind = MailKind(mail.kind)
    said = words(mail.subscriber.language)
    if kind in {MailKind.ALERT, MailKind.DIGEST}:
        if not planned:
            raise ValueError(f"mail {mail.pk} has nothing to tell")
        return _of_news(mail, kind, planned, said)
    return _of_service(mail, kind, said)


def _of_news(mail: Mail, kind: MailKind, planned: Sequence[Planned], said: Words) -> Letter:
    tellings = [telling(found, said) for found in planned]
    period = _period(planned, said) if kind is MailKind.DIGEST else ""
    key = (period, said.language, settings.SITE_URL, tuple(found.key for found in tellings))
    body = _BODIES.get(key, partial(_body, tellings, period, said))
    matched = reasons.distinct(subscription for found in planned for subscription in found.matched)
    links = _links(mail.subscriber, matched)
    headers = _headers(mail, said) | _list_headers(links)
    if kind is MailKind.ALERT:
        headers |= _threading(planned)
    return _letter(mail, body, _foot(links, matched, said), headers)


def _of_service(mail: Mail, kind: MailKind, said: Words) -> Letter:
    notice = notices.notice(mail, kind, said)
    body = letters.body(notice.subject, "notice", _context(said) | {"notice": notice})
    headers = _headers(mail, said)
    if kind is MailKind.SILENCE:
        links = _links(mail.subscriber, notice.subscriptions)
        return _letter(mail, body, _foot(links, notice.subscriptions, said), headers | _list_headers(links))
    if kind is MailKind.ADDED:
        headers |= _list_headers(_links(mail.subscriber, []))
    return _letter(mail, body, letters.foot(_context(said) | {"because": notice.ignore}), headers)


def _body(tellings: Sequence[Telling], period: str, said: Words) -> Body:
    """What all who are told the same are sent, without the foot."""
    first, say = tellings[0], letter_words(said.language)
    if not period and len(tellings) == 1:
        return letters.body(first.subject, "event", _context(said) | _event_context(first))
    digest = digests.digest(tellings, say) if period else digests.case(tellings, say)
    context = _context(said) | {"digest": digest}
    if period:
        headline = say.digest_headline.format(counts=digest.counts)
        about = {"period": period, "headline": headline, "rule": "-" * COLUMNS}
        return letters.body(_digest_subject(period, digest, say), "digest", context | about)
    title = _case_title(tellings, digest, said, say)
    return letters.body(
        _case_subject(title, digest, say), "case", context | {"title": title, "quotes": _quotes(tellings)}
    )


def _event_context(found: Telling) -> dict[str, object]:
    more = len(found.quotes) - content.MAX_QUOTES
    return {
        "telling": found,
        "quotes": found.quotes[: content.MAX_QUOTES],
        "more_quotes": found.words.more_sources.format(count=more) if more > 0 else "",
    }


def _quotes(tellings: Iterable[Telling]) -> list[content.Quote]:
    """The sources' words of several events, each passage once: those of one decision share their sources."""
    found = dict.fromkeys(quote for each in tellings for quote in each.quotes)
    return list(found)[: content.MAX_QUOTES]


def _case_title(tellings: Sequence[Telling], digest: Digest, said: Words, say: LetterWords) -> str:
    """The case's title; what the sources do not state as fact is called what it is."""
    titles = {found.payload["case_title"] for found in tellings}
    if len(titles) > 1 or not all(titles):
        return say.digest_headline.format(counts=digest.counts)
    unsure = [
        found.payload["assertion"] for found in tellings if not content.is_stated(found.payload)
    ]  # fmt: skip
    prefix = f"{said.statuses[unsure[0]]}{said.colon}" if unsure else ""
    return f"{prefix}{titles.pop()}"


def _case_subject(title: str, digest: Digest, say: LetterWords) -> str:
    return content.one_line(say.of_case.format(title=title, events=digest.counts))


def _digest_subject(period: str, digest: Digest, say: LetterWords) -> str:
    """The period, how much, and the gravest."""
    subject = say.digest_subject.format(period=period, counts=digest.counts)
    return content.one_line(say.gravest.format(subject=subject, first=digest.first.subject))


def _period(planned: Sequence[Planned], said: Words) -> str:
    """What a digest covers, by the subscriber's calendar: the day, or the week up to it."""
    say = letter_words(said.language)
    subscriber = planned[0].delivery.subscriber
    deliveries = [found.delivery for found in planned]
    waited = [row for row in deliveries if row.frequency != Frequency.INSTANT.value] or deliveries
    day = PartialDate(max(row.due_at for row in waited).astimezone(zone(subscriber.time_zone)).date())
    weekly = all(row.frequency == Frequency.WEEKLY.value for row in waited)
    if not weekly:
        return say.daily.format(day=said.date(day))
    start = PartialDate(day.value - notices.WEEK)
    return say.weekly.format(day=say.week.format(start=said.date(start), end=said.date(day)))


def _letter(mail: Mail, body: Body, foot: Foot, headers: dict[str, str]) -> Letter:
    reply_to = settings.ALERTS_REPLY_TO
    return Letter(body, foot, to=recipient(mail), headers=headers, reply_to=reply_to)


def _context(said: Words) -> dict[str, object]:
    return {
        "words": said,
        "say": letter_words(said.language),
        "sender": settings.ALERTS_SENDER,
    }


def _links(subscriber: Subscriber, matched: Sequence[Subscription]) -> Links:
    one = unsubscribe_one_url(matched[0]) if len(matched) == 1 else ""
    return Links(manage_url(subscriber), unsubscribe_url(subscriber), one)


def _foot(links: Links, matched: Sequence[Subscription], said: Words) -> Foot:
    because, wishes = reasons.because(matched, said)
    context = _context(said) | {"because": because, "wishes": wishes}
    key = (because, *wishes, bool(links.one), said.language, context["sender"])
    return _FEET.get(key, lambda: letters.linked_foot(context, one=bool(links.one))).led(links)


def _headers(mail: Mail, said: Words) -> dict[str, str]:
    return {
        "Message-ID": mail.message_id,
        "Date": format_datetime(mail.created_at),
        "Auto-Submitted": "auto-generated",
        "Content-Language": said.html_language,
    }


def _list_headers(links: Links) -> dict[str, str]:
    """RFC 2919, RFC 2369 and RFC 8058: mail programs show a button that unsubscribes with one POST, from the one
    subscription that asked for the mail, else from all."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return {
        "List-Id": f"<alerts.{host}>",
        "List-Unsubscribe": f"<{links.one or links.leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _threading(planned: Sequence[Planned]) -> dict[str, str]:
    """A correction stands under the mails that it corrects."""
    earlier = dict.fromkeys(
        found.told.mail.message_id
        for found in planned
        if found.told is not None and found.told.mail is not None
    )
    if not earlier:
        return {}
    references = list(earlier)[-MAX_REFERENCES:]
    return {"In-Reply-To": references[-1], "References": " ".join(references)}
