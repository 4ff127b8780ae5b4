"""`manage.py reprocess`: runs a stage again over documents that are there, with progress; can be resumed."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils.dateparse import parse_date, parse_datetime

from events.intake import reprocessing
from events.management.base import RecordCommand
from events.models.sources import Reprocessing


class Command(RecordCommand):
    """What curators have decided stays; a newer reading of it is shown to them beside theirs."""

    help = "Runs a stage again over the documents fetched in a time. Stop it at will; --resume goes on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stage", choices=sorted(reprocessing.STAGES), default="extract")
        parser.add_argument(
            "--since", metavar="DATE", help="fetched on this day (UTC) or at this instant, or later"
        )
        parser.add_argument("--until", metavar="DATE", help="fetched before it")
        parser.add_argument(
            "--resume", action="store_true", help="go on with the latest run that was stopped"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        run = self._run(options)
        self.stdout.write(f"{run.stage}: {run.total} documents, {run.done + run.failed} of them done before")
        failed_before = run.failed
        for key, went_well in reprocessing.work(run):
            place = f"[{run.done + run.failed}/{run.total}]"
            self.stdout.write(
                f"{place} document {key}{'' if went_well else ': failed, see its page in the admin'}"
            )
        self.stdout.write(f"{run.done} done, {run.failed} failed")
        if run.failed > failed_before:
            raise CommandError(f"{run.failed - failed_before} documents failed.")

    def _run(self, options: dict[str, Any]) -> Reprocessing:
        stage = options["stage"]
        earlier = reprocessing.unfinished(stage)
        if not options["resume"]:
            if earlier is not None:
                self.stderr.write(f"Run {earlier.pk} was stopped at {earlier}; --resume would go on with it.")
            return reprocessing.start(stage, _instant(options["since"]), _instant(options["until"]))
        if options["since"] or options["until"]:
            raise CommandError("--resume goes on with the time that the run was started with.")
        if earlier is None:
            raise CommandError(f"There is no run of {stage} to go on with.")
        return earlier


def _instant(text: str | None) -> datetime | None:
    """An instant; a day is its start in UTC."""
    if not text:
        return None
    try:
        day = parse_date(text)
        when = datetime(day.year, day.month, day.day, tzinfo=UTC) if day else parse_datetime(text)
    except ValueError as error:
        raise CommandError(f"{text!r}: {error}") from None
    if when is None:
        raise CommandError(f"{text!r} is no date (2025-11-17) and no instant (2025-11-17T08:00:00Z).")
    return when if when.tzinfo else when.replace(tzinfo=UTC)
