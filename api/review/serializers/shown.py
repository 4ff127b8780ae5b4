"""What answers hold."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.review.claims import ClaimField
from api.serializers.events import RevisionItem
from events.choices import (
    ActKind,
    ActVerb,
    CandidateState,
    Kind,
    Operation,
    PartyType,
    ProposalKind,
    ProposalState,
    RequestState,
    ResolutionState,
    StepVerb,
)

PAIR_KINDS = [(kind.value, kind.label) for kind in ActKind if kind is not ActKind.CASE]
"""What can be judged, merged and split."""


class Curator(serializers.Serializer[Any]):
    """A user who may curate."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="The user name")


class Conflict(serializers.Serializer[Any]):
    """What a curator must see before publishing."""

    code = serializers.CharField(
        help_text="similar_event, ladder, grade_history, measure, no_date and the like"
    )
    message = serializers.CharField()
    event = serializers.IntegerField(required=False, help_text="The event that it is about")
    field = serializers.CharField(required=False, help_text="JSON Pointer into the claim")


class ReviewDocument(serializers.Serializer[Any]):
    """The metadata of the article that a claim was read in."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    title = serializers.CharField(allow_blank=True)
    language = serializers.CharField(allow_blank=True, help_text="BCP 47; empty where not known")
    version = serializers.IntegerField()
    published = serializers.DateTimeField(allow_null=True)


class Candidate(serializers.Serializer[Any]):
    """A claim that waits for a curator, or was decided by one."""

    id = serializers.IntegerField()
    version = serializers.IntegerField(help_text="Grows with every step; the ETag of the candidate")
    state = serializers.ChoiceField(choices=CandidateState.pairs())
    kind = serializers.ChoiceField(choices=Kind.pairs())
    action = serializers.CharField()
    subject_name = serializers.CharField(help_text="As the document writes it")
    subject_executive = serializers.IntegerField(allow_null=True)
    subject_organization = serializers.IntegerField(allow_null=True)
    severity = serializers.IntegerField(min_value=0, max_value=5, help_text="As it would be published")
    novelty = serializers.FloatField(
        min_value=0,
        max_value=1,
        help_text="0 where a published event says the same, 1 where none is alike",
    )
    confidence = serializers.FloatField(min_value=0, max_value=1, help_text="The extraction's")
    case_label = serializers.CharField(allow_blank=True, help_text="The document's own label of a case")
    resolution_state = serializers.ChoiceField(choices=ResolutionState.pairs())
    conflicts = Conflict(many=True)
    document = ReviewDocument()
    event = serializers.IntegerField(allow_null=True, help_text="The event that it became or is to join")
    assigned_to = Curator(allow_null=True)
    deferred_until = serializers.DateTimeField(
        allow_null=True, help_text="When a deferred one is open again by itself; kept until a step is taken"
    )
    accepted_by = Curator(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ResolutionOption(serializers.Serializer[Any]):
    """Someone on record whom a name may stand for."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    score = serializers.FloatField()
    why = serializers.CharField()


class Resolution(serializers.Serializer[Any]):
    """Whom a party of the claim stands for."""

    type = serializers.ChoiceField(choices=PartyType.pairs())
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=ResolutionState.pairs())
    chosen = serializers.IntegerField(allow_null=True)
    options = ResolutionOption(many=True)


class CandidateDetail(Candidate):
    """A candidate with its claim and with whom its names may stand for."""

    extractor_version = serializers.CharField()
    original = ClaimField(help_text="As extraction read it; never changes")
    edited = ClaimField(allow_null=True, help_text="As a curator wrote it")
    claim = ClaimField(help_text="As it stands: edited, or else original")
    resolution = serializers.DictField(
        child=Resolution(), help_text="By JSON Pointer of a party of the claim"
    )


class CandidateList(serializers.Serializer[Any]):
    """The candidates of a case."""

    results = CandidateDetail(many=True)


