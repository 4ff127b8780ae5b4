"""Chinese script: traditional characters and full-width digits and letters are read as simplified, half-width ones.

Every mapping is one character to one, so that spans stay those of the text.
"""

from __future__ import annotations

from functools import lru_cache

import opencc

from events.extraction.lexicon import words


@lru_cache(maxsize=1)
def variants() -> dict[int, int]:
    """Code point to code point."""
    table = _traditional() | {
        ord(pair[0]): ord(pair[1])
        for line in words("zh", "variants")
        for pair in line.split()
        if len(pair) == 2
    }
    for start, end in (("０", "９"), ("Ａ", "Ｚ"), ("ａ", "ｚ"), ("％", "％"), ("．", "．")):
        for code in range(ord(start), ord(end) + 1):
            table[code] = code - 0xFEE0
    table.update({ord("「"): ord("“"), ord("」"): ord("”"), ord("﹒"): ord("."), ord("〇"): ord("0")})
    return table


def _traditional() -> dict[int, int]:
    """OpenCC's simplified form of each single character; asked for apart from each other, so that no word is read."""
    blocks = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))
    characters = [chr(code) for start, end in blocks for code in range(start, end)]
    simple = opencc.OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simple, strict=True)
    return {ord(one): ord(other) for one, other in pairs if one != other and len(other) == 1}


def simplified(text: str) -> str:
    """A text in simplified characters, of the same length."""
    return text.translate(variants())
