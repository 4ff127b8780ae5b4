"""`/healthz`, `/readyz` and `/metrics`, answered before anything else looks at the request.

So they work on plain HTTP, by any host name, without cookies, and while the database is away.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from tracker.seeing import collecting, readiness

_FORWARDED = ("X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via")
_BEARER = re.compile(r"Bearer +(\S+)", re.IGNORECASE)


class Probes:
    """The first of all middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answers the three addresses, and hands on everything else."""
        view = VIEWS.get(request.path_info)
        if view is None:
            return self.get_response(request)
        if request.method in {"GET", "HEAD"}:
            response = view(request)
        else:
            response = HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def healthz(request: HttpRequest) -> HttpResponse:
    """Whether the process answers at all: asks nobody."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


def readyz(request: HttpRequest) -> HttpResponse:
    """Whether all parts are there, one by one; 503 while one is not. Only operators are told more than that."""
    parts = readiness.parts()
    ready = all(part.ready for part in parts)
    told = is_operator(request)
    body = {
        "ready": ready,
        "parts": {
            part.name: {"ready": part.ready} | ({"detail": part.detail} if told else {}) for part in parts
        },
    }
    return JsonResponse(body, status=200 if ready else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    """Figures for Prometheus. Where nobody is allowed to see them there is no such page."""
    if not (settings.METRICS_TOKEN or settings.METRICS_ALLOWED):
        return HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8")
    if not is_operator(request):
        return HttpResponse("Forbidden\n", status=403, content_type="text/plain; charset=utf-8")
    return HttpResponse(collecting.exposition(), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def is_operator(request: HttpRequest) -> bool:
    """Whether the request shows METRICS_TOKEN, or comes straight from one of METRICS_ALLOWED.

    What a proxy hands on has the proxy's address, whoever asks: there only the token counts.
    """
    shown = _BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if settings.METRICS_TOKEN and shown:
        return hmac.compare_digest(shown[1].encode(), settings.METRICS_TOKEN.encode())
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any(
        (mapped or address) in ipaddress.ip_network(network, strict=False)
        for network in settings.METRICS_ALLOWED
    )


VIEWS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}
