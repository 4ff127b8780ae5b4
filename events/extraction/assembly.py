"""From drafts to claims: one claim per fact and subject, people who follow each other, cases, evidence, confidence."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from events.extraction.chart import LONGEST_QUOTE
from events.extraction.confidence import Surroundings, confidence
from events.extraction.matching import normalize, sort_of_action
from events.extraction.model import Claim, Draft, Evidence, Span
from events.extraction.sanity import names_something

_OLD_DAYS = 500


def assemble(text: str, drafts: list[Draft]) -> list[Claim]:
    """The claims that drafts make, in the order of the text."""
    settled = settle(drafts)
    around = Surroundings(text, settled)
    return [claim(text, draft, around) for draft in settled]


def settle(drafts: list[Draft]) -> list[Draft]:
    """One draft per fact and subject, with who follows whom and which share a case, in the order of the text."""
    merged = _merge(drafts)
    _successions(merged)
    _cases(merged)
    return merged


def _key(draft: Draft) -> tuple[str, ...]:
    sort = sort_of_action(draft.kind, draft.action)
    if draft.kind in ("discipline", "listing", "product", "controversy"):
        sort = (
            draft.action
            if draft.kind != "discipline" or draft.action in ("investigation", "detention")
            else sort
        )
    extra = (
        str(draft.measures[0][0].get("period", "")) if draft.kind == "performance" and draft.measures else ""
    )
    return (draft.kind, sort, normalize(draft.subject["name"]), extra)


def _merge(drafts: list[Draft]) -> list[Draft]:
    """Several statements of one fact become one draft; what the first leaves open, later ones fill."""
    found: dict[tuple[str, ...], Draft] = {}
    for draft in drafts:
        if not names_something(draft.subject["name"]):
            continue
        if not names_something(draft.subject.get("organization", "?")):
            del draft.subject["organization"]
        key = _key(draft)
        if key in found:
            _take_over(found[key], draft)
        elif draft.confidence > 0.35:
            found[key] = draft
    return [d for d in found.values() if not _repeats_penalty(d, found)]


def _repeats_penalty(draft: Draft, found: dict[tuple[str, ...], Draft]) -> bool:
    """A dismissal for misconduct told again as a leaving: one leaving is one claim, never both."""
    if draft.kind != "leadership" or draft.action != "departure":
        return False
    other = found.get(("discipline", "any", normalize(draft.subject["name"]), ""))
    return other is not None and other.action == "dismissal"


def _take_over(first: Draft, later: Draft) -> None:
    for key in ("title", "organization"):
        if not first.subject.get(key) and later.subject.get(key):
            first.subject[key] = later.subject[key]
            if span := later.spans.get(f"/subject/{key}"):
                first.spans[f"/subject/{key}"] = span
    for role, value in later.dates.items():
        if role == "effective" or later.confidence > 0.35:
            first.dates.setdefault(role, value)
    have = {(p["role"], normalize(p["name"])) for p, _ in first.participants}
    first.participants += [
        item for item in later.participants if (item[0]["role"], normalize(item[0]["name"])) not in have
    ]
    for penalty, _ in first.penalties:
        for other, _ in later.penalties:
            if other["type"] == penalty["type"]:
                penalty.update({key: value for key, value in other.items() if key not in penalty})
    types = {penalty["type"] for penalty, _ in first.penalties}
    first.penalties += [item for item in later.penalties if item[0]["type"] not in types]
    metrics = {measure["metric"] for measure, _ in first.measures}
    first.measures += [item for item in later.measures if item[0]["metric"] not in metrics]
    if not first.grounds:
        first.grounds = later.grounds
    first.interim = first.interim or later.interim
    first.extra_spans.append(later.span)


def _successions(drafts: list[Draft]) -> None:
    """Who leaves a post and who takes it up are each other's predecessor and successor."""
    leaving = [d for d in drafts if d.kind == "leadership" and d.action == "departure"]
    coming = [d for d in drafts if d.kind == "leadership" and d.action != "departure"]
    by_predecessor: dict[str, set[int]] = {}
    by_sentence: dict[int, list[int]] = {}
    for number, new in enumerate(coming):
        by_sentence.setdefault(new.sentence, []).append(number)
        for party, _ in new.participants:
            if party["role"] == "predecessor":
                by_predecessor.setdefault(normalize(party["name"]), set()).add(number)
    for old in [*leaving, *coming]:
        name = normalize(old.subject["name"])
        likely = set(by_predecessor.get(name, ()))
        if old.action == "departure":
            near = range(old.sentence - _NEAR, old.sentence + _NEAR + 1)
            likely.update(number for sentence in near for number in by_sentence.get(sentence, ()))
        for number in sorted(likely):
            new = coming[number]
            if _named(old, new) or (old.action == "departure" and _same_post(old, new)):
                _link(old, "successor", new)
                _link(new, "predecessor", old)
                by_predecessor.setdefault(name, set()).add(number)
                break


