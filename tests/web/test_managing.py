"""A subscriber's own pages: the token as the proof, and no change by GET."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api import tickets
from events.alerts import addresses, moving, watchlist
from events.models.alerts import Mail, Subscriber, Subscription
from tests import scenes
from tests.web.conftest import Scene
from tracker.web.subscribers import limits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _unlimited(clean_cache: None) -> Iterator[None]:
    """Nothing was counted yet."""
    tickets.forget()
    yield
    tickets.forget()


@pytest.fixture
def client() -> Client:
    """A browser that has no cookie of ours: links come from mails."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def reader() -> Subscriber:
    """Someone who has confirmed, and follows two kinds."""
    row = Subscriber.objects.create(
        email="reader@example.org", confirmed_at=datetime(2025, 11, 17, tzinfo=UTC)
    )
    for kind in ("discipline", "sanction"):
        Subscription.objects.create(subscriber=row, kind=kind)
    return row


def own(reader: Subscriber, rest: str = "") -> str:
    return f"/subscriptions/{reader.token}/{rest}"


def one(reader: Subscriber, kind: str = "discipline") -> Subscription:
    return reader.subscriptions.get(kind=kind)


def moving_to(reader: Subscriber, email: str) -> str:
    """The address of the page on which the new address is confirmed."""
    assert moving.request_address(reader.token, email)
    return f"/subscriptions/{Subscriber.objects.get(pk=reader.pk).new_email_token}/address/"


# reading


def state() -> list[object]:
    """All that the pages could change."""
    return [
        *Subscriber.objects.order_by("pk").values_list(),
        *Subscription.objects.order_by("pk").values_list(),
        *Mail.objects.order_by("pk").values_list(),
    ]


@pytest.mark.parametrize("confirmed", [True, False])
def test_reading_every_page_as_link_scanners_do_changes_nothing(
    client: Client, reader: Subscriber, confirmed: bool
) -> None:
    move = moving_to(reader, "new@example.org")
    if not confirmed:
        Subscriber.objects.update(confirmed_at=None)
    before = state()
    pages = [
        own(reader), own(reader, "unsubscribe/"), own(reader, "add/"), own(reader, "add/?kind=product"),
        own(reader, "watch-list/"), own(reader, "watch-list.csv"), own(reader, "watch-list.opml"),
        own(reader, "data.json"), own(reader, "?action=confirm"), own(reader, "?action=erase"),
        f"/subscriptions/{addresses.signed(one(reader).pk)}/unsubscribe/", move,
    ]  # fmt: skip

    for page in pages:
        for method in (client.get, client.head, client.options):
            assert method(page, follow=True).status_code < 500

    assert state() == before


@pytest.mark.parametrize(
    "rest", ["", "unsubscribe/", "add/", "add/?kind=product", "watch-list/", "watch-list.csv", "data.json"]
)
def test_the_token_does_not_leave_with_a_link_nor_into_a_cache(
    client: Client, reader: Subscriber, rest: str
) -> None:
    response = client.get(own(reader, rest))

    assert response.status_code == 200
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("token", ["x", "x" * 64, "x" * 500, "%00", "1.x", "."])
def test_an_unknown_token_is_a_404(client: Client, token: str) -> None:
    for rest in ("", "unsubscribe/", "address/", "add/", "watch-list/", "watch-list.csv", "data.json"):
        assert client.get(f"/subscriptions/{token}/{rest}").status_code == 404
    for rest in ("", "unsubscribe/", "address/", "add/", "watch-list/"):
        assert client.post(f"/subscriptions/{token}/{rest}").status_code == 404


def test_wishes_are_shown_as_sentences(client: Client, reader: Subscriber) -> None:
    assert "Demotions and other disciplinary events" in client.get(own(reader)).content.decode()


# confirming, and what is followed


def test_a_button_confirms(client: Client, reader: Subscriber) -> None:
    Subscriber.objects.update(confirmed_at=None)
    assert 'value="confirm"' in client.get(own(reader)).content.decode()

    client.post(own(reader), {"action": "confirm"})

    assert Subscriber.objects.get().confirmed_at is not None
    assert 'value="confirm"' not in client.get(own(reader)).content.decode()


