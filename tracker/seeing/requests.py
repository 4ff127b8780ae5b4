"""Each request has a number, a line in the log and a place in the figures."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.core.signals import request_finished
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from tracker.seeing import context, measuring

log = logging.getLogger(__name__)

HEADER = "X-Request-ID"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Requests:
    """Gives each request a number, which its log lines and its answer carry; says and counts how it went.

    A number that comes with the request (X-Request-ID, as a proxy sets it) is taken if it is well-formed. The log
    holds neither the query, in which readers write names, nor whose request it was.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers the request; what fails inside has been made an answer of 500 by then."""
        request_id = context.well_formed(request.headers.get(HEADER)) or context.new_id()
        began = time.perf_counter()
        # Until the request is finished, not only in here: Django says what was not found when all middleware is done.
        context.clear()
        context.bind(request_id=request_id, correlation_id=request_id)
        with measuring.in_progress():
            response = self.get_response(request)
            seconds = time.perf_counter() - began
            method = request.method if request.method in _METHODS else "other"
            route = _route(request)
            measuring.observe(method or "other", route, response.status_code, seconds)
            fields = {
                "method": method,
                "path": request.path[:300],
                "route": route,
                "status": response.status_code,
                "seconds": round(seconds, 4),
            }
            log.log(
                logging.ERROR if response.status_code >= 500 else logging.INFO,
                "request",
                extra={"fields": fields},
            )
        response.headers[HEADER] = request_id
        return response


@receiver(request_finished)
def forget(**kwargs: object) -> None:
    """The thread is free for another request."""
    context.clear()


def _route(request: HttpRequest) -> str:
    """The pattern that the address met, never the address: of those there are as many as anybody likes to make up."""
    match = request.resolver_match
    if match is not None:
        return f"/{match.route}"
    return settings.STATIC_URL if request.path.startswith(settings.STATIC_URL) else "unknown"
