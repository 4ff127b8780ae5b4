"""What a question finds, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection

from events.choices import Kind, PartyType, Role, Status
from events.models.organizations import Organization, OrganizationName
from events.models.people import Executive, ExecutiveName
from events.models.record import Revision
from events.record import publishing
from events.record.draft import Draft, DraftEvidence, DraftOrganization, DraftParty
from events.searching import hits
from events.searching.hits import EVENT
from events.searching.questions import parse
from events.searching.results import Found, search
from events.timelines.entries import entries
from events.timelines.keyset import BadCursor
from events.timelines.spellings import EXECUTIVE, ORGANIZATION
from tests import scenes
from tests.timelines.conftest import Record, record

__all__ = ["record"]

CHINESE = "云杉科技纪律委员会决定，对云杉云首席执行官韩立业予以降职处理，由22A降至21A，并给予严重警告。"


@pytest.fixture
def spruce(record: Record) -> Revision:
    """Han Liye (韩立业), CEO of Spruce Cloud (云杉云), demoted; the source is Chinese."""
    cloud = scenes.unit("Spruce Cloud", record.parent)
    OrganizationName.objects.create(organization=cloud, name="云杉云", language="zh-Hans", type="native")
    person = scenes.executive("Han Liye")
    ExecutiveName.objects.create(executive=person, name="韩立业", language="zh-Hans", type="native")
    source = scenes.document(CHINESE, language="zh")
    return publishing.publish(scenes.demotion(person, cloud, source), record.author)


def places(found: Found) -> list[tuple[str, int]]:
    return [(row.body["type"], row.body["id"]) for row in found.results]


def events(found: Found) -> list[int]:
    return [row.body["id"] for row in found.results if row.body["type"] == EVENT]


def marked(found: Found, field: str) -> list[str]:
    """The words that the first result's highlight of a field points at."""
    rows = [row for row in found.results[0].body["highlights"] if row["field"] == field]
    return [rows[0]["text"][start:end] for start, end in rows[0]["spans"]]


@pytest.mark.parametrize(
    "text",
    [
        "降职", "韩立业", "云杉云", "严重警告", "韩", "予以降职", "22A", "韩立业 降职", "Han Liye", "liye demoted", "demotions",
        "Spruce", '"Spruce Cloud"', "纪律委员会", "韓立業", "han li ye", "Spruce Cloud's", "云杉云 demotion", "severe" and "21a",
    ],
)  # fmt: skip
def test_words_of_either_language_and_names_in_any_script_find_the_event(spruce: Revision, text: str) -> None:
    assert spruce.event_id in events(search(text))


@pytest.mark.parametrize(
    "text",
    [
        "立韩",
        "警告予以",
        "业韩立",
        '"Cloud Spruce"',
        "spruce -demoted",
        "demoted -韩立业",
        "Spruce Zebra",
        '-"Spruce Cloud"',
        "the",
        "!!",
        "安",
    ],
)
def test_words_in_another_order_excluded_or_unknown_do_not_find_it(spruce: Revision, text: str) -> None:
    assert spruce.event_id not in events(search(text))


def test_a_name_finds_the_person_before_the_events_that_name_them(record: Record) -> None:
    found = search("伊尔莎")

    assert places(found)[0] == (EXECUTIVE, record.person.pk)
    assert (EVENT, record.revision.event_id) in places(found)
    assert found.results[0].body["name"] == "Ilse van Houten"
    assert found.results[0].body["matched"] == "伊尔莎"


@pytest.mark.parametrize("text", ["Ilse van Houtten", "Van Houtten", "Isle van Houten"])
def test_a_typo_finds_the_person_and_suggests_the_name(record: Record, text: str) -> None:
    found = search(text)

    assert (EXECUTIVE, record.person.pk) in places(found)
    assert found.suggestions == ["Ilse van Houten"]


def test_what_finds_nothing_suggests_the_nearest_names(record: Record) -> None:
    found = search("Northlake Cloude division")

    assert found.results == []
    assert "Northlake Cloud" in found.suggestions


def test_a_name_that_the_payload_does_not_have_finds_the_event_by_the_persons_other_names(
    record: Record,
) -> None:
    ExecutiveName.objects.create(executive=record.person, name="Ilse Vanderhout")

    assert record.revision.event_id in events(search("Ilse Vanderhout"))


def test_a_retracted_event_is_not_found(record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author)

    assert events(search("demoted")) == []
    assert search("demoted").facets["type"][EVENT] == 0


def test_an_unreviewed_candidate_is_not_found(record: Record) -> None:
    scenes.candidate(scenes.document("Ilse van Houten was accused of wombat smuggling."))

    assert search("wombat").results == []


def test_someone_who_was_merged_is_found_as_the_one_they_were_merged_into(record: Record) -> None:
    other = scenes.executive("Ilsa Vandenberg")
    Executive.objects.filter(pk=other.pk).update(merged_into=record.person)

    assert places(search("Vandenberg")) == [(EXECUTIVE, record.person.pk)]


def test_a_correction_is_found_by_its_new_words_and_no_more_by_the_old(record: Record) -> None:
    details = record.revision.payload["details"]
    for ground, old in (("embezzlement", "forgery"), ("negligence", "embezzlement")):
        publishing.amend(
            record.revision.event_id, {"details": {**details, "grounds": [ground]}}, record.author
        )

        assert events(search(ground)) == [record.revision.event_id]
        assert events(search(old)) == []


