"""The demo's news site: a folder of feed and articles, served on the loopback interface only.

    python -m tracker.local.feedserver --port 8010 [--folder fixtures/feeds/demo]

Answers conditional requests (ETag, Last-Modified) as a well-kept news site does, so that polling twice costs
nothing. `{base}` in XML and HTML files stands for the server's own address and is filled in when served.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "feeds" / "demo"
CONTENT_TYPES = {
    ".xml": "application/rss+xml; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Page:
    """One answer's body with what conditional requests compare; `modified` is in whole seconds since 1970."""

    body: bytes
    content_type: str
    etag: str
    modified: int


def find_page(folder: Path, address: str, path: str) -> Page | None:
    """The file of `folder` that a request path names, or None where there is none of a served type.

    `/` is the feed. A path can never leave the folder.
    """
    name = unquote(urlsplit(path).path).lstrip("/") or "feed.xml"
    if "\0" in name:
        return None
    root = folder.resolve()
    file = (root / name).resolve()
    if not file.is_relative_to(root) or file.suffix not in CONTENT_TYPES or not file.is_file():
        return None
    body = file.read_bytes().replace(b"{base}", address.encode())
    etag = '"' + hashlib.sha256(body).hexdigest()[:32] + '"'
    return Page(body, CONTENT_TYPES[file.suffix], etag, int(file.stat().st_mtime))


def is_unchanged(page: Page, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether a conditional request is answered by 304: the ETag decides if given (RFC 9110, 13.2.2)."""
    if if_none_match is not None:
        tags = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
        return "*" in tags or page.etag in tags
    if if_modified_since is None:
        return False
    try:
        return page.modified <= parsedate_to_datetime(if_modified_since).timestamp()
    except ValueError:
        return False


class FeedServer(ThreadingHTTPServer):
    """Serves `folder`; `address` is the base address, such as http://127.0.0.1:8010."""

    daemon_threads = True

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        super().__init__((HOST, port), Handler)

    @property
    def address(self) -> str:
        return f"http://{HOST}:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """GET and HEAD of the folder's files."""

    server: FeedServer
    protocol_version = "HTTP/1.1"
    # Head and body are two writes: without this the second waits for the reader to acknowledge the first, some 40 ms.
    disable_nagle_algorithm = True
    timeout = 30

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def answer(self, *, with_body: bool) -> None:
        """Sends the page, 304 or 404."""
        page = find_page(self.server.folder, self.server.address, self.path)
        if page is None:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        unchanged = is_unchanged(page, self.headers["If-None-Match"], self.headers["If-Modified-Since"])
        self.send_response(HTTPStatus.NOT_MODIFIED if unchanged else HTTPStatus.OK)
        self.send_header("ETag", page.etag)
        self.send_header("Last-Modified", formatdate(page.modified, usegmt=True))
        if not unchanged:
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        if with_body and not unchanged:
            self.wfile.write(page.body)

    def log_message(self, format: str, *args: object) -> None:
        log.info(format, *args)


@contextmanager
def serving(folder: Path = FOLDER, port: int = 0) -> Iterator[FeedServer]:
    """Serves the folder from a thread while the block runs. Raises OSError when the port is taken."""
    server = FeedServer(folder, port)
    thread = threading.Thread(target=server.serve_forever, name="feedserver", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main(argv: Sequence[str] | None = None) -> int:
    """Serves until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(description="Serve the demo's feed and articles on loopback.")
    parser.add_argument("--port", type=int, required=True, help="0 takes any free port")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    options = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with serving(options.folder, options.port) as server:
            log.info("serving %s on %s/feed.xml", options.folder.name, server.address)
            stop.wait()
    except OSError as error:
        log.error("cannot listen on port %s: %s", options.port, error.strerror)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
