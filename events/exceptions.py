"""The errors of the domain. Each message is written for the person who will read it (curator, API caller)."""


class TrackerError(Exception):
    """Base of every error that the domain raises on purpose."""


class InvalidClaim(TrackerError):
    """A claim that does not satisfy the contract; `pointer` is the JSON Pointer of the offending field."""

    def __init__(self, message: str, pointer: str = "") -> None:
        super().__init__(message)
        self.pointer = pointer


class UnknownGrade(TrackerError):
    """A grade that is not on the ladder; `grades` are the ladder's labels, highest first."""

    def __init__(self, label: str, ladder: str, grades: list[str]) -> None:
        super().__init__(f"{label!r} is not a grade of {ladder}; its grades are {', '.join(grades)}.")
        self.label = label
        self.grades = grades


class GradeConflict(TrackerError):
    """A grade history that would overlap or contradict itself; the message names the other event."""


class CurationError(TrackerError):
    """A curation step that the rules of the record do not allow."""


class UnresolvedParty(CurationError):
    """A party of a claim that stands for no known person or organization yet, or for more than one."""


class FourEyesRequired(CurationError):
    """The step needs another curator than the one who asks for it."""


class StaleCandidate(CurationError):
    """The candidate changed since the curator read it; nothing was written."""


class StaleRequest(CurationError):
    """What was asked for is about a version of the record that no longer stands; nothing was written."""


class FetchRefused(TrackerError):
    """An address that the guard does not let us request (private, loopback, not http(s) ...)."""


class FetchFailed(TrackerError):
    """A request that did not bring a usable answer; the message says why in plain words."""


class Unreachable(FetchFailed):
    """No connection, no answer in time, or an answer that breaks HTTP."""


class NotAFeed(TrackerError):
    """Bytes that are no feed in any known format."""


class NoText(TrackerError):
    """A page or file from which no article text could be read."""