def test_words_of_the_sentence_weigh_more_than_words_of_a_quote(record: Record) -> None:
    quoted = scenes.document("Spruce resin prices were the talk of the day when Per Nyberg became chair.")
    publishing.publish(
        scenes.appointment(
            scenes.executive("Per Nyberg"), record.organization, quoted, day="2025-11-01", title="Chair"
        ),
        record.author,
    )
    spruce = scenes.unit("Spruce", record.parent)
    said = publishing.publish(
        scenes.appointment(record.person, spruce, record.source, day="2020-01-01", title="Chair"),
        record.author,
    )

    assert events(search("spruce"))[0] == said.event_id


def test_events_that_fit_alike_come_newest_first(record: Record) -> None:
    days = ["2021-05-01", "2024-05-01", "2022-05-01"]
    made = {day: record.publish(day, title="Chair").event_id for day in days}

    assert events(search("chair")) == [made[day] for day in sorted(days, reverse=True)]


@pytest.fixture
def chairs(record: Record, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Twelve events with one word, the newest first, among them one with another; four answers are ranked."""
    made = [record.publish(f"2021-{month:02}-01", title="Chair").event_id for month in range(1, 13)]
    record.publish("2021-06-15", title="Treasurer")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE events_event")
    monkeypatch.setattr(hits, "MAX_RANKED", 4)
    return made[::-1]


@pytest.mark.parametrize(("word", "is_collected"), [("chair", False), ("treasurer", True)])
def test_answers_are_collected_where_they_are_few_of_all_events(
    chairs: list[int], word: str, is_collected: bool
) -> None:
    query = parse(word).query()

    assert hits._is_sooner_collected(entries().filter(search=query)) is is_collected


@pytest.mark.parametrize("is_collected", [True, False])
def test_the_newest_answers_are_ranked_collected_or_not(
    chairs: list[int], monkeypatch: pytest.MonkeyPatch, is_collected: bool
) -> None:
    monkeypatch.setattr(hits, "_is_sooner_collected", lambda found: is_collected)

    assert events(search("chair")) == chairs[:4]


def test_filters_narrow_the_events_and_types_the_results(record: Record) -> None:
    chair = record.publish("2024-02-01", title="Chair").event_id

    narrowed = search("Houten", rows=entries().filter(kind="leadership"), named=False)
    only_people = search("Houten", types=[EXECUTIVE])

    assert places(narrowed) == [(EVENT, chair)]
    assert places(only_people) == [(EXECUTIVE, record.person.pk)]
    assert only_people.facets["type"] == {EXECUTIVE: 1, ORGANIZATION: 0, EVENT: 2}
    assert only_people.facets["kind"] == {"discipline": 1, "leadership": 1}


def test_pages_go_forth_and_back_over_every_hit_once_also_when_events_come_in_between(record: Record) -> None:
    for month in range(1, 8):
        record.publish(f"2023-0{month}-01", title=f"Chair {month}")
    everything = places(search("Houten"))

    page = search("Houten", size=3)
    seen = places(page)
    record.publish("2025-12-31", title="Latest")
    while page.next:
        page = search("Houten", size=3, cursor=page.next)
        seen += places(page)
    assert seen == everything
    back: list[tuple[str, int]] = []
    while page.previous:
        page = search("Houten", size=3, cursor=page.previous)
        back = places(page) + back
    assert [place for place in back if place in everything] == everything[: len(back) - 1]


def test_a_cursor_of_another_list_is_refused(record: Record) -> None:
    with pytest.raises(BadCursor):
        search("Houten", cursor="WyJ4IiwwXQ")


def test_highlights_point_at_the_words_as_they_stand_in_the_text(record: Record) -> None:
    found = search('demotions "northlake cloud" 22a', named=False)

    assert marked(found, "/summary") == ["Northlake Cloud", "demoted", "22A"]
    assert marked(found, "/evidence/0/quote") == ["Northlake Cloud", "demoted", "22A"]


def test_highlights_of_chinese_point_at_the_run(spruce: Revision) -> None:
    found = search("降职处理 韩立业", named=False)

    assert marked(found, "/evidence/0/quote") == ["韩立业", "降职处理"]
    assert marked(found, "/summary_zh") == ["韩立业"]


def test_highlights_count_code_points_past_those_that_other_languages_count_twice(record: Record) -> None:
    source = scenes.document("😀😀 Ilse van Houten’s élan: she was demoted.")
    draft = scenes.demotion(
        scenes.executive("Per Nyberg"), record.organization, source, start="21A", end="21B", levels=1
    )
    publishing.publish(draft, record.author)

    assert marked(search("elan"), "/evidence/0/quote") == ["élan"]


def test_a_stop_word_is_not_highlighted(record: Record) -> None:
    assert "was" not in marked(search("was demoted", named=False), "/summary")


def test_an_organization_is_found_by_part_of_its_name(record: Record) -> None:
    found = search("northlake", types=[ORGANIZATION])

    assert {row.body["name"] for row in found.results} == {"Northlake Cloud", "Northlake Devices"}
    assert marked(found, "/matched") == ["Northlake"]


def test_grounds_case_titles_and_positions_are_found(record: Record) -> None:
    draft = Draft(
        kind=Kind.CONTROVERSY,
        action="allegation",
        subject=DraftParty(Role.SUBJECT, PartyType.ORGANIZATION, "Northlake Cloud", record.organization.pk),
        organization=DraftOrganization(record.parent.name, record.parent.pk),
        assertion=Status.ALLEGED,
        grounds=("falsified ledgers",),
        evidence=(DraftEvidence(record.source.id, "", 0, 10, record.source.text[:10]),),
    )
    made = publishing.publish(replace(draft), record.author)

    assert events(search("falsifying ledger")) == [made.event_id]
    assert marked(search("falsifying ledger"), "/details/grounds/0") == ["falsified", "ledgers"]
    assert Organization.objects.filter(pk=record.parent.pk).exists()
