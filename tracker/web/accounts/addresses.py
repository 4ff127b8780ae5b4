"""A user has one address: that of the user's row.

allauth notes addresses in a table of its own and would send a link for a new password to any of them, also to one
that an administrator has since replaced.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from django.db.models.signals import post_save
from django.dispatch import receiver

from events.models.access import User


@receiver(post_save, sender=User)
def forget_earlier_addresses(
    instance: User, created: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Takes away what allauth noted of a user but the address that the user has now."""
    if created or (update_fields is not None and "email" not in update_fields):
        return
    EmailAddress.objects.filter(user=instance).exclude(email__iexact=instance.email).delete()
