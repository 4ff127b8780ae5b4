"""Parts that several models share: partial dates, dated periods, names with keys."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from events.choices import EndState, NameType, Precision
from events.dates import PartialDate
from events.names import keys, trigrams


def precision_field() -> models.CharField[str, str]:
    """How exact the date beside it is; empty where there is no date."""
    return models.CharField(max_length=5, choices=Precision.pairs(), blank=True, default="")


def date_field() -> models.DateField[Any, Any]:
    """First day of the period that is known; null where no date is known."""
    return models.DateField(null=True, blank=True)


def partial_date_check(name: str) -> models.CheckConstraint:
    """The rule of partial dates: value and precision come together, and the value is the period's first day."""
    given = Q(**{f"{name}__isnull": False})
    condition = (
        Q(**{f"{name}__isnull": True, f"{name}_precision": ""})
        | given & Q(**{f"{name}_precision": Precision.DAY.value})
        | given & Q(**{f"{name}_precision": Precision.MONTH.value, f"{name}__day": 1})
        | given & Q(**{f"{name}_precision": Precision.YEAR.value, f"{name}__day": 1, f"{name}__month": 1})
    )
    return models.CheckConstraint(condition=condition, name=f"%(class)s_{name}_partial")


def one_of(field: str, values: list[tuple[str, str]], *, blank: bool = False) -> models.CheckConstraint:
    """The column holds one of the vocabulary's values, whoever writes it."""
    allowed = [value for value, _ in values] + ([""] if blank else [])
    return models.CheckConstraint(condition=Q(**{f"{field}__in": allowed}), name=f"%(class)s_{field}_known")


def get_partial(obj: models.Model, name: str) -> PartialDate | None:
    """The partial date in the columns `name` and `name_precision`, or None."""
    value = getattr(obj, name)
    return PartialDate(value, Precision(getattr(obj, f"{name}_precision"))) if value else None


def set_partial(obj: models.Model, name: str, value: PartialDate | None) -> None:
    """Writes a partial date into the columns `name` and `name_precision`."""
    setattr(obj, name, value.value if value else None)
    setattr(obj, f"{name}_precision", value.precision.value if value else "")


class Created(models.Model):
    """Rows that know when they came into the database."""

    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Period(models.Model):
    """A dated relation: from the first day of `start` to, not including, the first day of `until`.

    `start` null: since when is not known. `end_state` tells "still so" (open) from "ended, but when is not
    known" (unknown).
    """

    start = date_field()
    start_precision = precision_field()
    until = date_field()
    until_precision = precision_field()
    end_state = models.CharField(max_length=7, choices=EndState.pairs(), default=EndState.OPEN.value)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            partial_date_check("start"),
            partial_date_check("until"),
            models.CheckConstraint(
                condition=Q(end_state=EndState.ENDED.value, until__isnull=False)
                | Q(end_state__in=[EndState.OPEN.value, EndState.UNKNOWN.value], until__isnull=True),
                name="%(class)s_end_state_until",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | Q(until__isnull=True) | Q(until__gt=F("start")),
                name="%(class)s_starts_before_until",
            ),
        ]


def holds_on(day: date) -> Q:
    """Periods that hold on a day; an unknown start holds back to any day, an unknown end does not hold today."""
    return (Q(start__isnull=True) | Q(start__lte=day)) & (Q(until__gt=day) | Q(end_state=EndState.OPEN.value))


def int_range(field: str) -> models.Func:
    """The one-value range of an integer column: range types have a GiST operator class in a stock server,
    integers only with the extension btree_gist, which the record does without."""
    return models.Func(
        F(field), F(field), models.Value("[]"), function="int8range", output_field=models.TextField()
    )


def days_range() -> models.Func:
    """The days of a Period; an unknown or open end is unbounded."""
    return models.Func(
        F("start"), F("until"), models.Value("[)"), function="daterange", output_field=models.TextField()
    )


class Name(models.Model):
    """One name of a person or an organization, with the keys under which it is found."""

    name = models.CharField(max_length=300)
    language = models.CharField(
        max_length=10, blank=True, default="", help_text="BCP 47, such as en or zh-Hans"
    )
    type = models.CharField(max_length=10, choices=NameType.pairs(), default=NameType.ALIAS.value)
    keys = ArrayField(models.CharField(max_length=300), editable=False, default=list)
    trigrams = ArrayField(models.CharField(max_length=12), editable=False, default=list)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["keys"], name="%(class)s_keys"),
            GinIndex(fields=["trigrams"], name="%(class)s_trigrams"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Computes the keys and trigrams, so that no writer can forget them."""
        self.keys = sorted(keys(self.name))
        self.trigrams = trigrams(self.name)
        super().save(*args, **kwargs)
