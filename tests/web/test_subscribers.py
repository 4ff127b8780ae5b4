"""Asking for alerts: the wish and what it finds, double opt-in, limits, and answers that tell nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from api import tickets
from events import nudges
from events.models.alerts import Mail, Subscriber, Subscription
from events.models.organizations import OrganizationName
from events.models.people import Executive
from tests import scenes
from tests.web.conftest import Scene
from tracker.local.mailcatcher import free_port
from tracker.web.subscribers import limits, previews

pytestmark = pytest.mark.django_db

ADDRESS = "reader@example.org"


@pytest.fixture(autouse=True)
def _unlimited(clean_cache: None) -> Iterator[None]:
    """Nothing was counted yet."""
    tickets.forget()
    yield
    tickets.forget()


def asked(email: str = ADDRESS, **fields: Any) -> dict[str, Any]:
    """What the form sends."""
    return {"email": email, "frequency": "instant", "language": "en", "time_zone": "UTC"} | fields


def known(*, confirmed: bool) -> Subscriber:
    subscriber = Subscriber.objects.create(email=ADDRESS)
    if confirmed:
        Subscriber.objects.filter(pk=subscriber.pk).update(confirmed_at="2025-11-17T00:00Z")
    Subscription.objects.create(subscriber=subscriber, kind="discipline")
    return Subscriber.objects.get(pk=subscriber.pk)


# what it finds


def test_the_first_step_asks_what_to_hear_of_and_not_for_an_address(client: Client) -> None:
    page = client.get("/subscribe/").content.decode()

    assert 'name="person_name"' in page
    assert 'name="email"' not in page


def test_a_wish_is_shown_as_a_sentence_with_its_last_events_before_anything_is_saved(
    client: Client, scene: Scene
) -> None:
    page = client.get(
        "/subscribe/", {"organization": f"{scene.cloud.pk}", "kind": "discipline"}
    ).content.decode()

    assert "Demotions and other disciplinary events at Northlake Cloud and its units" in page
    assert f'id="event-{scene.demotion.pk}"' in page
    assert f'id="event-{scene.allegation.pk}"' not in page
    assert f'<input type="hidden" name="organization" value="{scene.cloud.pk}">' in page
    assert 'name="email"' in page
    assert not Subscriber.objects.exists()


def test_a_wish_that_finds_nothing_says_so(client: Client, scene: Scene) -> None:
    page = client.get("/subscribe/", {"text": "no such words"}).content.decode()

    assert "Nothing on the record meets it so far" in page


def test_no_more_than_ten_events_are_shown(client: Client, scene: Scene) -> None:
    for number in range(12):
        scenes.publish(
            scenes.appointment(
                scene.person, scene.cloud, scenes.document(f"Appointed {number}."), day=f"2024-01-{number + 1:02d}",
                title=f"Head {number}",
            )
        )  # fmt: skip

    page = client.get("/subscribe/", {"person": f"{scene.person.pk}"}).content.decode()

    assert page.count('id="event-') == 10


def test_a_wish_of_everything_is_all_events(client: Client, scene: Scene) -> None:
    page = client.get(
        "/subscribe/", {"person_name": "", "organization_name": "", "kind": ""}
    ).content.decode()

    assert "All events" in page


def test_silence_is_previewed_with_how_long_it_has_lasted(client: Client, scene: Scene) -> None:
    page = client.get("/subscribe/", {"person": f"{scene.person.pk}", "silent_days": "5"}).content.decode()

    assert "5 days without any event about Ilse van Houten" in page
    assert "It has been silent for" in page
    assert "You would be told of this silence at once." in page


def test_a_wish_too_slow_to_look_through_can_be_saved_all_the_same(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "TIMEOUT_MS", 50)

    def slow(wish: Subscription) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")
        return []

    monkeypatch.setattr(previews, "latest", slow)
    page = client.get("/subscribe/", {"kind": "product"}).content.decode()

    assert "too much to look through" in page
    assert 'name="email"' in page


def test_a_page_in_chinese_says_the_wish_in_chinese(client: Client, scene: Scene) -> None:
    page = client.get(
        "/subscribe/",
        {"person": f"{scene.person.pk}", "min_severity": "3"},
        headers={"accept-language": "zh-hans"},
    ).content.decode()

    assert "涉及范霍滕的全部事件，严重程度不低于3" in page
    assert 'value="Asia/Shanghai"' in page


# who is meant


def test_a_name_in_any_script_is_found(client: Client, scene: Scene) -> None:
    page = client.get(
        "/subscribe/", {"person_name": "范霍滕", "organization_name": "北湖云"}
    ).content.decode()

    assert "All events about Ilse van Houten at Northlake Cloud and its units" in page


def test_a_name_that_several_have_is_asked_back_with_what_tells_them_apart(client: Client) -> None:
    first, second = scenes.executive(), scenes.executive()
    first.positions.create(organization=scenes.company("Southlake Group"), title="Treasurer")

    response = client.get("/subscribe/", {"person_name": "Ilse van Houten"})

    page = response.content.decode()
    assert response.status_code == 400
    assert page.count('type="radio" name="person"') == 2
    assert "Treasurer, Southlake Group" in page
    chosen = client.get(
        "/subscribe/", {"person_name": "Ilse van Houten", "person": f"{second.pk}"}
    ).content.decode()
    assert f'<input type="hidden" name="person" value="{second.pk}">' in chosen


def test_a_name_typed_over_a_number_wins(client: Client, scene: Scene) -> None:
    other = scenes.executive("Marcus Oyelaran")

    page = client.get(
        "/subscribe/", {"person": f"{scene.person.pk}", "person_name": "Marcus Oyelaran"}
    ).content.decode()

    assert f'<input type="hidden" name="person" value="{other.pk}">' in page


def test_an_emptied_name_gives_the_number_up(client: Client, scene: Scene) -> None:
    page = client.get("/subscribe/", {"person": f"{scene.person.pk}", "person_name": ""}).content.decode()

    assert "All events</h1>" in page


def test_a_link_to_someone_who_was_merged_is_for_the_survivor(client: Client, scene: Scene) -> None:
    double = Executive.objects.create(name="I. van Houten", merged_into=scene.person)

    page = client.get("/subscribe/", {"person": f"{double.pk}"}).content.decode()

    assert "All events about Ilse van Houten" in page


def test_an_organization_that_has_a_persons_name_is_no_person(client: Client) -> None:
    company = scenes.company("Oyelaran")
    OrganizationName.objects.get_or_create(organization=company, name="Oyelaran")

    assert client.get("/subscribe/", {"person_name": "Oyelaran"}).status_code == 400
    assert client.get("/subscribe/", {"organization_name": "Oyelaran"}).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"person": "999999"},
        {"person": "x"},
        {"organization": str(2**70)},
        {"min_severity": "9"},
        {"kind": "gossip"},
        {"person_name": "Nobody At All"},
        {"silent_days": "0"},
        {"silent_days": "99999"},
        {"text": "x" * 201},
    ],
)
def test_a_wrong_wish_is_asked_again_and_nothing_is_written(client: Client, wrong: dict[str, str]) -> None:
    assert client.get("/subscribe/", wrong).status_code == 400
    assert client.post("/subscribe/", asked(**wrong)).status_code == 400
    assert not Subscriber.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"frequency": "hourly"},
        {"time_zone": "Mars/Olympus"},
        {"language": "tlh"},
        {"quiet_from": "22"},
        {"quiet_from": "22", "quiet_until": "22"},
        {"quiet_from": "24", "quiet_until": "7"},
    ],
)
def test_wrong_answers_are_shown_again_with_the_wish(
    client: Client, scene: Scene, wrong: dict[str, str]
) -> None:
    response = client.post("/subscribe/", asked(person=scene.person.pk, **wrong))

    assert response.status_code == 400
    assert 'class="errorlist"' in response.content.decode()
    assert "All events about Ilse van Houten" in response.content.decode()
    assert not Subscriber.objects.exists()


# joining


def test_the_wish_is_written_with_all_its_conditions(client: Client, scene: Scene) -> None:
    client.post(
        "/subscribe/",
        asked(
            "Reader@Example.org", person=scene.person.pk, organization=scene.parent.pk, kind="discipline",
            min_severity="3", text="demoted", frequency="weekly", language="zh-hans", time_zone="asia/shanghai",
            quiet_from="22", quiet_until="7",
        ),
    )  # fmt: skip

    reader, wish = Subscriber.objects.get(), Subscription.objects.get()
    assert (reader.email, reader.language, reader.time_zone) == (ADDRESS, "zh-hans", "Asia/Shanghai")
    assert (reader.quiet_from, reader.quiet_until, reader.confirmed_at) == (22, 7, None)
    assert (wish.executive, wish.organization, wish.kind) == (scene.person, scene.parent, "discipline")
    assert (wish.min_severity, wish.text, wish.frequency) == (3, "demoted", "weekly")


def test_a_wish_of_silence_is_written(client: Client, scene: Scene) -> None:
    client.post("/subscribe/", asked(organization=scene.cloud.pk, kind="product", silent_days="90"))

    assert Subscription.objects.get().silent_days == 90


@pytest.mark.parametrize("confirmed", [False, True])
def test_the_answer_does_not_tell_whether_the_address_is_known(client: Client, confirmed: bool) -> None:
    stranger = client.post("/subscribe/", asked("new@example.org", kind="product"), follow=True)
    known(confirmed=confirmed)

    again = client.post("/subscribe/", asked(kind="product"), follow=True)

    assert (again.status_code, again.redirect_chain) == (stranger.status_code, stranger.redirect_chain)
    assert again.content == stranger.content


def test_a_stranger_cannot_start_alerts_to_a_confirmed_address(client: Client) -> None:
    subscriber = known(confirmed=True)

    client.post("/subscribe/", asked(min_severity="3"))

    added = subscriber.subscriptions.get(min_severity=3)
    assert not added.is_active
    assert Mail.objects.get().kind == "added"


def test_asking_needs_the_csrf_token() -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/subscribe/", asked()).status_code == 403
    assert client.post("/subscriptions/", {"email": ADDRESS}).status_code == 403


# the link to one's own page


@pytest.mark.parametrize("state", ["confirmed", "unconfirmed"])
def test_asking_for_the_link_answers_everyone_alike(client: Client, state: str) -> None:
    subscriber = known(confirmed=state == "confirmed")

    nobody = client.post("/subscriptions/", {"email": "nobody@example.org"}, follow=True)
    somebody = client.post("/subscriptions/", {"email": "Reader@example.org"}, follow=True)

    def plain(text: bytes) -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text.decode())

    assert plain(nobody.content) == plain(somebody.content)
    assert nobody.status_code == somebody.status_code == 200
    row = Mail.objects.get()
    assert (row.kind, row.subscriber) == ("access", subscriber)


def test_the_link_is_not_asked_for_by_reading_the_page(client: Client) -> None:
    known(confirmed=True)

    assert client.get("/subscriptions/", {"email": ADDRESS}).status_code == 200
    assert not Mail.objects.exists()


def test_something_else_than_an_address_is_refused(client: Client) -> None:
    assert client.post("/subscriptions/", {"email": "nobody"}).status_code == 400


# limits


@pytest.mark.parametrize("page", ["/subscribe/", "/subscriptions/"])
def test_one_network_asks_only_so_often(client: Client, page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OF_NETWORK", ((2, 3600),))

    codes = [
        client.post(page, asked(f"victim{number}@example.org"), REMOTE_ADDR="198.51.100.7").status_code
        for number in range(4)
    ]

    assert codes == [302, 302, 429, 429]
    assert client.post(page, asked(), REMOTE_ADDR="198.51.100.8").status_code == 302


def test_the_addresses_of_one_ipv6_network_are_counted_together(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OF_NETWORK", ((2, 3600),))

    codes = [
        client.post("/subscribe/", asked(), REMOTE_ADDR=f"2001:db8::{number}").status_code
        for number in range(3)
    ]

    assert codes == [302, 302, 429]


def test_everyone_together_asks_only_so_often(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OF_ALL", ((2, 3600),))

    codes = [
        client.post("/subscribe/", asked(), REMOTE_ADDR=f"198.51.100.{number}").status_code
        for number in range(3)
    ]

    assert codes == [302, 302, 429]


def test_what_is_refused_writes_nothing(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "OF_NETWORK", ((0, 3600),))

    client.post("/subscribe/", asked())
    client.post("/subscriptions/", {"email": ADDRESS})

    assert not Subscriber.objects.exists()
    assert not Mail.objects.exists()


def test_asking_again_and_again_sends_one_mail(client: Client, scene: Scene) -> None:
    for _ in range(3):
        client.post("/subscribe/", asked(person=scene.person.pk))

    assert Mail.objects.count() == 1
    assert Subscription.objects.count() == 1


# links to it, and the demo's mail


def test_the_pages_of_people_and_organizations_lead_to_their_wish(client: Client, scene: Scene) -> None:
    for kind, row in (("person", scene.person), ("organization", scene.cloud)):
        plural = "people" if kind == "person" else "organizations"
        page = client.get(f"/{plural}/{row.pk}/").content.decode()
        link = f"/subscribe/?{kind}={row.pk}"
        assert link in page
        assert row.name in client.get(link).content.decode()


def test_the_mail_pages_exist_in_the_demo_only(client: Client, settings: Settings) -> None:
    settings.DEMO_MAIL_DIR = ""
    for address in ("/mail/", "/mail/x/", "/mail/x/html/"):
        assert client.get(address).status_code == 404


def test_a_mail_is_shown_as_text_and_its_html_in_a_sandbox(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.DEMO_MAIL_DIR = str(tmp_path)
    letter = mail.EmailMultiAlternatives(
        "Subject <b>", "See https://example.org/x <i>", to=["reader@example.org"]
    )
    letter.attach_alternative("<p>Hello</p><script>alert(1)</script>", "text/html")
    (tmp_path / "0001-1-1.eml").write_bytes(letter.message().as_bytes())
    (tmp_path.parent / "secret.eml").write_text("Subject: secret")

    assert "Subject &lt;b&gt;" in client.get("/mail/").content.decode()
    page = client.get("/mail/0001-1-1/").content.decode()
    assert '<a href="https://example.org/x"' in page
    assert "&lt;i&gt;" in page
    assert "<script>alert" not in page
    part = client.get("/mail/0001-1-1/html/")
    assert "sandbox" in part.headers["Content-Security-Policy"]
    assert "default-src 'none'" in part.headers["Content-Security-Policy"]
    assert client.get("/mail/..%2Fsecret/").status_code == 404


def test_while_the_queue_is_away_the_form_works_and_the_mail_waits_for_the_next_tick(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = Celery(broker=f"redis://127.0.0.1:{free_port()}/0", set_as_current=False)
    away.conf.broker_connection_timeout = 1
    monkeypatch.setattr(nudges, "current_app", away)

    assert client.post("/subscribe/", asked()).status_code == 302
    assert Mail.objects.get().state == "pending"
