"""`manage.py ingest`: takes articles by hand, from the web or from files, and shows what was read in them."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from events import intake
from events.exceptions import FetchFailed, FetchRefused, NoText
from events.feeds import polling
from events.management.base import RecordCommand
from events.models.candidates import Candidate
from events.models.sources import Document


class Command(RecordCommand):
    """Keeps each article as a document and its claims as candidates; what is there already is not added again."""

    help = "Keeps articles (addresses or files) as documents and lists the claims that were read in them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("sources", nargs="+", metavar="URL|FILE")
        parser.add_argument(
            "--published", metavar="DATE", help="day of publication (YYYY-MM-DD), for relative dates"
        )
        parser.add_argument(
            "--language", choices=["en", "zh", "zh-Hans", "zh-Hant"], help="default: found out"
        )
        parser.add_argument("--title", default="", help="default: the article's own")

    def handle(self, *args: Any, **options: Any) -> None:
        details = {
            "title": options["title"],
            "language": options["language"] or "",
            "published": _published(options["published"]),
        }
        failed = []
        for source in options["sources"]:
            try:
                document, added = self._take(source, details)
            except (FetchFailed, FetchRefused, NoText, OSError) as error:
                failed.append(source)
                self.stderr.write(f"{source}: {_reason(error)}")
                continue
            self._show(document, added, intake.extract_document(document.pk))
        if failed:
            raise CommandError(f"{len(failed)} of {len(options['sources'])} could not be taken.")

    def _take(self, source: str, details: dict[str, Any]) -> tuple[Document, bool]:
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source):
            return polling.ingest_url(source, **details)
        return polling.ingest_file(Path(source), **details)

    def _show(self, document: Document, added: bool, candidates: list[Candidate]) -> None:
        document.refresh_from_db()
        day = f"{document.published_on:%Y-%m-%d}" if document.published_at else "no date"
        state = "new" if added else "known already"
        self.stdout.write(f"Document {document.pk} ({state}): {document.title}")
        self.stdout.write(
            f"  {document.url}, {day}, {document.language or 'language unknown'}, {document.state}"
        )
        if document.error:
            self.stdout.write(f"  {document.error}")
        self.stdout.write(f"  {len(candidates)} candidates")
        for candidate in candidates:
            claim = candidate.original
            subject = claim["subject"]["name"]
            self.stdout.write(f"  {claim['kind']:<15}{claim['action']:<15}{candidate.state:<12}{subject}")
            quotes = (" ".join(span["quote"].split()) for span in claim.get("evidence", []))
            self.stdout.write(f'      "{max(quotes, key=len, default="")}"')


def _published(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError as error:
        raise CommandError(f"--published: {text!r} is not a date: write YYYY-MM-DD") from error


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
