"""The OpenAPI schema: who may call, and the problem that any operation may answer with."""

from __future__ import annotations

from typing import Any, Literal

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

from api import fields
from api.permissions import is_public
from api.problems import CONTENT_TYPE
from api.serializers.problems import Problem


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """API keys, in either header."""

    target_class = "api.authentication.ApiKeyAuthentication"
    name = ["bearerKey", "headerKey"]  # noqa: RUF012 - as the base class has it

    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        """One of the two is enough."""
        return [{"bearerKey": []}, {"headerKey": []}]

    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, Any]]:
        """The two ways to send a key."""
        return [
            {"type": "http", "scheme": "bearer", "description": "An API key: `Authorization: Bearer gt_...`"},
            {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key"},
        ]


class Schema(AutoSchema):
    """drf-spectacular's schema of a view, with our permissions and errors."""

    def get_auth(self) -> list[dict[str, Any]]:
        """Reading needs no credentials, unless a setting says otherwise."""
        auth: list[dict[str, Any]] = super().get_auth()
        return [*auth, {}] if is_public(self.view) else auth

    def get_override_parameters(self) -> list[Any]:
        """The parameters that every operation of a kind has: `fields` where answers can be sparse."""
        return [fields.PARAMETER] if getattr(self.view, "shape", None) else []

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        problem = self._get_response_for_code(Problem, "default", [CONTENT_TYPE])  # type: ignore[no-untyped-call]
        return {**bodies, "default": problem | {"description": "A problem (RFC 9457)"}}
