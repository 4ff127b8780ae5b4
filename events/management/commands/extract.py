"""`manage.py extract`: the claims of one article, or of many as JSON lines."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from events.extraction import KnownNames, extract

LONGEST_INPUT = 50_000_000
"""Bytes; of one article. More is refused."""


class Command(BaseCommand):
    """Writes claims as JSON on stdout. Touches no database row but known names, and none with --no-known-names."""

    help = (
        "Reads governance claims in a text or HTML file (or - for stdin), or in many documents as JSON lines."
    )
    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", default="-", help="text or HTML; - is stdin")
        parser.add_argument(
            "--published", metavar="DATE", help="day of publication (YYYY-MM-DD), for relative dates"
        )
        parser.add_argument("--language", choices=["en", "zh"], help="default: detected")
        parser.add_argument(
            "--jsonl",
            metavar="FILE",
            help='lines {"id", "text", "published", "language", "source"}; - is stdin',
        )
        parser.add_argument("--no-known-names", action="store_true", help="use no database at all")

    def handle(self, *args: Any, **options: Any) -> None:
        known = None if options["no_known_names"] else self._known()
        if options["jsonl"]:
            self._many(options["jsonl"], known)
            return
        try:
            published = date.fromisoformat(options["published"]) if options["published"] else None
        except ValueError as error:
            raise CommandError(
                f"--published: {options['published']!r} is not a date: write YYYY-MM-DD"
            ) from error
        text = article(_read(options["file"]))
        claims = extract(text, published=published, language=options["language"], known=known)
        self.stdout.write(json.dumps(claims, ensure_ascii=False, indent=2))

    def _known(self) -> KnownNames | None:
        from django.db import Error

        from events.intake.known import load_known_names

        try:
            return load_known_names()
        except Error as error:
            self.stderr.write(f"known names are not available, going on without them: {error}".strip())
            return None

    def _many(self, source: str, known: KnownNames | None) -> None:
        bad = done = 0
        for number, line in enumerate(_lines(source), 1):
            if not line.strip():
                continue
            try:
                result = _extract_line(line, known)
            except (ValueError, TypeError, KeyError) as error:
                bad += 1
                self.stderr.write(f"line {number}: {error}")
                continue
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            done += 1
            if done % 100 == 0:
                self.stderr.write(f"{done} documents")
        self.stderr.write(f"{done} documents read" + (f", {bad} bad lines" if bad else ""))
        if bad:
            sys.exit(1)


def _extract_line(line: str, known: KnownNames | None) -> dict[str, Any]:
    try:
        document = json.loads(line)
    except ValueError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise TypeError("not a JSON object")
    text = document.get("text")
    if not isinstance(text, str):
        raise TypeError('"text" is missing or not a string')
    language = document.get("language")
    if language not in (None, "", "en", "zh"):
        raise ValueError(f'"language" {language!r} is neither "en" nor "zh"')
    published = document.get("published")
    if published is not None and not isinstance(published, str):
        raise TypeError('"published" is not a string')
    try:
        day = date.fromisoformat(published[:10]) if published else None
    except ValueError as error:
        raise ValueError(f'"published" {published!r} is not a date') from error
    source = document.get("source") or ""
    claims = extract(text, published=day, language=language or None, source=str(source), known=known)
    return {"id": document.get("id"), "claims": claims}


def _lines(source: str) -> Iterator[str]:
    if source == "-":
        yield from sys.stdin
        return
    try:
        with Path(source).open(encoding="utf-8", errors="replace") as lines:
            yield from lines
    except OSError as error:
        raise CommandError(f"{source}: {error.strerror}") from error


def _read(source: str) -> str:
    try:
        data = sys.stdin.buffer.read(LONGEST_INPUT + 1) if source == "-" else Path(source).read_bytes()
    except OSError as error:
        raise CommandError(f"{source}: {error.strerror}") from error
    if len(data) > LONGEST_INPUT:
        raise CommandError(f"{source}: more than {LONGEST_INPUT} bytes")
    return data.decode("utf-8", errors="replace").removeprefix("\ufeff").replace("\r\n", "\n")


def article(text: str) -> str:
    """The text itself, or, where it is an HTML page, the article's text. Raises CommandError for a page without one."""
    head = text[:2000].lstrip().lower()
    if not (
        head.startswith(("<!doctype", "<html", "<?xml", "<head", "<body", "<article", "<div"))
        or "<html" in head
    ):
        return text
    import trafilatura

    found = trafilatura.extract(text, include_comments=False)
    if not found:
        raise CommandError("no article text found in this page")
    return found
