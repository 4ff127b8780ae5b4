"""Django's PostgreSQL backend on the embedded server: the engine ``tracker.local.backend``."""
