"""Subscribers and subscriptions of mixed kinds, in bulk: so many, of which a known number match one revision."""

from __future__ import annotations

from django.db import transaction

from events.models.alerts import Subscriber, Subscription
from tests.bench.bulk import Record
from tests.bench.scratch import execute, settle

_SUBSCRIBERS = """
INSERT INTO events_subscriber
    (email, language, time_zone, quiet_from, quiet_until, token, confirmed_at, new_email, new_email_token)
SELECT 'reader' || n || '@example.org', CASE WHEN n %% 3 = 0 THEN 'zh-hans' ELSE 'en' END,
       (ARRAY['UTC', 'Asia/Shanghai', 'Europe/London', 'America/New_York'])[1 + n %% 4],
       CASE WHEN n %% 10 = 0 THEN 22 END, CASE WHEN n %% 10 = 0 THEN 7 END,
       md5('a' || n) || md5('b' || n), now(), '', ''
FROM generate_series(%(first)s, %(last)s) AS n
"""
_MATCHING = """
INSERT INTO events_subscription
    (subscriber_id, executive_id, organization_id, kind, min_severity, text, frequency, is_active)
SELECT id,
       CASE WHEN n %% 4 IN (0, 2) THEN %(person)s::bigint END,
       CASE WHEN n %% 4 IN (1, 2) THEN %(organization)s::bigint END,
       CASE WHEN n %% 4 = 3 THEN 'discipline' ELSE '' END,
       CASE WHEN n %% 4 = 3 THEN 2 ELSE 0 END,
       CASE WHEN n %% 20 = 0 THEN 'fined' ELSE '' END, 'instant', TRUE
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM events_subscriber ORDER BY id LIMIT %(count)s) AS readers
"""
"""A half by person (a part with words), a half by organization (a part with the person too) or by kind."""
_OTHERS = """
INSERT INTO events_subscription
    (subscriber_id, executive_id, organization_id, kind, min_severity, text, frequency, is_active, silent_days)
SELECT %(first)s + n %% %(readers)s,
       CASE WHEN n %% 20 < 9 OR n %% 20 = 18 THEN (%(people)s::bigint[])[1 + n %% %(persons)s] END,
       CASE WHEN n %% 20 BETWEEN 9 AND 13 OR n %% 20 = 18 THEN (%(places)s::bigint[])[1 + n %% %(organizations)s] END,
       CASE n %% 20 WHEN 14 THEN 'listing' WHEN 15 THEN 'product' WHEN 16 THEN 'discipline' ELSE '' END,
       CASE n %% 20 WHEN 16 THEN 5 WHEN 8 THEN 2 ELSE 0 END,
       CASE n %% 20 WHEN 17 THEN 'merger of equals ' || n ELSE '' END,
       CASE n %% 3 WHEN 0 THEN 'daily' ELSE 'instant' END,
       n %% 40 <> 19, CASE WHEN n %% 40 = 39 THEN 30 END
FROM generate_series(%(from)s, %(to)s) AS n
"""
"""Of twenty: nine by another person, five by another organization, two by another kind, one by a severity that is not
reached, one by words that are not said, one by person and organization, and one for everything, of which a half is
paused and a half asks for silence alone."""
_CROWD = """
INSERT INTO events_subscription (subscriber_id, organization_id, kind, min_severity, text, frequency, is_active)
SELECT id, %(organization)s, '', 0, '', CASE id %% 3 WHEN 0 THEN 'daily' ELSE 'instant' END, TRUE
FROM events_subscriber ORDER BY id LIMIT %(count)s
"""


def fill(record: Record, subscriptions: int, matching: int) -> None:
    """Adds subscriptions until there are so many; the `matching` ones come with the first call.

    There are half as many subscribers as subscriptions, all confirmed, and the matching ones are of so many different
    subscribers. Nobody else follows the record's first person or its second organization, and nobody its last two
    or its last person.
    """
    there = Subscription.objects.count()
    with transaction.atomic():
        readers = Subscriber.objects.count()
        execute(_SUBSCRIBERS, {"first": readers + 1, "last": max(subscriptions // 2, matching)})
        if not there:
            values = {"person": record.person, "organization": record.organization, "count": matching}
            execute(_MATCHING, values)
            there = matching
        others = {
            "first": execute("SELECT min(id) FROM events_subscriber")[0][0],
            "readers": max(subscriptions // 2, matching),
            "people": record.people[1:-1],
            "persons": len(record.people) - 2,
            "places": record.organizations[2:-2],
            "organizations": len(record.organizations) - 4,
            "from": there + 1,
            "to": subscriptions,
        }
        execute(_OTHERS, others)
    settle(Subscriber, Subscription)


def crowd(organization: int, count: int) -> None:
    """So many subscribers follow an organization, a third of them by daily digests. Raises ValueError where there are
    too few."""
    if Subscriber.objects.count() < count:
        raise ValueError(f"there are no {count:,} subscribers")
    execute(_CROWD, {"organization": organization, "count": count})
    settle(Subscription)
