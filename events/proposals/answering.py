"""Answering what readers proposed. The correction itself is made by the event's own correction; this says so."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from events.choices import ProposalState
from events.models.access import User
from events.models.proposals import Proposal
from events.proposals.errors import InvalidProposal, NotAnswerable

MAX_ANSWER = 5000
ANSWERS = (ProposalState.ACCEPTED, ProposalState.DECLINED)


def answer(proposal_id: int, user: User, state: ProposalState, text: str) -> Proposal:
    """Answers an open proposal: taken up (ACCEPTED) or not (DECLINED), with words for whoever holds the receipt.

    Of two curators who answer at once the first one's answer stands. Nobody is written to by mail: who sent it asks
    with the receipt. Raises PermissionDenied, InvalidProposal, NotAnswerable.
    """
    if not (user.is_active and user.has_perm("events.curate")):
        raise PermissionDenied("Answering needs the permission to curate.")
    if state not in ANSWERS:
        raise InvalidProposal("It is taken up or declined.", "state")
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise InvalidProposal("Write an answer: whoever sent this will read it.", "answer")
    if len(text) > MAX_ANSWER:
        raise InvalidProposal(f"At most {MAX_ANSWER} characters.", "answer")
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in text):
        raise InvalidProposal("This has characters that are no text.", "answer")
    waiting = Proposal.objects.filter(pk=proposal_id, state=ProposalState.OPEN.value)
    taken = waiting.update(state=state.value, answer=text, handled_by=user, handled_at=timezone.now())
    if not taken:
        raise NotAnswerable("This proposal is not open: another curator has answered it.")
    return Proposal.objects.get(pk=proposal_id)
