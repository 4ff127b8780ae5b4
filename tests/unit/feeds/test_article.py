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
    guess_language,
    read_article,
    read_fragment,
    read_plain,
)

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
    assert (article.language, article.title) == ("zh", "示例集团任命新任财务总监")


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
        ("华为云首席执行官被降级", "", "zh"),
        ("华为云 Huawei Cloud 首席执行官张平安被降级三级", "en", "zh"),
        ("The chief executive was demoted", "zh-CN", "en"),
        ("Der Vorstand wurde abberufen", "de-DE", "de"),
        ("最高経営責任者がしりぞいたとのこと", "ja", "ja"),
        ("", "", ""),
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
