"""A ladder as CSV over the API."""

from __future__ import annotations

from events.record.ladder_csv import read_ladders
from events.record.ladder_versions import sheet_of
from tests.api.conftest import Caller, Record


def test_a_ladder_is_given_as_a_file_that_can_be_imported(api: Caller, record: Record) -> None:
    response = api.get(f"/api/v1/ladders/{record.ladder.pk}/csv/")

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == f'attachment; filename="ladder-{record.ladder.pk}.csv"'
    [sheet] = read_ladders(response.content)
    assert (sheet.organization, sheet.labels) == ("Northlake Devices", sheet_of(record.ladder).labels)


def test_a_ladder_that_is_not_there_is_a_problem(api: Caller, record: Record) -> None:
    api.read("ladders/999999999/csv/", 404)
    assert api.refused(f"ladders/{record.ladder.pk}/csv/", rank="1") == {"rank"}
