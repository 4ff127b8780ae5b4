"""Every route of the site, by its name."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes() -> list[str]:
    """The names of all routes with their namespaces, such as `desk:queue`, in order, each once.

    A route without a name goes by its pattern.
    """
    return list(dict.fromkeys(_walk(get_resolver(), "", "")))


def _walk(resolver: URLResolver, space: str, prefix: str) -> Iterator[str]:
    for part in resolver.url_patterns:
        pattern = prefix + str(part.pattern)
        if isinstance(part, URLPattern):
            yield f"{space}{part.name}" if part.name else f"{space}{pattern}"
        else:
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from _walk(part, inner, pattern)
