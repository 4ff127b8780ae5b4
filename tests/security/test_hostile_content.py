"""Nothing that came from a feed, an article, a reader or a record's own fields runs in a curator's browser.

The pages are opened without their content security policy: escaping alone must hold. That the policy is there is tested
beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from playwright.sync_api import Error as PlaywrightError
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from events.models.access import User
from events.models.record import Event
from tests import scenes
from tests.feeds.servers import Site, running_site
from tests.security.hostile import LINKS, PAYLOADS, Poison, rows, serve, taken_in
from tests.web.conftest import chromium, make_scene, sign_in_context  # noqa: F401 - chromium is a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OF_ONE_VIEW = 2
"""Pages of one view that are opened: what they show differs, how they show it does not."""
MOST_PAGES = 250
SKIPPED = {"logout", "account_logout", "set_language"}
PAGE = "http://page.example.com/"
LISTEN = "window.ran = []; window.hostile = number => { window.ran.push(number); };"
LOOK = """() => {
    const found = (window.ran || []).map(number => `payload ${number} ran`);
    for (const element of document.querySelectorAll('*')) {
        const name = element.localName;
        if (['iframe', 'object', 'embed', 'base', 'animate'].includes(name)) found.push(`<${name}>`);
        if (name === 'script' && !element.src && !/json/.test(element.type)) found.push('an inline script');
        if (name === 'meta' && element.httpEquiv === 'refresh') found.push('<meta refresh>');
        for (const attribute of element.attributes) {
            if (/^on|^hx-on/.test(attribute.name)) found.push(`${name} ${attribute.name}`);
            if (/^(href|src|action|formaction|hx-get|hx-post)$/.test(attribute.name)
                && /^(https?:)?[/][/]evil/.test(attribute.value)) found.push(`${name} ${attribute.name} to another host`);
            if (/^(href|src|action|formaction|xlink:href|data)$/.test(attribute.name)
                && /^[\\s\\0]*(javascript|data|vbscript):/i.test(attribute.value)
                && !(name === 'link' || name === 'img' && /^data:image/.test(attribute.value)))
                found.push(`${name} ${attribute.name}=${attribute.value.slice(0, 60)}`);
        }
    }
    return found;
}"""
TOUCH = """() => {
    for (const element of document.querySelectorAll('a, input, button, summary, select, textarea, [tabindex]')) {
        element.dispatchEvent(new PointerEvent('pointerenter'));
        element.dispatchEvent(new MouseEvent('mouseover', {bubbles: true}));
        element.focus();
    }
    return new Promise(done => setTimeout(done, 50));
}"""


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    """A hostile news site that may be fetched."""
    with running_site() as running:
        settings.FETCH_ALLOWED_HOSTS = [running.address]
        settings.FETCH_HOST_SECONDS = 0
        yield running


@pytest.fixture
def context(chromium: Browser, live_server: LiveServer) -> Iterator[BrowserContext]:  # noqa: F811
    """A profile that ignores content security policies and notes every call of a payload."""
    context = chromium.new_context(base_url=live_server.url, bypass_csp=True)
    context.add_init_script(LISTEN)
    yield context
    context.close()


def crawl(page: Page, starts: list[str], base: str) -> tuple[dict[str, list[str]], Counter[str]]:
    """Follows the links from these pages, some of each view; what was found, by address, and how often each view was seen."""
    host = urlsplit(base).netloc
    strangers: list[str] = []
    page.on("request", lambda request: strangers.append(request.url))
    left, known = list(starts), set(starts)
    seen: Counter[str] = Counter()
    faults: dict[str, list[str]] = {}
    while left and seen.total() < MOST_PAGES:
        path = left.pop(0)
        name = view_of(path)
        if name is None or name in SKIPPED or seen[name] >= OF_ONE_VIEW:
            continue
        seen[name] += 1
        strangers.clear()
        try:
            answer = page.goto(path)
        except PlaywrightError as error:
            if "Download is starting" not in error.message:
                raise
            continue
        if answer is None or "text/html" not in answer.headers.get("content-type", ""):
            continue
        page.evaluate(TOUCH)
        found = page.evaluate(LOOK) + [
            f"asked for {url}" for url in strangers if urlsplit(url).netloc != host
        ]
        if found or answer.status >= 500:
            faults[path] = found or [f"answered {answer.status}"]
        new = [target for target in links_of(page, host) if target not in known]
        known.update(new)
        left += new
    return faults, seen


def links_of(page: Page, host: str) -> list[str]:
    """The paths, with their queries, that the page links to on its own host, each once."""
    parts = [urlsplit(link) for link in page.evaluate("[...document.links].map(link => link.href)")]
    return list(dict.fromkeys(urlunsplit(("", "", p.path, p.query, "")) for p in parts if p.netloc == host))


def view_of(path: str) -> str | None:
    """The name of the view behind a path, the form of one aside; None for what downloads or is none of ours."""
    path, _, query = path.partition("?")
    if path.endswith((".opml", ".csv", ".ics", ".json", ".atom", ".xml", ".png")) or "/export" in path:
        return None
    try:
        return f"{resolve(path).url_name}{'?edit' if query == 'edit' else ''}"
    except Resolver404:
        return None


def test_no_payload_runs_or_becomes_an_element_on_any_page(
    context: BrowserContext, live_server: LiveServer, site: Site
) -> None:
    poison = Poison()
    boss = rows(poison)
    serve(site, poison)
    taken_in(site)
    sign_in_context(context, live_server, boss)

    faults, views = crawl(
        context.new_page(), ["/", "/desk/", "/admin/", "/desk/doubles/", "/desk/log/"], live_server.url
    )

    assert faults == {}
    assert {
        "home",
        "person",
        "organization",
        "event",
        "queue",
        "candidate",
        "candidate?edit",
        "feed",
        "proposal",
        "log",
    } <= set(views)


def test_the_preview_of_a_hostile_feed_runs_nothing(
    context: BrowserContext, live_server: LiveServer, site: Site
) -> None:
    serve(site, Poison())
    boss = User.objects.create_superuser("boss", password="x")
    sign_in_context(context, live_server, boss)
    page = context.new_page()
    page.goto("/desk/feeds/add/")
    page.locator("input[name=address]").fill(site.url("/feed"))
    page.keyboard.press("Enter")
    expect(page.locator("input[name=seen]").first).to_be_attached()

    page.evaluate(TOUCH)

    assert "hostile(" in page.inner_text("main")
    assert page.evaluate(LOOK) == []


def test_the_look_sees_every_payload_that_is_not_escaped(context: BrowserContext) -> None:
    unseen = [payload for payload in PAYLOADS if not _is_seen(context, payload)]

    assert unseen == [payload for payload in PAYLOADS if payload[0] in "{$&"]


def _is_seen(context: BrowserContext, payload: str) -> bool:
    raw = f"<!doctype html><title>x</title><input value='{payload}' alt=\"{payload}\"><p>{payload}"
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.url == PAGE:
            route.fulfill(body=raw, content_type="text/html")
            return
        asked.append(route.request.url)
        route.abort()

    page = context.new_page()
    page.route("**/*", answer)
    page.goto(PAGE, wait_until="commit")
    with suppress(PlaywrightError):  # a page that was left cannot be asked
        page.wait_for_timeout(50)
        page.evaluate(TOUCH)
        asked += page.evaluate(LOOK)
    page.close()
    return bool(asked)


@pytest.mark.parametrize(
    "path", ["/", "/desk/", "/admin/login/", "/desk/login/", "/api/v1/", "/no-such-page/"]
)
def test_every_answer_carries_the_policies(client: Client, path: str) -> None:
    answer = client.get(path, follow=True)

    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "object-src 'none'" in policy
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize("link", LINKS[:3], ids=["javascript", "mixed-case", "data"])
def test_a_source_that_is_no_web_address_is_text_and_no_link(link: str, client: Client) -> None:
    scene = make_scene()
    source = scenes.document(scenes.DEMOTION_TEXT, url=link)
    scenes.publish(scenes.appointment(scene.person, scene.cloud, source, day="2024-05-01", title="CEO"))
    event = Event.objects.latest("id")

    page = client.get(f"/events/{event.pk}/").content.decode()

    assert f'href="{link.partition(":")[0]}:' not in page
    assert "demoted three levels" in page
