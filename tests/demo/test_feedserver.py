"""The demo's news site."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import feedparser
import httpx
import pytest

from tests.conftest import REPOSITORY
from tracker.local.feedserver import FOLDER, FeedServer, serving


@pytest.fixture
def site() -> Iterator[FeedServer]:
    with serving() as server:
        yield server


def get(site: FeedServer, path: str, **headers: str) -> httpx.Response:
    return httpx.get(
        site.address + path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )


def test_the_feed_names_articles_under_the_servers_own_address(site: FeedServer) -> None:
    feed = feedparser.parse(get(site, "/feed.xml").content)

    assert not feed.bozo
    assert len(feed.entries) >= 8
    for entry in feed.entries:
        assert entry.link.startswith(site.address)
        assert httpx.get(entry.link).headers["Content-Type"] == "text/html; charset=utf-8"


def test_no_placeholder_is_left(site: FeedServer) -> None:
    for file in FOLDER.rglob("*.*ml"):
        assert "{base}" not in get(site, f"/{file.relative_to(FOLDER)}").text


@pytest.mark.parametrize(
    ("answer", "question"), [("ETag", "If_None_Match"), ("Last-Modified", "If_Modified_Since")]
)
def test_an_unchanged_feed_is_answered_by_304(site: FeedServer, answer: str, question: str) -> None:
    first = get(site, "/feed.xml")

    second = get(site, "/feed.xml", **{question: first.headers[answer]})

    assert (second.status_code, second.content) == (304, b"")


def test_a_changed_feed_is_sent_again(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text("<rss>one</rss>")
    with serving(tmp_path) as site:
        etag = get(site, "/").headers["ETag"]
        (tmp_path / "feed.xml").write_text("<rss>two</rss>")

        assert get(site, "/", If_None_Match=etag).text == "<rss>two</rss>"


@pytest.mark.parametrize(
    "path", ["/../README.md", "/%2e%2e/%2e%2e/pyproject.toml", "/README.md", "/articles", "/%00"]
)
def test_nothing_outside_the_served_files_is_given(site: FeedServer, path: str) -> None:
    assert get(site, path).status_code == 404


def test_a_broken_date_is_answered_in_full(site: FeedServer) -> None:
    assert get(site, "/feed.xml", If_Modified_Since="yesterday").status_code == 200


def test_head_sends_headers_alone(site: FeedServer) -> None:
    answer = httpx.head(site.address + "/feed.xml")

    assert answer.headers["ETag"]
    assert answer.content == b""


def test_the_command_serves_until_it_is_told_to_stop() -> None:
    command = [sys.executable, "-m", "tracker.local.feedserver", "--port", "0"]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = process.stderr.readline().split()[-1]
        answer = httpx.get(address)
        os.kill(process.pid, signal.SIGTERM)
        process.communicate()

    assert answer.status_code == 200
    assert process.returncode == 0


def test_a_taken_port_is_said() -> None:
    with serving() as site:
        command = [sys.executable, "-m", "tracker.local.feedserver", "--port", str(site.server_port)]
        done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert f"cannot listen on port {site.server_port}" in done.stderr
