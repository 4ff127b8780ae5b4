"""Answers whose JSON is there already: what was published is put into them as it was written, never parsed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.renderers import JSONRenderer


class Text(bytes):
    """JSON, in UTF-8, that is an answer as it stands."""

    __slots__ = ()


class Renderer(JSONRenderer):
    """DRF's JSON, but `Text` goes out as it is."""

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        """The answer's bytes, UTF-8."""
        if isinstance(data, Text):
            return data
        rendered: bytes = super().render(data, accepted_media_type, renderer_context)
        return rendered


def dumps(value: Any) -> bytes:
    """A value as answers write it: no spaces, no escapes but those that JSON needs."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def page(results: Iterable[bytes], *, before: Mapping[str, Any] | None = None, **after: Any) -> Text:
    """An object with `results`, each of them JSON, between its other members."""
    first = b"".join(b"%b:%b," % (dumps(name), dumps(value)) for name, value in (before or {}).items())
    last = b"".join(b",%b:%b" % (dumps(name), dumps(value)) for name, value in after.items())
    return Text(b'{%b"results":[%b]%b}' % (first, b",".join(results), last))
