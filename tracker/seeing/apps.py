"""The Django app of probes, metrics, reports and `manage.py doctor`."""

from __future__ import annotations

from django.apps import AppConfig


class SeeingConfig(AppConfig):
    """Registers the checks of its settings; has errors and traces sent where they are wanted."""

    name = "tracker.seeing"

    def ready(self) -> None:
        """Connects what listens."""
        from tracker.seeing import checks, counting, reports, tracing  # noqa: F401

        counting.listen()
        reports.start()
        tracing.start()
