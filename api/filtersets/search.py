"""What a search can be narrowed by: everything that a list of events can, and the type of result."""

from __future__ import annotations

from typing import Any

from django_filters import filters

from api.filters import Words, no_filter
from api.filtersets.events import EventFilter
from api.parameters import PAGING
from events.searching.hits import TYPES
from events.searching.questions import MAX_QUESTION

_OTHERS = frozenset({"q", "type"})


class SearchFilter(EventFilter):
    """With a filter of events, only events are looked for: people and organizations have no kind or severity."""

    q = filters.CharFilter(
        method=no_filter,
        required=True,
        max_length=MAX_QUESTION,
        help_text='Words, "phrases" and -exclusions, in English or Chinese, or a name in any script or spelling',
    )
    type = Words(
        method=no_filter, choices=[(name, name.capitalize()) for name in TYPES], help_text="Types of results"
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        # Every filter is copied for every request, which would cost more than the search; only those sent are needed.
        known: dict[str, filters.Filter] = type(self).get_filters()
        if data is not None and set(data) <= {*known, *PAGING}:
            self.base_filters = {name: known[name] for name in known if name in data or name in _OTHERS}
        super().__init__(data, *args, **kwargs)

    # A search is of the record as it is, best answers first; None is how django-filter takes a filter away.
    valid_at = None  # type: ignore[assignment]
    known_at = None  # type: ignore[assignment]
    ordering = None  # type: ignore[assignment]


def is_of_events(names: set[str]) -> bool:
    """Whether one of the parameters is a filter of events."""
    return bool(names & set(SearchFilter.get_filters()) - _OTHERS)
