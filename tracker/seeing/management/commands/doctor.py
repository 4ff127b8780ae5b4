"""`manage.py doctor`: what is wrong, what that means, and what to do."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from tracker.seeing.examining import Finding, Level, examine

_SIGNS = {Level.FINE: "ok", Level.WARNING: "!!", Level.PROBLEM: "XX", Level.SKIPPED: "--"}


class Command(BaseCommand):
    """Looks at servers, workers, queues and settings. Changes nothing."""

    help = "Say in plain words what is wrong with this installation; exit 1 if something does not work."
    # It must be able to say what the checks find, too.
    requires_system_checks = []  # noqa: RUF012 - typed by the parent

    def add_arguments(self, parser: CommandParser) -> None:
        """`--json` for programs."""
        parser.add_argument("--json", action="store_true", help="one JSON object instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was found. Exits with 1 when there is a problem."""
        found = examine()
        problems = sum(finding.level is Level.PROBLEM for finding in found)
        if options["json"]:
            told = {"problems": problems, "findings": [asdict(finding) for finding in found]}
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            for finding in found:
                self._say(finding)
            warnings = sum(finding.level is Level.WARNING for finding in found)
            self.stdout.write(f"\n{_end(problems, warnings)}")
        if problems:
            sys.exit(1)

    def _say(self, finding: Finding) -> None:
        style = {Level.PROBLEM: self.style.ERROR, Level.WARNING: self.style.WARNING}.get(finding.level, str)
        self.stdout.write(style(f"{_SIGNS[finding.level]} {finding.check}: {finding.says}"))
        for word, text in (("It means", finding.means), ("To do", finding.do)):
            if text:
                self.stdout.write(f"   {word}: {text}")


def _end(problems: int, warnings: int) -> str:
    if not problems and not warnings:
        return "All is well."
    parts = [
        f"{count} {word}{'' if count == 1 else 's'}"
        for count, word in ((problems, "problem"), (warnings, "warning"))
        if count
    ]
    return " and ".join(parts) + "."
