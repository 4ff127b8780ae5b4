"""What is said of an event: its payload turned into plain values in the reader's language, ready for a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings

from events.alerts.wording import DATES, Words
from events.choices import PartyType, PenaltyType, Status
from events.dates import PartialDate
from events.record.phrases import english
from events.record.quotes import passages

JSON = dict[str, Any]
MAX_QUOTES = 8
SUBJECT_LENGTH = 160
"""Characters; mail programs show fewer."""


@dataclass(frozen=True)
class Quote:
    """A source's words; `url` is empty where the source has no address that can be opened."""

    text: str
    title: str
    url: str
    published: str

    @property
    def source(self) -> tuple[str, str, str]:
        """What quotes of one document share; the mail names it once beneath them."""
        return self.title, self.url, self.published


def summary(payload: JSON, words: Words) -> str:
    """The event's sentence."""
    return str(payload["summary_zh" if words.language.startswith("zh") else "summary"])


def subject_line(payload: JSON, words: Words) -> str:
    """A few words for the subject: a demotion in short, anything else by its sentence.

    What is not stated as fact keeps its sentence, which begins with "Allegedly" or the like.
    """
    row = next((p for p in payload["details"].get("penalties", []) if _is_graded_demotion(p)), None)
    if not (row and is_stated(payload)):
        return one_line(summary(payload, words)).rstrip(".。")
    levels = row.get("levels") or -row.get("steps", 0)
    template = words.demoted if levels > 0 else words.demoted_to
    in_english = words.language == "en"
    return one_line(
        template.format(
            name=shown_name(payload["subject"], words),
            count=english.count(levels) if in_english else levels,
            levels="level" if levels == 1 else "levels",
            start=row["from"],
            end=row["to"],
        )
    )


def one_line(text: str) -> str:
    """The text without line breaks and control characters, cut at a word's end, fit for a mail header."""
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if len(text) <= SUBJECT_LENGTH:
        return text
    cut = text[: SUBJECT_LENGTH - 1]
    return (cut.rpartition(" ")[0] if " " in cut[SUBJECT_LENGTH // 2 :] else cut) + "…"


def organization(payload: JSON) -> JSON | None:
    """The organization that an event belongs to, as the payload names it: the subject's, or the subject itself."""
    subject: JSON = payload["subject"]
    found: JSON | None = subject.get("organization")
    return found or (subject if subject["type"] == PartyType.ORGANIZATION.value else None)


def shown_name(party: JSON, words: Words) -> str:
    """A party's name in the reader's language, where there is one."""
    return str(party.get("name_zh") or party["name"]) if words.language != "en" else str(party["name"])


def is_stated(payload: JSON) -> bool:
    """Whether the sources state it as fact: not alleged, denied or planned."""
    return payload["assertion"] in {Status.REPORTED.value, Status.CONFIRMED.value}


def kicker(payload: JSON, words: Words) -> str:
    """Kind and action: `Discipline · demotion`."""
    return f"{words.kinds[payload['kind']]} · {words.actions.get(payload['action'], payload['action'])}"


def rows(payload: JSON, words: Words) -> list[tuple[str, str]]:
    """The facts' table: dates, severity, status, case."""
    found = [
        (words.dates[name], _date(payload["dates"][name], words))
        for name in DATES
        if name in payload["dates"]
    ]
    if not found:
        found.append((words.published, _date(payload["date"], words)))
    found.append((words.severity_label, severity(payload, words)))
    found.append((words.status_label, status(payload, words)))
    if payload.get("case_title"):
        found.append((words.part_of, payload["case_title"]))
    return found


def severity(payload: JSON, words: Words) -> str:
    """`Serious (3 of 5)`."""
    number = payload["severity"]
    return words.severity.format(word=words.severities[number], number=number)


def status(payload: JSON, words: Words) -> str:
    """How firmly the sources state it, and what became of it: `Reported`, `Reported, corrected`."""
    assertion, state = words.statuses[payload["assertion"]], words.statuses[payload["status"]]
    if payload["assertion"] == payload["status"]:
        return assertion
    return f"{assertion}, {state.lower()}" if words.language == "en" else f"{assertion}，{state}"


def quotes(payload: JSON, words: Words) -> list[Quote]:
    """The sources' words, each passage once, in the order of the record."""
    found = []
    for passage in passages(payload["evidence"]):
        document = passage["document"]
        url, day = str(document["url"]), document.get("published")
        found.append(
            Quote(
                text=passage["quote"],
                title=document["title"] or url,
                url=url if url.startswith(("http://", "https://")) else "",
                published=words.date(PartialDate.parse(day)) if day else "",
            )
        )
    return found


def changes(before: JSON, after: JSON, words: Words) -> list[tuple[str, str, str]]:
    """The facts that differ: label, what was told, what holds."""
    old, new = dict(rows(before, words)), dict(rows(after, words))
    old[words.kind_label], new[words.kind_label] = kicker(before, words), kicker(after, words)
    labels = dict.fromkeys([*new, *old])
    return [
        (label, old.get(label, "—"), new.get(label, "—"))
        for label in labels
        if old.get(label) != new.get(label) and label != words.status_label
    ]


def event_url(payload: JSON) -> str:
    """The address of the event's public page."""
    return f"{settings.SITE_URL}/events/{payload['event']}/"


def _is_graded_demotion(row: JSON) -> bool:
    return bool(row["type"] == PenaltyType.DEMOTION.value and row.get("from") and row.get("to"))


def date(payload: JSON, words: Words) -> str:
    """The day, month or year of the event."""
    return _date(payload["date"], words)


def _date(value: Any, words: Words) -> str:
    return words.date(PartialDate.from_json(value))
