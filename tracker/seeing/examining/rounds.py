"""All that is looked at, in the order in which one thing rests on another."""

from __future__ import annotations

from collections.abc import Callable

from django.db import Error, connection

from tracker.local import LocalStackError
from tracker.seeing.examining import servers, surroundings, work
from tracker.seeing.examining.findings import Finding, Level, skipped
from tracker.seeing.questions import Question, reading

STATEMENT_SECONDS = 20.0
ANSWER_SECONDS = 60.0


def examine() -> list[Finding]:
    """What was found. Raises nothing that has to do with servers being away, and hangs at none of them."""
    found = [
        *surroundings.examine_settings(),
        *surroundings.examine_disk(),
        *surroundings.examine_backups(),
        *_database(),
    ]
    queue = servers.examine_redis()
    found += queue
    if any(finding.level is Level.PROBLEM and "does not answer" in finding.says for finding in queue):
        found += [
            skipped(name, "Not looked at, for Redis is away.") for name in ("workers", "beat", "queues")
        ]
    else:
        found += [*work.examine_workers(), *work.examine_beat(), *work.examine_queues()]
    return [*found, *servers.examine_mail_server()]


def _database() -> list[Finding]:
    try:
        return Question(_ask_database).answer(ANSWER_SECONDS)
    except TimeoutError:
        silent = TimeoutError(f"it takes connections, but says nothing for {ANSWER_SECONDS:.0f} seconds")
        return [servers.database_is_away(silent)]
    except (Error, LocalStackError) as error:
        return [servers.database_is_away(error)]


def _ask_database() -> list[Finding]:
    try:
        return _look_at_database()
    finally:
        connection.close()  # this thread's, for the models


def _look_at_database() -> list[Finding]:
    with reading(STATEMENT_SECONDS) as cursor:
        found = [*servers.examine_database(cursor), *surroundings.examine_clock(cursor)]
        lacks = any(finding.check == "migrations" and finding.level is Level.PROBLEM for finding in found)
        if lacks:
            # Without its tables the record cannot be asked.
            return [*found, skipped("ledger", "Not looked at, for migrations are missing.")]
        looks: tuple[Callable[..., list[Finding]], ...] = (servers.examine_ledger, work.examine_work)
        for look in looks:
            found += look(cursor)
    return found
