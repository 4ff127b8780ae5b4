"""The words under which an event is found."""

from __future__ import annotations

import pytest
from django.db import connection

from events.choices import ACTIONS
from events.models.record import Event
from events.record.words import (
    ACTIONS_ZH,
    MAX_TEXT,
    indexed,
    project_words,
    search_vector,
    tokens,
    vector_texts,
)
from tests.timelines.conftest import Record, record

__all__ = ["record"]


def lexemes(event: Event) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(search) FROM events_event WHERE id = %s", [event.pk])
        row = cursor.fetchone()
    return set(row[0])


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("Zhang Ping'an", "zhang pingan", ""),
        ("Huawei’s E\u0301lan", "huawei elan", ""),
        ("张平安", "", "张平 平安 安"),
        ("由22A降至21A", "22a 21a", "由 降至 至"),
        ("张，平安", "", "张 平安 安"),
        ("ＣＥＯ 120,000", "ceo 120 000", ""),
        ("…—!", "", ""),
    ],
)
def test_text_is_split_by_script_and_chinese_into_pairs(text: str, english: str, chinese: str) -> None:
    assert indexed(text) == (english, chinese)


def test_a_tokens_span_points_at_its_text_in_code_points() -> None:
    text = "😀 Zhang Ping'an’s 云"

    assert [text[token.start : token.end] for token in tokens(text)] == ["Zhang", "Ping'an’s", "云"]


def test_every_action_has_chinese_words() -> None:
    assert {action for actions in ACTIONS.values() for action in actions} <= set(ACTIONS_ZH)


def test_words_are_written_from_the_latest_revision(record: Record) -> None:
    event = record.revision.event
    Event.objects.filter(pk=event.pk).update(search=None)

    assert project_words([event.pk]) == 1

    assert {"northlak", "demot", "ils", "22a", "伊尔", "降级", "penalti"} <= lexemes(event)


def test_the_expression_for_one_row_and_the_projection_of_all_write_the_same(record: Record) -> None:
    event = record.revision.event
    project_words()
    event.refresh_from_db()
    projected = event.search
    event.search = search_vector(record.revision.payload)
    event.save()
    event.refresh_from_db()

    assert event.search == projected


def test_a_huge_payload_is_indexed_in_part_and_never_refused(record: Record) -> None:
    payload = record.revision.payload
    quote = {**payload["evidence"][0], "quote": " ".join(f"w{n}" * 30 for n in range(200_000))}
    event = record.revision.event

    event.search = search_vector({**payload, "evidence": [quote]})
    event.save()

    assert all(len(text) <= 2 * MAX_TEXT for text in vector_texts({**payload, "evidence": [quote]}))
    assert "demot" in lexemes(event)
