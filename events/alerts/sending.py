"""From the outbox to the mail server, over one kept conversation, outside any transaction.

A worker claims a batch, plans it anew and hands over what is still right, one message after the other. A mail is
`sending` from before its content leaves until the server's word is recorded. Where the outcome stays unknown (the
worker died, the connection broke) it is tried again with the same Message-ID, by which mail systems and people
recognize the second copy. While the server works on one message, the next is written.
"""

from __future__ import annotations

import logging
import random
import smtplib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from events.alerts import advancing, connections, failures, receipts, suppression
from events.alerts.advancing import Advance, Attempt, advance
from events.alerts.connections import Conversation, Letter, kept
from events.alerts.failures import CLOSING, Failure, Outcome
from events.alerts.gathering import gather_due
from events.alerts.guard import require_no_transaction
from events.alerts.messages import compose
from events.alerts.planning import Plan, Verdict, plan, recipient
from events.alerts.schedule import MAX_ATTEMPTS, backoff
from events.choices import DeliveryState, SuppressionReason
from events.models.alerts import Mail
from events.outcomes import tell

log = logging.getLogger(__name__)

BATCH = 100
"""Mails that are claimed and planned at once."""
PLAN_HOLDS = 5.0
"""Seconds after which what is not begun is planned anew."""
TOLD = 50
"""Revisions of a mail that its line in the log names at most."""
LONGEST_DOUBT = timedelta(minutes=10)
"""Until a message of unknown outcome is tried again, at most: corrections wait for it."""


@dataclass(frozen=True)
class Ready:
    """A mail that is planned and written."""

    plan: Plan
    letter: Letter


@dataclass
class Batch:
    """What became of the mails that were claimed at once."""

    claimed: int = 0
    sent: int = 0
    server_away: bool = False
    """The mail server takes nothing for now, whatever the message."""


def send_all(seconds: float) -> int:
    """Gathers and sends until nothing is due, the server is away or the time is over; gives how many it took."""
    end, sent = time.monotonic() + seconds, 0
    try:
        while time.monotonic() < end:
            gather_due()
            batch = send_due()
            sent += batch.sent
            if batch.server_away or not batch.claimed:
                break
    finally:
        kept().rest()
    return sent


def send_due(limit: int = BATCH) -> Batch:
    """Sends up to so many mails that are due and still right. Raises RuntimeError inside a transaction."""
    require_no_transaction("sending mail")
    mails = receipts.claim(limit)
    if not mails:
        return Batch()
    try:
        return _Round(mails).run()
    except BaseException:
        # A message may be on its way, and its answer would be taken for another's.
        kept().close()
        advancing.abandon()
        raise


