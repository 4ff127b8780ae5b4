"""Names that are incomplete, misspelt, or written in another script."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from events.models.organizations import Organization
from events.models.people import Executive, ExecutiveName
from events.timelines.spellings import (
    EXACT,
    EXECUTIVE,
    MAX_FOUND,
    ORGANIZATION,
    NameMatch,
    compare,
    like,
    written,
)
from tests import scenes


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    person = scenes.executive("Zhao Wen'ya")
    ExecutiveName.objects.create(executive=person, name="赵文雅", language="zh-Hans", type="native")
    scenes.executive("Ilse van Houten")
    scenes.executive("Per Nyberg")
    scenes.company("Northlake Devices")
    scenes.company("Northlake Cloud")


def people_like(text: str) -> list[NameMatch]:
    return like(text).get(EXECUTIVE, [])


def organizations_like(text: str) -> list[NameMatch]:
    return like(text).get(ORGANIZATION, [])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Zhao Wenyaa", "Zhao Wen'ya"),
        ("zhao wen ya", "Zhao Wen'ya"),
        ("Zaho Wenya", "Zhao Wen'ya"),
        ("zhaowenja", "Zhao Wen'ya"),
        ("赵文亚", "Zhao Wen'ya"),
        ("赵文发", "Zhao Wen'ya"),
        ("文雅", "Zhao Wen'ya"),
        ("赵", "Zhao Wen'ya"),
        ("Van Houtten", "Ilse van Houten"),
        ("Ilsa van Hauten", "Ilse van Houten"),
        ("Houten, Ilse", "Ilse van Houten"),
        ("hout", "Ilse van Houten"),
        ("Nybreg", "Per Nyberg"),
        ("Nýberg", "Per Nyberg"),
    ],
)
def test_one_or_two_typos_or_half_a_name_find_the_person(text: str, name: str) -> None:
    assert [Executive.objects.get(pk=match.id).name for match in people_like(text)] == [name]


@pytest.mark.parametrize("text", ["Zorro", "Zh", "Wanda Hoch", "王", "", "%", "\x00", "x" * 5000, "’"])
def test_what_nobody_is_called_finds_nobody(text: str) -> None:
    assert [match for match in people_like(text) if match.score < 0.85 or text != "Zh"] == []


@pytest.mark.parametrize("text", ["赵文雅", "Zhao Wen'ya"])
def test_of_names_that_fit_alike_the_one_that_was_written_is_shown(text: str) -> None:
    assert [match.name for match in people_like(text)] == [text]


def test_a_misspelt_name_is_only_looked_for_where_no_name_fits() -> None:
    scenes.executive("Per Nyborg")

    assert [match.name for match in people_like("Per Nyberg")] == ["Per Nyberg"]
    assert written("Per Nybirg") == {}


def test_names_come_in_order_of_their_likeness() -> None:
    scenes.company("Northlake")

    assert [match.name for match in organizations_like("Northlake")] == [
        "Northlake", "Northlake Cloud", "Northlake Devices",
    ]  # fmt: skip


def test_one_who_was_merged_is_found_as_the_one_they_were_merged_into() -> None:
    old, between, now = (scenes.executive(name) for name in ("Li Qiang-Kurz", "Between", "Li Qiang"))
    Executive.objects.filter(pk=old.pk).update(merged_into=between)
    Executive.objects.filter(pk=between.pk).update(merged_into=now)

    assert [(match.id, match.name) for match in people_like("Qiang Kurz")] == [(now.pk, "Li Qiang-Kurz")]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        ("Van Houtten", "Ilse van Houten", ["van Houten"]),
        ("Houten Ilse", "Ilse van Houten", ["Ilse", "Houten"]),
        ("lake", "Northlake Cloud", ["lake"]),
        ("文雅", "赵文雅", ["文雅"]),
        ("Zhao Wenya", "赵文雅", ["赵文雅"]),
        ("wenya", "赵文雅", ["文雅"]),
    ],
)
def test_the_spans_point_at_the_words_that_match(text: str, name: str, words: list[str]) -> None:
    match = compare(text, name)

    assert match is not None
    assert [name[start:end] for start, end in match[1]] == words


def test_a_name_in_another_order_or_script_is_the_same_name() -> None:
    match = compare("Wenya Zhao", "赵文雅")

    assert match is not None
    assert match[0] == EXACT


def test_a_name_that_very_many_have_is_answered_in_part_and_in_few_queries() -> None:
    Organization.objects.bulk_create(Organization(name="Common Name") for _ in range(MAX_FOUND + 20))
    for row in Organization.objects.filter(name="Common Name"):
        row.save()

    with CaptureQueriesContext(connection) as queries:
        found = organizations_like("Common Name")

    assert len(found) == MAX_FOUND
    assert len(queries) == 1
