"""`manage.py feeds import|export`: feed lists as OPML."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.db import transaction

from events.exceptions import FetchRefused
from events.feeds.guard import Guard
from events.feeds.opml import MAX_BYTES, NotOpml, Outline, read_opml, write_opml
from events.management.base import RecordCommand
from events.models.sources import Feed


class Command(RecordCommand):
    """Adds the feeds of a list that are not there yet; those that are stay as they are."""

    help = "Reads feeds from an OPML file, or writes them to one (- is stdin or stdout)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["import", "export"])
        parser.add_argument("file", metavar="FILE.opml")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "import":
                self._import(options["file"])
            else:
                self._export(options["file"])
        except (OSError, NotOpml) as error:
            raise CommandError(f"{options['file']}: {error}") from error

    def _import(self, name: str) -> None:
        outlines = read_opml(_read(name))
        guard = Guard.allowing(settings.FETCH_ALLOWED_HOSTS)
        added = 0
        with transaction.atomic():
            for outline in outlines:
                try:
                    guard.check_url(outline.url)
                except FetchRefused as error:
                    self.stderr.write(f"left out {outline.url[:200]}: {error}")
                    continue
                values = {"title": outline.title[:300], "language": outline.language}
                _, new = Feed.objects.get_or_create(url=outline.url, defaults=values)
                added += new
        self.stdout.write(f"{len(outlines)} feeds in the list, {added} added")

    def _export(self, name: str) -> None:
        feeds = Feed.objects.order_by("title", "id").values_list("url", "title", "language")
        text = write_opml(Outline(url, title, language) for url, title, language in feeds)
        if name == "-":
            self.stdout.write(text, ending="")
            return
        Path(name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{len(feeds)} feeds written")


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MAX_BYTES + 1)
