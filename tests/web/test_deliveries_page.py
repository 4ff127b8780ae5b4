"""Rules of the desk's page of deliveries: what it shows of e-mail and webhooks, who may see it and who may act."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Browser

from events.alerts.health import mail_health, without_addresses
from events.choices import MailKind
from events.models.access import User
from events.models.alerts import Mail, Subscriber, Suppression
from events.models.webhooks import Webhook
from tests import scenes
from tests.alerts.hooks.helpers import matched, states, story, webhook
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db
PATH = "/desk/deliveries/"
SCRIPT = "<script>alert(1)</script>"


def staff(*permissions: str) -> User:
    user = scenes.curator()
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def watcher(db: None) -> Client:
    return signed_in(staff("view_webhook"))


@pytest.fixture
def keeper(db: None) -> Client:
    return signed_in(staff("view_webhook", "change_webhook"))


def mail(number: int, **fields: Any) -> Mail:
    reader, _ = Subscriber.objects.get_or_create(email="reader@example.org")
    values = {"subscriber": reader, "kind": MailKind.ALERT.value, "message_id": f"<{number}@example.org>"}
    return Mail.objects.create(**(values | fields))


def shown(client: Client) -> str:
    response = client.get(PATH)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_it_tells_what_waits_what_failed_and_what_is_suppressed(watcher: Client) -> None:
    old = mail(1)
    Mail.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(hours=3))
    mail(2, next_attempt_at=timezone.now() + timedelta(days=1))
    for number in (3, 4):
        mail(number, state="failed", error=f"550 5.7.1 <reader{number}@example.org> is refused")
    Suppression.objects.create(digest="0" * 64, reason="bounce")

    health = mail_health()
    page = shown(watcher)

    assert (health.waiting, health.failed) == (1, 2)
    assert health.reasons == [("550 5.7.1 <…@example.org> is refused", 2)]
    assert "3 hours" in page.replace("\xa0", " ")
    assert "the address takes no mail" in page
    assert "reader3@example.org" not in page


def test_addresses_are_shortened_wherever_they_stand() -> None:
    said = "550 5.1.1 a.b+c@example.org: no such user (<d@example.com>), RCPT TO:e@example.net"

    assert without_addresses(said) == (
        "550 5.1.1 …@example.org: no such user (<…@example.com>), RCPT TO:…@example.net"
    )


def test_webhooks_that_need_a_look_come_first_and_say_why(watcher: Client) -> None:
    webhook("https://fine.example.com/in")
    webhook("https://down.example.com/in", failing_since=timezone.now() - timedelta(hours=2))
    webhook("https://off.example.com/in", state="paused", state_reason="Paused: nothing was taken for a day.")

    page = shown(watcher)

    places = [page.index(f"{name}.example.com") for name in ("down", "off", "fine")]
    assert places == sorted(places)
    for words in ("Failing", "Paused: nothing was taken for a day.", "Active"):
        assert words in page


def test_neither_secrets_nor_whole_addresses_are_shown(watcher: Client) -> None:
    news, hook = story(), webhook("https://hooks.example.com/token-4711?key=bird", description=SCRIPT)
    matched(news.revision)
    hook.messages.update(state="failed", error=SCRIPT)

    page = shown(watcher)

    assert "hooks.example.com" in page
    for hidden in (hook.secret, "token-4711", "key=bird", SCRIPT):
        assert hidden not in page


def test_staff_pauses_resumes_and_sends_again(keeper: Client) -> None:
    news, hook = story(), webhook()
    matched(news.revision, news.corrected())
    hook.messages.update(state="failed")
    first = hook.messages.earliest("pk")

    keeper.post(f"{PATH}messages/{first.pk}/replay/")
    assert states(hook) == ["pending", "failed"]
    keeper.post(f"{PATH}webhooks/{hook.pk}/replay/")
    assert states(hook) == ["pending", "pending"]
    keeper.post(f"{PATH}webhooks/{hook.pk}/pause/")
    hook.refresh_from_db()
    assert (hook.state, hook.state_reason[:15]) == ("paused", "Paused by staff")
    keeper.post(f"{PATH}webhooks/{hook.pk}/resume/")
    hook.refresh_from_db()
    assert hook.state == "active"
    assert keeper.post(f"{PATH}webhooks/{hook.pk}/delete/").status_code == 404


def test_a_look_changes_nothing(keeper: Client) -> None:
    hook = webhook()
    before = Webhook.objects.values().get()

    shown(keeper)

    assert keeper.get(f"{PATH}webhooks/{hook.pk}/pause/").status_code == 405
    assert Webhook.objects.values().get() == before


def test_who_may_only_look_is_offered_no_step_and_may_take_none(watcher: Client) -> None:
    news, hook = story(), webhook()
    matched(news.revision)
    hook.messages.update(state="failed")

    assert f"{PATH}webhooks/" not in shown(watcher)
    assert watcher.post(f"{PATH}webhooks/{hook.pk}/pause/").status_code == 403
    assert watcher.post(f"{PATH}messages/{hook.messages.get().pk}/replay/").status_code == 403
    assert states(hook) == ["failed"]


def test_other_curators_and_readers_see_neither_page_nor_tab() -> None:
    other = signed_in(scenes.curator())

    assert other.get(PATH).status_code == 403
    assert PATH not in other.get("/desk/").content.decode()
    assert Client().get(PATH).status_code == 302
    assert PATH in signed_in(staff("view_webhook")).get("/desk/").content.decode()


def test_the_page_costs_as_much_with_many_webhooks(keeper: Client) -> None:
    news = story()

    def counted() -> int:
        shown(keeper)
        with CaptureQueriesContext(connection) as captured:
            shown(keeper)
        return len(captured)

    def more(count: int) -> None:
        for _ in range(count):
            hook = webhook(organization=news.company)
            matched(news.revision)
            hook.messages.update(state="failed")

    more(2)
    few = counted()
    more(10)

    assert counted() == few


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_a_phone_and_a_desk_and_can_be_used_by_all(
    chromium: Browser, live_server: Any, width: int, tmp_path: Path
) -> None:
    news, hook = story(), webhook("https://hooks.example.com/in", description="Compliance desk")
    webhook("https://very-long-name-of-a-receiver.notifications.example.com/", failing_since=timezone.now())
    webhook(
        "https://off.example.com/in",
        organization=news.company,
        kind="discipline",
        min_severity=3,
        state="paused",
        state_reason="Paused: nothing was taken for a day. Last: The receiver has a fault (HTTP 500).",
    )
    matched(news.revision, news.corrected())
    hook.messages.update(state="failed", attempts=14, error="The receiver has a fault (HTTP 500).")
    mail(1)
    mail(2, state="failed", error="550 5.7.1 <reader@example.org> is refused by our policy")
    Suppression.objects.create(digest="0" * 64, reason="complaint")
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale="en-GB")
    client = signed_in(staff("view_webhook", "change_webhook"))
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + PATH)
    page.screenshot(path=tmp_path / "deliveries.png", full_page=True)

    assert "Deliveries" in page.title()
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    tags = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag22aa"]}
    rules = {"resultTypes": ["violations"], "runOnly": tags}
    found: Any = Axe().run(page, options=rules).response["violations"]
    assert [row["id"] for row in found] == []
    context.close()
