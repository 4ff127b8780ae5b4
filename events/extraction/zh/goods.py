"""Chinese product facts, clause by clause: released, delayed, withdrawn."""

from __future__ import annotations

import re

from events.extraction.chart import Chart
from events.extraction.lexicon import words
from events.extraction.model import Draft
from events.extraction.script import simplified
from events.extraction.zh import arguments, firm_names, modality
from events.extraction.zh.arguments import Named
from events.extraction.zh.clauses import Clause, Phrase, Trigger, tag_of
from events.extraction.zh.discourse import BODY, Focus
from events.extraction.zh.roles import place_dates

_ACTIONS = {"release": "release", "delay": "delay", "withdraw": "withdrawal", "list": "release"}
_NOT_SO = re.compile(
    r"(?:未|没有|没|并未|尚未|从未|拒绝|否认|无意|不会|不|是否|能否|若|如|一旦|如果|可能|传|建议|呼吁|要求|主张|应该|应当|该)(?:[^，。；]{0,4})$"
)
_GOODS = re.compile(
    r"旗舰机型|机型|新机型|新机|旗舰机|手机|平板|电脑|笔记本|手表|手环|耳机|眼镜|戒指|音箱|电视|相机|无人机|机器人|芯片|处理器|显卡|主板|充电器|充电宝|电源|电池|电池包|路由器|打印机|投影仪|头显|汽车|轿车|跑车|皮卡|货车|客车|卡车|电动车|摩托车|自行车|滑板车|新车|车型|SUV|MPV|轿跑"
    r"|大模型|模型|系统|软件|应用|APP|App|浏览器|游戏|手游|网游|端游|平台|服务|操作系统|助手|引擎|小程序|插件|疫苗|药物|新药|药片|胶囊|注射液|试剂盒|药|针剂|口服液|奶粉|饮料|酸奶|啤酒|白酒|咖啡|茶饮|零食|面膜|口红|香水|洗衣机|冰箱|空调|洗碗机|扫地机|净水器|热水器|烤箱|微波炉|吸尘器|剃须刀|床垫|座椅|婴儿车|玩具|积木|球鞋|跑鞋|衣|鞋|包|表|机|车|仪|器|灯|锅|杯|壶|卡|盒|套餐|专辑|电影|剧集|动画|剧|书|系列|套装|产品线|基金|理财产品|保险产品|理财"
)
_NOT_GOODS = re.compile(
    r"公告|通知|文件|声明|消息|报告|股|财报|年报|季报|半年报|数据|业绩|公报|名单|清单|规定|办法|意见|指引|债|薪|招股|预告|函|通报|新规|计划|政策|措施|方案|回应|信息|视频|微博|长文|文章|内容|帖|榜|人事|任命|决定|指数|白皮书|倡议|词|歌|照片|细则|榜单|信$|书$|令$|会$|组织"
)
_MODEL = re.compile(r"(?P<m>[A-Za-z][A-Za-z0-9·.+\- ]*(?:[A-Za-z0-9+]|\b)(?:[\u4e00-\u9fff]{0,3}版)?)$")
_LEAD = re.compile(
    r"^(?:新一代|旗下新车|新车|新机|新游|新药|全新一代|全新|新款|首款|旗下|第[一二三四五六七八九十\d]+代|最新|年度|旗舰|一款|两款|三款|一部|一台|多款|该款|这款|新品|新|其|名为|叫做|自家|自研|\d{4}年(?:出厂|生产)的|的|首个|首台|首颗|一代|下一代|款|万元级|部分|批次|约?[\d.]*万[余多]?[台辆部只个件盒瓶罐支把双套块枚条张]|约?[\d.]+万?[余多]?[台辆部只个件盒瓶罐支把双套块枚条张])+(?=.{2})"
)


