"""What we depend on: pinned by hash, under licences that we may use, without known vulnerabilities.

    python -m tests.checks.packages              what can be looked up is, what cannot is said
    AUDIT=required python -m tests.checks.packages    not to have looked is an error, too

Vulnerabilities are known to a service on the Internet only. A run that reaches none has checked nothing, and says so.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.local.paths import CHECKOUT

LOCK = "requirements-observed.lock"
"""All that runs in production, with what is optional there."""
SERVICES = ("pypi", "osv")
SECONDS = 300
ALLOWED = re.compile(
    r"MIT|BSD|Apache|Apache Software License|PSF|Python Software Foundation|MPL|Mozilla Public License|LGPL|CNRI|ISC|Zlib"
)
"""Beginnings of licences under which we use packages as they are. Those of GPL and AGPL would ask the same of us."""
BY_HAND = {
    "resvg-py": "MIT: its LICENSE file; the description says nothing",
    "qrcode": "BSD-3-Clause: its LICENSE file, which also names the mark of QR codes",
}
"""What was looked up where the description is of no use."""
_PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9._-]*)(?:\[[^]]*\])?==(?P<version>[^ ]+)(?P<rest>.*)$")


@dataclass
class Audit:
    """What services said of the packages."""

    vulnerable: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    """Packages that nobody has looked up."""
    looked_up: int = 0
    failure: str = ""
    """Why there is no answer at all."""


def pins(text: str) -> dict[str, bool]:
    """The packages of a lock, and whether each has a hash."""
    found: dict[str, bool] = {}
    name = ""
    for line in text.splitlines():
        if match := _PIN.match(line):
            name = match["name"]
            found[name] = "--hash=sha256:" in line
        elif name and "--hash=sha256:" in line:
            found[name] = True
    return found


def licence_of(name: str) -> str:
    """What an installed package says of its licence, as an expression. Raises PackageNotFoundError."""
    data = importlib.metadata.metadata(name)
    classifiers = [
        line.split(" :: ")[-1] for line in data.get_all("Classifier") or [] if "License ::" in line
    ]
    told = " AND ".join(licence for licence in classifiers if licence != "OSI Approved")
    named, said = ("".join(data.get_all(name) or []) for name in ("License-Expression", "License"))
    return named or told or said.partition("\n")[0]


def is_allowed(licence: str) -> bool:
    """Whether a licence, or an expression of licences (SPDX), lets us use the package."""
    alternatives = re.split(r"\bOR\b", licence)
    return any(
        all(ALLOWED.match(_plain(part)) for part in re.split(r"\bAND\b", alternative)) and alternative.strip()
        for alternative in alternatives
    )


def _plain(licence: str) -> str:
    return re.sub(r"^\d-Clause ", "", licence.strip(" ()"))


def licences_refused(names: Iterable[str]) -> list[str]:
    """Packages whose licence is not among the allowed ones; what is not installed on this system is passed over."""
    refused = []
    for name in names:
        try:
            licence = licence_of(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if name not in BY_HAND and not is_allowed(licence):
            refused.append(f"{name}: {licence or 'no licence is told'}")
    return refused


def read_audit(report: Mapping[str, Any]) -> Audit:
    """pip-audit's JSON in our words. That it found nothing says nothing of the packages that it skipped."""
    audit = Audit()
    for package in report.get("dependencies", []):
        if "skip_reason" in package:
            audit.unknown.append(package["name"])
            continue
        audit.looked_up += 1
        audit.vulnerable += [
            f"{package['name']} {package['version']}: {problem['id']}"
            + (f", mended in {', '.join(problem['fix_versions'])}" if problem["fix_versions"] else "")
            for problem in package["vulns"]
        ]
    return audit


def ask(service: str) -> Audit:
    """Asks one service about all packages of the lock."""
    command = [
        *(sys.executable, "-m", "pip_audit", "--requirement", LOCK, "--disable-pip", "--require-hashes"),
        *(
            "--vulnerability-service",
            service,
            "--format",
            "json",
            "--progress-spinner",
            "off",
            "--timeout",
            "10",
        ),
    ]
    try:
        done = subprocess.run(
            command, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=SECONDS
        )
        return read_audit(json.loads(done.stdout))
    except subprocess.TimeoutExpired:
        return Audit(failure=f"no answer in {SECONDS} seconds")
    except ValueError:
        return Audit(failure=(done.stderr.strip().splitlines() or ["it said nothing"])[-1][:200])


def audited() -> Audit:
    """The answer of the first service that knows any of the packages, else why none does."""
    failures = []
    for service in SERVICES:
        audit = ask(service)
        if audit.looked_up:
            return audit
        failures.append(f"{service}: {audit.failure or 'knows none of the packages'}")
    return Audit(failure="; ".join(failures))


def main() -> int:
    """Says what was checked and what not; 1 where something is wrong."""
    packages = pins((CHECKOUT / LOCK).read_text())
    wrong = [f"{name}: pinned without a hash" for name, hashed in packages.items() if not hashed]
    wrong += [f"licence not allowed: {line}" for line in licences_refused(packages)]
    print(
        f"{len(packages)} packages of {LOCK}: hashes and licences {'are not good' if wrong else 'are good'}"
    )
    audit = audited()
    wrong += [f"known vulnerability: {line}" for line in audit.vulnerable]
    if audit.failure:
        print(f"NOT CHECKED for known vulnerabilities, no service answered: {audit.failure}")
    else:
        print(f"{audit.looked_up} packages looked up, {len(audit.vulnerable)} known vulnerabilities")
        if audit.unknown:
            print(f"NOT CHECKED for known vulnerabilities: {', '.join(audit.unknown)}")
    if os.environ.get("AUDIT") == "required" and (audit.failure or audit.unknown):
        wrong.append("AUDIT=required, and not everything was looked up")
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
