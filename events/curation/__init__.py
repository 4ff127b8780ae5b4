"""Curation: the sole writer of the record. These functions are its whole interface."""

from events.curation.corrections import correct_event, retract_case, retract_event, undo_event
from events.curation.steps import (
    accept,
    approve,
    create_party,
    defer,
    edit,
    refresh,
    reject,
    reopen,
    resolve_party,
)

__all__ = [
    "accept",
    "approve",
    "correct_event",
    "create_party",
    "defer",
    "edit",
    "refresh",
    "reject",
    "reopen",
    "resolve_party",
    "retract_case",
    "retract_event",
    "undo_event",
]
