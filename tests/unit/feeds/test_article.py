"""Rules of reading articles out of pages and files."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from events.exceptions import NoText
from events.feeds.addresses import normal_url, trusted_canonical
from events.feeds.article import (
    MAX_ELEMENTS,
    Unsupported,
    read_article,
    read_fragment,
    read_plain,
)
from events.feeds.language import guess_language

RECORDED = Path(__file__).resolve().parents[3] / "fixtures" / "feeds" / "recorded"
PAGE = "https://news.example.com/2025/11/northwind-ceo"


def test_a_page_gives_its_article_without_menus_and_scripts() -> None:
    article = read_article(
        (RECORDED / "article_en.html").read_bytes(), "text/html", PAGE + "?utm_source=feed"
    )
    assert article.title == "Northwind names Ada Brook chief executive"
    assert "appointed Ada Brook as chief executive" in article.text
    assert "Cookie" not in article.text
    assert "tracking" not in article.text
    assert article.authors == ("Jo Reed",)
    assert article.language == "en"
    assert article.published == datetime(2025, 11, 17, 0, 30, tzinfo=UTC)
    assert article.canonical_url == PAGE


def test_a_chinese_page_in_its_own_charset_is_read() -> None:
    body = (RECORDED / "article_zh.html").read_bytes()
    article = read_article(body, "text/html; charset=utf-8", "https://zh.example.org/1")
    assert "董事会任命王五为财务总监" in article.text
    assert (article.language, article.title) == ("zh-Hans", "示例集团任命新任财务总监")


def test_a_page_without_text_says_so() -> None:
    with pytest.raises(NoText, match="No article text"):
        read_article((RECORDED / "no_text.html").read_bytes(), "text/html", PAGE)


def test_a_page_of_very_many_elements_is_read_whole() -> None:
    page = "<html><head><title>Annual report</title></head><body>" + "<p>word <b>two</b></p>" * MAX_ELEMENTS
    article = read_article(page.encode(), "text/html", PAGE)
    assert article.title == "Annual report"
    assert article.text == "\n".join(["word two"] * MAX_ELEMENTS)


@pytest.mark.parametrize("kind", ["application/pdf", "image/png", "video/mp4"])
def test_a_kind_that_is_not_read_is_named(kind: str) -> None:
    with pytest.raises(Unsupported, match=kind):
        read_article(b"%PDF-1.7", kind, PAGE)


def test_binary_data_without_a_type_is_not_read_as_text() -> None:
    with pytest.raises(Unsupported):
        read_article(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "", PAGE)


def test_a_plain_file_is_kept_as_it_is_save_line_ends_and_byte_order_mark() -> None:
    body = "\ufeff\r\n  A  headline \r\n\r\n11/17 2025\tx\u00a0y \n\n\n“quoted” 张平安\r\n".encode()
    article = read_plain(body)
    assert article.text == "\n  A  headline \n\n11/17 2025\tx\u00a0y \n\n\n“quoted” 张平安\n"
    assert article.title == "A  headline"


def test_a_nul_in_a_file_keeps_every_span_where_it_was() -> None:
    assert read_plain(b"ab\0cd").text == "ab\ufffdcd"


def test_a_file_of_blanks_has_no_text() -> None:
    with pytest.raises(NoText):
        read_plain(b" \r\n\t\r\n")


def test_a_feeds_own_html_becomes_lines() -> None:
    markup = (
        "<p>One <b>bold</b> word</p><script>x()</script><ul><li>a &amp; b<li>c</ul><!-- no -->tail<br>end"
    )
    assert read_fragment(markup) == "One bold word\na & b\nc\ntail\nend"
    assert read_fragment(" ") == ""


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("华为云首席执行官被降级", "", "zh-Hans"),
        ("华为云 Huawei Cloud 首席执行官张平安被降级三级", "en", "zh-Hans"),
        ("The chief executive was demoted", "zh-CN", "en"),
        ("Der Vorstand wurde abberufen", "de-DE", "de"),
        ("最高経営責任者がしりぞいたとのこと", "ja", "ja"),
        ("華為雲首席執行官被降級，違反規定", "zh-CN", "zh-Hant"),
        ("示例集团总裁违规，被处罚", "zh-TW", "zh-Hans"),
        ("今日大雨", "zh-TW", "zh-Hant"),
        ("今日大雨", "zh_HK", "zh-Hant"),
        ("今日大雨", "zh-Hans-SG", "zh-Hans"),
        ("今日大雨", "", "zh"),
        ("", "", ""),
        ("1 2 3", "<script>", ""),
    ],
)
def test_the_language_is_that_of_the_script(text: str, declared: str, language: str) -> None:
    assert guess_language(text, declared) == language


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("HTTP://News.Example.com:80/a?utm_source=x&id=7&fbclid=1#top", "http://news.example.com/a?id=7"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com:8443/a?b=1&a=2", "https://example.com:8443/a?b=1&a=2"),
        ("https://example.com/新闻?q=%E4%B8%AD", "https://example.com/%E6%96%B0%E9%97%BB?q=%E4%B8%AD"),
        ("https://example.com/a%20b", "https://example.com/a%20b"),
        ("file:article.txt", "file:article.txt"),
        ("http://[bad", "http://[bad"),
    ],
)
def test_addresses_of_one_page_become_one(url: str, normal: str) -> None:
    assert normal_url(url) == normal
    assert normal_url(normal) == normal


@pytest.mark.parametrize(
    ("claimed", "canonical"),
    [
        ("https://www.news.example.com/final", "https://www.news.example.com/final"),
        ("https://other.example.org/theirs", PAGE),
        ("https://news.example.com/", PAGE),
        ("javascript:x", PAGE),
        ("http://[bad", PAGE),
        ("", PAGE),
    ],
)
def test_a_page_names_its_canonical_address_within_its_own_site_only(claimed: str, canonical: str) -> None:
    assert trusted_canonical(PAGE, claimed) == canonical


@pytest.mark.parametrize(
    "claimed",
    [
        "https://news.example.com.evil.example.org/x",
        "https://news.example.com@evil.example.org/x",
        "https://news.example.com:8443/x",
        "//evil.example.org/x",
        "ftp://news.example.com/x",
        "data:text/html,x",
    ],
)
def test_a_page_cannot_take_the_address_of_another_sites(claimed: str) -> None:
    page = (RECORDED / "article_en.html").read_bytes()
    hostile = page.replace(b"https://news.example.com/2025/11/northwind-ceo?utm_source=rss", claimed.encode())
    assert read_article(hostile, "text/html", PAGE).canonical_url == PAGE


@pytest.mark.parametrize(
    ("mark", "minutes"),
    [
        ('<meta property="article:published_time" content="2025-11-17T08:30:00+08:00">', 480),
        ('<script type="application/ld+json">{"datePublished": "2025-11-16T19:30:00-05:00"}</script>', -300),
        ('<p itemprop="datePublished" datetime="2025-11-17T00:30:00Z">', 0),
    ],
)
def test_a_pages_time_is_the_instant_on_its_own_clock(mark: str, minutes: int) -> None:
    text = "The board of Northwind appointed Ada Brook as chief executive on Monday. " * 5
    page = f"<html><head><title>T</title>{mark}</head><body><article><p>{text}</p></article></body></html>"
    found = read_article(page.encode(), "text/html", PAGE).published
    assert found == datetime(2025, 11, 17, 0, 30, tzinfo=UTC)
    offset = found.utcoffset()
    assert offset is not None
    assert offset.total_seconds() == minutes * 60


@pytest.mark.parametrize(
    ("encoding", "header", "declared"),
    [
        ("gb18030", "text/html", "gb2312"),
        ("gb18030", "text/html; charset=GBK", ""),
        ("big5", "text/html", "big5"),
        ("utf-8", "text/html; charset=iso-8859-1", "gbk"),
        ("utf-16", "text/html", ""),
        ("euc_kr", "text/html; charset=utf-8", "euc-kr"),
    ],
)
def test_a_page_is_read_in_the_charset_that_it_is_in(encoding: str, header: str, declared: str) -> None:
    sentence = {"big5": "董事會任命新任財務總監。", "euc_kr": "이사회는 새로운 재무 책임자를 임명했다."}.get(
        encoding, "董事会任命新任财务总监。"
    )
    meta = f"<meta charset={declared}>" if declared else ""
    page = f"<html><head>{meta}<title>T</title></head><body><article><p>{sentence * 30}</p></article></body></html>"
    assert sentence in read_article(page.encode(encoding), header, PAGE).text
