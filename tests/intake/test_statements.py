"""How often a document asks the database on its way to candidates: each statement is a wait, and there are many documents."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from events.feeds.article import Article
from events.feeds.documents import Source, store_document
from events.intake import known, take_in
from events.models.candidates import Candidate
from events.models.sources import Document
from tests import scenes

# Claim, savepoint (BEGIN outside of tests), lock of the page's versions, the result, end of the savepoint (COMMIT).
_EMPTY = 5
_INSERT = 1
_SIMILAR = 1
THREE = (
    "On October 18, Northlake's Conduct Committee issued penalties for data fabrication.\n\n"
    "Northlake Cloud CEO Ilse van Houten was demoted three levels, dropping from Level 22a to 21a.\n\n"
    "Northlake Cloud CFO Quill Abara was demoted three levels, dropping from Level 22a to 21a.\n\n"
    "Northlake Cloud CTO Halvard Brekke was demoted three levels, dropping from Level 22a to 21a.\n"
)


@pytest.fixture(autouse=True)
def names_are_read(db: None) -> None:
    """A worker has read the record's names before."""
    known.known_names()


def demoted(document: Document) -> list[str]:
    rows = Candidate.objects.filter(document=document, action="demotion").order_by("id")
    return list(rows.values_list("subject_name", flat=True))


def test_a_document_without_candidates_takes_five_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    source = scenes.document("The weather stayed dry all week, and the harbour festival opened on time.\n")

    with django_assert_num_queries(_EMPTY):
        take_in(source.pk)

    assert not Candidate.objects.filter(document=source).exists()


def test_three_candidates_take_one_statement_more(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    source = scenes.document(THREE)

    with django_assert_num_queries(_EMPTY + _INSERT):
        take_in(source.pk)

    assert len(demoted(source)) == 3


def test_three_candidates_about_known_people_ask_once_for_similar_events(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for name in ("Ilse van Houten", "Quill Abara", "Halvard Brekke"):
        scenes.executive(name)
    known.known_names()
    source = scenes.document(THREE)

    with django_assert_num_queries(_EMPTY + _INSERT + _SIMILAR):
        take_in(source.pk)

    rows = Candidate.objects.filter(document=source, action="demotion")
    assert [row.resolution_state for row in rows] == ["resolved"] * 3


def test_a_new_page_is_stored_with_its_story_in_four_statements(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    article = Article(title="Demotions at Northlake Cloud", text=THREE, language="en")
    source = Source("https://news.example.com/demotions", THREE.encode(), "text/plain")

    with django_assert_num_queries(4):  # lock, look-up, what tells the same, the document with its story
        document, is_new = store_document(article, source)

    assert is_new
    assert document.story_id is not None
