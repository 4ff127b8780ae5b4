"""People and organizations as exports tell them: as the API does, by id, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from events.models.organizations import Organization
from events.models.people import Executive
from events.timelines.organizations import organizations as all_organizations
from events.timelines.people import people as all_people

PAGE = 500
M = TypeVar("M", bound=Model)
Narrow = Callable[[QuerySet[Any]], QuerySet[Any]]


def everything(rows: QuerySet[Any]) -> QuerySet[Any]:
    """No filter."""
    return rows


def executive_pages(narrow: Narrow = everything, after: int = 0) -> Iterator[list[Executive]]:
    """The people past the id `after`, with what `events.timelines.people.person` reads.

    Those who were merged into others are left out.
    """
    return _pages(narrow(all_people()), after)


def organization_pages(narrow: Narrow = everything, after: int = 0) -> Iterator[list[Organization]]:
    """The organizations past the id `after`, as `executive_pages` gives people."""
    return _pages(narrow(all_organizations()), after)


def _pages(rows: QuerySet[M], after: int) -> Iterator[list[M]]:
    while page := list(rows.filter(pk__gt=after).order_by("pk")[:PAGE]):
        yield page
        after = page[-1].pk