def test_one_of_several_is_ended_started_and_removed(client: Client, reader: Subscriber) -> None:
    pk = one(reader).pk

    client.post(own(reader), {"action": "end", "subscription": pk})
    assert not one(reader).is_active
    assert one(reader, "sanction").is_active

    client.post(own(reader), {"action": "start", "subscription": pk})
    assert one(reader).is_active

    client.post(own(reader), {"action": "remove", "subscription": pk})
    assert list(reader.subscriptions.values_list("kind", flat=True)) == ["sanction"]


def test_the_frequency_is_changed(client: Client, reader: Subscriber) -> None:
    client.post(own(reader), {"action": "frequency", "subscription": one(reader).pk, "frequency": "weekly"})
    client.post(
        own(reader),
        {"action": "frequency", "subscription": one(reader, "sanction").pk, "frequency": "hourly"},
    )

    assert (one(reader).frequency, one(reader, "sanction").frequency) == ("weekly", "instant")


def test_a_token_rules_its_own_subscriptions_only(client: Client, reader: Subscriber) -> None:
    theirs = Subscriber.objects.create(email="other@example.org")
    foreign = Subscription.objects.create(subscriber=theirs)

    for action in ("end", "remove", "frequency"):
        client.post(own(reader), {"action": action, "subscription": foreign.pk, "frequency": "weekly"})

    foreign.refresh_from_db()
    assert (foreign.is_active, foreign.frequency) == (True, "instant")


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 30, "²"])
def test_a_strange_number_changes_nothing_and_says_so(
    client: Client, reader: Subscriber, number: str
) -> None:
    page = client.post(own(reader), {"action": "end", "subscription": number}, follow=True).content.decode()

    assert "Nothing was changed" in page
    assert reader.subscriptions.filter(is_active=True).count() == 2


def test_an_own_wish_is_previewed_and_active_at_once(
    client: Client, reader: Subscriber, scene: Scene
) -> None:
    fields = {"person": f"{scene.person.pk}", "kind": "discipline"}

    page = client.get(own(reader, "add/"), fields).content.decode()
    assert "Demotions and other disciplinary events about Ilse van Houten" in page
    assert f'id="event-{scene.demotion.pk}"' in page

    client.post(own(reader, "add/"), {**fields, "frequency": "daily"})

    added = reader.subscriptions.get(executive=scene.person)
    assert (added.is_active, added.frequency, added.kind) == (True, "daily", "discipline")
    assert not Mail.objects.exists()


def test_all_events_can_be_added(client: Client, reader: Subscriber) -> None:
    page = client.get(own(reader, "add/"), {"kind": ""}).content.decode()
    assert "All events" in page

    client.post(own(reader, "add/"), {"min_severity": "0", "frequency": "weekly"})

    assert reader.subscriptions.filter(kind="", frequency="weekly").exists()


@pytest.mark.parametrize(
    "wrong", [{"kind": "gossip", "frequency": "daily"}, {"kind": "product", "frequency": "hourly"}]
)
def test_a_wrong_wish_is_not_added(client: Client, reader: Subscriber, wrong: dict[str, str]) -> None:
    assert client.post(own(reader, "add/"), wrong).status_code == 400
    assert reader.subscriptions.count() == 2


def test_an_unconfirmed_address_adds_nothing(client: Client, reader: Subscriber) -> None:
    Subscriber.objects.update(confirmed_at=None)

    client.post(own(reader, "add/"), {"kind": "product", "frequency": "daily"})
    client.post(own(reader, "watch-list/"), {"text": "Anyone", "save": "1"})

    assert reader.subscriptions.count() == 2


def test_preferences_are_changed(client: Client, reader: Subscriber) -> None:
    client.post(
        own(reader),
        {"action": "preferences", "language": "zh-hans", "time_zone": "Asia/Shanghai", "quiet_from": "22", "quiet_until": "7"},
    )  # fmt: skip

    row = Subscriber.objects.get()
    assert (row.language, row.time_zone, row.quiet_from, row.quiet_until) == (
        "zh-hans",
        "Asia/Shanghai",
        22,
        7,
    )


def test_wrong_preferences_are_shown_again(client: Client, reader: Subscriber) -> None:
    response = client.post(own(reader), {"action": "preferences", "language": "en", "time_zone": "Nowhere"})

    assert response.status_code == 400
    assert "This is no time zone" in response.content.decode()


# leaving


