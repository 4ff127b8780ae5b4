"""Who waits in the queue with news that the record tells by now, or no longer tells."""

from __future__ import annotations

from events.curation.assess import novelties
from events.curation.novelty import MOST_ALIKE, alike
from events.models.candidates import UNDECIDED, Candidate
from events.models.record import Revision


def look_again(seq: int) -> int:
    """The record says more, or less, by that revision: how new the undecided candidates of its event's subject and
    action still are. Gives how many of them are another thing now.

    Their conflicts stay as their curators saw them, so that a twin is told to whoever accepts one (`accept`). Raises
    Revision.DoesNotExist.
    """
    payload = Revision.objects.values_list("payload", flat=True).get(seq=seq)
    rows = Candidate.objects.filter(alike(payload), state__in=UNDECIDED)
    found = list(rows.select_related("document").defer("document__raw", "document__text")[:MOST_ALIKE])
    changed = []
    for row, fresh in zip(found, novelties(found), strict=True):
        if fresh != row.novelty:
            row.novelty = fresh
            changed.append(row)
    return Candidate.objects.bulk_update(changed, ["novelty"]) if changed else 0
