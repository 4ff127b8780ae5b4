"""Page of 20 answers of a search, ranked among a thousand; one process, no socket.

Floor: the bare SQL, that is the very statements that the API ran (names, candidates with their ranks, the page's
payloads, the stems of its words), executed and fetched on the same connection, with no byte of JSON read or written and
no word marked. Questions: a word that every event has, a word of a few, a name that one in a hundred or fewer have, and
a Chinese word that every event has.

Peer: a stock DRF ModelViewSet with DRF's own SearchFilter, which looks for the words anywhere in the summaries (LIKE), and
gives the newest 20 as they are: no ranks, no stems, no names, nothing marked (see `tests.bench.stock`).
"""

from __future__ import annotations

import json
from urllib.parse import quote

from tests.bench import bulk
from tests.bench.http import Site
from tests.bench.results import Result, at_least
from tests.bench.runner import say
from tests.bench.scale import Scale
from tests.bench.scratch import execute
from tests.bench.timing import Pair, compare

EACH = 4
"""Repetitions, of one page each, for each of the scale's rounds."""
_ANSWERS = 20


def run(scale: Scale) -> list[Result]:
    """Pages a second."""
    size = scale.events[1]
    site, record = Site(), bulk.start(scale.people)
    say(f"search: a record of {size:,} events")
    bulk.grow(record, size)
    questions = {
        "a word of all events": "fined",
        "a name of few events": bulk.person_name(record.people[1]),
        "words and a name": f"warning controls {bulk.organization_name(record.organization)}",
        "a Chinese word of all events": "罚款",
    }
    stock = {what: _against_stock(site, questions[what], scale.rounds) for what in list(questions)[:2]}
    pairs = {what: _measured(site, question, scale.rounds) for what, question in questions.items()}
    rows = [
        Result(
            "search", f"{what}, {size:,} events", "the bare SQL", *pair.rates(1), "pages/s", at_least(0.5), pair.error
        )
        for what, pair in pairs.items()
    ]  # fmt: skip
    return rows + [
        Result(
            "search", f"{what}, {size:,} events", "stock DRF ModelViewSet with SearchFilter", *pair.rates(1), "pages/s",
            error=pair.error,
        )
        for what, pair in stock.items()
    ]  # fmt: skip


def _measured(site: Site, question: str, rounds: int) -> Pair:
    address = f"/api/v1/search/?q={quote(question)}"
    statements = site.statements(address)

    def ours() -> bytes:
        return site.get(address)

    def theirs() -> None:
        for statement in statements:
            execute(statement)

    return compare(ours, theirs, rounds * EACH, EACH)


def _against_stock(site: Site, question: str, rounds: int) -> Pair:
    ours, theirs = f"/api/v1/search/?q={quote(question)}", f"/bench/search/?search={quote(question)}"
    for answer in (site.get(ours), site.get(theirs)):
        if len(json.loads(answer)["results"]) < _ANSWERS:
            raise RuntimeError("a search has found too little")
    return compare(lambda: site.get(ours), lambda: site.get(theirs), rounds)
