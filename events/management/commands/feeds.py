"""`manage.py feeds preview|add|import|export`: looks at feeds, adds them, and reads and writes lists of them."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from events.exceptions import FetchFailed, FetchRefused, NotAFeed
from events.feeds.adding import add_feed, export_list, import_list
from events.feeds.opml import MAX_BYTES, NotOpml, read_opml
from events.feeds.preview import Preview, preview
from events.management.base import RecordCommand


class Command(RecordCommand):
    """Feeds that are there already stay as they are, whatever is added."""

    help = "Shows what an address brings (preview), adds it (add), reads or writes OPML (import, export)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True)
        for name, help_text in (
            ("preview", "what the address of a feed or page would bring; keeps nothing"),
            ("add", "shows it, then adds it"),
        ):
            actions.add_parser(name, help=help_text).add_argument("url", metavar="URL")
        for name, help_text in (
            ("import", "adds the feeds of an OPML file that are not there yet (- is stdin)"),
            ("export", "writes all feeds as OPML (- is stdout)"),
        ):
            actions.add_parser(name, help=help_text).add_argument("file", metavar="FILE.opml")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["action"] == "import":
                self._import(options["file"])
            elif options["action"] == "export":
                self._export(options["file"])
            else:
                self._look(options["url"], add=options["action"] == "add")
        except (OSError, NotOpml) as error:
            raise CommandError(f"{options['file']}: {error}") from error
        except (FetchFailed, FetchRefused, NotAFeed) as error:
            raise CommandError(str(error)) from error

    def _look(self, url: str, *, add: bool) -> None:
        found = preview(url)
        if found.choices:
            self.stdout.write(f"{found.url} is a page that names {len(found.choices)} feeds:")
            for choice in found.choices:
                self.stdout.write(f"  {choice.url}  {choice.title}".rstrip())
            if add:
                raise CommandError("Say which one: give its address.")
            return
        self._show(found)
        if not add:
            return
        if found.known is not None:
            self.stdout.write(f"Nothing was added: feed {found.known.pk} is this one.")
            return
        feed, _ = add_feed(found.url, title=found.title, language=found.language, kind=found.kind)
        self.stdout.write(f"Added as feed {feed.pk}; it is polled at the next tick.")

    def _show(self, found: Preview) -> None:
        self.stdout.write(f"{found.title or 'Without a title'}  ({found.kind_name})")
        self.stdout.write(f"  {found.url}")
        self.stdout.write(f"  language {found.language or 'unknown'}; {found.total} entries")
        for entry in found.entries:
            day = f"{entry.published:%Y-%m-%d %H:%M%z}" if entry.published else "no date"
            self.stdout.write(f"  {day:<21} {entry.title}")
            self.stdout.write(f"  {'':<21} {entry.url or 'no address'}, {entry.characters:,} characters")
        for warning in found.warnings:
            self.stdout.write(f"  ! {warning}")
        self.stdout.write(f"  Would be stored: {found.stored}")

    def _import(self, name: str) -> None:
        feeds = read_opml(_read(name))
        done = import_list(feeds)
        for what, why in done.refused:
            self.stderr.write(f"left out {what}: {why}")
        self.stdout.write(f"{len(feeds.outlines)} feeds in the list: {done}")

    def _export(self, name: str) -> None:
        text, count = export_list()
        if name == "-":
            self.stdout.write(text, ending="")
            return
        Path(name).write_text(text, encoding="utf-8")
        self.stdout.write(f"{count} feeds written")


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(name).open("rb") as file:
        return file.read(MAX_BYTES + 1)
