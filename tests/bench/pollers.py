"""Worker processes of the benchmark of polling.

python -m tests.bench.pollers celery DATABASE QUEUE      a Celery worker on the scratch database
python -m tests.bench.pollers httpx                      the floor: requests alone; `[url, etag]` lines on stdin
"""

from __future__ import annotations

import json
import os
import sys


def celery(database: str, queue: str) -> None:
    """One worker without pool processes: what it holds in memory is this process."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.settings"
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    from tracker.celery import app

    # A queue of its own for all tasks, whatever their routes.
    app.conf.update(
        task_default_queue=queue, task_queues=None, task_routes=None, task_create_missing_queues=True
    )
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel=ERROR"]
    app.worker_main(["worker", "--pool=solo", "-Q", queue, "-n", f"bench-{os.getpid()}@%h", *quiet])


def httpx_alone() -> None:
    """Requests what stdin names, each line once."""
    import httpx

    with httpx.Client() as client:
        print("ready", flush=True)
        for line in sys.stdin:
            url, etag = json.loads(line)
            client.get(url, headers={"If-None-Match": etag} if etag else {})


if __name__ == "__main__":
    if sys.argv[1] == "celery":
        celery(*sys.argv[2:4])
    else:
        httpx_alone()
