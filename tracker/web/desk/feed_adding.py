"""The desk's ways in for what is not polled yet: a feed by its address, lists of feeds, an article by hand.

An address is looked at first; only what was shown can be added, and nothing is kept before that.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, time, timedelta
from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from events.choices import FeedKind
from events.exceptions import FetchFailed, FetchRefused, NotAFeed, NoText
from events.feeds import polling
from events.feeds.adding import Imported, add_feed, export_list, import_list
from events.feeds.opml import MAX_BYTES, NotOpml, read_opml
from events.feeds.preview import Preview, preview, typed_address
from events.models.sources import Document
from tracker.web.desk.access import curators_only, staff_with

_SALT = "desk.feed-add"
_SEEN_FOR = timedelta(hours=12)
_MAX_TEXT = 250_000
_KINDS = {".html": "text/html", ".htm": "text/html", ".txt": "text/plain", ".md": "text/plain"}
LANGUAGE_TAG = RegexValidator(
    r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", _("Write a language tag such as en or zh-Hans.")
)


class AddressForm(forms.Form):
    """What a person types or pastes to find a feed."""

    address = forms.CharField(
        max_length=2000,
        label=_("Address of a feed or of a page"),
        widget=forms.TextInput(
            attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


class FeedForm(forms.Form):
    """What can be said of a feed that was looked at. `seen` is its address, signed when it was shown."""

    seen = forms.CharField(max_length=5000, widget=forms.HiddenInput)
    title = forms.CharField(max_length=300, required=False, label=_("Title"))
    language = forms.CharField(
        max_length=10,
        required=False,
        validators=[LANGUAGE_TAG],
        label=_("Language"),
        help_text=_("Empty: found out by article."),
    )

    def clean_seen(self) -> dict[str, str]:
        """The address and kind that were shown. Raises ValidationError when they are not what we signed."""
        try:
            seen: dict[str, str] = signing.loads(self.cleaned_data["seen"], salt=_SALT, max_age=_SEEN_FOR)
        except signing.BadSignature:
            raise forms.ValidationError(
                gettext("This was shown too long ago. Look at the address again.")
            ) from None
        return seen


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("events.add_feed")
def add(request: HttpRequest) -> HttpResponse:
    """Address, then what it brings, then added."""
    if request.method != "POST":
        return _page(request, AddressForm(initial={"address": request.GET.get("address", "")[:2000]}))
    return _added(request) if request.POST.get("step") == "add" else _looked_at(request)


def _looked_at(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        found = preview(form.cleaned_data["address"])
    except (FetchFailed, FetchRefused, NotAFeed) as error:
        form.add_error("address", str(error))
        return _page(request, form, status=400)
    if found.choices or found.known is not None:
        return _page(request, form, found=found)
    seen = signing.dumps({"url": found.url, "kind": found.kind.value}, salt=_SALT)
    values = {"seen": seen, "title": found.title[:300], "language": found.language[:10]}
    return _page(request, form, found=found, confirm=FeedForm(initial=values))


def _added(request: HttpRequest) -> HttpResponse:
    confirm = FeedForm(request.POST)
    if not confirm.is_valid():
        stale = "seen" in confirm.errors
        form = AddressForm(initial={"address": request.POST.get("address", "")[:2000]})
        for error in confirm.errors.get("seen", []):
            messages.error(request, str(error))
        return _page(request, form, confirm=None if stale else confirm, status=400)
    said, seen = confirm.cleaned_data, confirm.cleaned_data["seen"]
    try:
        feed, is_new = add_feed(
            seen["url"], title=said["title"], language=said["language"], kind=FeedKind(seen["kind"])
        )
    except FetchRefused as error:
        messages.error(request, str(error))
        return _page(request, AddressForm(initial={"address": seen["url"]}), status=400)
    if is_new:
        messages.success(request, gettext("Added: %(feed)s. It is polled now.") % {"feed": feed})
    else:
        messages.info(request, gettext("Nothing was added: %(feed)s is there already.") % {"feed": feed})
    return redirect("desk:feed", feed.pk)


def _page(
    request: HttpRequest,
    form: AddressForm,
    *,
    found: Preview | None = None,
    confirm: FeedForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"form": form, "found": found, "confirm": confirm, "now": timezone.now()}
    return render(request, "web/desk/feed_add.html", context, status=status)


class ListForm(forms.Form):
    """A file of feeds."""

    file = forms.FileField(
        label=_("OPML file"), widget=forms.FileInput(attrs={"accept": ".opml,.xml,text/x-opml"})
    )

    def clean_file(self) -> bytes:
        """Its bytes. Raises ValidationError for a file that is too large."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        return _bytes_of(file, MAX_BYTES)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_with("events.add_feed")
