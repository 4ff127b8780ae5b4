"""What the site says of itself, and what machines read of its pages."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.test import Client, override_settings
from lxml import etree

from events.record import publishing
from tests import scenes
from tests.web.conftest import Scene
from tracker.web.public import cards

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def get(client: Client, path: str, status: int = 200, language: str = "en") -> str:
    """A page's text."""
    response = client.get(path, headers={"accept-language": language})
    assert response.status_code == status
    return response.content.decode()


def linked(page: str) -> dict[str, Any]:
    """The page's JSON-LD."""
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert len(found) == 1
    data: dict[str, Any] = json.loads(found[0])
    return data


@pytest.mark.parametrize("path", ["/about/", "/method/", "/corrections/", "/changes/"])
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_site_speaks_of_itself_in_both_languages(
    client: Client, db: None, path: str, language: str
) -> None:
    page = get(client, path, language=language)

    assert f'<html lang="{language}">' in page
    assert page.count("<h1") == 1


def test_what_changed_lists_every_revision_newest_first(client: Client, scene: Scene) -> None:
    draft = scenes.demotion(scene.person, scene.cloud, scene.source, end="21B", levels=4)
    publishing.revise(scene.demotion.pk, draft, scene.author, scene.approver, reason="misread")
    publishing.retract(scene.allegation.pk, scene.author, reason="not ours")

    page = get(client, "/changes/")

    assert re.findall(r'id="revision-(\d+)"', page) == ["4", "3", "2", "1"]
    assert "misread" in page
    assert "not ours" in page
    assert "<del>" in page


def test_earlier_changes_are_a_page_away(client: Client, scene: Scene) -> None:
    for day in range(1, 31):
        publishing.publish(
            scenes.appointment(scene.person, scene.cloud, scene.source, day=f"2024-01-{day:02}", title="CEO"),
            scene.author,
        )

    page = get(client, "/changes/")
    earlier = get(client, "/changes/?before=3")

    assert "?before=3" in page
    assert re.findall(r'id="revision-(\d+)"', earlier) == ["2", "1"]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 19, "１"])
def test_a_place_that_is_none_is_not_found(client: Client, db: None, before: str) -> None:
    get(client, f"/changes/?before={before}", 404)


@override_settings(SITE_URL="https://record.example.org")
def test_the_sitemap_leads_to_every_page_that_stands(client: Client, scene: Scene) -> None:
    publishing.retract(scene.allegation.pk, scene.author, reason="not ours")

    index = etree.fromstring(get(client, "/sitemap.xml").encode())
    files = [str(node.text) for node in index.iter(f"{SITEMAP}loc")]
    pages = [
        str(node.text)
        for file in files
        for node in etree.fromstring(
            get(client, file.removeprefix("https://record.example.org")).encode()
        ).iter(f"{SITEMAP}loc")
    ]

    assert all(address.startswith("https://record.example.org/") for address in files + pages)
    assert f"https://record.example.org/events/{scene.demotion.pk}/" in pages
    assert f"https://record.example.org/events/{scene.allegation.pk}/" not in pages
    assert f"https://record.example.org/people/{scene.person.pk}/" in pages
    for address in pages:
        get(client, address.removeprefix("https://record.example.org"))


def test_programs_are_told_what_is_not_for_them(client: Client, db: None) -> None:
    text = get(client, "/robots.txt")

    assert "Disallow: /desk/" in text
    assert "Disallow: /subscriptions/" in text
    assert "Sitemap: " in text


def test_a_persons_page_says_who_it_is_to_machines(client: Client, scene: Scene) -> None:
    data = linked(get(client, f"/people/{scene.person.pk}/"))

    assert (data["@type"], data["name"]) == ("Person", "Ilse van Houten")
    assert "范霍滕" in data["alternateName"]


def test_an_organizations_page_says_what_it_is_part_of(client: Client, scene: Scene) -> None:
    data = linked(get(client, f"/organizations/{scene.cloud.pk}/"))

    assert data["parentOrganization"]["name"] == "Northlake Devices"


def test_an_event_is_a_claim_with_where_it_appears(client: Client, scene: Scene) -> None:
    data = linked(get(client, f"/events/{scene.demotion.pk}/"))

    assert data["@type"] == "Claim"
    assert data["about"]["@type"] == "Person"
    assert [found["headline"] for found in data["appearance"]] == ["The penalties of October"]


def test_a_retracted_event_tells_machines_nothing(client: Client, scene: Scene) -> None:
    publishing.retract(scene.demotion.pk, scene.author, scene.approver, reason="not true")

    page = get(client, f"/events/{scene.demotion.pk}/")

    assert "ld+json" not in page
    assert "og:title" not in page
    assert 'content="noindex"' in page
    get(client, f"/events/{scene.demotion.pk}/card.png", 404)


def test_names_cannot_end_the_data_that_machines_read(client: Client, scene: Scene) -> None:
    person = scenes.executive("</script><script>alert(1)</script> & co")

    page = get(client, f"/people/{person.pk}/")

    assert "<script>alert" not in page
    assert linked(page)["name"] == "</script><script>alert(1)</script> & co"


def test_an_events_picture_is_a_png(client: Client, scene: Scene) -> None:
    response = client.get(f"/events/{scene.demotion.pk}/card.png")

    assert response.headers["Content-Type"] == "image/png"
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert f"/events/{scene.demotion.pk}/card.png" in get(client, f"/events/{scene.demotion.pk}/")


def test_a_long_sentence_is_broken_into_lines_and_cut() -> None:
    english = cards.wrap("word " * 80)
    chinese = cards.wrap("张" * 200)

    for lines in (english, chinese):
        assert len(lines) == cards.MAX_LINES
        assert lines[-1].endswith("…")
    assert all(len(line) <= cards.LINE // 2 for line in chinese[:-1])
    assert cards.wrap("Short.") == ["Short."]


def test_markup_in_a_sentence_stays_text_in_its_picture(client: Client, scene: Scene) -> None:
    person = scenes.executive('<image href="http://127.0.0.1/x"/>&')
    made = publishing.publish(
        scenes.appointment(person, scene.cloud, scene.source, day="2025-01-01", title="<b>CFO</b>"),
        scene.author,
    )

    assert client.get(f"/events/{made.event_id}/card.png").status_code == 200


def test_pages_lead_to_their_feeds(client: Client, scene: Scene) -> None:
    page = get(client, f"/people/{scene.person.pk}/")

    for address in re.findall(r'href="(/api/v1/feeds/[^"]+)"', page):
        get(client, address.replace("&amp;", "&"))
    assert f"/api/v1/feeds/events.atom?executive={scene.person.pk}" in page
    assert f"/api/v1/feeds/events.ics?executive={scene.person.pk}" in page
