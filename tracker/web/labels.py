"""The closed vocabularies in words that readers see, translatable. The keys are those of `events.choices`."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise

KINDS: dict[str, Label] = {
    "leadership": _("Leadership"),
    "discipline": _("Discipline"),
    "reorganization": _("Reorganization"),
    "controversy": _("Controversy"),
    "product": _("Product"),
    "performance": _("Performance"),
    "listing": _("Listing"),
    "sanction": _("Sanction"),
}

ACTIONS: dict[str, Label] = {
    "appointment": _("Appointment"),
    "departure": _("Departure"),
    "reassignment": _("Reassignment"),
    "demotion": _("Demotion"),
    "warning": _("Warning"),
    "reprimand": _("Reprimand"),
    "dismissal": _("Dismissal"),
    "suspension": _("Suspension"),
    "removal": _("Removal"),
    "pay_cut": _("Pay cut"),
    "clawback": _("Clawback"),
    "fine": _("Fine"),
    "ban": _("Ban"),
    "expulsion": _("Expulsion"),
    "investigation": _("Investigation"),
    "detention": _("Detention"),
    "creation": _("Creation"),
    "dissolution": _("Dissolution"),
    "merger": _("Merger"),
    "split": _("Split"),
    "transfer": _("Transfer"),
    "rename": _("Rename"),
    "layoff": _("Layoff"),
    "restructuring": _("Restructuring"),
    "allegation": _("Allegation"),
    "denial": _("Denial"),
    "finding": _("Finding"),
    "lawsuit": _("Lawsuit"),
    "settlement": _("Settlement"),
    "announcement": _("Announcement"),
    "release": _("Release"),
    "delay": _("Delay"),
    "withdrawal": _("Withdrawal"),
    "result": _("Result"),
    "target": _("Target"),
    "market_share": _("Market share"),
    "filing": _("Filing"),
    "acceptance": _("Acceptance"),
    "inquiry": _("Inquiry"),
    "review": _("Review"),
    "registration": _("Registration"),
    "listed": _("Listed"),
    "suspended": _("Suspended"),
    "terminated": _("Terminated"),
    "delisted": _("Delisted"),
    "designation": _("Designation"),
    "amendment": _("Amendment"),
}

STATUSES: dict[str, Label] = {
    "alleged": _("Alleged"),
    "denied": _("Denied"),
    "reported": _("Reported"),
    "confirmed": _("Confirmed"),
    "planned": _("Planned"),
    "corrected": _("Corrected"),
    "retracted": _("Retracted"),
}

CAUTIONS: dict[str, Label] = {
    "alleged": _("An allegation by others. It is not established as fact."),
    "denied": _("An allegation that the accused rejects. It is not established as fact."),
    "planned": _("An intention or proposal that is not decided yet."),
    "corrected": _("This entry was corrected after it was first published; see its revisions."),
    "retracted": _(
        "This entry was retracted. It is kept so that links still say so; it is not part of the record."
    ),
}
"""What a reader must know before reading the sentence, by status."""

SEVERITIES: tuple[Label, ...] = (
    _("Neutral"),
    _("Minor warning"),
    _("Formal penalty, no change of role"),
    _("Demotion, severe warning, or unit dissolved"),
    _("Senior dismissal, regulator's finding, or mass layoff"),
    _("Criminal, systemic, or sanctions designation"),
)
"""What each severity means, from 0 to 5."""

ROLES: dict[str, Label] = {
    "subject": _("Subject"),
    "issuer": _("Decided by"),
    "organization": _("Organization"),
    "unit": _("Unit"),
    "counterparty": _("Other party"),
    "claimant": _("Claimant"),
    "successor": _("Successor"),
    "predecessor": _("Predecessor"),
    "product": _("Product"),
}

DATES: dict[str, Label] = {
    "occurred": _("Occurred"),
    "decided": _("Decided"),
    "announced": _("Announced"),
    "effective": _("Effective"),
    "ended": _("Ended"),
}

DEGREES: dict[str, Label] = {"minor": _("minor"), "ordinary": _("ordinary"), "severe": _("severe")}

DEPARTURES: dict[str, Label] = {
    "voluntary": _("Voluntary"),
    "forced": _("Forced"),
    "unknown": _("Unknown whether voluntary"),
}

METRICS: dict[str, Label] = {
    "revenue": _("Revenue"),
    "profit": _("Profit"),
    "loss": _("Loss"),
    "growth": _("Growth"),
    "market_share": _("Market share"),
    "similarity": _("Similarity"),
    "share_price": _("Share price"),
    "amount": _("Amount"),
    "other": _("Other figure"),
}

QUALIFIERS: dict[str, Label] = {
    "exact": "",
    "about": _("about"),
    "at_least": _("at least"),
    "at_most": _("at most"),
    "more_than": _("more than"),
    "less_than": _("less than"),
}

ORGANIZATION_TYPES: dict[str, Label] = {
    "company": _("Company"),
    "division": _("Division"),
    "unit": _("Unit"),
    "team": _("Team"),
    "committee": _("Committee"),
    "regulator": _("Regulator"),
    "exchange": _("Exchange"),
    "government": _("Government"),
    "other": _("Organization"),
}

OPERATIONS: dict[str, Label] = {"ADD": _("Published"), "MOD": _("Revised"), "DEL": _("Retracted")}

CANDIDATE_STATES: dict[str, Label] = {
    "open": _("Open"),
    "awaiting_approval": _("Awaiting approval"),
    "deferred": _("Deferred"),
    "published": _("Published"),
    "rejected": _("Rejected"),
    "superseded": _("Superseded"),
}

MEMBERS: dict[str, Label] = {
    "name": _("name"),
    "type": _("type"),
    "role": _("role"),
    "levels": _("levels"),
    "from": _("from"),
    "to": _("to"),
    "degree": _("degree"),
    "amount": _("amount"),
    "currency": _("currency"),
    "duration": _("duration"),
    "metric": _("metric"),
    "value": _("value"),
    "period": _("period"),
    "qualifier": _("qualifier"),
    "change": _("change"),
    "headcount": _("people affected"),
    "min": _("at least"),
    "max": _("at most"),
    "text": _("in the source's words"),
    "departure": _("departure"),
    "interim": _("interim"),
}
"""Members of a field, as they stand behind its name."""
