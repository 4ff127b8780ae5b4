"""One question to an OpenAI-compatible endpoint: bounded in time and size, and never redirected.

The endpoint is the operator's own choice and may be on a private network. Nothing else is ever requested: its host
alone is an exception for the guard, redirects are not followed, and proxies of the environment are not asked.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpcore
import httpx

from events.choices import ModelCallState
from events.exceptions import FetchRefused, Unreachable
from events.intake.modelling.endpoint import Endpoint
from events.net.connection import Deadline, GuardedBackend, tls_context
from events.net.guard import Guard, port_of
from events.net.headers import parse_retry_after

JSON = dict[str, Any]
Message = dict[str, str]

MAX_BYTES = 512 * 1024
"""Of an answer; what is longer is no answer to the question that was asked."""
_TOLD = 500
"""Characters of an endpoint's own words that an error repeats."""
_ASK_PLAINLY = (400, 415, 422)
"""Statuses by which an endpoint says that it does not know the answer format that was asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model wrote, and the tokens that the endpoint counted (0 where it does not say)."""

    content: str
    tokens_in: int = 0
    tokens_out: int = 0


class ModelFailed(Exception):
    """A question without an answer; `retry_after` is in seconds, where the endpoint asks to be left alone."""

    def __init__(self, state: ModelCallState, message: str, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.state = state
        self.retry_after = retry_after


def complete(endpoint: Endpoint, messages: list[Message], schema: JSON) -> Answer:
    """What the model answers; raises ModelFailed, within `endpoint.timeout` seconds in all.

    The answer is asked for by `schema`; of an endpoint that refuses that, as JSON.
    """
    url = httpx.URL(f"{endpoint.url}/chat/completions")
    deadline = Deadline()
    deadline.set(endpoint.timeout)
    host = f"[{url.host}]" if ":" in url.host else url.host
    backend = GuardedBackend(Guard.allowing([f"{host}:{port_of(url)}"]), deadline)
    formats: list[JSON] = [
        {"type": "json_schema", "json_schema": {"name": "claims", "schema": schema}},
        {"type": "json_object"},
    ]
    with httpcore.ConnectionPool(ssl_context=tls_context(), network_backend=backend) as pool:
        status, headers, body = _post(pool, url, endpoint, messages, formats[0])
        if status in _ASK_PLAINLY:
            status, headers, body = _post(pool, url, endpoint, messages, formats[1])
    if status != 200:
        raise _refused(endpoint, status, headers, body)
    return _answer(body)


def _post(
    pool: httpcore.ConnectionPool, url: httpx.URL, endpoint: Endpoint, messages: list[Message], form: JSON
) -> tuple[int, dict[str, str], bytes]:
    question: JSON = {
        "model": endpoint.model, "messages": messages, "temperature": 0, "response_format": form, "stream": False,
    }  # fmt: skip
    if endpoint.answer_tokens:
        question["max_tokens"] = endpoint.answer_tokens
    content = json.dumps(question, ensure_ascii=False).encode("utf-8", "replace")
    target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
    try:
        with pool.stream(
            "POST",
            target,
            headers=_headers(endpoint, url, len(content)),
            content=content,
            extensions={"timeout": dict.fromkeys(("connect", "read", "write", "pool"), endpoint.timeout)},
        ) as response:
            names = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in response.headers}
            return response.status, names, _body(response)
    except httpcore.TimeoutException:
        raise ModelFailed(
            ModelCallState.TIMED_OUT, f"No answer within {endpoint.timeout:g} seconds."
        ) from None
    except (httpcore.NetworkError, httpcore.ProtocolError, Unreachable, FetchRefused, OSError) as error:
        words = f"No connection to the endpoint: {type(error).__name__} {error}"
        raise ModelFailed(ModelCallState.UNREACHABLE, words[:_TOLD]) from None


def _headers(endpoint: Endpoint, url: httpx.URL, length: int) -> list[tuple[bytes, bytes]]:
    headers = [
        (b"Host", url.netloc),
        (b"Content-Type", b"application/json"),
        (b"Content-Length", str(length).encode()),
        (b"Accept", b"application/json"),
        (b"Accept-Encoding", b"identity"),
    ]
    if endpoint.key:
        headers.append((b"Authorization", b"Bearer " + endpoint.key.encode("ascii")))
    return headers


def _body(response: httpcore.Response) -> bytes:
    pieces, size = [], 0
    for piece in response.iter_stream():
        size += len(piece)
        if size > MAX_BYTES:
            raise ModelFailed(ModelCallState.INVALID, f"The answer is longer than {MAX_BYTES // 1024} KiB.")
        pieces.append(piece)
    return b"".join(pieces)


def _refused(endpoint: Endpoint, status: int, headers: dict[str, str], body: bytes) -> ModelFailed:
    words = " ".join(body[: 4 * _TOLD].decode("utf-8", "replace").replace("\x00", "").split())
    retry = (
        parse_retry_after(headers.get("retry-after", ""), datetime.now(UTC)) if status in (429, 503) else None
    )
    if status == 429 and retry is None:
        retry = 60
    return ModelFailed(ModelCallState.REFUSED, endpoint.hide(f"HTTP {status}. {words}")[:_TOLD], retry)


def _answer(body: bytes) -> Answer:
    try:
        told = json.loads(body)
        content = told["choices"][0]["message"]["content"]
        usage = told.get("usage") or {}
        tokens = [_count(usage.get(name)) for name in ("prompt_tokens", "completion_tokens")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError):
        raise ModelFailed(ModelCallState.INVALID, "The answer is not a chat completion.") from None
    if not isinstance(content, str):
        raise ModelFailed(ModelCallState.INVALID, "The answer has no text.")
    # What PostgreSQL cannot hold, a NUL or half a surrogate pair, cannot stand in the article either.
    content = content.replace("\x00", "\ufffd").encode("utf-8", "replace").decode()
    return Answer(content, *tokens)


def _count(value: Any) -> int:
    is_count = isinstance(value, int) and not isinstance(value, bool)
    return min(max(value, 0), 10**9) if is_count else 0
