"""The checks of `make lint` that are our own: migrations that a live system would feel, packages that we may not use."""

from __future__ import annotations

import pytest

from tests.checks import migrations, packages

TABLE = 'CREATE TABLE "events_new" ("id" bigint NOT NULL PRIMARY KEY, "story_id" bigint NOT NULL);'


def rules(sql: str, source: str = "", *, atomic: bool = True) -> list[str]:
    """The rules that a migration breaks."""
    return [line.split(": ")[1] for line in migrations.judge("0099_bad", sql, source, atomic=atomic)]


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ('CREATE INDEX "i" ON "events_story" ("title");', "require-concurrent-index-creation"),
        ('ALTER TABLE "events_story" ADD COLUMN "n" integer NOT NULL;', "adding-required-field"),
        ('ALTER TABLE "events_story" ALTER COLUMN "title" TYPE text;', "changing-column-type"),
        ('ALTER TABLE "events_story" RENAME COLUMN "title" TO "name";', "renaming-column"),
        ('ALTER TABLE "events_story" DROP COLUMN "title" CASCADE;', "ban-drop-column"),
        (
            'ALTER TABLE "events_story" ADD CONSTRAINT "c" CHECK ("title" <> \'\');',
            "constraint-missing-not-valid",
        ),
        ('ALTER TABLE "events_story" ALTER COLUMN "title" SET NOT NULL;', "adding-not-nullable-field"),
    ],
)
def test_a_migration_that_a_live_system_would_feel_is_refused(sql: str, rule: str) -> None:
    assert rule in rules(sql)


@pytest.mark.parametrize(
    ("sql", "atomic"),
    [
        ('CREATE INDEX CONCURRENTLY "i" ON "events_story" ("title");', False),
        ('ALTER TABLE "events_story" ADD COLUMN "n" integer DEFAULT 0 NOT NULL;', True),
        ('ALTER TABLE "events_story" ADD CONSTRAINT "c" CHECK ("title" <> \'\') NOT VALID;', True),
        (f'{TABLE}\nCREATE INDEX "i" ON "events_new" ("story_id");', True),
        (f'{TABLE}\nCREATE INDEX "i" ON "events_new" ("story_id");', False),
        (
            'ALTER TABLE "events_story" ADD COLUMN "f_id" bigint NULL CONSTRAINT "f" REFERENCES "events_feed"("id");',
            True,
        ),
    ],
)
def test_a_migration_that_a_live_system_bears_passes(sql: str, atomic: bool) -> None:
    assert rules(sql, atomic=atomic) == []


def test_a_migration_may_know_better_with_a_reason() -> None:
    sql = 'ALTER TABLE "events_story" DROP COLUMN "title" CASCADE;'

    assert (
        rules(sql, "    # squawk-ignore ban-drop-column: nobody has read it since the last release\n") == []
    )


def test_a_reason_excuses_its_own_rule_only() -> None:
    sql = 'ALTER TABLE "events_story" DROP COLUMN "title";\nCREATE INDEX "i" ON "events_story" ("id");'

    found = rules(sql, "# squawk-ignore ban-drop-column: nobody reads it\n")

    assert found == ["require-concurrent-index-creation"]


@pytest.mark.parametrize("comment", ["# squawk-ignore ban-drop-column", "# squawk-ignore ban-drop-column:  "])
def test_an_exception_without_a_reason_is_refused(comment: str) -> None:
    with pytest.raises(migrations.Unreasoned, match="needs a reason"):
        migrations.ignored(f"    {comment}\n")


def test_only_what_the_last_release_did_not_have_is_judged() -> None:
    assert migrations.new_migrations()[0].startswith("0009_")


def test_a_pin_without_a_hash_is_seen() -> None:
    lock = "good==1.0 \\\n    --hash=sha256:00\nbad==2.0\nlast[extra]==3 ; python_version < '3.12' \\\n    --hash=sha256:11\n"

    assert packages.pins(lock) == {"good": True, "bad": False, "last": True}


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Apache-2.0 OR BSD-2-Clause", True),
        ("MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("MIT AND GPL-2.0-only", False),
        ("GNU General Public License v3 (GPLv3)", False),
        ("", False),
    ],
)
def test_licences_that_would_bind_our_own_work_are_refused(licence: str, allowed: bool) -> None:
    assert packages.is_allowed(licence) is allowed


def test_the_licence_of_what_is_installed_is_read() -> None:
    assert packages.licences_refused(["django", "celery", "psycopg"]) == []


def test_a_package_that_the_service_does_not_know_has_not_been_checked() -> None:
    report = {"dependencies": [{"name": "left", "skip_reason": "not found"}]}

    audit = packages.read_audit(report)

    assert (audit.looked_up, audit.unknown) == (0, ["left"])


def test_a_known_vulnerability_is_told_with_what_mends_it() -> None:
    problem = {"id": "CVE-2099-1", "fix_versions": ["1.1"]}
    report = {"dependencies": [{"name": "left", "version": "1.0", "vulns": [problem]}]}

    assert packages.read_audit(report).vulnerable == ["left 1.0: CVE-2099-1, mended in 1.1"]


def test_an_audit_that_was_not_done_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packages, "ask", lambda service: packages.Audit(failure="no such host"))

    code = packages.main()

    assert code == 0
    assert "NOT CHECKED for known vulnerabilities, no service answered: pypi: no such host" in (
        capsys.readouterr().out
    )


def test_where_an_audit_is_required_one_that_was_not_done_is_an_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUDIT", "required")
    monkeypatch.setattr(packages, "ask", lambda service: packages.Audit(failure="no such host"))

    assert packages.main() == 1
    assert "AUDIT=required" in capsys.readouterr().out


def test_a_known_vulnerability_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packages, "ask", lambda service: packages.Audit(looked_up=1, vulnerable=["left 1.0"]))

    assert packages.main() == 1
