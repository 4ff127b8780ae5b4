"""A chat-completions endpoint on the loopback interface that answers as tests ask it to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from events import intake
from events.choices import DocumentState
from events.models.candidates import Candidate
from events.models.sources import Document

JSON = dict[str, Any]
Reply = Callable[["Endpoint", BaseHTTPRequestHandler, JSON], None]


@dataclass
class Endpoint:
    """`asked` holds each question's body, `headers` its headers, `paths` its path; `reply` answers."""

    url: str = ""
    reply: Reply = field(default=lambda *_: None)
    asked: list[JSON] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def proposes(self, *claims: JSON, **more: Any) -> None:
        """From now on it answers with these claims."""
        self.reply = says(json.dumps({"claims": list(claims)}, ensure_ascii=False), **more)


def says(content: str, **usage: int) -> Reply:
    """Answers with a message of this content."""
    message = {"choices": [{"message": {"role": "assistant", "content": content}}], "usage": usage}
    return sends(json.dumps(message).encode())


def sends(body: bytes, status: int = 200, **headers: str) -> Reply:
    """Answers with these bytes; header names with underscores for hyphens."""

    def reply(endpoint: Endpoint, handler: BaseHTTPRequestHandler, question: JSON) -> None:
        handler.send_response(status)
        for name, value in {"content_length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return reply


def drips(endpoint: Endpoint, handler: BaseHTTPRequestHandler, question: JSON) -> None:
    """Sends a byte now and then for ever, so that no single read takes long."""
    handler.send_response(200)
    handler.end_headers()
    while not endpoint.closing.is_set():
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.05)


@contextmanager
def running() -> Iterator[Endpoint]:
    """An endpoint on a free port of 127.0.0.1."""
    endpoint = Endpoint()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            endpoint.asked.append(json.loads(body))
            endpoint.headers.append({name.lower(): value for name, value in self.headers.items()})
            endpoint.paths.append(self.path)
            with suppress(OSError):
                endpoint.reply(endpoint, self, endpoint.asked[-1])

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield endpoint
    finally:
        endpoint.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


APPOINTED = "Marlow Foods appointed Ilse van Houten as chief financial officer on 3 October 2025."
UNSEEN = "The reins of the Harbour Lab passed out of Tomas Brandt's hands on 6 October 2025."
TEXT = f"{APPOINTED}\n\n{UNSEEN}\n"
KEY = "sk-test-0123456789abcdef"


def appointment(**fields: Any) -> JSON:
    """What the model says of the sentence that the built-in extractor reads, too."""
    claim: JSON = {
        "kind": "leadership",
        "action": "appointment",
        "subject": {"type": "person", "name": "Ilse van Houten", "title": "chief financial officer"},
        "evidence": [{"field": "", "quote": "appointed Ilse van Houten as chief financial officer"}],
    }
    return claim | fields


def departure(**fields: Any) -> JSON:
    """What only the model sees."""
    claim: JSON = {
        "kind": "leadership",
        "action": "departure",
        "subject": {"type": "person", "name": "Tomas Brandt", "organization": "Harbour Lab"},
        "departure": "unknown",
        "dates": {"occurred": {"value": "2025-10-06", "precision": "day"}},
        "evidence": [
            {"field": "", "quote": "The reins of the Harbour Lab passed out of Tomas Brandt's hands"},
            {"field": "/dates/occurred", "quote": "on 6 October 2025"},
        ],
    }
    return claim | fields


def of(candidates: list[Candidate], name: str) -> Candidate:
    [found] = [candidate for candidate in candidates if candidate.subject_name == name]
    return found


def again(source: Document) -> list[Candidate]:
    Document.objects.filter(id=source.id).update(state=DocumentState.FETCHED.value, claimed_until=None)
    return intake.extract_document(source.id)
