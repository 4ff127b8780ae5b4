"""Who may do what: users of the desk, and the keys of API consumers."""

from __future__ import annotations

import hashlib
import secrets

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.fields import ArrayField
from django.db import models

from events.models.base import Created

SCOPES = ("read", "export", "subscriptions", "webhooks", "review")
"""What a key may be used for; `review` also asks for the owner's permission to curate."""


class User(AbstractUser):
    """A person who signs in: curators are staff with the permission `events.curate`."""

    class Meta(AbstractUser.Meta):
        permissions = [  # noqa: RUF012 - typed by the parent
            ("curate", "Can review candidates and publish, correct and retract events"),
            ("override_four_eyes", "Can publish a severe event without a second curator"),
        ]


class ApiKey(Created):
    """A key of an API consumer. Only its SHA-256 is stored; the key itself is shown once, when made."""

    name = models.CharField(max_length=100)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_keys")
    prefix = models.CharField(max_length=12, unique=True, help_text="The key's beginning, to recognize it by")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(
        models.CharField(max_length=20),
        default=list,
        help_text="read, export, subscriptions, webhooks, review",
    )
    rate = models.PositiveIntegerField(
        null=True, blank=True, help_text="Requests a minute; empty is the rate of every key"
    )
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @staticmethod
    def hash(key: str) -> str:
        """SHA-256 of a key, in hexadecimal. A slow hash is not needed: the key has 256 random bits."""
        return hashlib.sha256(key.encode()).hexdigest()

    @classmethod
    def issue(cls, owner: User, name: str, scopes: list[str], key: str | None = None) -> tuple[ApiKey, str]:
        """A new key's row and the key itself, which cannot be read again later."""
        key = key or f"gt_{secrets.token_urlsafe(32)}"
        row = cls.objects.create(owner=owner, name=name, scopes=scopes, prefix=key[:10], digest=cls.hash(key))
        return row, key
