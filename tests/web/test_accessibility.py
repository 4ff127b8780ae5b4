"""WCAG 2.2 AA on every public and subscriber page, by axe-core in Chromium: both themes, a phone and a desk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from events import curation
from events.choices import StepVerb
from events.models.record import Case
from events.record import publishing
from tests import scenes
from tests.web.conftest import Scene, make_desk, make_scene, sign_in_context
from tests.web.rich import addresses, fill

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desk": {"width": 1440, "height": 900},
}


@pytest.fixture(params=[("phone", "dark", "zh-CN"), ("desk", "light", "en-GB")], ids="-".join)
def page(request: pytest.FixtureRequest, chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A page of a size, theme and language."""
    size, theme, locale = request.param
    context = chromium.new_context(
        base_url=live_server.url, viewport=SIZES[size], color_scheme=theme, locale=locale
    )
    yield context.new_page()
    context.close()


def violations(page: Page) -> list[str]:
    """What axe finds: rule, where."""
    found: Any = Axe().run(page, options=RULES).response["violations"]
    return [f"{row['id']}: {[node['target'] for node in row['nodes'][:3]]}" for row in found]


def overflow(page: Page) -> bool:
    """Whether the page must be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def faults(page: Page, paths: list[str]) -> dict[str, Any]:
    """By path: what axe finds, and whether the page is wider than its window."""
    result: dict[str, Any] = {}
    for path in paths:
        page.goto(path)
        found = violations(page) + (["scrolls sideways"] if overflow(page) else [])
        if found:
            result[path] = found
    return result


def everything(scene: Scene) -> list[str]:
    """Every public page, also of what was corrected, retracted or alleged."""
    draft = scenes.demotion(scene.person, scene.cloud, scene.source, end="21B", levels=4)
    publishing.revise(scene.demotion.pk, draft, scene.author, scene.approver, reason="misread")
    gone = publishing.publish(
        scenes.appointment(scene.person, scene.cloud, scene.source, day="2024-05-01", title="CEO"),
        scene.author,
    ).event
    publishing.retract(gone.pk, scene.author, reason="not true")
    return [
        *addresses(fill(scene)),
        f"/events/{gone.pk}/",
        "/subscribe/",
        f"/subscribe/?person={scene.person.pk}",
    ]


def test_no_public_page_breaks_wcag(page: Page) -> None:
    assert faults(page, everything(make_scene())) == {}


def test_no_page_of_the_desk_breaks_wcag(page: Page) -> None:
    desk = make_desk()
    scenes.executive()
    published = curation.accept(desk.mild.pk, desk.second, desk.mild.version).event
    assert published is not None
    curation.ask(
        StepVerb.SEVERITY, {"event": published.pk, "severity": 4}, desk.second, "graver than computed"
    )
    page.goto("/desk/")
    assert violations(page) == []
    page.locator("input[name=username]").fill("first")
    page.locator("input[name=password]").fill("x")
    page.keyboard.press("Enter")
    expect(page.locator("form[action*=logout]")).to_be_attached()

    assert (
        faults(
            page,
            [
                "/desk/",
                "/desk/?state=published",
                f"/desk/candidates/{desk.severe.pk}/",
                f"/desk/candidates/{desk.mild.pk}/",
                "/desk/proposals/",
                "/desk/changes/",
                f"/desk/events/{published.pk}/",
                "/desk/requests/",
                "/desk/log/",
                "/desk/doubles/",
                "/desk/doubles/?kind=organization",
                "/desk/doubles/?kind=event",
            ],
        )
        == {}
    )


def test_no_page_of_one_claim_or_case_breaks_wcag(page: Page, live_server: LiveServer) -> None:
    desk = make_desk()
    published = curation.accept(desk.mild.pk, desk.second, desk.mild.version).event
    assert published is not None
    again = scenes.document(desk.mild.document.text, title="Told again")
    twin = scenes.candidate(again, {**desk.mild.original, "case": "c1"})
    figures = [{**desk.mild.original["measures"][0], "value": 13_000_000_000}]
    scenes.candidate(again, {**desk.mild.original, "case": "c1", "measures": figures})
    curation.accept(
        scenes.candidate(scenes.document(again.text), twin.original).pk, desk.second, into=published.pk
    )
    claim = desk.severe.original
    edited = {**claim, "subject": {**claim["subject"], "title": "President"}, "grounds": ["fraud"]}
    curation.edit(desk.severe.pk, desk.second, edited)
    text = scenes.DEMOTION_TEXT
    member = scenes.candidate(scenes.document(text), scenes.claim(text, case="c2"))
    curation.approve_case(curation.accept_case(member.pk, desk.second)[0].pk, desk.first)
    case = Case.objects.get()
    sign_in_context(page.context, live_server, desk.first)

    paths = [
        f"/desk/candidates/{twin.pk}/",
        f"/desk/candidates/{twin.pk}/case/",
        f"/desk/candidates/{desk.severe.pk}/create/?pointer=/subject",
        "/desk/cases/",
        f"/desk/cases/{case.pk}/",
        f"/desk/events/{published.pk}/split/?into={case.events.get().pk}",
        f"/desk/split/organization/{desk.mild.subject_organization_id}/",
    ]
    assert faults(page, paths) == {}
    for path in (
        f"/desk/candidates/{desk.severe.pk}/",
        f"/desk/events/{published.pk}/",
        f"/desk/cases/{case.pk}/",
    ):
        page.goto(path)
        page.locator("#edit > summary").click()
        expect(page.locator("#edit form").first).to_be_visible()
        assert (path, violations(page), overflow(page)) == (path, [], False)