def read(chart: Chart, found: list[Clause], focus: Focus) -> list[Draft]:
    """The product facts of a sentence."""
    drafts: list[Draft] = []
    for clause in found:
        for trigger in clause.triggers:
            action = _ACTIONS.get(trigger.cls)
            if (
                trigger.cls == "dissolve"
                and trigger.word in _SHUT
                and "《" in chart.s[clause.start : clause.end]
            ):
                action = "withdrawal"
            if (
                not action
                or _NOT_SO.search(chart.s[clause.start : trigger.start])
                or modality.uncertain(chart.s, trigger.start, trigger.end)
            ):
                continue
            if re.match(r"(?:会|公告|后|前|以来|以后|的|至今)", chart.s[trigger.end : trigger.end + 2]):
                continue
            if action == "release" and any(t.cls in ("delay", "withdraw") for t in clause.triggers):
                continue
            if trigger.cls == "list" and _OFFERED.search(chart.s, clause.start, clause.end):
                continue
            product = _product(chart, clause, trigger, action)
            if product is None:
                continue
            drafts.append(_draft(chart, clause, trigger, action, product, focus))
    return drafts


_SHUT = frozenset(["停止运营", "终止运营", "结束运营", "结束营运", "关停", "停止运作"])
"""What ends a game, told of firms' units too."""
_OFFERED = re.compile(r"上市申请|招股|IPO|保荐|聆讯|交易所|港交所|上交所|深交所|北交所|联交所|科创板|创业板")


def _product(chart: Chart, clause: Clause, trigger: Trigger, action: str) -> Named | None:
    """The product that a clause is about: what is released, or what comes out."""
    phrases = [*arguments.disposed(clause, trigger)]
    if trigger.cls != "list":
        phrases += arguments.objects(clause, trigger)
    for phrase in phrases:
        if found := name_of(chart, phrase):
            return found
    whole = [
        Phrase(p.start, trigger.start, None, p.prep)
        for p in clause.phrases
        if p.start < trigger.start < p.end
    ]
    for phrase in [*whole, *clause.left(trigger.start)]:
        if not phrase.prep and not (phrase.of and action == "release") and (found := name_of(chart, phrase)):
            return found
    if clause.before is not None and trigger.cls != "list":
        for phrase in clause.before.phrases:
            if not phrase.prep and (found := name_of(chart, phrase)):
                return found
    return None


_BATCH = re.compile(
    r"(?<=[A-Za-z0-9”》])(?:的)?(?:首批|全系|部分|首款|车主|用户|车辆|上市时间|上市日期|发布时间|交付时间|的交付|的发布|的上市|订单|预售)"
)
_VERSION = re.compile(r"(?P<n>[\u4e00-\u9fff]{2,6}?)(?:大模型|模型)?[Vv]?\d{1,2}(?:\.\d{1,2})?")


_COUNTED = re.compile(
    r"(?:版本|型号|批次|系列|阶段|单元|方案|步骤|项目|第|代|期|号|款|型|股|率|额|量|价|万|亿)$"
)


def _version(plain: str) -> bool:
    """Whether words are a name of its own with a version: 听涛2.0."""
    version = _VERSION.fullmatch(plain)
    if version is None:
        return False
    return firm_names.odd(version["n"]) or (tag_of(version["n"]) == "n" and not _COUNTED.search(version["n"]))


def _own_name(plain: str) -> bool:
    """Whether words for goods have a name of their own before them: 听涛 + 大模型, 星回 + 充电宝."""
    if plain.endswith(tuple(words("zh", "org_suffixes") | words("zh", "trades"))):
        return False
    at = min((m.start() for m in _GOODS.finditer(plain) if m.end() == len(plain)), default=0)
    head = plain[:at].removesuffix("大")
    return 1 < len(head) < 6 and firm_names.odd(head) and not tag_of(head)


def name_of(chart: Chart, phrase: Phrase) -> Named | None:
    """The product that a phrase names: what stands in quotes, a model's name, or words that end in a kind of goods."""
    if phrase.type not in ("words", "product", "name") or phrase.start >= phrase.end:
        return None
    start, end = phrase.start, phrase.end
    inside = next((n for n in chart.nodes[start:end] if n is not None), None)
    if inside is not None and re.search(rf"(?:{_GOODS.pattern})“.”", chart.s[max(0, start - 6) : end]):
        return (inside.name, inside.head)
    if quoted := _QUOTED.search(chart.s, start, end):
        return _in_quotes(chart, start, end, quoted)
    start, end = _core(chart, start, end)
    brand = chart.nodes[start] if start < end else None
    at = 0 if brand is not None and brand.type == "organization" else _name_start(chart.s[start:end])
    if at < 0:
        return None
    span = chart.span(start + at, end)
    name = chart.text[span[0] : span[1]].strip()
    return (name, (span[0], span[0] + len(name))) if len(name) > 1 else None


