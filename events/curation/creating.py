"""A new person or organization, made while a candidate is looked at, under the names that a curator gives it."""

from __future__ import annotations

from django.db import transaction

from events.choices import NameType, OrganizationType, PartyType
from events.curation import steps
from events.curation.parties import parties
from events.exceptions import CurationError
from events.models.access import User
from events.models.candidates import Candidate
from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.names import is_chinese

MAX_NAME = 300


@transaction.atomic
def create_entry(
    candidate_id: int,
    user: User,
    pointer: str,
    name: str,
    *,
    other: str = "",
    type: str = "",
    version: int | None = None,
) -> Candidate:
    """Makes the entry that the party at `pointer` stands for, and resolves the party to it.

    `name` is shown; `other` is the name in another script; `type` an organization's. The name that the claim has is
    kept as a further one. Raises CurationError for a party that the claim does not have, and for a name without a
    letter or of more than 300 characters.
    """
    candidate = steps.begin(candidate_id, user, version, *steps.UNDECIDED)
    party = parties(candidate.claim).get(pointer)
    if party is None:
        raise CurationError(f"The claim has no party at {pointer!r}.")
    kind, told = party
    names = {text: _kind_of(text) for text in (other.strip(), told) if text}
    name = name.strip()
    if not any(map(str.isalnum, name)) or any(len(text) > MAX_NAME for text in (name, *names)):
        raise CurationError(f"A name has 1 to {MAX_NAME} characters, a letter among them.")
    names.pop(name, None)
    if told in names and told != other.strip():
        names[told] = NameType.ALIAS
    pk = _person(name, names) if kind == PartyType.PERSON.value else _organization(name, type, names)
    return steps.resolve_party(candidate_id, user, pointer, kind, pk, version)


def _kind_of(name: str) -> NameType:
    return NameType.NATIVE if is_chinese(name) else NameType.ROMANIZED


def _language(name: str) -> str:
    return "zh-Hans" if is_chinese(name) else ""


def _person(name: str, names: dict[str, NameType]) -> int:
    made = Executive.objects.create(name=name)
    for text, kind in names.items():
        ExecutiveName.objects.create(executive=made, name=text, type=kind.value, language=_language(text))
    return made.pk


def _organization(name: str, type: str, names: dict[str, NameType]) -> int:
    known = {item.value for item in OrganizationType}
    made = Organization.objects.create(name=name, **({"type": type} if type in known else {}))
    for text, kind in names.items():
        OrganizationName.objects.create(
            organization=made, name=text, type=kind.value, language=_language(text)
        )
    return made.pk
