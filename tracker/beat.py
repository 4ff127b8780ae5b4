"""Celery's clock, for a host whose own clock may be set back."""

from __future__ import annotations

from typing import Any

from celery.beat import PersistentScheduler


class Scheduler(PersistentScheduler):
    """A schedule that goes on when time falls.

    Celery's own asks for what is due since an entry last ran: where that lies an hour ahead, because the clock was
    set back by one since, nothing ran for that hour. Such entries count as run just now, and the order of all, which is
    by the clock as well, is made anew.
    """

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        """Runs what is due; gives the seconds until the next look."""
        ahead = [
            entry
            for entry in self.schedule.values()
            if entry.last_run_at is not None and entry.last_run_at > entry.default_now()
        ]
        for entry in ahead:
            entry.last_run_at = entry.default_now()
        if ahead:
            self._heap = None
        return super().tick(*args, **kwargs)
