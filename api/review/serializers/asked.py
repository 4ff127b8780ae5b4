"""What bodies may hold."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.bodies import Body, Flag, Id, Text, Whole, Word
from api.review.claims import ClaimField
from api.review.serializers.shown import PAIR_KINDS
from events.choices import ActKind
from events.curation.judgements import MODELS
from events.curation.parties import RESOLVABLE
from events.proposals.answering import ANSWERS, MAX_ANSWER

JSON = dict[str, Any]
MAX_REASON = 2000
MAX_EVENTS = 500
PARTIES = [pair for pair in PAIR_KINDS if pair[0] in RESOLVABLE]
_WHY = "Stands in the revision, for all to read"


class Nothing(Body):
    """No members."""


class Remark(Body):
    """A step that needs no reason."""

    reason = Text(required=False, allow_blank=True, default="", max_length=MAX_REASON)


class Reason(Body):
    """A step that needs one."""

    reason = Text(max_length=MAX_REASON, help_text=_WHY)


class Alone(Reason):
    """A step that may need a second curator."""

    override = Flag(
        required=False,
        default=False,
        help_text="Without a second curator; needs the permission to override four eyes, and is published",
    )


class Accept(Remark):
    """Publishing a candidate."""

    into = Id(required=False, allow_null=True, default=None, help_text="The event that it tells of again")
    override = Flag(required=False, default=False, help_text="Without a second curator; needs a reason")


class AcceptCase(Remark):
    """Publishing the candidates of a case."""

    override = Flag(required=False, default=False, help_text="Without a second curator; needs a reason")


class Defer(Remark):
    """Putting a candidate aside."""

    until = serializers.DateField(
        required=False,
        allow_null=True,
        default=None,
        help_text="It is open again from the start of this day (UTC); without one, until somebody reopens it",
    )


class Assign(Body):
    """Whose a candidate is."""

    to = Id(allow_null=True, help_text="The id of a user who may curate; null: nobody's")


class Party(Body):
    """A party of the claim."""

    pointer = Text(max_length=100, help_text="JSON Pointer, such as /subject or /participants/0")


class Resolve(Party):
    """Whom a party stands for."""

    type = Word(choices=PARTIES)
    id = Id()


class Edit(Body):
    """A curator's version of a claim."""

    claim = ClaimField(help_text="The whole claim")


class Correct(Alone):
    """A corrected claim of an event."""

    claim = ClaimField(help_text="The whole claim, read in the document of the event's first candidate")


class Severity(Alone):
    """A curator's severity."""

    severity = Whole(min_value=0, max_value=5, allow_null=True, help_text="null: the computed one again")


class CaseChange(serializers.DictField):
    """What to change of a case; curation checks it and points at what is wrong."""


class CorrectCase(Alone):
    """A correction of a case."""

    change = CaseChange(
        help_text=(
            "`title`, `issuer` (`id` or `name`), `dates`, `grounds` and `status` for all events, and `events`: by "
            "id, `dates`, `grounds`, `status` and `penalties` of one"
        )
    )


class Merge(Alone):
    """Two entries that are one."""

    kind = Word(choices=PAIR_KINDS)
    source = Id(help_text="The entry to give up")  # type: ignore[assignment]  # the field, not the attribute
    target = Id(help_text="The one that stays")

    def validate(self, attrs: JSON) -> JSON:
        """Raises ValidationError for entries that are not there, or are one."""
        require_entries(attrs["kind"], {name: [attrs[name]] for name in ("source", "target")})
        if attrs["source"] == attrs["target"]:
            raise ValidationError({"target": ["This is the source."]})
        return attrs


class Split(Alone):
    """One entry that is two."""

    kind = Word(choices=PAIR_KINDS)
    source = Id(help_text="The entry to take from")  # type: ignore[assignment]  # the field, not the attribute
    events = serializers.ListField(
        child=Id(),
        required=False,
        min_length=1,
        max_length=MAX_EVENTS,
        help_text="Of a person or organization: the events that are another's",
    )
    target = Id(required=False, help_text="Whose they are, if on record")
    name = Text(required=False, max_length=300, help_text="Whose they are, if not on record yet")
    candidate = Id(required=False, help_text="Of an event: the candidate that is an event of its own")

    def validate(self, attrs: JSON) -> JSON:
        """Raises ValidationError for members that do not go with the kind, and for entries that are not there."""
        of_event = attrs["kind"] == ActKind.EVENT.value
        needed = "candidate" if of_event else "events"
        others = ("events", "target", "name") if of_event else ("candidate",)
        errors = {} if needed in attrs else {needed: ["This is needed."]}
        errors |= {name: [f"This does not go with {attrs['kind']}."] for name in others if name in attrs}
        if not of_event and ("target" in attrs) == ("name" in attrs):
            errors["target"] = ["Give either target or name."]
        if errors:
            raise ValidationError(errors)
        require_entries(
            attrs["kind"], {name: [attrs[name]] for name in attrs if name in {"source", "target"}}
        )
        require_entries(ActKind.EVENT.value, {"events": attrs.get("events", [])})
        return attrs


class Judge(Body):
    """Whether two entries are the same."""

    kind = Word(choices=PAIR_KINDS)
    one = Id()
    other = Id()
    same = Flag()
    reason = Text(required=False, allow_blank=True, default="", max_length=MAX_REASON)

    def validate(self, attrs: JSON) -> JSON:
        """Raises ValidationError for entries that are not there, or are one."""
        require_entries(attrs["kind"], {name: [attrs[name]] for name in ("one", "other")})
        if attrs["one"] == attrs["other"]:
            raise ValidationError({"other": ["This is the same entry."]})
        return attrs


class Answer(Body):
    """Why something is declined."""

    answer = Text(max_length=MAX_REASON)


class ProposalAnswer(Body):
    """What becomes of a reader's proposal."""

    state = Word(choices=[(state.value, state.label) for state in ANSWERS])
    answer = Text(max_length=MAX_ANSWER, help_text="Shown to whoever holds the receipt")


class Pairs(serializers.Serializer[Any]):
    """Which pairs to look for."""

    kind = serializers.ChoiceField(choices=PAIR_KINDS)
    limit = serializers.IntegerField(required=False, default=50, min_value=1, max_value=200)


def require_entries(kind: str, named: dict[str, list[int]]) -> None:
    """Raises ValidationError, at the member that names it, for an id that no entry of the kind has."""
    wanted = {pk for ids in named.values() for pk in ids}
    model = MODELS[ActKind(kind)]
    there = set(model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    errors = {
        name: [f"There is no {kind} number {next(pk for pk in ids if pk not in there)}."]
        for name, ids in named.items()
        if not there.issuperset(ids)
    }
    if errors:
        raise ValidationError(errors)
