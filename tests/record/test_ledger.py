"""Rules 1 to 4 of the record: append-only, chained, in the order of commits, projections rebuilt."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import IntegrityError, connection, connections, transaction

from events.models.grades import GradeAssignment
from events.models.people import Position
from events.models.record import Bearing, Event, Evidence, LedgerHead, Measure, Party, Penalty, Revision
from events.record import ledger, projections, publishing
from events.record.canonical import canonical, differences, plain
from tests import scenes


@pytest.fixture
def scene(db: None) -> dict[str, Any]:
    parent = scenes.company()
    cloud = scenes.unit("Northlake Cloud", parent)
    scenes.ladder(parent)
    return {
        "person": scenes.executive(),
        "cloud": cloud,
        "source": scenes.document(scenes.DEMOTION_TEXT),
        "author": scenes.curator(),
        "approver": scenes.curator(),
    }


def publish_demotion(scene: dict[str, Any], **fields: Any) -> Revision:
    draft = scenes.demotion(scene["person"], scene["cloud"], scene["source"], **fields)
    return publishing.publish(draft, scene["author"], scene["approver"], "seen in the notice")


def test_a_revision_says_who_when_why_and_the_full_payload(scene: dict[str, Any]) -> None:
    revision = publish_demotion(scene)

    assert (revision.seq, revision.number, revision.operation) == (1, 1, "ADD")
    assert (revision.author, revision.approver, revision.reason) == (
        scene["author"], scene["approver"], "seen in the notice",
    )  # fmt: skip
    assert revision.payload["subject"]["name"] == "Ilse van Houten"
    assert revision.payload["details"]["penalties"][0]["steps"] == -3
    assert revision.payload["evidence"][0]["quote"] == scenes.DEMOTION_TEXT


@pytest.mark.parametrize(
    "statement", ["UPDATE events_revision SET reason = 'x'", "DELETE FROM events_revision"]
)
def test_the_database_refuses_to_change_or_delete_a_revision(scene: dict[str, Any], statement: str) -> None:
    publish_demotion(scene)

    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_database_refuses_to_empty_the_ledger(scene: dict[str, Any]) -> None:
    publish_demotion(scene)

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_revision ENABLE TRIGGER revision_no_truncate")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            cursor.execute("TRUNCATE events_revision CASCADE")


def test_each_revision_carries_the_hash_of_the_one_before(scene: dict[str, Any]) -> None:
    first = publish_demotion(scene)
    second = publishing.retract(first.event_id, scene["author"], scene["approver"], "withdrawn by the source")

    assert first.previous_hash == ledger.GENESIS
    assert second.previous_hash == first.hash
    assert ledger.verify() == (2, None)


def test_verification_names_the_first_broken_revision(scene: dict[str, Any]) -> None:
    publish_demotion(scene)
    publish_demotion(scene, day="2026-02-01", start="21A", end="21B", levels=1)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE events_revision DISABLE TRIGGER revision_append_only")
        cursor.execute(
            "UPDATE events_revision SET payload = jsonb_set(payload, '{summary}', '\"forged\"') WHERE seq = 1"
        )
        cursor.execute("ALTER TABLE events_revision ENABLE TRIGGER revision_append_only")

    whole, broken = ledger.verify()

    assert whole == 0
    assert broken is not None
    assert broken.seq == 1
    assert "changed after it was written" in broken.problem


def test_a_revision_cannot_have_its_author_as_approver(scene: dict[str, Any]) -> None:
    draft = scenes.demotion(scene["person"], scene["cloud"], scene["source"])

    with pytest.raises(IntegrityError, match="revision_four_eyes"):
        publishing.publish(draft, scene["author"], scene["author"])


def test_a_modification_lists_old_and_new_values_by_field(scene: dict[str, Any]) -> None:
    first = publish_demotion(scene)
    corrected = scenes.demotion(scene["person"], scene["cloud"], scene["source"], end="21B", levels=4)

    second = publishing.revise(first.event_id, corrected, scene["author"], scene["approver"], "misread")

    fields = {change["field"]: (change["old"], change["new"]) for change in second.changes}
    assert second.operation == "MOD"
    assert fields["/status"] == ("reported", "corrected")
    assert fields["/details/penalties"][1][0]["to"] == "21B"


def test_undoing_an_edit_is_a_revision_that_restores_the_former_payload(scene: dict[str, Any]) -> None:
    first = publish_demotion(scene)
    corrected = scenes.demotion(scene["person"], scene["cloud"], scene["source"], end="21B", levels=4)
    publishing.revise(first.event_id, corrected, scene["author"], scene["approver"], "misread")

    undone = publishing.undo(
        first.event_id, scene["author"], scene["approver"], "the first reading was right"
    )

    assert (undone.number, undone.payload) == (3, first.payload)
    assert [row.grade.label for row in GradeAssignment.objects.order_by("id")] == ["22A", "21A"]


def test_undoing_a_retraction_puts_the_event_back_on_the_record(scene: dict[str, Any]) -> None:
    first = publish_demotion(scene)
    publishing.retract(first.event_id, scene["author"], scene["approver"], "withdrawn")

    undone = publishing.undo(first.event_id, scene["author"], scene["approver"], "it was right after all")

    assert (undone.operation, undone.payload["status"]) == ("ADD", "reported")
    assert GradeAssignment.objects.count() == 2


def test_a_refused_publication_leaves_nothing_behind(scene: dict[str, Any]) -> None:
    draft = scenes.demotion(scene["person"], scene["cloud"], scene["source"])
    with pytest.raises(IntegrityError), transaction.atomic():
        publishing.publish(draft, scene["author"], scene["author"])

    assert (Event.objects.count(), Revision.objects.count(), GradeAssignment.objects.count()) == (0, 0, 0)
    assert publish_demotion(scene).seq == 1


def snapshot() -> dict[str, list[Any]]:
    """Every projection, without the surrogate keys that a rebuild is free to choose."""
    models = (Event, Bearing, Party, Penalty, Measure, Evidence, GradeAssignment, Position)
    rows = {}
    for model in models:
        skipped = {"created_at"} if model is Event else {"id", "created_at"}
        names = [f.attname for f in model._meta.concrete_fields if f.attname not in skipped]
        rows[model.__name__] = sorted(map(repr, model._default_manager.values_list(*names)))
    return rows


def test_projections_dropped_and_rebuilt_are_the_same(scene: dict[str, Any]) -> None:
    publish_demotion(scene)
    later = publish_demotion(scene, day="2026-02-01", start="21A", end="21B", levels=1)
    other = scenes.executive("Devon Clarke")
    publishing.publish(
        scenes.appointment(other, scene["cloud"], scene["source"], day="2025-03", title="CFO"),
        scene["author"],
    )
    publishing.retract(later.event_id, scene["author"], scene["approver"], "withdrawn")
    before = snapshot()

    rebuilt = projections.rebuild()

    assert rebuilt == 3
    assert snapshot() == before


@pytest.mark.django_db(transaction=True)
def test_concurrent_publishers_never_fork_the_chain_nor_leave_gaps() -> None:
    cloud = scenes.company("Northlake Cloud")
    source, author = scenes.document(scenes.DEMOTION_TEXT), scenes.curator()
    people = [scenes.executive(f"Person Number{n}") for n in range(8)]
    errors: list[Exception] = []

    def work(number: int) -> None:
        try:
            for year in (2021, 2022, 2023):
                draft = scenes.appointment(
                    people[number], cloud, source, day=str(year), title=f"Director {year}"
                )
                publishing.publish(draft, author)
        except Exception as error:  # pragma: no cover - the assertion below shows it
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert errors == []
    assert list(Revision.objects.values_list("seq", flat=True)) == list(range(1, 25))
    assert ledger.verify() == (24, None)
    assert LedgerHead.objects.get().seq == 24


def test_whole_floats_become_integers_as_the_database_keeps_them() -> None:
    assert (
        canonical(plain({"b": 38523000000.0, "a": [0.085, "张"]}))
        == '{"a":[0.085,"张"],"b":38523000000}'.encode()
    )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "a\x00b"])
def test_what_json_cannot_hold_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="cannot hold"):
        plain({"x": [value]})


def test_differences_go_down_into_objects_and_compare_lists_whole() -> None:
    old = {"a": {"b": 1, "c": 2}, "list": [1]}
    new = {"a": {"b": 1, "c": 3}, "list": [1, 2], "x/y": 0}

    assert differences(old, new) == [
        {"field": "/a/c", "old": 2, "new": 3},
        {"field": "/list", "old": [1], "new": [1, 2]},
        {"field": "/x~1y", "old": None, "new": 0},
    ]
