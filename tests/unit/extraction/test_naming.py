"""Whom a name stands for: spellings, short forms, descriptions, namesakes, and what curators chose before."""

from __future__ import annotations

import pytest

from events.extraction.known import EntityType, KnownEntity, KnownNames
from events.extraction.resolve import resolve

PEOPLE = [
    KnownEntity(1, "person", ("Zhang Ping'an", "张平安"), ("Huawei Cloud",), ("CEO",)),
    KnownEntity(2, "person", ("Bruno Zhang", "张宇昕", "Zhang Yuxin"), ("Huawei Cloud",)),
    KnownEntity(3, "person", ("Kang Ning", "康宁"), ("Huawei Cloud",)),
    KnownEntity(4, "person", ("Robert James Ellery",), ("Marlow Foods",), ("Chief Financial Officer",)),
    KnownEntity(5, "person", ("John Paul Moe",)),
    KnownEntity(6, "person", ("吕伟",)),
    KnownEntity(7, "person", ("单世昌",)),
    KnownEntity(8, "person", ("欧阳慧敏",)),
    KnownEntity(9, "person", ("Katherine Osei",)),
    KnownEntity(10, "person", ("Tomás J. Arriaga",)),
    KnownEntity(11, "person", ("李军",), ("北湖设备",)),
    KnownEntity(12, "person", ("李军",), ("澜岳科技",)),
    KnownEntity(13, "person", ("徐志明",)),
    KnownEntity(14, "person", ("Jan van der Meer",)),
    KnownEntity(15, "person", ("Anna B. Holt",)),
]
ORGANIZATIONS = [
    KnownEntity(21, "organization", ("Huawei Technologies Co., Ltd.", "Huawei", "华为技术有限公司", "华为")),
    KnownEntity(
        22, "organization", ("Huawei Cloud", "华为云"), parents=("Huawei Technologies Co., Ltd.", "Huawei")
    ),
    KnownEntity(23, "organization", ("Ping An Insurance", "中国平安")),
    KnownEntity(24, "organization", ("Corning Inc.", "康宁公司")),
    KnownEntity(25, "organization", ("Northlake Devices Ltd", "北湖设备有限公司")),
    KnownEntity(26, "organization", ("Conduct Committee",), parents=("Northlake Devices Ltd",)),
    KnownEntity(27, "organization", ("Conduct Committee",), parents=("Marlow Foods plc",)),
    KnownEntity(28, "organization", ("Marlow Foods plc",)),
    KnownEntity(29, "organization", ("Securities and Exchange Commission", "SEC")),
    KnownEntity(30, "organization", ("Financial Conduct Authority",)),
    KnownEntity(31, "organization", ("北辰智造科技股份有限公司",)),
    KnownEntity(32, "organization", ("Retail Division",), parents=("Marlow Foods plc",)),
    KnownEntity(33, "organization", ("Sondberg Bank AB",)),
    KnownEntity(34, "organization", ("澜岳科技（深圳）有限公司", "澜岳科技")),
]
KNOWN = KnownNames([*PEOPLE, *ORGANIZATIONS])


def chosen(name: str, kind: EntityType, known: KnownNames = KNOWN, **context: str) -> int | None:
    return resolve(name, kind, known, **context).chosen


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Zhang Ping'an", 1), ("Zhang Pingan", 1), ("Ping'an Zhang", 1), ("Zhang Ping-an", 1), ("張平安", 1),
        ("张平安先生", 1), ("总裁张平安", 1), ("张平安总裁", 1), ("Mr. Zhang Ping'an", 1), ("Chang P'ing-an", 1),
        ("Bruno Zhang", 2), ("张宇昕", 2), ("Zhang Yuxin", 2), ("張宇昕", 2), ("Yuxin Zhang", 2),
        ("Kang Ning", 3), ("康宁", 3), ("康寧", 3), ("Ning Kang", 3),
        ("Robert Ellery", 4), ("Bob Ellery", 4), ("James Ellery", 4), ("R. J. Ellery", 4), ("Sir Robert Ellery", 4),
        ("J. P. Moe", 5), ("JP Moe", 5), ("John Moe", 5), ("Johnny Moe", 5), ("John P. Moe Jr.", 5),
        ("Lü Wei", 6), ("Lu Wei", 6), ("Lyu Wei", 6), ("呂偉", 6),
        ("Shan Shichang", 7), ("Shichang Shan", 7), ("單世昌", 7),
        ("Ouyang Huimin", 8), ("歐陽慧敏", 8), ("Huimin Ouyang", 8),
        ("Kate Osei", 9), ("Katie Osei", 9), ("Catherine Osei", 9),
        ("Tomas Arriaga", 10), ("Tomás Arriaga", 10), ("T. J. Arriaga", 10),
        ("Hsü Chih-ming", 13), ("Xu Zhiming", 13), ("Jan van der Meer", 14), ("J. van der Meer", 14),
        ("Anna Holt", 15), ("Annie B Holt", None),
    ],
)  # fmt: skip
def test_people_are_found_across_scripts_romanizations_initials_and_short_forms(
    name: str, entity: int | None
) -> None:
    assert chosen(name, "person") == entity


