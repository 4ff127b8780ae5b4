"""The settings under measurement: those of production, on an embedded stack of its own.

`.local/bench` keeps the servers apart from a demo and from tests that run in the same checkout; they are durable,
as the demo's are. Where DATABASE_URL names a server, the scratch database is made there.
"""

import os
import secrets

os.environ.setdefault("TRACKER_LOCAL_DIR", ".local/bench")
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("HTTPS", "0")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from tracker.settings import *  # noqa: F403
from tracker.settings import CACHES, DATABASES

ROOT_URLCONF = "tests.bench.urls"
DATABASES["default"]["TEST"] = {"NAME": "governance_tracker_bench"}
CACHES["default"]["KEY_PREFIX"] = "bench"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_HOST_USER = EMAIL_HOST_PASSWORD = ""
EMAIL_USE_TLS = EMAIL_USE_SSL = False
