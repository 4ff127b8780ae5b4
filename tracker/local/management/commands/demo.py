"""`manage.py demo`: the whole service on this machine, from a feed of demo articles to an e-mail."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from events.intake.demo import DemoLoaded, load_demo
from events.models.sources import Feed
from tracker.local.demo.drive import Drive
from tracker.local.demo.report import mail_about, shown
from tracker.local.demo.stage import FEED_PORT, WEB_PORT, Stage, port_of, set_up
from tracker.local.errors import LocalStackError
from tracker.local.occupancy import AlreadyRunning, Claim, PortTaken
from tracker.local.paths import current_layout
from tracker.local.supervisor import Interrupted, Supervisor

CHIEF = "zhang-pingan"
"""The demo register's key of the division CEO of the model case."""


class Command(BaseCommand):
    """Starts the stack, takes the demo's news through it, and serves pages and API until Ctrl-C."""

    help = "Run the whole service with the demo's news; --once shows the result and ends."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options."""
        parser.add_argument(
            "--once", action="store_true", help="Do it all, print the CEO's timeline and the alert, end."
        )
        parser.add_argument(
            "--port", type=int, help="The web server's port (8000, or the next one that is free)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the demo. Raises CommandError with a clear word when a server cannot start or a stage stands still."""
        if not settings.EMBEDDED:
            raise CommandError(
                "The demo runs on the embedded servers only: unset DATABASE_URL and REDIS_URL."
            )
        try:
            with Claim("demo") as claim:
                self._run(claim, once=options["once"], port=options["port"])
        except (AlreadyRunning, PortTaken) as error:
            raise CommandError(str(error), returncode=error.exit_status) from error
        except LocalStackError as error:
            raise CommandError(str(error)) from error
        except Interrupted as signal:
            if options["once"]:
                raise SystemExit(signal.status) from None

    def _run(self, claim: Claim, *, once: bool, port: int | None) -> None:
        self.stdout.write("Preparing the database ...")
        call_command("migrate", verbosity=0, interactive=False)
        loaded = load_demo(settings.BASE_DIR / "fixtures" / "demo")
        self.stdout.write(f"Register loaded: {loaded.added} entries new.")
        known = Feed.objects.filter(title="Demo newsstand").values_list("url", flat=True).first()
        folder = current_layout().root
        stage = set_up(folder, port=port, feed_port=port_of(known, FEED_PORT) if known else FEED_PORT)
        claim.announce(stage.site_url)
        if port is None and not stage.site_url.endswith(f":{WEB_PORT}"):
            self.stdout.write(f"Port {WEB_PORT} is in use: serving on {stage.site_url} instead.")
        logs = folder / "log"
        with Supervisor(stage.services, output=sys.stdout, log_directory=logs, echo=not once) as supervisor:
            Drive(stage.feed_url, loaded, supervisor.say, supervisor.check).run()
            self._show(stage, loaded)
            if not once:
                self._invite(stage, loaded)
                supervisor.wait()

    def _show(self, stage: Stage, loaded: DemoLoaded) -> None:
        """The CEO's timeline and the alert that was mailed about it. Raises CommandError without either."""
        chief = loaded.executives[CHIEF]
        self.stdout.write(f"\nTimeline of {chief}\n")
        call_command("timeline", f"person:{chief.pk}", stdout=self.stdout)
        message = mail_about(stage.mail_folder, ["22A", "21A"])
        if message is None:
            raise CommandError(
                f"No alert about the demotion was mailed. The logs in {stage.mail_folder.parent / 'log'} say why."
            )
        self.stdout.write(f"\nThe alert that was mailed\n{'=' * 25}\n{shown(message)}\n")

    def _invite(self, stage: Stage, loaded: DemoLoaded) -> None:
        people = "\n".join(f"    {name:<14} {password}" for name, password in loaded.passwords.items())
        key = loaded.api_keys[0] if loaded.api_keys else ""
        chief = loaded.executives[CHIEF].pk
        self.stdout.write(
            f"\nThe service is ready:\n"
            f"  pages      {stage.site_url}/   the CEO: {stage.site_url}/people/{chief}/\n"
            f"  desk       {stage.site_url}/desk/   admin: {stage.site_url}/admin/\n{people}\n"
            f"  API        {stage.site_url}/api/v1/docs/   key: {key}\n"
            f"  mail sent  {stage.site_url}/mail/\n"
            f"Press Ctrl-C to stop.\n"
        )
