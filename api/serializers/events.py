"""Events as entries, their revisions and evidence, and the change stream."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.serializers.common import Fields, Partial, Subject
from events.choices import CLAIM_STATUSES, Kind, Operation, PartyType, Role, Status


class SourceDocument(serializers.Serializer[Any]):
    """The document that a quote is from."""

    id = serializers.IntegerField()
    url = serializers.CharField()
    title = serializers.CharField()
    published = serializers.DateField(allow_null=True)


class EvidenceItem(serializers.Serializer[Any]):
    """The words that prove one field."""

    field = serializers.CharField(help_text="JSON Pointer into the claim; empty is the claim as a whole")
    quote = serializers.CharField()
    start = serializers.IntegerField(
        required=False, help_text="Code points from the start of the document's text"
    )
    end = serializers.IntegerField(required=False)
    document = SourceDocument()


class EvidenceList(serializers.Serializer[Any]):
    """An event's evidence."""

    results = EvidenceItem(many=True)


class EventParty(serializers.Serializer[Any]):
    """Someone or something that an event is about; `id` is null where it is not on record."""

    type = serializers.ChoiceField(choices=PartyType.pairs())
    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(help_text="The record's name; the source's own where nobody is on record")
    name_zh = serializers.CharField(required=False, help_text="The record's Chinese name")
    named = serializers.CharField(required=False, help_text="What the source calls them, where that differs")
    title = serializers.CharField(required=False, allow_blank=True)


class EventOrganization(serializers.Serializer[Any]):
    """An organization under the record's name; `id` is null where it is not on record."""

    id = serializers.IntegerField(allow_null=True)
    name = serializers.CharField(help_text="The record's name; the source's own where it is not on record")
    name_zh = serializers.CharField(required=False, help_text="The record's Chinese name")
    named = serializers.CharField(required=False, help_text="What the source calls it, where that differs")


class EventSubject(EventParty):
    """Whom an event is about, with the position held."""

    organization = EventOrganization(required=False, allow_null=True)


class Participant(EventParty):
    """Who else has a part in an event."""

    role = serializers.ChoiceField(choices=Role.pairs())


class PenaltyItem(serializers.Serializer[Any]):
    """One penalty; `levels` is what the source says, `steps` what the ladder gives (negative is down)."""

    type = serializers.CharField()
    levels = serializers.IntegerField(required=False)
    steps = serializers.IntegerField(required=False)
    ladder = serializers.IntegerField(required=False)
    degree = serializers.CharField(required=False)
    amount = serializers.FloatField(required=False)
    currency = serializers.CharField(required=False, help_text="ISO 4217")
    duration = serializers.CharField(required=False, help_text="ISO 8601, such as P5Y")

    def get_fields(self) -> Fields:
        """`from` is a word of Python, so the fields are named here."""
        grades: Fields = {name: serializers.CharField(required=False) for name in ("from", "to")}
        return super().get_fields() | grades


class Headcount(serializers.Serializer[Any]):
    """People concerned."""

    min = serializers.IntegerField(required=False)
    max = serializers.IntegerField(required=False)
    text = serializers.CharField(required=False)


class FigureSource(serializers.Serializer[Any]):
    """A figure that another one was compared with."""

    event = serializers.IntegerField(help_text="The event that states it")
    value = serializers.FloatField()
    period = serializers.CharField(allow_blank=True)


class ComputedMeasure(serializers.Serializer[Any]):
    """What follows from the stated figures, as they stood on record when this was published; only what does."""

    change = serializers.FloatField(
        required=False, help_text="On the year, a fraction, from the figure in `from`"
    )
    of = FigureSource(required=False, help_text="Of growth told by itself: the figure that grew")
    gap = serializers.FloatField(
        required=False,
        help_text="The value (of a target: the one in `from`) less what it is held against; negative is short",
    )
    gap_share = serializers.FloatField(required=False, help_text="The gap as a fraction of that")
    against = FigureSource(required=False, help_text="The target on record that a result is held against")

    def get_fields(self) -> Fields:
        """`from` is a word of Python, so the field is named here."""
        return super().get_fields() | {
            "from": FigureSource(required=False, help_text="The figure a year earlier")
        }


