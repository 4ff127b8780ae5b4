"""What stands above every list of the desk: the lists, each with the number of what waits in it."""

from __future__ import annotations

from typing import Any

from events.choices import ProposalState, RequestState
from events.curation.source_changes import open_changes
from events.models.acts import StepRequest
from events.models.proposals import Proposal
from events.models.sources import Notice
from tracker.web.desk import queue


def tabs(on: str) -> dict[str, Any]:
    """The context of `_tabs.html`; `on` names the list that the page shows: a candidate's state, "proposals",
    "changes" or "feeds"."""
    return {
        "tab": on,
        "counts": queue.counts(),
        "most": queue.COUNTED,
        "others": {
            "proposals": Proposal.objects.filter(state=ProposalState.OPEN.value).count(),
            "requests": StepRequest.objects.filter(state=RequestState.OPEN.value).count(),
            "changes": open_changes().count(),
            "feeds": Notice.objects.filter(closed_at=None).count(),
        },
    }
