"""Pages whose address holds a key: not stored, not indexed, and never named to others."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from events.models.alerts import Subscriber

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
GET_POST = ["GET", "HEAD", "POST"]
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")


def private(view: View[P]) -> View[P]:
    """The address must not leave in a Referer, nor come into a cache or a search engine."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return cast("View[P]", guarded)


def subscriber_of(token: str) -> Subscriber:
    """The subscriber whose token it is. Raises Http404."""
    return get_object_or_404(Subscriber, token=well_formed(token))


def well_formed(token: str) -> str:
    """The token, if it can be one at all. Raises Http404."""
    if not _TOKEN.fullmatch(token):
        raise Http404
    return token
