"""The rows of stories: which documents may tell the same news, and what is written once that is known."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from events.feeds.likeness import COMMON
from events.models.sources import Document, Story

MAX_NEIGHBOURS = 30
"""Documents that are compared, of each way to find some."""
_MAX_NAMED = 100
"""Documents that are read for each anchor; how many stories name it is counted among them."""
_LEAST_WEIGHT = 0.8
"""What a neighbour's shared anchors must weigh together for it to be worth comparing."""
_TITLE = 500


@dataclass(frozen=True, slots=True)
class Probe:
    """An anchor to look for: what is stored for it, in one week or two, and what it weighs."""

    name: str
    stored: list[str]
    weight: float


@dataclass(frozen=True, slots=True)
class Row:
    """A document that may tell the same news."""

    pk: int
    story: int
    url: str
    language: str
    told_at: datetime
    signature: bytes
    anchors: list[str]


_NEIGHBOURS = """
WITH probe AS (
    SELECT name, ARRAY[first, second] AS stored, weight
    FROM unnest(%(names)s::text[], %(first)s::varchar[], %(second)s::varchar[], %(weights)s::float8[])
        AS p(name, first, second, weight)
), hit AS (
    SELECT probe.name, probe.weight, found.id, found.story_id FROM probe CROSS JOIN LATERAL (
        SELECT id, story_id FROM events_document
        WHERE anchors && probe.stored AND is_latest AND story_id IS NOT NULL AND id <> %(own)s
        LIMIT %(most)s
    ) found
), frequency AS (
    SELECT name, count(DISTINCT story_id) AS n FROM hit GROUP BY name
), named AS (
    SELECT hit.id FROM hit JOIN frequency USING (name) WHERE frequency.n < %(common)s
    GROUP BY hit.id HAVING sum(hit.weight) >= %(least)s ORDER BY sum(hit.weight) DESC, hit.id LIMIT %(limit)s
), copied AS (
    SELECT found.id FROM unnest(%(bands)s::bigint[]) AS key CROSS JOIN LATERAL (
        SELECT id FROM events_document
        WHERE bands @> ARRAY[key] AND is_latest AND story_id IS NOT NULL AND id <> %(own)s
        LIMIT %(limit)s
    ) found
    GROUP BY found.id ORDER BY count(*) DESC, found.id LIMIT %(limit)s
), earlier AS (
    SELECT id FROM events_document WHERE url = %(url)s AND story_id IS NOT NULL AND id <> %(own)s
    ORDER BY version DESC LIMIT 1
)
SELECT (SELECT json_object_agg(name, n)::text FROM frequency),
    id, story_id, url, language, coalesce(published_at, fetched_at), signature, anchors
FROM events_document
WHERE id IN (SELECT id FROM named UNION SELECT id FROM copied UNION SELECT id FROM earlier)
ORDER BY id
"""
_BEGUN = "INSERT INTO events_story (title, first_document_id) SELECT %s, document FROM number RETURNING id"
_JOINED = """
UPDATE events_story SET first_document_id = CASE
    WHEN %s >= (SELECT coalesce(published_at, fetched_at) FROM events_document WHERE id = first_document_id)
    THEN first_document_id ELSE (SELECT document FROM number) END
WHERE id = %s RETURNING id
"""
_GIVEN = [
    field for field in Document._meta.concrete_fields if field.attname not in {"id", "created_at", "story_id"}
]
_EARLIEST = """
SELECT id FROM events_document WHERE story_id = %s ORDER BY coalesce(published_at, fetched_at), id LIMIT 1
"""


def neighbours(
    document: Document, probes: Sequence[Probe], keys: Sequence[int]
) -> tuple[Mapping[str, int], list[Row]]:
    """How many stories name each anchor, and the documents that may tell what `document` tells.

    `keys` are the bands. At most 61 documents, in one statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _NEIGHBOURS,
            {
                "names": [probe.name for probe in probes],
                "first": [probe.stored[0] for probe in probes],
                "second": [probe.stored[-1] for probe in probes],
                "weights": [probe.weight for probe in probes],
                "bands": list(keys),
                "own": document.pk or 0,
                "url": document.url,
                "common": COMMON,
                "least": _LEAST_WEIGHT,
                "limit": MAX_NEIGHBOURS,
                "most": _MAX_NAMED,
            },
        )
        rows = cursor.fetchall()
    frequency: dict[str, int] = json.loads(rows[0][0] or "{}") if rows else {}
    return frequency, [Row(*row[1:]) for row in rows]


def save(document: Document, story: int | None) -> int:
    """Adds a new document and its story, in one statement: `story`, of which it becomes the first document when it was
    published before that, or without one a new story of its own. Gives the story's primary key."""
    columns = ", ".join(["id", "story_id", *(field.attname for field in _GIVEN)])
    marks = ", ".join(["(SELECT document FROM number), (SELECT id FROM story)", *["%s"] * len(_GIVEN)])
    told, values = _BEGUN, list[Any]([(document.title or document.url)[:_TITLE]])
    if story is not None:
        told, values = _JOINED, [document.published_at or document.fetched_at, story]
    given = [field.get_db_prep_save(getattr(document, field.attname), connection) for field in _GIVEN]
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH number AS (SELECT nextval(pg_get_serial_sequence('events_document', 'id')) AS document),"  # noqa: S608 - our own columns
            f" story AS ({told})"
            f" INSERT INTO events_document ({columns}) VALUES ({marks}) RETURNING id, story_id, created_at",
            [*values, *given],
        )
        document.pk, found, document.created_at = cursor.fetchone()
    document.story_id = int(found)
    document._state.adding, document._state.db = False, connection.alias
    return document.story_id


