"""The whole service for one test: a real worker and beat, a feed server, an SMTP server, the test database."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
from django.core.cache import cache
from django.db import connection
from pytest_django import Settings

from tracker import local
from tracker.local.feedserver import serving as serving_feeds
from tracker.local.mailcatcher import catching as catching_mail
from tracker.local.services import beat, worker
from tracker.local.supervisor import Supervisor

DEMO_FEED = Path(__file__).resolve().parents[2] / "fixtures" / "feeds" / "demo"


@dataclass
class Service:
    """A running service: where its feed is, and the folder that its mail falls into."""

    feed_url: str
    mail_folder: Path

    def mails(self) -> list[EmailMessage]:
        """The messages sent so far, in order."""
        files = sorted(self.mail_folder.glob("*.eml"))
        found = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        return [message for message in found if isinstance(message, EmailMessage)]


def wait_for(what: str, ready: Callable[[], bool], seconds: float = 60) -> None:
    """Waits until `ready`; fails with `what` it waited for."""
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            pytest.fail(f"waited {seconds} s in vain for {what}")
        time.sleep(0.1)


def database_url_of_test() -> str:
    """The address of the test database, for the processes that the test starts."""
    given = connection.settings_dict
    login = quote(given["USER"] or "", safe="")
    if given["PASSWORD"]:
        login += f":{quote(given['PASSWORD'], safe='')}"
    host = quote(given["HOST"] or "", safe="")
    port = f":{given['PORT']}" if given["PORT"] else ""
    return f"postgresql://{login}@{host}{port}/{given['NAME']}"


@pytest.fixture
def service(transactional_db: None, tmp_path: Path, settings: Settings) -> Iterator[Service]:
    """Worker, beat, feed server and SMTP server, on the test database and a Redis database of their own."""
    cache.clear()
    redis = os.environ.get("REDIS_URL") or local.ensure_redis()
    mail_folder = tmp_path / "mail"
    with serving_feeds(DEMO_FEED) as feeds, catching_mail(mail_folder) as mail_port:
        env = {
            "DATABASE_URL": database_url_of_test(),
            "REDIS_URL": redis,
            "SECRET_KEY": "acceptance",
            "HTTPS": "0",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(mail_port),
            "FETCH_ALLOWED_HOSTS": feeds.address.removeprefix("http://"),
            "TICK_SECONDS": "1",
        }
        settings.HTTPS = False
        running = [dataclasses.replace(one, env=env) for one in (worker(), beat(tmp_path / "beat"))]
        with Supervisor(running, log_directory=tmp_path / "logs", echo=False):
            yield Service(f"{feeds.address}/feed.xml", mail_folder)
