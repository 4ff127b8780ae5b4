"""The domain's Django app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Registers the domain's models and system checks."""

    name = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the system checks, and the receiver of new revisions."""
        from events import checks, nudges  # noqa: F401
