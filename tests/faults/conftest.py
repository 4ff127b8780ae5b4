"""The mail server of the tests of sending."""

from tests.alerts.conftest import server

__all__ = ["server"]
