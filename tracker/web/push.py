"""Where WebSub hubs call: they ask whether we meant a subscription (GET) and bring what a feed publishes (POST).

The token in the address is a secret between us and one hub. Whoever does not have it learns nothing.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from events.feeds import push

_STATUS = {
    push.Receipt.TAKEN: 202,
    # A message that is not signed is answered like one that is (WebSub, 7.1): else its sender could try secrets.
    push.Receipt.IGNORED: 202,
    push.Receipt.ENDED: 410,
    push.Receipt.UNKNOWN: 404,
}


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def websub(request: HttpRequest, token: str) -> HttpResponse:
    """One call of a hub."""
    return _verification(request, token) if request.method == "GET" else _message(request, token)


def _verification(request: HttpRequest, token: str) -> HttpResponse:
    said = {name: request.GET.get(f"hub.{name}", "") for name in ("mode", "topic", "challenge", "reason")}
    answer = push.verify(token, push.Verification(**said, lease=request.GET.get("hub.lease_seconds", "")))
    if answer is None:
        return HttpResponse(status=404)
    return HttpResponse(answer, content_type="text/plain; charset=utf-8")


def _message(request: HttpRequest, token: str) -> HttpResponse:
    if not push.is_known(token):
        return HttpResponse(status=404)
    # Read here, not by Django: its bound on bodies is for forms, and a feed may be larger.
    body = request.read(settings.FETCH_MAX_BYTES + 1)
    if len(body) > settings.FETCH_MAX_BYTES:
        return HttpResponse(status=413)
    signature = request.headers.get("X-Hub-Signature", "")
    receipt = push.receive(token, body, request.headers.get("Content-Type", ""), signature)
    return HttpResponse(status=_STATUS[receipt])


urlpatterns = [path("websub/<str:token>/", websub, name="websub")]
