"""The application as gunicorn serves it, but a reader who takes nothing is cut off after a second."""

from importlib import import_module

from tracker.wsgi import application

__all__ = ["application"]

# By name: it can be imported only after the application has set Django up.
import_module("api.views.exports").SEND_SECONDS = 1  # type: ignore[attr-defined]
