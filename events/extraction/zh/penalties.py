"""Chinese penalties: every one that a stretch of text imposes, with its position."""

from __future__ import annotations

import re
from typing import Any

from events.extraction.chart import CODES, Chart, Pattern
from events.extraction.zh.amounts import NUMBER, number

_M = CODES["money"]
_GRADE = r"[A-Za-z]?\d{1,2}[A-Za-z]?级?"
_DURATION = rf"(?P<n>{NUMBER})(?P<u>年|个月|个?周|天|日)"
_UNITS = {"年": "Y", "个月": "M", "周": "W", "个周": "W", "天": "D", "日": "D"}
_PAY = "奖金|薪酬|分红|股权|激励|(?<!违法)所得|绩效|年终奖|花红|奖励|提成|期权"
_RULES: list[tuple[str, Pattern]] = [
    ("demotion", Pattern(
        rf"(?:(?:职级|级别|行政级别)?[由从](?P<from1>{_GRADE})(?:降至|降到|下调至|降为|调整为|调至|下调到)(?P<to1>{_GRADE})"
        rf"|(?:降职降级|降级降职|降职|降级|职级下调|职级下降|各降|连降|被降|调降|下调|降低|调低|下降|降)(?P<levels>{NUMBER})(?:个)?(?:职级|级|档|等|格)|降职降级|降职|降级(?!直至|处理办法)|职级下调(?!空间)|降调|降等"
        rf"|(?:被|并|，|均|改|遭|予以)?(?:降为|贬为|降任|降至|贬至|降格为)(?:普通|一般)?(?:(?P<toT>\ue004)|(?P<to3>[\u4e00-\u9fff]{{1,4}}员)))"
        rf"(?:（(?P<from2>{_GRADE})(?:→|至|到|—|-|降至|->)(?P<to2>{_GRADE})）)?")),
    ("expulsion", Pattern(r"开除党籍(?:(?:、|和|及)?(?:开除)?公职)?|开除公职|双开|开除(?!党籍|公职)|除名|清除出党")),
    ("detention", Pattern(r"判处[^，。；]{0,4}(?:有期徒刑|无期徒刑|拘役|缓刑)|获刑|判监|判刑|入狱|刑事拘留|行政拘留|刑拘|拘留|批准逮捕|决定逮捕|执行逮捕|逮捕|批捕|采取(?:刑事)?强制措施|羁押|收押|还押|拘捕|被捕|抓获归案|移送(?:司法|公安|检察)|移交(?:公安|司法|检察)|留置|带走(?:调查|协助)|被[^，。；]{0,8}带走")),
    ("dismissal", Pattern(r"辞退|解除职务|解职|革职|解雇|炒鱿鱼|开除(?!党籍|公职)|解除(?:了)?(?:其|双方|与[^，。；]{1,16}?的?)?劳动(?:合同|关系|合约)|解除聘用|解除雇佣|劝退|即时开革|开革|免职查办|终止(?:其)?(?:聘用|雇佣|雇佣合约|劳动合同)|除职")),
    ("ban", Pattern(rf"(?:(?:{_DURATION}|终身)(?:内)?(?:的)?)?(?:证券)?(?:市场禁入|禁入证券市场|禁业|行业禁入|禁止从业|(?:禁止|不得|不适合|不能)[^，。；]{{0,12}}(?:担任|从事|重投|进入|涉足|任职|执业|从业|重返)(?:业界|行业|市场)?(?:(?P<n2>{NUMBER})(?P<u2>年|个月))?|被禁(?:止)?[^，。；]{{0,6}}(?:业界|行业))|取消[^，。；]{{0,10}}(?:任职资格|从业资格)|认定[^，。；]{{0,6}}不适当人选|吊销[^，。；]{{0,10}}牌照")),
    ("removal", Pattern(r"撤职|撤了职|撤去[^，。；]{0,10}职务|撤销[^，。；]{0,12}职务|撤销\ue004|免去[^，。；]{0,12}职务(?=处分)|革去[^，。；]{0,8}职")),
    ("suspension", Pattern(rf"(?:停职(?:检查|反省|检讨|处理|调查|查看)?|停止(?:其)?业务(?:执行)?|停止执行业务|(?:暂时)?吊销[^，。；]{0,12}(?:注册|牌照|执照)|停止(?:其|[\ue001\ue004\u4e00-\u9fff]{1,10}?)(?:执行|招揽|办理|从事)?(?:业务|职务)(?!线|部|收入)|暂停(?:其|[\ue001\ue004的\u4e00-\u9fff]{1,12}?)?(?:职务|履职|执业|一切职务|全部职务)|停工反省)(?:{_DURATION})?")),
    ("clawback", Pattern(rf"(?:追回|退还|退回|收回|返还|没收|追缴|上缴|退缴|追索|扣回|扣发|取消|罚没|剥夺|不予发放|不发|停发|扣除|扣掉)[^，。；\ue006]{{0,12}}?(?:{_PAY})[^，。；\ue006]{{0,3}}(?P<m1>{_M})?|(?:{_PAY})(?:全部|悉数|一律|被|予以|全额)*(?:取消|追回|扣发|扣光|清零|归零|没收|不发|停发|收回|退回)|(?:扣了|扣(?![减罚]))[^，。；]{{0,6}}(?:{_PAY})")),
    ("fine", Pattern(rf"(?:罚款|处以|并处|罚没|处|被罚|遭罚|合计罚|罚|领到|开出|吃下|收到)(?:人民币|合计|共计|共)?(?P<m2>{_M})(?:的)?(?:行政)?(?:罚款|罚单|罚金|罚锾|罚缓)?|(?P<m3>{_M})(?:的)?(?:行政)?(?:罚款|罚单|罚金|罚锾|罚缓)")),
    ("pay_cut", Pattern(rf"(?:薪酬|年薪|工资|薪资|月薪|绩效|奖金|薪水|底薪|薪金)(?:被)?(?:下调|扣减|降低|削减|减少|减半|降|打折|调降)(?:至[^，。；]{{0,14}}|(?P<m4>{_M}))?|(?:扣减|扣罚)[^，。；\ue006]{{0,8}}?(?:{_PAY}|工资|年薪|月薪)(?P<m5>{_M})?|降薪|减薪|(?:扣除|扣罚|扣发|扣)[^，。；\ue006]{{0,8}}?(?:工资|年薪|月薪|薪水|薪酬)(?P<m6>{_M})?")),
    ("warning", Pattern(r"(?P<degree>严重|行政|口头|书面|一般|轻微|监管|最后|党内严重|党内)?(?<!风险)警(?:告|示)(?:函|信)?(?!大会|教育|称|说|，若|：|线)|记大过|记过|记小过|申诫|大过|留党察看")),
    ("reprimand", Pattern(r"通报批评|公开批评|公开谴责|(?<![公声])(?:遭|被|予以|给予|受到)[^，。；]{0,6}(?:谴责|批评)|谴责(?=及|并|、|和)|训诫|诫勉(?:谈话)?|监管谈话|点名批评|(?<=会|所|局|部|院)谴责|(?<=，)(?:并)?批评|(?<=\ue005)谴责")),
]  # fmt: skip
_DEGREES = {"严重": "severe", "党内严重": "severe", "轻微": "minor"}
Found = tuple[int, int, dict[str, Any]]


