"""The mails themselves: text and HTML, in the subscriber's language, with the headers that mail systems expect."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from events.alerts import content
from events.alerts.content import JSON, Content
from events.alerts.schedule import zone
from events.alerts.wording import Words, words
from events.choices import Operation
from events.dates import PartialDate
from events.models.alerts import Delivery, Subscriber, Subscription


def compose(delivery: Delivery, told: Delivery | None = None) -> EmailMultiAlternatives:
    """The mail of a delivery. `told` is the last mail about the event that its subscriber received before.

    The text depends on stored rows alone, and the Message-ID is the delivery's: a second attempt is a copy.
    """
    subscriber, payload = delivery.subscriber, delivery.revision.payload
    said = words(subscriber.language)
    body = alert(payload, said) if told is None else correction(delivery, told, said)
    prefix = "" if told is None else f"{_prefix(delivery, told, said)}{said.colon}"
    headers = {"Message-ID": delivery.message_id} | _threading(told)
    return _mail(
        subscriber,
        subject=content.one_line(prefix + content.subject_line(payload, said)),
        template="alerts/alert",
        context={"content": body, "because": _because(delivery, said), "words": said},
        headers=headers | _list_headers(subscriber),
    )


def alert(payload: JSON, said: Words) -> Content:
    """What a first mail about an event says."""
    found = content.quotes(payload, said)
    more = len(found) - content.MAX_QUOTES
    sentence = content.summary(payload, said)
    return Content(
        headline=sentence,
        kicker=content.kicker(payload, said),
        summary=sentence,
        rows=content.rows(payload, said),
        notes=list(payload.get("notes", [])),
        quotes=found[: content.MAX_QUOTES],
        more_quotes=said.more_sources.format(count=more) if more > 0 else "",
        url=content.event_url(payload),
    )


def correction(delivery: Delivery, told: Delivery, said: Words) -> Content:
    """What a later mail says: what the subscriber was told, and what holds now."""
    now, before = delivery.revision.payload, told.revision.payload
    first = alert(now, said)
    was_told = said.told_retracted if _is_retraction(told) else content.summary(before, said)
    label = said.what_was_told.format(day=_day(told, said))
    if _is_retraction(delivery):
        return Content(
            headline=said.headline_retraction,
            kicker=first.kicker,
            summary=first.summary,
            told_label=label,
            told=was_told,
            holds=said.retracted_holds,
            url=first.url,
        )
    restored = _is_retraction(told)
    changed = [] if restored else content.changes(before, now, said)
    return Content(
        headline=said.headline_restoration if restored else said.headline_correction,
        kicker=first.kicker,
        summary=first.summary,
        told_label=label,
        told=was_told,
        holds=first.summary,
        rows=first.rows,
        changes=changed,
        only_details=not restored and not changed and was_told == first.summary,
        notes=first.notes,
        quotes=first.quotes,
        more_quotes=first.more_quotes,
        url=first.url,
    )


def confirmation(subscriber: Subscriber) -> EmailMultiAlternatives:
    """The mail that asks the owner of an address whether the alerts are wanted."""
    said = words(subscriber.language)
    wishes = subscriber.subscriptions.filter(is_active=True).select_related("executive", "organization")
    return _mail(
        subscriber,
        subject=said.confirm_subject,
        template="alerts/confirm",
        context={"follow": said.confirm_follow.format(what=content.followed(wishes, said)), "words": said},
        headers={},
    )


def manage_url(subscriber: Subscriber) -> str:
    """The page on which the subscriber confirms, changes and ends subscriptions."""
    return f"{settings.SITE_URL}/subscriptions/{subscriber.token}/"


def unsubscribe_url(subscriber: Subscriber) -> str:
    """Where one POST ends all mail (RFC 8058); a GET shows a page that asks."""
    return f"{manage_url(subscriber)}unsubscribe/"


def _mail(
    subscriber: Subscriber, *, subject: str, template: str, context: JSON, headers: dict[str, str]
) -> EmailMultiAlternatives:
    context = context | {
        "subject": subject,
        "manage_url": manage_url(subscriber),
        "unsubscribe_url": unsubscribe_url(subscriber),
    }
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"{template}.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[subscriber.email],
        headers=headers
        | {"Auto-Submitted": "auto-generated", "Content-Language": context["words"].html_language},
    )
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    return message


def _list_headers(subscriber: Subscriber) -> dict[str, str]:
    """RFC 2919, RFC 2369 and RFC 8058: mail programs show a button that unsubscribes with one POST."""
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return {
        "List-Id": f"<alerts.{host}>",
        "List-Unsubscribe": f"<{unsubscribe_url(subscriber)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _threading(told: Delivery | None) -> dict[str, str]:
    """A correction stands under the mail that it corrects."""
    return {"In-Reply-To": told.message_id, "References": told.message_id} if told else {}


def _because(delivery: Delivery, said: Words) -> str:
    matched: list[Subscription] = list(
        delivery.subscriptions.select_related("executive", "organization").order_by("id")
    )
    return said.because.format(what=content.followed(matched, said)) if matched else said.because_told


def _is_retraction(delivery: Delivery) -> bool:
    return delivery.revision.operation == Operation.DEL.value


def _prefix(delivery: Delivery, told: Delivery, said: Words) -> str:
    if _is_retraction(delivery):
        return said.retraction
    return said.restoration if _is_retraction(told) else said.correction


def _day(told: Delivery, said: Words) -> str:
    """The day on which the earlier mail was sent, as the subscriber's calendar has it."""
    sent = (told.sent_at or timezone.now()).astimezone(zone(told.subscriber.time_zone))
    return said.date(PartialDate(sent.date()))
