"""The words under which an event is found: a projection of its payload into `Event.search`.

Text is split into tokens here, not by the server, so that writing, asking and highlighting agree. A word of an
alphabetic script is one token, folded (case, accents, apostrophes); the server's `english` configuration stems it
and drops stop words. A stock server cannot tell Chinese words apart, so every Chinese character is a token, and a
run of them is indexed by its overlapping pairs: 张平安 as 张平, 平安, 安. A question's run is the phrase of its
pairs, a question's single character a prefix; the last character stands alone so that a prefix finds it too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, F

from events.choices import Kind
from events.models.record import Revision
from events.record.phrases.common import JSON
from events.record.quotes import passages

WEIGHTS = "ABCD"
"""A: the sentences and names; B: positions, grounds, case, kind and action; C: quotes; D: titles of documents."""

MAX_TEXT = 10_000
"""Characters of one weight that are indexed: far more than an event has, far less than a tsvector may have."""
MAX_WORD = 60
_BATCH = 500

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_APOSTROPHES = "'’‘`´ʼ"
# Combining marks are no \w, but belong to the letter before them.
LETTER = rf"[^\W_{_HAN}]"
"""One letter or digit of an alphabetic script, as a regular expression."""
WORD = rf"{LETTER}(?:{LETTER}|[{_APOSTROPHES}\u0300-\u036f](?=[^\W_]|$)|[\u0300-\u036f])*"
"""A word of an alphabetic script, as a regular expression."""
_TOKEN = re.compile(rf"([{_HAN}])|{WORD}")
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s$", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")

_VECTOR = " || ".join(
    f"setweight(to_tsvector('english', %s) || to_tsvector('simple', %s), '{weight}')" for weight in WEIGHTS
)

_KINDS_ZH = {
    Kind.LEADERSHIP: "人事", Kind.DISCIPLINE: "纪律处分", Kind.REORGANIZATION: "组织调整", Kind.CONTROVERSY: "争议",
    Kind.PRODUCT: "产品", Kind.PERFORMANCE: "业绩", Kind.LISTING: "上市", Kind.SANCTION: "制裁",
}  # fmt: skip
ACTIONS_ZH = {
    "appointment": "任命 出任", "departure": "离任 离职 辞职", "reassignment": "调任 调岗", "demotion": "降职 降级",
    "warning": "警告", "reprimand": "通报批评", "dismissal": "辞退 解雇 免职", "suspension": "停职", "pay_cut": "降薪",
    "clawback": "追回薪酬", "fine": "罚款", "ban": "禁入", "expulsion": "开除", "investigation": "调查",
    "detention": "拘留", "creation": "成立 新设", "dissolution": "撤销 解散", "merger": "合并", "split": "拆分",
    "transfer": "划转", "rename": "更名", "layoff": "裁员", "restructuring": "架构调整 重组", "allegation": "指控",
    "denial": "否认", "finding": "认定", "lawsuit": "诉讼 起诉", "settlement": "和解", "announcement": "宣布",
    "release": "发布", "delay": "推迟", "withdrawal": "撤回", "result": "业绩", "target": "目标",
    "market_share": "市场份额", "filing": "申报", "acceptance": "受理", "inquiry": "问询", "review": "审议",
    "registration": "注册", "listed": "上市", "suspended": "停牌", "terminated": "终止", "delisted": "退市 摘牌",
    "designation": "列入清单", "amendment": "清单修订", "removal": "免职 移出清单",
}  # fmt: skip
"""What a Chinese reader asks for where the sentence says it in other words."""


class Token(NamedTuple):
    """A word or a Chinese character of a text: `text[start:end]`, in code points, and its folded form."""

    start: int
    end: int
    form: str
    chinese: bool


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text in order; punctuation is none."""
    for match in _TOKEN.finditer(text):
        if match[1]:
            yield Token(match.start(), match.end(), unicodedata.normalize("NFKC", match[1]), True)
        elif form := fold(match[0]):
            yield Token(match.start(), match.end(), form, False)


@lru_cache(maxsize=65536)
def fold(word: str) -> str:
    """A word as it is compared: NFKC, case folded, without accents, apostrophes and a final 's."""
    text = _POSSESSIVE.sub("", unicodedata.normalize("NFKC", word)).casefold()
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return _NOT_WORD.sub("", unicodedata.normalize("NFC", text))[:MAX_WORD]


