"""Who runs which file next: what waits beside what calculates, long before short, and nobody idle."""

from __future__ import annotations

from tests.scheduling import choose

SCOPES = [
    "tests/unit/test_a.py",
    "tests/web/test_b.py",
    "tests/local/test_c.py",
    "tests/faults/test_d.py",
    "tests/seeing",
]


def test_one_process_takes_what_waits_in_the_order_of_its_length() -> None:
    left = list(SCOPES)
    taken = []
    while left:
        taken.append(choose(left, waiting=True))
        left.remove(taken[-1])

    assert taken == [SCOPES[i] for i in (3, 4, 2, 1, 0)]


def test_the_others_take_the_rest_long_before_short_and_then_help() -> None:
    left = list(SCOPES)
    taken = []
    while left:
        taken.append(choose(left, waiting=False))
        left.remove(taken[-1])

    assert taken == [SCOPES[i] for i in (1, 0, 3, 4, 2)]
