"""Chinese names as anchors, in the pinyin by which an English text would write them. Pure.

No lexicon of names and no segmenter: a person is a family name and one or two characters between marks that stand
beside names in news; an organization's first two characters stand before a word for what it is. What is taken for a
name by mistake is rare in other texts, or so common that it weighs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from events.names import pinyin_words

_MAX_NAMES = 60
# The hundred most frequent family names of the Ministry of Public Security's counts, some rarer ones, and two-character ones;
# traditional forms beside simplified ones.
_SURNAMES = (
    "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許邓鄧冯馮韩韓曹曾彭萧蕭肖蔡潘田董袁于於余叶葉蒋蔣杜"
    "苏蘇魏程吕呂丁沈任姚卢盧傅钟鍾姜崔谭譚廖范範汪陆陸金石戴贾賈韦韋夏邱方侯邹鄒熊孟秦白江阎閻薛尹段雷黎史龙龍陶贺賀顾顧毛郝龚龔邵万"
    "萬钱錢严嚴覃武莫孔向汤湯常温溫康施文牛樊葛邢安齐齊易乔喬伍庞龐颜顏倪庄莊聂聶章鲁魯岳翟殷詹申欧歐耿关關兰蘭焦俞左柳甘祝包宁寧尚符"
    "舒阮柯纪紀梅童凌毕畢单單季裴霍涂塗成苗谷曲盛翁冉骆駱蓝藍路游辛靳管柴蒙鲍鮑华華喻祁蒲房滕屈饶饒解牟艾尤阳陽时時穆农農司卓古吉缪繆"
    "简簡车車项項连連芦蘆麦麥褚娄婁窦竇戚岑景党黨宫宮费費卜冷晏席卫衛米柏宗瞿桂全佟应應臧闵閔苟邬鄔边邊卞姬师師和仇栾欒隋商刁沙荣榮巫"
    "寇桑郎甄丛叢仲虞敖巩鞏明佘池查麻苑迟遲邝鄺官封谈談匡鞠惠荆荊乐樂冀郁胥南班储儲原栗燕楚鄢劳勞谌諶奚皮粟冼蔺藺楼樓盘盤满滿闻聞位厉"
    "厲伊仝区區郜海阚闞花权權强強帅帥屠豆朴盖蓋练練廉禹井祖漆巴丰豐支卿国國狄平计計索宣晋晉相初门門云雲容敬来來扈晁芮都普阙闕浦戈伏鹿"
    "薄邸雍辜羊阿乌烏裘亓修邰赫杭况況那宿鲜鮮印逯隆茹诺諾战戰慕危玉银銀亢嵇哈湛宾賓戎勾茅利呼居揭干但尉冶斯元束檀衣信展阴陰昝智幸奉植"
    "衡富尧堯闭閉由糜逄宓苌萇"
)
_COMPOUND = (
    "欧阳|歐陽|司马|司馬|上官|诸葛|諸葛|东方|皇甫|尉迟|公孙|公孫|慕容|司徒|令狐|夏侯|端木|南宫|闻人|长孙|宇文"
)
_BEFORE = (
    r"(?:^|[\s　，。、；：！？“”‘’「」『』（）()《》〈〉【】·—\-,;:A-Za-z0-9]"
    r"|[人长長裁理席监監官事师師记記者授士生为為由命任是与與和及对對将將免聘选選称稱据據向工总總管书書主帅帥导導的])"
)
_AFTER = (
    r"(?=$|[\s　，。、；：！？“”‘’「」『』（）()《》〈〉【】·—\-,;:A-Za-z0-9]"
    r"|[被任因获獲将將已出担擔接辞辭表称稱说說及和与與为為于於在的是曾从從也等此兼以就今对對离離宣涉受向卸升晋晉调調退通遭给給各职職"
    r"自没沒不去加先写寫回则則原正代带帶未仍并並作进進近获均转轉])"
)
_PERSON = re.compile(rf"{_BEFORE}((?:{_COMPOUND}|[{_SURNAMES}])[\u4e00-\u9fff]{{1,2}}?){_AFTER}")
_KINDS = (
    "公司|集团|集團|股份|控股|科技|技术|技術|软件|軟件|智能|光学|光學|电子|電子|微电子|半导体|半導體|电气|電氣|电器|電器|能源|汽车|汽車|"
    "重工|医疗|醫療|医药|醫藥|生物|证券|證券|银行|銀行|保险|保險|基金|资本|資本|通信|航空|化工|食品|材料|环境|環境|云|雲"
)
_COMMON_WORDS = """
    董事 董事长 董事会 顾问 高管 高级 高层 方面 时间 时候 时任 成立 成为 常务 应当 车间 金额 费用 全部 全体 全国 项目 路线 包括 关于
    关注 支持 支付 国内 国家 国际 安全 安排 平台 平均 计划 原因 原有 权益 强调 华东 华南 华北 白酒 商业 利润 元件 明年 明确 万元 郭外 边际
    任何 任命 任职 方案 方式 解释 解决 万人 管理 管理层 安全部 和平 和解 程序 程度 温和 连续 连任 通报 能源 经济 水平 双方 单位 时代 应对
    顾客 章程 查处 师傅 成员 成果 雷达 左右 海外 海关 门店 门槛 金融 强化 施工 常规 汽车 路演 钱款 石油 石化 马上 古代 江苏 江西 海南
"""
_NOT_A_PERSON = frozenset(_COMMON_WORDS.split())
_ORGANIZATION = re.compile(rf"([\u4e00-\u9fff]{{2}})(?:{_KINDS})")
_NOT_A_NAME = frozenset("公司该本某我贵子母分总各两上下这那其有限任新此外國国内")


def chinese_names(text: str) -> Iterator[str]:
    """`n:` for people (their pinyin as two words in the alphabet's order), `w:` for the first two characters of
    organizations. At most 60."""
    found: dict[str, None] = {}
    for name in _overlapping(_PERSON, text):
        if len(found) >= _MAX_NAMES:
            break
        if name not in _NOT_A_PERSON:
            found[f"n:{_person(name)}"] = None
    for match in _ORGANIZATION.finditer(text):
        if len(found) >= _MAX_NAMES:
            break
        if not _NOT_A_NAME & set(match[1]):
            found[f"w:{_written(match[1])}"] = None
    yield from found


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """All matches, also where one begins on the mark that ended the one before."""
    at = 0
    while match := pattern.search(text, at):
        yield match[1]
        at = match.end(1)


@lru_cache(maxsize=65536)
def _person(name: str) -> str:
    return " ".join(sorted(pinyin_words(name)))


@lru_cache(maxsize=65536)
def _written(name: str) -> str:
    return "".join(pinyin_words(name))
