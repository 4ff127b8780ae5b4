"""A small record to look at: a demotion of a case, a correction, a retraction, an allegation, and the people of the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import translation
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from events.choices import Kind, PartyType, Role, Status
from events.models.access import User
from events.models.candidates import Candidate
from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.models.record import Event
from events.models.sources import Document
from events.record import publishing
from events.record.draft import Draft, DraftEvidence, DraftParty
from tests import scenes
from tests.browser import launch


@dataclass
class Scene:
    """The rows that tests name."""

    parent: Organization
    cloud: Organization
    person: Executive
    source: Document
    demotion: Event
    allegation: Event
    author: User
    approver: User


def evidence(source: Document, field: str, quote: str) -> DraftEvidence:
    """Words of the source for one field."""
    start = source.text.index(quote)
    return DraftEvidence(source.id, field, start, start + len(quote), quote)


def allegation(source: Document, name: str = "Heron 2") -> Draft:
    """A draft of an allegation about a product."""
    return Draft(
        kind=Kind.CONTROVERSY,
        action="allegation",
        subject=DraftParty(Role.SUBJECT, PartyType.PRODUCT, name),
        assertion=Status.ALLEGED,
        evidence=(scenes.whole(source),),
    )


def make_scene() -> Scene:
    """Publishes through the record's own functions."""
    parent = scenes.company()
    cloud = scenes.unit("Northlake Cloud", parent)
    OrganizationName.objects.create(organization=cloud, name="北湖云", type="native", language="zh-Hans")
    scenes.ladder(parent)
    person = scenes.executive()
    ExecutiveName.objects.create(executive=person, name="范霍滕", type="native", language="zh-Hans")
    source = scenes.document(scenes.DEMOTION_TEXT, title="The penalties of October")
    author, approver = scenes.curator("author"), scenes.curator("approver")
    draft = scenes.demotion(
        person, cloud, source,
        evidence=(scenes.whole(source), evidence(source, "/penalties/0", "demoted three levels from 22A to 21A")),
    )  # fmt: skip
    demotion = publishing.publish(draft, author, approver).event
    rumour = scenes.document("A researcher alleged that Heron 2 copies another model.", title="The rumour")
    alleged = publishing.publish(allegation(rumour), author).event
    return Scene(parent, cloud, person, source, demotion, alleged, author, approver)


@pytest.fixture
def scene(db: None) -> Scene:
    """The small record."""
    return make_scene()


@dataclass
class Desk:
    """One open candidate of severity 3, one of severity 0, and who works on them."""

    severe: Candidate
    mild: Candidate
    first: User
    second: User


def make_desk() -> Desk:
    """Candidates whose names are all known."""
    parent = scenes.company()
    scenes.unit("Northlake Cloud", parent)
    scenes.ladder(parent)
    scenes.executive()
    source = scenes.document(scenes.DEMOTION_TEXT, title="The penalties of October")
    text = "Northlake Devices reported revenue of 12 billion dollars for 2024."
    figures = scenes.document(text, title="The figures")
    result: dict[str, Any] = {
        "kind": "performance",
        "action": "result",
        "subject": {"type": "organization", "name": "Northlake Devices"},
        "measures": [{"metric": "revenue", "value": 12_000_000_000, "currency": "USD", "period": "2024"}],
        "confidence": 0.9,
        "evidence": [{"field": "/measures/0", "start": 27, "end": 65, "quote": text[27:65]}],
    }
    return Desk(
        severe=scenes.candidate(source),
        mild=scenes.candidate(figures, result),
        first=scenes.curator("first"),
        second=scenes.curator("second"),
    )


@pytest.fixture
def desk(db: None) -> Desk:
    """Two candidates and two curators."""
    return make_desk()


@pytest.fixture
def plain_user(db: None) -> User:
    """A user who may do nothing."""
    return User.objects.create_user("plain", password="x")


@pytest.fixture
def clerk(db: None) -> User:
    """Staff without the permission to curate."""
    return User.objects.create_user("clerk", password="x", is_staff=True)


@pytest.fixture
def outsider(db: None) -> User:
    """The permission to curate without being staff."""
    user = User.objects.create_user("outsider", password="x")
    user.user_permissions.add(Permission.objects.get(codename="curate", content_type__app_label="events"))
    return user


def signed_in(user: User, **options: Any) -> Client:
    """A client of that user."""
    client = Client(**options)
    client.force_login(user)
    return client


def page_of(chromium: Browser, server: LiveServer, user: User) -> Page:
    """A page of a fresh profile in which that user is signed in; sign-in itself has tests of its own."""
    context = profile(chromium, server)
    sign_in_context(context, server, user)
    return context.new_page()


def profile(chromium: Browser, server: LiveServer) -> BrowserContext:
    """A fresh profile in English, the size of a desk."""
    return chromium.new_context(base_url=server.url, locale="en-GB", viewport={"width": 1440, "height": 900})


def sign_in_context(context: BrowserContext, server: LiveServer, user: User) -> None:
    """Gives the profile a session of that user."""
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": signed_in(user).cookies[name].value, "url": server.url}])


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    # Playwright keeps an event loop in this thread, in which Django would refuse to read the database.
    with (
        pytest.MonkeyPatch.context() as patch,
        sync_playwright() as playwright,
        launch(playwright) as browser,
    ):
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield browser


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:
    """A fresh profile in English."""
    context = profile(chromium, live_server)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails the test when a script breaks, something is missing or the content security policy blocks it.

    A form that is answered with 400 or 409 is no fault: the page shows what it says.
    """
    page = context.new_page()
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        answered = re.search(r"responded with a status of 40[09] ", message.text)
        if "Content Security" in message.text or (message.type == "error" and not answered):
            complaints.append(message.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", heard)
    yield page
    assert complaints == []


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    """A request in Chinese leaves its thread in Chinese."""
    with translation.override("en"):
        yield
