"""Everyone who might ask: by session, and by key."""

from __future__ import annotations

from enum import Enum

from events import roles

PASSWORD = "not-a-secret-of-anyone"


class Person(Enum):
    """A role: (the user's name, staff, group, scopes of the key; no scopes is a session)."""

    ANONYMOUS = ("", False, "", None)
    PLAIN = ("plain", False, "", None)
    STAFF = ("staff", True, "", None)
    CURATOR = ("curator", True, roles.CURATOR, None)
    SENIOR = ("senior", True, roles.SENIOR, None)
    ADMINISTRATOR = ("administrator", True, roles.ADMINISTRATOR, None)
    ROOT = ("root", True, "", None)
    REVOKED = ("owner", False, "", ("read", "export", "subscriptions", "webhooks", "review"))
    NONE = ("owner", False, "", ())
    READ = ("owner", False, "", ("read",))
    EXPORT = ("owner", False, "", ("export",))
    SUBSCRIPTIONS = ("owner", False, "", ("subscriptions",))
    WEBHOOKS = ("owner", False, "", ("webhooks",))
    RIVAL = ("rival", False, "", ("subscriptions", "webhooks"))
    """Someone else with the same scopes as the owner."""
    REVIEW = ("curator", True, roles.CURATOR, ("review",))
    REVIEW_OF_PLAIN = ("plain", False, "", ("review",))
    """The scope without the owner's permission."""

    @property
    def user(self) -> str:
        """The user's name; empty is nobody."""
        return str(self.value[0])

    @property
    def staff(self) -> bool:
        """Whether the user is staff."""
        return bool(self.value[1])

    @property
    def role(self) -> str:
        """The user's group."""
        return str(self.value[2])

    @property
    def scopes(self) -> tuple[str, ...]:
        """The key's."""
        return tuple(self.value[3] or ())


SESSIONS = tuple(person for person in Person if person.value[3] is None)
KEYS = tuple(person for person in Person if person.value[3] is not None)
