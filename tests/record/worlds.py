"""A record that random steps are taken on, and beside it a model that is written from the rules alone.

The model is plain dictionaries: every version of every event with the instant at which it was recorded, and who
was merged into whom. It answers what was true on a day as the record said it at an instant, and it foretells which
steps are refused. It calls nothing of the record but to take a step.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction

from events import curation
from events.choices import ActKind
from events.exceptions import CurationError, GradeConflict
from events.models.acts import Act
from events.models.organizations import Organization
from events.models.people import Executive
from events.models.record import Revision
from events.record import publishing
from events.record.draft import Draft
from tests import scenes

DAYS = [date(2019, 1, 1), date(2020, 6, 1), date(2021, 6, 1), date(2022, 6, 1), date(2023, 6, 1)]
TITLES = ["CEO", "CFO"]
FACTS = ("kind", "person", "named", "org", "title", "date", "start", "end", "unit", "to")


@dataclass
class Version:
    """What the record said of an event from an instant on. `act` is the step of several events it is part of."""

    at: datetime
    stands: bool
    facts: dict[str, Any]
    act: Step | None = None


@dataclass
class Step:
    """A merge or split, or the undoing of one (`undoing`)."""

    act: Act
    source: int
    target: int
    merge: bool
    undone: bool = False
    undoing: bool = False


@dataclass
class Change:
    """What a step makes of one event; the event None is a new one."""

    event: int | None
    stands: bool
    facts: dict[str, Any]


@dataclass
class World:
    """The record, the model, and the steps that were taken."""

    seed: int
    versions: dict[int, list[Version]] = field(default_factory=dict)
    merged: dict[int, int] = field(default_factory=dict)
    acts: list[Step] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)  # noqa: S311 - a past, no secret
        self.first, self.second = scenes.curator(), scenes.curator()
        self.companies = [scenes.company("Northlake Devices"), scenes.company("Southlake Devices")]
        self.units = [scenes.unit(f"Unit {n}", self.companies[0]) for n in range(2)]
        scenes.ladder(self.companies[0])
        self.people = [scenes.executive(f"Person Number{n}") for n in range(4)]
        self.source = scenes.document(scenes.DEMOTION_TEXT)

    # What the model answers

    def said(self, known_at: datetime | None) -> dict[int, dict[str, Any]]:
        """The facts of each event that stood at an instant; None is now."""
        found = {}
        for event, versions in self.versions.items():
            known = [v for v in versions if known_at is None or v.at <= known_at]
            if known and known[-1].stands:
                found[event] = known[-1].facts
        return found

    def survivor(self, person: int) -> int:
        while person in self.merged:
            person = self.merged[person]
        return person

    def same_as(self, person: int) -> list[int]:
        """Everyone who is that person now."""
        return [row.pk for row in self.people if row.pk == person or self.survivor(row.pk) == person]

    def timeline(
        self, key: str, pks: Iterable[int], day: date | None, known_at: datetime | None
    ) -> list[int]:
        """Events about someone that had begun by a day, newest first."""
        wanted = set(pks)
        said = self.said(known_at).items()
        found = [
            (f["date"], event) for event, f in said if f[key] in wanted and (day is None or f["date"] <= day)
        ]
        return [event for _, event in sorted(found, reverse=True)]

    def grades(self, person: int, day: date | None, known_at: datetime | None) -> set[tuple[Any, ...]]:
        """(grade, since, until, event), of each who is that person now as the record then had them."""
        found = set()
        for pk in self.same_as(person):
            for spell in grade_spells(changes_of(self.said(known_at), pk)) or []:
                if day is None or in_force(spell[1], spell[2], day):
                    found.add(spell)
        return found

    def positions(self, person: int, day: date | None, known_at: datetime | None) -> list[tuple[Any, ...]]:
        """(organization, title, since, until, event)."""
        spells = [spell for pk in self.same_as(person) for spell in held(self.said(known_at), pk)]
        return sorted((s for s in spells if day is None or in_force(s[2], s[3], day)), key=str)

    def chart(
        self, root: int, day: date, known_at: datetime | None
    ) -> tuple[set[int], set[tuple[int, int, str, int]]]:
        """The units of a company on a day, and (organization, person, title, event) of who held office there."""
        said = self.said(known_at)
        units = {unit.pk for unit in self.units if self._place(said, unit.pk, day) == root}
        holders = {
            (org, person.pk, title, event)
            for person in self.people
            for org, title, start, until, event in held(said, person.pk)
            if org in {root, *units} and in_force(start, until, day)
        }
        return units, holders

    def _place(self, said: dict[int, dict[str, Any]], unit: int, day: date) -> int:
        """By the last transfer until that day; by the register before the first one."""
        moves = [(f["date"], event, f["to"]) for event, f in said.items() if f["unit"] == unit]
        moves = [move for move in moves if move[0] <= day]
        return max(moves)[2] if moves else self.companies[0].pk

    # Steps

    def run(self, steps: int) -> None:
        """Takes so many steps."""
        kinds = [
            (self.appoint, 4), (self.demote, 6), (self.transfer, 2), (self.correct, 4), (self.retract, 2),
            (self.undo, 3), (self.merge, 4), (self.split, 2), (self.undo_act, 3),
        ]  # fmt: skip
        names, weights = zip(*kinds, strict=True)
        for _ in range(steps):
            step = self.dice.choices(names, weights)[0]
            outcome = step()
            if outcome:
                self.taken.append(f"{step.__name__}:{outcome}")

    def appoint(self) -> str:
        facts = self._facts("appointment" if self.dice.random() < 0.65 else "departure")
        return self._publish(facts)

    def demote(self) -> str:
        facts = self._facts("demotion")
        spells = grade_spells(changes_of(self.said(None), facts["person"])) or []
        facts["org"], facts["title"] = self.companies[0].pk, "CEO"
        if spells and self.dice.random() < 0.7:  # most follow the history, some contradict it
            last = max(spells, key=lambda spell: spell[1] or date.min)
            facts["start"] = last[0]
            later = [day for day in DAYS if last[1] is None or day > last[1]]
            facts["date"] = self.dice.choice(later or DAYS)
        else:
            facts["start"] = self.dice.choice(scenes.GRADES[:3])
        facts["end"] = self.dice.choice(scenes.GRADES[3:])
        return self._publish(facts)

    def transfer(self) -> str:
        unit = self.dice.choice(self.units)
        facts = dict.fromkeys(FACTS) | {
            "kind": "transfer", "unit": unit.pk, "to": self.dice.choice(self.companies).pk,
            "date": self.dice.choice(DAYS),
        }  # fmt: skip
        return self._publish(facts)

    def correct(self) -> str:
        event = self._any(standing=True)
        if event is None:
            return ""
        facts = dict(self.versions[event][-1].facts)
        what = self.dice.choice(["date", "title", "end", "to"])
        if what == "end" and facts["kind"] == "demotion":
            facts["end"] = self.dice.choice(scenes.GRADES[3:])
        elif what == "to" and facts["kind"] == "transfer":
            facts["to"] = self.dice.choice(self.companies).pk
        elif what == "title" and facts["kind"] in {"appointment", "departure"}:
            facts["title"] = self.dice.choice(TITLES)
        else:
            facts["date"] = self.dice.choice(DAYS)
        return self._take(
            [Change(event, True, facts)],
            lambda: publishing.revise(event, self._draft(facts), self.first, self.second),
        )

    def retract(self) -> str:
        event = self._any(standing=True)
        if event is None:
            return ""
        change = Change(event, False, self.versions[event][-1].facts)
        return self._take(
            [change], lambda: curation.retract_event(event, self.first, "withdrawn", approver=self.second)
        )

    def undo(self) -> str:
        event = self._any()
        if event is None:
            return ""
        versions = self.versions[event]
        act = versions[-1].act

        def call() -> Revision:
            return curation.undo_event(event, self.first, "undone", approver=self.second)

        if act is not None and (act.undoing or not act.undone):
            return self._refused(CurationError, call)
        return self._take([self._former(event, len(versions) - 1)], call)

    def merge(self) -> str:
        source, target = (person.pk for person in self.dice.sample(self.people, 2))

        def call() -> Act:
            return curation.merge_people(source, target, self.first, "one person", approver=self.second)

        if source in self.merged or target in self.merged:
            return self._refused(CurationError, call)
        changes = [
            Change(event, True, facts | {"person": target})
            for event, facts in self.said(None).items()
            if facts["person"] == source
        ]
        outcome = self._take(changes, call, Step(Act(), source, target, merge=True))
        if outcome == "done":
            self.merged[source] = target
        return outcome

    def split(self) -> str:
        source, target = (person.pk for person in self.dice.sample(self.people, 2))
        events = [event for event, facts in self.said(None).items() if facts["person"] == source]
        if not events or source in self.merged or target in self.merged:
            return ""
        chosen = self.dice.sample(events, self.dice.randint(1, len(events)))
        changes = [
            Change(event, True, self.versions[event][-1].facts | {"person": target}) for event in chosen
        ]

        def call() -> Act:
            return curation.split_person(
                source, chosen, self.first, "two people", target=target, approver=self.second
            )

        outcome = self._take(changes, call, Step(Act(), source, target, merge=False))
        curation.forget(ActKind.PERSON, source, target, self.first)
        return outcome

    def undo_act(self) -> str:
        open_acts = [step for step in self.acts if not step.undoing]
        if not open_acts:
            return ""
        step = self.dice.choice(open_acts)

        def call() -> Act:
            return curation.undo_act(step.act.pk, self.first, "undone", approver=self.second)

        if step.undone or step.target in self.merged:
            return self._refused(CurationError, call)
        if step.merge:
            del self.merged[step.source]
        outcome = self._take(
            list(self._taken_back(step)),
            call,
            Step(Act(), step.source, step.target, step.merge, undoing=True),
        )
        if outcome == "done":
            step.undone = True
            curation.forget(ActKind.PERSON, step.source, step.target, self.first)
        elif step.merge:
            self.merged[step.source] = step.target
        return outcome

    def _taken_back(self, step: Step) -> Iterator[Change]:
        """What undoing a merge or split makes of its events: the former version where nothing happened since, else
        the identity alone, where the source named it so."""
        for event, versions in self.versions.items():
            number = next((n for n, v in enumerate(versions) if v.act is step), None)
            if number is None or not versions[-1].stands:
                continue
            last, before = versions[-1].facts, versions[number - 1].facts
            moved = versions[number].facts
            if last in (moved, moved | {"person": self.survivor(moved["person"])}):
                yield self._former(event, number)
            elif last["person"] == step.target and last["named"] == before["named"]:
                yield Change(event, True, last | {"person": self.survivor(step.source)})

    def _former(self, event: int, number: int) -> Change:
        """The version before one of an event; before the first, and before a retraction's end, there is none."""
        versions = self.versions[event]
        if number == 0 or not versions[number - 1].stands:
            return Change(event, False, versions[-1].facts)
        facts = versions[number - 1].facts
        person = facts["person"]
        return Change(event, True, facts | {"person": self.survivor(person) if person is not None else None})

    def _publish(self, facts: dict[str, Any]) -> str:
        return self._take(
            [Change(None, True, facts)],
            lambda: publishing.publish(self._draft(facts), self.first, self.second),
        )

    def _take(
        self, changes: list[Change], call: Callable[[], Act | Revision], step: Step | None = None
    ) -> str:
        """Takes a step that is allowed unless a grade history would contradict itself."""
        after = self.said(None)
        for change in changes:
            event = change.event if change.event is not None else 10**9
            after.pop(event, None)
            if change.stands:
                after[event] = change.facts
        if any(grade_spells(changes_of(after, person.pk)) is None for person in self.people):
            return self._refused(GradeConflict, call)
        before = set(Revision.objects.values_list("seq", flat=True))
        result = call()
        if step is not None:
            assert isinstance(result, Act)
            step.act = result
            self.acts.append(step)
        new = Revision.objects.exclude(seq__in=before)
        recorded = dict(new.values_list("event_id", "recorded_at"))
        for change in changes:
            event = change.event if change.event is not None else next(iter(recorded))
            # A revision that says the same again (an identity that was corrected back since) may be left out.
            at = recorded.pop(event)
            self.versions.setdefault(event, []).append(Version(at, change.stands, change.facts, step))
        assert not recorded, "a step wrote a revision of an event that it should have left alone"
        return "done"

    def _refused(self, error: type[Exception], call: Callable[[], Any]) -> str:
        before = Revision.objects.count()
        with pytest.raises(error), transaction.atomic():
            call()
        assert Revision.objects.count() == before
        return "refused"

    def _any(self, *, standing: bool = False) -> int | None:
        found = sorted(self.said(None)) if standing else sorted(self.versions)
        return self.dice.choice(found) if found else None

    def _facts(self, kind: str) -> dict[str, Any]:
        person = self.dice.choice([row for row in self.people if row.pk not in self.merged])
        return dict.fromkeys(FACTS) | {
            "kind": kind, "person": person.pk, "named": person.name, "title": self.dice.choice(TITLES),
            "org": self.dice.choice(self.companies).pk, "date": self.dice.choice(DAYS),
        }  # fmt: skip

    def _draft(self, facts: dict[str, Any]) -> Draft:
        day = facts["date"].isoformat()
        if facts["kind"] == "transfer":
            unit, to = (Organization.objects.get(pk=facts[key]) for key in ("unit", "to"))
            return scenes.reorganization("transfer", unit, self.source, day=day, successor=to)
        person, where = (
            Executive.objects.get(pk=facts["person"]),
            Organization.objects.get(pk=facts["org"]),
        )
        if facts["kind"] == "demotion":
            draft = scenes.demotion(
                person, where, self.source, day=day, start=facts["start"], end=facts["end"], levels=None
            )
        else:
            draft = scenes.appointment(person, where, self.source, day=day, title=facts["title"])
            draft = replace(draft, action=facts["kind"])
        return replace(draft, subject=replace(draft.subject, name=facts["named"]))


