"""The commands that prove and rebuild the record."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests.record.test_ledger import publish_demotion, scene

__all__ = ["scene"]


def test_verify_ledger_says_how_many_revisions_hold(scene: dict[str, Any]) -> None:
    publish_demotion(scene)
    out = StringIO()

    call_command("verify_ledger", stdout=out)

    assert "The ledger holds: 1 revisions" in out.getvalue()


def test_verify_ledger_fails_with_the_number_of_the_broken_revision(scene: dict[str, Any]) -> None:
    publish_demotion(scene)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_revision DISABLE TRIGGER revision_append_only")
        cursor.execute("UPDATE events_revision SET reason = 'another' WHERE seq = 1")

    with pytest.raises(CommandError, match="Revision 1 is broken"):
        call_command("verify_ledger")


def test_rebuild_says_how_many_events_it_made_again(scene: dict[str, Any]) -> None:
    publish_demotion(scene)
    out, err = StringIO(), StringIO()

    call_command("rebuild", stdout=out, stderr=err)

    assert "Rebuilt 1 events" in out.getvalue()
    assert "1 of 1 events" in err.getvalue()
