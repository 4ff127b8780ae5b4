"""How large the measured data are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scale:
    """Sizes of a run; pairs are those between which growth is measured, in order."""

    name: str
    rounds: int
    people: int
    """Executives on the record."""
    events: tuple[int, int]
    subscriptions: tuple[int, int]
    matching: int
    """Subscriptions that match the measured revision."""
    crowd: tuple[int, int]
    """Subscribers that one event reaches."""
    documents: int
    """Articles that one repetition takes in."""
    feeds: int
    """Feeds that are due at once."""
    messages: int
    """Mails that one repetition sends."""
    texts: int
    """Articles that one repetition extracts from."""
    long_text: tuple[int, int]
    """Lengths, in code points, of one text."""


SCALES = {
    # For trying whether all is in place: what it measures means nothing.
    "tiny": Scale(
        name="tiny",
        rounds=1,
        people=50,
        events=(200, 400),
        subscriptions=(200, 400),
        matching=50,
        crowd=(100, 200),
        documents=2,
        feeds=64,
        messages=20,
        texts=2,
        long_text=(2_000, 4_000),
    ),
    "small": Scale(
        name="small",
        rounds=5,
        people=1_000,
        events=(6_000, 30_000),
        subscriptions=(10_000, 100_000),
        matching=1_000,
        crowd=(10_000, 40_000),
        documents=13,
        feeds=1_000,
        messages=400,
        texts=26,
        long_text=(20_000, 80_000),
    ),
    "full": Scale(
        name="full",
        rounds=9,
        people=10_000,
        events=(10_000, 1_000_000),
        subscriptions=(10_000, 1_000_000),
        matching=1_000,
        crowd=(20_000, 200_000),
        documents=100,
        feeds=10_000,
        messages=2_000,
        texts=100,
        long_text=(100_000, 1_000_000),
    ),
}
