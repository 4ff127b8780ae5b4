"""Conditions on what events say in detail: the same filter on the record as it is and as it was.

On events a condition reads the projected rows where there are some, and otherwise the payload of the head; on the
revisions of an instant it reads the payload. A condition on a list (penalties, measures, participants ...) holds
where one of its items meets it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Exists, F, Func, Model, OuterRef, Q
from django.db.models.sql.compiler import SQLCompiler

from events.choices import Role
from events.models.organizations import OrganizationName
from events.models.people import ExecutiveName
from events.models.record import DATE_FIELDS, Event, Evidence, Ground, Measure, Party, Penalty
from events.timelines.entries import Rows

ANY, SAME, CONTAINS, AT_LEAST, AT_MOST = "in", "iexact", "icontains", "gte", "lte"


@dataclass(frozen=True)
class Detail:
    """Where a detail stands: JSON paths in the payload and columns of a projected row, of which any may match.

    `model` is the row's (None: the event's own), `where` narrows its rows. Without columns the payload is read.
    """

    paths: tuple[str, ...]
    columns: tuple[str, ...] = ()
    model: type[Model] | None = None
    where: tuple[tuple[str, Any], ...] = ()
    named: bool = False
    """Whether it is the name of someone: on the record as it is, any known name of theirs counts."""


def _items(model: type[Model], path: str, **names: str) -> dict[str, Detail]:
    """Details of the items of a list; each name with `column:member` of the payload's item."""
    pairs = {name: pair.partition(":")[::2] for name, pair in names.items()}
    return {name: Detail((f"{path}.{member}",), (column,), model) for name, (column, member) in pairs.items()}


def _names(path: str) -> tuple[str, ...]:
    """The names that a payload gives to someone: the record's, the Chinese one, the source's own."""
    return f"{path}.name", f"{path}.name_zh", f"{path}.named"


def _party(prefix: str, path: str, *roles: Role) -> dict[str, Detail]:
    where = (("role__in", [role.value for role in roles]),)
    return {
        prefix: Detail((f"{path}.id",), ("executive", "organization"), Party, where),
        f"{prefix}_type": Detail((f"{path}.type",), ("type",), Party, where),
        f"{prefix}_name": Detail(_names(path), ("name",), Party, where, named=True),
        f"{prefix}_title": Detail((f"{path}.title",), ("title",), Party, where),
    }


_WHERE = "$.subject.organization"
DETAILS: dict[str, Detail] = {
    "confidence": Detail(("$.confidence",), ("confidence",)),
    "interim": Detail(("$.details.interim",), ("interim",)),
    "case_title": Detail(("$.case_title",), ("case__title",)),
    "note": Detail(("$.notes[*]",)),
    "ground": Detail(("$.details.grounds[*]",), ("text",), Ground),
    "headcount_min": Detail(("$.details.headcount.min",), ("headcount_min",)),
    "headcount_max": Detail(("$.details.headcount.max",), ("headcount_max",)),
    **_party("subject", "$.subject", Role.SUBJECT),
    **_party("issuer", "$.details.issuer", Role.ISSUER),
    **_party("participant", "$.details.participants[*]", *(role for role in Role if role is not Role.SUBJECT)),
    "participant_role": Detail(("$.details.participants[*].role",), ("role",), Party),
    "title": Detail(("$.subject.title",), ("title",)),
    "subject_organization": Detail((f"{_WHERE}.id",), ("organization",)),
    "subject_organization_name": Detail(_names(_WHERE), ("organization",), named=True),
    **_items(
        Penalty, "$.details.penalties[*]",
        penalty="type:type", levels="levels:levels", steps="steps:steps", degree="degree:degree",
        penalty_amount="amount:amount", penalty_currency="currency:currency", duration="duration:duration",
        grade_from="from_label:from", grade_to="to_label:to",
    ),
    "ladder": Detail(
        ("$.details.penalties[*].ladder",), ("from_grade__ladder", "to_grade__ladder"), Penalty
    ),
    **_items(
        Measure, "$.details.measures[*]",
        metric="metric:metric", value="value:value", qualifier="qualifier:qualifier", currency="currency:currency",
        period="period:period", change="change:change", change_qualifier="change_qualifier:change_qualifier",
        threshold="threshold:threshold",
    ),
    **_items(
        Evidence, "$.evidence[*]",
        document="document:document.id", document_url="document__url:document.url", quote="quote:quote",
    ),
    "date_precision": Detail(("$.date.precision",), ("date_precision",)),
    **{f"{name}_precision": Detail((f"$.dates.{name}.precision",), (f"{name}_precision",)) for name in DATE_FIELDS},
}  # fmt: skip
"""Every detail that lists of events can be filtered by, by name."""