def test_one_click_unsubscribing_needs_no_cookie_and_ends_all(client: Client, reader: Subscriber) -> None:
    page = own(reader, "unsubscribe/")

    assert client.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert Subscriber.objects.get().confirmed_at is None
    assert not reader.subscriptions.filter(is_active=True).exists()
    assert client.post(page).status_code == 200


def test_one_click_unsubscribing_from_one_ends_it_alone(client: Client, reader: Subscriber) -> None:
    page = f"/subscriptions/{addresses.signed(one(reader).pk)}/unsubscribe/"
    assert "Demotions and other disciplinary events" in client.get(page).content.decode()

    assert client.post(page, {"List-Unsubscribe": "One-Click"}).status_code == 200

    assert not one(reader).is_active
    assert one(reader, "sanction").is_active
    assert Subscriber.objects.get().confirmed_at is not None


def test_the_address_that_ends_one_alert_still_answers_when_it_is_gone(
    client: Client, reader: Subscriber
) -> None:
    page = f"/subscriptions/{addresses.signed(one(reader).pk)}/unsubscribe/"
    one(reader).delete()

    assert client.get(page).status_code == 200
    assert client.post(page).status_code == 200


def test_the_address_that_ends_one_alert_leads_to_nothing_else(client: Client, reader: Subscriber) -> None:
    page = f"/subscriptions/{addresses.signed(one(reader).pk)}/unsubscribe/"

    for text in (client.get(page).content.decode(), client.post(page).content.decode()):
        assert reader.token not in text
        assert reader.email not in text


def test_a_button_ends_all(client: Client, reader: Subscriber) -> None:
    client.post(own(reader), {"action": "end-all"})

    assert Subscriber.objects.get().confirmed_at is None


def test_a_button_erases_everything(client: Client, reader: Subscriber) -> None:
    page = client.post(own(reader), {"action": "erase"}).content.decode()

    assert "Everything is erased" in page
    assert not Subscriber.objects.exists()
    assert not Subscription.objects.exists()
    assert client.get(own(reader)).status_code == 404


# another address


def test_the_new_address_confirms_with_a_button(client: Client, reader: Subscriber) -> None:
    client.post(own(reader), {"action": "move", "email": "New@example.org"})
    token = Subscriber.objects.get().new_email_token
    assert "new@example.org" in client.get(own(reader)).content.decode()
    page = f"/subscriptions/{token}/address/"
    assert "new@example.org" in client.get(page).content.decode()

    response = client.post(page)

    assert response.headers["Location"] == own(reader)
    assert Subscriber.objects.get().email == "new@example.org"
    assert client.get(page).status_code == 404


def test_the_page_of_the_new_address_holds_no_key_before_it_is_confirmed(
    client: Client, reader: Subscriber
) -> None:
    text = client.get(moving_to(reader, "new@example.org")).content.decode()

    assert reader.token not in text
    assert reader.email not in text


def test_an_address_with_alerts_of_its_own_is_told_so_by_who_owns_both(
    client: Client, reader: Subscriber
) -> None:
    Subscriber.objects.create(email="taken@example.org", confirmed_at=datetime(2025, 11, 17, tzinfo=UTC))

    response = client.post(moving_to(reader, "taken@example.org"))

    assert response.status_code == 409
    assert "alerts of its own" in response.content.decode()


def test_asking_for_a_taken_address_says_the_same_as_for_a_free_one(
    client: Client, reader: Subscriber
) -> None:
    Subscriber.objects.create(email="taken@example.org", confirmed_at=datetime(2025, 11, 17, tzinfo=UTC))

    pages = [
        client.post(own(reader), {"action": "move", "email": email}, follow=True).content.decode()
        for email in ("taken@example.org", "free@example.org")
    ]

    assert pages[0].replace("taken@", "free@") == pages[1]


def test_a_change_is_withdrawn(client: Client, reader: Subscriber) -> None:
    page = moving_to(reader, "new@example.org")

    client.post(own(reader), {"action": "withdraw"})

    assert client.post(page).status_code == 404
    assert Subscriber.objects.get().email == reader.email


def test_nobody_floods_a_stranger_by_changes_of_address(
    client: Client, reader: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "OF_RECIPIENT", ((1, 3600),))
    other = Subscriber.objects.create(
        email="other@example.org", confirmed_at=datetime(2025, 11, 17, tzinfo=UTC)
    )

    for row in (reader, other):
        client.post(own(row), {"action": "move", "email": "victim@example.org"})

    assert Mail.objects.filter(data__to="victim@example.org").count() == 1


