"""What a Chinese text is as a whole: a column, an outlook, advice, a review, satire or a tale of old days tells no news."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from events.extraction.model import Draft
from events.extraction.sentences import sentences

_LABEL = re.compile(
    r"愚人节|(?:书|影|剧|乐)评|思想实验|一图读懂|(?:行业|年度|市场|明年|20\d\d年?|年)(?:展望|前瞻)|(?:展望|前瞻|预测)[:：|｜]|法律咨询|职场(?:问答|信箱|漫谈)|读者来信|连载|小说|往事|前世今生|旧闻|老照片|辟谣|谣言|系谣传"
    r"|^[【\[《]?[^】\]》]{0,6}(?:专栏|评论|观点|时评|社评|杂文|随笔|短篇|笑话|段子|讽刺|寓言)[】\]》|｜:：]"
)
_HEADLINE = re.compile(
    r"为什么|怎样|怎么|如何|谁(?:能|会|是)|什么|假如|如果|要是|倘若|何时|会不会|该不该|要不要|吗[？?]?|[？?]|建议|启示|展望|前瞻|明年|预测|网传|传闻|不是|何必|别再|趣谈|回忆|追忆|岁月|史话|百年|年前|之道|之我见|有感"
)
"""What often stands over a text that is no news; the text must bear it out. Simplified."""
_MADE_UP = re.compile(
    r"均属虚构|如有雷同|纯属巧合|(?:本文|本篇|本栏|本版|本报道|以上|文中|故事|人物|情节)[^。；，]{0,14}(?:虚构|杜撰|瞎编|纯属娱乐|玩笑)|(?:切勿|请勿|请别|千万别)当真|博[^。]{0,4}一笑|愚人节"
)
_HEARD = re.compile(
    r"(?:以下|下文|本文)[^。]{0,16}(?:未经(?:证实|核实)|道听途说|不保真|听来|传闻|八卦)|真实性[^。]{0,8}(?:自辨|存疑|不保证|约等于|自行|打折)|道听途说|小道消息"
)
"""A column of hearsay says so at its head or end."""
_DISCLAIMS = re.compile(
    r"(?:仅|只)代表[^。]{0,8}(?:个人|作者)|不构成[^。]{0,6}(?:投资|操作)?建议|仅供(?:读者)?参考|(?:皆|均)为[^。]{0,6}(?:预测|推测|猜测)|不代替[^。]{0,6}意见"
)
_LETTER = re.compile("各位|同事|全体|致[^，。]{1,12}[：:]|亲爱的")
"""A letter to staff speaks as "I" to "you": that is news."""
_QUOTED = re.compile(r"“[^“”\n]{0,400}”|「[^「」\n]{0,400}」")
_SELF = re.compile(r"我(?![们國国])|笔者|咱")
_YOU = re.compile(r"[你您]")
_OPEN = re.compile(
    r"[？?]|如果|假如|倘若|若[^干]|要是|应当|应该|可以|可能|恐怕|或将|有望|也许|不妨|预[计估测]|会(?![议计长员场上面展谈见务])|一旦|与其|宁愿|未必|何必|想必|大概"
)
_AHEAD = re.compile(
    r"将(?![军领士近其把])|会(?![议计长员场上面展谈见务所审])|届时|明年|有望|可能|最迟|最快|预计"
)
_REPORTED = re.compile(
    r"\d{1,2}[日号]|昨[日天晚]|今[日天早]|近日|日前|周[一二三四五六日]|宣布|公告|披露|通报|决定|发布"
)
"""What a report has and a forecast lacks: the day of a deed, or who made it known."""
_ERA = re.compile(
    r"晚清|清末|清初|清代|清朝|明代|明朝|明末|宋代|宋朝|唐代|唐朝|汉代|战国|春秋时|乾隆|康熙|雍正|光绪|道光|同治|咸丰|民国|北洋|抗战|古人|今人|古今|史书|读史|前朝|掌柜|钱庄|票号"
)
_FABLE = re.compile(
    r"孙悟空|唐僧|猪悟能|猪八戒|沙僧|沙悟净|白龙马|牛魔王|妖怪|天庭|玉帝|玉皇大帝|王母|龙宫|龙王|阎王|地府|取经|花果山|水帘洞|金箍棒|蟠桃|嫦娥|玉兔|诸葛亮|曹操|刘备|林黛玉|贾宝玉|宋江|梁山"
    r"|外星人|恐龙|圣诞老人|奥特曼|森林|狐狸|乌鸦|狮子王|兔子|乌龟|亿年|万年|负[一二三四五六七八九十\d]+级"
)
"""Old times, and the company of fables: several of them in one text, and it is not about today's firms."""
_PROP = re.compile(
    r"(?:咖啡机|饮水机|打印机|复印机|碎纸机|机器人|冰箱|电梯|盆栽|绿萝|沙发|椅子|桌子|键盘|橘猫|[猫狗鹅])(?:辞职|辞了职|请辞|向[^，。]{1,14}递交了?辞呈|入职|晋升|升任|被(?:任命|开除|降职)|在离职|降为)"
    r"|任命[^，。]{0,4}(?:机|器|冰箱|盆栽|绿萝|椅子|[猫狗鹅])为"
)
"""Things and animals with a career: satire."""
_ASKED = re.compile(r"^(?:问|答|Q|A)[:：]", re.MULTILINE)
_STORY = re.compile(
    r"小说|作者|主角|主人公|读者|章|情节|故事|电影|影片|导演|演员|镜头|剧本|结尾|开篇|人物|笔下|作品|片中|书中|文笔|虚构|长篇|饰演"
)


