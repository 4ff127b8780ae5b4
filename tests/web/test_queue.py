"""The queue: its order, stories and cases, pages that split nothing, whose it is, what is put aside, many at once."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Q
from django.utils import timezone

from events import curation
from events.choices import CandidateState
from events.models.candidates import Bulk, Candidate
from events.models.sources import Story
from tests import scenes
from tests.web.conftest import Desk, signed_in
from tracker.web.desk import queue

OPEN = CandidateState.OPEN
ROOT = Path(__file__).resolve().parents[2]


def told(story: Story | None = None, severity: int = 1, novelty: float = 1, confidence: float = 0.9, **claim: Any) -> Candidate:  # fmt: skip
    """A candidate in an article of its own, of that rank."""
    source = scenes.document(scenes.DEMOTION_TEXT, story=story)
    made = scenes.candidate(source, scenes.claim(source.text, **claim))
    Candidate.objects.filter(pk=made.pk).update(severity=severity, novelty=novelty, confidence=confidence)
    return Candidate.objects.get(pk=made.pk)


def shown(page: queue.Page) -> list[int]:
    return [row.pk for group in page.groups for part in group.parts for row in part.candidates]


def walked(desk: Desk) -> list[list[int]]:
    """The candidates of every page, as whoever follows the links sees them."""
    client, address, pages = signed_in(desk.first), "/desk/?state=open", []
    while address:
        text = client.get(address).content.decode()
        pages.append([int(pk) for pk in re.findall(r'data-row href="/desk/candidates/(\d+)/"', text)])
        found = re.search(r'rel="next" href="(\?[^"]+)"', text)
        address = "/desk/" + found[1].replace("&amp;", "&") if found else ""
    return pages


@pytest.fixture
def empty(desk: Desk) -> Desk:
    """The desk without its two candidates."""
    Candidate.objects.all().delete()
    return desk


def test_severity_comes_before_novelty_before_confidence_before_age(empty: Desk) -> None:
    oldest = told(confidence=0.5)
    rows = [
        told(severity=0),
        told(confidence=0.4),
        told(confidence=0.5),
        oldest,
        told(confidence=0.8),
        told(novelty=0.5, confidence=1.0),
        told(severity=2, novelty=0.0),
    ]

    expected = [rows[6], rows[4], oldest, rows[2], rows[1], rows[5], rows[0]]
    assert shown(queue.page(OPEN, empty.first, Q())) == [row.pk for row in expected]


def test_a_story_stands_where_its_gravest_candidate_stands(empty: Desk) -> None:
    story = Story.objects.create(title="The penalties")
    low, alone, top = told(story, severity=0), told(severity=2), told(story, severity=3)

    page = queue.page(OPEN, empty.first, Q())

    assert shown(page) == [top.pk, low.pk, alone.pk]
    assert [group.total for group in page.groups] == [2, 1]


def test_the_candidates_of_a_case_stand_together(empty: Desk) -> None:
    source = scenes.document(scenes.DEMOTION_TEXT)
    made = [
        scenes.candidate(source, scenes.claim(source.text, confidence=confidence, **({"case": case} if case else {})))
        for confidence, case in ((0.9, "c1"), (0.8, ""), (0.7, "c1"))
    ]  # fmt: skip

    assert shown(queue.page(OPEN, empty.first, Q())) == [made[0].pk, made[2].pk, made[1].pk]


def test_whoever_follows_the_pages_sees_each_candidate_once_and_no_story_twice(empty: Desk) -> None:
    stories = [Story.objects.create(title=f"Story {number}") for number in range(60)]
    rows = [told(stories[number % 60], confidence=(number * 7 % 10) / 10) for number in range(150)]

    pages = walked(empty)

    assert len(pages) > 2
    assert sorted(pk for page in pages for pk in page) == sorted(row.pk for row in rows)
    where = dict(Candidate.objects.values_list("pk", "document__story"))
    seen = [{where[pk] for pk in page} for page in pages]
    assert all(not one & other for n, one in enumerate(seen) for other in seen[n + 1 :])


def test_going_back_shows_the_pages_that_were_shown(empty: Desk) -> None:
    for number in range(70):
        told(confidence=number % 9 / 10)
    forward: list[queue.Page] = []
    after: int | None = None
    while not forward or after is not None:
        page = queue.page(OPEN, empty.first, Q(), after=after)
        forward.append(page)
        after = page.after

    back = queue.page(OPEN, empty.first, Q(), before=forward[-1].before)

    assert [shown(page) for page in forward[:-1]][-1] == shown(back)
    assert forward[0].before is None
    assert back.after is not None


def test_what_comes_in_meanwhile_shifts_no_page(empty: Desk) -> None:
    rows = [told(confidence=0.5) for _ in range(60)]
    first = queue.page(OPEN, empty.first, Q())
    told(severity=5)

    second = queue.page(OPEN, empty.first, Q(), after=first.after)

    assert shown(first) + shown(second)[:5] == [row.pk for row in rows[: len(shown(first)) + 5]]


def test_a_large_story_says_how_many_are_not_shown(empty: Desk) -> None:
    story = Story.objects.create(title="The penalties")
    for _ in range(queue.OF_A_STORY + 3):
        told(story)

    page = signed_in(empty.first).get("/desk/").content.decode()
    whole = signed_in(empty.first).get(f"/desk/?story={story.pk}").content.decode()

    assert f"{queue.OF_A_STORY} of them shown" in page
    assert page.count("data-row") == queue.OF_A_STORY
    assert whole.count("data-row") == queue.OF_A_STORY + 3


def test_the_first_report_is_marked(empty: Desk) -> None:
    story = Story.objects.create(title="The penalties")
    first = told(story)
    story.first_document = first.document
    story.save()
    told(story)

    assert signed_in(empty.first).get("/desk/").content.decode().count("first report") == 1


def test_from_the_first_the_next_ones_are_those_of_the_pages_and_back(empty: Desk) -> None:
    stories = [Story.objects.create(title=f"Story {number}") for number in range(5)]
    for number in range(20):
        told(
            stories[number * 3 % 5] if number % 4 else None,
            confidence=number * 7 % 10 / 10,
            novelty=number % 2,
        )
    order = shown(queue.page(OPEN, empty.first, Q()))

    rows = [Candidate.objects.get(pk=pk) for pk in order]

    assert [queue.after(row, empty.first) for row in rows] == [*order[1:], None]
    assert [queue.before(row, empty.first) for row in rows] == [None, *order[:-1]]


def test_after_the_last_of_a_story_comes_the_story_that_stood_next_when_the_curator_came(empty: Desk) -> None:
    one = Story.objects.create(title="One")
    best, skipped, last = told(one, confidence=0.9), told(one, confidence=0.4), told(one, confidence=0.1)
    other, least = told(confidence=0.7), told(confidence=0.05)
    client = signed_in(empty.first)
    refusal = {"version": 1, "reason": "an opinion"}

    client.post(f"/desk/candidates/{best.pk}/reject/", refusal)
    after = client.post(f"/desk/candidates/{last.pk}/reject/", refusal)

    assert after.headers["Location"] == f"/desk/candidates/{other.pk}/"
    assert queue.after(skipped, empty.first) == other.pk
    assert queue.after(skipped, empty.second) == least.pk
    assert queue.before(other, empty.first) is None


def test_next_and_previous_lead_through_the_narrowed_list_and_say_where_it_ends(empty: Desk) -> None:
    first, other, last = told(confidence=0.9), told(confidence=0.8), told(confidence=0.7)
    curation.bulk_assign({first.pk: 1, last.pk: 1}, empty.first, empty.first)
    client = signed_in(empty.first)
    client.get("/desk/?whose=me")
    page = f"/desk/candidates/{first.pk}/"

    assert client.get(f"{page}next/").headers["Location"] == f"/desk/candidates/{last.pk}/"
    assert client.get(f"/desk/candidates/{last.pk}/previous/").headers["Location"] == page
    assert (
        "This is the first one of this list." in client.get(f"{page}previous/", follow=True).content.decode()
    )
    assert f"/desk/candidates/{other.pk}/" not in client.get("/desk/?whose=me").content.decode()


def test_the_next_candidate_is_that_of_the_list_that_was_narrowed(empty: Desk) -> None:
    mine, others, last = told(confidence=0.9), told(confidence=0.8), told(confidence=0.7)
    curation.bulk_assign({mine.pk: 1, last.pk: 1}, empty.first, empty.first)
    client = signed_in(empty.first)
    client.get("/desk/?whose=me")

    done = client.post(
        f"/desk/candidates/{mine.pk}/reject/", {"version": mine.version, "reason": "an opinion"}
    )

    assert done.headers["Location"] == f"/desk/candidates/{last.pk}/"
    assert others.pk in shown(queue.page(OPEN, empty.first, Q()))


@pytest.mark.parametrize(
    ("query", "expected"),
    [("whose=me", [0]), ("whose=nobody", [2]), ("whose={second}", [1]), ("whose=99999", [0, 1, 2])],
)
def test_the_queue_shows_whose_candidates_are_asked_for(empty: Desk, query: str, expected: list[int]) -> None:
    rows = [told() for _ in range(3)]
    curation.assign(rows[0].pk, empty.first, empty.first)
    curation.assign(rows[1].pk, empty.first, empty.second)

    page = signed_in(empty.first).get(f"/desk/?{query.format(second=empty.second.pk)}").content.decode()

    assert [n for n, row in enumerate(rows) if f"/desk/candidates/{row.pk}/" in page] == expected


def test_a_candidate_is_given_to_somebody_on_its_page(desk: Desk) -> None:
    client = signed_in(desk.first)
    client.post(f"/desk/candidates/{desk.mild.pk}/assign/", {"to": desk.second.pk})
    assert Candidate.objects.get(pk=desk.mild.pk).assigned_to == desk.second
    client.post(f"/desk/candidates/{desk.mild.pk}/assign/", {"to": "nobody"})
    assert Candidate.objects.get(pk=desk.mild.pk).assigned_to is None
    refused = client.post(f"/desk/candidates/{desk.mild.pk}/assign/", {"to": "77777"})
    assert refused.status_code == 400


def test_what_is_deferred_is_shown_with_its_day_and_comes_back_by_itself(desk: Desk) -> None:
    client = signed_in(desk.first)
    day = timezone.now().astimezone(UTC).date() + timedelta(days=7)
    data = {"version": desk.mild.version, "until": day.isoformat()}

    client.post(f"/desk/candidates/{desk.mild.pk}/defer/", data)

    link = f'href="/desk/candidates/{desk.mild.pk}/"'
    assert link not in client.get("/desk/").content.decode()
    aside = client.get("/desk/?state=deferred").content.decode()
    assert link in aside
    assert f"until {day}" in aside
    Candidate.objects.filter(pk=desk.mild.pk).update(deferred_until=timezone.now())
    assert link in client.get("/desk/").content.decode()
    assert link not in client.get("/desk/?state=deferred").content.decode()


def test_a_day_that_is_none_is_refused_and_said(desk: Desk) -> None:
    for until in ("2020-01-01", "soon", "9999-99-99"):
        data = {"version": desk.mild.version, "until": until}
        answer = signed_in(desk.first).post(f"/desk/candidates/{desk.mild.pk}/defer/", data)
        assert answer.status_code == 400
    assert Candidate.objects.get(pk=desk.mild.pk).state == OPEN


def bulk(desk: Desk, verb: str, rows: list[Candidate], **data: Any) -> str:
    """The page after a step on many."""
    marks = " ".join(f"{row.pk}:{row.version}" for row in rows)
    answer = signed_in(desk.first).post(f"/desk/bulk/{verb}/", {"mark": marks, **data}, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_result_says_how_many_and_which_were_left_with_the_reason(desk: Desk) -> None:
    source = scenes.document("Somebody Else was warned.")
    claim = scenes.claim(source.text, subject={"type": "person", "name": "Somebody Else"})
    unknown = scenes.candidate(source, claim)
    penalty = {"action": "warning", "penalties": [{"type": "warning", "degree": "minor"}]}
    article = scenes.document(scenes.DEMOTION_TEXT)
    clean = scenes.candidate(article, scenes.claim(article.text, **penalty))

    page = bulk(desk, "accept", [clean, desk.severe, unknown, desk.mild])

    assert "2 candidates accepted" in page
    assert "1 waits for a second curator" in page
    assert "Somebody Else" in page
    assert "is not known yet" in page
    assert "The source gives no date" in page


def test_a_bulk_is_undone_from_its_result(desk: Desk) -> None:
    bulk(desk, "reject", [desk.mild, desk.severe], reason="opinions")

    page = signed_in(desk.first).post("/desk/undo/", {"bulk": Bulk.objects.get().pk}, follow=True)

    assert "Taken back: reject of 2 candidates." in page.content.decode()
    assert set(Candidate.objects.values_list("state", flat=True)) == {"open"}


def test_the_last_step_is_undone_and_said_and_its_candidate_shown(desk: Desk) -> None:
    client = signed_in(desk.first)
    client.post(f"/desk/candidates/{desk.mild.pk}/reject/", {"version": 1, "reason": "an opinion"})

    answer = client.post("/desk/undo/", follow=True)

    assert "Taken back: reject of Northlake Devices" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/desk/candidates/{desk.mild.pk}/"
    nothing = client.post("/desk/undo/", {"at": desk.mild.pk}, follow=True)
    assert "nothing within a day" in nothing.content.decode()


@pytest.mark.parametrize(
    ("verb", "data", "words"),
    [
        ("reject", {}, "Say why"),
        ("assign", {"to": "x"}, "Choose to whom"),
        ("defer", {"until": "soon"}, "Give a day"),
        ("accept", {"mark": ""}, "Mark candidates first"),
        ("accept", {"mark": "1;drop"}, "cannot be read"),
        ("accept", {"mark": "1:1 " * 9000}, "too many"),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_written(
    desk: Desk, verb: str, data: dict[str, str], words: str
) -> None:
    marks = {"mark": f"{desk.mild.pk}:{desk.mild.version}"}
    page = signed_in(desk.first).post(f"/desk/bulk/{verb}/", marks | data, follow=True).content.decode()
    assert words in page
    assert not Bulk.objects.exists()


def test_only_curators_act_on_many_and_only_by_post(desk: Desk, clerk: Any) -> None:
    addresses = ["/desk/bulk/reject/", "/desk/undo/"]
    for address in addresses:
        assert signed_in(desk.first).get(address).status_code == 405
        assert signed_in(clerk).post(address, {"mark": f"{desk.mild.pk}:1", "reason": "x"}).status_code == 403
        assert signed_in(desk.first, enforce_csrf_checks=True).post(address).status_code == 403
    assert signed_in(desk.first).post("/desk/bulk/publish/", {}).status_code == 404
    assert Candidate.objects.get(pk=desk.mild.pk).state == OPEN


def test_the_way_back_leads_to_no_other_site(desk: Desk) -> None:
    answer = signed_in(desk.first).post("/desk/undo/", {"back": "//evil.example.com/?x=1"})
    assert answer.headers["Location"].startswith("/desk/?")


def test_the_counts_come_as_parts_to_put_in_place(desk: Desk) -> None:
    text = signed_in(desk.first).get("/desk/counts/").content.decode()
    assert '<span class="tab-count" id="count-open" hx-swap-oob="true">2</span>' in text
    assert "<html" not in text


def test_a_count_stops_where_nobody_needs_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "COUNTED", 1)
    assert 'id="count-open">1+</span>' in signed_in(desk.first).get("/desk/").content.decode()


def test_every_key_of_the_list_is_in_the_scripts_and_in_the_manual() -> None:
    listed = (ROOT / "tracker/web/templates/web/desk/_keys.html").read_text()
    desk, claim = ((ROOT / f"tracker/web/static/web/{name}.js").read_text() for name in ("desk", "claim"))
    manual = (ROOT / "docs/curating.md").read_text()
    actions = desk[desk.index("const actions = {") :].partition("};")[0]
    handled = set(re.findall(r'^    "?([^":,]+)"?[:,]', actions, re.MULTILINE))
    handled |= set(re.findall(r'event\.key !== "(.)"', claim))

    keys = re.findall(r"<kbd>(.+?)</kbd>", listed)

    assert len(keys) == len(set(keys))
    assert set(keys) - {"Enter", "Esc"} == handled - {"Escape"}
    assert [key for key in keys if f"`{key}`" not in manual] == ["Enter", "Esc"]