def lists(request: HttpRequest) -> HttpResponse:
    """Takes a list of feeds from a file and says what became of each; offers all feeds as one."""
    if request.method != "POST":
        return render(request, "web/desk/feed_lists.html", {"form": ListForm()})
    form = ListForm(request.POST, request.FILES)
    done: Imported | None = None
    if form.is_valid():
        try:
            done = import_list(read_opml(form.cleaned_data["file"]))
        except NotOpml as error:
            form.add_error("file", str(error))
    context = {"form": form if done is None else ListForm(), "done": done}
    return render(request, "web/desk/feed_lists.html", context, status=200 if done else 400)


@require_safe
@staff_with("events.view_feed")
def export(request: HttpRequest) -> HttpResponse:
    """All feeds as an OPML file."""
    text, _count = export_list()
    headers = {"Content-Disposition": 'attachment; filename="feeds.opml"'}
    return HttpResponse(text, content_type="text/x-opml; charset=utf-8", headers=headers)


class ArticleForm(forms.Form):
    """An article that no feed brings: its address, its text pasted, or a file of it."""

    address = forms.CharField(
        max_length=2000,
        required=False,
        label=_("Address of a page"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
    )
    text = forms.CharField(
        max_length=_MAX_TEXT,
        required=False,
        strip=False,
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("Or paste the whole article."),
    )
    file = forms.FileField(
        required=False,
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ".html,.htm,.txt,.md"}),
        help_text=_("Or choose a page (.html) or plain text (.txt)."),
    )
    title = forms.CharField(
        max_length=500, required=False, label=_("Title"), help_text=_("Empty: the article's own.")
    )
    published = forms.DateField(
        required=False,
        label=_("Day of publication"),
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Dates such as “last Monday” are counted from it."),
    )
    language = forms.ChoiceField(
        required=False,
        label=_("Language"),
        choices=[
            ("", _("Found out")),
            ("en", _("English")),
            ("zh-Hans", _("Chinese, simplified")),
            ("zh-Hant", _("Chinese, traditional")),
        ],
    )

    def clean_file(self) -> tuple[bytes, str] | None:
        """(bytes, name), or None without a file. Raises ValidationError."""
        file: UploadedFile[Any] | None = self.cleaned_data["file"]
        if file is None:
            return None
        name = PurePath(file.name or "file").name
        if PurePath(name).suffix.lower() not in _KINDS:
            raise forms.ValidationError(gettext("Only .html and .txt files are read."))
        return _bytes_of(file, settings.FETCH_MAX_BYTES), name

    def clean_published(self) -> datetime | None:
        """The day's first instant, UTC. Raises ValidationError for a day to come."""
        day = self.cleaned_data["published"]
        when = datetime.combine(day, time(), UTC) if day else None
        if when and when > timezone.now() + timedelta(days=1):
            raise forms.ValidationError(gettext("This day is yet to come."))
        return when

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError unless there is one source."""
        data: dict[str, Any] = super().clean() or {}
        given = [data.get("address", "").strip(), data.get("text", "").strip(), data.get("file")]
        if not {"file", "text", "address"} & self.errors.keys() and sum(map(bool, given)) != 1:
            raise forms.ValidationError(gettext("Give an address, a text or a file: one of them."))
        return data


@require_http_methods(["GET", "HEAD", "POST"])
@curators_only
def article(request: HttpRequest) -> HttpResponse:
    """Keeps an article by hand; its claims are read like those of any other."""
    if request.method != "POST":
        return render(request, "web/desk/article_add.html", {"form": ArticleForm()})
    form = ArticleForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            document, is_new = _keep(form.cleaned_data)
        except (FetchFailed, FetchRefused, NoText) as error:
            form.add_error(None, str(error))
        else:
            words = gettext("Kept as document %(id)d: %(title)s. What it says comes into the queue.")
            if not is_new:
                words = gettext("This is document %(id)d, which is there already: %(title)s.")
            messages.success(request, words % {"id": document.pk, "title": document.title})
            return redirect("desk:article-add")
    return render(request, "web/desk/article_add.html", {"form": form}, status=400)


def _keep(data: dict[str, Any]) -> tuple[Document, bool]:
    """The document, and whether it is new. Raises FetchFailed, FetchRefused, NoText."""
    said = {name: data[name] for name in ("title", "language", "published")}
    if data["address"].strip():
        return polling.ingest_url(typed_address(data["address"]), **said)
    return polling.ingest(*_source(data), **said)


def _source(data: dict[str, Any]) -> tuple[bytes, str, str]:
    """Bytes, content type and address. The address has a part of the hash: two files of one name are two articles."""
    if data["file"]:
        body, name = data["file"]
        content_type = _KINDS[PurePath(name).suffix.lower()]
    else:
        body, name, content_type = data["text"].encode(), "pasted.txt", "text/plain; charset=utf-8"
    path = PurePath(name)
    digest = hashlib.sha256(body).hexdigest()[:12]
    return body, content_type, f"file:{path.stem[:100]}-{digest}{path.suffix.lower()}"


def _bytes_of(file: UploadedFile[Any], most: int) -> bytes:
    if (file.size or 0) > most:
        raise forms.ValidationError(gettext("The file is larger than %(n)d bytes.") % {"n": most})
    return bytes(file.read(most + 1))
