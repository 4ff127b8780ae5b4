"""A caller of the API, and a record to read."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from api import tickets
from tests.timelines.conftest import Record, record

__all__ = ["Record", "record"]


class Caller(APIClient):
    """A caller who expects answers of a status and reads their JSON."""

    def read(self, path: str, status: int = 200, /, **parameters: Any) -> Any:
        """The JSON of an answer to GET `/api/v1/PATH`, which must have that status."""
        response = self.get(f"/api/v1/{path}", parameters)
        assert response.status_code == status, response.content[:500]
        kind = "application/json" if status == 200 else "application/problem+json"
        assert response.headers["Content-Type"] == kind
        return response.json()

    def refused(self, path: str, /, **parameters: Any) -> set[str]:
        """The parameters that a 400 blames."""
        problem = self.read(path, 400, **parameters)
        return {error["parameter"] for error in problem["errors"]}


@pytest.fixture
def api(db: None, clean_cache: None) -> Caller:
    """An anonymous caller, of whom nothing is counted yet."""
    tickets.forget()
    return Caller()
