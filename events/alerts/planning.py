"""What a mail may still say just before it is sent."""

from __future__ import annotations

from dataclasses import dataclass

from events.models.alerts import Delivery


@dataclass(frozen=True)
class Planned:
    """A delivery that its mail tells of. `told` is the last delivery about the event that was sent to the subscriber,
    or about one that was merged into it, with its `revision` and `mail`: the news is then a correction of it."""

    delivery: Delivery
    told: Delivery | None = None
