"""Penalties in their order of gravity, and the action that each makes of a claim (the corpus' rules)."""

from __future__ import annotations

from events.choices import PenaltyType

ORDER = tuple(penalty.value for penalty in PenaltyType)
_ACTIONS = {"removal": "demotion", "reprimand": "warning"}


def action_of(types: list[str]) -> str:
    """The action of a discipline claim with penalties of these types: its gravest one."""
    gravest = min(types, key=ORDER.index)
    return _ACTIONS.get(gravest, gravest)
