"""Signing in: passwords, an app's codes, recovery codes, where it leads, and what must be proven again."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from events import roles
from events.models.access import ApiKey, User
from tests import scenes
from tests.access.signing import PASSWORD, code, curator, enter, is_in, recovery_codes, with_app

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
FACTORS = "/accounts/factors/"


def after_the_period() -> None:
    """A code is good once: forget that this one was used, as half a minute later."""
    cache.clear()


def test_name_and_password_lead_to_the_desk(client: Client) -> None:
    curator()

    answer = enter(client)

    assert answer.headers["Location"] == "/desk/"
    assert is_in(client)


def test_the_admin_asks_by_the_same_page_and_goes_on_where_one_was(client: Client) -> None:
    User.objects.create_superuser("ada", password=PASSWORD)

    asked = client.get("/admin/events/feed/", follow=True)
    answer = enter(client, "ada", QUERY_STRING="next=/admin/events/feed/")

    assert asked.redirect_chain[-1][0].startswith("/desk/login/?next=")
    assert answer.headers["Location"] == "/admin/events/feed/"


def test_who_is_no_curator_is_led_to_what_is_open_to_them(client: Client) -> None:
    User.objects.create_user("clerk", password=PASSWORD, is_staff=True)
    User.objects.create_user("caller", password=PASSWORD)

    assert enter(client, "clerk").headers["Location"] == "/admin/"
    assert enter(Client(), "caller").headers["Location"] == "/accounts/"


def test_with_an_app_the_password_alone_lets_nobody_in(client: Client) -> None:
    curator()
    enter(client)
    secret = with_app(client)
    after_the_period()
    other = Client()

    asked = enter(other)
    before = is_in(other)
    answer = other.post(f"{FACTORS}code/", {"code": code(secret)})

    assert asked.headers["Location"] == f"{FACTORS}code/"
    assert not before
    assert answer.headers["Location"] == "/desk/"
    assert is_in(other)


def test_a_code_is_good_once(client: Client) -> None:
    curator()
    enter(client)
    secret = with_app(client)
    after_the_period()
    first, second = Client(), Client()
    shown = code(secret)
    enter(first)
    first.post(f"{FACTORS}code/", {"code": shown})
    enter(second)

    answer = second.post(f"{FACTORS}code/", {"code": shown})

    assert is_in(first)
    assert answer.status_code == 200
    assert not is_in(second)


def test_a_recovery_code_lets_in_one_time_and_codes_are_shown_once(client: Client) -> None:
    curator()
    enter(client)
    with_app(client)
    codes = recovery_codes(client)
    again = recovery_codes(client)
    first, second = Client(), Client()
    for browser in (first, second):
        enter(browser)
        browser.post(f"{FACTORS}code/", {"code": codes[0]})

    assert len(codes) == 10
    assert again == []
    assert is_in(first)
    assert not is_in(second)


def test_an_apps_secret_lies_encrypted_in_the_database(client: Client, settings: Settings) -> None:
    curator()
    enter(client)
    secret = with_app(client)
    stored = Authenticator.objects.get(type="totp").data["secret"]
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = (
        [settings.SECRET_KEY],
        "another-one-that-is-long-enough",
    )
    after_the_period()
    other = Client()
    enter(other)
    other.post(f"{FACTORS}code/", {"code": code(secret)})

    assert secret not in stored
    assert is_in(other), "a changed SECRET_KEY keeps the old one among its fallbacks"


def test_a_changed_password_signs_out_everywhere_else(client: Client) -> None:
    curator()
    enter(client)
    other = Client()
    enter(other)
    new = "another-password-of-nobody"

    client.post("/accounts/password/", {"oldpassword": PASSWORD, "password1": new, "password2": new})

    assert is_in(client)
    assert not is_in(other)


def test_sessions_elsewhere_can_be_ended(client: Client) -> None:
    curator()
    enter(client, HTTP_USER_AGENT="This browser")
    other = Client()
    enter(other, HTTP_USER_AGENT="Another browser")

    page = client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")

    assert "Another browser" in page
    assert is_in(client)
    assert not is_in(other)


def test_nobody_signs_up(client: Client) -> None:
    for path in ("/accounts/signup/", "/accounts/email/", "/accounts/login/code/"):
        assert client.get(path).status_code == 404


def test_pages_of_signing_in_run_no_script_of_their_own_and_are_kept_by_no_cache(client: Client) -> None:
    curator()
    enter(client)

    for path in (f"{FACTORS}app/", f"{FACTORS}passkeys/add/", "/accounts/", FACTORS):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert "no-store" in page.headers["Cache-Control"] or "private" in page.headers["Cache-Control"]
        for tag in page.content.decode().split("<script")[1:]:
            head = tag.partition(">")[0]
            assert "src=" in head or 'type="application/json"' in head


class TestWhenASecondFactorIsRequired:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Settings) -> None:
        settings.REQUIRE_MFA = True

    @pytest.mark.parametrize("path", ["/desk/", "/desk/log/", "/admin/", "/admin/events/feed/"])
    def test_staff_without_one_are_led_to_set_one_up(self, client: Client, path: str) -> None:
        curator()
        enter(client)

        answer = client.get(path, follow=True)

        assert answer.redirect_chain[-1][0] == FACTORS
        assert "Set up a second factor first" in answer.content.decode()

    def test_setting_one_up_opens_the_desk(self, client: Client) -> None:
        curator()
        enter(client)

        with_app(client)

        assert is_in(client)

    def test_the_review_api_refuses_the_session_and_takes_the_key(self, client: Client) -> None:
        mei = curator()
        enter(client)
        _, key = ApiKey.issue(mei, "tool", ["review"])
        path = "/api/v1/review/candidates/"

        refused = client.get(path)

        assert refused.status_code == 403
        assert refused.headers["Content-Type"] == "application/problem+json"
        assert Client().get(path, headers={"authorization": f"Bearer {key}"}).status_code == 200
        assert client.get(path, headers={"authorization": "Bearer gt_no_such_key"}).status_code == 401

    def test_public_pages_and_the_way_out_stay_open(self, client: Client) -> None:
        curator()
        enter(client)

        assert client.get("/").status_code == 200
        assert client.get("/api/v1/events/").status_code == 200
        assert client.post("/desk/logout/").status_code == 302


class TestPagesThatGivePower:
    """Users, roles and keys in the admin."""

    @pytest.fixture
    def ada(self) -> Client:
        """An administrator who signed in by the page."""
        user = User.objects.create_user("ada", password=PASSWORD, is_staff=True)
        user.groups.add(Group.objects.get(name=roles.ADMINISTRATOR))
        client = Client()
        enter(client, "ada")
        return client

    def test_open_to_who_has_just_signed_in(self, ada: Client) -> None:
        assert ada.get("/admin/events/apikey/add/").status_code == 200

    def test_ask_again_after_a_while_and_keep_nothing_of_what_was_typed(self, ada: Client) -> None:
        self.later(ada)

        asked = ada.post("/admin/events/user/add/", {"username": "x", "password1": "typed-before"})
        stored = ada.session.items()
        page = ada.get("/admin/events/user/").status_code

        assert asked.headers["Location"] == "/accounts/confirm/?next=%2Fadmin%2Fevents%2Fuser%2Fadd%2F"
        assert "typed-before" not in str(dict(stored))
        assert page == 200, "looking needs no proof"

    def test_go_on_after_the_password(self, ada: Client) -> None:
        self.later(ada)
        back = "/admin/events/apikey/add/"

        answer = ada.post("/accounts/confirm/", {"password": PASSWORD, "next": back})

        assert answer.headers["Location"] == back
        assert ada.get(back).status_code == 200

    def test_an_administrator_has_no_power_over_superusers(self, ada: Client) -> None:
        root = User.objects.create_superuser("root", password=PASSWORD)
        me = User.objects.get(username="ada")

        taken = ada.post(f"/admin/events/user/{root.pk}/password/", {"password1": "x", "password2": "x"})
        page = ada.get(f"/admin/events/user/{me.pk}/change/").content.decode()
        ada.post(
            f"/admin/events/user/{me.pk}/change/", {"username": "ada", "is_superuser": "on", "is_staff": "on"}
        )

        assert taken.status_code == 403
        assert 'name="is_superuser"' not in page
        assert not User.objects.get(username="ada").is_superuser

    def test_a_lost_phone_is_forgotten_by_an_administrator(self, ada: Client) -> None:
        curator()
        mei = Client()
        enter(mei)
        with_app(mei)
        pk = User.objects.get(username="mei").pk

        ada.post("/admin/events/user/", {"action": "forget_second_factors", "_selected_action": [pk]})

        assert not Authenticator.objects.filter(user_id=pk).exists()
        assert enter(Client()).headers["Location"] == "/desk/"

    @staticmethod
    def later(client: Client) -> None:
        """As if all proofs had been given an hour ago."""
        session = client.session
        for record in session["account_authentication_methods"]:
            record["at"] -= 3600
        session.save()


def test_a_list_of_users_needs_no_more_statements_for_more_users(
    client: Client, django_assert_max_num_queries: type
) -> None:
    User.objects.create_superuser("root", password=PASSWORD)
    enter(client, "root")
    for _ in range(5):
        scenes.curator()

    with django_assert_max_num_queries(12):
        assert client.get("/admin/events/user/").status_code == 200
