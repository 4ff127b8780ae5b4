"""`manage.py bounces FILE|-`: takes in one report of a mail server, as a pipe of the server hands it over."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from events.alerts import bounces

TRY_LATER = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the report and comes again."""


class Command(BaseCommand):
    """Suppresses addresses that take no mail, and ends the subscriptions of who complains.

    Any other message is taken and does nothing: a mail server would send an error about it to somebody.
    """

    help = (
        "Take in a delivery status notification or an abuse report (one message, as mail servers write them)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """FILE, or - for standard input."""
        parser.add_argument("file", metavar="FILE", help="one message; - reads standard input")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was of use. Raises CommandError for a file that cannot be read, or while the database is away."""
        try:
            used = bounces.take(_read(options["file"]))
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}") from error
        except OperationalError as error:
            raise CommandError(
                "The database is away; the report is not taken.", returncode=TRY_LATER
            ) from error
        for report in used:
            self.stdout.write(f"{report.action} {report.status} {report.message_id}".replace("  ", " "))
        if not used:
            self.stdout.write("No report about a mail of ours.")


def _read(name: str) -> bytes:
    if name == "-":
        return sys.stdin.buffer.read(bounces.MAX_BYTES)
    with Path(name).open("rb") as file:
        return file.read(bounces.MAX_BYTES)
