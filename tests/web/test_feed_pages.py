"""Rules of the desk's feed pages: what they show of each state, who may do what, and what a page costs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Browser

from events.choices import FeedState, FetchOutcome, ItemState, NoticeKind, PushState
from events.feeds import notices, store
from events.feeds.health import Day
from events.models.access import User
from events.models.sources import Document, Feed, FeedItem, FetchRun, HubSubscription, Notice, Story
from tests import scenes
from tests.web.conftest import signed_in
from tracker.web.desk.feed_chart import HEIGHT, WIDTH, day_chart

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


def make_feed(name: str = "a", **fields: Any) -> Feed:
    now = timezone.now()
    values: dict[str, Any] = {
        "url": f"https://feeds.example.com/{name}",
        "title": f"Feed {name}",
        "state": FeedState.HEALTHY.value,
        "last_success_at": now - timedelta(minutes=5),
        "last_polled_at": now - timedelta(minutes=5),
        "next_poll_at": now + timedelta(minutes=20),
    }
    return Feed.objects.create(**(values | fields))


def make_item(feed: Feed, **fields: Any) -> FeedItem:
    number = FeedItem.objects.count()
    values: dict[str, Any] = {"title": f"Entry {number}", "guid": store.guid_key(str(number))}
    return FeedItem.objects.create(feed=feed, **(values | fields))


def make_run(feed: Feed, **fields: Any) -> FetchRun:
    values: dict[str, Any] = {"outcome": FetchOutcome.UNCHANGED.value, "status_code": 304, "elapsed": 120}
    return FetchRun.objects.create(feed=feed, **(values | fields))


def make_notice(
    feed: Feed, kind: NoticeKind = NoticeKind.SILENT, text: str = "No new entry for 9 days."
) -> Notice:
    return Notice.objects.create(feed=feed, kind=kind.value, text=text)


@pytest.fixture
def editor(db: None) -> User:
    """A curator who may also add and change feeds."""
    user = scenes.curator("editor")
    wanted = Permission.objects.filter(
        codename__in=["add_feed", "change_feed"], content_type__app_label="events"
    )
    user.user_permissions.add(*wanted)
    return user


@pytest.fixture
def at_desk(editor: User) -> Client:
    return signed_in(editor)


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def every_state() -> dict[str, Feed]:
    """A feed of each state that a curator meets."""
    now = timezone.now()
    made = {
        "healthy": make_feed("healthy"),
        "failing": make_feed(
            "failing", state=FeedState.FAILING.value, failures=4, error="HTTP 503: the server is busy.", last_success_at=now - timedelta(days=2),
        ),
        "silent": make_feed("silent", last_item_at=now - timedelta(days=9)),
        "never": make_feed("never", state=FeedState.NEW.value, last_success_at=None, last_polled_at=None),
        "paused": make_feed("paused", is_active=False),
        "gone": make_feed("gone", state=FeedState.GONE.value, is_active=False),
    }  # fmt: skip
    make_notice(made["silent"])
    for number in range(12):
        make_item(made["healthy"], state=ItemState.STORED.value, title=f"News {number}")
    make_run(made["healthy"], elapsed=340)
    return made


def test_the_list_says_of_each_feed_how_it_does() -> None:
    every_state()

    page = text(signed_in(scenes.curator()), "/desk/feeds/")

    assert "Failed 4 times in a row" in page
    assert "HTTP 503: the server is busy." in page
    assert "No new entry for 9 days." in page
    assert "Not polled yet." in page
    assert "Gone for good, says its site" in page
    assert "Paused; it is not polled." in page
    assert "340 ms" in page
    assert "1.7 <span" in page  # 12 entries in seven days


def test_feeds_with_an_open_notice_come_first_and_the_tab_counts_them() -> None:
    made = every_state()

    page = text(signed_in(scenes.curator()), "/desk/feeds/")

    assert page.index(made["silent"].title) < page.index(made["failing"].title)
    assert 'id="count-feeds">1</span>' in page


@pytest.mark.parametrize(
    ("state", "names"),
    [
        ("noticed", {"silent"}),
        ("healthy", {"healthy", "silent"}),
        ("failing", {"failing"}),
        ("new", {"never"}),
        ("paused", {"paused"}),
        ("gone", {"gone"}),
        ("all", {"healthy", "silent", "failing", "never", "paused", "gone"}),
        ("no such state", {"healthy", "silent", "failing", "never", "paused", "gone"}),
    ],
)
def test_the_list_filters_by_state_and_each_feed_has_one(state: str, names: set[str]) -> None:
    every_state()

    page = text(signed_in(scenes.curator()), f"/desk/feeds/?state={state}")

    assert {name for name in every_name() if f"Feed {name}<" in page} == names


def every_name() -> list[str]:
    return ["healthy", "failing", "silent", "never", "paused", "gone"]


def test_without_feeds_the_page_leads_to_adding_one(at_desk: Client) -> None:
    page = text(at_desk, "/desk/feeds/")

    assert "No feed is polled yet." in page
    assert 'href="/desk/feeds/add/"' in page


def test_only_who_may_add_feeds_is_offered_to() -> None:
    assert 'href="/desk/feeds/add/"' not in text(signed_in(scenes.curator()), "/desk/feeds/")


def test_the_list_costs_the_same_for_two_feeds_and_twenty(at_desk: Client) -> None:
    counts = []
    for number in (2, 20):
        for n in range(number):
            feed = make_feed(f"{number}-{n}")
            make_notice(feed)
            make_item(feed)
            make_run(feed)
        with CaptureQueriesContext(connection) as queries:
            text(at_desk, "/desk/feeds/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_feeds_page_costs_the_same_for_few_entries_and_many(at_desk: Client) -> None:
    feed = make_feed()
    counts = []
    for number in (2, 15):
        for _ in range(number):
            item = make_item(feed, state=ItemState.FAILED.value, document=scenes.document("x"))
            make_run(feed, item=item)
        with CaptureQueriesContext(connection) as queries:
            text(at_desk, f"/desk/feeds/{feed.pk}/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_page_of_each_state_can_be_read(at_desk: Client) -> None:
    for name, feed in every_state().items():
        page = text(at_desk, f"/desk/feeds/{feed.pk}/")
        assert f"Feed {name}" in page


def test_a_feeds_page_shows_polls_article_fetches_and_entries(at_desk: Client) -> None:
    feed = make_feed()
    item = make_item(
        feed,
        title="The merger",
        url="https://news.example.com/merger",
        state=ItemState.FAILED.value,
        error="HTTP 404: not found.",
    )
    make_run(feed, outcome=FetchOutcome.NEW_ITEMS.value, status_code=200, items_seen=3, items_new=1)
    make_run(
        feed, item=item, outcome=FetchOutcome.HTTP_ERROR.value, status_code=404, error="HTTP 404: not found."
    )

    page = text(at_desk, f"/desk/feeds/{feed.pk}/")

    assert "Something new" in page
    assert "Article: The merger" in page
    assert '<strong class="fault">HTTP error</strong>' in page
    assert 'href="https://news.example.com/merger"' in page
    assert f"{timezone.now():%Y-%m-%d}: 1." in page  # the chart in words


def test_a_feeds_page_tells_of_its_hub(at_desk: Client) -> None:
    feed = make_feed()
    HubSubscription.objects.create(
        feed=feed, hub="https://hub.example.com/", topic=feed.url, token="t" * 43, secret="s3cret-of-the-hub", state=PushState.ACTIVE.value,
    )  # fmt: skip

    page = text(at_desk, f"/desk/feeds/{feed.pk}/")

    assert "<dt>WebSub</dt><dd>Active" in page
    assert "s3cret-of-the-hub" not in page
    assert "t" * 43 not in page


def test_what_feeds_say_is_never_markup(at_desk: Client) -> None:
    feed = make_feed(title=SCRIPT, error=SCRIPT, state=FeedState.FAILING.value, failures=2)
    make_notice(feed, text=SCRIPT)
    item = make_item(feed, title=SCRIPT, error=SCRIPT, state=ItemState.DEAD.value, url="javascript:alert(1)")
    make_run(feed, item=item, error=SCRIPT)
    HubSubscription.objects.create(
        feed=feed, hub="https://hub.example.com/", topic=feed.url, token="t", secret="s", error=SCRIPT
    )

    for path in ("/desk/feeds/", f"/desk/feeds/{feed.pk}/"):
        page = text(at_desk, path)
        assert "<script>alert(1)" not in page
        assert "&lt;script&gt;alert(1)" in page
        assert 'href="javascript:' not in page


def test_seen_to_closes_a_notice_in_the_curators_name() -> None:
    feed = make_feed()
    notice = make_notice(feed)
    curator = scenes.curator()

    answer = signed_in(curator).post(f"/desk/feeds/{feed.pk}/seen/", {"notice": notice.pk}, follow=True)

    notice.refresh_from_db()
    assert (notice.closed_by, notice.closed_at is not None) == (curator, True)
    assert f"seen to by {curator}" in answer.content.decode()


@pytest.mark.parametrize("number", ["", "x", "²", "9" * 30, "0"])
def test_a_notice_of_another_feed_or_none_is_not_closed(at_desk: Client, number: str) -> None:
    feed = make_feed()
    other = make_notice(make_feed("b"))

    at_desk.post(f"/desk/feeds/{feed.pk}/seen/", {"notice": number or other.pk})

    assert Notice.objects.get().closed_at is None


def test_failed_entries_are_fetched_again_one_or_all() -> None:
    feed = make_feed()
    first, second = (make_item(feed, state=ItemState.DEAD.value, attempts=9) for _ in range(2))
    other = make_item(make_feed("b"), state=ItemState.DEAD.value)
    client = signed_in(scenes.curator())

    client.post(f"/desk/feeds/{feed.pk}/retry/", {"item": first.pk})
    assert set(FeedItem.objects.filter(state="new").values_list("pk", flat=True)) == {first.pk}

    client.post(f"/desk/feeds/{feed.pk}/retry/")
    assert set(FeedItem.objects.filter(state="new").values_list("pk", flat=True)) == {first.pk, second.pk}
    client.post(f"/desk/feeds/{feed.pk}/retry/", {"item": other.pk})
    other.refresh_from_db()
    assert other.state == ItemState.DEAD


def test_poll_now_makes_a_feed_due_and_a_paused_one_says_why_not(at_desk: Client) -> None:
    active, paused = make_feed(), make_feed("b", is_active=False)

    at_desk.post(f"/desk/feeds/{active.pk}/poll/")
    answer = at_desk.post(f"/desk/feeds/{paused.pk}/poll/", follow=True)

    assert store.due_feeds(timezone.now()) == [active.pk]
    assert "switch polling on first" in answer.content.decode()


def settings_of(**changes: str) -> dict[str, str]:
    return {"title": "New title", "language": "zh-Hant", "interval": "45", "is_active": "on"} | changes


def test_settings_are_kept_and_a_shorter_interval_brings_the_next_poll_forward(at_desk: Client) -> None:
    feed = make_feed(next_poll_at=timezone.now() + timedelta(hours=11))

    answer = at_desk.post(f"/desk/feeds/{feed.pk}/settings/", settings_of())

    assert (answer.status_code, answer.headers["Location"]) == (302, f"/desk/feeds/{feed.pk}/")
    feed.refresh_from_db()
    assert (feed.title, feed.language, feed.interval) == ("New title", "zh-Hant", timedelta(minutes=45))
    assert feed.next_poll_at <= timezone.now() + timedelta(minutes=45)


def test_an_empty_interval_gives_the_feed_its_own_rhythm_back(at_desk: Client) -> None:
    feed = make_feed(interval=timedelta(hours=3))

    at_desk.post(f"/desk/feeds/{feed.pk}/settings/", settings_of(interval=""))

    feed.refresh_from_db()
    assert feed.interval is None


@pytest.mark.parametrize("state", [FeedState.GONE, FeedState.PAUSED, FeedState.FAILING])
def test_a_feed_that_is_switched_on_starts_anew(at_desk: Client, state: FeedState) -> None:
    feed = make_feed(state=state.value, is_active=False, failures=7, error="Gone.")

    at_desk.post(f"/desk/feeds/{feed.pk}/settings/", settings_of())

    feed.refresh_from_db()
    assert (feed.state, feed.failures, feed.error) == (FeedState.NEW, 0, "")
    assert store.due_feeds(timezone.now()) == [feed.pk]


def test_switching_a_feed_off_pauses_it(at_desk: Client) -> None:
    feed = make_feed()
    said = settings_of()
    del said["is_active"]

    at_desk.post(f"/desk/feeds/{feed.pk}/settings/", said)

    feed.refresh_from_db()
    assert (feed.state, feed.is_active) == (FeedState.PAUSED, False)


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"interval": "0"}, "At least 5 minutes."),
        ({"interval": "-3"}, "At least 5 minutes."),
        ({"interval": "99999999999"}, "less than or equal to 10080"),
        ({"interval": "soon"}, "whole number"),
        ({"language": "<b>"}, "language tag"),
        ({"title": "x" * 301}, "at most 300"),
    ],
)
def test_settings_that_cannot_be_say_why_and_keep_what_was_typed(
    at_desk: Client, changes: dict[str, str], word: str
) -> None:
    feed = make_feed()

    answer = at_desk.post(f"/desk/feeds/{feed.pk}/settings/", settings_of(**changes))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert word in page
    assert changes.get("title", "New title") in page
    feed.refresh_from_db()
    assert feed.title == "Feed a"


def test_settings_do_not_disturb_a_poll_that_is_under_way(at_desk: Client) -> None:
    feed = make_feed(next_poll_at=timezone.now())
    poll = store.claim_feed(feed.pk, timezone.now())
    assert poll is not None

    at_desk.post(f"/desk/feeds/{feed.pk}/settings/", settings_of())

    feed.refresh_from_db()
    assert feed.claimed_until == poll.feed.claimed_until


def test_only_curators_see_feeds(client: Client, clerk: User, outsider: User) -> None:
    feed = make_feed()
    for path in ("/desk/feeds/", f"/desk/feeds/{feed.pk}/"):
        assert client.get(path).status_code == 302
        assert signed_in(clerk).get(path).status_code == 403
        assert signed_in(outsider).get(path).status_code == 403


@pytest.mark.parametrize("verb", ["poll", "settings", "retry", "seen"])
def test_only_curators_do_anything_to_feeds(clerk: User, verb: str) -> None:
    feed = make_feed()

    assert signed_in(clerk).post(f"/desk/feeds/{feed.pk}/{verb}/").status_code == 403
    assert signed_in(scenes.curator()).get(f"/desk/feeds/{feed.pk}/{verb}/").status_code == 405


@pytest.mark.parametrize("verb", ["poll", "settings"])
def test_changing_a_feed_takes_the_permission_to(verb: str) -> None:
    feed = make_feed()
    client = signed_in(scenes.curator())

    assert client.post(f"/desk/feeds/{feed.pk}/{verb}/", settings_of()).status_code == 403
    page = text(client, f"/desk/feeds/{feed.pk}/")
    assert f"/desk/feeds/{feed.pk}/{verb}/" not in page
    feed.refresh_from_db()
    assert feed.title == "Feed a"


def test_a_step_needs_the_forms_token(editor: User) -> None:
    feed = make_feed()

    assert signed_in(editor, enforce_csrf_checks=True).post(f"/desk/feeds/{feed.pk}/poll/").status_code == 403


def test_an_unknown_feed_or_step_is_not_found(at_desk: Client) -> None:
    assert at_desk.get("/desk/feeds/999999/").status_code == 404
    assert at_desk.post(f"/desk/feeds/{make_feed().pk}/erase/").status_code == 404


def test_the_queue_leads_to_a_failing_feeds_page(at_desk: Client) -> None:
    feed = make_feed(state=FeedState.FAILING.value, error="No connection.")

    assert f'href="/desk/feeds/{feed.pk}/"' in text(at_desk, "/desk/")


def test_the_pages_carry_no_inline_script_or_style(at_desk: Client) -> None:
    feed = every_state()["healthy"]
    for path in ("/desk/feeds/", f"/desk/feeds/{feed.pk}/"):
        page = text(at_desk, path)
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
        assert page.count("<script") == page.count("<script src=")


@pytest.mark.django_db(transaction=True)
def test_the_pages_fit_a_phone_and_work_by_keyboard(
    chromium: Browser, live_server: Any, editor: User
) -> None:
    feed = every_state()["silent"]
    make_item(feed, title="An_entry_without_any_break_" * 6, state=ItemState.DEAD.value)
    make_run(feed, error="no_break_in_this_error_either_" * 8, outcome=FetchOutcome.FAILED.value)
    cookie = signed_in(editor).cookies["sessionid"].value
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    sideways = "document.documentElement.scrollWidth > document.documentElement.clientWidth"

    page.goto(f"{live_server.url}/desk/feeds/")
    assert not page.evaluate(sideways)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/desk/feeds/{feed.pk}/")
    assert not page.evaluate(sideways)
    page.get_by_role("button", name="Seen to it").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Closed. It comes back only when it happens anew.").wait_for()

    assert said == []
    context.close()


def test_the_chart_draws_each_busy_day_within_its_frame() -> None:
    days = [Day(date(2026, 3, n), entries) for n, entries in ((1, 0), (2, 5), (3, 10))]

    chart = day_chart(days)

    assert [(bar.day.day, bar.entries) for bar in chart.busy] == [(2, 5), (3, 10)]
    assert [bar.height for bar in chart.bars] == [0.0, HEIGHT / 2, HEIGHT]
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH for bar in chart.bars)
    assert (chart.most, chart.total) == (10, 15)
    assert day_chart([]).bars == []


def tell_story() -> tuple[Document, Document]:
    """Two reports of one story; the second one is the earlier."""
    story = Story.objects.create(title="One story")
    now = timezone.now()
    ours = scenes.document(scenes.DEMOTION_TEXT, title="Ours", story=story, published_at=now)
    first = scenes.document(
        "x", title=f"First {SCRIPT}", story=story, published_at=now - timedelta(hours=2), feed=make_feed()
    )
    Story.objects.filter(pk=story.pk).update(first_document=first)
    return ours, first


def test_a_candidates_page_lists_who_else_tells_its_story_and_marks_the_first(at_desk: Client) -> None:
    ours, first = tell_story()
    theirs = scenes.candidate(first)
    candidate = scenes.candidate(ours)

    page = text(at_desk, f"/desk/candidates/{candidate.pk}/")
    other = text(at_desk, f"/desk/candidates/{theirs.pk}/")

    assert "Told elsewhere" in page
    assert f'href="/desk/candidates/{theirs.pk}/">First &lt;script&gt;' in page
    assert ">first report</span>" in page
    assert "This article is the first report." in other
    assert ">first report</span>" not in other


def test_a_story_of_one_document_is_not_mentioned(at_desk: Client) -> None:
    candidate = scenes.candidate(scenes.document(scenes.DEMOTION_TEXT))

    assert "Told elsewhere" not in text(at_desk, f"/desk/candidates/{candidate.pk}/")


def test_a_notice_that_was_closed_by_itself_says_so(at_desk: Client) -> None:
    feed = make_feed()
    make_notice(feed)
    Feed.objects.filter(pk=feed.pk).update(last_item_at=timezone.now())

    assert notices.raise_notices() == (0, 1)

    assert "ended by itself" in text(at_desk, f"/desk/feeds/{feed.pk}/")
