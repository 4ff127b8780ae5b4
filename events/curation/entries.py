"""Names and identifiers of people and organizations, as curators keep them by hand.

What is published is not touched: an event shows the name under which it was published. All functions raise
CurationError, with what is wrong in words.
"""

from __future__ import annotations

import unicodedata
from typing import Any

from django.db import IntegrityError, transaction

from events.choices import ActKind, NameType
from events.exceptions import CurationError
from events.models.organizations import Organization, OrganizationIdentifier, OrganizationName
from events.models.people import Executive, ExecutiveIdentifier, ExecutiveName

Entry = Executive | Organization
MODELS: dict[ActKind, type[Entry]] = {ActKind.PERSON: Executive, ActKind.ORGANIZATION: Organization}
NAMES: dict[ActKind, tuple[Any, str]] = {
    ActKind.PERSON: (ExecutiveName, "executive"),
    ActKind.ORGANIZATION: (OrganizationName, "organization"),
}
IDENTIFIERS: dict[ActKind, tuple[Any, str]] = {
    ActKind.PERSON: (ExecutiveIdentifier, "executive"),
    ActKind.ORGANIZATION: (OrganizationIdentifier, "organization"),
}
LONGEST_NAME = 300


@transaction.atomic
def add_name(kind: ActKind, pk: int, name: str, type_: NameType, language: str = "") -> None:
    """Gives an entry one more name, by which it is then found. A PRIMARY one becomes the name shown."""
    row, name = _held(kind, pk), _clean(name, LONGEST_NAME)
    if type_ is NameType.PRIMARY:
        row.name = name
        row.save()
        return
    model, owner = NAMES[kind]
    if model._default_manager.filter(name=name, **{owner: row}).exists():
        raise CurationError(f"{row} has the name {name} already.")
    model._default_manager.create(name=name, type=type_.value, language=language[:10], **{owner: row})


@transaction.atomic
def remove_name(kind: ActKind, pk: int, name_id: int) -> str:
    """Takes a name away, and gives it. The name shown stays: show another one first."""
    row = _held(kind, pk)
    model, owner = NAMES[kind]
    found = model._default_manager.filter(pk=name_id, **{owner: row}).first()
    if found is None:
        raise CurationError("This name is gone already.")
    if found.type == NameType.PRIMARY.value:
        raise CurationError(f"{found.name} is the name shown. Show another one first.")
    found.delete()
    return str(found.name)


@transaction.atomic
def add_identifier(kind: ActKind, pk: int, scheme: str, value: str) -> None:
    """Gives an entry an identifier of a public scheme, such as `wikidata` or `lei`; of each scheme a value is one entry's."""
    row = _held(kind, pk)
    model, owner = IDENTIFIERS[kind]
    scheme, value = _clean(scheme, 20).lower(), _clean(value, 100)
    try:
        with transaction.atomic():
            model._default_manager.create(scheme=scheme, value=value, **{owner: row})
    except IntegrityError:
        holder = getattr(model._default_manager.select_related(owner).get(scheme=scheme, value=value), owner)
        raise CurationError(
            f"{scheme} {value} is that of {holder} ({holder.pk}). If they are one, merge them."
        ) from None


@transaction.atomic
def remove_identifier(kind: ActKind, pk: int, identifier_id: int) -> str:
    """Takes an identifier away, and gives it as `scheme:value`."""
    row = _held(kind, pk)
    model, owner = IDENTIFIERS[kind]
    found = model._default_manager.filter(pk=identifier_id, **{owner: row}).first()
    if found is None:
        raise CurationError("This identifier is gone already.")
    found.delete()
    return str(found)


def _held(kind: ActKind, pk: int) -> Entry:
    row = MODELS[kind]._default_manager.select_for_update(of=("self",), no_key=True).filter(pk=pk).first()
    if row is None:
        raise CurationError("There is no such entry.")
    if row.merged_into_id is not None:
        raise CurationError(f"This is an old number of {row.merged_into_id}: change that one.")
    return row


def _clean(text: str, longest: int) -> str:
    """The text without outer spaces, in NFC."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if not text:
        raise CurationError("Write something.")
    if len(text) > longest:
        raise CurationError(f"At most {longest} characters.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise CurationError("This has characters that are no text.")
    return text
