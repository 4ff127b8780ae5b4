"""Curation: the sole writer of the record. These functions are its whole interface."""

from events.curation.case_steps import accept_case, approve_case, correct_case, retract_case
from events.curation.corrections import correct_event, retract_event, set_severity, undo_event
from events.curation.duplicates import duplicates
from events.curation.judgements import forget, judge
from events.curation.merging import merge_events, merge_organizations, merge_people
from events.curation.requests import approve_request, ask, decline_request
from events.curation.splitting import split_event, split_organization, split_person
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
from events.curation.undoing import undo_act

__all__ = [
    "accept",
    "accept_case",
    "approve",
    "approve_case",
    "approve_request",
    "ask",
    "correct_case",
    "correct_event",
    "create_party",
    "decline_request",
    "defer",
    "duplicates",
    "edit",
    "forget",
    "judge",
    "merge_events",
    "merge_organizations",
    "merge_people",
    "refresh",
    "reject",
    "reopen",
    "resolve_party",
    "retract_case",
    "retract_event",
    "set_severity",
    "split_event",
    "split_organization",
    "split_person",
    "undo_act",
    "undo_event",
]
