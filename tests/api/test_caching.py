"""Validators, what caches may keep, compression, and edits that name the state that they were made on."""

from __future__ import annotations

import gzip

import pytest
from django.test import RequestFactory
from rest_framework.request import Request

from api.preconditions import PreconditionFailed, PreconditionRequired, etag_of, require_match
from events.record import publishing
from tests.api.conftest import Caller, Record

PATHS = ["events/", "changes/", "executives/", "executives/{person}/", "executives/{person}/timeline/",
         "events/{event}/", "events/{event}/revisions/", "organizations/{organization}/chart/"]  # fmt: skip


def address(path: str, record: Record) -> str:
    """The path with the record's ids."""
    ids = {
        "person": record.person.pk,
        "event": record.revision.event_id,
        "organization": record.organization.pk,
    }
    return f"/api/v1/{path.format(**ids)}"


@pytest.mark.parametrize("path", PATHS)
def test_what_a_caller_has_already_is_not_sent_again_compressed_or_not(
    api: Caller, record: Record, path: str
) -> None:
    for accepts in ({}, {"accept-encoding": "gzip"}):
        etag = api.get(address(path, record), headers=accepts).headers["ETag"]
        again = api.get(address(path, record), headers=accepts | {"if-none-match": etag})
        assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", ["changes/", "events/", "executives/{person}/timeline/"])
def test_a_list_has_another_etag_when_something_was_published(api: Caller, record: Record, path: str) -> None:
    before = api.get(address(path, record)).headers["ETag"]
    record.publish("2024-01-01")

    after = api.get(address(path, record), headers={"if-none-match": before})

    assert after.status_code == 200
    assert after.headers["ETag"] != before


def test_two_pages_of_changes_never_have_one_etag(api: Caller, record: Record) -> None:
    publishing.retract(record.revision.event_id, record.author)
    seq = record.revision.seq
    queries = [
        "",
        "?page_size=1",
        f"?cursor={seq}",
        f"?cursor={seq + 1}",
        f"?cursor={seq + 2}",
        "?page_size=2",
    ]

    etags = [api.get(f"/api/v1/changes/{query}").headers["ETag"] for query in queries]

    assert len(set(etags)) == len(queries)


def test_caches_may_keep_what_is_public_if_they_ask_before_they_use_it(api: Caller, record: Record) -> None:
    for path in PATHS:
        assert api.get(address(path, record)).headers["Cache-Control"] == "public, no-cache"


def test_answers_are_compressed_for_who_can_read_it(api: Caller, record: Record) -> None:
    plain = api.get(address("events/", record))
    packed = api.get(address("events/", record), headers={"accept-encoding": "gzip"})

    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed.headers["ETag"] == f"W/{plain.headers['ETag']}"
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_pages_are_not_compressed_beside_a_readers_secrets(api: Caller, record: Record) -> None:
    page = api.get(f"/people/{record.person.pk}/", headers={"accept-encoding": "gzip"})

    assert page.status_code == 200
    assert "Content-Encoding" not in page.headers


def edit(**headers: str) -> Request:
    """A request to change something."""
    return Request(RequestFactory().patch("/", headers=headers))


ETAG = etag_of(b"review", b"4")


@pytest.mark.parametrize("sent", [ETAG, "*", f'"other", {ETAG}'])
def test_an_edit_of_the_state_that_is_there_passes(sent: str) -> None:
    require_match(edit(if_match=sent), ETAG)


@pytest.mark.parametrize("sent", ['"other"', f"W/{ETAG}", ETAG.strip('"'), "nonsense"])
def test_an_edit_of_another_state_is_refused(sent: str) -> None:
    with pytest.raises(PreconditionFailed) as refused:
        require_match(edit(if_match=sent), ETAG)
    assert refused.value.status_code == 412


def test_an_edit_that_names_no_state_is_asked_for_it() -> None:
    with pytest.raises(PreconditionRequired) as refused:
        require_match(edit(), ETAG)
    assert refused.value.status_code == 428


def test_etags_differ_where_any_part_does() -> None:
    assert len({etag_of(b"ab", b"c"), etag_of(b"a", b"bc"), etag_of(b"abc"), etag_of(b"abc", b"")}) == 4
