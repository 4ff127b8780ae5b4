"""English dates and periods, resolved against the day of publication."""

from __future__ import annotations

import re
from datetime import date, timedelta

from events.extraction import calendar
from events.extraction.calendar import When
from events.extraction.chart import Chart, Pattern, simple
from events.extraction.model import DateValue

_MONTHS = {
    name: number
    for number, names in enumerate(
        ["january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep", "october oct", "november nov", "december dec"], 1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: i
    for i, name in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
_MONTH = r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_YEAR = r"(?:19|20)\d\d"
_DATE = Pattern(
    # A first look at the letter or digit spares most words the alternatives.
    r"\b(?=[\dJFMASONDQHTLPWYfsqhtlpnyo])(?:"
    rf"(?P<m1>{_MONTH})\.? (?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (?P<y1>{_YEAR})\b)?"
    rf"|(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m2>{_MONTH})\b(?:,? (?P<y2>{_YEAR})\b)?"
    rf"|(?P<iso>{_YEAR}-\d\d-\d\d)\b|(?P<dd>\d{{1,2}})\.(?P<dm>\d{{1,2}})\.(?P<dy>{_YEAR})\b"
    rf"|(?P<half>[Ff]irst|[Ss]econd)[ -]half(?: of (?P<hy>{_YEAR}|this year|last year))?"
    rf"|(?P<quarter>[Ff]irst|[Ss]econd|[Tt]hird|[Ff]ourth)[ -]quarter(?: of (?P<qy>{_YEAR}))?\b"
    rf"|Q(?P<q>[1-4])(?:(?: |-)?(?P<qy2>{_YEAR}))?\b|H(?P<h>[12])(?: |-)?(?P<hy2>{_YEAR})\b"
    rf"|(?:the )?(?:three months|quarter) (?:to|ended|ending|through)(?: the end of)? (?P<q3>March|June|September|December)(?: \d{{1,2}})?(?:,? (?P<qy3>{_YEAR}))?\b"
    rf"|(?P<q4>January to March|April to June|July to September|October to December)(?: (?P<qy4>{_YEAR}))?\b"
    rf"|(?:the )?(?:full )?year (?:ended|ending|to)(?: the end of)? (?:31 )?December(?: 31)?,? (?P<fy4>{_YEAR})\b"
    rf"|(?:the )?(?P<six>six months) (?:ended|ending|to)(?: the end of)? (?:30 )?June(?: 30)?(?:,? (?P<hy3>{_YEAR}))?\b"
    rf"|(?:[Tt]he )?[Ff]iscal(?: year)? (?P<fy>{_YEAR})\b|FY ?(?P<fy2>{_YEAR}|\d\d)\b"
    rf"|(?:the )?(?:financial|fiscal) year (?:ended|ending|to) (?:{_MONTH}) \d{{1,2}}, (?P<fy3>{_YEAR})\b"
    rf"|(?P<rel>[Ll]ast|[Tt]his|[Nn]ext|[Pp]ast) (?P<unit>{_WEEKDAY}|{_MONTH}\b|week|month|year)\b"
    r"|(?P<word>[Yy]esterday|[Tt]oday|[Tt]onight|[Tt]omorrow)\b"
    r"|(?P<same>(?:[Oo]n )?(?:that|the same) (?:date|day))\b"
    r"|(?P<yearend>the end of (?:the|this) year|year-?end)\b|(?P<monthend>the end of (?:the|this|next) month)\b"
    rf"|(?P<m3>{_MONTH}) (?P<y3>{_YEAR})\b"
    rf"|(?P<wd>{_WEEKDAY})\b"
    rf"|(?:(?<=in )|(?<=In )|(?<=[Ss]ince )|(?<=by )|(?<=[Uu]ntil )|(?<=from )|(?<=From )|(?<=early )|(?<=late )|(?<=[Ee]arlier in )|(?<=[Bb]ack in )|(?<=end of )|(?<=start of )|(?<=beginning of )|(?<=middle of )|(?<=[Dd]uring )|(?<=for ))(?P<m4>{_MONTH})\b(?! \d)"
    rf"|(?<!\$)(?<!-)(?P<y4>{_YEAR})\b(?![,.]\d|-\d|%| (?:employees|jobs|people|staff|workers|million|billion))"
    r")"
)
_AHEAD = re.compile(r"\b(?:will|would|plans? to|to be|intends? to|until|next|upcoming|is to)\b")
_PRESENT = re.compile(
    r"\b(?:leaves|retires|joins|starts|begins|becomes|succeeds|replaces|steps|takes|moves|closes|opens|ends|goes|comes|returns|hands|bows|shuts|ceases|departs|quits|resigns|stays|expires|become|merge|join|begin|retire|take effect|launches|ships|arrives"
    r"|to (?:leave|retire|join|start|step|take|move|close|open|end|stop|become|quit|shut|go|hand)|(?:is|are) (?:leaving|retiring|joining|starting|stepping|taking|moving|closing|shutting|ending|resigning|departing))\b(?! (?:after|since)\b)(?:(?!\b(?:who|which|after|since|when|left|following|resigned|was|had|whose)\b)[^,;]){0,45}$"
)
"""A present tense before a date without a year looks ahead: "leaves on 31 January"."""
_NEXT_DAY = re.compile(
    r"\b(?:(?:take|takes|come|comes|go|goes)(?: into)? (?:effect|force)|(?:apply|applies|valid|effective)|(?:will|is to|are to) (?!be (?:said|told))[a-z]+(?: [a-z]+){0,4}|starts|begins|joins|leaves|retires|steps down|takes over)(?: from| on| as of)? $"
)
"""Before a weekday that lies ahead: "the measures take effect on Saturday"."""
_AHEAD_AFTER = re.compile(r",? (?:\w+ ){1,2}(?:plans?|will|intends?)\b")
_SAID = re.compile(r"\b(?:said|announced|decided|resolved)\b")
_FROM = re.compile(
    r"(?:[Ee]ffective(?: as of| on| from)?|with effect from|as of|[Ss]tart(?:ing|s)|[Bb]eginning|[Cc]ommencing|\b[Ff]rom|takes over|takes effect|joins|arrives)(?: on)? $"
)
_OPENS = re.compile(r"\b(?:[Ff]rom|[Uu]ntil|[Bb]y|[Ss]tarting in|[Bb]eginning in) $")
_BEFORE = 90
_PAST = timedelta(days=45)


def find(chart: Chart, published: date | None, context: dict[str, DateValue | None]) -> None:
    """Replaces the dates of a sentence by date mentions; `context["day"]` carries the last full day onward."""
    found = []
    for match in _DATE.finditer(chart):
        when = _read(match, chart.s, published, context)
        if when is None:
            continue
        if when.day and when.day["precision"] == "day":
            context["day"] = when.day
        found.append((match.start(), match.end(), simple(chart, match, "date", when)))
    chart.replace(found)


def _read(
    match: re.Match[str], sentence: str, published: date | None, context: dict[str, DateValue | None]
) -> When | None:
    group = match.groupdict()
    words = match[0]
    if month := group["m1"] or group["m2"] or group["m3"] or group["m4"]:
        return When(_of_month(match, month, sentence, published), words=words)
    if year := group["fy"] or group["fy2"] or group["fy3"]:
        return When(None, f"FY{year if len(year) == 4 else '20' + year}", words)
    if group["fy4"]:
        return When(calendar.make(int(group["fy4"])), group["fy4"], words)
    if group["half"] or group["h"] or group["six"]:
        return _half(group, words, published)
    if group["quarter"] or group["q"] or group["q3"] or group["q4"]:
        return _quarter(group, words, published)
    if group["iso"] or group["dy"]:
        parts = (group["iso"] or f"{group['dy']}-{group['dm']}-{group['dd']}").split("-")
        year_, month_, day_ = (int(part) for part in parts)
        return When(calendar.make(year_, month_, day_), words=words)
    if group["y4"]:
        return When(calendar.make(int(group["y4"])), group["y4"], words)
    if group["rel"]:
        return _relative(group["rel"].lower(), (group["unit"] or "").lower(), published, words)
    if group["same"]:
        return When(context.get("day"), words=words)
    ahead = bool(group["wd"]) and bool(_NEXT_DAY.search(sentence, max(0, match.start() - 60), match.start()))
    return _near(group, words, published, ahead=ahead)


def _near(group: dict[str, str | None], words: str, published: date | None, *, ahead: bool) -> When:
    """Today, yesterday, a weekday, the end of the year."""
    if group["yearend"]:
        return When(calendar.make(published.year) if published else None, words=words)
    if group["monthend"]:
        return When(calendar.month_of(published, -("next" in words)) if published else None, words=words)
    if group["wd"]:
        day = calendar.weekday(_DAYS[group["wd"].lower()], published)
        if day and ahead:
            day = calendar.shift(date.fromisoformat(day["value"]), 7)
        return When(day, words=words)
    days = {"yesterday": -1, "tomorrow": 1}.get((group["word"] or "").lower(), 0)
    return When(calendar.shift(published, days), words=words)


def _of_month(match: re.Match[str], name: str, sentence: str, published: date | None) -> DateValue | None:
    group = match.groupdict()
    month = _MONTHS[name.lower()]
    day = int(group["d1"] or group["d2"] or 0)
    year = group["y1"] or group["y2"] or group["y3"]
    if year:
        return calendar.make(int(year), month, day)
    before = sentence[max(0, match.start() - _BEFORE) : match.start()]
    after = sentence[match.end() : match.end() + 20]
    ahead = bool(_AHEAD.search(before) or _AHEAD_AFTER.match(after))
    if not ahead and _PRESENT.search(before):
        return (
            calendar.closest(month, day, published)
            if day
            else calendar.nearest(month, 0, published, ahead=True)
        )
    if day and _FROM.search(before, max(0, len(before) - 24)):
        near = calendar.closest(month, day, published)
        if near and ahead and published and date.fromisoformat(near["value"]) < published - _PAST:
            return calendar.nearest(month, day, published, ahead=True)
        return near
    if not day and _OPENS.search(before):
        ahead = True
    if after.startswith(", when"):
        ahead = False
    if ahead and _SAID.search(before[-25:]):
        ahead = False
    return calendar.nearest(month, day, published, ahead=ahead)


def _half(group: dict[str, str | None], words: str, published: date | None) -> When:
    number = group["h"] or ("1" if (group["half"] or "").lower() == "first" else "2")
    year = group["hy"] or group["hy2"] or group["hy3"] or ""
    if group["six"]:
        number = "1"
    if not year.isdigit():
        year = str(published.year - (year == "last year")) if published else ""
    return When(None, f"{year}-H{number}" if year else "", words)


_QUARTER_ENDS = {"march": 1, "june": 2, "september": 3, "december": 4}


def _quarter(group: dict[str, str | None], words: str, published: date | None) -> When:
    """A quarter; without a year the last such quarter that had ended by publication."""
    ends = group["q3"] or (group["q4"] or "").split(" ")[-1]
    number = group["q"] or str(
        _QUARTER_ENDS.get(ends.lower(), 0)
        or ("first", "second", "third", "fourth").index((group["quarter"] or "first").lower()) + 1
    )
    year = group["qy"] or group["qy2"] or group["qy3"] or group["qy4"]
    if not year and published:
        ended = published.month >= int(number) * 3 or published.year < 1
        year = str(published.year if ended else published.year - 1)
    return When(None, f"{year}-Q{number}" if year else "", words)


def _relative(rel: str, unit: str, published: date | None, words: str) -> When | None:
    if published is None:
        return When(None, words=words)
    if unit in _DAYS:
        if rel == "next":
            return When(None, words=words)
        return When(calendar.weekday(_DAYS[unit], published, strictly_before=rel == "last"), words=words)
    if unit in _MONTHS:
        found = calendar.nearest(_MONTHS[unit], 0, published, ahead=rel == "next")
        if rel == "last" and found == calendar.month_of(published):
            found = calendar.make(published.year - 1, _MONTHS[unit])
        return When(found, words=words)
    offset = {"last": -1, "past": -1, "this": 0, "next": 1}[rel]
    if unit == "year":
        year = published.year + offset
        return When(calendar.make(year), str(year), words)
    if unit == "month":
        return When(calendar.month_of(published, -offset), words=words)
    return When(None, words=words)
