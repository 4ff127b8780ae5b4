"""The models, one module a topic. Import a model from its module, never from here: the import contracts look at
modules, and a facade would hide who reads unreviewed candidates."""

from events.models import (
    access,
    acts,
    alerts,
    candidates,
    grades,
    organizations,
    people,
    proposals,
    record,
    sources,
    webhooks,
)

__all__ = [
    "access",
    "acts",
    "alerts",
    "candidates",
    "grades",
    "organizations",
    "people",
    "proposals",
    "record",
    "sources",
    "webhooks",
]
