"""Which services the demo runs, on which ports, with which settings."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tracker.local import services
from tracker.local.occupancy import listen
from tracker.local.readiness import HttpReady, TcpReady
from tracker.local.supervisor import Service

WEB_PORT = 8000
FEED_PORT = 8765
MAIL_PORT = 8025
TICK_SECONDS = 2
HOST = "127.0.0.1"


@dataclass(frozen=True)
class Stage:
    """Addresses of a running demo, and the services that make it up."""

    site_url: str
    feed_url: str
    mail_folder: Path
    services: tuple[Service, ...]
    listener: socket.socket
    """The web server's; it must stay open here until the server has inherited it."""


def set_up(folder: Path, *, port: int | None, feed_port: int = FEED_PORT) -> Stage:
    """Finds ports and lays out the services. `port` is the web server's when the user asked for one.

    Raises PortTaken when that one is in use; without one the next free port is taken.
    """
    listener = listen(WEB_PORT if port is None else port, explicit=port is not None)
    site = f"http://{HOST}:{listener.getsockname()[1]}"
    feeds, mail = _free(feed_port), _free(MAIL_PORT)
    mail_folder = folder / "mail"
    mail_folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "SITE_URL": site,
        "DEMO_MAIL_DIR": str(mail_folder),
        "EMAIL_HOST": HOST,
        "EMAIL_PORT": str(mail),
        "FETCH_ALLOWED_HOSTS": f"{HOST}:{feeds}",
        "TICK_SECONDS": str(TICK_SECONDS),
    }
    os.environ.update(settings)
    running = (
        Service(
            "mail",
            _module("mailcatcher", "--port", str(mail), "--dir", str(mail_folder)),
            ready=TcpReady(HOST, mail),
        ),
        Service(
            "feeds", _module("feedserver", "--port", str(feeds)), ready=HttpReady(f"http://{HOST}:{feeds}/")
        ),
        services.worker(),
        services.beat(folder / "beat-schedule"),
        services.web(listener),
    )
    return Stage(site, f"http://{HOST}:{feeds}/feed.xml", mail_folder, running, listener)


def port_of(url: str, default: int) -> int:
    """The port in an address that an earlier run stored, so that its articles keep their addresses."""
    return urlsplit(url).port or default


def _module(name: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", f"tracker.local.{name}", *arguments]


def _free(wanted: int) -> int:
    """`wanted`, or the next port that nobody listens on."""
    with listen(wanted, explicit=False) as probe:
        return int(probe.getsockname()[1])