def find(chart: Chart) -> list[Found]:
    """(start, end, penalty) for each penalty of a sentence, in order; positions are the chart's."""
    found: list[Found] = []
    for kind, rule in _RULES:
        for match in rule.finditer(chart):
            if any(match.start() < end and start < match.end() for start, end, _ in found):
                continue
            if re.search(
                r"(?:没有|未|不|免于|不予|或|可|可能|拒绝|避免|应|该|应该|应当|要求|呼吁|主张|建议|如何|从重|一律|凡|可以)(?:被|受到|给予|予以)?$",
                chart.s[max(0, match.start() - 6) : match.start()],
            ):
                continue
            if re.match(r"[^，。；]{0,6}(?:告知书|决定书|办法|条例|制度|规定)", chart.s[match.end() :]):
                continue
            if match[0] == "除名" and re.search(r"名单|清单", chart.s):
                continue
            kind_ = "dismissal" if kind == "expulsion" and match[0] == "开除" else kind
            found.append((match.start(), match.end(), _details(kind_, match, chart)))
    return sorted(found, key=lambda item: item[:2])


def _details(kind: str, match: re.Match[str], chart: Chart) -> dict[str, Any]:
    penalty: dict[str, Any] = {"type": kind}
    group = match.groupdict()
    if group.get("levels") and (levels := number(group["levels"])):
        penalty["levels"] = levels
    if group.get("degree") in _DEGREES:
        penalty["degree"] = _DEGREES[group["degree"]]
    penalty |= _grades(match, group, chart)
    for n in "123456":
        money = chart.nodes[match.start(f"m{n}")] if group.get(f"m{n}") else None
        if money is not None:
            penalty["amount"], penalty["currency"] = money.value["value"], money.value["currency"]
    for count, unit in (("n2", "u2"), ("n", "u")):
        if group.get(count):
            penalty["duration"] = f"P{number(group[count])}{_UNITS[group[unit]]}"
    return penalty


def _grades(match: re.Match[str], group: dict[str, str | None], chart: Chart) -> dict[str, str]:
    """From which grade or post to which a demotion goes."""
    found: dict[str, str] = {}
    for n in "12":
        if group.get(f"from{n}"):
            found = {"from": match[f"from{n}"].rstrip("级"), "to": match[f"to{n}"].rstrip("级")}
    if group.get("toT") and (post := chart.nodes[match.start("toT")]) is not None:
        found["to"] = post.name
    if group.get("to3"):
        found["to"] = chart.words(match.start("to3"), match.end("to3"))
    return found