class MeasureItem(serializers.Serializer[Any]):
    """A figure, in units; percentages are fractions."""

    metric = serializers.CharField()
    value = serializers.FloatField()
    qualifier = serializers.CharField(required=False)
    currency = serializers.CharField(required=False, help_text="ISO 4217")
    period = serializers.CharField(required=False)
    change = serializers.FloatField(required=False)
    change_qualifier = serializers.CharField(required=False)
    threshold = serializers.FloatField(required=False, help_text="What the value is held against")
    computed = ComputedMeasure(required=False)


class Details(serializers.Serializer[Any]):
    """What the kind of event has; only what is known is there."""

    title = serializers.CharField(required=False)
    organization = EventOrganization(required=False)
    issuer = EventParty(required=False)
    participants = Participant(many=True, required=False)
    penalties = PenaltyItem(many=True, required=False)
    grounds = serializers.ListField(child=serializers.CharField(), required=False)
    headcount = Headcount(required=False)
    measures = MeasureItem(many=True, required=False)
    departure = serializers.CharField(required=False)
    interim = serializers.BooleanField(required=False)


class RevisionStamp(serializers.Serializer[Any]):
    """Which revision said so, and when it was written."""

    seq = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()


class Dates(serializers.Serializer[Any]):
    """The dates that the sources give."""

    occurred = Partial(required=False)
    decided = Partial(required=False)
    announced = Partial(required=False)
    effective = Partial(required=False)
    ended = Partial(required=False)


class Payload(serializers.Serializer[Any]):
    """An event's full public payload."""

    event = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=Kind.pairs())
    action = serializers.CharField()
    date = Partial(help_text="What timelines sort by")
    dates = Dates()
    published = serializers.DateTimeField(allow_null=True)
    first_seen = serializers.DateTimeField()
    summary = serializers.CharField(help_text="One sentence")
    summary_zh = serializers.CharField(help_text="一句话")
    severity = serializers.IntegerField(min_value=0, max_value=5)
    severity_inputs = serializers.DictField(help_text="What the severity was computed from")
    status = serializers.ChoiceField(choices=Status.pairs())
    assertion = serializers.ChoiceField(
        choices=[(s.value, s.label) for s in CLAIM_STATUSES], help_text="How firmly the sources state it"
    )
    confidence = serializers.FloatField(min_value=0, max_value=1)
    case = serializers.IntegerField(allow_null=True)
    case_title = serializers.CharField(allow_blank=True)
    subject = EventSubject()
    details = Details()
    evidence = EvidenceItem(many=True)
    notes = serializers.ListField(child=serializers.CharField())


class Entry(Payload):
    """An event as timelines show it."""

    revision = RevisionStamp()


class TimelinePage(serializers.Serializer[Any]):
    """A page of a timeline, newest first."""

    subject = Subject()
    results = Entry(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class FieldChange(serializers.Serializer[Any]):
    """A field that differs from the revision before; null is "was not there"."""

    field = serializers.CharField(help_text="JSON Pointer into the payload")
    old = serializers.JSONField()
    new = serializers.JSONField()


class RevisionItem(serializers.Serializer[Any]):
    """One immutable version of an event."""

    seq = serializers.IntegerField()
    event = serializers.IntegerField()
    number = serializers.IntegerField(help_text="1 for the event's first")
    operation = serializers.ChoiceField(choices=Operation.pairs())
    recorded_at = serializers.DateTimeField()
    reason = serializers.CharField(allow_blank=True)
    changes = FieldChange(many=True)
    payload = Payload()
    hash = serializers.CharField(help_text="SHA-256, over the hash before and this revision's content")
    previous_hash = serializers.CharField()


class RevisionPage(serializers.Serializer[Any]):
    """An event's revisions, oldest first."""

    results = RevisionItem(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)


class ChangePage(serializers.Serializer[Any]):
    """Revisions past a cursor, in the order in which they were committed."""

    results = RevisionItem(many=True)
    next = serializers.URLField(allow_null=True, help_text="Null where the reader has caught up")
    cursor = serializers.IntegerField(help_text="Where to go on from, also when there is nothing new yet")
