"""People and organizations by name."""

from __future__ import annotations

import pytest

from events.models.people import ExecutiveName
from events.timelines.finding import nearest_names, organizations_named, people_named
from tests import scenes


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    person = scenes.executive("Zhao Wen'ya")
    ExecutiveName.objects.create(executive=person, name="赵文雅", language="zh-Hans", type="native")
    scenes.executive("Zhao Wenyan")
    scenes.company("Northlake Devices")
    scenes.company("Northlake Cloud")


@pytest.mark.parametrize(
    "name", ["Zhao Wen'ya", "Zhao Wen’ya", "zhao wenya", "Wenya Zhao", "ZHAOWENYA", "赵文雅", "趙文雅"]
)
def test_a_name_finds_its_one_person_in_any_script_spelling_and_order(name: str) -> None:
    assert [person.name for person in people_named(name)] == ["Zhao Wen'ya"]


def test_a_name_that_nobody_has_finds_the_names_that_hold_it() -> None:
    assert {person.name for person in people_named("Zhao")} == {"Zhao Wen'ya", "Zhao Wenyan"}
    assert [person.name for person in people_named("文雅")] == ["Zhao Wen'ya"]
    assert organizations_named("northlake").count() == 2


def test_a_name_that_is_a_name_does_not_find_what_holds_it() -> None:
    scenes.company("Northlake")

    assert [row.name for row in organizations_named("Northlake")] == ["Northlake"]


@pytest.mark.parametrize("name", ["", " ", "\x00", "%", "_", "\\", "x" * 5000])
def test_a_name_that_says_nothing_finds_nobody(name: str) -> None:
    assert list(people_named(name)) == []


def test_the_nearest_names_come_first() -> None:
    assert nearest_names("Zhao Wenyaa")[0] in {"Zhao Wen'ya", "Zhao Wenyan"}
    assert nearest_names("Northlak Cloud")[0] == "Northlake Cloud"