def in_force(start: date | None, until: date | None, day: date) -> bool:
    return (start is None or start <= day) and (until is None or until > day)


def changes_of(said: dict[int, dict[str, Any]], person: int) -> list[tuple[date, int, str, str]]:
    """(day, event, from, to) of a person's demotions, in order."""
    return sorted(
        (f["date"], event, f["start"], f["end"])
        for event, f in said.items()
        if f["kind"] == "demotion" and f["person"] == person
    )


def grade_spells(changes: list[tuple[date, int, str, str]]) -> list[tuple[Any, ...]] | None:
    """(grade, since, until, event); None for changes that contradict each other."""
    spells: list[list[Any]] = []
    for day, event, start, end in changes:
        if not spells:
            spells.append([start, None, day, event])
        elif spells[-1][1] >= day or spells[-1][0] != start:
            return None
        else:
            spells[-1][2] = day
        spells.append([end, day, None, event])
    return [tuple(spell) for spell in spells]


def held(said: dict[int, dict[str, Any]], person: int) -> list[tuple[Any, ...]]:
    """(organization, title, since, until, event): an appointment begins a position, a departure ends it, another
    event that names the title shows that it was held, since when is not known."""
    about = sorted((f["date"], event) for event, f in said.items() if f["person"] == person)
    spells: list[list[Any]] = []
    for day, event in about:
        facts = said[event]
        key = [facts["org"], facts["title"]]
        current = next((s for s in spells if s[:2] == key and s[3] is None), None)
        if facts["kind"] == "departure":
            if current and (current[2] is None or current[2] < day):
                current[3] = day
            else:
                spells.append([*key, None, day, event])
        elif current is None:
            spells.append([*key, day if facts["kind"] == "appointment" else None, None, event])
        elif facts["kind"] == "appointment" and current[2] is None:
            current[2], current[4] = day, event
    return [tuple(spell) for spell in spells]