@pytest.mark.parametrize("email", ["nobody", ""])
def test_a_wrong_new_address_is_shown_again(client: Client, reader: Subscriber, email: str) -> None:
    assert client.post(own(reader), {"action": "move", "email": email}).status_code == 400
    assert not Mail.objects.exists()


# one's data, and the list as a file


def test_ones_data_is_a_file_of_json(client: Client, reader: Subscriber) -> None:
    response = client.get(own(reader, "data.json"))

    assert response.headers["Content-Type"].startswith("application/json")
    assert "attachment" in response.headers["Content-Disposition"]
    held = json.loads(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    assert held["email"] == reader.email
    assert len(held["subscriptions"]) == 2


@pytest.mark.parametrize("form", ["csv", "opml"])
def test_the_list_that_is_written_can_be_read_by_another(
    client: Client, reader: Subscriber, scene: Scene, form: str
) -> None:
    Subscription.objects.create(
        subscriber=reader, executive=scene.person, organization=scene.cloud, kind="product", min_severity=2,
        text="=1+1 <&\">", frequency="weekly", silent_days=30,
    )  # fmt: skip
    other = Subscriber.objects.create(
        email="other@example.org", confirmed_at=datetime(2025, 11, 17, tzinfo=UTC)
    )
    body = client.get(own(reader, f"watch-list.{form}")).content

    page = client.post(own(other, "watch-list/"), {"file": SimpleUploadedFile("x", body)}).content.decode()
    assert "3 understood" in page
    client.post(own(other, "watch-list/"), {"file": SimpleUploadedFile("x", body), "save": "1"})

    fields = ("executive", "organization", "kind", "min_severity", "text", "frequency", "silent_days")
    mine, theirs = (set(row.subscriptions.values_list(*fields)) for row in (reader, other))
    assert mine == theirs


def test_an_unknown_form_of_the_list_is_a_404(client: Client, reader: Subscriber) -> None:
    assert client.get(own(reader, "watch-list.xlsx")).status_code == 404


def test_every_line_is_reported_and_nothing_saved_before_it_is_sent_back(
    client: Client, reader: Subscriber
) -> None:
    company, first, second = scenes.company(), scenes.executive(), scenes.executive()
    lines = "Northlake Devices\nIlse van Houten\nNobody Known\nNorthlake Devices,gossip\n"

    page = client.post(own(reader, "watch-list/"), {"text": lines}).content.decode()

    assert "1 understood" in page
    assert "1 with a choice to make" in page
    assert "1 not known here" in page
    assert "1 with a mistake" in page
    assert f'value="person:{first.pk}"' in page
    assert reader.subscriptions.count() == 2

    sent = watchlist.write_rows(watchlist.read(lines.encode()))
    left = client.post(
        own(reader, "watch-list/"), {"text": sent, "choice-2": f"person:{second.pk}", "save": "1"}
    ).content.decode()

    assert reader.subscriptions.filter(organization=company).exists()
    assert reader.subscriptions.filter(executive=second).exists()
    assert reader.subscriptions.count() == 4
    assert "2 lines are left" in left
    assert "Nobody Known" in left
    assert "gossip" in left


def test_a_list_that_was_understood_leads_back_to_the_alerts(client: Client, reader: Subscriber) -> None:
    scenes.company()

    response = client.post(own(reader, "watch-list/"), {"text": "Northlake Devices", "save": "1"})

    assert response.headers["Location"] == own(reader)


@pytest.mark.parametrize(
    "body",
    [
        b"x" * (watchlist.MAX_BYTES + 1),
        b"name\n" + b"x\n" * 501,
        b"<opml><body>",
        b"<!DOCTYPE x><opml/>",
        b"\xff\xff\xff",
    ],
)
def test_a_file_that_cannot_be_read_says_why(client: Client, reader: Subscriber, body: bytes) -> None:
    response = client.post(own(reader, "watch-list/"), {"file": SimpleUploadedFile("x", body)})

    assert response.status_code == 400
    assert 'class="errorlist"' in response.content.decode()


def test_an_empty_list_is_asked_for_again(client: Client, reader: Subscriber) -> None:
    assert client.post(own(reader, "watch-list/"), {"text": "  \n"}).status_code == 400
