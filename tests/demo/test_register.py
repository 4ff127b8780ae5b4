"""Loading the demo's register."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.db.models import Count
from pytest_django import Settings

from events.intake.demo import DemoRefused, load_demo
from events.models.access import ApiKey, User
from events.models.alerts import Subscriber, Subscription
from events.models.grades import Grade, GradeAssignment
from events.models.organizations import Organization, OrganizationName, OrganizationParent
from events.models.people import Executive, ExecutiveName, Position
from events.names import keys
from tests.alerts.helpers import race
from tests.conftest import REPOSITORY

FOLDER = REPOSITORY / "fixtures" / "demo"
TABLES = (
    Organization, OrganizationName, OrganizationParent, Executive, ExecutiveName, Grade, User, ApiKey,
    Subscriber, Subscription,
)  # fmt: skip

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_deployment(settings: Settings) -> None:
    settings.HTTPS = False


def rows() -> list[int]:
    return [table._default_manager.count() for table in TABLES]


def test_loading_twice_adds_nothing_twice() -> None:
    first = load_demo(FOLDER, accounts=True)
    before = rows()

    second = load_demo(FOLDER, accounts=True)

    assert rows() == before
    assert first.added > 0
    assert second.added == 0
    assert second.executives == first.executives


def test_loading_again_undoes_no_curators_work() -> None:
    load_demo(FOLDER, accounts=True)
    unit = Organization.objects.get(name="Huawei Cloud")
    unit.name = "Huawei Cloud Computing"
    unit.save()
    OrganizationParent.objects.filter(child=unit).delete()

    load_demo(FOLDER, accounts=True)

    assert Organization.objects.get(id=unit.id).name == "Huawei Cloud Computing"
    assert not OrganizationParent.objects.filter(child=unit).exists()


@pytest.mark.parametrize("query", ["Zhang Ping'an", "张平安", "張平安", "zhang pingan", "Ping'an Zhang"])
def test_the_chief_executive_is_found_in_both_scripts(query: str) -> None:
    load_demo(FOLDER)

    found = Executive.objects.filter(names__keys__overlap=sorted(keys(query))).distinct()

    assert [person.name for person in found] == ["Zhang Ping'an"]


def test_one_name_fits_two_people() -> None:
    load_demo(FOLDER)

    assert Executive.objects.filter(names__keys__overlap=sorted(keys("Wen Qiao"))).distinct().count() == 2


def test_from_22a_to_21a_are_three_steps_down() -> None:
    ladder = load_demo(FOLDER).ladders[0]

    assert ladder.steps("22A", "21A") == -3
    assert ladder.labels()[-1] == "13C"


def test_positions_and_grades_are_left_to_events() -> None:
    load_demo(FOLDER)

    assert not Position.objects.exists()
    assert not GradeAssignment.objects.exists()
    assert not OrganizationParent.objects.filter(event__isnull=False).exists()


def test_the_curators_may_curate_and_see_no_subscriber() -> None:
    loaded = load_demo(FOLDER, accounts=True)

    assert len(loaded.curators) == 2
    for user in loaded.curators:
        assert user.has_perm("events.curate")
        assert user.has_perm("events.change_feed") == (user.username == "curator-mei"), (
            "the senior of the two"
        )
        assert not user.has_perm("events.view_subscriber")
        assert not user.has_perm("events.override_four_eyes")
        assert user.check_password(loaded.passwords[user.username])


def test_the_reader_is_confirmed_and_follows_the_demos_people() -> None:
    [reader] = load_demo(FOLDER, accounts=True).subscribers

    assert reader.confirmed_at is not None
    assert sorted(str(s.executive or s.organization) for s in reader.subscriptions.all()) == [
        "Huawei Cloud",
        "Zhang Ping'an",
    ]


def test_the_api_key_is_stored_as_a_digest() -> None:
    [key] = load_demo(FOLDER, accounts=True).api_keys

    assert ApiKey.objects.get().digest == ApiKey.hash(key)


def test_known_passwords_are_refused_in_a_deployment(settings: Settings) -> None:
    settings.HTTPS = True

    with pytest.raises(DemoRefused):
        load_demo(FOLDER, accounts=True)

    assert not User.objects.exists()


def test_accounts_are_made_on_the_embedded_stack_alone(settings: Settings) -> None:
    settings.EMBEDDED = False

    load_demo(FOLDER)

    assert not User.objects.exists()


def test_a_broken_file_loads_nothing(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "demo")
    (tmp_path / "demo" / "ladders.json").write_text('[{"organization": "nobody", "name": "x"}]')

    with pytest.raises(KeyError):
        load_demo(tmp_path / "demo")

    assert not Organization.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_demos_that_load_at_once_load_it_once() -> None:
    loaded = race(lambda: load_demo(FOLDER, accounts=False).added)

    assert min(loaded) == 0
    assert not Organization.objects.annotate(n=Count("identifiers")).exclude(n=1).exists()
