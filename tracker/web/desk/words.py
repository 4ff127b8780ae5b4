"""The desk's vocabularies in words, translatable; the keys are those of `events.choices`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tracker.web.labels import Label

VERBS: dict[str, Label] = {
    "edit": _("Edit"),
    "accept": _("Accept"),
    "approve": _("Approve"),
    "reject": _("Reject"),
    "defer": _("Defer"),
    "reopen": _("Reopen"),
    "resolve": _("Resolve"),
    "correct": _("Correct"),
    "retract": _("Retract"),
    "undo": _("Undo"),
    "merge": _("Merge"),
    "split": _("Split"),
    "judge": _("Judge"),
    "assign": _("Assign"),
    "severity": _("Severity"),
    "publish_case": _("Publish case"),
    "correct_case": _("Correct case"),
    "retract_case": _("Retract case"),
    "undo_act": _("Undo act"),
}
"""What curators do to candidates, events, or several rows as one."""
SUBJECTS: dict[str, Label] = {
    "person": _("Person"),
    "organization": _("Organization"),
    "event": _("Event"),
    "case": _("Case"),
}
"""What a step on several rows is about."""
REVIEWS: dict[str, Label] = {
    "open": _("Open"),
    "kept": _("Kept"),
    "corrected": _("Corrected"),
    "retracted": _("Retracted"),
}
"""What has become of the review of a changed source."""
DOCUMENTS: dict[str, Label] = {
    "fetched": _("Fetched"),
    "extracted": _("Extracted"),
    "no_text": _("No text"),
    "unsupported": _("Unsupported"),
    "failed": _("Failed"),
}
"""Where a document stands on its way to candidates."""
