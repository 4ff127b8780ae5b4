"""Django's admin for what the desk does not do: registers are edited here, the record is only looked at.

Curation is the only writer of the record, so that events, revisions, candidates, decisions and deliveries are
read-only here, also for superusers.
"""

from events.admin import access, alerts, candidates, grades, organizations, people, proposals, record, sources

__all__ = [
    "access",
    "alerts",
    "candidates",
    "grades",
    "organizations",
    "people",
    "proposals",
    "record",
    "sources",
]
