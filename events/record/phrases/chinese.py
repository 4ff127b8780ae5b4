"""Chinese wordings, in simplified characters. Names stay as published."""

from __future__ import annotations

from collections.abc import Callable

from events.record.phrases.common import JSON, names, organization, percent, plain_number, stated_date

_CURRENCIES = {
    "CNY": "元人民币",
    "USD": "美元",
    "HKD": "港元",
    "EUR": "欧元",
    "CHF": "瑞士法郎",
    "GBP": "英镑",
    "JPY": "日元",
}
_QUALIFIERS = {"about": "约", "at_least": "至少", "at_most": "至多", "more_than": "超过", "less_than": "不足"}
_METRICS = {
    "revenue": "营收", "profit": "利润", "loss": "亏损", "growth": "增长", "market_share": "市场份额",
    "similarity": "相似度", "share_price": "股价", "amount": "金额", "other": "指标",
}  # fmt: skip
_PENALTIES = {
    "dismissal": "被辞退", "suspension": "被停职", "removal": "被免去职务", "pay_cut": "被降薪", "clawback": "被追回薪酬",
    "fine": "被罚款", "ban": "被禁入", "expulsion": "被开除", "detention": "被拘留", "reprimand": "被通报批评",
}  # fmt: skip


def sentence(payload: JSON) -> str:
    """The sentence, with its full stop."""
    date = stated_date(payload)
    return (f"{date.in_chinese()}，" if date else "") + _KINDS[payload["kind"]](payload) + "。"


def glued(*parts: str) -> str:
    """The parts in a row; a space only where two Latin words or numbers would run together."""
    text = ""
    for part in filter(None, parts):
        latin = text[-1:].isascii() and text[-1:].isalnum() and part[0].isascii() and part[0].isalnum()
        text += f" {part}" if latin else part
    return text


def money(value: float, currency: str) -> str:
    """`385.23亿元人民币`."""
    unit = _CURRENCIES.get(currency, currency)
    for scale, word in ((1e12, "万亿"), (1e8, "亿"), (1e4, "万")):
        if abs(value) >= scale:
            return f"{plain_number(round(value / scale, 4))}{word}{unit}"
    return f"{plain_number(value)}{unit}"


def penalty(row: JSON) -> str:
    """One penalty as a verb phrase."""
    if row["type"] == "demotion":
        levels = f"{row['levels']}级" if row.get("levels") else ""
        grades = (f"由{row['from']}" if row.get("from") else "") + (
            f"降至{row['to']}" if row.get("to") else ""
        )
        return f"被降级{levels}" + (f"（{grades}）" if grades else "")
    if row["type"] == "warning":
        return {"severe": "被严重警告", "minor": "被轻微警告"}.get(row.get("degree", ""), "被警告")
    amount = money(row["amount"], row.get("currency", "")) if row.get("amount") is not None else ""
    return _PENALTIES[row["type"]] + amount


def _post(payload: JSON) -> str:
    where, title = organization(payload), payload["subject"].get("title") or ""
    return glued("" if where and where in title else where, title)


def _by_issuer(payload: JSON) -> str:
    issuer = payload["details"].get("issuer")
    return f"（决定方：{issuer['name']}）" if issuer else ""


def _discipline(payload: JSON) -> str:
    details = payload["details"]
    post, name = _post(payload), payload["subject"]["name"]
    if payload["action"] == "investigation":
        text = f"{glued(post, name)}被调查"
    else:
        rows = details.get("penalties") or [{"type": payload["action"]}]
        text = f"{glued(post, name)}{'、'.join(penalty(row) for row in rows)}"
    grounds = details.get("grounds", [])
    return text + (f"，事由：{'、'.join(grounds)}" if grounds else "") + _by_issuer(payload)


def _leadership(payload: JSON) -> str:
    name, post = payload["subject"]["name"], _post(payload)
    interim = "暂任" if payload["details"].get("interim") else ""
    if payload["action"] == "departure":
        verb = {"voluntary": "辞任", "forced": "被免去"}.get(payload["details"].get("departure", ""), "离任")
        return f"{name}{verb}{post}"
    before = "、".join(names(payload, "predecessor"))
    verb = "获任" if payload["action"] == "appointment" else "调任"
    return f"{name}{interim or verb}{post}" + (f"，接替{before}" if before else "")


