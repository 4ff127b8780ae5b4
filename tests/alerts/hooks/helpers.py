"""Set-ups of the webhooks' tests: an event on the record, webhooks, their messages."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from events.alerts.hooks.matching import write_messages
from events.models.access import User
from events.models.alerts import Matching
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision
from events.models.sources import Document
from events.models.webhooks import Webhook
from events.record.publishing import publish, revise
from tests import scenes

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Story:
    """A demotion on the record, with everybody in it."""

    person: Executive
    company: Organization
    division: Organization
    curator: User
    revision: Revision
    source: Document

    @property
    def event(self) -> int:
        return self.revision.event_id

    def corrected(self, **fields: Any) -> Revision:
        """The next revision: two steps instead of three, and whatever `fields` say."""
        values: dict[str, Any] = {"end": "22C", "levels": 2} | fields
        draft = scenes.demotion(self.person, self.division, self.source, **values)
        return revise(self.event, draft, self.curator, reason="The article was corrected.")


def story(**fields: Any) -> Story:
    """Ilse van Houten, CEO of Northlake Cloud (part of Northlake Devices), is demoted from 22A to 21A."""
    company = scenes.company()
    division = scenes.unit("Northlake Cloud", company)
    scenes.ladder(company)
    person = scenes.executive()
    source = scenes.document(scenes.DEMOTION_TEXT)
    user = scenes.curator()
    revision = publish(scenes.demotion(person, division, source, **fields), user)
    return Story(person, company, division, user, revision, source)


def owner(name: str = "") -> User:
    """A user who has webhooks."""
    return User.objects.create_user(name or f"reader{next(_numbers)}", password=None)


def webhook(url: str = "https://hooks.example.com/in", **fields: Any) -> Webhook:
    """An active webhook; without conditions it wants everything."""
    values = {"owner": fields.pop("owner", None) or owner(), "url": url}
    return Webhook.objects.create(**(values | fields))


def matched(*revisions: Revision) -> None:
    """Matches revisions as the workers do, as far as webhooks are concerned."""
    for revision in revisions:
        write_messages(revision)
        Matching.objects.filter(revision=revision).update(state="done", done_at=timezone.now())


def make_due(hook: Webhook, hours: float = 1) -> None:
    """Ends waits and lets claims expire, as time would; the webhook's failures began so much earlier."""
    back = timedelta(hours=hours)
    hook.messages.filter(state="pending").update(next_attempt_at=timezone.now() - timedelta(hours=1))
    hook.messages.filter(state="sending").update(claimed_until=timezone.now() - timedelta(hours=1))
    hook.messages.update(first_attempt_at=F("first_attempt_at") - back)
    Webhook.objects.filter(pk=hook.pk).update(failing_since=F("failing_since") - back)


def states(hook: Webhook) -> list[str]:
    """What became of the webhook's messages, in the order of the ledger."""
    return list(hook.messages.order_by("revision").values_list("state", flat=True))
