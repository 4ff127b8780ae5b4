"""Chinese dates and periods, resolved against the day of publication."""

from __future__ import annotations

import re
from datetime import date

from events.extraction import calendar
from events.extraction.calendar import When
from events.extraction.chart import Chart, simple
from events.extraction.model import DateValue

_WEEK = "一二三四五六日天"
_DATE = re.compile(
    # A first look at the character spares most of them the alternatives.
    r"(?=[\d当北美今去明前上下一二三四第首头本这周星后次翌隔昨即同])(?:当地时间|北京时间|美东时间)?(?:"
    r"(?P<y1>(?:19|20)\d\d)年(?P<m1>\d{1,2})月(?P<d1>\d{1,2})[日号]"
    r"|(?P<y2>(?:19|20)\d\d)年(?P<m2>\d{1,2})月(?:份)?(?:底|初|中旬|上旬|下旬|末)?"
    r"|(?P<y3>(?:19|20)\d\d)年(?:度)?(?P<p3>上半年|下半年|半年度|[一二三四]季度|第[一二三四]季度?|[首头]季|首季度|头三个月|1[至—\-~到]6月|1[至—\-~到]3月|前三季度|前三季|前9个月|前九个月)"
    r"|(?P<fy>(?:19|20)\d\d)财年"
    r"|(?P<y4>(?:19|20)\d\d)年度?"
    r"|(?P<rel5>今年|去年|明年|前年)(?P<m5>\d{1,2})月(?:(?P<d5>\d{1,2})[日号])?(?:份)?(?:底|初|中旬|上旬|下旬|末)?"
    r"|(?P<rel6>今年|去年|明年)?(?P<p6>上半年|下半年|[一二三四]季度|第[一二三四]季度?|首季度?|头三个月|前三季度?|1[至—\-~到]6月|1[至—\-~到]3月|头半年)"
    r"|(?P<rel7>上月|下月|本月|上个月|下个月|这个月|当月)(?:(?P<d7>\d{1,2})[日号]|初|底|中旬|末)?"
    r"|(?P<m8>\d{1,2})月(?P<d8>\d{1,2})[日号]"
    r"|(?P<rel9>上周|下周|本周|这周|上星期|下星期|周|星期)(?P<w9>[一二三四五六日天])(?![名家个位])"
    r"|(?P<word>明日|明天|明早|后天|次日|翌日|隔天|前一天|昨早|昨晨|昨日|昨天|昨晚|昨夜|今日|今天|今早|今晨|今晚|前日|前天|即日|当日|当天|同日)"
    r"|(?P<rel10>今年|去年|明年|前年)(?!来)"
    r"|(?<![\d.])(?P<m11>\d{1,2})月(?:份)?(?:底|初|中旬|上旬|下旬|末)?(?!\d)"
    r"|(?<![\d.])(?P<d12>\d{1,2})日(?!元)"
    r")"
)
_YEARS = {"今年": 0, "去年": -1, "明年": 1, "前年": -2}
_WORDS = {
    "明日": 1,
    "明天": 1,
    "明早": 1,
    "后天": 2,
    "昨早": -1,
    "昨晨": -1,
    "昨日": -1,
    "昨天": -1,
    "昨晚": -1,
    "昨夜": -1,
    "前日": -2,
    "前天": -2,
}
_NEXT = {"次日": 1, "翌日": 1, "隔天": 1, "前一天": -1}
_SAME = frozenset({"当日", "当天", "同日"})


def find(chart: Chart, published: date | None, context: dict[str, DateValue | None]) -> None:
    """Replaces the dates of a sentence by date mentions; `context["day"]` carries the last full day onward."""
    found = []
    for match in _DATE.finditer(chart.s):
        when = _read(match, chart.s, published, context)
        if when.day and when.day["precision"] == "day" and match["word"] != "即日":
            context["day"] = when.day
        found.append((match.start(), match.end(), simple(chart, match, "date", when)))
    chart.replace(found)


def _period(year: int, words: str) -> str:
    if "半年" in words or "6月" in words:
        return f"{year}-H{2 if '下' in words else 1}"
    if re.search(r"首季|头季|头三个月|3月", words):
        return f"{year}-Q1"
    quarter = next((i for i, c in enumerate("一二三四", 1) if c in words and "前" not in words), 0)
    return f"{year}-Q{quarter}" if quarter else ""


def _read(match: re.Match[str], s: str, published: date | None, context: dict[str, DateValue | None]) -> When:
    group = match.groupdict()
    words = match[0]
    for n in "12":
        if group[f"y{n}"]:
            return When(
                calendar.make(int(group[f"y{n}"]), int(group[f"m{n}"]), int(group.get(f"d{n}") or 0)),
                words=words,
            )
    if group["y3"]:
        return When(None, _period(int(group["y3"]), group["p3"]), words)
    if group["fy"]:
        return When(None, f"FY{group['fy']}", words)
    if group["y4"]:
        return When(calendar.make(int(group["y4"])), group["y4"], words)
    if group["m8"] or group["m11"]:
        return When(_month_day(match, s, published, context), words=words)
    ahead = s.startswith("起", match.end()) or bool(
        _AHEAD.search(s, max(0, match.start() - 14), match.start())
    )
    return _of_days(group, words, published, context, ahead=ahead)


