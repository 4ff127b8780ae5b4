"""gzip for the API's answers."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

NEVER = "text/event-stream"
"""What must reach its reader at once cannot wait in a compressor."""


class Compression(GZipMiddleware):
    """Compresses what the API answers where the caller accepts gzip; its ETag becomes a weak one.

    Pages are left out: beside a secret of the reader's (a form's token) compression can tell it (BREACH).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response, compressed if it may be."""
        if not request.path_info.startswith("/api/") or response.headers.get("Content-Type") == NEVER:
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
