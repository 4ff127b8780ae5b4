"""Rules of dates, waiting times, likeness and feed lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from events.feeds.opml import NotOpml, Outline, read_opml, write_opml
from events.feeds.schedule import after_failures, after_success, before_retry
from events.feeds.similar import SHINGLE_THRESHOLD, overlap, shingles, title_key
from events.feeds.when import offset_minutes, parse_when

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon, 17 Nov 2025 08:30:00 +0800", (2025, 11, 17, 0, 30)),
        ("17 Nov 2025 08:30 GMT", (2025, 11, 17, 8, 30)),
        ("Mon, 17 Nov 25 08:30:00 PST", (2025, 11, 17, 16, 30)),
        ("Mon, 17 Nov 2025 08:30:00 HKT", (2025, 11, 17, 0, 30)),
        ("2025-11-17T08:30:00Z", (2025, 11, 17, 8, 30)),
        ("2025-11-17T08:30:00.123+05:30", (2025, 11, 17, 3, 0)),
        ("2025-11-17 08:30:00", (2025, 11, 17, 8, 30)),
        ("20251117T083000Z", (2025, 11, 17, 8, 30)),
        ("2025-11-17T24:00:00Z", (2025, 11, 18, 0, 0)),
        ("2016-12-31T23:59:60Z", (2016, 12, 31, 23, 59)),
        ("2025-11", (2025, 11, 1, 0, 0)),
        ("2025", (2025, 1, 1, 0, 0)),
        ("2025年11月17日 08:30", (2025, 11, 17, 8, 30)),
        ("2025/11/17", (2025, 11, 17, 0, 0)),
    ],
)
def test_the_dates_that_feeds_write_are_read_as_the_instants_they_name(
    text: str, expected: tuple[int, ...]
) -> None:
    found = parse_when(text)
    assert found is not None
    assert found.utctimetuple()[:5] == expected


@pytest.mark.parametrize(
    ("text", "day", "minutes"),
    [
        ("2025-11-17T00:30:00+08:00", date(2025, 11, 17), 480),
        ("Sun, 16 Nov 2025 22:00:00 PST", date(2025, 11, 16), -480),
        ("2025-11-17T00:30:00Z", date(2025, 11, 17), 0),
        ("2025-11-17", date(2025, 11, 17), 0),
    ],
)
def test_a_time_keeps_the_zone_and_so_the_day_of_its_source(text: str, day: date, minutes: int) -> None:
    found = parse_when(text)
    assert found is not None
    assert (found.date(), offset_minutes(found)) == (day, minutes)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2025-13-40",
        "0000-00-00",
        "1970-01-01T00:00:00Z",
        "9999-12-31",
        "2025-11-17T99:00",
        "9" * 99,
    ],
)
def test_what_is_no_plausible_date_is_none(text: str) -> None:
    assert parse_when(text) is None


def test_the_wait_after_failures_doubles_up_to_a_day_and_never_ends() -> None:
    waits = [after_failures(n, HOUR) for n in (1, 2, 3, 4, 50, 10**6)]
    for wait, hours in zip(waits, (1, 2, 4, 8, 24, 24), strict=True):
        assert 0.9 * hours <= wait / HOUR <= 1.1 * hours


def test_a_server_that_asks_to_wait_longer_is_heard() -> None:
    assert after_failures(1, HOUR, retry_after=86_400 * 3) == timedelta(days=3)
    assert before_retry(1, retry_after=7200) == timedelta(hours=2)


def test_an_interval_of_nothing_does_not_hammer_a_site() -> None:
    assert after_success(timedelta(0)) >= timedelta(seconds=54)


def test_an_edited_copy_is_like_its_original_and_another_report_is_not() -> None:
    original = (
        "The board of Northwind said on Monday that it had appointed Ada Brook as chief executive. " * 3
    )
    edited = original.replace("Monday", "17 November") + " More soon."
    other = "Contoso dissolved its harbour unit and moved forty people to the rail division this week. " * 3
    assert overlap(shingles(original), shingles(edited)) >= SHINGLE_THRESHOLD
    assert overlap(shingles(original), shingles(other)) == 0
    assert overlap(shingles(""), shingles("")) == 0


def test_a_title_too_short_to_tell_articles_apart_has_no_key() -> None:
    assert title_key("Market wrap") == ""
    assert title_key("Northwind: names Ada BROOK!") == title_key("northwind names ada brook")
    assert title_key("示例集团任命") == "示 例 集 团 任 命"


def test_a_feed_list_survives_writing_and_reading() -> None:
    feeds = [
        Outline("https://example.org/a?x=1&y=2", 'Tom & "Jerry" <b>', "en"),
        Outline("https://example.org/b", "示例", ""),
    ]
    again = read_opml(write_opml(feeds).encode()).outlines
    assert [outline.url for outline in again] == [outline.url for outline in feeds]
    assert again[1] == feeds[1]
    assert again[0].title == 'Tom & "Jerry"'


def test_headings_and_repetitions_in_a_feed_list_are_passed_over() -> None:
    body = (
        b"<opml version='1.0'><body><outline text='News'><outline xmlUrl='https://example.org/a' text='A'/>"
        b"<outline xmlUrl='https://example.org/a' text='B'/><outline xmlUrl='file:///etc/passwd'/></outline></body></opml>"
    )
    found = read_opml(body)
    assert found.outlines == (Outline("https://example.org/a", "A"),)
    assert (found.repeated, found.refused) == (
        1,
        (("file:///etc/passwd", "This is no http or https address."),),
    )


def test_a_feed_list_of_thousands_in_nested_folders_is_read_in_order() -> None:
    feeds = "".join(
        f"<outline text='F{n // 100}'>"
        + f"<outline text='T{n}' xmlurl='https://example.org/{n}' language='zh-CN'/>"
        + "</outline>"
        for n in range(9_000)
    )
    found = read_opml(
        f"<opml version='2.0'><head><title>x</title></head><body>{feeds}</body></opml>".encode()
    )
    assert len(found.outlines) == 9_000
    assert found.outlines[8_999] == Outline("https://example.org/8999", "T8999", "zh-CN")


def test_a_feed_list_with_bare_ampersands_or_in_another_charset_is_read() -> None:
    body = "<?xml version='1.0' encoding='gb18030'?><opml><body><outline text='财经 & 公司' xmlUrl='https://example.org/a?b=1&c=2'/></body></opml>"
    assert read_opml(body.encode("gb18030")).outlines == (
        Outline("https://example.org/a?b=1&c=2", "财经 & 公司"),
    )


def test_a_feed_list_of_too_many_feeds_is_refused_whole() -> None:
    feeds = "".join(f"<outline xmlUrl='https://example.org/{n}'/>" for n in range(10_001))
    with pytest.raises(NotOpml, match="more than 10,000"):
        read_opml(f"<opml><body>{feeds}</body></opml>".encode())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<opml",
        b"<rss/>",
        b"<!DOCTYPE opml [<!ENTITY a 'b'>]><opml><body><outline xmlUrl='http://example.org/&a;'/></body></opml>",
        b"<opml>" + b" " * 5_000_000 + b"</opml>",
    ],
)
def test_what_is_no_feed_list_is_refused(body: bytes) -> None:
    with pytest.raises(NotOpml):
        read_opml(body)
