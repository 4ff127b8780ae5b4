"""Reporting an error or replying on the public pages, and answering at the desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from events.choices import ProposalState
from events.models.access import User
from events.models.proposals import Proposal
from events.models.record import Event
from events.proposals import submitting
from events.proposals.answering import answer
from events.proposals.submitting import submit
from events.record import publishing
from tests.web.conftest import Scene, make_scene, signed_in

EVIL = "<script>alert(1)</script> & the committee met on the 17th."
TEXT = "The committee met on 17 October, not on the 18th."


@pytest.fixture(autouse=True)
def _fresh(clean_cache: None) -> None:
    """No address has sent anything yet."""


def form_of(scene: Scene) -> str:
    return f"/events/{scene.demotion.pk}/proposal/"


def data(**fields: str) -> dict[str, str]:
    return {
        "kind": "correction",
        "field": "",
        "text": TEXT,
        "source_url": "",
        "name": "",
        "contact": "",
    } | fields


def propose(scene: Scene, **fields: str) -> Proposal:
    values: dict[str, Any] = {key: value for key, value in data(**fields).items() if value}
    return submit(scene.demotion.pk, **values)[0]


def test_a_reader_comes_from_the_event_to_the_form_and_on_to_a_receipt(client: Client, scene: Scene) -> None:
    assert form_of(scene) in client.get(f"/events/{scene.demotion.pk}/").content.decode()
    page = client.get(form_of(scene)).content.decode()
    assert 'value="/penalties/0"' in page

    sent = client.post(form_of(scene), data(field="/penalties/0", contact="reader@example.org"))

    assert sent.status_code == 302
    address = sent.headers["Location"]
    assert re.fullmatch(r"/proposals/[A-Za-z0-9_-]{43}/", address)
    shown = client.get(address)
    assert "Waiting for a curator" in shown.content.decode()
    assert "reader@example.org" not in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert b'content="noindex"' in shown.content
    row = Proposal.objects.get()
    assert (row.text, row.field, row.contact) == (TEXT, "/penalties/0", "reader@example.org")
    assert row.revision == scene.demotion.revisions.get().seq


def test_the_receipt_shows_the_answer(client: Client, scene: Scene) -> None:
    address = client.post(form_of(scene), data()).headers["Location"]
    answer(Proposal.objects.get().pk, scene.author, ProposalState.DECLINED, f"{EVIL}\nIt says the 18th.")

    page = client.get(address).content.decode()

    assert "Not taken up" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert scene.author.username not in page


def test_sending_twice_makes_one_proposal_and_leads_to_one_receipt(client: Client, scene: Scene) -> None:
    first, second = (client.post(form_of(scene), data()).headers["Location"] for _ in range(2))

    assert first == second
    assert Proposal.objects.count() == 1


def test_what_is_wrong_is_shown_at_its_field_and_what_was_typed_stays(client: Client, scene: Scene) -> None:
    response = client.post(
        form_of(scene), data(text="short", source_url="javascript:alert(1)", contact="nobody", name=EVIL)
    )

    page = response.content.decode()
    assert response.status_code == 400
    assert page.count('class="errorlist"') == 3
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    for fields in ({"kind": "praise"}, {"field": "/secret"}, {"text": f"{TEXT}\x00"}, {"revision": "999999"}):
        assert client.post(form_of(scene), data(**fields)).status_code == 400
    assert not Proposal.objects.exists()


def test_a_form_without_the_csrf_token_is_refused(scene: Scene) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post(form_of(scene), data()).status_code == 403
    assert not Proposal.objects.exists()


@override_settings(PROPOSALS_PER_HOUR=1)
def test_an_address_sends_a_few_by_page_and_api_together(client: Client, scene: Scene) -> None:
    assert client.post(form_of(scene), data()).status_code == 302

    refused = client.post(form_of(scene), data(text="Something else again."))
    by_api = client.post(
        "/api/v1/proposals/",
        {"event": scene.demotion.pk, "kind": "reply", "text": TEXT},
        content_type="application/json",
    )

    assert refused.status_code == by_api.status_code == 429
    assert "Something else again." in refused.content.decode()


def test_an_event_on_which_many_wait_says_so(
    client: Client, scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(submitting, "MAX_OPEN", 0)

    assert client.post(form_of(scene), data()).status_code == 429


def test_a_retracted_event_takes_a_reply_and_a_merged_one_leads_on(client: Client, scene: Scene) -> None:
    publishing.retract(scene.demotion.pk, scene.author, scene.approver)
    assert client.get(form_of(scene)).status_code == 200
    assert client.post(form_of(scene), data(kind="reply")).status_code == 302
    Event.objects.filter(pk=scene.demotion.pk).update(merged_into=scene.allegation)
    assert client.get(form_of(scene)).headers["Location"] == f"/events/{scene.allegation.pk}/proposal/"


@pytest.mark.parametrize("address", ["/events/999999/proposal/", f"/proposals/{'x' * 43}/", "/proposals/x/"])
def test_what_is_not_there_is_not_found(client: Client, scene: Scene, address: str) -> None:
    assert client.get(address).status_code == 404


def test_both_pages_are_written_in_chinese_too(client: Client, scene: Scene) -> None:
    headers = {"accept-language": "zh-hans"}
    form = client.get(form_of(scene), headers=headers).content.decode()
    address = client.post(form_of(scene), data()).headers["Location"]
    receipt = client.get(address, headers=headers).content.decode()

    assert "报告错误或回应" in form
    assert "Send to the curators" not in form
    assert "您的回执" in receipt
    assert "Keep the address" not in receipt


def test_the_queue_tells_how_many_wait_and_leads_to_them(scene: Scene) -> None:
    row = propose(scene)
    curator = signed_in(scene.author)

    assert (
        'Proposals <span class="tab-count" id="count-proposals">1</span>'
        in curator.get("/desk/").content.decode()
    )
    listing = curator.get("/desk/proposals/").content.decode()
    assert f"/desk/proposals/{row.pk}/" in listing
    assert "was demoted" in listing
    assert "Nothing is in this state." in curator.get("/desk/proposals/?state=declined").content.decode()


def test_a_curator_sees_the_event_the_words_and_a_safe_link(scene: Scene) -> None:
    row = propose(
        scene, text=EVIL, name="<i>N</i>", contact="reader@example.org", field="/penalties/0",
        source_url="https://example.org/?a=1&b=2",
    )  # fmt: skip

    page = signed_in(scene.author).get(f"/desk/proposals/{row.pk}/").content.decode()

    assert "was demoted" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; the committee" in page
    assert "<script>alert" not in page
    assert "<i>N</i>" not in page
    assert "reader@example.org" in page
    assert (
        '<a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">'
        in page
    )
    Proposal.objects.filter(pk=row.pk).update(source_url="javascript:alert(1)")
    assert "javascript:" not in signed_in(scene.author).get(f"/desk/proposals/{row.pk}/").content.decode()


def test_a_curator_answers_and_a_second_answer_is_refused_with_its_words_kept(scene: Scene) -> None:
    row = propose(scene)
    address = f"/desk/proposals/{row.pk}/answer/"

    empty = signed_in(scene.author).post(address, {"state": "accepted", "answer": " "})
    odd = signed_in(scene.author).post(address, {"state": "open", "answer": "Hm."})
    first = signed_in(scene.author).post(address, {"state": "accepted", "answer": "Corrected."})
    second = signed_in(scene.approver).post(address, {"state": "declined", "answer": "My other words."})

    assert (empty.status_code, odd.status_code, first.status_code, second.status_code) == (400, 400, 302, 409)
    assert "My other words." in second.content.decode()
    row.refresh_from_db()
    assert (row.state, row.answer, row.handled_by) == ("accepted", "Corrected.", scene.author)


def test_a_curator_is_told_that_the_event_has_changed_since(scene: Scene) -> None:
    row = propose(scene)
    page = f"/desk/proposals/{row.pk}/"
    assert "has changed since" not in signed_in(scene.author).get(page).content.decode()

    publishing.retract(scene.demotion.pk, scene.author, scene.approver)

    assert "has changed since" in signed_in(scene.author).get(page).content.decode()


@pytest.mark.parametrize("who", ["plain_user", "clerk", "outsider", None])
def test_only_curators_see_and_answer(
    who: str | None, scene: Scene, client: Client, request: pytest.FixtureRequest
) -> None:
    row = propose(scene)
    browser = signed_in(request.getfixturevalue(who)) if who else client
    expected = 403 if who else 302

    for address in ("/desk/proposals/", f"/desk/proposals/{row.pk}/"):
        response = browser.get(address)
        assert response.status_code == expected
        assert TEXT not in response.content.decode()
    posted = browser.post(f"/desk/proposals/{row.pk}/answer/", {"state": "accepted", "answer": "Yes."})
    assert posted.status_code == expected
    row.refresh_from_db()
    assert row.state == "open"


def test_an_answer_needs_the_csrf_token_and_a_post(scene: Scene) -> None:
    row = propose(scene)
    address = f"/desk/proposals/{row.pk}/answer/"
    fields = {"state": "accepted", "answer": "Yes."}

    assert signed_in(scene.author, enforce_csrf_checks=True).post(address, fields).status_code == 403
    assert signed_in(scene.author).get(address, fields).status_code == 405
    row.refresh_from_db()
    assert row.state == "open"


def test_in_the_admin_proposals_are_only_looked_at(scene: Scene) -> None:
    row = propose(scene, text=EVIL)
    admin = User.objects.create_superuser("root", password="x")
    client = signed_in(admin)

    listing = client.get("/admin/events/proposal/")
    page = client.get(f"/admin/events/proposal/{row.pk}/change/")

    assert listing.status_code == page.status_code == 200
    assert "<script>alert" not in page.content.decode()
    assert row.receipt not in page.content.decode()
    assert client.post(f"/admin/events/proposal/{row.pk}/change/", {"state": "accepted"}).status_code == 403
    assert client.get("/admin/events/proposal/add/").status_code == 403


@pytest.fixture
def phone(chromium: Browser, live_server: LiveServer) -> Iterator[Page]:
    """A phone without scripts."""
    context = chromium.new_context(
        base_url=live_server.url,
        locale="en-GB",
        viewport={"width": 390, "height": 844},
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_reply_is_sent_from_a_phone_without_scripts_and_answered_at_the_desk(
    phone: Page, live_server: LiveServer
) -> None:
    scene = make_scene()
    phone.goto(f"/events/{scene.demotion.pk}/")
    phone.get_by_role("link", name="Report an error or reply").click()
    phone.get_by_label("I speak for someone whom this concerns").check()
    phone.get_by_label("Which part?").select_option("/penalties/0")
    phone.get_by_label("What is wrong, or what do you have to say?").fill(TEXT)
    phone.get_by_role("button", name="Send to the curators").click()
    expect(phone.get_by_role("heading", name="Waiting for a curator")).to_be_visible()
    receipt = phone.url

    phone.goto("/desk/")
    phone.get_by_label("Username").fill("author")
    phone.get_by_label("Password").fill("x")
    phone.get_by_role("button", name="Sign in", exact=True).click()
    phone.get_by_role("link", name="Proposals 1").click()
    phone.get_by_role("link", name="was demoted").click()
    phone.get_by_label("Answer, for whoever sent this").fill("We now say the 17th.")
    phone.get_by_role("button", name="Taken up").click()
    expect(phone.get_by_text("Answered. Whoever sent it")).to_be_visible()

    phone.goto(receipt)
    expect(phone.get_by_role("heading", name="Taken up")).to_be_visible()
    expect(phone.get_by_text("We now say the 17th.")).to_be_visible()
