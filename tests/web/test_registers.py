"""People, organizations and grade ladders at the desk."""

from __future__ import annotations

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client

from events import curation, roles
from events.choices import ActKind
from events.curation.judgements import judged
from events.models.access import User
from events.models.grades import GradeLadder
from events.models.organizations import Organization
from events.models.people import ExecutiveIdentifier, ExecutiveName
from tests import scenes
from tests.web.conftest import Scene, signed_in


def senior() -> Client:
    """A senior curator's client."""
    user = User.objects.create_user("senior", password="x", is_staff=True)
    user.groups.add(Group.objects.get(name=roles.SENIOR))
    return signed_in(user)


def entry(scene: Scene) -> str:
    return f"/desk/register/person/{scene.person.pk}/"


def test_an_entry_is_found_by_any_of_its_names_and_by_its_number(scene: Scene) -> None:
    client = signed_in(scene.author)
    for words in ("Houten", "van houten ilse", "范霍滕", str(scene.person.pk)):
        assert entry(scene) in client.get("/desk/register/person/", {"q": words}).content.decode(), words
    assert "Nobody and nothing" in client.get("/desk/register/person/", {"q": "Xyzzy"}).content.decode()


def test_an_entry_shows_its_names_events_and_what_it_is_not(scene: Scene) -> None:
    twin = scenes.executive("Ilse van Houten")
    curation.judge(ActKind.PERSON, scene.person.pk, twin.pk, False, scene.author, "another birth year")

    page = signed_in(scene.author).get(entry(scene)).content.decode()

    for words in (
        "范霍滕",
        "1 event",
        "not the same as",
        "another birth year",
        f"/desk/register/person/{twin.pk}/",
    ):
        assert words in page


def test_a_name_that_is_added_finds_the_entry_and_the_change_is_logged(scene: Scene) -> None:
    client = senior()

    client.post(f"{entry(scene)}add-name/", {"name": " I. van  Houten ", "type": "short"})

    assert ExecutiveName.objects.get(executive=scene.person, type="short").name == "I. van Houten"
    assert entry(scene) in client.get("/desk/register/person/", {"q": "I. van Houten"}).content.decode()
    assert "I. van" in LogEntry.objects.get().change_message


def test_a_new_name_shown_keeps_the_former_one_as_a_spelling(scene: Scene) -> None:
    senior().post(f"{entry(scene)}add-name/", {"name": "Ilse Houten", "type": "primary"})

    scene.person.refresh_from_db()
    assert scene.person.name == "Ilse Houten"
    assert ExecutiveName.objects.get(executive=scene.person, name="Ilse van Houten").type == "alias"


def test_the_name_shown_cannot_be_taken_away(scene: Scene) -> None:
    shown = ExecutiveName.objects.get(executive=scene.person, type="primary")

    page = senior().post(f"{entry(scene)}remove-name/", {"id": shown.pk})

    assert page.status_code == 400
    assert "Show another one first" in page.content.decode()
    assert ExecutiveName.objects.filter(pk=shown.pk).exists()


def test_an_identifier_is_one_entrys_and_the_refusal_names_whose(scene: Scene) -> None:
    other = scenes.executive("Tom Brook")
    ExecutiveIdentifier.objects.create(executive=other, scheme="wikidata", value="Q1")

    page = senior().post(f"{entry(scene)}add-identifier/", {"scheme": "Wikidata", "value": "Q1"})

    assert page.status_code == 400
    assert f"Tom Brook ({other.pk})" in page.content.decode()
    assert 'value="Q1"' in page.content.decode()


def test_a_plain_curator_judges_but_does_not_rename(scene: Scene) -> None:
    client, twin = signed_in(scene.author), scenes.executive()

    assert client.post(f"{entry(scene)}add-name/", {"name": "X", "type": "short"}).status_code == 403
    assert client.post(f"{entry(scene)}judge/", {"other": twin.pk, "reason": "two CVs"}).status_code == 302

    found = judged(ActKind.PERSON, scene.person.pk, twin.pk)
    assert found is not None
    assert not found.same


def test_an_entry_that_was_given_up_leads_to_what_it_became(scene: Scene) -> None:
    twin = scenes.executive("I. Houten")
    curation.merge_people(twin.pk, scene.person.pk, scene.author, "one CV", approver=None)

    page = signed_in(scene.author).get(f"/desk/register/person/{twin.pk}/").content.decode()

    assert "This is an old number" in page
    assert entry(scene) in page


def ladder_form(organization: Organization, **fields: str) -> dict[str, str]:
    return {
        "organization": str(organization.pk),
        "name": "Staff grades",
        "start": "2026-01-01",
        "grades": "23A\n22A\n22B",
        "source": "the staff handbook",
    } | fields


def test_a_list_is_looked_at_before_it_becomes_the_next_version(scene: Scene) -> None:
    client, first = senior(), GradeLadder.objects.get(organization=scene.parent)
    address = f"/desk/ladders/{first.pk}/next/"

    page = client.post(address, ladder_form(scene.parent, do="look")).content.decode()
    assert "Staff grades, version 2" in page
    assert "no longer" in page
    assert GradeLadder.objects.count() == 1

    made = client.post(address, ladder_form(scene.parent, do="save"))
    second = GradeLadder.objects.get(version=2)
    assert made.headers["Location"] == f"/desk/ladders/{second.pk}/"
    assert second.labels() == ["23A", "22A", "22B"]
    assert "1 down" in client.get(f"/desk/ladders/{second.pk}/").content.decode()
    first.refresh_from_db()
    assert (str(first.until), first.labels()[0]) == ("2026-01-01", "22A")


def test_a_list_that_cannot_be_is_refused_with_what_was_typed(scene: Scene) -> None:
    client, first = senior(), GradeLadder.objects.get(organization=scene.parent)
    bad = {"22A\nlevel 22a": "the same grade", "22A\n" + "x" * 31: "too long"}
    for grades, words in bad.items():
        page = client.post(
            f"/desk/ladders/{first.pk}/next/", ladder_form(scene.parent, do="save", grades=grades)
        )
        assert page.status_code == 400
        assert words in page.content.decode()
        assert "the staff handbook" in page.content.decode()
    page = client.post(f"/desk/ladders/{first.pk}/next/", ladder_form(scene.parent, do="save", start=""))
    assert "from since when the new one holds" in page.content.decode()
    assert GradeLadder.objects.count() == 1


def test_a_curator_reads_ladders_and_does_not_write_them(scene: Scene) -> None:
    client, first = signed_in(scene.author), GradeLadder.objects.get(organization=scene.parent)

    assert "22A" in client.get(f"/desk/ladders/{first.pk}/").content.decode()
    assert (
        "Published events stand on this version" in client.get(f"/desk/ladders/{first.pk}/").content.decode()
    )
    assert client.get(f"/desk/ladders/{first.pk}/next/").status_code == 403
    assert client.post("/desk/ladders/add/", ladder_form(scene.parent, do="save")).status_code == 403