def having(rows: Rows, name: str, lookup: str, value: Any) -> Rows:
    """Those of the entries whose detail meets the condition: is one of a list, is or holds a text whatever its case,
    is at least or at most a number."""
    return rows.filter(_condition(rows, DETAILS[name], lookup, value))


def lacking(rows: Rows, name: str, value: Any) -> Rows:
    """Those of the entries whose detail is none of a list, or is not there."""
    return rows.exclude(_condition(rows, DETAILS[name], ANY, value))


def _condition(rows: Rows, detail: Detail, lookup: str, value: Any) -> Q:
    if rows.model is not Event or not detail.columns:
        return _said("head__payload" if rows.model is Event else "payload", detail, lookup, value)
    columns = (Q((f"{column}__{lookup}", value)) for column in detail.columns)
    condition = _called(detail, lookup, value) if detail.named else _any(columns)
    if detail.model is None:
        return condition
    found = detail.model._default_manager.filter(condition, *map(Q, detail.where), event=OuterRef("pk"))
    return Q(Exists(found))


def _said(payload: str, detail: Detail, lookup: str, value: Any) -> Q:
    """That the payload itself meets the condition."""
    return _any(Q(Matching(F(payload), path, lookup, value)) for path in detail.paths)


def _called(detail: Detail, lookup: str, value: str) -> Q:
    """That someone has the name, or is called so by the source; where nobody is on record, only that."""
    names = Q((f"name__{lookup}", value))
    organizations = OrganizationName.objects.filter(names).values("organization")
    known = Q(organization__in=organizations)
    if detail.model is None:
        return known | Q(organization__isnull=True) & _said("head__payload", detail, lookup, value)
    return names | known | Q(executive__in=ExecutiveName.objects.filter(names).values("executive"))


def _any(conditions: Iterable[Q]) -> Q:
    return reduce(or_, conditions)


class Matching(Func):
    """Whether an item at a JSON path of a payload meets a condition; what is not there meets none."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, payload: Any, path: str, lookup: str, value: Any) -> None:
        super().__init__(payload)
        self.path, self.lookup, self.value = path, lookup, value

    def as_sql(
        self,
        compiler: SQLCompiler,
        connection: BaseDatabaseWrapper,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **extra_context: Any,
    ) -> tuple[str, tuple[Any, ...]]:
        """The condition and its parameters."""
        payload, parameters = compiler.compile(self.get_source_expressions()[0])
        value = self.value
        if self.lookup == ANY:
            value = [str(item).lower() if isinstance(item, bool) else str(item) for item in value]
        elif self.lookup == CONTAINS:
            value = f"%{connection.ops.prep_for_like_query(value)}%"
        items = f"jsonb_path_query({payload}, %s::jsonpath) AS item(value)"
        sql = f"EXISTS (SELECT 1 FROM {items} WHERE {_SQL[self.lookup]})"  # noqa: S608 - parts are constant
        return sql, (*parameters, self.path, value)


_SQL = {
    ANY: "item.value #>> '{}' = ANY(%s)",
    SAME: "lower(item.value #>> '{}') = lower(%s)",
    CONTAINS: "upper(item.value #>> '{}') LIKE upper(%s)",
    AT_LEAST: "(item.value #>> '{}')::numeric >= %s",
    AT_MOST: "(item.value #>> '{}')::numeric <= %s",
}
