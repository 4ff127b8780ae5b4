"""Two curators with keys, a severe and a mild candidate, and the means to ask for all that the API's part offers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from rest_framework.test import APIClient

from events import curation
from events.models.access import ApiKey, User
from events.models.candidates import Candidate
from events.models.people import Executive
from events.models.record import Event, Revision
from events.models.sources import Document
from tests import scenes

JSON = dict[str, Any]
MILD: JSON = {"action": "warning", "penalties": [{"type": "warning", "degree": "minor"}]}


class Keyed(APIClient):
    """A caller with a key, who expects answers of a status and reads their JSON."""

    def __init__(self, user: User, *scopes: str) -> None:
        super().__init__()
        self.user = user
        _, self.key = ApiKey.issue(user, "a key", list(scopes or ("review",)))
        self.credentials(HTTP_AUTHORIZATION=f"Bearer {self.key}")

    def call(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:
        """The JSON of an answer of that status, None where it has none."""
        response = self.generic(
            method,
            f"/api/v1/review/{path}",
            "" if body is None else json.dumps(body),
            content_type="application/json",
            headers={name.replace("_", "-"): value for name, value in headers.items()},
        )
        assert response.status_code == status, (response.status_code, response.content[:800])
        assert response.headers["Cache-Control"] == "no-store, private"
        kind = "application/json" if status < 400 else "application/problem+json"
        assert status == 204 or response.headers["Content-Type"] == kind
        self.seen = response
        return response.json() if response.content else None

    def read(self, path: str, status: int = 200) -> Any:
        """The answer to GET."""
        return self.call("GET", path, status=status)

    def post(self, path: str, body: Any = None, status: int = 200, **headers: str) -> Any:  # type: ignore[override]
        """The answer to POST."""
        return self.call("POST", path, body, status, **headers)

    def pointers(self, method: str, path: str, body: Any, status: int, **headers: str) -> list[str]:
        """The pointers that a refusal blames."""
        return [e["pointer"] for e in self.call(method, path, body, status, **headers)["errors"]]


@dataclass
class Desk:
    """Who curates, and what there is to curate."""

    first: Keyed
    second: Keyed
    person: Executive
    source: Document
    severe: Candidate
    mild: Candidate

    def published(self, candidate: Candidate | None = None) -> Event:
        """The event of a candidate, published by both curators."""
        candidate = candidate or self.severe
        row = curation.accept(candidate.pk, self.first.user)
        if row.state == "awaiting_approval":
            row = curation.approve(candidate.pk, self.second.user)
        assert row.event is not None
        return Event.objects.get(pk=row.event.pk)

    def claim(self, **fields: Any) -> JSON:
        """A claim of the article."""
        return scenes.claim(self.source.text, **fields)


@pytest.fixture
def desk(db: None, clean_cache: None) -> Desk:
    """Ilse van Houten, demoted and warned in one article; nothing is published yet."""
    parent = scenes.company()
    scenes.unit("Northlake Cloud", parent)
    scenes.ladder(parent)
    person = scenes.executive()
    source = scenes.document(scenes.DEMOTION_TEXT)
    severe = scenes.candidate(source)
    mild = scenes.candidate(source, scenes.claim(source.text, **MILD))
    return Desk(Keyed(scenes.curator()), Keyed(scenes.curator()), person, source, severe, mild)


def revisions() -> int:
    """How many revisions there are."""
    return Revision.objects.count()
