"""Sparse answers: `fields=summary,date,subject.name` leaves only those members of each result."""

from __future__ import annotations

from functools import cache
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request

from api.problems import InvalidParameters

NAME = "fields"
Shape = type[serializers.Serializer[Any]]
Tree = dict[str, Any]
"""Names to the tree below each, or to None, which stands for all that is below."""

PARAMETER = OpenApiParameter(
    NAME,
    str,
    description="Only these members of each result, by commas; a dot goes into one: `summary,date,subject.name`",
)


def wanted(request: Request, shape: Shape) -> Tree | None:
    """The members that the caller asks for, None for all. Raises InvalidParameters, naming those that there are."""
    if NAME not in request.query_params:
        return None
    tree: Tree = {}
    for path in request.query_params[NAME].split(","):
        names = path.strip().split(".")
        problem = _problem(names, members(shape))
        if problem:
            raise InvalidParameters({NAME: [problem]})
        _plant(tree, names)
    return tree


def pick(value: Any, tree: Tree | None) -> Any:
    """The members of an object, or of each object of a list, that the tree has; those that are not there stay so."""
    if tree is None:
        return value
    if isinstance(value, list):
        return [pick(item, tree) for item in value]
    if isinstance(value, dict):
        return {name: pick(item, tree[name]) for name, item in value.items() if name in tree}
    return value


@cache
def members(shape: Shape) -> Tree:
    """The members that answers of a shape may have; None below those whose members are not laid down."""
    return {name: _below(field) for name, field in shape().fields.items()}


def _below(field: Any) -> Tree | None:
    if isinstance(field, serializers.ListSerializer):
        return _below(field.child)
    if isinstance(field, serializers.Serializer):
        return members(type(field))
    return None if isinstance(field, serializers.DictField | serializers.JSONField) else {}


def _problem(names: list[str], known: Tree | None) -> str:
    for name in names:
        if known is None:
            return ""
        if name not in known:
            there = f"There are: {', '.join(known)}." if known else "It has no members."
            return f"There is no member {'.'.join(names)!r}. {there}"
        known = known[name]
    return ""


def _plant(tree: Tree, names: list[str]) -> None:
    *path, last = names
    for name in path:
        below = tree.setdefault(name, {})
        if below is None:  # all of it is asked for already
            return
        tree = below
    tree[last] = None
