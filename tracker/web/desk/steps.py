"""From a form's data to a call of `events.curation`, and from its refusals to words and kept inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, QueryDict
from django.utils.translation import gettext

from events import curation
from events.choices import CandidateState
from events.curation.claims import problems
from events.exceptions import InvalidClaim, StaleCandidate, TrackerError
from events.models.access import User
from events.models.candidates import Candidate
from tracker.web.desk.forms import ClaimForm, RawClaimForm
from tracker.web.desk.giving import assignee, until_of

JSON = dict[str, Any]
MAX_REASON = 2000
LEAVES = frozenset({"accept", "approve", "reject", "defer"})
"""Steps after which a curator goes on to the next candidate."""


class Refused(Exception):
    """A step that was not taken. `typed` is what the page must show again; `stale`: someone else was faster."""

    def __init__(self, message: str, typed: JSON, *, stale: bool = False) -> None:
        super().__init__(message)
        self.typed = typed
        self.stale = stale
        self.status = 409 if stale else 400


class Step:
    """One step on one candidate, by the data of a form."""

    def __init__(self, verb: str, candidate: Candidate, user: User, data: QueryDict) -> None:
        self.candidate, self.user, self.data = candidate, user, data
        steps: dict[str, Callable[[], str]] = {
            "accept": self.accept,
            "approve": self.approve,
            "reject": self.reject,
            "defer": self.defer,
            "reopen": self.reopen,
            "assign": self.assign,
            "resolve": self.resolve,
            "edit": self.edit,
            "edit-raw": self.edit,
        }
        if verb not in steps:
            raise Http404
        self.verb, self.run = verb, steps[verb]
        self.reason = data.get("reason", "").replace("\x00", "")[:MAX_REASON]

    def take(self) -> str:
        """Takes the step, and gives what to say of it. Raises Refused."""
        self.typed: JSON = {"reason": self.reason, "seen": self.version}
        try:
            return self.run()
        except StaleCandidate as error:
            raise Refused(str(error), self.typed, stale=True) from error
        except TrackerError as error:
            raise Refused(str(error), self.typed) from error

    @property
    def leaves(self) -> bool:
        """Whether the curator goes on to another candidate, once the step is taken."""
        return self.verb in LEAVES

    @property
    def version(self) -> int:
        """The version that the form was made from; a form without one is stale by definition."""
        return _number(self.data.get("version")) or 0

    def accept(self) -> str:
        """Publishes, or leaves a severe one to a second curator."""
        into = _number(self.data.get("into"))
        row = curation.accept(self.candidate.pk, self.user, self.version, into=into)
        if row.state == CandidateState.AWAITING_APPROVAL.value:
            return gettext("Accepted. At this severity a second curator must approve it.")
        return gettext("Published as event %(id)s.") % {"id": row.event_id}

    def approve(self) -> str:
        """The second pair of eyes."""
        row = curation.approve(self.candidate.pk, self.user, self.version)
        return gettext("Approved and published as event %(id)s.") % {"id": row.event_id}

    def reject(self) -> str:
        """Takes it out of the queue, with a reason."""
        curation.reject(self.candidate.pk, self.user, self.reason, self.version)
        return gettext("Rejected.")

    def defer(self) -> str:
        """Puts it aside, until a day or for good."""
        until = until_of(self.data)
        curation.defer(self.candidate.pk, self.user, self.version, until=until)
        if until is None:
            return gettext("Deferred.")
        return gettext("Deferred until %(day)s.") % {"day": until.isoformat()}

    def assign(self) -> str:
        """Gives it to a curator, or to nobody."""
        to = assignee(self.data, self.user)
        curation.assign(self.candidate.pk, self.user, to)
        return gettext("Given to %(name)s.") % {"name": to} if to else gettext("Given to nobody.")

    def reopen(self) -> str:
        """Puts it back into the queue."""
        curation.reopen(self.candidate.pk, self.user, self.version)
        return gettext("Back in the queue.")

    def resolve(self) -> str:
        """Says whom a party stands for: one of the options, another known one by number, or someone new."""
        pointer, choice = self.data.get("pointer", ""), self.data.get("choice", "")
        other = self.data.get("other", "").strip()
        self.typed |= {"typed_pointer": pointer, "typed_other": other}
        if choice == "create":
            curation.create_party(self.candidate.pk, self.user, pointer, self.version)
            return gettext("Created and chosen.")
        number = _number(other if choice == "other" else choice)
        if number is None:
            raise Refused(gettext("Choose who is meant, or create someone new."), self.typed)
        kind = "person" if self._type_at(pointer) == "person" else "organization"
        curation.resolve_party(self.candidate.pk, self.user, pointer, kind, number, self.version)
        return gettext("Chosen.")

    def edit(self) -> str:
        """Sets the curator's version of the claim. Every problem is shown at its field."""
        raw = self.verb == "edit-raw"
        form = RawClaimForm(self.data) if raw else ClaimForm(self.data)
        self.typed |= {"raw_form" if raw else "form": form, "editing": True, "editing_raw": raw}
        if not form.is_valid():
            raise Refused(gettext("Not saved: see the marked fields."), self.typed)
        text = self.candidate.document.text
        claim = form.with_words(form.applied_to(self.candidate.claim), text)
        try:
            curation.edit(self.candidate.pk, self.user, claim, self.version)
        except InvalidClaim as error:
            for problem in problems(claim, text) or [error]:
                form.add_problem(problem.pointer, str(problem))
            raise Refused(gettext("Not saved: see the marked fields."), self.typed) from error
        return gettext("Saved. The original stays beside it.")

    def _type_at(self, pointer: str) -> str:
        entry = self.candidate.resolution.get(pointer) or {}
        return str(entry.get("type") or "")


def _number(text: str | None) -> int | None:
    """A positive number as a form gives it, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None
