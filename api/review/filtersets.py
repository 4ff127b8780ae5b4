"""Filters of the curators' lists."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django_filters import filters
from django_filters.filterset import FilterSet

from api.filters import Ids, Severities, Words
from api.review.serializers.shown import PAIR_KINDS
from events.choices import (
    ACTIONS,
    ActKind,
    ActVerb,
    CandidateState,
    Kind,
    ProposalKind,
    ProposalState,
    RequestState,
    ResolutionState,
    StepVerb,
)
from events.curation.waiting import listed

_ACTIONS = sorted({action for actions in ACTIONS.values() for action in actions})
_SEVERITIES = [(str(n), str(n)) for n in range(6)]
_YES_OR_NO = [("true", "true"), ("false", "false")]
MINE, NOBODY = "me", "nobody"


def _severity(lookup: str, what: str) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(
        field_name="severity", lookup_expr=lookup, choices=_SEVERITIES, empty_label=None, help_text=what
    )


def _flag(**kwargs: Any) -> filters.ChoiceFilter:
    return filters.ChoiceFilter(choices=_YES_OR_NO, empty_label=None, **kwargs)


class CandidateFilter(FilterSet):
    """Finds candidates."""

    state = Words(choices=CandidateState.pairs(), method="standing")
    kind = Words(choices=Kind.pairs())
    action = Words(choices=[(action, action) for action in _ACTIONS])
    severity = Severities()
    min_severity = _severity("gte", "At least this severe")
    max_severity = _severity("lte", "At most this severe")
    min_novelty = filters.NumberFilter(
        field_name="novelty", lookup_expr="gte", min_value=0, max_value=1, help_text="At least this new"
    )
    resolution_state = Words(choices=ResolutionState.pairs())
    document = Ids(help_text="Ids of documents")
    document_id = Ids(field_name="document", help_text="The same as `document`")
    case_label = filters.CharFilter(max_length=100, help_text="The document's own label of a case")
    subject_executive = Ids(help_text="Ids of people whom the subject stands for")
    subject_executive_id = Ids(field_name="subject_executive", help_text="The same as `subject_executive`")
    subject_organization = Ids(help_text="Ids of organizations that the subject stands for")
    subject_organization_id = Ids(
        field_name="subject_organization", help_text="The same as `subject_organization`"
    )
    event = Ids(help_text="Ids of the events that they became or joined")
    event_id = Ids(field_name="event", help_text="The same as `event`")
    assigned = filters.ChoiceFilter(
        method="assigned_whom",
        choices=[(MINE, "To me"), (NOBODY, "To nobody")],
        empty_label=None,
        help_text="Assigned to me, or to nobody",
    )
    assigned_to = Ids(help_text="Ids of users")
    assigned_to_id = Ids(field_name="assigned_to", help_text="The same as `assigned_to`")

    def standing(self, queryset: QuerySet[Any], name: str, value: list[str]) -> QuerySet[Any]:
        """Those that stand so now: a deferred one whose day has come is open."""
        found = Q()
        for state in value:
            found |= listed(CandidateState(state))
        return queryset.filter(found)

    def assigned_whom(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those assigned to the caller, or to nobody."""
        assert self.request is not None  # noqa: S101 - the backend gives it
        return queryset.filter(assigned_to=self.request.user if value == MINE else None)


class RequestFilter(FilterSet):
    """Finds steps that were asked for."""

    state = Words(choices=RequestState.pairs())
    verb = Words(choices=StepVerb.pairs())
    asked_by = Ids(field_name="user", help_text="Ids of users")
    asked_by_id = Ids(field_name="user", help_text="The same as `asked_by`")
    decided_by = Ids(help_text="Ids of users")
    decided_by_id = Ids(field_name="decided_by", help_text="The same as `decided_by`")


class ActFilter(FilterSet):
    """Finds acts."""

    verb = Words(choices=ActVerb.pairs())
    kind = Words(choices=ActKind.pairs())
    source = Ids(help_text="Ids of what was given up or taken from")
    target = Ids(help_text="Ids of what it became")
    author = Ids(field_name="user", help_text="Ids of users")
    author_id = Ids(field_name="user", help_text="The same as `author`")
    event = Ids(field_name="revisions__event", method="of_events", help_text="Ids of events that it changed")
    event_id = Ids(field_name="revisions__event", method="of_events", help_text="The same as `event`")
    undone = _flag(method="was_undone", help_text="Whether it was undone")

    def of_events(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        """Those that changed one of the events."""
        changed = queryset.model._default_manager.filter(revisions__event__in=value)
        return queryset.filter(pk__in=changed.values("pk"))

    def was_undone(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that were undone, or those that stand."""
        return queryset.filter(undone_by__isnull=value == "false")


class JudgementFilter(FilterSet):
    """Finds judgements."""

    kind = Words(choices=PAIR_KINDS)
    same = _flag(method="judged_same", help_text="Whether the two were judged to be the same")
    entry = Ids(method="of_entries", help_text="Ids of entries, on either side")

    def judged_same(self, queryset: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Those that say so."""
        return queryset.filter(same=value == "true")

    def of_entries(self, queryset: QuerySet[Any], name: str, value: list[int]) -> QuerySet[Any]:
        """Those about one of the entries."""
        return queryset.filter(Q(low__in=value) | Q(high__in=value))


class ProposalFilter(FilterSet):
    """Finds what readers sent."""

    state = Words(choices=ProposalState.pairs())
    kind = Words(choices=ProposalKind.pairs())
    event = Ids(help_text="Ids of events")
    event_id = Ids(field_name="event", help_text="The same as `event`")
    handled_by = Ids(help_text="Ids of users")
    handled_by_id = Ids(field_name="handled_by", help_text="The same as `handled_by`")
