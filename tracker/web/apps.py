"""The HTML faces' Django app: templates, static files, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Public pages, subscriber pages and the desk; it has no models."""

    name = "tracker.web"
    label = "web"
