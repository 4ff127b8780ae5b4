"""Which process of pytest-xdist runs which file when: the whole suite is done sooner, and no test is another one.

Tests of whole deployments wait most of their time: for ticks, for leases to run out, for servers to come up. So there
is one process more than there are cores, and it runs those, one after the other, while the others keep the cores busy.
What takes long comes early: whatever is left at the end is short.
"""

from __future__ import annotations

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

WAITING = tuple(f"tests/{name}/" for name in ("faults", "operations", "seeing", "acceptance", "local"))
LONG = tuple(
    f"tests/{name}/"
    for name in ("security", "web", "bench", "access", "api", "alerts", "exports", "unit/extraction")
)
TOGETHER = ("tests/seeing",)
"""Directories whose files share a world that takes half a minute to make: one process runs them all."""


class Scheduling(LoadFileScheduling):  # type: ignore[misc]  # pytest-xdist has no types
    """A file to a process, but the directories of `TOGETHER` as one."""

    def _split_scope(self, nodeid: str) -> str:
        return (
            next((place for place in TOGETHER if nodeid.startswith(f"{place}/")), "")
            or nodeid.partition("::")[0]
        )

    def _assign_work_unit(self, node: WorkerController) -> None:
        scope = choose(list(self.workqueue), waiting=node is self.nodes[0])
        self.workqueue.move_to_end(scope, last=False)
        super()._assign_work_unit(node)


def choose(scopes: list[str], *, waiting: bool) -> str:
    """The next for the process that waits, or for another; of the other sort where there is none of its own."""
    own = [scope for scope in scopes if f"{scope}/".startswith(WAITING) == waiting] or scopes
    return min(own, key=_turn)


def _turn(scope: str) -> int:
    """The place of its directory in the order above; those that are not named come last."""
    order = (*WAITING, *LONG)
    return next((number for number, place in enumerate(order) if f"{scope}/".startswith(place)), len(order))
