"""Names to known people and organizations."""

from __future__ import annotations

import pytest

from events.extraction.known import EntityType, KnownEntity, KnownNames
from events.extraction.resolve import resolve

KNOWN = KnownNames(
    [
        KnownEntity(1, "person", ("Zhang Ping'an", "张平安"), ("Huawei Cloud",), ("CEO",)),
        KnownEntity(2, "organization", ("Ping An Insurance", "中国平安")),
        KnownEntity(3, "organization", ("Corning Inc.", "康宁公司")),
        KnownEntity(4, "person", ("Kang Ning", "康宁"), ("Huawei Cloud",)),
        KnownEntity(5, "person", ("Mara Lindt",), ("Northlake Devices",)),
        KnownEntity(6, "person", ("Mara Lindt",), ("Tarn Robotics",)),
        KnownEntity(7, "organization", ("Northlake Devices Ltd", "北湖设备有限公司")),
        KnownEntity(8, "person", ("Tomás J. Arriaga",), ("Northlake Devices",), ("Account Manager",)),
    ]
)


@pytest.mark.parametrize(
    "name",
    [
        "Zhang Ping'an",
        "Zhang Pingan",
        "zhang ping’an",
        "Ping'an Zhang",
        "张平安",
        "張平安",
        "Mr. Zhang Ping'an",
    ],
)
def test_a_person_is_found_across_scripts_spellings_and_orders(name: str) -> None:
    assert resolve(name, "person", KNOWN).chosen == 1


@pytest.mark.parametrize(
    "name",
    [
        "Northlake Devices",
        "Northlake Devices's",
        "the Northlake Devices",
        "北湖设备",
        "Northlake Devices Limited",
    ],
)
def test_a_company_is_found_by_its_short_forms(name: str) -> None:
    assert resolve(name, "organization", KNOWN).chosen == 7


@pytest.mark.parametrize(
    ("name", "kind", "entity"),
    [("康宁", "person", 4), ("康宁", "organization", 3), ("Corning", "organization", 3)],
)
def test_a_name_of_a_person_and_a_company_is_told_apart_by_its_type(
    name: str, kind: EntityType, entity: int
) -> None:
    assert resolve(name, kind, KNOWN).chosen == entity


def test_a_person_is_not_the_insurer_whose_name_sounds_alike() -> None:
    assert resolve("张平安", "organization", KNOWN).state == "unknown"
    assert resolve("中国平安", "person", KNOWN).state == "unknown"


def test_two_equally_good_people_stay_open() -> None:
    found = resolve("Mara Lindt", "person", KNOWN)
    assert (found.state, found.chosen) == ("ambiguous", None)
    assert [option.id for option in found.options] == [5, 6]


def test_the_organization_of_the_claim_decides_between_namesakes() -> None:
    found = resolve("Mara Lindt", "person", KNOWN, organization="Tarn Robotics")
    assert (found.state, found.chosen) == ("resolved", 6)
    assert "Tarn Robotics" in found.options[0].why


def test_a_family_name_alone_is_never_enough() -> None:
    assert resolve("Arriaga", "person", KNOWN).state == "ambiguous"
    assert resolve("Arriaga", "person", KNOWN).chosen is None


def test_a_middle_initial_may_be_left_out() -> None:
    assert resolve("Tomas Arriaga", "person", KNOWN).chosen == 8


@pytest.mark.parametrize("name", ["", "  ", "Nobody Known", "无名氏"])
def test_a_name_that_nobody_has_is_unknown(name: str) -> None:
    assert resolve(name, "person", KNOWN).state == "unknown"


def test_every_option_says_why() -> None:
    assert all(option.why for option in resolve("Zhang Pingan", "person", KNOWN).options)
