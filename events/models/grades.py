"""Grade ladders, their versions and steps, and who stood on which rung when."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import Q

from events.exceptions import UnknownGrade
from events.models.base import Created, Period, days_range, int_range
from events.models.organizations import Organization
from events.models.people import Executive


class GradeLadder(Created, Period):
    """An ordered list of an organization's grades, as it held over a period."""

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="ladders")
    name = models.CharField(max_length=100)
    version = models.PositiveSmallIntegerField(default=1)
    source = models.TextField(blank=True, default="", help_text="Where the order of the grades is taken from")

    class Meta:
        ordering: ClassVar[list[str]] = ["organization", "name", "version"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["organization", "name", "version"], name="gradeladder_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"

    def labels(self) -> list[str]:
        """The grades' labels, highest first."""
        return [grade.label for grade in self.grades.all()]

    def grade(self, label: str) -> Grade:
        """The grade of that label, whatever its case. Raises UnknownGrade, which names the ladder's grades."""
        key = grade_key(label)
        for grade in self.grades.all():
            if grade.key == key:
                return grade
        raise UnknownGrade(label, str(self), self.labels())

    def steps(self, start: str, end: str) -> int:
        """Steps from grade `start` to grade `end`; negative is down. Raises UnknownGrade."""
        return self.grade(start).rank - self.grade(end).rank


class Grade(models.Model):
    """One rung. `rank` 0 is the highest."""

    ladder = models.ForeignKey(GradeLadder, on_delete=models.CASCADE, related_name="grades")
    label = models.CharField(max_length=30)
    key = models.CharField(max_length=30, editable=False)
    rank = models.PositiveSmallIntegerField()

    class Meta:
        ordering: ClassVar[list[str]] = ["rank"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["ladder", "key"], name="grade_label_once"),
            models.UniqueConstraint(fields=["ladder", "rank"], name="grade_rank_once"),
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Computes the key that labels are compared by."""
        self.key = grade_key(self.label)
        super().save(*args, **kwargs)


class GradeAssignment(Period):
    """That an executive stood on a grade over a period, by the event that says so.

    A projection of the ledger. The database refuses two grades at one time in one organization; months and
    years count from their first day.
    """

    executive = models.ForeignKey(Executive, on_delete=models.CASCADE, related_name="grades")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    ladder = models.ForeignKey(GradeLadder, on_delete=models.PROTECT, related_name="assignments")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="assignments")
    event = models.ForeignKey("events.Event", on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Period.Meta.constraints,
            models.CheckConstraint(
                condition=Q(start__isnull=False) | Q(until__isnull=False), name="gradeassignment_dated"
            ),
            ExclusionConstraint(
                name="gradeassignment_no_overlap",
                expressions=[
                    (int_range("executive"), "&&"),
                    (int_range("organization"), "&&"),
                    (days_range(), "&&"),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.executive}: {self.grade}"


def grade_key(label: str) -> str:
    """A grade's label as labels are compared: without case and spaces, and without a leading "Level"."""
    return "".join(label.casefold().split()).removeprefix("level")
