"""`manage.py apikey USER NAME --scope read`: issues a key of the API and prints it, this once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from events.management.base import RecordCommand
from events.models.access import SCOPES, ApiKey, User

MAX_RATE = 1_000_000
"""Requests a minute; more is a typing error."""


class Command(RecordCommand):
    """Issues an API key to a user; only its hash is stored."""

    help = "Issue an API key to a user and print it: it cannot be shown again."

    def add_arguments(self, parser: CommandParser) -> None:
        """USER and NAME, what the key may do, and for how long."""
        parser.add_argument("user", help="the owner's user name")
        parser.add_argument("name", help="what the key is for")
        parser.add_argument("--scope", action="append", choices=SCOPES, help="again for each; read if none")
        parser.add_argument("--days", type=int, help="days until it expires; never if not given")
        parser.add_argument("--rate", type=int, help="requests a minute, if other than for every key")

    def handle(self, *args: Any, **options: Any) -> None:
        """The key alone on stdout, so that a script can take it; what it is on stderr."""
        days, rate = options["days"], options["rate"]
        if days is not None and not 0 < days <= 36500:
            raise CommandError("--days takes a whole number from 1 to 36500.")
        if rate is not None and not 0 < rate <= MAX_RATE:
            raise CommandError(f"--rate takes a whole number from 1 to {MAX_RATE}.")
        if not 0 < len(options["name"].strip()) <= 100:
            raise CommandError("A name has 1 to 100 characters.")
        owner = User.objects.filter(username=options["user"], is_active=True).first()
        if owner is None:
            raise CommandError(
                f"There is no active user {options['user']!r}. Make one: manage.py createsuperuser"
            )
        expires = timezone.now() + timedelta(days=days) if days is not None else None
        row, key = ApiKey.issue(owner, options["name"].strip(), options["scope"] or ["read"])
        ApiKey.objects.filter(pk=row.pk).update(expires_at=expires, rate=rate)
        until = (
            f"until {expires.astimezone(UTC):%Y-%m-%d}" if isinstance(expires, datetime) else "without an end"
        )
        self.stderr.write(f"{owner}, {', '.join(row.scopes)}, {until}. Keep it: it is shown this once.")
        self.stdout.write(key)
