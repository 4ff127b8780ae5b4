"""The auditor finds what is lost and what is doubled: each rule fails for the damage that it is there for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.auditor import (
    CandidateRow,
    DeliveryRow,
    DocumentRow,
    Expected,
    Found,
    ItemRow,
    OutgoingRow,
    RevisionRow,
    audit,
)
from tests.faults.load import Witness
from tests.faults.news import Article

SITE, READER = "http://127.0.0.1:1", "reader0@example.org"
ARTICLE = Article("/a", "A title", "Ilse Vestrup", "appointment", ("Ilse Vestrup was appointed.",))
TEXT = "Ilse Vestrup was appointed."


def expected() -> Expected:
    """A site with one feed, one article, one reader; two revisions were followed."""
    witness = Witness({"follower": [1, 2]}, {7}, {"note 1"}, {"note 1", "note 2"})
    return Expected(
        {f"{SITE}/feed": {"g": f"{SITE}/a"}}, [ARTICLE], set(), [READER], witness,
        [(READER, "<1>"), (READER, "<2>")], [("w1", 1), ("w2", 2)], SITE,
    )  # fmt: skip


def whole() -> Found:
    """A database that has lost and doubled nothing."""
    return Found(
        [ItemRow(f"{SITE}/feed", f"{SITE}/a", "stored", TEXT)],
        [DocumentRow(f"{SITE}/a", 1, True, "extracted", TEXT, 1)],
        [CandidateRow(ARTICLE.subject, "appointment", "published", 7)],
        [RevisionRow(1, 7, 1, "", ARTICLE.subject), RevisionRow(2, 7, 2, "note 1", ARTICLE.subject)],
        2,
        "",
        [DeliveryRow(READER, 1, "sent", "<1>"), DeliveryRow(READER, 2, "sent", "<2>")],
        [OutgoingRow("<1>", READER, "sent", 1), OutgoingRow("<2>", READER, "sent", 1)],
        [OutgoingRow("w1", "1", "sent", 1), OutgoingRow("w2", "2", "sent", 1)],
        people=[ARTICLE.subject],
    )


Damage = Callable[[Expected, Found], object]


def third_revision(wanted: Expected, found: Found) -> None:
    """The step with the reason "note 1" was done again."""
    found.revisions.append(RevisionRow(3, 7, 3, "note 1", ARTICLE.subject))
    found.head = 3


def changed_page_with_its_old_text(wanted: Expected, found: Found) -> None:
    wanted.revised.add(f"{SITE}/a")
    found.documents[:] = [
        DocumentRow(f"{SITE}/a", 1, False, "extracted", TEXT, 1),
        DocumentRow(f"{SITE}/a", 2, True, "extracted", TEXT, 1),
    ]


def assumed_the_last(wanted: Expected, found: Found) -> None:
    """Nothing made up for a mail that was only assumed to be sent."""
    found.mails[1] = found.mails[1]._replace(assumed=True)
    wanted.mailed.pop()


DAMAGES: list[tuple[str, str, Damage]] = [
    ("every_entry_is_stored_once", "stored 0 times", lambda e, f: f.items.clear()),
    ("every_entry_is_stored_once", "stored 2 times", lambda e, f: f.items.append(f.items[0])),
    ("every_entry_is_stored_once", "came to nothing", lambda e, f: f.items.__setitem__(0, f.items[0]._replace(state="failed"))),
    ("every_page_is_kept_once", "kept 0 times", lambda e, f: f.documents.clear()),
    ("every_page_is_kept_once", "kept 2 times", lambda e, f: f.documents.append(f.documents[0]._replace(url=f"{SITE}/b"))),
    ("every_page_is_kept_once", "1 versions, not 2", lambda e, f: e.revised.add(f"{SITE}/a")),
    ("every_page_is_kept_once", "is the old text", changed_page_with_its_old_text),
    ("every_document_is_read", "is fetched after", lambda e, f: f.documents.__setitem__(0, f.documents[0]._replace(state="fetched"))),
    ("every_candidate_is_there_once", "0 candidates", lambda e, f: f.candidates.clear()),
    ("every_candidate_is_there_once", "2 candidates", lambda e, f: f.candidates.append(f.candidates[0])),
    ("every_candidate_is_there_once", "appointment, open", lambda e, f: f.candidates.__setitem__(0, f.candidates[0]._replace(state="open"))),
    ("every_candidate_is_there_once", "no article tells", lambda e, f: f.candidates.append(CandidateRow("Nobody", "x", "open", None))),
    ("the_ledger_is_whole", "broken", lambda e, f: setattr(f, "ledger", "revision 1 does not follow")),
    ("the_ledger_is_whole", "gaps", lambda e, f: f.revisions.pop(0)),
    ("the_ledger_is_whole", "gaps", lambda e, f: setattr(f, "head", 3)),
    ("every_news_is_published_once", "2 events", lambda e, f: f.revisions.append(RevisionRow(3, 8, 1, "", ARTICLE.subject))),
    ("everyone_is_on_record_once", "2 times", lambda e, f: f.people.append(ARTICLE.subject)),
    ("what_was_acknowledged_is_there", "it is not", lambda e, f: e.witness.published.add(9)),
    ("what_was_acknowledged_is_there", "stands 0 times", lambda e, f: f.revisions.__setitem__(1, f.revisions[1]._replace(reason=""))),
    ("what_was_acknowledged_is_there", "stands 2 times", third_revision),
    ("followers_missed_nothing", "missed [2]", lambda e, f: e.witness.followed.update(follower=[1])),
    ("followers_missed_nothing", "saw twice [2]", lambda e, f: e.witness.followed.update(follower=[1, 2, 2])),
    ("every_reader_is_told", "not told", lambda e, f: f.deliveries.pop()),
    ("every_reader_is_told", "is failed", lambda e, f: f.deliveries.__setitem__(0, f.deliveries[0]._replace(state="failed"))),
    ("every_reader_is_told", "not matched", lambda e, f: setattr(f, "unmatched", 1)),
    ("every_reader_is_told", "no mail", lambda e, f: f.deliveries.__setitem__(1, f.deliveries[1]._replace(message=None))),
    ("every_mail_arrived_once", "came 0 times", lambda e, f: e.mailed.pop()),
    ("every_mail_arrived_once", "came 2 times", lambda e, f: e.mailed.append(e.mailed[0])),
    ("every_mail_arrived_once", "nothing is on record", lambda e, f: f.mails.pop()),
    ("every_mail_arrived_once", "came 0 times", assumed_the_last),
    ("every_webhook_message_arrived_in_order", "no message", lambda e, f: f.hooks.pop()),
    ("every_webhook_message_arrived_in_order", "came 0 times", lambda e, f: e.hooked.pop()),
    ("every_webhook_message_arrived_in_order", "after a later one", lambda e, f: e.hooked.reverse()),
]  # fmt: skip


def test_what_lost_and_doubled_nothing_has_no_problem() -> None:
    assert audit(expected(), whole()) == []


@pytest.mark.parametrize(
    ("rule", "words", "damage"), DAMAGES, ids=[f"{rule}: {words}" for rule, words, _ in DAMAGES]
)
def test_a_damage_is_found_by_its_rule(rule: str, words: str, damage: Damage) -> None:
    wanted, found = expected(), whole()

    damage(wanted, found)

    assert any(problem.startswith(f"{rule}: ") and words in problem for problem in audit(wanted, found))


def test_what_was_replaced_while_its_outcome_was_unknown_need_not_have_come() -> None:
    wanted, found = expected(), whole()
    found.mails[0] = found.mails[0]._replace(assumed=True)
    wanted.mailed.pop(0)

    assert audit(wanted, found) == []