_QUOTED = re.compile(r"[“《](?P<m>[^”》]{2,20})[”》]")


def _in_quotes(chart: Chart, start: int, end: int, quoted: re.Match[str]) -> Named | None:
    """What stands in quotes in a phrase [start, end), where the words are about goods or it looks like a product's name."""
    inner = quoted["m"]
    looks = _GOODS.search(chart.s[start:end]) or re.search(r"[A-Za-z0-9]", inner) or quoted[0][0] == "《"
    if _NOT_GOODS.search(inner) or not looks:
        return None
    span = chart.span(quoted.start("m"), quoted.end("m"))
    return (chart.text[span[0] : span[1]], span)


_BRANDED = re.compile(rf"(?:{_GOODS.pattern})(?:Pro|Max|Plus|Ultra|Mini|Air|SE|Lite)?|[A-Za-z]\d{{1,2}}")
"""What is no product's name without its brand: 平板Pro, E6."""


def _core(chart: Chart, start: int, end: int) -> tuple[int, int]:
    """Positions of a phrase without the maker before the product and the batch or the customers behind it."""
    nodes = [i for i, n in enumerate(chart.nodes[start:end], start) if n is not None]
    if nodes and not (nodes[-1] + 1 < end and _BRANDED.fullmatch(chart.s, nodes[-1] + 1, end)):
        start = nodes[-1] + 1
    elif nodes:
        start = nodes[-1]
    if (batch := _BATCH.search(chart.s, start, end)) and batch.start() - start > 1:
        end = batch.start()
    lead = _LEAD.match(chart.s[start:end])
    return (start + lead.end() if lead else start), end


_OWN_MODEL = re.compile(r"[^型款种代A-Za-z0-9][\u4e00-\u9fff]{0,3}[A-Za-z0-9.]{1,6}")
"""A name of its own with a model behind the kind of goods: 扫地机器人 + 云汐T9."""


def _name_start(plain: str) -> int:
    """Where a product's name, which ends with the words, begins in them; -1 where they name no product."""
    if len(plain) < 2 or _NOT_GOODS.search(plain):
        return -1
    for kind in _GOODS.finditer(plain):
        if _OWN_MODEL.fullmatch(plain, kind.end()) and not _GOODS.search(plain, kind.end()):
            return kind.end()
    if model := _MODEL.search(plain):
        at = model.start("m")
        if len(model["m"]) < 2:
            return -1
        return at if at > 4 or _GOODS.search(plain[:at]) else 0
    kind_last = re.search(rf"(?:{_GOODS.pattern})$", plain) is not None
    own = kind_last and (re.search(r"[A-Za-z0-9]", plain) is not None or _own_name(plain))
    return 0 if own or _version(plain) else -1


def _draft(
    chart: Chart, clause: Clause, trigger: Trigger, action: str, product: Named, focus: Focus
) -> Draft:
    draft = Draft(
        "product",
        action,
        {"type": "product", "name": product[0]},
        chart.span(clause.start, clause.end),
        chart.number,
    )
    draft.spans["/subject/name"] = product[1]
    if (
        re.search(r"(?:将|拟|计划|定|预计)于?[^，。；]{0,10}$", chart.s[clause.start : trigger.start])
        and action == "release"
    ):
        draft.status = "planned"
    if trigger.word in ("公布", "揭晓", "发表") and action == "release":
        draft.action = "announcement"
    maker = arguments.subject(chart, clause, trigger, focus)
    if maker and maker[0] != product[0] and not BODY.search(simplified(maker[0])):
        draft.participants.append(
            ({"role": "organization", "type": "organization", "name": maker[0]}, maker[1])
        )
    place_dates(
        chart, (trigger.start, trigger.end), "announced" if action == "delay" else "occurred", draft, focus
    )
    return draft
