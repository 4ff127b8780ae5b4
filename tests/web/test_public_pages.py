"""The public pages: what they show, what they mark, what they never show."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, quote

import pytest
from django.conf import settings
from django.test import Client

from events.models.people import Executive
from events.models.record import Revision
from events.record import publishing
from tests import scenes
from tests.web.conftest import Desk, Scene, allegation, evidence
from tests.web.rich import MEMBERS, fill, with_many_parties

HOSTILE = "<script>alert('x')</script>"


def body(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def pages(scene: Scene) -> list[str]:
    return [
        "/",
        f"/people/{scene.person.pk}/",
        f"/organizations/{scene.cloud.pk}/",
        f"/organizations/{scene.parent.pk}/",
        f"/events/{scene.demotion.pk}/",
        f"/events/{scene.allegation.pk}/",
        "/search/?q=van+Houten",
        "/subscribe/",
        f"/subscribe/?person={scene.person.pk}",
    ]


def test_an_event_shows_each_field_with_its_quote_and_its_source(client: Client, scene: Scene) -> None:
    page = body(client, f"/events/{scene.demotion.pk}/")
    assert "22A → 21A" in page
    assert "demoted three levels from 22A to 21A" in page
    assert scene.source.url in page
    assert scene.source.title in page


def test_an_event_shows_its_ladder_with_a_text_alternative(client: Client, scene: Scene) -> None:
    page = body(client, f"/events/{scene.demotion.pk}/")
    assert '<svg class="ladder"' in page
    assert "22A → 21A: 3 steps down the ladder" in page


def test_a_person_has_names_in_both_scripts_and_a_chart_with_a_table(client: Client, scene: Scene) -> None:
    page = body(client, f"/people/{scene.person.pk}/")
    assert "Ilse van Houten" in page
    assert "范霍滕" in page
    assert re.search(r"<title[^>]*>\s*Grade over time of Ilse van Houten", page)
    assert re.search(r"<desc[^>]*>[^<]*22A: not known – 18 October 2025", page)
    assert re.search(r'<th scope="row">21A</th>\s*<td>18 October 2025</td>\s*<td>still so</td>', page)


def test_an_organization_shows_its_parent_and_its_units(client: Client, scene: Scene) -> None:
    assert f'href="/organizations/{scene.parent.pk}/"' in body(client, f"/organizations/{scene.cloud.pk}/")
    assert f'href="/organizations/{scene.cloud.pk}/"' in body(client, f"/organizations/{scene.parent.pk}/")


def test_an_allegation_is_marked_wherever_it_stands(client: Client, scene: Scene) -> None:
    for address in ("/", f"/events/{scene.allegation.pk}/", "/search/?q=Heron"):
        page = body(client, address)
        assert "mark-alleged" in page, address
        assert "It is not established as fact." in page, address


def test_a_retracted_event_keeps_a_page_that_says_so_and_leaves_every_list(
    client: Client, scene: Scene
) -> None:
    publishing.retract(scene.demotion.pk, scene.author, scene.approver, "The source withdrew it.")
    page = body(client, f"/events/{scene.demotion.pk}/")
    assert "This entry was retracted." in page
    assert "The source withdrew it." in page
    for address in (
        "/",
        f"/people/{scene.person.pk}/",
        f"/organizations/{scene.cloud.pk}/",
        "/search/?q=Houten",
    ):
        assert f'href="/events/{scene.demotion.pk}/"' not in body(client, address), address


def test_a_correction_shows_what_it_changed_and_why(client: Client, scene: Scene) -> None:
    draft = scenes.demotion(scene.person, scene.cloud, scene.source, end="22C", levels=2)
    publishing.revise(scene.demotion.pk, draft, scene.author, scene.approver, "A misprint.")
    page = body(client, f"/events/{scene.demotion.pk}/")
    assert "A misprint." in page
    assert re.search(r"<del>[^<]*22A → 21A", page)
    assert re.search(r"<ins>[^<]*22A → 22C", page)


def test_known_at_shows_what_the_record_said_then(client: Client, scene: Scene) -> None:
    first = Revision.objects.get(event=scene.demotion)
    draft = scenes.demotion(scene.person, scene.cloud, scene.source, end="22C", levels=2)
    publishing.revise(scene.demotion.pk, draft, scene.author, scene.approver, "A misprint.")
    then = first.recorded_at.isoformat().replace("+00:00", "Z")
    now, before = (
        body(client, f"/people/{scene.person.pk}/"),
        body(client, f"/people/{scene.person.pk}/?known_at={then}"),
    )
    assert "to 22C" in now
    assert "to 21A" in before
    assert "to 22C" not in before


def test_valid_at_leaves_out_what_had_not_happened(client: Client, scene: Scene) -> None:
    address = f"/people/{scene.person.pk}/?valid_at="
    assert f'id="event-{scene.demotion.pk}"' not in body(client, address + "2025-10-17")
    assert f'id="event-{scene.demotion.pk}"' in body(client, address + "2025-10-18")


def test_the_people_of_an_organization_are_those_that_the_record_knew_at_the_instant(
    client: Client, scene: Scene
) -> None:
    before = Revision.objects.latest("seq").recorded_at
    newcomer = scenes.executive("Devon Clarke")
    draft = scenes.appointment(newcomer, scene.cloud, scene.source, day="2024-01-15", title="CFO")
    after = publishing.publish(draft, scene.author).recorded_at

    then, since = (
        body(client, f"/organizations/{scene.cloud.pk}/?known_at={quote(instant.isoformat())}")
        for instant in (before, after)
    )

    assert "Ilse van Houten" in then
    assert "Devon Clarke" not in then
    assert "Devon Clarke" in since
    assert "CFO" in since


def test_known_at_before_the_record_began_is_an_empty_page(client: Client, scene: Scene) -> None:
    before = Revision.objects.earliest("seq").recorded_at - timedelta(days=2)
    assert "Nothing is recorded for this time." in body(
        client, f"/people/{scene.person.pk}/?known_at={before:%Y-%m-%d}"
    )


@pytest.mark.parametrize("query", ["valid_at=soon", "known_at=2025-13-45", "valid_at=%00", "cursor=nonsense"])
def test_a_time_or_cursor_that_cannot_be_read_is_no_crash(client: Client, scene: Scene, query: str) -> None:
    page = body(client, f"/people/{scene.person.pk}/?{query}")
    assert ('id="clock-error"' in page) is ("_at" in query)


@pytest.mark.parametrize("query", ["van Houten", "Houten Ilse van", "ilse  VANHOUTEN", "范霍滕"])
def test_search_finds_a_person_in_any_script_and_order(client: Client, scene: Scene, query: str) -> None:
    assert f'href="/people/{scene.person.pk}/"' in client.get("/search/", {"q": query}).content.decode()


@pytest.mark.parametrize("query", ["%00", "%", "_", "x" * 5000, "%F0%9F%98%80", "'"])
def test_search_takes_any_text(client: Client, scene: Scene, query: str) -> None:
    body(client, f"/search/?q={query}")


def test_text_from_outside_is_escaped_on_every_page(client: Client, scene: Scene) -> None:
    source = scenes.document(
        f"{HOSTILE} was alleged about {HOSTILE}.", title=HOSTILE, url=f"https://x.example/{HOSTILE}"
    )
    event = publishing.publish(allegation(source, HOSTILE), scene.author).event
    Executive.objects.filter(pk=scene.person.pk).update(name=HOSTILE)
    escaped = ["/", f"/people/{scene.person.pk}/", f"/events/{event.pk}/", f"/search/?q={HOSTILE}"]
    for address in [*pages(scene), *escaped]:
        assert HOSTILE not in body(client, address), address
    for address in escaped:
        assert "&lt;script&gt;alert(&#x27;x&#x27;)" in body(client, address), address


def test_a_source_address_of_another_scheme_is_no_link(client: Client, scene: Scene) -> None:
    source = scenes.document("Heron 3 is said to be a copy.", url="javascript:alert(1)", title="Bad")
    event = publishing.publish(allegation(source, "Heron 3"), scene.author).event
    page = body(client, f"/events/{event.pk}/")
    assert 'href="javascript' not in page
    assert "Bad" in page


def test_an_unreviewed_candidate_is_on_no_public_page(client: Client, desk: Desk) -> None:
    person = Executive.objects.get()
    for address in ("/", f"/people/{person.pk}/", "/search/?q=demoted", "/search/?q=Houten"):
        assert "three levels" not in body(client, address)


def test_a_merged_person_leads_to_the_one_who_stands(client: Client, scene: Scene) -> None:
    other = Executive.objects.create(name="I. van Houten", merged_into=scene.person)
    assert client.get(f"/people/{other.pk}/").headers["Location"] == f"/people/{scene.person.pk}/"


@pytest.mark.parametrize(
    "address",
    [
        "/people/999/",
        "/organizations/999/",
        "/events/999/",
        "/cases/999/",
        "/events/99999999999999999999/",
        "/nope/",
    ],
)
def test_what_is_not_there_is_a_404_page(client: Client, db: None, address: str) -> None:
    assert "There is no such page" in body(client, address, 404)


def test_public_pages_take_no_post(client: Client, scene: Scene) -> None:
    for address in pages(scene)[:7]:
        assert client.post(address).status_code == 405, address


def test_no_page_has_inline_script_or_style(client: Client, scene: Scene) -> None:
    for address in pages(scene):
        response = client.get(address)
        page = response.content.decode()
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        assert not re.search(r'<script(?! type="application/ld\+json">)(?![^>]*\bsrc=)', page), address
        assert not re.search(r"<style|\sstyle=|\son\w+=", page), address


def test_pages_come_in_chinese_by_the_browsers_wish_and_by_the_switch(client: Client, scene: Scene) -> None:
    wished = client.get(
        f"/events/{scene.demotion.pk}/", headers={"Accept-Language": "zh-CN"}
    ).content.decode()
    assert '<html lang="zh-hans">' in wished
    assert scene.demotion.revisions.get().payload["summary_zh"] in wished
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    assert '<html lang="zh-hans">' in body(client, "/")


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("kind=discipline", True), ("kind=sanction", False), ("min_severity=3", True), ("min_severity=4", False),
        ("status=reported", True), ("status=alleged", False), ("date_after=2025-10-18", True),
        ("date_after=2025-10-19", False), ("date_before=2025-10-18", True), ("date_before=2025-10-17", False),
        ("kind=discipline&min_severity=3&status=reported&date_after=2025-01-01&date_before=2025-12-31", True),
    ],
)  # fmt: skip
def test_filters_leave_the_entries_that_fit_and_stay_in_the_form(
    client: Client, scene: Scene, query: str, kept: bool
) -> None:
    for address in (f"/people/{scene.person.pk}/", f"/organizations/{scene.parent.pk}/", "/events/"):
        for clock in ("", "&known_at=2100-01-01"):
            page = body(client, f"{address}?{query}{clock}")
            assert (f'id="event-{scene.demotion.pk}"' in page) is kept, (address, clock)
            for name, value in parse_qsl(query):
                chosen = rf'<option value="{value}" selected>|name="{name}" value="{value}"'
                assert re.search(chosen, page), (address, name)


def test_a_filter_that_cannot_be_read_is_said_and_left_out(client: Client, scene: Scene) -> None:
    page = body(client, f"/people/{scene.person.pk}/?date_after=soon&kind=gossip&min_severity=9&status=x")
    assert 'id="filter-error"' in page
    assert f'id="event-{scene.demotion.pk}"' in page
    backwards = body(client, "/events/?date_after=2025-02-01&date_before=2025-01-01")
    assert "The period ends before it begins." in backwards


def test_clocks_keep_the_filters_and_filters_keep_the_clocks(client: Client, scene: Scene) -> None:
    page = body(client, f"/people/{scene.person.pk}/?kind=discipline&valid_at=2025-12-01")
    assert '<input type="hidden" name="kind" value="discipline">' in page
    assert '<input type="hidden" name="valid_at" value="2025-12-01">' in page


def test_a_long_timeline_is_paged_in_both_directions(client: Client, scene: Scene) -> None:
    for month in range(1, 13):
        for year in (2018, 2019):
            draft = scenes.appointment(
                scene.person, scene.cloud, scene.source, day=f"{year}-{month:02}-01", title="CEO"
            )
            publishing.publish(draft, scene.author)
    first = body(client, f"/people/{scene.person.pk}/?kind=leadership")
    earlier = re.search(r'rel="next" href="([^"#]+)', first)
    assert earlier
    second = body(client, f"/people/{scene.person.pk}/{unescape(earlier[1])}")
    later = re.search(r'rel="prev" href="([^"#]+)', second)
    assert later
    shown = [set(re.findall(r'id="event-(\d+)"', page)) for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), shown[0] & shown[1]) == (20, 4, set())
    again = body(client, f"/people/{scene.person.pk}/{unescape(later[1])}")
    assert set(re.findall(r'id="event-(\d+)"', again)) == shown[0]


def test_words_that_two_sources_share_stand_once_with_both_numbers(client: Client, scene: Scene) -> None:
    other = scenes.document(scenes.DEMOTION_TEXT, title="The same, elsewhere")
    quote = "demoted three levels from 22A to 21A"
    proofs = tuple(evidence(source, "/penalties/0", quote) for source in (scene.source, other))
    draft = scenes.demotion(scene.person, scene.cloud, scene.source, evidence=proofs)
    publishing.revise(scene.demotion.pk, draft, scene.author, scene.approver, "Another source.")
    page = body(client, f"/events/{scene.demotion.pk}/")
    facts = page[page.index('<dl class="facts">') : page.index('id="sources"')]
    assert facts.count(quote) == 1
    assert 'href="#source-1"' in facts
    assert 'href="#source-2"' in facts
    assert page.count("The same, elsewhere</a>") == 1


def test_an_event_with_very_many_parties_folds_them(client: Client, scene: Scene) -> None:
    many = with_many_parties(scene, scene.cloud)
    page = body(client, f"/events/{many.pk}/")
    assert page.count('class="fact"') >= 40
    assert re.search(r"<summary>\d+ more fields</summary>", page)


def test_an_event_with_many_revisions_shows_the_newest_and_leads_to_the_earlier(
    client: Client, scene: Scene
) -> None:
    for number in range(22):
        end, levels = ("22C", 2) if number % 2 else ("21B", 4)
        draft = scenes.demotion(scene.person, scene.cloud, scene.source, end=end, levels=levels)
        publishing.revise(scene.demotion.pk, draft, scene.author, scene.approver, f"Reading {number}.")
    page = body(client, f"/events/{scene.demotion.pk}/")
    assert "Reading 21." in page
    assert "Reading 1." not in page
    link = re.search(r'href="(\?before=\d+)#revisions"', page)
    assert link
    assert "Reading 1." in body(client, f"/events/{scene.demotion.pk}/{link[1]}")


def test_a_case_with_many_members_is_paged(client: Client, scene: Scene) -> None:
    rich = fill(scene)
    pages = [body(client, f"/cases/{rich.case.pk}/?page={number}") for number in (1, 2)]
    shown = [set(re.findall(r'id="event-(\d+)"', page)) for page in pages]
    assert len(shown[0] | shown[1]) == MEMBERS
    assert not shown[0] & shown[1]
    assert f"bears on {MEMBERS} subjects" in pages[0]


def test_a_chinese_page_calls_people_and_organizations_by_their_chinese_names(
    client: Client, scene: Scene
) -> None:
    chinese = {"Accept-Language": "zh-CN"}
    parent = client.get(f"/organizations/{scene.parent.pk}/", headers=chinese).content.decode()
    assert ">北湖云</a>" in parent
    assert ">范霍滕</a>" in parent
    person = client.get(f"/people/{scene.person.pk}/", headers=chinese).content.decode()
    assert re.search(r"<h1>范霍滕 <span[^>]*>Ilse van Houten</span></h1>", person)
    assert ">范霍滕</a>" not in body(client, f"/organizations/{scene.parent.pk}/")


def test_home_tells_what_is_tracked_by_kind(client: Client, scene: Scene) -> None:
    page = body(client, "/")
    assert 'href="/events/?kind=discipline"' in page
    assert 'href="/events/?kind=sanction"' not in page


def test_pages_of_the_record_work_while_there_is_no_cache(
    client: Client, scene: Scene, settings: Any
) -> None:
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    assert "What is tracked" in body(client, "/")


def test_people_and_organizations_have_a_picture_that_their_pages_name(client: Client, scene: Scene) -> None:
    for address in (f"/people/{scene.person.pk}/", f"/organizations/{scene.cloud.pk}/"):
        assert f'property="og:image" content="http://testserver{address}card.png"' in body(
            client, address
        ).replace(settings.SITE_URL, "http://testserver")
        picture = client.get(f"{address}card.png")
        assert picture.content.startswith(b"\x89PNG")
    assert client.get("/people/999/card.png").status_code == 404


def test_titles_say_first_that_something_is_only_alleged(client: Client, scene: Scene) -> None:
    page = body(client, f"/events/{scene.allegation.pk}/")
    assert re.search(r"<title>Alleged: ", page)
    assert re.search(r'<meta property="og:title" content="Alleged: ', page)
    assert '"name": "Alleged: ' in page


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        ("kind=discipline&min_severity=3", 3), ("kind=discipline&date_after=2025-01-01", 1),
        ("status=planned", 1), ("", 3),
    ],
)  # fmt: skip
def test_a_narrowed_page_leads_to_the_same_events_as_json_and_as_feeds_where_they_can_be_so(
    client: Client, scene: Scene, query: str, forms: int
) -> None:
    page = body(client, f"/events/?{query}")
    links = re.findall(r'class="quiet" href="([^"]+)"', page)
    assert len(links) == forms
    for link in links:
        assert client.get(unescape(link)).status_code == 200, link


def test_an_empty_record_has_pages_that_say_so(client: Client, db: None) -> None:
    for address in ("/", "/changes/"):
        assert "Nothing is published yet." in body(client, address), address
    for address in ("/events/", "/search/", "/about/"):
        body(client, address)
