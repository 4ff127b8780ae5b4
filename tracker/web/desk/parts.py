"""Parts of a page that its script asks for alone."""

from __future__ import annotations

from django.http import HttpRequest

HEADER = "X-Desk-Part"


def asks_for_part(request: HttpRequest, name: str) -> bool:
    """Whether a script wants that part of the page and nothing else."""
    return request.headers.get(HEADER) == name
