"""Who follows whom: an arrival told beside a departure takes up the post that was left."""

from __future__ import annotations

from events.extraction.en.discourse import GOVERNMENT, Focus
from events.extraction.model import Draft

_NEAR = 2
_VAGUE = frozenset({"", "successor", "replacement"})


def link(drafts: list[Draft], focus: Focus) -> None:
    """Gives an arrival without a title the post of the departure told just before (or with) it, and links the two."""
    leaving = [d for d in drafts if _leaves(d)]
    for new in drafts:
        if new.kind != "leadership" or new.action == "departure" or new.confidence <= 0.35:
            continue
        if any(p["role"] == "predecessor" for p, _ in new.participants):
            _inherit(new, leaving)
            continue
        if new.subject.get("title", "").lower() not in _VAGUE:
            continue
        near = [
            d for d in leaving
            if -1 <= new.sentence - d.sentence <= _NEAR and d.subject["name"] != new.subject["name"]
        ]  # fmt: skip
        near = [d for d in near if not _elsewhere(d, new)]
        if not near:
            continue
        old = min(near, key=lambda d: (abs(new.sentence - d.sentence), -d.sentence))
        _take(new, old)
        _join(old, "successor", new)
        _join(new, "predecessor", old)


def _leaves(draft: Draft) -> bool:
    if draft.kind == "leadership":
        return draft.action == "departure"
    return draft.kind == "discipline" and any(
        p["type"] in ("dismissal", "removal") for p, _ in draft.penalties
    )


def _elsewhere(old: Draft, new: Draft) -> bool:
    """Whether an arrival says that it is at another organization than the departure."""
    left, right = old.subject.get("organization"), new.subject.get("organization")
    return bool(left and right and left != right and not GOVERNMENT.search(left))


def _inherit(new: Draft, leaving: list[Draft]) -> None:
    names = {p["name"] for p, _ in new.participants if p["role"] == "predecessor"}
    for old in leaving:
        if old.subject["name"] in names:
            if not new.subject.get("title"):
                _take(new, old)
            elif not old.subject.get("title") and old.subject_node is not None and not old.subject_node.title:
                old.subject["title"] = new.subject["title"]
                if "/subject/title" in new.spans:
                    old.spans["/subject/title"] = new.spans["/subject/title"]
            _join(old, "successor", new)


def _take(new: Draft, old: Draft) -> None:
    if old.subject.get("title"):
        new.subject["title"] = old.subject["title"]
        if "/subject/title" in old.spans:
            new.spans["/subject/title"] = old.spans["/subject/title"]
    if old.subject.get("organization") and not new.subject.get("organization"):
        new.subject["organization"] = old.subject["organization"]
        if "/subject/organization" in old.spans:
            new.spans["/subject/organization"] = old.spans["/subject/organization"]


def _join(draft: Draft, role: str, other: Draft) -> None:
    if not any(p["role"] == role for p, _ in draft.participants):
        span = other.spans.get("/subject/name", other.span)
        draft.participants.append(({"role": role, "type": "person", "name": other.subject["name"]}, span))