def _reorganization(payload: JSON) -> str:
    name, where = payload["subject"]["name"], organization(payload)
    unit = name if not where or where in name else glued(where, name)
    to = "、".join(names(payload, "successor") or names(payload, "counterparty"))
    people = payload["details"].get("headcount", {})
    number = people.get("text") or (f"{people['min']}人" if people.get("min") else "")
    words = {
        "creation": "成立", "dissolution": "被撤销" + (f"，业务并入{to}" if to else ""),
        "merger": f"并入{to}" if to else "被合并", "split": f"拆分为{to}" if to else "被拆分",
        "transfer": f"划归{to}" if to else "被划转", "rename": f"更名为{to}" if to else "更名",
        "layoff": "裁减人员", "restructuring": "调整组织架构",
    }  # fmt: skip
    return f"{unit}{words[payload['action']]}" + (f"（涉及{number}）" if number else "")


def _controversy(payload: JSON) -> str:
    name = payload["subject"]["name"]
    others = "、".join(names(payload, "claimant"))
    words = {
        "allegation": f"{name}被{others}指控" + ("，其予以否认" if payload["assertion"] == "denied" else ""),
        "denial": f"{name}否认指控",
        "finding": f"{name}被认定违规{_by_issuer(payload)}",
        "lawsuit": f"{others}起诉{name}" if others else f"{name}被起诉",
        "settlement": f"{name}" + (f"与{others}" if others else "") + "和解",
    }
    figures = [measure(row) for row in payload["details"].get("measures", [])]
    return words[payload["action"]] + (f"（{'、'.join(figures)}）" if figures else "")


def _product(payload: JSON) -> str:
    words = {"announcement": "宣布", "release": "发布", "delay": "推迟", "withdrawal": "撤回"}
    maker = "、".join(names(payload, "organization"))
    return f"{maker}{words[payload['action']]}{payload['subject']['name']}"


def measure(row: JSON) -> str:
    """One figure with its metric, change, threshold and period."""
    value = row["value"]
    figure = (
        percent(value) if row["metric"] in {"market_share", "growth"}
        else money(value, row["currency"]) if row.get("currency") else plain_number(value)
    )  # fmt: skip
    text = f"{row.get('period', '')}{_METRICS[row['metric']]}{_QUALIFIERS.get(row.get('qualifier', ''), '')}{figure}"
    if row.get("threshold") is not None:
        text += f"（阈值{plain_number(row['threshold'])}）"
    if row.get("change") is not None:
        way = "增长" if row["change"] >= 0 else "下降"
        text += (
            f"，同比{way}{_QUALIFIERS.get(row.get('change_qualifier', ''), '')}{percent(abs(row['change']))}"
        )
    return text


def _performance(payload: JSON) -> str:
    figures = "；".join(measure(row) for row in payload["details"].get("measures", []))
    return glued(payload["subject"]["name"], f"目标：{figures}" if payload["action"] == "target" else figures)


def _listing(payload: JSON) -> str:
    words = {
        "filing": "申请上市", "acceptance": "上市申请获受理", "inquiry": "上市申请被问询", "review": "上市申请经审议",
        "registration": "上市获注册", "listed": "上市", "suspended": "被停牌或暂停上市", "terminated": "终止上市审核",
        "delisted": "被摘牌",
    }  # fmt: skip
    return f"{payload['subject']['name']}{words[payload['action']]}{_by_issuer(payload)}"


def _sanction(payload: JSON) -> str:
    words = {
        "designation": "被列入制裁或出口管制清单",
        "amendment": "的清单条目被修改",
        "removal": "被移出制裁或出口管制清单",
    }
    return f"{payload['subject']['name']}{words[payload['action']]}{_by_issuer(payload)}"


_KINDS: dict[str, Callable[[JSON], str]] = {
    "discipline": _discipline,
    "leadership": _leadership,
    "reorganization": _reorganization,
    "controversy": _controversy,
    "product": _product,
    "performance": _performance,
    "listing": _listing,
    "sanction": _sanction,
}
