"""Keys under which a name is found, whatever its script, spelling or order.

"Zhang Ping'an", "zhang pingan", "Ping'an Zhang", 张平安 and 張平安 share a key. A shared key makes two names
candidates for each other; whether they stand for the same person is decided with more than the name.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_APOSTROPHES = re.compile(r"['’‘`´ʼ]")
_NOT_WORD = re.compile(r"[\W_]+")
_TRAILING_S = re.compile(r"['’]s$")
MAX_SOUND = 100
# Two-character family names (the common ones of the Hundred Family Surnames), simplified and traditional.
_COMPOUND_SURNAMES = frozenset(
    [
        "欧阳",
        "歐陽",
        "司马",
        "司馬",
        "上官",
        "诸葛",
        "諸葛",
        "东方",
        "東方",
        "皇甫",
        "尉迟",
        "尉遲",
        "公孙",
        "公孫",
        "慕容",
        "司徒",
        "长孙",
        "長孫",
        "宇文",
        "令狐",
        "夏侯",
        "端木",
        "南宫",
        "南宮",
    ]
)


def normalize(name: str) -> str:
    """The name as matching compares it: NFKC, case folded, accents and punctuation gone, words by one space.

    A leading "the" and a trailing 's are dropped; Chinese characters stay as they are.
    """
    text = _TRAILING_S.sub("", unicodedata.normalize("NFKC", name).strip())
    text = _APOSTROPHES.sub("", text.casefold())
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    text = _NOT_WORD.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return text.removeprefix("the ") if text != "the" else text


def is_chinese(name: str) -> bool:
    """Whether the name has a Chinese character."""
    return bool(_HAN.search(name))


def pinyin(text: str) -> list[str]:
    """Its Chinese characters' syllables, without tones; what is not Chinese stays together, as it is."""
    # Loaded with the first Chinese name: the readings take 60 MB, which many processes never need.
    from pypinyin import lazy_pinyin

    return lazy_pinyin(text)


def wade_giles(text: str) -> list[str]:
    """As `pinyin`, in the romanization of Wade and Giles."""
    from pypinyin import Style, lazy_pinyin

    return lazy_pinyin(text, style=Style.WADEGILES)


def pinyin_words(name: str) -> list[str]:
    """A Chinese name's romanization as two words, family name first: 张平安 is ["zhang", "pingan"]."""
    compact = name.replace(" ", "")
    cut = 2 if compact[:2] in _COMPOUND_SURNAMES and len(compact) > 2 else 1
    family, given = compact[:cut], compact[cut:]
    return [word for word in ("".join(pinyin(family)), "".join(pinyin(given))) if word]


@lru_cache(maxsize=65536)
def keys(name: str) -> frozenset[str]:
    """Every key of a name; two names that share one may be the same.

    `zhangpingan` (written together) and `pingan zhang` (words in order of the alphabet, so that the family
    name may stand first or last). Empty for a name without letters.
    """
    text = normalize(name)
    if not text:
        return frozenset()
    if is_chinese(text):
        words = pinyin_words(text)
        return frozenset({text.replace(" ", ""), "".join(words), " ".join(sorted(words))})
    words = text.split()
    return frozenset({"".join(words), " ".join(sorted(words))})


def sounds(name: str) -> list[str]:
    """The name's words, normalized; every Chinese character is a word of its own, in pinyin.

    "Huawei 云" is ["huawei", "yun"].
    """
    found: list[str] = []
    for word in normalize(name).split():
        found += pinyin(word) if is_chinese(word) else [word]
    return found


def trigrams(name: str) -> list[str]:
    """The runs of three letters of a name as it sounds, written together: what misspelt names still share.

    "Zhang Ping'an", "zhangpingan" and 张平安 have the same ones. Two blanks before and one after mark the ends, so
    that names that begin alike share more. Only the first MAX_SOUND letters count.
    """
    text = "".join(sounds(name))[:MAX_SOUND]
    padded = f"  {text} "
    return sorted({padded[i : i + 3] for i in range(len(text) + 1)}) if text else []
