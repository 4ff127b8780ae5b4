"""Who may curate over the API, tried on every operation that there is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.test import APIClient

from api.permissions import SESSION_SCOPES
from events.models.access import User
from tests import scenes
from tests.api.review.conftest import Desk, Keyed, revisions

SECRETS = ("Marwick", "Vesper Holt", "quorl-7")
"""What stands in a candidate and nowhere else."""
ASKED = "Quillon"
"""What is looked for, so that an answer which repeats the question shows no secret."""


def addresses(under: str) -> list[str]:
    """Every address of the API that begins so, with 1 for every number."""
    found = []

    def walk(patterns: list[Any], before: str) -> None:
        for item in patterns:
            here = before + str(item.pattern)
            if isinstance(item, URLResolver):
                walk(item.url_patterns, here)
            elif isinstance(item, URLPattern) and "(" not in here:
                found.append("/" + re.sub(r"<[^>]+>", "1", here))

    walk(get_resolver().url_patterns, "")
    return sorted({path for path in found if path.startswith(under)})


def operations() -> Iterator[tuple[str, str]]:
    """(method, address) of every operation of the curators' part, as its views declare them."""
    caller = APIClient()
    for path in addresses("/api/v1/review/"):
        allowed = caller.options(path).headers["Allow"]
        yield from (
            (method, path) for method in re.split(r",\s*", allowed) if method not in {"HEAD", "OPTIONS"}
        )


def refusals(caller: APIClient) -> dict[tuple[str, str], int]:
    """The status of the answer to each operation."""
    return {
        (method, path): caller.generic(method, path, "{}", content_type="application/json").status_code
        for method, path in operations()
    }


def test_the_loop_below_finds_every_operation(desk: Desk) -> None:
    found = set(operations())

    assert len(found) >= 36
    for method, path in (
        ("PATCH", "candidates/1/"), ("POST", "candidates/1/accept/"), ("POST", "events/1/retract/"),
        ("POST", "requests/1/approve/"), ("POST", "merges/"), ("DELETE", "judgements/1/"), ("GET", "duplicates/"),
    ):  # fmt: skip
        assert (method, f"/api/v1/review/{path}") in found


def test_nobody_without_a_key_gets_in(desk: Desk) -> None:
    assert set(refusals(APIClient()).values()) == {401}


@pytest.mark.parametrize("scopes", [["read"], sorted(SESSION_SCOPES)])
def test_a_key_of_another_scope_does_not_get_in(desk: Desk, scopes: list[str]) -> None:
    assert set(refusals(Keyed(desk.first.user, *scopes)).values()) == {403}


def test_a_key_whose_owner_may_not_curate_does_not_get_in(desk: Desk) -> None:
    clerk = User.objects.create_user("clerk", password="x", is_staff=True)

    assert set(refusals(Keyed(clerk)).values()) == {403}


def test_a_key_lasts_no_longer_than_its_owners_permission(desk: Desk) -> None:
    desk.first.read("candidates/")
    desk.first.user.user_permissions.remove(Permission.objects.get(codename="curate"))

    assert set(refusals(desk.first).values()) == {403}


def test_who_is_signed_in_without_the_permission_does_not_get_in(desk: Desk) -> None:
    caller = APIClient()
    caller.force_login(User.objects.create_user("clerk", password="x", is_staff=True))

    assert set(refusals(caller).values()) == {403}


def test_no_operation_answers_a_curator_with_a_defect(desk: Desk) -> None:
    answers = refusals(desk.first)

    assert {answer for answer in answers.values() if answer >= 500 or answer in {401, 403}} == set()


def test_every_address_says_what_it_takes(desk: Desk) -> None:
    for path in addresses("/api/v1/review/"):
        assert desk.first.options(path).status_code == 200, path


def test_a_signed_in_curator_needs_the_csrf_token_to_change_anything(desk: Desk) -> None:
    caller = APIClient(enforce_csrf_checks=True)
    caller.force_login(desk.first.user)
    path = f"/api/v1/review/candidates/{desk.mild.pk}/accept/"

    assert caller.get("/api/v1/review/candidates/").status_code == 200
    refused = caller.post(path, {}, format="json")

    assert refused.status_code == 403
    assert "CSRF" in refused.json()["detail"]
    assert revisions() == 0


def test_a_key_is_no_cookie_and_needs_no_csrf_token(desk: Desk) -> None:
    caller = APIClient(enforce_csrf_checks=True)
    caller.credentials(HTTP_AUTHORIZATION=f"Bearer {desk.first.key}")

    answer = caller.post(f"/api/v1/review/candidates/{desk.mild.pk}/accept/", {}, format="json")

    assert answer.status_code == 200


def test_no_public_address_shows_anything_of_a_candidate(desk: Desk) -> None:
    surname, title, case = SECRETS
    name = f"{ASKED} {surname}"
    subject = {"type": "person", "name": name, "title": title, "organization": "Northlake Cloud"}
    hidden = scenes.candidate(desk.source, desk.claim(subject=subject, case=case, grounds=["quorl-7"]))
    event = desk.published(desk.mild)
    public = [path for path in addresses("/api/v1/") if not path.startswith("/api/v1/review/")]
    assert len(public) > 20
    numbers = (event.pk, desk.person.pk, desk.source.pk, hidden.pk)

    for path in sorted({path.replace("/1/", f"/{number}/") for path in public for number in numbers}):
        for query in ("", f"?q={ASKED}", f"?name={ASKED}", f"?prefix={ASKED}"):
            answer = APIClient().get(path + query)
            body = b"".join(answer) if answer.streaming else answer.content
            assert [secret for secret in SECRETS if secret.encode() in body] == [], (path, query)
