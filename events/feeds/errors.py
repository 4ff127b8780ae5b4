"""Why a request brought nothing: one class for each way, with the outcome that a curator sees.

All are `FetchFailed` (or `FetchRefused`) of the domain, so that a caller that only wants to know "did it work"
catches those two.
"""

from __future__ import annotations

from events.choices import FetchOutcome
from events.exceptions import FetchFailed, FetchRefused, NotAFeed, TrackerError, Unreachable


class TooManyRedirects(Unreachable):
    """A chain of redirects longer than is followed."""


class HostBusy(FetchFailed):
    """Nothing was asked: another request to the host is under way, or the host is left at rest between two.

    `wait` is after how many seconds to try again. It is no failed try.
    """

    def __init__(self, host: str, wait: float) -> None:
        super().__init__(
            f"{host} is asked one page at a time; this one is due in {max(wait, 1):.0f} seconds."
        )
        self.wait = wait


class RobotsRefused(FetchFailed):
    """The site's robots.txt asks robots not to fetch the page."""


class TooLarge(FetchFailed):
    """A body above the cap, as sent or after decompression."""


class HttpError(FetchFailed):
    """An answer with an error status.

    `status` is the HTTP status code; `retry_after` the seconds that the server asks to wait, or None.
    """

    def __init__(self, message: str, status: int, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.retry_after = retry_after


class EmptyFeed(NotAFeed):
    """An answer without a single character."""


_OUTCOMES: tuple[tuple[type[TrackerError], FetchOutcome], ...] = (
    (FetchRefused, FetchOutcome.REFUSED),
    (RobotsRefused, FetchOutcome.ROBOTS),
    (Unreachable, FetchOutcome.UNREACHABLE),
    (TooLarge, FetchOutcome.TOO_LARGE),
    (HttpError, FetchOutcome.HTTP_ERROR),
    (EmptyFeed, FetchOutcome.EMPTY),
    (NotAFeed, FetchOutcome.NOT_A_FEED),
)


def outcome_of(error: Exception) -> FetchOutcome:
    """The outcome that stands for `error` in the run ledger; FAILED for an error of no known kind."""
    for kind, outcome in _OUTCOMES:
        if isinstance(error, kind):
            return outcome
    return FetchOutcome.FAILED