@dataclass
class _Round:
    """One batch on its way."""

    mails: Sequence[Mail]
    batch: Batch = field(default_factory=Batch)
    trouble: str = ""
    """Why the server takes nothing."""

    def run(self) -> Batch:
        self.batch.claimed = len(self.mails)
        planned = time.monotonic()
        plans = plan(self.mails)
        receipts.settle(plans)
        waiting = [step for step in plans if step.verdict is Verdict.SEND]
        ready = self._written(waiting)
        following, on_its_way = next(ready, None), None
        while following or on_its_way:
            done = self._answered(on_its_way)
            if self.batch.server_away or time.monotonic() - planned > PLAN_HOLDS:
                if done:
                    advance(done, None)
                self._leave([step.mail for step in [*([following.plan] if following else []), *waiting]])
                break
            on_its_way = self._begin(done, following)
            following = next(ready, None)
        return self.batch

    def _written(self, waiting: list[Plan]) -> Iterator[Ready]:
        """The letters, each written when it is asked for; `waiting` holds those that were not."""
        while waiting:
            step = waiting.pop(0)
            try:
                yield Ready(step, connections.letter(compose(step.mail, step.planned)))
            except Exception as error:
                # A message that cannot be written must not stop the others, nor be tried for ever.
                log.exception("mail %s cannot be written", step.mail.pk)
                self._not_written(step, failures.writing(error))

    def _begin(self, done: Attempt | None, ready: Ready | None) -> tuple[Attempt, Conversation] | None:
        """Records the receipt of the message before, and hands over the next as far as to the server's answer."""
        if ready is None:
            if done:
                advance(done, None)
            return None
        step = Advance(done, ready.plan)
        conversation, failure = _told(ready.letter)
        attempt = step.result()
        if attempt is None:
            kept().drop()
            receipts.release([ready.plan.mail])
        elif conversation is None:
            self._record(attempt, failure or failures.connecting(OSError()))
        else:
            try:
                conversation.end(ready.letter)
            except Exception as error:
                self._record(attempt, failures.sending(error))
            else:
                return attempt, conversation
        return None

    def _answered(self, on_its_way: tuple[Attempt, Conversation] | None) -> Attempt | None:
        """The attempt that the server has taken; None when it has not, or there was none."""
        if on_its_way is None:
            return None
        attempt, conversation = on_its_way
        try:
            conversation.answer()
        except Exception as error:
            self._record(attempt, failures.sending(error))
            return None
        self.batch.sent += 1
        _tell("sent", attempt)
        return attempt

    def _record(self, attempt: Attempt, failure: Failure) -> None:
        """Records an attempt that failed."""
        mail = attempt.plan.mail
        log.warning("mail %s, attempt %s: %s", mail.pk, attempt.number, failure.reason)
        if failure.outcome is Outcome.UNKNOWN or failure.everyones:
            kept().close()
            self.trouble = failure.reason
        self.batch.server_away |= failure.everyones
        wait = _backoff(attempt.number)
        settled = failure.outcome is Outcome.REFUSED or attempt.number >= MAX_ATTEMPTS
        _tell("failed" if settled else "postponed", attempt)
        if failure.outcome is Outcome.REFUSED:
            receipts.fail(attempt, failure.reason)
            if failure.bad_address:
                suppression.suppress(recipient(mail), SuppressionReason.BOUNCE, failure.reason)
        elif attempt.number >= MAX_ATTEMPTS:
            receipts.fail(attempt, f"Given up after {attempt.number} attempts. {failure.reason}")
        elif attempt.resumed or failure.outcome is Outcome.UNKNOWN:
            receipts.doubt(attempt, min(wait, LONGEST_DOUBT), failure.reason)
        else:
            receipts.postpone(attempt, wait, failure.reason)

    def _not_written(self, step: Plan, failure: Failure) -> None:
        attempt = advance(None, step)
        if attempt:
            self._record(attempt, failure)

    def _leave(self, mails: Sequence[Mail]) -> None:
        """What was not begun waits: as long as the server is away, else for its next turn."""
        if not self.batch.server_away:
            receipts.release(mails)
            return
        for mail in mails:
            wait = _backoff(mail.attempts + 1)
            if mail.state == DeliveryState.SENDING.value:
                wait = min(wait, LONGEST_DOUBT)
            receipts.postpone_unbegun(mail, wait, self.trouble)


def _tell(outcome: str, attempt: Attempt) -> None:
    mail = attempt.plan.mail
    revisions = [planned.delivery.revision_id for planned in attempt.plan.planned[:TOLD]]
    tell("mail.sent", outcome, mail=mail.pk, kind=mail.kind, attempt=attempt.number, revisions=revisions)


def _told(letter: Letter) -> tuple[Conversation | None, Failure | None]:
    """The kept conversation with all of a letter but its end, or what went wrong.

    A server may end a conversation that it has had enough of: then another is opened, and no message is to blame.
    """
    while True:
        try:
            conversation = kept().take()
        except Exception as error:
            return None, failures.connecting(error)
        used = kept().is_used
        try:
            conversation.name(letter)
            conversation.hand_over(letter)
        except Exception as error:
            if used and _has_ended(error):
                kept().close()
                continue
            return None, failures.before_the_end(error)
        return conversation, None


def _has_ended(error: Exception) -> bool:
    """Whether an error before the end is the end of the conversation, and no word about the message."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code == CLOSING
    return isinstance(error, OSError) and not isinstance(error, smtplib.SMTPRecipientsRefused)


def _backoff(attempt: int) -> timedelta:
    return backoff(attempt, random.random())  # noqa: S311 - spreads load, guards nothing
