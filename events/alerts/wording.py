"""The words of the mails, in each language that a subscriber may choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from events.choices import ACTIONS, Kind, Status
from events.dates import PartialDate

DATES = ("occurred", "decided", "announced", "effective", "ended")


@dataclass(frozen=True)
class Words:
    """Sentences with places in braces are filled by `str.format`."""

    language: str
    html_language: str
    date: Callable[[PartialDate], str]
    colon: str
    site: str
    correction: str
    retraction: str
    restoration: str
    headline_correction: str
    headline_retraction: str
    headline_restoration: str
    demoted: str
    demoted_to: str
    what_was_told: str
    what_holds: str
    retracted_holds: str
    told_retracted: str
    what_changed: str
    only_details: str
    dates: dict[str, str]
    published: str
    kind_label: str
    severity_label: str
    severity: str
    severities: tuple[str, ...]
    status_label: str
    statuses: dict[str, str]
    part_of: str
    notes: str
    sources: str
    more_sources: str
    full_record: str
    kinds: dict[str, str]
    actions: dict[str, str]


ENGLISH = Words(
    language="en",
    html_language="en",
    date=PartialDate.in_words,
    colon=": ",
    site="Governance tracker",
    correction="Correction",
    retraction="Retracted",
    restoration="Restored",
    headline_correction="We told you something that has been corrected",
    headline_retraction="We told you something that has been retracted",
    headline_restoration="An event that we called retracted is back on the record",
    demoted="{name} demoted {count} {levels} ({start} to {end})",
    demoted_to="{name} demoted ({start} to {end})",
    what_was_told="What we told you on {day}",
    what_holds="What holds now",
    retracted_holds="This was taken off the record. Please do not rely on it.",
    told_retracted="That this event was retracted.",
    what_changed="What changed",
    only_details="The sentence is the same; details or sources were corrected.",
    dates={
        "occurred": "Happened",
        "decided": "Decided",
        "announced": "Announced",
        "effective": "In effect",
        "ended": "Ended",
    },
    published="Published",
    kind_label="Kind",
    severity_label="Severity",
    severity="{word} ({number} of 5)",
    severities=("Neutral", "Minor", "Moderate", "Serious", "Grave", "Critical"),
    status_label="Status",
    statuses={status.value: status.label for status in Status},
    part_of="Part of",
    notes="Please note",
    sources="In the sources' words",
    more_sources="{count} more on the event's page.",
    full_record="Read the full record",
    kinds={kind.value: kind.label for kind in Kind},
    actions={name: name.replace("_", " ") for names in ACTIONS.values() for name in names},
)

CHINESE = Words(
    language="zh-hans",
    html_language="zh-Hans",
    date=PartialDate.in_chinese,
    colon="：",
    site="公司治理追踪",
    correction="更正",
    retraction="已撤回",
    restoration="已恢复",
    headline_correction="我们此前告知您的内容已更正",
    headline_retraction="我们此前告知您的内容已撤回",
    headline_restoration="我们曾告知已撤回的事件现已恢复",
    demoted="{name}被降职{count}级（{start}→{end}）",
    demoted_to="{name}被降职（{start}→{end}）",
    what_was_told="我们在{day}告知您",
    what_holds="现以此为准",
    retracted_holds="该事件已从记录中撤下，请勿再引用。",
    told_retracted="该事件已撤回。",
    what_changed="变更之处",
    only_details="摘要未变，更正的是细节或来源。",
    dates={"occurred": "发生", "decided": "决定", "announced": "公布", "effective": "生效", "ended": "结束"},
    published="发布",
    kind_label="类别",
    severity_label="严重程度",
    severity="{word}（{number}/5）",
    severities=("中性", "轻微", "一般", "严重", "重大", "极重"),
    status_label="状态",
    statuses={
        "alleged": "据称", "denied": "被否认", "reported": "据报道", "confirmed": "已证实", "planned": "计划中",
        "corrected": "已更正", "retracted": "已撤回",
    },
    part_of="所属事项",
    notes="请注意",
    sources="来源原文",
    more_sources="事件页面上还有{count}条。",
    full_record="查看完整记录",
    kinds={
        "leadership": "人事", "discipline": "纪律处分", "reorganization": "组织调整", "controversy": "争议",
        "product": "产品", "performance": "业绩", "listing": "上市", "sanction": "制裁",
    },
    actions={
        "appointment": "任命", "departure": "离任", "reassignment": "调任", "demotion": "降职", "warning": "警告",
        "dismissal": "辞退", "suspension": "停职", "pay_cut": "降薪", "clawback": "追回薪酬", "fine": "罚款",
        "ban": "禁入", "expulsion": "开除", "investigation": "调查", "detention": "拘留", "creation": "新设",
        "dissolution": "撤销", "merger": "合并", "split": "拆分", "transfer": "划转", "rename": "更名",
        "layoff": "裁员", "restructuring": "架构调整", "allegation": "指控", "denial": "否认", "finding": "认定",
        "lawsuit": "诉讼", "settlement": "和解", "announcement": "发布", "release": "推出", "delay": "推迟",
        "withdrawal": "撤回", "result": "业绩", "target": "目标", "market_share": "市场份额", "filing": "申报",
        "acceptance": "受理", "inquiry": "问询", "review": "审议", "registration": "注册", "listed": "上市",
        "suspended": "停牌", "terminated": "终止", "delisted": "退市", "designation": "列入清单",
        "amendment": "清单修订", "removal": "移出清单",
    },
)  # fmt: skip


def words(language: str) -> Words:
    """The words of a language, English for one that there are none of."""
    return CHINESE if language.lower().startswith("zh") else ENGLISH
