"""Exports of events: whole, resumed, by increments, at an instant."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from events.exports.events import Gone, Told, events, everything
from events.exports.ndjson import event_line
from events.exports.spans import Span, UnknownSpan, span
from events.models.record import Revision
from events.record import publishing
from events.timelines.clocks import AsOf
from events.timelines.entries import Rows, entries, entry
from tests import scenes
from tests.exports.conftest import Record

JSON = dict[str, Any]
pytestmark = pytest.mark.usefixtures("small_pages")


def told(part: Span, narrow: Callable[[Rows], Rows] = everything, **place: Any) -> list[JSON]:
    """The lines of an export, read."""
    return [json.loads(event_line(row)) for row in events(part, narrow, **place)]


def listed(as_of: AsOf) -> list[JSON]:
    """What the list of events says, in the order of ids."""
    return [entry(row) for row in entries(as_of).order_by("event_id")]


def severe(rows: Rows) -> Rows:
    """A filter that corrections move events in and out of."""
    return rows.filter(severity__gte=3)


def test_a_whole_export_tells_what_the_list_tells(history: Record) -> None:
    exported = told(span())

    assert exported == listed(AsOf())
    assert len(exported) > 4


def test_a_payload_goes_out_as_it_was_written_to_the_letter(history: Record) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT event_id, payload::text FROM events_revision WHERE operation <> 'DEL' ORDER BY seq"
        )
        written = dict(cursor.fetchall())

    for row in events(span()):
        assert event_line(row).decode().startswith(written[row.event][:-1] + ',"revision":{"seq":')


@pytest.mark.parametrize(
    "quote", ['a "quoted" word', "a back\\slash and \\\\ two", "tab\there", "line\u2028break 张\U0001f642"]
)
def test_no_character_of_a_quote_is_lost_on_the_way(record: Record, quote: str) -> None:
    source = scenes.document(f"{quote} and more")
    draft = scenes.demotion(scenes.executive("Per Nyberg"), record.organization, source)
    written = publishing.publish(draft, record.author).payload

    (entry,) = told(span(), after=record.revision.event_id)

    assert entry["evidence"] == written["evidence"]
    assert entry["evidence"][0]["quote"].startswith(quote)


def test_a_resumed_export_is_the_whole_export(history: Record) -> None:
    whole = told(span())

    for cut in range(len(whole) + 1):
        first = told(span(), limit=cut)
        rest = told(span(), after=first[-1]["event"] if first else 0)
        assert first + rest == whole


def test_an_event_published_while_an_export_runs_shifts_nothing(history: Record) -> None:
    part = span()
    before = told(part)
    running = events(part)
    first = [next(running), next(running)]
    late = [row["event"] for row in before][-2:]

    history.publish("2025-01-01", person=scenes.executive("Latecomer"))
    publishing.retract(late[0], history.author)
    publishing.amend(late[1], {"severity": 5}, history.author)

    assert [json.loads(event_line(row)) for row in [*first, *running]] == before
    resumed = told(span(until_seq=part.until), after=first[-1].event)
    assert resumed == before[2:]


@pytest.mark.parametrize("narrow", [everything, severe])
def test_an_increment_on_top_of_an_export_gives_the_next_export(
    history: Record, narrow: Callable[[Rows], Rows]
) -> None:
    last = span().until

    for since in range(last + 1):
        for until in range(since, last + 1):
            held = {row["event"]: row for row in told(Span(since), narrow)}
            for row in told(Span(until, since), narrow):
                if row["status"] in {"retracted", "unmatched"}:
                    del held[row["event"]]  # and so each tells of an event that the reader had
                else:
                    held[row["event"]] = row
            assert list(dict(sorted(held.items())).values()) == told(Span(until), narrow)


def test_an_increment_tells_only_what_changed(history: Record) -> None:
    before = span()
    added = history.publish("2025-01-01", person=scenes.executive("Latecomer"))

    assert [row["event"] for row in told(span(since_seq=before.until))] == [added.event_id]
    assert told(span(since_seq=span().until)) == []


def test_retracted_events_are_left_out_of_an_export_and_told_in_an_increment(record: Record) -> None:
    event, since = record.revision.event_id, span().until
    retraction = publishing.retract(event, record.author)

    assert told(span()) == []
    (gone,) = told(span(since_seq=since))
    assert (gone["event"], gone["status"]) == (event, "retracted")
    assert gone["revision"]["seq"] == retraction.seq
    assert set(gone) == {"event", "status", "revision"}


def test_an_event_that_was_merged_is_told_with_the_one_that_took_it_in(record: Record) -> None:
    other, since = record.publish("2024-01-01"), span().until
    writer = publishing.Writer(record.author)
    publishing.write([publishing.retraction(record.revision.event_id, merged_into=other.event_id)], writer)

    (gone,) = told(span(since_seq=since))

    assert (gone["event"], gone["merged_into"]) == (record.revision.event_id, other.event_id)


def test_an_event_that_the_filters_no_longer_let_pass_is_told_as_such(record: Record) -> None:
    since = span().until
    publishing.amend(record.revision.event_id, {"severity": 1}, record.author)

    (row,) = events(span(since_seq=since), severe)
    assert isinstance(row, Gone)
    assert row.status == "unmatched"
    (row,) = events(span(since_seq=since))
    assert isinstance(row, Told)


def test_what_came_and_went_between_two_exports_is_not_told(record: Record) -> None:
    since = span().until
    event = record.publish("2024-01-01").event_id
    publishing.retract(event, record.author)

    assert told(span(since_seq=since)) == []


def test_an_export_at_an_instant_is_what_the_list_said_then(history: Record) -> None:
    for revision in Revision.objects.order_by("seq"):
        for instant in (revision.recorded_at, revision.recorded_at - timedelta(microseconds=1)):
            assert told(span(known_at=instant)) == listed(AsOf(known_at=instant))


def test_an_increment_since_an_instant_begins_with_what_was_recorded_after_it(history: Record) -> None:
    for revision in Revision.objects.order_by("seq"):
        assert span(recorded_since=revision.recorded_at).since == revision.seq


@pytest.mark.parametrize("begin", [2, 10**9])
def test_a_span_that_ends_before_it_begins_is_refused(history: Record, begin: int) -> None:
    with pytest.raises(UnknownSpan, match="ends with revision 1"):
        span(until_seq=1, since_seq=begin)


def test_nothing_of_a_candidate_is_exported(record: Record) -> None:
    source = scenes.document("Per Nyberg, an unreviewed name, was dismissed.")
    scenes.candidate(source, scenes.claim(source.text, subject={"type": "person", "name": "Per Nyberg"}))

    assert "Nyberg" not in json.dumps(told(span()))


def test_a_page_of_a_long_history_reads_only_so_many_revisions(record: Record) -> None:
    for severity in (1, 2, 3, 4, 5):
        publishing.amend(record.revision.event_id, {"severity": severity}, record.author)
    later = record.publish("2024-01-01")

    assert [row["event"] for row in told(span())] == [record.revision.event_id, later.event_id]