def pairs(run: str) -> list[str]:
    """The overlapping pairs of a run of Chinese characters, and its last character alone."""
    return [*(run[i : i + 2] for i in range(len(run) - 1)), run[-1:]] if run else []


def runs(found: Iterable[Token]) -> Iterator[list[Token]]:
    """The tokens in groups: Chinese characters without a gap together, each other word alone."""
    group: list[Token] = []
    for token in found:
        if group and not (token.chinese and group[-1].chinese and group[-1].end == token.start):
            yield group
            group = []
        group.append(token)
    if group:
        yield group


def indexed(text: str) -> tuple[str, str]:
    """A text as the server is given it: (words for `english`, pairs of characters for `simple`)."""
    english: list[str] = []
    chinese: list[str] = []
    for group in runs(tokens(text[:MAX_TEXT])):
        if group[0].chinese:
            chinese += pairs("".join(token.form for token in group))
        else:
            english.append(group[0].form)
    return " ".join(english), " ".join(chinese)


def weighted(payload: JSON) -> dict[str, str]:
    """The text of a payload by weight. What is said twice is taken once, at its higher weight."""
    subject, details = payload["subject"], payload["details"]
    parties = [subject, subject.get("organization"), details.get("issuer"), *details.get("participants", [])]
    named = [party.get(key) for party in parties if party for key in ("name", "name_zh", "named")]
    kind, action = payload["kind"], payload["action"]
    about = [party.get("title") for party in parties if party]
    about += [*details.get("grounds", []), payload.get("case_title"), *_vocabulary(kind, action)]
    about += [word for p in details.get("penalties", []) for word in _vocabulary(kind, p["type"])[2:]]
    quotes = passages(payload["evidence"])
    texts = {
        "A": [payload["summary"], payload["summary_zh"], *named],
        "B": about,
        "C": [row["quote"] for row in quotes],
        "D": [row["document"].get("title") for row in quotes],
    }
    seen: set[str] = set()
    return {weight: "\n".join(_fresh(parts, seen)) for weight, parts in texts.items()}


def _vocabulary(kind: str, action: str) -> list[str]:
    """Kind and action in English and Chinese."""
    return [kind, _KINDS_ZH[Kind(kind)], action.replace("_", " "), ACTIONS_ZH.get(action, "")]


def _fresh(parts: Iterable[Any], seen: set[str]) -> Iterator[str]:
    for part in parts:
        if part and part not in seen:
            seen.add(part)
            yield str(part)


def vector_texts(payload: JSON) -> list[str]:
    """The parameters of the SQL that makes the vector: for each weight the English and the Chinese text."""
    texts = weighted(payload)
    return [part for weight in WEIGHTS for part in indexed(texts[weight])]


class WordVector(Expression):
    """The SQL expression of a payload's vector, for an UPDATE or INSERT of `Event.search`."""

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(output_field=SearchVectorField())
        self.texts = list(texts)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        """The expression with its parameters."""
        return f"({_VECTOR})", tuple(self.texts)


def search_vector(payload: JSON) -> WordVector:
    """What an event's `search` is set to: `event.search = search_vector(payload); event.save()`."""
    return WordVector(vector_texts(payload))


def project_words(
    event_ids: Sequence[int] | None = None, progress: Callable[[int], None] | None = None
) -> int:
    """Writes the words of these events, or of all, from their latest revisions. Gives how many there were.

    `progress` is called with the number done after each batch.
    """
    heads = Revision.objects.filter(seq=F("event__head_id"))
    if event_ids is not None:
        heads = heads.filter(event_id__in=event_ids)
    rows = heads.order_by("event_id").values_list("event_id", "payload").iterator(chunk_size=_BATCH)
    done = 0
    while batch := list(islice(rows, _BATCH)):
        write(connection, batch)
        done += len(batch)
        if progress:
            progress(done)
    return done


def write(database: BaseDatabaseWrapper, rows: Iterable[tuple[int, JSON]]) -> None:
    """Updates `Event.search` of (event, payload) pairs."""
    statement = f"UPDATE events_event SET search = {_VECTOR} WHERE id = %s"  # noqa: S608 - constants
    with database.cursor() as cursor:
        cursor.executemany(statement, [[*vector_texts(payload), pk] for pk, payload in rows])
