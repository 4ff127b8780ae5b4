"""Organizations, their names and identifiers, and their dated place in one another."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from events.choices import NameType, OrganizationType
from events.models.base import (
    Created,
    Name,
    Period,
    date_field,
    days_range,
    int_range,
    one_of,
    partial_date_check,
    precision_field,
)


class Organization(Created):
    """A company, division, unit, team, committee, regulator or exchange."""

    name = models.CharField(max_length=300, help_text="The name shown; other names stand beside it")
    type = models.CharField(
        max_length=12, choices=OrganizationType.pairs(), default=OrganizationType.COMPANY.value
    )
    country = models.CharField(max_length=2, blank=True, default="", help_text="ISO 3166-1 alpha-2")
    founded = date_field()
    founded_precision = precision_field()
    dissolved = date_field()
    dissolved_precision = precision_field()
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from", editable=False
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["name", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            partial_date_check("founded"),
            partial_date_check("dissolved"),
            one_of("type", OrganizationType.pairs()),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keeps the shown name among the names that are searched."""
        super().save(*args, **kwargs)
        keep_primary_name(OrganizationName.objects.filter(organization=self), self.name, organization=self)


class OrganizationName(Name):
    """One of an organization's names: short, former, in another script."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="names")

    class Meta(Name.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["organization", "name"], name="organizationname_once"),
        ]


class OrganizationIdentifier(models.Model):
    """An identifier in a public scheme: wikidata, lei, cik, isin, ticker, uscc."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="identifiers")
    scheme = models.CharField(max_length=20)
    value = models.CharField(max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["scheme", "value"], name="organizationidentifier_once"),
        ]

    def __str__(self) -> str:
        return f"{self.scheme}:{self.value}"


class OrganizationParent(Period):
    """That `child` was part of `parent` over a period.

    Without an event it is a register entry that a curator made; with one it follows from the record and is
    rebuilt with it. Which of them counts on a day is decided in `events.record.places`: from the day of an event on
    the record beats the register.
    """

    child = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="parents")
    parent = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.PROTECT, related_name="children",
        help_text="Empty: by the event it was part of nothing then",
    )  # fmt: skip
    event = models.ForeignKey(
        "events.Event", null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Period.Meta.constraints,
            models.CheckConstraint(condition=~Q(child=F("parent")), name="organizationparent_not_itself"),
            models.CheckConstraint(
                condition=Q(parent__isnull=False) | Q(event__isnull=False),
                name="organizationparent_register_names_parent",
            ),
            ExclusionConstraint(
                name="organizationparent_one_at_a_time",
                expressions=[(int_range("child"), "&&"), (days_range(), "&&")],
                condition=Q(event__isnull=True),
            ),
            ExclusionConstraint(
                name="organizationparent_one_by_event",
                expressions=[(int_range("child"), "&&"), (days_range(), "&&")],
                condition=Q(event__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child} in {self.parent}"


def keep_primary_name(names: models.QuerySet[Any], name: str, **owner: models.Model) -> None:
    """Makes `name` the one primary name among `names`; the former primary name stays as an alias."""
    names.filter(type=NameType.PRIMARY.value).exclude(name=name).update(type=NameType.ALIAS.value)
    row = names.filter(name=name).first() or names.model(name=name, **owner)
    if row.type != NameType.PRIMARY.value or not row.pk:
        row.type = NameType.PRIMARY.value
        row.save()
