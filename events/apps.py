"""The domain's Django app."""

from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Registers the domain's models and system checks."""

    name = "events"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Registers the system checks, and the receivers of new revisions and of migrations."""
        from django.db.models.signals import post_migrate

        from events import checks, nudges, roles  # noqa: F401

        post_migrate.connect(roles.after_migration, sender=self)
