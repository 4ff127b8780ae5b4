"""Cases, documents, ladders and the change stream."""

from __future__ import annotations

from events.models.organizations import OrganizationIdentifier
from events.models.record import Case
from events.record import publishing
from tests import scenes
from tests.api.conftest import Caller, Record


def test_a_document_is_shown_with_its_quotes_but_never_with_its_text(api: Caller, record: Record) -> None:
    text = f"{scenes.DEMOTION_TEXT} {'Nothing else is quoted. ' * 30}"
    source = scenes.document(text)
    draft = scenes.demotion(scenes.executive("Per Nyberg"), record.organization, source)
    revision = publishing.publish(draft, record.author)

    response = api.get(f"/api/v1/documents/{source.pk}/")
    document = response.json()

    assert [item["event"] for item in document["quotes"]] == [revision.event_id]
    assert (
        text[document["quotes"][0]["start"] : document["quotes"][0]["end"]] == document["quotes"][0]["quote"]
    )
    assert text not in response.content.decode()
    assert "text" not in document
    assert "raw" not in document


def test_a_document_that_proves_nothing_published_is_not_shown(api: Caller, record: Record) -> None:
    unreviewed = scenes.document("An allegation that nobody has reviewed.", title="CEO accused")

    api.read(f"documents/{unreviewed.pk}/", 404)
    assert [row["id"] for row in api.read("documents/")["results"]] == [record.source.pk]


def test_a_retracted_event_takes_its_document_with_it(api: Caller, record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author)

    assert api.read("documents/")["results"] == []
    api.read(f"documents/{record.source.pk}/", 404)


def test_documents_are_found_by_address_and_event(api: Caller, record: Record) -> None:
    assert len(api.read("documents/", url=record.source.url)["results"]) == 1
    assert api.read("documents/", url="https://news.example.com/none")["results"] == []
    assert len(api.read("documents/", event=record.revision.event_id)["results"]) == 1
    assert api.read("documents/", event_id=record.revision.event_id + 1)["results"] == []


def test_a_case_is_shown_with_its_standing_events(api: Caller, record: Record) -> None:
    case = Case.objects.create(title="The decision", key="decision", issuer=record.parent)
    empty = Case.objects.create(title="Nothing published", key="empty")
    events = []
    for name in ("Per Nyberg", "Mai Lindqvist"):
        draft = scenes.demotion(scenes.executive(name), record.organization, record.source)
        revision = publishing.publish(type(draft)(**(vars(draft) | {"case_id": case.pk})), record.author)
        events.append(revision.event_id)
    publishing.retract(events[0], record.author)

    shown = api.read(f"cases/{case.pk}/")

    assert shown["events"] == events[1:]
    assert [entry["event"] for entry in shown["entries"]] == events[1:]
    assert shown["issuer"] == {"id": record.parent.pk, "name": record.parent.name}
    assert [row["id"] for row in api.read("cases/", issuer=record.parent.pk)["results"]] == [case.pk]
    api.read(f"cases/{empty.pk}/", 404)


def test_ladders_are_found_by_organization(api: Caller, record: Record) -> None:
    scenes.ladder(scenes.company("Other"), ["A", "B"])

    (ladder,) = api.read("ladders/", organization=record.parent.pk)["results"]

    assert ladder["grades"] == scenes.GRADES
    assert api.read(f"ladders/{ladder['id']}/") == ladder


def test_organizations_are_found_by_name_type_and_country(api: Caller, record: Record) -> None:
    type(record.parent).objects.filter(pk=record.parent.pk).update(country="SE")
    OrganizationIdentifier.objects.create(
        organization=record.parent, scheme="lei", value="TEST00000000000000"
    )

    (row,) = api.read("organizations/", name="northlake devices", type="company", country="se")["results"]

    assert row["identifiers"] == [{"scheme": "lei", "value": "TEST00000000000000"}]
    (unit,) = api.read("organizations/", type="division")["results"]
    assert [parent["id"] for parent in unit["parents"]] == [record.parent.pk]


def test_a_reader_of_changes_sees_every_revision_once_and_in_order(api: Caller, record: Record) -> None:
    record.publish("2024-01-05")
    publishing.retract(record.revision.event_id, record.author)

    page = api.read("changes/", page_size=2)
    seen = page["results"]
    assert page["next"]
    rest = api.get(page["next"]).json()
    seen += rest["results"]

    assert [item["operation"] for item in seen] == ["ADD", "ADD", "DEL"]
    assert [item["seq"] for item in seen] == list(range(seen[0]["seq"], seen[0]["seq"] + 3))
    assert {"field": "/status", "old": "reported", "new": "retracted"} in seen[2]["changes"]
    assert rest["next"] is None


def test_a_reader_who_has_caught_up_goes_on_from_the_same_cursor(api: Caller, record: Record) -> None:
    cursor = api.read("changes/")["cursor"]
    assert api.read("changes/", cursor=cursor) == {"results": [], "next": None, "cursor": cursor}

    revision = record.publish("2024-01-05")
    assert [item["seq"] for item in api.read("changes/", cursor=cursor)["results"]] == [revision.seq]
