"""Why a proposal was not taken in or not answered."""

from __future__ import annotations

from events.exceptions import TrackerError


class ProposalError(TrackerError):
    """Base of the errors about proposals."""


class InvalidProposal(ProposalError):
    """A proposal that cannot be taken in as it is; `field` is the name of what is wrong in it."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class TooManyOpen(ProposalError):
    """So many proposals on one event wait that no more are taken in until a curator has answered some."""


class TooManySent(ProposalError):
    """One address sent so many that it has to wait; `wait` is for how many seconds."""

    def __init__(self, message: str, wait: int) -> None:
        super().__init__(message)
        self.wait = wait


class NotAnswerable(ProposalError):
    """A proposal that does not exist, or that another curator has answered."""
