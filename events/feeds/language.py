"""Which language a text is in, and which Chinese script: by its characters first, by what its page declares second. Pure."""

from __future__ import annotations

import re

_PAIRS = (
    # Frequent characters that one script writes only so, each with its form in the other: traditional, simplified.
    "國国會会這这個个們们來来時时間间過过說说發发經经開开動动東东車车書书長长門门問问題题學学業业員员場场務务產产電电機机關关係系"
    "實实現现無无點点際际據据數数總总營营廣广報报導导監监職职長长責责處处罰罚違违規规華华雲云團团軍军億亿萬万與与並并對对應应該该當当"
    "將将強强張张後后從从復复態态憑凭構构標标樣样檔档條条極极權权歸归決决況况準准測测災灾爭争獎奖獲获環环異异畫画盡尽層层屬属歲岁術术"
    "衛卫觀观視视覺觉訂订計计討讨訊讯記记設设許许評评詞词試试話话認认語语誤误調调談谈請请論论證证識识議议護护讀读變变讓让財财貨货貿贸"
    "費费資资質质購购賣卖賽赛贏赢趙赵軟软輪轮輕轻載载輸输農农運运還还進进達达適适選选遺遗遲迟鄉乡鄭郑醫医釋释針针鋼钢銀银銷销錢钱錯错"
    "鐵铁鏈链鑒鉴閉闭閱阅隊队陽阳陰阴陳陈陸陆險险隨随難难雙双離离雖虽靈灵靜静響响頁页項项順顺須须預预領领頭头頻频類类願愿顧顾風风飛飞"
    "馬马驗验驚惊體体魚鱼鳥鸟麗丽黃黄齊齐齡龄龍龙減减漢汉滿满濟济熱热獨独瑪玛療疗皮皮眾众確确礎础禮礼種种積积稱称穩稳競竞範范築筑簡简"
    "糧粮級级紀纪約约紅红納纳純纯紙纸細细終终組组結结給给統统絕绝維维網网緊紧線线編编練练縣县績绩繼继續续缺缺聞闻聯联聲声腦脑臨临舉举"
    "興兴舊旧藝艺節节蘇苏蘭兰裝装補补製制複复見见親亲診诊詢询誰谁謂谓豐丰貝贝負负買买賬账輝辉辦办遠远郵邮鄰邻錄录鎖锁鎮镇闆板陣阵階阶"
)
_TRADITIONAL = frozenset(a for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True) if a != b)
_SIMPLIFIED = frozenset(b for a, b in zip(_PAIRS[::2], _PAIRS[1::2], strict=True) if a != b) - frozenset(
    # Also written in traditional texts, with another meaning.
    "个云于后里面系复制板准并丰范周致松谷余几才干"
)
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7a3]+")
_LATIN = re.compile(r"[A-Za-z]+")
_ENOUGH = 2
_SAMPLE = 5_000
_HANT = frozenset({"hant", "tw", "hk", "mo"})
_HANS = frozenset({"hans", "cn", "sg", "my"})


def guess_language(text: str, declared: str = "") -> str:
    """The language of `text` as a BCP 47 tag: "zh-Hans", "zh-Hant", "zh" where the script cannot be told, "en"; else
    the language of `declared` (a BCP 47 tag), or "".

    The text's own characters count before what its page declares, which is often a template's.
    """
    sample = text[:_SAMPLE]
    han = _count(_HAN, sample)
    kana_or_hangul = _count(_KANA_OR_HANGUL, sample)
    latin = _count(_LATIN, sample)
    tag = declared.strip().replace("_", "-").lower()[:20]
    if han and han * 4 > latin and kana_or_hangul * 5 < han:
        return _chinese(sample, tag)
    # Many languages are written in Latin letters: a page that declares one of them is believed.
    if latin > 5 * (han + kana_or_hangul) and latin:
        return _primary(tag) if tag and not tag.startswith("zh") else "en"
    return _primary(tag)


def _count(characters: re.Pattern[str], text: str) -> int:
    return sum(map(len, characters.findall(text)))


def _chinese(sample: str, tag: str) -> str:
    """The script that most of the characters tell which only one script has; without enough of them, the tag's."""
    traditional = sum(char in _TRADITIONAL for char in sample)
    simplified = sum(char in _SIMPLIFIED for char in sample)
    if max(traditional, simplified) >= _ENOUGH and traditional != simplified:
        return "zh-Hant" if traditional > simplified else "zh-Hans"
    parts = set(tag.split("-")[1:]) if tag.startswith(("zh", "yue")) else set()
    if parts & _HANT:
        return "zh-Hant"
    return "zh-Hans" if parts & _HANS else "zh"


def _primary(tag: str) -> str:
    primary = tag.partition("-")[0]
    return primary if 2 <= len(primary) <= 3 and primary.isascii() and primary.isalpha() else ""
