"""Fills the database of a deployment before its load: `python -m tests.faults.seed JSON`, with `feeds` and `webhook`
as addresses and the number of `readers`. Prints the curators' keys as a JSON array."""

from __future__ import annotations

import json
import sys
from typing import Any


def fill(given: dict[str, Any]) -> list[str]:
    """Feeds, three curators with a key each, readers who follow all that the news tells, and a webhook."""
    from django.contrib.auth.models import Permission
    from django.utils import timezone

    from events.models.access import ApiKey, User
    from events.models.alerts import Subscriber, Subscription
    from events.models.sources import Feed
    from events.models.webhooks import Webhook

    for address in given["feeds"]:
        Feed.objects.create(url=address)
    keys = []
    for name in ("anka", "bela", "cora"):
        user = User.objects.create(username=name, is_staff=True)
        user.user_permissions.add(Permission.objects.get(codename="curate"))
        keys.append(ApiKey.issue(user, name, ["read", "review"])[1])
    for number in range(given["readers"]):
        reader = Subscriber.objects.create(email=f"reader{number}@example.org", confirmed_at=timezone.now())
        Subscription.objects.create(subscriber=reader, kind="leadership")
    Webhook.objects.create(owner=User.objects.get(username="anka"), url=given["webhook"])
    return keys


def main() -> None:
    """As the command line says."""
    import django

    django.setup()
    print(json.dumps(fill(json.loads(sys.argv[1]))))


if __name__ == "__main__":
    main()