class ReviewRevision(RevisionItem):
    """A revision with who wrote it."""

    author = Curator()
    approver = Curator(allow_null=True, help_text="The second curator, where there was one")
    act = serializers.IntegerField(allow_null=True, help_text="The act that it is part of")


class ReviewEvent(serializers.Serializer[Any]):
    """An event with its latest revision, whose `seq` is the event's ETag here."""

    id = serializers.IntegerField()
    merged_into = serializers.IntegerField(allow_null=True)
    candidates = serializers.ListField(child=serializers.IntegerField(), help_text="Those it was made of")
    revision = ReviewRevision()


class Act(serializers.Serializer[Any]):
    """What was done to several entries as one, and is undone as one."""

    id = serializers.IntegerField()
    verb = serializers.ChoiceField(choices=ActVerb.pairs())
    kind = serializers.ChoiceField(choices=ActKind.pairs())
    source = serializers.IntegerField(help_text="What was given up or taken from; or the case")  # type: ignore[assignment]  # the field
    target = serializers.IntegerField(allow_null=True, help_text="What it became")
    reason = serializers.CharField()
    author = Curator()
    approver = Curator(allow_null=True)
    undone_by = serializers.IntegerField(allow_null=True, help_text="The act that undid it")
    created_at = serializers.DateTimeField()


class ActRevision(serializers.Serializer[Any]):
    """A revision of an act."""

    seq = serializers.IntegerField()
    event = serializers.IntegerField()
    operation = serializers.ChoiceField(choices=Operation.pairs())


class ActDetail(Act):
    """An act with its revisions."""

    revisions = ActRevision(many=True)


class StepRequest(serializers.Serializer[Any]):
    """A step that one curator asked for and another has to approve."""

    id = serializers.IntegerField()
    verb = serializers.ChoiceField(choices=StepVerb.pairs())
    arguments = serializers.DictField(help_text="What the step was asked for with")
    reason = serializers.CharField()
    state = serializers.ChoiceField(choices=RequestState.pairs())
    asked_by = Curator()
    created_at = serializers.DateTimeField()
    decided_by = Curator(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True)


class Approved(serializers.Serializer[Any]):
    """An approved request, with what came of it: a revision or an act."""

    request = StepRequest()
    revision = ReviewRevision(allow_null=True)
    act = Act(allow_null=True)


class Judgement(serializers.Serializer[Any]):
    """That two entries are the same, or are not."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=PAIR_KINDS)
    low = serializers.IntegerField(help_text="The smaller id of the two")
    high = serializers.IntegerField(help_text="The greater id of the two")
    same = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)
    author = Curator()
    created_at = serializers.DateTimeField()


class PairEntry(serializers.Serializer[Any]):
    """One of two entries."""

    id = serializers.IntegerField()
    name = serializers.CharField(help_text="The name shown; of an event its summary")


class DuplicatePair(serializers.Serializer[Any]):
    """Two entries that may be the same."""

    kind = serializers.ChoiceField(choices=PAIR_KINDS)
    low = PairEntry()
    high = PairEntry()
    why = serializers.CharField(help_text="What speaks for it")


class DuplicateList(serializers.Serializer[Any]):
    """Pairs that nobody has judged, newest first."""

    results = DuplicatePair(many=True)


class Proposal(serializers.Serializer[Any]):
    """A reader's word on an event."""

    id = serializers.IntegerField()
    event = serializers.IntegerField()
    revision = serializers.IntegerField(help_text="The `seq` of the revision that the reader saw")
    kind = serializers.ChoiceField(choices=ProposalKind.pairs())
    field = serializers.CharField(
        allow_blank=True, help_text="JSON Pointer into the event; empty is the whole"
    )
    text = serializers.CharField()
    source_url = serializers.CharField(allow_blank=True, help_text="Where it can be checked")
    name = serializers.CharField(allow_blank=True)
    contact = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=ProposalState.pairs())
    created_at = serializers.DateTimeField()
    handled_by = Curator(allow_null=True)
    handled_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(allow_blank=True, help_text="Shown to whoever holds the receipt")
