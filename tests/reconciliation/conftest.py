"""A client that asks as OpenRefine does: form-encoded JSON over HTTP, without cookies."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.http import urlencode

from tests.timelines.conftest import Record, record

__all__ = ["Record", "record"]

BASE = "/api/v1/reconcile/"
FORM = "application/x-www-form-urlencoded"


@dataclass
class Refine:
    """The client, which checks for the forgery of requests as a real server would."""

    client: Client

    def send(self, **fields: Any) -> HttpResponse:
        """The response to a POST of form fields; what is no text is sent as JSON."""
        texts = {name: v if isinstance(v, str) else json.dumps(v) for name, v in fields.items()}
        response: HttpResponse = self.client.post(BASE, urlencode(texts), content_type=FORM)  # type: ignore[assignment]
        return response

    def ask(self, **queries: Any) -> dict[str, Any]:
        """The answer to a batch; a text stands for a query of nothing else."""
        batch = {name: {"query": q} if isinstance(q, str) else q for name, q in queries.items()}
        response = self.send(queries=batch)
        assert response.status_code == 200, response.content[:500]
        assert response.headers["Content-Type"] == "application/json"
        answer: dict[str, Any] = json.loads(response.content)
        return answer

    def one(self, query: Any) -> list[dict[str, Any]]:
        """The candidates of one query."""
        found: list[dict[str, Any]] = self.ask(q0=query)["q0"]["result"]
        return found

    def extend(self, ids: list[str], *properties: str) -> dict[str, Any]:
        """The rows of an extension."""
        wanted = [{"id": name, "settings": {}} for name in properties]
        response = self.send(extend={"ids": ids, "properties": wanted})
        assert response.status_code == 200, response.content[:500]
        answer: dict[str, Any] = json.loads(response.content)
        return answer

    def get(self, path: str = "", status: int = 200, /, **parameters: Any) -> Any:
        """The JSON of an answer to GET."""
        response = self.client.get(BASE + path, parameters)
        assert response.status_code == status, response.content[:500]
        return response.json()

    def refused(self, **fields: Any) -> list[dict[str, str]]:
        """What a 400 blames."""
        response = self.send(**fields)
        assert response.status_code == 400, response.content[:500]
        assert response.headers["Content-Type"] == "application/problem+json"
        errors: list[dict[str, str]] = json.loads(response.content)["errors"]
        return errors


@pytest.fixture
def refine(db: None, clean_cache: None) -> Refine:
    """An OpenRefine."""
    return Refine(Client(enforce_csrf_checks=True))
