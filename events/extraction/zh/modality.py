"""What a Chinese clause leaves open: possibility, question, fear and condition are no statement of fact."""

from __future__ import annotations

import re
from functools import lru_cache

from events.extraction.lexicon import words

_QUESTION = re.compile(r"(?:[？?]|吗[。！]?)[”」』）]?$")
_AFTER = re.compile(
    r"的?(?:重大|较大|较高|潜在)?(?:风险(?!管理|控制|投资|合规|部|官|评)|可能|危险|传闻|传言|预期|边缘|命运|情形|制度|新规|规则|标准|条件|指标|机制|与否|的话|尚待|尚无|仍待|有待)"
)


@lru_cache(maxsize=1)
def _uncertain() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("zh", "uncertain"))))


_HEARSAY = re.compile(r"”的?(?:说法|传闻|传言|消息|谣言|猜测|截图|字样|标题|问题|疑问|提问|帖子|微博|流言)")


def _quoted(sentence: str, at: int) -> bool:
    """Whether a position stands inside quotation marks."""
    return sentence.rfind("“", 0, at) > sentence.rfind("”", 0, at)


def question(sentence: str) -> bool:
    """Whether a sentence asks."""
    return bool(_QUESTION.search(sentence.rstrip()))


def uncertain(sentence: str, start: int, end: int) -> bool:
    """Whether the clause of positions [start, end) says that this may be, rather than that it is."""
    if _HEARSAY.search(sentence, end) and _quoted(sentence, start):
        return True
    left = max(sentence.rfind(mark, 0, start) for mark in "，。；：！？")
    return bool(_uncertain().search(sentence, left + 1, end) or _AFTER.match(sentence, end))
