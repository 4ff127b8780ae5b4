"""The queue of the curators: candidates of a state by story and case, what matters first; and who stands next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.db.models.functions import Now

from events.choices import CandidateState
from events.curation.waiting import listed, state_now
from events.models.access import User
from events.models.candidates import PLACE, Candidate
from events.models.sources import Document, Story
from tracker.web.desk.holding import holder
from tracker.web.desk.ranking import RANK, Rank, leaders, members, of_stories, rank_of

STORIES = 25
"""Stories of a page, at most."""
ROWS = 40
"""Candidates of a page after which no further story begins."""
OF_A_STORY = 40
"""Candidates of one story in a list of many stories; a list of one story alone shows up to `ALONE`."""
ALONE = 200
IN_ORDER = 500
"""Candidates of one story that the way from one to the next knows."""
AT_WORK = timedelta(hours=1)
"""How long ago a curator decided on the candidates of a story at most, to be still at it."""
COUNTED = 10_000
"""Counts stop here: a decided list grows for ever, and nobody needs its number to the last one."""
STATES = (
    CandidateState.OPEN,
    CandidateState.AWAITING_APPROVAL,
    CandidateState.DEFERRED,
    CandidateState.PUBLISHED,
    CandidateState.REJECTED,
)
HEAVY = ("original", "resolution", "newer", "document__raw", "document__text", "document__signature",
          "document__bands", "document__anchors", "document__context")  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Candidates of one document and of one case of it (`case_label`, empty for those of none)."""

    document: Document
    case_label: str
    candidates: list[Candidate]
    is_first_report: bool

    @property
    def marks(self) -> str:
        """All of them, as one box of the form marks them."""
        return " ".join(mark_of(row) for row in self.candidates)


@dataclass(frozen=True)
class Group:
    """Candidates of one story, or of one document that has none, best first; `total` counts those not shown, too."""

    key: int
    story: Story | None
    parts: list[Part]
    total: int

    @property
    def title(self) -> str:
        """What the story, or else its first document, is called."""
        document = self.parts[0].document
        return (self.story.title if self.story else "") or document.title or document.url

    @property
    def shown(self) -> int:
        """How many candidates are shown."""
        return sum(len(part.candidates) for part in self.parts)

    @property
    def marks(self) -> str:
        """All that are shown, as one box of the form marks them."""
        return " ".join(part.marks for part in self.parts)


@dataclass(frozen=True)
class Page:
    """Some of a list; `before` and `after` name the candidates from which its neighbours are read, None at its ends."""

    groups: list[Group]
    before: int | None = None
    after: int | None = None


def mark_of(row: Candidate) -> str:
    """A candidate and the version that the curator sees of it."""
    return f"{row.pk}:{row.version}"


def page(
    state: CandidateState,
    user: User,
    narrow: Q,
    *,
    after: int | None = None,
    before: int | None = None,
    story: int | None = None,
) -> Page:
    """The part of a list after or before a candidate's place, else its beginning; of one story (see STORY) alone, all
    of it. Each candidate has its `holder`, another curator, or None."""
    condition = listed(state) & narrow
    if story is not None:
        return Page(_groups(condition, [story], ALONE, user))
    back = before is not None and after is None
    rank = rank_of(before if back and before is not None else after or 0)
    found = leaders(condition, STORIES + 1, rank, back=back and rank is not None)
    by_key = {group.key: group for group in _groups(condition, [key for _, key in found], OF_A_STORY, user)}
    taken = _taken([(pk, by_key[key]) for pk, key in found if key in by_key])
    more, there = len(taken) < len(found), rank is not None
    if back and there:
        taken.reverse()
    first, last = (taken[0][0], taken[-1][0]) if taken else (None, None)
    return Page(
        [group for _, group in taken],
        before=first if (more if back else there) else None,
        after=last if (more or (back and there)) else None,
    )


def counts() -> list[dict[str, Any]]:
    """How many candidates stand in each state that the desk lists, as `count` tells it."""
    return [{"state": state.value, "count": count(listed(state))} for state in STATES]


def count(condition: Q) -> int:
    """How many candidates meet a condition; COUNTED + 1 where they are more than COUNTED."""
    return Candidate.objects.filter(condition).order_by()[: COUNTED + 1].count()


def before(candidate: Candidate, user: User, narrow: Q | None = None) -> int | None:
    """Which one stands before a candidate in the list of its state, narrowed where it is in the narrowed list."""
    place = _place(candidate, user, narrow)
    return place.before() if place else None


