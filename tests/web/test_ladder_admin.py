"""Ladders in the admin: files in and out by permission, and no change to grades that events stand on."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from events.models.access import User
from events.models.grades import Grade, GradeLadder
from events.record import publishing
from tests import scenes

HEADING = "organization,ladder,rank,label\n"
IMPORT, EXPORT = "admin:events_gradeladder_import", "admin:events_gradeladder_export"


def client(*permissions: str) -> Client:
    """A signed-in member of staff with these permissions on ladders and their grades."""
    user = User.objects.create_user(f"staff{User.objects.count()}", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    made = Client()
    made.force_login(user)
    return made


@pytest.fixture
def keeper(db: None) -> Client:
    return client(
        *[
            f"{verb}_{name}"
            for verb in ("view", "add", "change", "delete")
            for name in ("gradeladder", "grade")
        ]
    )


@pytest.fixture
def ladder(db: None) -> GradeLadder:
    return scenes.ladder(scenes.company(), ["A", "B", "C"])


def upload(browser: Client, text: str, **fields: Any) -> Any:
    return browser.post(
        reverse(IMPORT), {"file": SimpleUploadedFile("l.csv", text.encode()), **fields}, follow=True
    )


def used(ladder: GradeLadder) -> GradeLadder:
    """The ladder once an event stands on it."""
    draft = scenes.demotion(
        scenes.executive(),
        ladder.organization,
        scenes.document(scenes.DEMOTION_TEXT),
        start="A",
        end="B",
        levels=1,
    )
    publishing.publish(draft, scenes.curator())
    return ladder


def form(ladder: GradeLadder, labels: list[str]) -> dict[str, Any]:
    """The admin's form of a ladder with other labels on its rungs."""
    data: dict[str, Any] = {
        "organization": ladder.organization_id, "name": ladder.name, "version": 1, "end_state": "open",
        "grades-TOTAL_FORMS": 3, "grades-INITIAL_FORMS": 3,
    }  # fmt: skip
    for number, grade in enumerate(ladder.grades.all()):
        data |= {f"grades-{number}-{k}": v for k, v in
                 {"id": grade.pk, "ladder": ladder.pk, "rank": number, "label": labels[number]}.items()}  # fmt: skip
    return data


def test_a_file_goes_out_and_in(keeper: Client, ladder: GradeLadder) -> None:
    exported = keeper.get(reverse(EXPORT))
    assert exported.headers["Content-Type"] == "text/csv; charset=utf-8"

    page = upload(keeper, exported.content.decode())
    assert "The file changes nothing." in page.content.decode()

    upload(keeper, HEADING + "Northlake Devices,Technical,0,P2\nNorthlake Devices,Technical,1,P1\n")
    assert GradeLadder.objects.get(name="Technical").labels() == ["P2", "P1"]


def test_a_dry_run_changes_nothing(keeper: Client, ladder: GradeLadder) -> None:
    page = upload(keeper, HEADING + "Northlake Devices,Technical,0,P2\n", dry_run="on")

    assert "would be added" in page.content.decode()
    assert GradeLadder.objects.count() == 1


def test_a_bad_file_is_refused_on_the_form_with_its_line(keeper: Client, ladder: GradeLadder) -> None:
    page = upload(keeper, HEADING + "Northlake Devices,Technical,0,<b>\nNorthlake Devices,Technical,0,x\n")

    assert "Line 3: Rank 0 is taken by line 2." in page.content.decode()
    assert "Line 2: Write" not in page.content.decode()
    page = upload(keeper, HEADING + "Northlake Devices,Technical,0,<b>\nNorthlake Devices,Technical,1,<B>\n")
    assert "&lt;B&gt;" in page.content.decode()
    assert "<B>" not in page.content.decode()
    assert GradeLadder.objects.count() == 1


@pytest.mark.parametrize(
    ("permissions", "may_import", "may_export"),
    [
        ((), False, False),
        (("view_gradeladder",), False, True),
        (("change_gradeladder",), False, True),
        (("add_gradeladder",), False, False),
        (("add_gradeladder", "change_gradeladder"), True, True),
    ],
)
def test_files_need_the_permissions_of_what_they_do(
    ladder: GradeLadder, permissions: tuple[str, ...], may_import: bool, may_export: bool
) -> None:
    browser = client(*permissions)

    assert browser.get(reverse(IMPORT)).status_code == (200 if may_import else 403)
    text = HEADING + "Northlake Devices,Technical,0,P2\n"
    assert upload(browser, text).status_code == (200 if may_import else 403)
    assert GradeLadder.objects.filter(name="Technical").exists() is may_import
    assert browser.get(reverse(EXPORT)).status_code == (200 if may_export else 403)


def test_nobody_who_is_not_signed_in_gets_a_file(ladder: GradeLadder) -> None:
    assert Client().get(reverse(EXPORT)).status_code == 302


def test_grades_that_no_event_stands_on_can_be_changed(keeper: Client, ladder: GradeLadder) -> None:
    address = reverse("admin:events_gradeladder_change", args=[ladder.pk])

    assert keeper.post(address, form(ladder, ["A", "B", "X"])).status_code == 302

    assert ladder.grades.get(rank=2).label == "X"


def test_grades_that_an_event_stands_on_stay(keeper: Client, ladder: GradeLadder) -> None:
    used(ladder)
    before = list(Grade.objects.values_list("pk", "label", "rank"))
    address = reverse("admin:events_gradeladder_change", args=[ladder.pk])

    keeper.post(address, form(ladder, ["A", "X", "B"]) | {"grades-2-DELETE": "on", "version": 7})
    keeper.post(reverse("admin:events_gradeladder_delete", args=[ladder.pk]), {"post": "yes"})
    keeper.post(
        reverse("admin:events_gradeladder_changelist"),
        {"action": "delete_selected", "_selected_action": [ladder.pk], "post": "yes"},
    )

    assert list(Grade.objects.values_list("pk", "label", "rank")) == before
    assert GradeLadder.objects.get().version == 1


@pytest.mark.parametrize(
    ("labels", "words"),
    [(["A", "a", "B"], "are the same grade"), (["A", "B", ""], "This field is required")],
)
def test_a_ladder_with_a_grade_twice_is_refused_in_words(
    keeper: Client, ladder: GradeLadder, labels: list[str], words: str
) -> None:
    page = keeper.post(reverse("admin:events_gradeladder_change", args=[ladder.pk]), form(ladder, labels))

    assert page.status_code == 200
    assert words in page.content.decode()


def test_a_ladder_with_a_gap_is_refused_in_words(keeper: Client, ladder: GradeLadder) -> None:
    page = keeper.post(
        reverse("admin:events_gradeladder_change", args=[ladder.pk]),
        form(ladder, ["A", "B", "C"]) | {"grades-2-rank": 5},
    )

    assert "without gaps" in page.content.decode()
