"""The search page: what is found, what is marked, what narrows it."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client

from events.models.people import ExecutiveName
from events.record import publishing
from tests import scenes
from tests.web.conftest import Scene, allegation

HOSTILE = "<script>alert('x')</script> \"&"


def page(client: Client, query: str, **parameters: str) -> str:
    response = client.get("/search/", {"q": query, **parameters})
    assert response.status_code == 200
    return response.content.decode()


def marked(text: str) -> list[str]:
    return [html.unescape(word) for word in re.findall(r"<mark>(.*?)</mark>", text)]


def links(text: str, kind: str) -> list[str]:
    return [html.unescape(url) for url in re.findall(rf'<a class="{kind}" href="([^"]*)"', text)]


@pytest.mark.parametrize("query", ["demotion", "降级", "22A", '"three levels"', "Northlake demoted"])
def test_words_in_either_language_find_the_event_and_are_marked(
    client: Client, scene: Scene, query: str
) -> None:
    found = page(client, query)

    assert f'href="/events/{scene.demotion.pk}/"' in found
    assert set(marked(found)) <= {"demoted", "22A", "three levels", "Northlake", "Northlake Cloud"}
    assert marked(found) or query == "降级"


def test_words_are_marked_in_the_sentence_of_the_readers_language(client: Client, scene: Scene) -> None:
    client.cookies["django_language"] = "zh-hans"

    assert "范霍滕" in marked(page(client, "范霍滕"))


def test_a_typo_finds_the_person_and_asks_whether_the_name_was_meant(client: Client, scene: Scene) -> None:
    found = page(client, "Ilse van Houtten")

    assert f'href="/people/{scene.person.pk}/"' in found
    assert "Did you mean" in found
    assert 'href="?q=Ilse+van+Houten"' in found


def test_nothing_found_says_so_and_offers_the_nearest_names(client: Client, scene: Scene) -> None:
    found = page(client, "Northlake Cloude unit")

    assert "Nothing in the record matches" in found
    assert 'href="?q=Northlake+Cloud"' in found


def test_facets_lead_to_fewer_results_and_back(client: Client, scene: Scene) -> None:
    publishing.publish(
        scenes.appointment(scene.person, scene.cloud, scene.source, day="2024-02-01", title="Chair"),
        scene.author,
    )
    everything = page(client, "Houten")

    assert links(everything, "facet") == [
        "?q=Houten", "?q=Houten&type=executive", "?q=Houten&type=event", "?q=Houten&kind=discipline",
        "?q=Houten&kind=leadership",
    ]  # fmt: skip
    people = page(client, "Houten", type="executive")
    assert f'href="/people/{scene.person.pk}/"' in people
    assert f'href="/events/{scene.demotion.pk}/"' not in people
    discipline = page(client, "Houten", kind="discipline")
    assert f'href="/events/{scene.demotion.pk}/"' in discipline
    assert "Chair" not in discipline


def test_results_go_on_where_the_page_ends(client: Client, scene: Scene) -> None:
    for number in range(25):
        draft = scenes.appointment(
            scene.person, scene.cloud, scene.source, day=f"20{number:02}-02-01", title=f"Chair {number}"
        )
        publishing.publish(draft, scene.author)
    first = page(client, "Chair")

    (following,) = re.findall(r'rel="next" href="([^"]*)"', first)
    second = client.get(f"/search/{html.unescape(following)}").content.decode()
    shown = [re.findall(r'href="/events/(\d+)/"', text) for text in (first, second)]
    assert (len(shown[0]), len(shown[1])) == (20, 5)
    assert not set(shown[0]) & set(shown[1])
    assert "Back to the best results" in second


def test_names_and_quotes_from_outside_are_escaped_and_still_marked(client: Client, scene: Scene) -> None:
    ExecutiveName.objects.create(executive=scene.person, name=f"{HOSTILE} Wombat")
    source = scenes.document(
        f"{HOSTILE} wombat was alleged.", title=HOSTILE, url=f"https://x.example/{HOSTILE}"
    )
    publishing.publish(allegation(source, f"{HOSTILE} Wombat"), scene.author)

    found = page(client, "wombat")

    assert HOSTILE not in found
    assert "<script>alert" not in found
    assert set(marked(found)) == {"Wombat", "wombat"}
    assert "&lt;script&gt;" in found


@pytest.mark.parametrize(
    "parameters", [{"type": "planet"}, {"kind": "sport"}, {"cursor": "nonsense"}, {"type": "\x00"}]
)
def test_an_address_that_was_changed_by_hand_is_no_crash(
    client: Client, scene: Scene, parameters: dict[str, str]
) -> None:
    assert f'href="/events/{scene.demotion.pk}/"' in page(client, "demoted", **parameters)


def test_what_is_alleged_says_so_among_the_results(client: Client, scene: Scene) -> None:
    found = page(client, "Heron")

    assert "mark-alleged" in found
    assert "is-alleged" in found
