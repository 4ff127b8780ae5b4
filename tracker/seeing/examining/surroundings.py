"""Settings, disk, and how far the clocks are apart."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core import checks
from django.db.backends.utils import CursorWrapper
from django.http.request import validate_host

from tracker.local.paths import current_layout
from tracker.seeing.examining.findings import Finding, fine, problem, span, warning

SHORTEST_KEY = 50
LITTLE_SPACE = 2 * 1024**3
NO_SPACE = 256 * 1024**2
OLD_BACKUP = 2 * 86_400.0
APART = 2.0
FAR_APART = 30.0


def examine_settings() -> list[Finding]:
    """The system checks, and what they leave to judgement."""
    found = [*_checks(), *_key(), *_hosts()]
    if not settings.EMBEDDED:
        found += [*_transport(), *_sender()]
    return found or [fine("settings", "The settings agree with each other.")]


def examine_disk() -> list[Finding]:
    """Room for the embedded servers' files."""
    root = current_layout().root
    if not settings.EMBEDDED or not root.exists():
        return []
    free = shutil.disk_usage(root).free
    says = f"{free / 1024**3:.1f} GiB are free where the embedded servers keep their files."
    do = "Make room on that disk, or set TRACKER_LOCAL_DIR to a directory on another one."
    if free < NO_SPACE:
        return [problem("disk", says, "PostgreSQL stops when it cannot write.", do)]
    if free < LITTLE_SPACE:
        return [warning("disk", says, "PostgreSQL will stop when the disk is full.", do)]
    return [fine("disk", says)]


def examine_backups() -> list[Finding]:
    """The age of the newest file among the backups, where BACKUP_DIRECTORY says where they are."""
    if not settings.BACKUP_DIRECTORY:
        return []
    do = "Run `manage.py backup`, see why it did not run, and have it run every day."
    try:
        files = [entry.stat() for entry in Path(settings.BACKUP_DIRECTORY).iterdir()]
    except OSError as error:
        says = f"The backups cannot be looked at: {error.strerror} ({settings.BACKUP_DIRECTORY})."
        return [warning("backup", says, "Nobody knows whether there is one.", "Correct BACKUP_DIRECTORY.")]
    times = [entry.st_mtime for entry in files if entry.st_size]
    if not times:
        return [
            problem("backup", "There is no backup.", "What is lost with the database is lost for good.", do)
        ]
    age = max(time.time() - max(times), 0.0)
    says = f"The last backup was made {span(age)} ago."
    if age > OLD_BACKUP:
        return [warning("backup", says, "What was published since then has no copy.", do)]
    return [fine("backup", says)]


def examine_clock(cursor: CursorWrapper) -> list[Finding]:
    """Our clock and PostgreSQL's: times in the record are ours, what is due is judged by the server's."""
    before = time.time()
    cursor.execute("SELECT extract(epoch FROM clock_timestamp())")
    after = time.time()
    row = cursor.fetchone()
    theirs = float(row[0]) if row else before
    apart = max(before - theirs, theirs - after, 0.0)
    says = f"This machine's clock and PostgreSQL's are {apart:.1f} seconds apart."
    do = "Have both machines set their clocks by NTP (chrony or systemd-timesyncd)."
    if apart > FAR_APART:
        means = "Work is begun too early or too late, and claims end while their worker is still at it."
        return [problem("clock", says, means, do)]
    if apart > APART:
        return [warning("clock", says, "Times in the record and in the logs do not fit together.", do)]
    return [fine("clock", "This machine's clock agrees with PostgreSQL's.")]


def _checks() -> Iterator[Finding]:
    for message in checks.run_checks():
        if message.is_silenced() or message.level < checks.WARNING:
            continue
        say = problem if message.level >= checks.ERROR else warning
        means = "The service does not start so." if message.level >= checks.ERROR else ""
        yield say("settings", str(message.msg), means, str(message.hint or ""))


def _key() -> Iterator[Finding]:
    if settings.SECRET_KEY and len(settings.SECRET_KEY) < SHORTEST_KEY and not settings.EMBEDDED:
        yield warning(
            "settings",
            f"SECRET_KEY has {len(settings.SECRET_KEY)} characters.",
            "Who guesses it can sign in as anybody.",
            f"Set {SHORTEST_KEY} random characters; everybody then signs in anew.",
        )
    if settings.DEBUG and not settings.EMBEDDED:
        yield problem(
            "settings",
            "DEBUG is on.",
            "Whoever makes an error happen sees code and settings.",
            "Unset DEBUG.",
        )


def _hosts() -> Iterator[Finding]:
    host = urlsplit(settings.SITE_URL).hostname or ""
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield problem(
            "settings",
            f"SITE_URL names the host {host or '(none)'}, which ALLOWED_HOSTS does not hold.",
            "Every page at the address that mails link to is answered with 400.",
            f"Add {host or 'the host'} to ALLOWED_HOSTS, or correct SITE_URL.",
        )


def _transport() -> Iterator[Finding]:
    is_https = settings.SITE_URL.startswith("https://")
    if not settings.HTTPS:
        yield warning(
            "settings",
            "HTTPS is off.",
            "Passwords and cookies of curators go over the network unencrypted.",
            "Put a proxy that speaks TLS in front, set HTTPS=true and TRUST_PROXY=true.",
        )
    elif not is_https:
        yield warning(
            "settings",
            f"SITE_URL is {settings.SITE_URL}, though all requests are sent to https.",
            "Links in mails take a detour, and hubs that push news cannot reach us.",
            "Set SITE_URL to the https address.",
        )
    if settings.HTTPS and settings.SECURE_PROXY_SSL_HEADER is None:
        yield warning(
            "settings",
            "HTTPS is on and TRUST_PROXY is off.",
            "Behind a proxy that ends TLS, every page is redirected to itself for ever.",
            "Set TRUST_PROXY=true if such a proxy is in front and sets X-Forwarded-Proto itself.",
        )


def _sender() -> Iterator[Finding]:
    if any(host in settings.DEFAULT_FROM_EMAIL for host in ("@example.org", "@example.com")):
        yield warning(
            "settings",
            "DEFAULT_FROM_EMAIL is the example's address.",
            "Mail servers refuse alerts from a domain that is not yours.",
            "Set DEFAULT_FROM_EMAIL to an address of your domain.",
        )
