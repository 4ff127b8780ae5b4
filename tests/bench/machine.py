"""On what a run was made: the machine, the versions of what was measured, the state of the checkout."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib import metadata
from pathlib import Path
from typing import Any

import psutil

PACKAGES = (
    "Django", "djangorestframework", "psycopg", "celery", "kombu", "redis", "lxml", "trafilatura", "feedparser", "httpx",
    "aiosmtpd", "reader", "rss2email",
)  # fmt: skip
"""Those whose speed is part of a row: what the service runs on, and its peers."""
_GB = 1024**3


def machine() -> dict[str, Any]:
    """Cores, memory, processor and kernel, and the load average as it is now (1, 5, 15 minutes)."""
    return {
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / _GB, 1),
        "cpu": _processor(),
        "kernel": platform.release(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": [round(value, 2) for value in os.getloadavg()],
    }


def versions() -> dict[str, str]:
    """Of Python, the packages that are there, and the servers that Django is connected to."""
    return {"Python": platform.python_version(), **_servers(), **_packages()}


def checkout(folder: Path) -> dict[str, Any]:
    """The commit (None outside a Git checkout) and whether tracked files differ from it."""
    commit = _git(folder, "rev-parse", "--short=12", "HEAD")
    changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    return {"commit": commit or None, "changed": bool(changed)}


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    except OSError:
        found = None
    return found[1] if found else platform.processor() or "unknown"


def _servers() -> dict[str, str]:
    from django.core.cache import cache
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        postgres = str(cursor.fetchone()[0]).split()[0]
    client: Any = cache
    redis = client._cache.get_client(None, write=True).info("server")["redis_version"]
    return {"PostgreSQL": postgres, "Redis": str(redis)}


def _packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # a peer that is not installed: its row fails by itself
            continue
    return found


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=30
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
