"""Mails about the subscription itself: what is asked of its owner, or that nothing has happened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from events.alerts import content, reasons
from events.alerts.addresses import manage_url, new_address_url
from events.alerts.letterwords import LetterWords, letter_words
from events.alerts.wishes import latest
from events.alerts.wording import Words
from events.choices import MailKind
from events.models.alerts import Mail, Subscription

WEEK = timedelta(days=7)
MOST_WISHES = 50
"""Wishes that a confirmation lists; the page behind its link has all."""


@dataclass(frozen=True)
class Notice:
    """What such a mail says. `last` is the sentence of the last event before a silence; `ignore` is for those who did
    not ask."""

    subject: str
    headline: str
    paragraphs: list[str]
    button: str
    url: str
    ignore: str = ""
    wishes: list[str] = field(default_factory=list)
    last_label: str = ""
    last: str = ""
    last_url: str = ""
    after: list[str] = field(default_factory=list)
    subscriptions: list[Subscription] = field(default_factory=list)


def notice(mail: Mail, kind: MailKind, said: Words) -> Notice:
    """The words of a mail by its kind and data. Raises LookupError where what they name is gone."""
    return _NOTICES[kind](mail, said, letter_words(said.language))


def _confirmation(mail: Mail, said: Words, say: LetterWords) -> Notice:
    asked = mail.subscriber.subscriptions.filter(is_active=True).select_related("executive", "organization")
    rows = list(asked.order_by("pk")[: MOST_WISHES + 1])
    found = [reasons.wish(row, said) for row in rows[:MOST_WISHES]]
    more = asked.count() - len(found) if len(rows) > MOST_WISHES else 0
    return Notice(
        subject=say.confirm_subject,
        headline=say.confirm_headline,
        paragraphs=[say.confirm_intro, *([say.confirm_wishes] if found else [])],
        wishes=[*found, *([say.and_more.format(count=more)] if more else [])],
        button=say.confirm_button,
        url=manage_url(mail.subscriber),
        ignore=say.confirm_ignore,
    )


def _added(mail: Mail, said: Words, say: LetterWords) -> Notice:
    return Notice(
        subject=say.added_subject,
        headline=say.added_headline,
        paragraphs=[say.added_intro],
        wishes=[reasons.wish(_subscription(mail), said)],
        button=say.added_button,
        url=manage_url(mail.subscriber),
        ignore=say.added_ignore,
    )


def _address(mail: Mail, said: Words, say: LetterWords) -> Notice:
    """To the new address its own link; to the old one what was asked, and what was done."""
    if mail.data["step"] == "confirm":
        intro = say.address_intro.format(old=_masked(mail.subscriber.email), new=mail.data["to"])
        return Notice(
            subject=say.address_subject,
            headline=say.address_headline,
            paragraphs=[intro],
            button=say.address_button,
            url=new_address_url(mail.subscriber),
            ignore=say.address_ignore,
        )
    asked = mail.data["step"] == "asked"
    return Notice(
        subject=say.leaving_subject if asked else say.left_subject,
        headline=say.leaving_subject if asked else say.left_subject,
        paragraphs=[(say.leaving_intro if asked else say.left_intro).format(new=mail.data["new"])],
        button=say.leaving_button,
        url=manage_url(mail.subscriber),
        ignore=say.leaving_ignore if asked else say.left_ignore,
    )


def _access(mail: Mail, said: Words, say: LetterWords) -> Notice:
    return Notice(
        subject=say.access_subject,
        headline=say.access_headline,
        paragraphs=[say.access_intro],
        button=say.access_button,
        url=manage_url(mail.subscriber),
        ignore=say.access_ignore,
    )


def _silence(mail: Mail, said: Words, say: LetterWords) -> Notice:
    subscription = _subscription(mail)
    sentence = reasons.wish(subscription, said)
    last = next(iter(latest(subscription, 1)), None)
    payload = last.head.payload if last and last.head else None
    return Notice(
        subject=content.one_line(say.silence_subject.format(wish=sentence)),
        headline=say.stop.format(sentence=sentence),
        paragraphs=[] if payload else [say.silence_never],
        last_label=say.silence_last.format(day=content.date(payload, said)) if payload else "",
        last=content.summary(payload, said) if payload else "",
        last_url=content.event_url(payload) if payload else "",
        after=[say.silence_caution, say.silence_once],
        button=said.full_record if payload else say.manage,
        url=content.event_url(payload) if payload else manage_url(mail.subscriber),
        subscriptions=[subscription],
    )


def _masked(address: str) -> str:
    """Enough for its owner to know it: a mail that went astray must not tell strangers the rest."""
    name, _, domain = address.partition("@")
    return f"{name[:1]}…@{domain}"


def _subscription(mail: Mail) -> Subscription:
    rows = Subscription.objects.select_related("executive", "organization")
    found = rows.filter(pk=mail.data["subscription"], subscriber=mail.subscriber_id).first()
    if found is None:
        raise LookupError(f"the subscription of mail {mail.pk} is gone")
    return found


_NOTICES: dict[MailKind, Callable[[Mail, Words, LetterWords], Notice]] = {
    MailKind.CONFIRMATION: _confirmation,
    MailKind.ADDED: _added,
    MailKind.ADDRESS: _address,
    MailKind.ACCESS: _access,
    MailKind.SILENCE: _silence,
}
