"""Wishes as sentences, in each language that a subscriber may choose."""

from __future__ import annotations

from collections.abc import Sequence

from events.alerts.wording import Words
from events.choices import Kind, PartyType
from events.models.alerts import Wish
from events.record.identity import survivor
from events.record.shown import ShownName, shown_names

_KINDS_EN = {
    "": "all events",
    Kind.LEADERSHIP.value: "appointments, departures and other changes of leadership",
    Kind.DISCIPLINE.value: "demotions and other disciplinary events",
    Kind.REORGANIZATION.value: "mergers, closures and other reorganizations",
    Kind.CONTROVERSY.value: "allegations, findings and other controversies",
    Kind.PRODUCT.value: "releases and other product news",
    Kind.PERFORMANCE.value: "results and other figures",
    Kind.LISTING.value: "steps of listings",
    Kind.SANCTION.value: "sanctions",
}
_KINDS_ZH = {
    "": "全部事件",
    Kind.LEADERSHIP.value: "任免等人事事件",
    Kind.DISCIPLINE.value: "降职等纪律处分事件",
    Kind.REORGANIZATION.value: "合并、撤销等组织调整事件",
    Kind.CONTROVERSY.value: "指控、认定等争议事件",
    Kind.PRODUCT.value: "发布等产品动态",
    Kind.PERFORMANCE.value: "业绩等数据",
    Kind.LISTING.value: "上市进程",
    Kind.SANCTION.value: "制裁事件",
}
_HIGHEST = 5

Names = dict[tuple[PartyType, int], ShownName]


def sentence(wish: Wish, said: Words) -> str:
    """The wish in words: "Demotions and other disciplinary events at Example Cloud and its units, severity 3 or more,
    whose sentence holds “fraud”". Without a full stop; whoever was merged goes by the name of the survivor."""
    return sentences([wish], said)[0]


def sentences(wishes: Sequence[Wish], said: Words) -> list[str]:
    """Many wishes in words, in their order; the names are read together."""
    identities = [_identities(wish) for wish in wishes]
    names = shown_names(identity for pair in identities for identity in pair if identity)
    in_english = said.language == "en"
    found = []
    for wish, (person, organization) in zip(wishes, identities, strict=True):
        who, where = (_name(identity, names, in_english) for identity in (person, organization))
        found.append((_english if in_english else _chinese)(wish, who, where))
    return found


def _identities(wish: Wish) -> tuple[tuple[PartyType, int] | None, tuple[PartyType, int] | None]:
    """Whom it names, as the record has them now."""
    person, organization = wish.executive, wish.organization
    return (
        (PartyType.PERSON, _now(PartyType.PERSON, person.pk, person.merged_into_id)) if person else None,
        (PartyType.ORGANIZATION, _now(PartyType.ORGANIZATION, organization.pk, organization.merged_into_id))
        if organization
        else None,
    )


def _now(kind: PartyType, pk: int, merged_into: int | None) -> int:
    return pk if merged_into is None else survivor(kind, merged_into)


def _name(identity: tuple[PartyType, int] | None, names: Names, in_english: bool) -> str:
    if identity is None:
        return ""
    shown = names[identity]
    return shown.name if in_english else shown.chinese or shown.name


def _english(wish: Wish, who: str, where: str) -> str:
    days = _silent_days(wish)
    phrase = "any event" if days and not wish.kind else _KINDS_EN[wish.kind]
    if who:
        phrase += f" about {who}"
    if where:
        phrase += f" at {where} and its units"
    if wish.min_severity:
        phrase += f", severity {wish.min_severity}{'' if wish.min_severity == _HIGHEST else ' or more'}"
    if wish.text:
        phrase += f", whose sentence holds “{_plain(wish.text)}”"
    days = _silent_days(wish)
    if days:
        return (
            f"{days} {'day' if days == 1 else 'days'} without {phrase.replace('all events', 'any event', 1)}"
        )
    return phrase[0].upper() + phrase[1:]


def _chinese(wish: Wish, who: str, where: str) -> str:
    place = f"{where}及其下属单位" if where else ""
    about = f"涉及{who}" if who else ""
    scope = f"{place}中{about}" if place and about else place or about
    days = _silent_days(wish)
    what = "任何事件" if days and not wish.kind else _KINDS_ZH[wish.kind]
    phrase = f"{scope}的{what}" if scope else what
    if wish.min_severity:
        phrase += f"，严重程度{'为' if wish.min_severity == _HIGHEST else '不低于'}{wish.min_severity}"
    if wish.text:
        phrase += f"，摘要含“{_plain(wish.text)}”"
    return f"连续{days}天没有{phrase}" if days else phrase


def _silent_days(wish: Wish) -> int:
    """Days of silence that the wish asks to be told of; 0 for one that asks for what happens."""
    return getattr(wish, "silent_days", None) or 0


def _plain(text: str) -> str:
    """The words on one line, without control characters, some of which mean something in a mail that is being put
    together."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
