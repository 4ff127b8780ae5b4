"""Adding feeds and articles at the desk: who may, what is shown first, and that nothing is kept before it is confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest
from django.contrib.auth.models import Permission
from django.core import signing
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from events.choices import DocumentState
from events.feeds.opml import read_opml
from events.models.access import User
from events.models.sources import Document, Feed
from tests import scenes
from tests.feeds.conftest import RECORDED
from tests.feeds.servers import Site, running_site
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

ADD, LISTS, EXPORT, ARTICLE = (
    "/desk/feeds/add/",
    "/desk/feeds/lists/",
    "/desk/feeds/lists/feeds.opml",
    "/desk/articles/add/",
)
STORY = "Northwind cuts bonus\n\nNorthwind's disciplinary committee demoted Max Stone, head of its rail unit, on October 18.\n"


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """A web site that may be fetched."""
    with running_site() as running:
        settings.FETCH_ALLOWED_HOSTS = [running.address]
        settings.FETCH_TIMEOUT = 5
        running.serve("/feed", (RECORDED / "rss20.xml").read_bytes())
        yield running


def keeper(name: str = "keeper") -> User:
    """A curator who may add feeds."""
    user = scenes.curator(name)
    user.user_permissions.add(*Permission.objects.filter(codename__in=["add_feed", "view_feed"]))
    return user


def look(client: Client, address: str) -> str:
    return client.post(ADD, {"step": "look", "address": address}).content.decode()


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_stranger_is_sent_to_the_sign_in_page(client: Client) -> None:
    for address in (ADD, LISTS, EXPORT, ARTICLE):
        assert client.get(address).headers["Location"] == f"/desk/login/?next={address}"
    for address in (ADD, LISTS, ARTICLE):
        assert client.post(address, {"step": "look", "address": "x"}).status_code == 302


def test_who_may_not_add_feeds_gets_a_403_page_and_asks_nothing_of_any_site(
    clerk: User, plain_user: User, site: Site
) -> None:
    for user in (clerk, plain_user, scenes.curator("reader")):
        client = signed_in(user)
        assert client.get(ADD).status_code == 403
        assert client.post(ADD, {"step": "look", "address": site.url("/feed")}).status_code == 403
        assert client.get(LISTS).status_code == client.get(EXPORT).status_code == 403
    assert signed_in(clerk).get(ARTICLE).status_code == 403
    assert site.requests == []


def test_the_admin_sends_whoever_adds_a_feed_to_the_page_that_shows_it_first(clerk: User) -> None:
    assert signed_in(keeper()).get("/admin/events/feed/add/").headers["Location"] == ADD
    assert signed_in(clerk).get("/admin/events/feed/add/").status_code == 403


def test_a_form_from_another_site_is_refused(site: Site) -> None:
    client = signed_in(keeper(), enforce_csrf_checks=True)
    assert client.post(ADD, {"step": "look", "address": site.url("/feed")}).status_code == 403
    assert site.requests == []


def test_an_address_is_shown_with_what_it_brings_and_nothing_is_kept(site: Site) -> None:
    page = look(signed_in(keeper()), site.url("/feed"))
    for words in (
        "Example Business &amp; Boards",
        "Northwind names Ada Brook chief executive",
        "2025-11-17 08:30 +0800",
        "Contoso &amp; Fabrikam merge units",
        "No date in 1 of 3 entries",
        "The feed and 3 entries; 3 pages would be fetched as articles.",
        ">RSS<",
    ):
        assert words in page
    assert "<script>alert" not in page
    assert not Feed.objects.exists()


def test_what_was_shown_is_added_with_the_words_of_the_curator_and_is_due(site: Site) -> None:
    client = signed_in(keeper())
    page = look(client, site.url("/feed"))
    answer = client.post(
        ADD, {"step": "add", "seen": seen(page), "title": "Boards", "language": "en"}, follow=True
    )
    assert "Added: Boards" in answer.content.decode()
    feed = Feed.objects.get()
    assert (feed.url, feed.title, feed.language, feed.kind) == (site.url("/feed"), "Boards", "en", "rss")
    assert feed.next_poll_at <= timezone.now()


def test_adding_twice_adds_once_and_a_known_feed_is_named(site: Site) -> None:
    client = signed_in(keeper())
    once = {"step": "add", "seen": seen(look(client, site.url("/feed"))), "title": "Boards", "language": ""}
    client.post(ADD, once)
    assert "is there already" in client.post(ADD, once, follow=True).content.decode()
    page = look(client, site.url("/feed"))
    assert "This feed is kept already: Boards." in page
    assert 'name="seen"' not in page
    assert Feed.objects.count() == 1


@pytest.mark.parametrize(
    "forged",
    ["", "https://evil.example.org/feed", signing.dumps({"url": "https://a.example.org/"})],
    ids=["nothing", "an address", "signed for something else"],
)
def test_only_what_was_shown_can_be_added(forged: str) -> None:
    answer = signed_in(keeper()).post(ADD, {"step": "add", "seen": forged, "title": "", "language": ""})
    assert answer.status_code == 400
    assert not Feed.objects.exists()


def test_what_was_shown_long_ago_is_looked_at_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(keeper())
    token = seen(look(client, site.url("/feed")))
    monkeypatch.setattr("tracker.web.desk.feed_adding._SEEN_FOR", timedelta(seconds=-1))
    answer = client.post(ADD, {"step": "add", "seen": token, "title": "", "language": ""})
    assert "Look at the address again" in answer.content.decode()
    assert not Feed.objects.exists()


def test_a_wrong_language_is_refused_and_nothing_typed_is_lost(site: Site) -> None:
    client = signed_in(keeper())
    token = seen(look(client, site.url("/feed")))
    answer = client.post(ADD, {"step": "add", "seen": token, "title": "My title", "language": "english!"})
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "language tag" in page
    assert "My title" in page
    assert seen(page) == token


def test_a_page_that_names_several_feeds_lets_the_curator_choose(site: Site) -> None:
    site.serve("/", (RECORDED / "page_with_feeds.html").read_bytes(), "text/html")
    page = look(signed_in(keeper()), site.url("/"))
    assert "The page names 3 feeds" in page
    assert 'value="https://news.example.com/en/boards.atom"' in page
    assert "javascript:" not in page
    assert not Feed.objects.exists()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("", "This field is required"),
        ("ftp://example.org/feed", "Only http and https"),
        ("http://127.0.0.1:9/feed", "loopback"),
        ("http://169.254.169.254/latest", "metadata"),
        ("http://me:secret@example.org/", "user name or password"),
        ("<script>alert(1)</script>", "host"),
    ],
)
def test_what_cannot_be_a_feed_says_so_in_plain_words(site: Site, address: str, words: str) -> None:
    answer = signed_in(keeper()).post(ADD, {"step": "look", "address": address})
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert b"<script>alert" not in answer.content


def test_a_list_is_taken_in_and_told_of_line_by_line(site: Site) -> None:
    Feed.objects.create(url="https://news.example.com/known")
    opml = (
        "<opml version='2.0'><body><outline text='Folder'><outline text='New' xmlUrl='https://news.example.com/new'/>"
        "<outline xmlUrl='https://news.example.com/known'/><outline xmlUrl='https://news.example.com/new'/></outline>"
        "<outline text='x' xmlUrl='file:///etc/hosts'/><outline xmlUrl='https://me:pw@news.example.com/b'/></body></opml>"
    )
    file = BytesIO(opml.encode())
    file.name = "feeds.opml"
    page = signed_in(keeper()).post(LISTS, {"file": file}).content.decode()
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["1", "1", "2", "1"]
    assert "file:///etc/hosts" in page
    assert "user name or password" in page
    assert Feed.objects.get(title="New").url == "https://news.example.com/new"


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<html>", "not well-formed"), (b"<rss/>", "not OPML"), (b" " * 4_000_001, "larger"), (b"", "empty")],
)
def test_a_file_that_is_no_list_is_refused_in_plain_words(body: bytes, words: str) -> None:
    file = BytesIO(body)
    file.name = "feeds.opml"
    answer = signed_in(keeper()).post(LISTS, {"file": file})
    assert answer.status_code == 400
    assert words in answer.content.decode()


def test_all_feeds_leave_as_a_list_that_can_come_back() -> None:
    Feed.objects.create(url="https://news.example.com/a?b=1&c=2", title="A & <B>", language="en")
    answer = signed_in(keeper()).get(EXPORT)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="feeds.opml"'
    assert read_opml(answer.content).outlines[0].url == "https://news.example.com/a?b=1&c=2"


def test_a_pasted_text_becomes_a_document_to_be_read() -> None:
    client = signed_in(scenes.curator("paster"))
    said = {"text": STORY, "title": "", "published": "2025-10-20", "language": "en"}
    page = client.post(ARTICLE, said, follow=True).content.decode()
    document = Document.objects.get()
    assert f"Kept as document {document.pk}: Northwind cuts bonus" in page
    assert (document.text, document.language, document.state) == (STORY, "en", DocumentState.FETCHED)
    assert f"{document.published_on}" == "2025-10-20"
    assert document.url.startswith("file:pasted-")
    assert "which is there already" in client.post(ARTICLE, said, follow=True).content.decode()
    assert Document.objects.count() == 1


def test_the_address_of_a_page_becomes_a_document_with_that_address(site: Site) -> None:
    site.serve("/story", (RECORDED / "article_en.html").read_bytes(), "text/html")
    client = signed_in(scenes.curator("reader"))
    assert client.post(ARTICLE, {"address": site.url("/story?utm_source=mail")}).status_code == 302
    assert Document.objects.get().url == site.url("/story")


def test_an_uploaded_page_becomes_a_document_and_two_of_one_name_are_two() -> None:
    client = signed_in(scenes.curator("uploader"))
    page = (RECORDED / "article_en.html").read_bytes()
    for body in (page, page.replace(b"Northwind", b"Southwind")):
        file = BytesIO(body)
        file.name = "../../page.HTML"
        assert client.post(ARTICLE, {"file": file, "title": "By hand"}).status_code == 302
    assert sorted(Document.objects.values_list("version", flat=True)) == [1, 1]
    document = Document.objects.earliest("pk")
    assert (document.title, document.authors) == ("By hand", ["Jo Reed"])
    assert re.fullmatch(r"file:page-[0-9a-f]{12}\.html", document.url)


@pytest.mark.parametrize(
    ("said", "name", "words"),
    [
        ({}, "", "one of them"),
        ({"text": STORY}, "a.txt", "one of them"),
        ({}, "a.pdf", "Only .html and .txt"),
        ({"text": STORY, "published": "2999-01-01"}, "", "yet to come"),
        ({"text": STORY, "language": "tlh"}, "", "valid choice"),
        ({}, "empty.html", "No article text"),
        ({"text": STORY, "address": "https://news.example.com/"}, "", "one of them"),
        ({"address": "http://127.0.0.1:9/"}, "", "loopback"),
        ({"address": "ftp://news.example.com/"}, "", "Only http and https"),
    ],
)
def test_an_article_that_cannot_be_kept_says_why_and_keeps_what_was_typed(
    said: dict[str, str], name: str, words: str
) -> None:
    data: dict[str, object] = {**said, "title": "Typed title"}
    if name:
        data["file"] = file = BytesIO(b"<html><body>x</body></html>")
        file.name = name
    answer = signed_in(scenes.curator("typist")).post(ARTICLE, data)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert words in page
    assert "Typed title" in page
    assert not Document.objects.exists()


def test_a_file_larger_than_an_article_may_be_is_refused(settings: Settings) -> None:
    settings.FETCH_MAX_BYTES = 1000
    file = BytesIO(b"word " * 300)
    file.name = "a.txt"
    answer = signed_in(scenes.curator("typist")).post(ARTICLE, {"file": file})
    assert b"larger than 1000 bytes" in answer.content


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_feed_is_added_without_scripts_with_the_keyboard_at_any_width(
    chromium: Browser, live_server: LiveServer, site: Site, width: int
) -> None:
    keeper("keys")
    page_with_two = (
        b"<html><head><link rel=alternate type=application/rss+xml title=All href=/feed>"
        b"<link rel=alternate type=application/rss+xml title=Other href=/other></head><body>x</body></html>"
    )
    site.serve("/", page_with_two, "text/html")
    context = chromium.new_context(
        base_url=live_server.url,
        locale="en-GB",
        java_script_enabled=False,
        viewport={"width": width, "height": 740},
    )
    try:
        page = context.new_page()
        page.goto(ADD)
        page.get_by_label("Username").fill("keys")
        page.get_by_label("Password").fill("x")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}{ADD}")
        page.get_by_label("Address of a feed or of a page").fill(site.url("/"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="The page names 2 feeds")).to_be_visible()
        page.get_by_role("radio", name="All").focus()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Example Business & Boards")).to_be_visible()
        page.get_by_label("Title").fill("With keys")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Added: With keys")).to_be_visible()
    finally:
        context.close()
    assert Feed.objects.get().title == "With keys"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", [ADD, LISTS, ARTICLE])
def test_no_page_is_wider_than_a_phone(
    chromium: Browser, live_server: LiveServer, site: Site, address: str
) -> None:
    keeper("phone")
    context = chromium.new_context(
        base_url=live_server.url, locale="en-GB", viewport={"width": 360, "height": 740}
    )
    try:
        page = context.new_page()
        page.goto(address)
        page.get_by_label("Username").fill("phone")
        page.get_by_label("Password").fill("x")
        page.keyboard.press("Enter")
        page.wait_for_url(f"{live_server.url}{address}")
        if address == ADD:
            page.get_by_label("Address of a feed or of a page").fill(site.url("/feed"))
            page.keyboard.press("Enter")
            expect(page.get_by_role("heading", name="Example Business & Boards")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    finally:
        context.close()