def begin(document: Document) -> Story:
    """A new story of this document alone."""
    title = (document.title or document.url)[:_TITLE]
    return _written(
        document,
        """
        WITH story AS (
            INSERT INTO events_story (title, first_document_id) VALUES (%s, %s)
            RETURNING id, created_at, title, first_document_id
        ), own AS (
            UPDATE events_document SET story_id = (SELECT id FROM story), bands = %s, signature = %s, anchors = %s
            WHERE id = %s
        )
        SELECT * FROM story
        """,
        [title, document.pk],
    )


def join(document: Document, story: int) -> Story:
    """The story with this document; it becomes the first one when it was published before that."""
    when = document.published_at or document.fetched_at
    return _written(
        document,
        """
        WITH story AS (
            UPDATE events_story SET first_document_id = CASE
                WHEN %s >= (SELECT coalesce(published_at, fetched_at) FROM events_document WHERE id = first_document_id)
                THEN first_document_id ELSE %s END
            WHERE id = %s RETURNING id, created_at, title, first_document_id
        ), own AS (
            UPDATE events_document SET story_id = (SELECT id FROM story), bands = %s, signature = %s, anchors = %s
            WHERE id = %s
        )
        SELECT * FROM story
        """,
        [when, document.pk, story],
    )


def merge(stories: set[int]) -> Story:
    """One story of several: the one of most documents (of equals, the oldest) keeps its number, the others go."""
    wanted = sorted(stories)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT story_id FROM events_document WHERE story_id = ANY(%s)"
            " GROUP BY story_id ORDER BY count(*) DESC, story_id LIMIT 1",
            [wanted],
        )
        kept = cursor.fetchone()[0]
        others = [story for story in wanted if story != kept]
        cursor.execute(
            """
            WITH moved AS (UPDATE events_document SET story_id = %s WHERE story_id = ANY(%s)),
                gone AS (DELETE FROM events_story WHERE id = ANY(%s))
            UPDATE events_story SET first_document_id = (
                SELECT id FROM events_document WHERE story_id = ANY(%s)
                ORDER BY coalesce(published_at, fetched_at), id LIMIT 1)
            WHERE id = %s RETURNING id, created_at, title, first_document_id
            """,
            [kept, others, others, wanted, kept],
        )
        return _story(cursor.fetchone())


def is_bound(document: Document, story: int) -> bool:
    """Whether a document that is like no other stays in its story: it has it to itself, or shares it with documents
    that cannot be found yet, since they have no prints."""
    others = Document.objects.filter(story_id=story, is_latest=True).exclude(pk=document.pk)
    kinds = {bool(made) or bool(names) for made, names in others.values_list("bands", "anchors")[:100]}
    return False in kinds or not kinds


def move_versions(document: Document, story: int) -> None:
    """Takes the earlier versions of a page along into the story of its latest."""
    Document.objects.filter(url=document.url).exclude(story_id=story).update(story_id=story)


def settle(story: int) -> None:
    """Names a story's first document anew, after some have left; one without any goes."""
    with connection.cursor() as cursor:
        cursor.execute(_EARLIEST, [story])
        found = cursor.fetchone()
    rows = Story.objects.filter(pk=story)
    if found is None:
        rows.delete()
    else:
        rows.update(first_document_id=found[0])


def _written(document: Document, statement: str, values: list[str | int | datetime]) -> Story:
    with connection.cursor() as cursor:
        made = document.bands, bytes(document.signature), document.anchors
        cursor.execute(statement, [*values, *made, document.pk])
        story = _story(cursor.fetchone())
    document.story = story
    return story


def _story(row: Sequence[object]) -> Story:
    return Story.from_db(connection.alias, ["id", "created_at", "title", "first_document_id"], list(row))