_NEAR = 12
"""Sentences within which a leaving and an arrival are of one post."""


_ABBREVIATIONS = {
    "ceo": "chief executive officer", "cfo": "chief financial officer", "coo": "chief operating officer",
    "cto": "chief technology officer", "chief executive": "chief executive officer", "chair": "chairman",
    "chair of the board": "chairman", "chairman of the board": "chairman", "首席执行官": "ceo", "行政总裁": "ceo",
}  # fmt: skip


def _posts(title: str) -> set[str]:
    """The single posts of a title, abbreviations written out: "President and CEO"."""
    parts = re.split(r",? and |, |、", re.sub(r"\b(?:interim|acting)\b ?", "", title.lower()))
    plain = {part.strip() for part in parts if part.strip()}
    return {_ABBREVIATIONS.get(part, part) for part in plain}


def _named(old: Draft, new: Draft) -> bool:
    named = [normalize(p["name"]) for p, _ in new.participants if p["role"] == "predecessor"]
    return normalize(old.subject["name"]) in named and old.subject["name"] != new.subject["name"]


def _same_post(old: Draft, new: Draft) -> bool:
    if old.subject["name"] == new.subject["name"]:
        return False
    if any(p["role"] == "predecessor" for p, _ in new.participants):
        return False
    shared = _posts(old.subject.get("title", "")) & _posts(new.subject.get("title", ""))
    shared = {
        post
        for post in shared
        if "member of" not in post and post not in ("director", "董事", "vice president")
    }
    return bool(shared) and abs(old.sentence - new.sentence) <= _NEAR


def _link(draft: Draft, role: str, other: Draft) -> None:
    if not any(p["role"] == role for p, _ in draft.participants):
        span = other.spans.get("/subject/name", other.span)
        draft.participants.append(({"role": role, "type": "person", "name": other.subject["name"]}, span))


def _cases(drafts: list[Draft]) -> None:
    """Claims of one decision share a case; a decision on one subject alone has none."""
    names: dict[str, str] = {}
    sizes = Counter(draft.group for draft in drafts)
    for draft in drafts:
        if draft.group and sizes[draft.group] > 1:
            draft.case = names.setdefault(draft.group, f"c{len(names) + 1}")


def claim(text: str, draft: Draft, around: Surroundings) -> Claim:
    """A draft as a claim among the others of its document, each field with its evidence."""
    result: Claim = {"kind": draft.kind, "action": draft.action, "subject": draft.subject}
    evidence: list[Evidence] = []
    _cite(text, evidence, "", draft.span)
    _more(text, draft, evidence)
    for pointer, span in draft.spans.items():
        if pointer.split("/")[-1] in draft.subject:
            _cite(text, evidence, pointer, span)
    _lists(text, draft, result, evidence)
    if draft.dates:
        result["dates"] = {role: value for role, (value, _) in sorted(draft.dates.items())}
        for role, (_, span) in sorted(draft.dates.items()):
            _cite(text, evidence, f"/dates/{role}", span)
    if draft.headcount:
        result["headcount"] = draft.headcount[0]
        _cite(text, evidence, "/headcount", draft.headcount[1])
    if draft.departure and draft.action == "departure":
        result["departure"] = draft.departure
    if draft.interim and draft.kind == "leadership":
        result["interim"] = True
    result["status"] = draft.status
    if draft.case:
        result["case"] = draft.case
    result["confidence"] = confidence(text, draft, around)
    result["evidence"] = evidence
    return result


def _more(text: str, draft: Draft, evidence: list[Evidence]) -> None:
    """Cites what else tells the fact, where the statement itself does not hold it already."""
    for span in draft.extra_spans[:4]:
        if not any(item["start"] <= span[0] and span[1] <= item["end"] for item in evidence):
            _cite(text, evidence, "", span)


def _lists(text: str, draft: Draft, result: Claim, evidence: list[Evidence]) -> None:
    pairs: list[tuple[str, list[tuple[Any, Span]]]] = [
        ("participants", list(draft.participants)), ("penalties", list(draft.penalties)),
        ("grounds", list(draft.grounds)), ("measures", list(draft.measures)),
    ]  # fmt: skip
    for name, items in pairs:
        if items:
            result[name] = [value for value, _ in items]  # type: ignore[literal-required]
            for i, (_, span) in enumerate(items):
                _cite(text, evidence, f"/{name}/{i}", span)


def _cite(text: str, evidence: list[Evidence], field: str, span: Span) -> None:
    start, end = span
    end = min(end, len(text), start + LONGEST_QUOTE)
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start >= end:
        return
    item: Evidence = {"field": field, "start": start, "end": end, "quote": text[start:end]}
    if item not in evidence:
        evidence.append(item)
