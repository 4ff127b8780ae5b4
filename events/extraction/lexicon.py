"""The word lists, macros and frames of a language: plain text files that a curator can read and extend.

- `NAME.txt`: one word or phrase a line; `#` starts a comment.
- `macros.txt`: `name = alternative | alternative`; patterns write `<name>`. A macro may use macros above it.
- `frames.txt`: `kind/action key=value ... : pattern`, a pattern being a regular expression with `<macros>` and
  `{slots}` (see chart.py). Quantifiers over anything but single characters must be bounded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from events.extraction.chart import ALL_MARKS, Chart, Pattern, compiled, slots
from events.extraction.gates import Group

_HERE = Path(__file__).parent
_MACRO = re.compile(r"(?<!P)<([a-z][a-z_]*)>")
_RUN = re.compile(r"\[\[(\w+)\]\]")
RUN = "[\u4e00-\u9fffA-Za-z0-9&·“”.+\ue001\ue002\ue003\ue009\ue00a -]"
"""A character of a run: `[[x]]` is a run of them in the group `x`, for text without capital letters."""
_LISTED = RUN.replace("[", "[、", 1)
_HEADER = re.compile(r"(\w+)/(\w+)((?: [\w]+=[\w]+)*) : (.+)")


@dataclass(frozen=True)
class Frame:
    """A way of stating a fact: the pattern, and what a match of it says."""

    kind: str
    action: str
    pattern: re.Pattern[str]
    options: dict[str, str] = field(default_factory=dict)


def _lines(language: str, name: str) -> list[str]:
    raw = (_HERE / language / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in (line.strip() for line in raw) if line and not line.startswith("#")]


def lines(language: str, name: str) -> list[str]:
    """The lines of a data file in order, without comments and empty lines."""
    return _lines(language, name)


@lru_cache(maxsize=64)
def words(language: str, name: str) -> frozenset[str]:
    """A word list as a set."""
    return frozenset(_lines(language, name))


@lru_cache(maxsize=64)
def alternatives(language: str, name: str) -> str:
    """A word list as a regular expression's alternatives, longest first."""
    return "|".join(re.escape(word) for word in sorted(_lines(language, name), key=lambda w: (-len(w), w)))


@lru_cache(maxsize=8)
def macros(language: str) -> dict[str, str]:
    """The macros of a language, each expanded."""
    found: dict[str, str] = {}
    for line in _lines(language, "macros"):
        name, _, body = line.partition(" = ")
        found[name.strip()] = f"(?:{expand(body.strip(), found)})"
    return found


def expand(pattern: str, known: dict[str, str]) -> str:
    """A pattern with its `<macros>` replaced. Raises KeyError for one that is not defined."""
    runs = _RUN.sub(
        lambda m: f"(?P<{m[1]}>{_LISTED if m[1] == 'list' else RUN}{{1,{60 if m[1] == 'list' else 24}}}?)",
        pattern,
    )
    return _MACRO.sub(lambda m: known[m[1]], runs)


@lru_cache(maxsize=8)
def frames(language: str, name: str = "frames") -> tuple[Frame, ...]:
    """The frames of a file of a language, in the file's order (earlier ones win). Raises ValueError for a bad line."""
    found = []
    for line in _lines(language, name):
        match = _HEADER.fullmatch(line)
        if not match:
            raise ValueError(f"{language}/{name}.txt: not a frame: {line}")
        options = dict(pair.split("=", 1) for pair in match[3].split())
        source = expand(match[4], macros(language))
        found.append(Frame(match[1], match[2], compiled(source), options))
    return tuple(found)


def frames_for(language: str, chart: Chart, name: str = "frames") -> list[Frame]:
    """The frames that are worth trying on a sentence, in the file's order."""
    all_, group = frames(language, name), _frame_group(language, name)
    return [all_[number] for number in group.awake(chart.woken, chart.marks)]


@lru_cache(maxsize=8)
def _frame_group(language: str, name: str) -> Group:
    return Group([frame.pattern.pattern for frame in frames(language, name)])


class AnyOf:
    """A list of patterns of which any may be found."""

    def __init__(self, language: str, name: str, flags: int = 0) -> None:
        known = macros(language)
        self._patterns = [
            re.compile(slots(expand(source, known)), flags) for source in _lines(language, name)
        ]
        self._group = Group([one.pattern for one in self._patterns])

    def awake(self, chart: Chart) -> list[re.Pattern[str]]:
        """Those that may match in a sentence as it stands."""
        return [self._patterns[number] for number in self._group.awake(chart.woken, chart.marks)]

    def first_in(self, chart: Chart) -> int:
        """Where the first of them stands in a sentence; -1 where none does."""
        awake = self._group.awake(chart.woken, chart.marks)
        found = (self._patterns[number].search(chart.s) for number in awake)
        return min((match.start() for match in found if match), default=-1)

    def found_in_words(self, chart: Chart, words_: str) -> bool:
        """Whether the words of a sentence, nothing replaced, have one of them."""
        awake = self._group.awake(chart.woken, ALL_MARKS)
        return any(self._patterns[number].search(words_) for number in awake)


@lru_cache(maxsize=8)
def any_of(language: str, name: str, flags: int = 0) -> AnyOf:
    """A list of patterns, for asking whether any of them is found."""
    return AnyOf(language, name, flags)


@lru_cache(maxsize=256)
def pattern(language: str, source: str) -> re.Pattern[str]:
    """A pattern with macros and slots, compiled."""
    return compiled(expand(source, macros(language)))


@lru_cache(maxsize=256)
def gated_pattern(language: str, source: str) -> Pattern:
    """A pattern with macros and slots, compiled, with its gate."""
    return Pattern(expand(source, macros(language)))
