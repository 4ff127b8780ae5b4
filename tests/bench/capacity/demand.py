"""What a deployment of a size is asked to do: rates by its numbers of events, subscriptions and feeds.

The first block are assumptions about the world, not about the code; whoever knows theirs puts them in.
"""

from __future__ import annotations

from dataclasses import dataclass

DAY = 86_400.0
YEAR = 365 * DAY


@dataclass(frozen=True)
class World:
    """Assumptions. Rates are means; `peak` is how many times the mean the busiest hour has."""

    poll_every: float = 2 * 3600
    """Seconds between two polls of a feed: intervals adapt between 5 minutes and 12 hours."""
    articles_a_day: float = 3
    """New articles of a feed, aggregators and quiet sites together."""
    record_years: float = 5
    """The years in which the record grew to its size."""
    revisions_an_event: float = 1.3
    candidates_an_event: float = 3
    """News of one fact come from several outlets: three candidates become one event."""
    alerts_a_year: float = 52
    """Of one subscription: people and organizations that are followed are those of whom there is news."""
    mails_an_alert: float = 0.7
    """Digests and cases put several into one mail."""
    reads_base: float = 1
    """Requests a second of machines and passers-by."""
    reads_a_subscription: float = 1e-4
    """Requests a second."""
    timelines: float = 0.6
    searches: float = 0.15
    streams: float = 0.25
    """Shares of the requests."""
    site_seconds: float = 0.5
    """Until a site has answered: a worker of the queue `fetch` waits for so long."""
    smtp_seconds: float = 0.02
    """Until a mail server has taken a message over a connection that is kept."""
    curator_seconds: float = 45
    """Of a curator for a candidate, both pairs of eyes together."""
    crowd: float = 0.1
    """The share of all subscriptions that the largest event reaches."""
    peak: float = 3


@dataclass(frozen=True)
class Step:
    """A size."""

    events: int
    subscriptions: int
    feeds: int

    def __str__(self) -> str:
        return " / ".join(short(number) for number in (self.events, self.subscriptions, self.feeds))


STEPS = (
    Step(1_000, 10_000, 100),
    Step(100_000, 100_000, 1_000),
    Step(1_000_000, 1_000_000, 10_000),
    Step(10_000_000, 3_000_000, 100_000),
    Step(100_000_000, 10_000_000, 1_000_000),
)
"""From a first deployment to the largest that is thought of: events / subscriptions / feeds."""


@dataclass(frozen=True)
class Demand:
    """Units a second, in the mean; `crowd` is a number of subscribers."""

    polls: float
    articles: float
    candidates: float
    revisions: float
    deliveries: float
    mails: float
    reads: float
    crowd: int


def demand(step: Step, world: World) -> Demand:
    """What the step asks for."""
    facts = step.events / (world.record_years * YEAR)
    deliveries = step.subscriptions * world.alerts_a_year / YEAR
    return Demand(
        polls=step.feeds / world.poll_every,
        articles=step.feeds * world.articles_a_day / DAY,
        candidates=facts * world.candidates_an_event,
        revisions=facts * world.revisions_an_event,
        deliveries=deliveries,
        mails=deliveries * world.mails_an_alert,
        reads=world.reads_base + step.subscriptions * world.reads_a_subscription,
        crowd=int(step.subscriptions * world.crowd),
    )


def short(number: float) -> str:
    """`1 k`, `10 M`."""
    for size, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if number >= size:
            return f"{number / size:.3g}{name}"
    return f"{number:.3g}"
