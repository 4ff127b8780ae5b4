"""Executives, their names and identifiers, and the positions that they held."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from events.models.base import Created, Name, Period
from events.models.organizations import Organization, keep_primary_name


class Executive(Created):
    """A person of the record, under the name that is shown."""

    name = models.CharField(
        max_length=300, help_text="The name shown; other spellings and scripts stand beside it"
    )
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from", editable=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the shown name among the names that are searched."""
        super().save(*args, **kwargs)
        keep_primary_name(ExecutiveName.objects.filter(executive=self), self.name, executive=self)


class ExecutiveName(Name):
    """One of a person's names: a spelling, a script, a nickname, a former name."""

    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="names")

    class Meta(Name.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["executive", "name"], name="executivename_once"),
        ]


class ExecutiveIdentifier(models.Model):
    """An identifier in a public scheme, such as wikidata."""

    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scheme", "value"], name="executiveidentifier_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class Position(Period):
    """A title held at an organization over a period.

    Without an event it is a register entry that a curator made; with one it follows from the record and is
    rebuilt with it.
    """

    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="positions")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="positions")
    title = models.CharField(max_length=300)
    interim = models.BooleanField(default=False)
    event = models.ForeignKey(
        "events.Event", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [*Period.Meta.constraints]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["executive", "start"], name="position_executive"),
            models.Index(fields=["organization", "start"], name="position_organization"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.organization}"
