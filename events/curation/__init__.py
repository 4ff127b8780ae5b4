"""Curation: the sole writer of the record. These functions are its whole interface."""

from events.curation.bulk import MAX_BULK, assign, bulk_accept, bulk_assign, bulk_defer, bulk_reject
from events.curation.case_steps import accept_case, approve_case, correct_case, retract_case
from events.curation.corrections import correct_event, retract_event, set_severity, undo_event
from events.curation.duplicates import duplicates
from events.curation.judgements import forget, judge
from events.curation.merging import merge_events, merge_organizations, merge_people
from events.curation.old_news import look_again
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
from events.curation.taking_back import take_back_bulk, take_back_last
from events.curation.undoing import undo_act
from events.curation.waiting import listed, state_now

__all__ = [
    "MAX_BULK",
    "accept",
    "accept_case",
    "approve",
    "approve_case",
    "approve_request",
    "ask",
    "assign",
    "bulk_accept",
    "bulk_assign",
    "bulk_defer",
    "bulk_reject",
    "correct_case",
    "correct_event",
    "create_party",
    "decline_request",
    "defer",
    "duplicates",
    "edit",
    "forget",
    "judge",
    "listed",
    "look_again",
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
    "state_now",
    "take_back_bulk",
    "take_back_last",
    "undo_act",
    "undo_event",
]