def no_news(text: str) -> bool:
    """Whether a text (simplified) says of itself, by label, headline, disclaimer or tone, that it reports no facts."""
    line = text.strip()[:200].split("\n")[0].strip()
    headed = len(line) < 60 and not line.endswith("。")
    edges = f"{text[:120]}\n{text[-160:]}"
    if _MADE_UP.search(edges) or (headed and _LABEL.search(line)):
        return True
    if (
        len(set(_ERA.findall(text[:8000]))) >= 3
        or len(set(_FABLE.findall(text[:8000]))) >= 3
        or _HEARD.search(edges)
        or _PROP.search(text[:1500])
    ):
        return True
    expected = headed and bool(_HEADLINE.search(line))
    return _toned(text[:12_000], expected, bool(_DISCLAIMS.search(text[-160:])))


def _toned(text: str, expected: bool, disclaims: bool) -> bool:
    """Whether a text's sentences mostly suppose, advise, judge or retell; less is enough where it says so of itself."""
    told = [_QUOTED.sub("", text[start:end]) for start, end in sentences(text, "zh")]
    count = len(told)
    if count < 5:
        return False
    own = sum(bool(_SELF.search(one)) for one in told) + sum(bool(_YOU.search(one)) for one in told)
    open_ = sum(bool(_OPEN.search(one)) for one in told) / count
    story = len(set(_STORY.findall(text)))
    ahead = sum(bool(_AHEAD.search(one)) for one in told) / count
    reported = sum(bool(_REPORTED.search(one)) for one in told) / count
    if story >= 6 or (count >= 7 and ahead >= 0.43 and reported <= 0.05):
        return True
    if expected and disclaims:
        return open_ >= 0.15 or own >= 1
    if expected:
        return open_ >= 0.3 or own >= 2 or story >= 4 or len(_ASKED.findall(text)) >= 4
    if disclaims:
        return open_ >= 0.4 or (open_ >= 0.3 and own >= 2)
    return open_ >= 0.45 and own >= 2 and not _LETTER.search(text[:200])


_YEAR = re.compile(
    r"(?:1[5-9]|20)\d\d年|[一二][九八〇○零][〇○零一二三四五六七八九]{2}年|民国[一二三四五六七八九十\d]{1,4}年"
)
_NOW = re.compile(r"今[日天年]|昨[日天晚]|近日|日前|本[月周]|\d{1,2}月\d{1,2}日")
_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")


def _year(found: str) -> int:
    """The year that a text names; years of the Republic count from 1912."""
    if found.startswith("民国"):
        return 1950
    return int(found[:4].translate(_DIGITS))


def told_of_old(text: str, published: date | None) -> bool:
    """Whether all the years of a text (simplified) that names several lie more than five back, and no day is near."""
    if published is None or _NOW.search(text):
        return False
    years = [_year(one) for one in _YEAR.findall(text[:20_000])]
    return len(set(years)) >= 3 and all(year < published.year - 5 for year in years)


_SPREAD = re.compile(
    r"网传|传闻|帖子|贴文|截图|流传|疯传|爆料|聊天记录|股吧|热传|谣|传言|小作文|语音|刷屏|“快讯”|(?:炒股|业主|微信)群|有人说|有人称|据说|听说|网上[^，。]{0,6}传"
)
_REFUTED = re.compile(
    r"捏造|虚构|谣言|造谣|子虚乌有|不实|没有[^。，]{0,10}证据|报了?警|没影|炮制|冒用|冒名|胡说|没有的事|毫无(?:事实)?(?:根据|依据)|无中生有|不属实|(?:并非|不是|不符合)事实|与事实(?:严重)?不符|假消息|假的|伪造|编造|没有(?:这回)?事|移花接木|澄清|从未|辟谣"
)
_ABOUT_TALK = frozenset(
    {"leadership", "discipline", "reorganization", "listing", "product", "performance", "sanction"}
)


def without_hearsay(drafts: list[Draft], told: Sequence[str]) -> list[Draft]:
    """The drafts without what a text repeats from posts and rumours that it then says to be false.

    `told` holds the sentences (simplified)."""
    hearsay = _hearsay(told)
    return [one for one in drafts if one.sentence not in hearsay or one.kind not in _ABOUT_TALK]


def _hearsay(told: Sequence[str]) -> frozenset[int]:
    """The numbers of the sentences from where a rumour is told to where, at most ten on, it is refuted."""
    found: set[int] = set()
    spread: list[int] = []
    for number, one in enumerate(told):
        if one.startswith("【"):
            spread = []
        if _SPREAD.search(one):
            spread.append(number)
        if spread and _REFUTED.search(one):
            since = next((at for at in spread if number - at <= 10), number)
            found.update(range(since, number + 1))
            spread = []
    return frozenset(found)