def _month_day(
    match: re.Match[str], s: str, published: date | None, context: dict[str, DateValue | None]
) -> DateValue | None:
    """A month (and day) without a year."""
    month, day = int(match["m8"] or match["m11"]), int(match["d8"] or 0)
    if published is None and context.get("day"):
        return calendar.make(int(str(context["day"]["value"])[:4]), month, day)  # type: ignore[index]
    ahead = bool(re.search(r"(?:将于|拟于|计划于|定于)$", s[max(0, match.start() - 4) : match.start()]))
    if not ahead and published is not None and (near := _soon(month, day, published)):
        return near
    if day and not ahead and re.match(r"起|之日起", s[match.end() : match.end() + 3]):
        return calendar.closest(month, day, published)
    return calendar.nearest(month, day, published, ahead=ahead)


def _of_days(
    group: dict[str, str | None],
    words: str,
    published: date | None,
    context: dict[str, DateValue | None],
    *,
    ahead: bool,
) -> When:
    """Days told by the day named before, or by the day of publication."""
    if group["word"] in _SAME:
        return When(context.get("day"), words=words)
    if group["word"] in _NEXT:
        base = context.get("day")
        if base is None or base["precision"] != "day":
            return When(None, words=words)
        return When(
            calendar.shift(date.fromisoformat(base["value"]), _NEXT[group["word"] or ""]), words=words
        )
    return _relative(group, words, published, ahead=ahead)


_SOON = 100
_LONG_AGO = 200


def _soon(month: int, day: int, published: date) -> DateValue | None:
    """A month (and day) to come, where its last one lies long back: nobody leaves the year out of those."""
    last = calendar.nearest(month, day, published, ahead=False)
    following = calendar.nearest(month, day or 0, published, ahead=True)
    if last is None or following is None:
        return None
    back = (published - date.fromisoformat(last["value"])).days
    on = (date.fromisoformat(following["value"]) - published).days
    return following if back > _LONG_AGO and on < _SOON else None


def _relative(group: dict[str, str | None], words: str, published: date | None, *, ahead: bool) -> When:
    if published is None:
        return When(None, words=words)
    if group["rel5"]:
        return When(
            calendar.make(
                published.year + _YEARS[group["rel5"]], int(group["m5"] or 0), int(group["d5"] or 0)
            ),
            words=words,
        )
    if group["p6"]:
        return When(None, _part_of_year(group["rel6"], group["p6"], published, ahead=ahead), words)
    if group["rel7"]:
        month = calendar.month_of(
            published, 1 if "上" in group["rel7"] else -1 if "下" in group["rel7"] else 0
        )
        if group["d7"]:
            first = date.fromisoformat(month["value"])
            return When(calendar.make(first.year, first.month, int(group["d7"])), words=words)
        return When(month, words=words)
    if group["w9"]:
        return When(_weekday(group["rel9"] or "", _WEEK.index(group["w9"]) % 7, published), words=words)
    if group["rel10"]:
        year = published.year + _YEARS[group["rel10"]]
        return When(calendar.make(year), str(year), words)
    if group["d12"]:
        return When(_day_of_month(int(group["d12"]), published, ahead=ahead), words=words)
    if group["word"] == "即日":
        return When(None, words=words)
    return When(calendar.shift(published, _WORDS.get(group["word"] or "", 0)), words=words)


_STARTS = {"Q2": 4, "Q3": 7, "Q4": 10, "H2": 7}
"""The month in which a part of a year begins: one that has not begun is that of the year before, where nothing is planned."""
_AHEAD = re.compile(r"将|拟|计划|预计|预期|目标|有望|力争|定于|展望|争取|明年|到$|至$")
_FEW = 15
"""Days to come for which a day of the month alone may stand: 19日起."""


def _part_of_year(which: str | None, part: str, published: date, *, ahead: bool) -> str:
    """A quarter or half of a year that is told by the year of publication, or not at all."""
    period = _period(published.year + _YEARS.get(which or "", 0), part)
    if which or ahead or _STARTS.get(period[5:], 1) <= published.month:
        return period
    return _period(published.year - 1, part)


def _weekday(which: str, number: int, published: date) -> DateValue | None:
    if number == 7:
        number = 6
    if which.startswith("上"):
        back = published.weekday() + 7 - number
        return calendar.shift(published, -back)
    if which.startswith("下"):
        return calendar.shift(published, 7 - published.weekday() + number)
    if which.startswith(("本", "这")):
        return calendar.shift(published, number - published.weekday())
    return calendar.weekday(number, published)


def _day_of_month(day: int, published: date, *, ahead: bool) -> DateValue | None:
    back = 0 if day <= published.day or (ahead and day - published.day <= _FEW) else 1
    first = date.fromisoformat(calendar.month_of(published, back)["value"])
    return calendar.make(first.year, first.month, day)
