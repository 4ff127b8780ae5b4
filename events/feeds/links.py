"""Links in the header of an answer (RFC 8288). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

_MAX_HEADER = 20_000
_LINK = re.compile(r'<([^<>]*)>((?:\s*;\s*[\w*-]+\s*(?:=\s*(?:"[^"]*"|[^\s";,<>]*))?)*)')
_RELATION = re.compile(r';\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,<>]*))', re.IGNORECASE)


def links_of(header: str) -> Iterator[tuple[str, str]]:
    """(relation, target) of every link in a `Link` header, relations in lower case, targets as sent."""
    for match in _LINK.finditer(header[:_MAX_HEADER]):
        relation = _RELATION.search(match[2])
        for name in (relation[1] or relation[2] or "").lower().split() if relation else ():
            yield name, match[1].strip()
