"""The API's Django app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """The REST API; it has no models."""

    name = "api"
