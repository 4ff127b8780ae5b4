"""Judges the SQL of the migrations that the last release did not have: `python -m tests.checks.migrations`.

A change that holds a lock for as long as a table is large stops a live system. Squawk knows which do; its rules are
in `.squawk.toml`. A migration that knows better says so in its file: `# squawk-ignore RULE: reason`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader

from tracker.local.paths import CHECKOUT

APP = "events"
RELEASED = "0008_alerts"
"""The newest migration of the last release. With each release it moves; nobody runs again what came before."""
_IGNORE = re.compile(r"^ *# squawk-ignore (?P<rule>[a-z-]+)(?:: (?P<reason>.+))?$", re.MULTILINE)


_MADE = re.compile(r'^CREATE TABLE "(\w+)"', re.MULTILINE)
_CHANGED = re.compile(r'(?:ALTER TABLE|CREATE (?:UNIQUE )?INDEX .*? ON) "(\w+)"')
_EMPTY_REFERENCE = re.compile(r'ADD COLUMN "\w+" [a-z ]+ NULL CONSTRAINT "\w+" REFERENCES')
_ABOUT_ROWS = {
    "adding-foreign-key-constraint",
    "constraint-missing-not-valid",
    "require-concurrent-index-creation",
}


class Unreasoned(ValueError):
    """An exception without a reason."""


def new_migrations() -> list[str]:
    """The names of the migrations after the last release, the oldest first."""
    files = sorted((CHECKOUT / APP / "migrations").glob("[0-9]*.py"))
    return [file.stem for file in files if file.stem > RELEASED]


def sql_of(name: str) -> str:
    """A migration's SQL, as `sqlmigrate` prints it, without the transaction about it."""
    loader = MigrationLoader(connection, replace_migrations=False)
    plan = [(loader.graph.nodes[APP, name], False)]
    return "\n".join(loader.collect_sql(plan))


def ignored(source: str) -> list[str]:
    """The rules that a migration's source makes exceptions of. Raises Unreasoned for one without a reason."""
    found = list(_IGNORE.finditer(source))
    for match in found:
        if not (match["reason"] or "").strip():
            raise Unreasoned(
                f"squawk-ignore {match['rule']} needs a reason: `# squawk-ignore {match['rule']}: ...`"
            )
    return [match["rule"] for match in found]


def judge(name: str, sql: str, source: str, *, atomic: bool) -> list[str]:
    """What is wrong with a migration, a line each. Raises Unreasoned."""
    exceptions = ignored(source)
    if atomic:
        sql = f"BEGIN;\n{sql}\nCOMMIT;\n"
    made = set(_MADE.findall(sql))
    wrong = []
    for finding in _findings(sql):
        statement = _statement_at(sql, finding["line"])
        if finding["rule_name"] not in exceptions and not _is_harmless(finding["rule_name"], statement, made):
            wrong.append(f"{name}: {finding['rule_name']}: {finding['message']}\n    {statement}")
    return wrong


def _is_harmless(rule: str, statement: str, made: set[str]) -> bool:
    """What squawk cannot know: that nobody uses a table yet that this migration makes, also without a transaction
    around it; and that PostgreSQL does not look at the rows for a foreign key on a new column that is empty."""
    table = _CHANGED.search(statement)
    if rule in _ABOUT_ROWS and table is not None and table[1] in made:
        return True
    return rule == "adding-foreign-key-constraint" and bool(_EMPTY_REFERENCE.search(statement))


def _statement_at(sql: str, line: int) -> str:
    """The line of a statement; Django writes each on one line."""
    return sql.splitlines()[line].strip() if line < len(sql.splitlines()) else ""


def _findings(sql: str) -> list[dict[str, Any]]:
    """What squawk has against some SQL; lines count from 0."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migration.sql"
        file.write_text(sql)
        done = subprocess.run(
            [_squawk(), f"--config={CHECKOUT / '.squawk.toml'}", "--reporter=json", str(file)],
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode not in {0, 1} or not done.stdout.strip():
        raise RuntimeError(f"squawk has failed: {done.stderr}")
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    return findings


def _squawk() -> str:
    found = shutil.which("squawk", path=str(Path(sys.executable).parent)) or shutil.which("squawk")
    if found is None:
        raise RuntimeError("squawk is not installed: make venv")
    return found


def is_atomic(name: str) -> bool:
    """Whether the migration is one transaction."""
    migration: Migration = MigrationLoader(None).graph.nodes[APP, name]
    return bool(migration.atomic)


def main(names: Sequence[str]) -> int:
    """Judges the named migrations, else all new ones; 1 where something is wrong."""
    wrong = 0
    for name in names or new_migrations():
        source = (CHECKOUT / APP / "migrations" / f"{name}.py").read_text()
        try:
            said = judge(name, sql_of(name), source, atomic=is_atomic(name))
        except Unreasoned as error:
            said = [f"{name}: {error}"]
        print("\n".join(said) or f"{name}: good", flush=True)
        wrong += bool(said)
    return 1 if wrong else 0


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    django.setup()
    sys.exit(main(sys.argv[1:]))
