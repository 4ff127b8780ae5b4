"""The Celery application. Tasks carry primary keys only; the work to do is always a query on PostgreSQL."""

import os

from celery import Celery

from tracker import alive, logs  # noqa: F401 - logs connects to Celery's signals
from tracker.local import celery as embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")

app = Celery("tracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
embedded.install()
alive.install()
