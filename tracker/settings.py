"""Settings, from the environment only. README's table of variables is this file's contents in words.

With DATABASE_URL and REDIS_URL unset, the embedded servers of `tracker.local` are used: for a demo, for the
tests and for a first look, never meant for production.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url

from tracker import local
from tracker.conf import engines, flag, number, secret, words
from tracker.conf.access import *  # noqa: F403
from tracker.conf.access import ACCESS_APPS, ACCESS_MIDDLEWARE
from tracker.conf.keeping import *  # noqa: F403
from tracker.conf.logs import log_format, log_level, logging_settings
from tracker.conf.queues import (  # noqa: F401 - settings, too
    CELERY_BROKER_CHANNEL_ERROR_RETRY,
    CELERY_BROKER_CONNECTION_MAX_RETRIES,
    CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP,
    CELERY_TASK_CREATE_MISSING_QUEUES,
    CELERY_TASK_DEFAULT_QUEUE,
    CELERY_TASK_QUEUES,
    CELERY_TASK_ROUTES,
    CELERY_WORKER_MAX_MEMORY_PER_CHILD,
    CELERY_WORKER_MAX_TASKS_PER_CHILD,
)
from tracker.conf.seeing import (  # noqa: F401 - settings, too
    BACKUP_DIRECTORY,
    METRICS_ALLOWED,
    METRICS_CACHE_SECONDS,
    METRICS_TOKEN,
    OTEL_EXPORTER_OTLP_ENDPOINT,
    READY_QUEUE_SECONDS,
    SENTRY_DSN,
    SENTRY_ENVIRONMENT,
)

BASE_DIR = Path(__file__).resolve().parent.parent

EMBEDDED = local.wanted()
DEBUG = flag("DEBUG")
SECRET_KEY = secret("SECRET_KEY") or (local.secret_key() if EMBEDDED else "")
# Former keys, by commas: what they signed or encrypted is still read.
SECRET_KEY_FALLBACKS = [key.strip() for key in secret("SECRET_KEY_FALLBACKS").split(",") if key.strip()]
SITE_URL = os.environ.get("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "events",
    "tracker.local",
    "tracker.web",
    "tracker.seeing",
    "api",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    *ACCESS_APPS,
]
MIDDLEWARE = [
    "tracker.seeing.probes.Probes",
    "tracker.seeing.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "api.compression.Compression",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    *ACCESS_MIDDLEWARE,
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tracker.web.middleware.PagePolicies",
]
ROOT_URLCONF = "tracker.urls"
WSGI_APPLICATION = "tracker.wsgi.application"
AUTH_USER_MODEL = "events.User"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tracker.web.context.site",
            ],
        },
    }
]

DATABASE_URL = secret("DATABASE_URL") or local.database_url()
DATABASES = {
    "default": dj_database_url.parse(
        DATABASE_URL, engine="tracker.database", conn_max_age=60, conn_health_checks=True
    )
}
# A host that a cut network has taken away answers nothing and closes nothing: such a connection is given up after a
# minute, not after the hours that systems wait by themselves. (Sockets of this machine know none of it.)
DATABASES["default"]["OPTIONS"] = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
} | DATABASES["default"].get("OPTIONS", {})
# Beside an address that has none, so that a secret's file holds nothing else.
DATABASES["default"]["PASSWORD"] = secret("DATABASE_PASSWORD") or DATABASES["default"]["PASSWORD"]
DATABASES["default"]["ATOMIC_REQUESTS"] = False
# The web process sets a limit for itself (tracker/wsgi.py); workers and commands have none unless told.
STATEMENT_SECONDS = number("STATEMENT_SECONDS", 0)
if STATEMENT_SECONDS:
    DATABASES["default"]["OPTIONS"]["options"] = f"-c statement_timeout={STATEMENT_SECONDS * 1000}"
engines.adapt(DATABASES)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = secret("REDIS_URL") or local.redis_url()
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
local.adapt(DATABASES, CACHES)

CELERY_BROKER_URL = engines.BROKER_URL or local.broker_url(REDIS_URL)
CELERY_BROKER_TRANSPORT_OPTIONS = engines.CELERY_BROKER_TRANSPORT_OPTIONS
# With Redis away a publisher gives up at once: the work is found at the next tick.
CELERY_TASK_PUBLISH_RETRY = engines.CELERY_TASK_PUBLISH_RETRY
CELERY_TASK_PUBLISH_RETRY_POLICY = engines.CELERY_TASK_PUBLISH_RETRY_POLICY
CELERY_BROKER_CONNECTION_TIMEOUT = 2
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TIMEZONE = "UTC"
# Every stage also looks for its own work: a message lost with Redis is made up for at the next tick.
TICK = timedelta(seconds=number("TICK_SECONDS", 30))
CELERY_BEAT_SCHEDULE = {
    name: {"task": f"events.tasks.{name}", "schedule": TICK, "options": {"expires": TICK.total_seconds()}}
    for name in (
        "poll_due_feeds",
        "fetch_due_items",
        "renew_due_pushes",
        "extract_due_documents",
        "revisit_due_documents",
        "match_due_revisions",
        "send_due_mail",
        "send_due_webhooks",
    )
}
# What is told of feeds is about days; once in ten ticks finds it soon enough.
CELERY_BEAT_SCHEDULE["watch_feeds"] = {
    "task": "events.tasks.watch_feeds",
    "schedule": 10 * TICK,
    "options": {"expires": TICK.total_seconds()},
}
# Silences last days, and so do addresses that nobody confirms.
CELERY_BEAT_SCHEDULE["tell_silences"] = {
    "task": "events.tasks.tell_silences",
    "schedule": 20 * TICK,
    "options": {"expires": TICK.total_seconds()},
}
CELERY_BEAT_SCHEDULE["forget_unconfirmed"] = {
    "task": "events.tasks.forget_unconfirmed",
    "schedule": timedelta(days=1),
}
CELERY_BEAT_SCHEDULE["prune"] = {"task": "events.tasks.prune", "schedule": timedelta(days=1)}
CELERY_BEAT_SCHEDULER = "tracker.beat.Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = os.environ.get(
    "BEAT_SCHEDULE_FILE", str(BASE_DIR / ".local" / "beat-schedule")
)

EMAIL_HOST = os.environ.get("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = number("EMAIL_PORT", 1025)
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = secret("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = flag("EMAIL_USE_TLS")
EMAIL_USE_SSL = flag("EMAIL_USE_SSL")
EMAIL_TIMEOUT = number("EMAIL_TIMEOUT", 20)
DEFAULT_FROM_EMAIL = os.environ.get("DEFAULT_FROM_EMAIL", "Governance tracker <alerts@example.org>")
# Where answers to alerts go, and a line below each mail that says who sends it and from where.
ALERTS_REPLY_TO = os.environ.get("ALERTS_REPLY_TO", "").strip()
ALERTS_SENDER = os.environ.get("ALERTS_SENDER", "").strip()
# A mail provider's reports come in below /anymail/: its name there, and what django-anymail checks them by, such as
# ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY.
MAIL_PROVIDER = os.environ.get("MAIL_PROVIDER", "")
ANYMAIL = {
    name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")
}

# What feeds and articles may be fetched from, besides public addresses: host:port pairs, by commas.
FETCH_ALLOWED_HOSTS = words("FETCH_ALLOWED_HOSTS")
# The same for webhooks: whoever has a key for them may have messages sent there, over plain HTTP too.
WEBHOOK_ALLOWED_HOSTS = words("WEBHOOK_ALLOWED_HOSTS")
FETCH_CONTACT = os.environ.get("FETCH_CONTACT", "").strip() or SITE_URL
FETCH_MAX_BYTES = number("FETCH_MAX_BYTES", 10 * 1024 * 1024)
FETCH_TIMEOUT = number("FETCH_TIMEOUT", 20)
# An HTTP proxy for all that is fetched, such as http://proxy.example.com:3128. It is asked to CONNECT to addresses
# that were checked here, to port 80, too.
FETCH_PROXY = os.environ.get("FETCH_PROXY", "")
# Seconds of rest between two requests to one host (the operator's own in FETCH_ALLOWED_HOSTS need none), and the
# longest rest that a site's robots.txt can ask for.
FETCH_HOST_SECONDS = number("FETCH_HOST_SECONDS", 1)
FETCH_LONGEST_CRAWL_DELAY = number("FETCH_LONGEST_CRAWL_DELAY", 30)
# Between two polls of a feed without an interval of its own.
FEED_SHORTEST_MINUTES = number("FEED_SHORTEST_MINUTES", 5)
FEED_LONGEST_HOURS = number("FEED_LONGEST_HOURS", 12)

# Subscribes to the hubs that feeds name (WebSub), which then call SITE_URL; it must be https and reachable for them.
WEBSUB = flag("WEBSUB")

# The optional model extractor: the base address of an OpenAI-compatible endpoint, such as http://127.0.0.1:8080/v1.
# Unset, no model is asked.
MODEL_URL = os.environ.get("MODEL_URL", "").strip()
MODEL_NAME = os.environ.get("MODEL_NAME", "").strip()
MODEL_KEY = secret("MODEL_KEY").strip()
# Seconds that a document waits for the answer at most.
MODEL_TIMEOUT = number("MODEL_TIMEOUT", 30)
# What may be spent in a day (UTC).
MODEL_DAILY_CALLS = number("MODEL_DAILY_CALLS", 500)
MODEL_DAILY_TOKENS = number("MODEL_DAILY_TOKENS", 2_000_000)
# The beginning of an article that the model is shown, and the longest answer asked for (0: as the endpoint likes).
MODEL_MAX_CHARACTERS = number("MODEL_MAX_CHARACTERS", 24_000)
MODEL_ANSWER_TOKENS = number("MODEL_ANSWER_TOKENS", 4000)
# Kinds of events of which the model's claims are taken, by commas; empty: all.
MODEL_KINDS = words("MODEL_KINDS")

# The demo's mail catcher writes here; its page exists only where this is set.
DEMO_MAIL_DIR = os.environ.get("DEMO_MAIL_DIR", "")

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
TIME_ZONE = os.environ.get("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
# Set: `collectstatic` gathers the files there. Unset: they are served from where they lie.
STATIC_ROOT = os.environ.get("STATIC_ROOT") or None
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = STATIC_ROOT is None

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
# Behind TLS unless told otherwise; the embedded stack speaks plain HTTP on the loopback interface.
HTTPS = flag("HTTPS", default=not EMBEDDED and not DEBUG)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = number("HSTS_SECONDS", 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = flag("HSTS_SUBDOMAINS")
SECURE_HSTS_PRELOAD = flag("HSTS_PRELOAD")
# W005 and W021 ask for the two above: what the other hosts of a domain do is not this site's to promise.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("TRUST_PROXY") else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.ReadOnlyOrScoped"],
    "DEFAULT_RENDERER_CLASSES": ["api.rendering.Renderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "api.pagination.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["api.filters.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.AnonymousRate", "api.throttling.KeyRate"],
    "DEFAULT_THROTTLE_RATES": {
        "anonymous": os.environ.get("API_RATE_ANONYMOUS", "600/min"),
        "key": os.environ.get("API_RATE_KEY", "6000/min"),
    },
    "EXCEPTION_HANDLER": "api.problems.exception_handler",
    "PAGE_SIZE": 50,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# Off: reading needs a key, too; only the schema and its docs stay open.
API_ANONYMOUS_READ = flag("API_ANONYMOUS_READ", default=True)
# Requests of one process that may wait for the next change at a time: fewer than it has threads.
API_WAITERS = number("API_WAITERS", 4)
# How long one stream of events lives, in seconds; the client connects again.
API_STREAM_SECONDS = number("API_STREAM_SECONDS", 600)
# Corrections and replies of readers that one address may send.
PROPOSALS_PER_HOUR = number("PROPOSALS_PER_HOUR", 5)
PROPOSALS_PER_DAY = number("PROPOSALS_PER_DAY", 20)
SPECTACULAR_SETTINGS = {
    "TITLE": "Governance event tracker",
    "DESCRIPTION": "A trustworthy record of corporate governance: every field with the words that prove it.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "PrecisionEnum": "events.choices.Precision.pairs",
        "PartyTypeEnum": "events.choices.PartyType.pairs",
        "OrganizationTypeEnum": "events.choices.OrganizationType.pairs",
        "ProposalKindEnum": "events.choices.ProposalKind.pairs",
        "ProposalStateEnum": "events.choices.ProposalState.pairs",
        "CandidateStateEnum": "events.choices.CandidateState.pairs",
        "RequestStateEnum": "events.choices.RequestState.pairs",
        "ResolutionStateEnum": "events.choices.ResolutionState.pairs",
        "WebhookStateEnum": "events.choices.WebhookState.pairs",
        "DeliveryStateEnum": "events.choices.DeliveryState.pairs",
        "MessageTypeEnum": "api.serializers.webhooks.MESSAGE_TYPES",
        "ActVerbEnum": "events.choices.ActVerb.pairs",
        "StepVerbEnum": "events.choices.StepVerb.pairs",
        "KindEnum": "events.choices.Kind.pairs",
        "ActKindEnum": "events.choices.ActKind.pairs",
        "PairKindEnum": "api.review.serializers.shown.PAIR_KINDS",
        "EntryTypeEnum": "api.review.serializers.asked.PARTIES",
    },
}

LOGGING = logging_settings(log_format(), log_level())
