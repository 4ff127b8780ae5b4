"""A WebSub hub on the loopback interface: real HTTP both ways, and every way in which a hub can be wrong."""

from __future__ import annotations

import hashlib
import hmac
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit, urlunsplit

from django.utils import timezone

from events.choices import PushState
from events.feeds import polling, push
from events.models.sources import Feed, HubSubscription
from tests.feeds.servers import Site

CHALLENGE = "a challenge <b>of ours</b>"


@dataclass
class Answer:
    """What a callback answered."""

    status: int
    body: bytes
    content_type: str


@dataclass
class Hub:
    """`status` answers requests, `verifies` says whether the hub asks back before it answers, `lease` in seconds."""

    address: str = ""
    status: int = 202
    words: bytes = b""
    location: str = ""
    verifies: bool = True
    lease: int = 86_400
    forms: list[dict[str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.address}/hub"

    def verify(self, form: dict[str, str], **changed: str) -> Answer:
        """Asks the subscriber whether it meant the request in `form`."""
        asked = {"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": CHALLENGE}
        if form["hub.mode"] == "subscribe":
            asked["hub.lease_seconds"] = str(self.lease)
        asked |= {f"hub.{name}": value for name, value in changed.items()}
        answer = call(with_query(form["hub.callback"], asked))
        self.answers.append(answer)
        return answer

    def publish(
        self, body: bytes, *, method: str = "sha256", secret: str = "", signature: str = ""
    ) -> Answer:
        """Sends content to the last subscriber, signed with its secret unless told otherwise."""
        form = next(form for form in reversed(self.forms) if form["hub.mode"] == "subscribe")
        digest = hmac.new((secret or form["hub.secret"]).encode(), body, getattr(hashlib, method)).hexdigest()
        headers = {
            "Content-Type": "application/rss+xml",
            "X-Hub-Signature": signature or f"{method}={digest}",
        }
        return call(form["hub.callback"], body, headers)


def with_query(url: str, query: dict[str, str]) -> str:
    """`url` with more parameters; those that it has stay (WebSub, 5.3)."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *query.items()])))


def call(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
    """One request, whatever its status."""
    request = urllib.request.Request(url, body, headers or {})  # noqa: S310 - our own servers
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own servers
            return Answer(answer.status, answer.read(), answer.headers.get("Content-Type", ""))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read(), error.headers.get("Content-Type", ""))


@contextmanager
def running_hub() -> Iterator[Hub]:
    """A hub on a free port of 127.0.0.1."""
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
            hub.forms.append(form)
            status = hub.status if self.path == "/hub" else 202
            if hub.verifies and status == 202:
                hub.verify(form)
            self.send_response(status)
            if hub.location and self.path == "/hub":
                self.send_header("Location", hub.location)
            self.send_header("Content-Length", str(len(hub.words)))
            self.end_headers()
            self.wfile.write(hub.words)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        hub.address = f"127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield hub
        finally:
            server.shutdown()
    thread.join(5)


def feed_of(hub: Hub, site: Site, *, entry: str = "1", path: str = "/feed") -> Feed:
    """A feed that names the hub, polled once."""
    site.serve(path, body(hub, site, entry))
    feed = Feed.objects.create(url=site.url(path))
    polling.poll_feed(feed.pk, force=True)
    return feed


def body(hub: Hub, site: Site, entry: str) -> bytes:
    """A feed of one entry that names the hub."""
    return (
        "<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel><title>Wire</title>"
        f"<atom:link rel='hub' href='{hub.url}'/><atom:link rel='self' href='{site.url('/topic')}'/>"
        f"<item><guid isPermaLink='false'>{entry}</guid><title>News {entry}</title></item></channel></rss>"
    ).encode()


def subscribed(hub: Hub, site: Site) -> HubSubscription:
    """An active subscription."""
    row = HubSubscription.objects.get(feed=feed_of(hub, site))
    found = push.renew_push(row.pk)
    assert found is not None
    assert found.state == PushState.ACTIVE
    return found


def make_due(row: HubSubscription) -> None:
    """Its hub is to be asked now."""
    HubSubscription.objects.filter(pk=row.pk).update(next_attempt_at=timezone.now())
