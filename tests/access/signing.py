"""Signing in by the pages, as a person does."""

from __future__ import annotations

import re
import time
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import HttpResponse
from django.test import Client

from events.models.access import User
from tests import scenes

PASSWORD = "a-password-of-nobody"
PERIOD = 30


def curator(name: str = "mei") -> User:
    """A curator with an address and a password."""
    user = scenes.curator(name)
    user.email = f"{name}@example.org"
    user.set_password(PASSWORD)
    user.save()
    return user


def enter(client: Client, name: str = "mei", password: str = PASSWORD, **values: Any) -> HttpResponse:
    """The answer to name and password."""
    answer: Any = client.post("/desk/login/", {"username": name, "password": password}, **values)
    return answer  # type: ignore[no-any-return]


def is_in(client: Client) -> bool:
    """Whether the desk opens."""
    return client.get("/desk/").status_code == 200


def with_app(client: Client) -> str:
    """Sets up an authenticator app for who is signed in, and gives its secret."""
    page = client.get("/accounts/factors/app/").content.decode()
    secret = re.search(r'id="authenticator_secret">([A-Z2-7]+)<', page)
    assert secret is not None
    answer = client.post("/accounts/factors/app/", {"code": code(secret[1])})
    assert answer.status_code == 302, answer.content
    return secret[1]


def code(secret: str) -> str:
    """What the app shows now."""
    shown: str = format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))
    return shown


def recovery_codes(client: Client) -> list[str]:
    """The codes on the page that shows them."""
    page = client.get("/accounts/factors/codes/").content.decode()
    return re.findall(r'<code class="receipt">(\d+)</code>', page)
