"""The demo's sent mail, as its mail catcher wrote it: there only where DEMO_MAIL_DIR is set."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
MAX_LISTED = 100
MAX_BYTES = 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9_-]{1,120}")
HTML_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"
"""What the HTML part of a mail may do: look like itself. No script, no form, nothing loaded from anywhere."""


@dataclass(frozen=True)
class Mail:
    """One message as the list and its page show it."""

    name: str
    subject: str
    sender: str
    to: str
    date: str
    text: str = ""
    html: str = ""


def demo_only(view: View[P]) -> View[P]:
    """404 unless this is a demo."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not settings.DEMO_MAIL_DIR:
            raise Http404
        return view(request, *args, **kwargs)

    return cast("View[P]", guarded)


@require_safe
@demo_only
def listing(request: HttpRequest) -> HttpResponse:
    """The messages, newest first."""
    paths = sorted(Path(settings.DEMO_MAIL_DIR).glob("*.eml"), reverse=True)[:MAX_LISTED]
    mails = [read(path) for path in paths]
    return render(request, "web/subscribers/mail_list.html", {"mails": mails})


@require_safe
@demo_only
def message(request: HttpRequest, name: str) -> HttpResponse:
    """One message with its text part, and its HTML part in a frame."""
    return render(request, "web/subscribers/mail.html", {"mail": read(_path(name))})


@require_safe
@demo_only
@xframe_options_sameorigin
def html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, in a sandbox."""
    return HttpResponse(read(_path(name)).html, headers={"Content-Security-Policy": HTML_POLICY})


def read(path: Path) -> Mail:
    """A message from its file; what a header or part lacks is empty."""
    with path.open("rb") as file:
        parsed = BytesParser(EmailMessage, policy=policy.default).parsebytes(file.read(MAX_BYTES))
    headers = {name: str(parsed.get(name, "")) for name in ("subject", "from", "to", "date")}
    return Mail(
        name=path.stem,
        subject=headers["subject"],
        sender=headers["from"],
        to=headers["to"],
        date=headers["date"],
        text=_part(parsed, "plain"),
        html=_part(parsed, "html"),
    )


def _part(message: EmailMessage, subtype: str) -> str:
    part = message.get_body(preferencelist=(subtype,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):
        return ""


def _path(name: str) -> Path:
    """The file of a name from an address. Raises Http404 for a name that is none of ours."""
    path = Path(settings.DEMO_MAIL_DIR) / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise Http404
    return path
