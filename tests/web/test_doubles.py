"""Two entries that may be the same: merged with a reason, or remembered to be two."""

from __future__ import annotations

import pytest
from django.test import Client

from events.choices import ActKind
from events.curation.judgements import judged
from events.models.access import User
from events.models.people import Executive
from tests import scenes
from tests.web.conftest import signed_in


@pytest.fixture
def curator(db: None) -> User:
    """A curator."""
    return scenes.curator()


@pytest.fixture
def pair(db: None) -> tuple[Executive, Executive]:
    """Two people of one name."""
    return scenes.executive("Ilse van Houten"), scenes.executive("Ilse van Houten")


def decide(client: Client, pair: tuple[Executive, Executive], verdict: str, reason: str = "one CV") -> int:
    one, other = pair
    data = {"kind": "person", "one": one.pk, "other": other.pk, "verdict": verdict, "reason": reason}
    return client.post("/desk/doubles/decide/", data).status_code


def test_people_of_one_name_are_proposed(curator: User, pair: tuple[Executive, Executive]) -> None:
    page = signed_in(curator).get("/desk/doubles/").content.decode()

    assert page.count("Ilse van Houten") >= 2
    assert "both are called" in page


def test_a_merge_keeps_the_first_number(curator: User, pair: tuple[Executive, Executive]) -> None:
    assert decide(signed_in(curator), pair, "merge") == 302

    pair[1].refresh_from_db()
    assert pair[1].merged_into_id == pair[0].pk


def test_what_was_judged_to_be_two_is_not_proposed_again(
    curator: User, pair: tuple[Executive, Executive]
) -> None:
    client = signed_in(curator)

    assert decide(client, pair, "two") == 302

    page = client.get("/desk/doubles/").content.decode()
    assert "both are called" not in page
    assert decide(client, pair, "merge") == 400
    assert decide(client, pair, "forget") == 302
    assert judged(ActKind.PERSON, pair[0].pk, pair[1].pk) is None


def test_a_merge_needs_a_reason_and_keeps_what_was_typed(
    curator: User, pair: tuple[Executive, Executive]
) -> None:
    client = signed_in(curator)

    response = client.post(
        "/desk/doubles/decide/",
        {"kind": "person", "one": pair[0].pk, "other": pair[1].pk, "verdict": "merge", "reason": " "},
    )

    assert response.status_code == 400
    assert f'value="{pair[1].pk}"' in response.content.decode()
    pair[1].refresh_from_db()
    assert pair[1].merged_into_id is None


@pytest.mark.parametrize("other", ["", "x", "999999999999", "-1"])
def test_a_number_that_is_no_entry_is_refused(
    curator: User, pair: tuple[Executive, Executive], other: str
) -> None:
    data = {"kind": "person", "one": pair[0].pk, "other": other, "verdict": "merge", "reason": "x"}

    assert signed_in(curator).post("/desk/doubles/decide/", data).status_code == 400


def test_only_curators_judge(client: Client, pair: tuple[Executive, Executive], plain_user: User) -> None:
    assert client.get("/desk/doubles/").status_code == 302
    assert decide(client, pair, "merge") == 302
    assert decide(signed_in(plain_user), pair, "merge") == 403
    pair[1].refresh_from_db()
    assert pair[1].merged_into_id is None
