"""What a Chinese clause leaves open, whom "the company" is, and what can be a subject."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from events.extraction import Claim, extract
from events.extraction.sanity import names_something
from tests.unit.extraction.corpus import check

MONDAY = date(2025, 11, 17)


def read(text: str) -> list[Claim]:
    claims = extract(text, published=MONDAY)
    check(text, claims)
    return claims


def subjects(claims: list[Claim]) -> list[tuple[str, str, str]]:
    return [(c["kind"], c["action"], c["subject"]["name"]) for c in claims]


@pytest.mark.parametrize(
    "text",
    [
        "有投资者认为，公司最终可能被强制退市。",
        "砺川股份会不会退市，目前没有答案。",
        "砺川股份或将撤销华南事业部。",
        "不排除监管部门对砺川股份立案调查的可能。",
        "砺川股份有望在年内登陆科创板。",
        "砺川股份面临退市风险。",
        "多位股民担心砺川股份被暂停上市。",
        "贺文川是否会辞去总裁职务？",
        "砺川股份或被处以500万元罚款，总裁贺文川恐被采取市场禁入措施。",
        "一旦审计意见不变，砺川股份将被终止上市。",
        "外界關注，晴嵐科技會不會撤銷車用事業部。",
        "法人看好晴嵐科技有望於年底掛牌上市。",
        "投資人擔憂晴嵐科技恐遭停牌。",
    ],
)
def test_a_chinese_clause_of_possibility_fear_or_question_gives_no_claim(text: str) -> None:
    assert read(text) == []


def test_an_open_clause_does_not_silence_the_decided_one_beside_it() -> None:
    claims = read("禾丰股份公告，股价可能波动，董事会11月12日决定，聘任柯慕尘为公司总裁。")
    assert subjects(claims) == [("leadership", "appointment", "柯慕尘")]


def test_a_company_without_a_name_is_the_one_in_focus() -> None:
    claims = read("澜海股份发布风险提示。深交所11月12日对公司股票实施停牌。")
    assert subjects(claims) == [("listing", "suspended", "澜海股份")]


def test_a_company_without_a_name_and_without_a_focus_gives_no_claim() -> None:
    assert read("公司股票实施停牌。公司股票已经终止上市。") == []


def test_a_company_and_its_head_under_one_investigation_are_two_claims_of_one_case() -> None:
    claims = read("证监会昨日公告，对澜海股份及其董事长郑怀远立案调查，涉嫌信息披露违法。")
    assert subjects(claims) == [
        ("discipline", "investigation", "澜海股份"),
        ("discipline", "investigation", "郑怀远"),
    ]
    assert claims[1]["subject"]["title"] == "董事长"
    assert claims[1]["subject"]["organization"] == "澜海股份"
    assert [c["case"] for c in claims] == ["c1", "c1"]
    assert all(c["dates"]["announced"]["value"] == "2025-11-16" for c in claims)


@pytest.mark.parametrize(
    ("text", "title", "organization"),
    [
        ("华为云CEO张平安被降职三级（22A→21A），并给予严重警告。", "CEO", "华为云"),
        ("云栖智联CTO沈立衡被降职两级，并给予警告。", "CTO", "云栖智联"),
        ("岚图医疗VP顾书宁被记过并给予警告。", "VP", "岚图医疗"),
        ("青瓦传媒COO孟祖安因泄露客户资料被辞退。", "COO", "青瓦传媒"),
    ],
)
def test_a_latin_title_glued_to_a_chinese_organization_is_the_title_alone(
    text: str, title: str, organization: str
) -> None:
    subject: dict[str, Any] = dict(read(text)[0]["subject"])
    assert (subject["title"], subject["organization"]) == (title, organization)


@pytest.mark.parametrize(
    "name", ["澜海股份", "Harbour Bank", "顾书宁", "o3", "最终幻想16", "The “Blue” Team"]
)
def test_names_pass_as_subjects(name: str) -> None:
    assert names_something(name)


@pytest.mark.parametrize(
    "name",
    [
        "公司",
        "该公司",
        "公司最终可能",
        "公司股票实施",
        "公司股票将",
        "the company",
        "“澜海",
        "终止",
        "unit may",
        "字" * 41,
    ],
)
def test_modals_generic_words_open_quotes_and_lengths_do_not(name: str) -> None:
    assert not names_something(name)


def test_a_day_from_which_something_holds_is_the_nearest_one_also_after_publication() -> None:
    (claim,) = read("禾丰股份公告称，公司股票自11月18日起停牌。")
    assert claim["dates"]["effective"]["value"] == "2025-11-18"


def test_what_a_decision_removes_somebody_from_is_not_part_of_the_post() -> None:
    claims = read("衡岳控股公告，董事会已决议罢免执行董事卓远航，并委任苏砚秋为代理行政总裁。")
    assert [(c["action"], c["subject"]["name"], c["subject"]["title"]) for c in claims] == [
        ("departure", "卓远航", "执行董事"),
        ("appointment", "苏砚秋", "行政总裁"),
    ]
    assert claims[1]["interim"] is True
    assert {c["subject"]["organization"] for c in claims} == {"衡岳控股"}


@pytest.mark.parametrize(
    ("text", "posts"),
    [
        (
            "云服务产品负责人张宇昕、全球销售与服务负责人石冀琳、生态负责人康宁因管理失职，均被降职两级。",
            ["云服务产品负责人", "全球销售与服务负责人", "生态负责人"],
        ),
        (
            "公司研发及供应链负责人陈立、华东和华南大区总经理周敏辞职。",
            ["研发及供应链负责人", "华东和华南大区总经理"],
        ),
        ("全球銷售與服務負責人石冀琳辭職。", ["全球銷售與服務負責人"]),
        (
            "采购部部长周敏和销售与服务部部长林可因管理不力，均被降职两级。",
            ["采购部部长", "销售与服务部部长"],
        ),
    ],
)
def test_two_functions_that_one_post_joins_are_one_title(text: str, posts: list[str]) -> None:
    assert [claim["subject"]["title"] for claim in read(text)] == posts


def test_what_joins_a_company_or_a_person_to_a_post_is_no_part_of_the_title() -> None:
    assert [
        c["subject"]["title"] for c in read("澜海股份与财务负责人石冀琳被警告。") if "title" in c["subject"]
    ] == ["财务负责人"]
    assert [c["subject"]["title"] for c in read("董事长郑怀远与销售总监周敏辞职。")] == ["董事长", "销售总监"]


def test_an_organization_before_two_joined_functions_is_no_part_of_the_title() -> None:
    (claim,) = read("云栖智联销售与服务总裁沈立衡辞职。")
    assert claim["subject"]["title"] == "销售与服务总裁"
    assert claim["subject"]["organization"] == "云栖智联"
