"""`manage.py evaluate GOLD.jsonl ...`: how well extraction reads labelled articles, and whether it reaches its goals."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.core.management.base import BaseCommand, CommandError

from events.extraction import extract
from events.extraction.goals import Goal, goals
from events.extraction.scoring import Report, Tally, brier, calibration_error, score


class Command(BaseCommand):
    """Prints each goal, precision, recall and F1 by kind and language, fields, calibration and every mistake. No
    database."""

    help = "Precision, recall and F1 of extraction against labelled articles, with every mistake."
    requires_system_checks: ClassVar[list[str]] = []  # type: ignore[misc]
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="GOLD.jsonl", help="labelled articles, one a line")
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument(
            "--verbose", action="store_true", help="also list wrong fields, not only wrong claims"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = score(self._documents([Path(name) for name in options["files"]]))
        if options["json"]:
            told = {"goals": [_goal_json(goal) for goal in goals(report)], **report.as_json()}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        self._print(report, verbose=options["verbose"])

    def _documents(self, paths: list[Path]) -> Iterator[tuple[dict[str, Any], list[Any]]]:
        for path in paths:
            try:
                lines = path.read_text(encoding="utf-8").splitlines()
            except OSError as error:
                raise CommandError(f"{path}: {error.strerror}") from error
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                try:
                    document = json.loads(line)
                    published = (
                        date.fromisoformat(document["published"]) if document.get("published") else None
                    )
                    text, language = document["text"], document["language"]
                except (ValueError, KeyError, TypeError) as error:
                    raise CommandError(f"{path}:{number}: not a labelled article: {error}") from error
                source = document.get("source", "")
                yield document, list(extract(text, published=published, language=language, source=source))

    def _print(self, report: Report, *, verbose: bool) -> None:
        write = self.stdout.write
        write(f"{'goal':42}{'at':>9}{'measured':>10}{'of':>7}")
        for goal in goals(report):
            write(_goal_row(goal))
        write("")
        write(f"{'':24}{'precision':>10}{'recall':>10}{'F1':>10}{'right':>8}{'missed':>8}{'false':>8}")
        for name, tally in [*sorted(report.by_group.items()), ("all", report.overall)]:
            write(_row(name, tally))
        write("")
        write(f"documents {report.documents}, without claims {report.empty_documents}, ")
        write(f"false claims in documents without claims: {report.false_in_empty}")
        write(
            f"spans exact {report.spans[0]}/{report.spans[1]}; evidence overlaps {report.overlaps[0]}/{report.overlaps[1]}"
        )
        write(f"field accuracy {report.field_accuracy:.3f}")
        for name, (right, total) in sorted(report.fields.items()):
            write(f"  {name:22}{right / total:>8.3f}  {right}/{total}")
        write("confidence: mean, and share that is right")
        for name, tenth in report.reliability.items():
            share = tenth.right / tenth.count
            write(f"  {name:22}{tenth.mean:>8.3f}{share:>8.3f}  {tenth.right}/{tenth.count}")
        error, score_ = calibration_error(report.judged), brier(report.judged)
        write(f"expected calibration error {error:.3f}, Brier score {score_:.3f}")
        for mistake in report.mistakes:
            if verbose or mistake.what in ("missed", "false"):
                claim = mistake.claim
                subject = claim["subject"]["name"] if claim else ""
                label = f"{claim['kind']}/{claim['action']} {subject}" if claim else ""
                write(f"{mistake.what:12} {mistake.document}: {label}\n             {mistake.detail}")


def _goal_row(goal: Goal) -> str:
    bound = f"{'<=' if goal.is_most else '>='} {goal.bound:.2f}"
    value = "-" if goal.value is None else f"{goal.value:.3f}"
    verdict = {True: "OK", False: "NO", None: "nothing to measure"}[goal.is_reached]
    return f"{goal.name:42}{bound:>9}{value:>10}{goal.of:>7}  {verdict}"


def _goal_json(goal: Goal) -> dict[str, Any]:
    return {
        "name": goal.name,
        "at_most" if goal.is_most else "at_least": goal.bound,
        "measured": None if goal.value is None else round(goal.value, 4),
        "of": goal.of,
        "reached": goal.is_reached,
    }


def _row(name: str, tally: Tally) -> str:
    figures = f"{tally.precision:>10.3f}{tally.recall:>10.3f}{tally.f1:>10.3f}"
    return f"{name:24}{figures}{tally.right:>8}{tally.missed:>8}{tally.false:>8}"