@pytest.mark.parametrize(
    ("name", "entity"),
    [
        ("Huawei", 21), ("Huawei Technologies", 21), ("华为", 21), ("华为技术", 21), ("華為", 21), ("Huawei's", 21),
        ("Huawei Cloud", 22), ("华为云", 22), ("華為雲", 22), ("Huawei's cloud unit", 22), ("Huawei's cloud business", 22),
        ("Huawei's Cloud division", 22), ("华为的云业务", 22), ("华为旗下云业务", 22),
        ("Corning", 24), ("Corning Incorporated", 24), ("康宁公司", 24),
        ("Northlake Devices", 25), ("the Northlake Devices", 25), ("北湖设备", 25), ("Northlake Devices Limited", 25),
        ("Northlake Devices's Conduct Committee", 26), ("Northlake's Conduct Committee", 26),
        ("Marlow Foods' Conduct Committee", 27), ("Marlow", 28), ("Marlow Foods PLC", 28),
        ("SEC", 29), ("U.S. Securities and Exchange Commission", 29), ("FCA", 30),
        ("Marlow's retail arm", 32), ("Sondberg", 33), ("Sondberg Bank", 33), ("澜岳", 34), ("瀾岳科技", 34),
    ],
)  # fmt: skip
def test_organizations_are_found_by_short_forms_initials_scripts_and_descriptions(
    name: str, entity: int
) -> None:
    assert chosen(name, "organization") == entity


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("张平安", "organization"),  # Zhang Ping'an is not Ping An
        ("中国平安", "person"),
        ("平安", "person"),
        ("Ping An", "person"),
        ("Corning", "person"),
        ("Bruno Wang", "person"),
        ("Zhang Wei", "person"),
        ("Bruno Ellery", "person"),
        ("Paul Robert Moe", "person"),
        ("Huawei Device", "organization"),
        ("Northlake Robotics", "organization"),
        ("Marlow Chemicals Holding", "organization"),
        ("北湖", "person"),
    ],
)
def test_who_only_sounds_or_looks_alike_is_not_taken_for_another(name: str, kind: EntityType) -> None:
    assert chosen(name, kind) is None


@pytest.mark.parametrize("name", ["Zhang", "Arriaga", "张总", "Conduct Committee", "李军", "Mr. Zhang"])
def test_a_name_that_fits_several_or_only_half_stays_open_with_its_options(name: str) -> None:
    kind: EntityType = "organization" if "Committee" in name else "person"
    found = resolve(name, kind, KNOWN)

    assert (found.state, found.chosen) == ("ambiguous", None)
    assert all(option.why for option in found.options)


@pytest.mark.parametrize(
    "name", ["Huawei Cloud Service Products", "Northlake Devices Robotics", "华为终端云服务"]
)
def test_a_name_that_only_begins_as_another_is_unknown_with_a_hint(name: str) -> None:
    found = resolve(name, "organization", KNOWN)

    assert (found.state, found.chosen) == ("unknown", None)
    assert found.options


def test_the_claims_organization_tells_namesakes_apart() -> None:
    assert chosen("李军", "person", organization="澜岳科技") == 12
    assert chosen("李军", "person", organization="北湖设备有限公司") == 11


def test_a_person_known_elsewhere_is_doubted() -> None:
    found = resolve("J. P. Moe", "person", KnownNames([KnownEntity(5, "person", ("John Paul Moe",), ("Tarn Robotics",))]),
                    organization="Marlow Foods")  # fmt: skip

    assert found.chosen is None
    assert "known elsewhere" in found.options[0].why


def test_what_curators_chose_before_decides_between_equals_and_says_so() -> None:
    known = KnownNames(PEOPLE, {("person", "李军"): {12: 3}})

    found = resolve("李军", "person", known)

    assert found.chosen == 12
    assert "chosen by curators 3 times before" in found.options[0].why


def test_what_curators_chose_does_not_make_another_name_fit() -> None:
    known = KnownNames(PEOPLE, {("person", "bruno wang"): {2: 9}})

    assert resolve("Bruno Wang", "person", known).state == "unknown"


def test_known_chinese_names_are_found_in_a_text_with_where_they_first_stand() -> None:
    found = KNOWN.chinese_in("昨日，张平安与康宁离开华为云；张平安未回应。")

    assert set(found) == {
        ("张平安", 3, "person"),
        ("康宁", 7, "person"),
        ("华为", 11, "organization"),
        ("华为云", 11, "organization"),
    }
    assert KNOWN.chinese_in("") == []