def after(candidate: Candidate, user: User, narrow: Q | None = None) -> int | None:
    """Which one stands after it there."""
    place = _place(candidate, user, narrow)
    return place.after() if place else None


def following(candidate: Candidate, user: User, narrow: Q | None = None) -> int | None:
    """Where a curator goes on to from a candidate that is about to leave its list; None where it is the only one."""
    place = _place(candidate, user, narrow)
    return None if place is None else place.after() or place.before()


@dataclass(frozen=True)
class _Place:
    """A candidate's place in a list: among those of its story, in the order in which the list shows them."""

    condition: Q
    story: int
    user: User
    ids: list[int]
    rank: Rank
    number: int

    def before(self) -> int | None:
        """The one before: the last of the story before, if it is the first of its own."""
        if self.number:
            return self.ids[self.number - 1]
        found = self._beside(back=True)
        return _in_order(self.condition, found[1])[-1][0] if found else None

    def after(self) -> int | None:
        """The one after: the first of the next story, if it is the last of its own."""
        if self.number + 1 < len(self.ids):
            return self.ids[self.number + 1]
        found = self._beside(back=False)
        return found[0] if found else None

    def _beside(self, *, back: bool) -> tuple[int, int] | None:
        found = leaders(self.condition, 2, self._as_found(), back=back)
        return next((leader for leader in found if leader[1] != self.story), None)

    def _as_found(self) -> Rank:
        """Where the story stood when the curator came to it. With its best candidate decided it sinks in the list, and
        the curator is not to sink with it, past all that stands between."""
        lately = {"decisions__user": self.user, "decisions__created_at__gt": Now() - AT_WORK}
        decided = Candidate.objects.filter(of_stories([self.story]), **lately).order_by(*PLACE)
        ranks: list[Rank] = [self.rank, *decided.values_list(*RANK)[:1]]
        return max(ranks, key=lambda rank: (*rank[:3], -rank[3]))


def _place(candidate: Candidate, user: User, narrow: Q | None) -> _Place | None:
    story = _key(candidate)
    for condition in [listed(state_now(candidate)) & q for q in (narrow, Q()) if q is not None]:
        found = _in_order(condition, story)
        ids = [pk for pk, _ in found]
        if candidate.pk in ids:
            return _Place(condition, story, user, ids, found[0][1], ids.index(candidate.pk))
    return None


def _taken(found: list[tuple[int, Group]]) -> list[tuple[int, Group]]:
    """As many stories as fit on a page, at least one."""
    rows = 0
    for number, (_, group) in enumerate(found):
        if number == STORIES or (number and rows + group.shown > ROWS):
            return found[:number]
        rows += group.shown
    return found


def _groups(condition: Q, keys: list[int], most: int, user: User) -> list[Group]:
    rows = members(condition, keys, most).select_related(
        "document__story", "accepted_by", "worked_on_by", "assigned_to"
    )
    by_key: dict[int, list[Any]] = {key: [] for key in keys}
    row: Any  # with its annotations
    for row in rows.defer(*HEAVY):
        row.holder = holder(row, user)
        by_key[row.story_key].append(row)
    return [
        Group(key, found[0].document.story, _parts(found), found[0].together)
        for key, found in by_key.items()
        if found
    ]


def _parts(rows: Iterable[Candidate]) -> list[Part]:
    parts: dict[tuple[int, str], Part] = {}
    for row in rows:
        story = row.document.story
        first = story is not None and story.first_document_id == row.document_id
        part = parts.setdefault(
            (row.document_id, row.case_label), Part(row.document, row.case_label, [], first)
        )
        part.candidates.append(row)
    return list(parts.values())


def _key(candidate: Candidate) -> int:
    return candidate.document.story_id or -candidate.document_id


def _in_order(condition: Q, key: int) -> list[tuple[int, Rank]]:
    """The candidates of a story as the list shows them: by case, in the order of each case's best."""
    rows = Candidate.objects.filter(condition).filter(of_stories([key])).order_by(*PLACE)
    parts: dict[tuple[int, str], list[tuple[int, Rank]]] = {}
    for document, label, *rank in rows.values_list("document", "case_label", *RANK)[:IN_ORDER]:
        parts.setdefault((document, label), []).append((rank[-1], (rank[0], rank[1], rank[2], rank[3])))
    return [row for part in parts.values() for row in part]
