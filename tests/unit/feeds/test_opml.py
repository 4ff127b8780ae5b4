"""Rules of feed lists."""

from __future__ import annotations

import pytest

from events.feeds.opml import NotOpml, Outline, read_opml, write_opml


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
