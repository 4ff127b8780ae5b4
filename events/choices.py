"""The closed vocabularies of the record.

Values are those of the claim contract (`claim.schema.json`); they are plain enums without Django, so that
extraction, which must stay pure, can share them.
"""

from enum import StrEnum


class Choice(StrEnum):
    """A string enum whose members give Django's `choices`."""

    @property
    def label(self) -> str:
        """The value in words, for people: `pay_cut` is "Pay cut"."""
        return self.value.replace("_", " ").capitalize()

    @classmethod
    def pairs(cls) -> list[tuple[str, str]]:
        """(value, label) of every member, in order, as Django's `choices` wants them."""
        return [(member.value, member.label) for member in cls]


class Kind(Choice):
    LEADERSHIP = "leadership"
    DISCIPLINE = "discipline"
    REORGANIZATION = "reorganization"
    CONTROVERSY = "controversy"
    PRODUCT = "product"
    PERFORMANCE = "performance"
    LISTING = "listing"
    SANCTION = "sanction"


ACTIONS: dict[Kind, tuple[str, ...]] = {
    Kind.LEADERSHIP: ("appointment", "departure", "reassignment"),
    Kind.DISCIPLINE: (
        "demotion", "warning", "dismissal", "suspension", "pay_cut", "clawback", "fine", "ban", "expulsion",
        "investigation", "detention",
    ),
    Kind.REORGANIZATION: (
        "creation", "dissolution", "merger", "split", "transfer", "rename", "layoff", "restructuring",
    ),
    Kind.CONTROVERSY: ("allegation", "denial", "finding", "lawsuit", "settlement"),
    Kind.PRODUCT: ("announcement", "release", "delay", "withdrawal"),
    Kind.PERFORMANCE: ("result", "target", "market_share"),
    Kind.LISTING: (
        "filing", "acceptance", "inquiry", "review", "registration", "listed", "suspended", "terminated", "delisted",
    ),
    Kind.SANCTION: ("designation", "amendment", "removal"),
}  # fmt: skip
"""Which actions go with which kind (the corpus' rule; the schema alone does not say it)."""


class PartyType(Choice):
    PERSON = "person"
    ORGANIZATION = "organization"
    PRODUCT = "product"
    GROUP = "group"


class Role(Choice):
    """What a party is to an event. `subject` is the one the event is about; the others are participants."""

    SUBJECT = "subject"
    ISSUER = "issuer"
    ORGANIZATION = "organization"
    UNIT = "unit"
    COUNTERPARTY = "counterparty"
    CLAIMANT = "claimant"
    SUCCESSOR = "successor"
    PREDECESSOR = "predecessor"
    PRODUCT = "product"


class Precision(Choice):
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class EndState(Choice):
    """How a period ends. "No end" and "has ended, but when is not known" are different facts."""

    OPEN = "open"
    ENDED = "ended"
    UNKNOWN = "unknown"


class Status(Choice):
    """How firmly the sources state a fact, and what has become of its publication since."""

    ALLEGED = "alleged"
    DENIED = "denied"
    REPORTED = "reported"
    CONFIRMED = "confirmed"
    PLANNED = "planned"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


CLAIM_STATUSES = (Status.ALLEGED, Status.DENIED, Status.REPORTED, Status.CONFIRMED, Status.PLANNED)
"""The statuses that a source can give; `corrected` and `retracted` are this record's own."""


class PenaltyType(Choice):
    """Penalties, gravest first (the corpus' order of gravity)."""

    EXPULSION = "expulsion"
    DETENTION = "detention"
    DISMISSAL = "dismissal"
    BAN = "ban"
    REMOVAL = "removal"
    DEMOTION = "demotion"
    SUSPENSION = "suspension"
    CLAWBACK = "clawback"
    FINE = "fine"
    PAY_CUT = "pay_cut"
    WARNING = "warning"
    REPRIMAND = "reprimand"


class Degree(Choice):
    MINOR = "minor"
    ORDINARY = "ordinary"
    SEVERE = "severe"


class DepartureType(Choice):
    VOLUNTARY = "voluntary"
    FORCED = "forced"
    UNKNOWN = "unknown"


class Metric(Choice):
    REVENUE = "revenue"
    PROFIT = "profit"
    LOSS = "loss"
    GROWTH = "growth"
    MARKET_SHARE = "market_share"
    SIMILARITY = "similarity"
    SHARE_PRICE = "share_price"
    AMOUNT = "amount"
    OTHER = "other"


class Qualifier(Choice):
    EXACT = "exact"
    ABOUT = "about"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"


class OrganizationType(Choice):
    COMPANY = "company"
    DIVISION = "division"
    UNIT = "unit"
    TEAM = "team"
    COMMITTEE = "committee"
    REGULATOR = "regulator"
    EXCHANGE = "exchange"
    GOVERNMENT = "government"
    OTHER = "other"


class NameType(Choice):
    PRIMARY = "primary"
    ALIAS = "alias"
    SHORT = "short"
    FORMER = "former"
    NATIVE = "native"
    ROMANIZED = "romanized"


class FeedState(Choice):
    """What a curator sees of a feed's health."""

    NEW = "new"
    HEALTHY = "healthy"
    FAILING = "failing"
    PAUSED = "paused"
    GONE = "gone"


class FeedKind(Choice):
    """What a feed's address answers with; found out at each poll."""

    UNKNOWN = "unknown"
    RSS = "rss"
    RDF = "rdf"
    ATOM = "atom"
    JSON = "json"
    SITEMAP = "sitemap"
    EDGAR = "edgar"


class FetchOutcome(Choice):
    """How one request for a feed or an article ended."""

    NEW_ITEMS = "new_items"
    UNCHANGED = "unchanged"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    EMPTY = "empty"
    NOT_A_FEED = "not_a_feed"
    TOO_LARGE = "too_large"
    HTTP_ERROR = "http_error"
    ROBOTS = "robots"
    PUSHED = "pushed"
    FAILED = "failed"


class PushState(Choice):
    """Where a subscription to a feed's WebSub hub stands."""

    PENDING = "pending"
    ACTIVE = "active"
    REFUSED = "refused"
    FAILED = "failed"
    ENDED = "ended"


class NoticeKind(Choice):
    """What staff is told of a feed without having asked."""

    SILENT = "silent"
    FAILING = "failing"
    GONE = "gone"
    EMPTY_TEXTS = "empty_texts"
    MOVED = "moved"


class ItemState(Choice):
    """Where one feed entry stands on its way to a document."""

    NEW = "new"
    STORED = "stored"
    DUPLICATE = "duplicate"
    FAILED = "failed"
    DEAD = "dead"


class DocumentState(Choice):
    """Where a document stands on its way to candidates."""

    FETCHED = "fetched"
    EXTRACTED = "extracted"
    NO_TEXT = "no_text"
    UNSUPPORTED = "unsupported"
    FAILED = "failed"


class CandidateState(Choice):
    """Where a candidate stands in curation."""

    OPEN = "open"
    DEFERRED = "deferred"
    AWAITING_APPROVAL = "awaiting_approval"
    PUBLISHED = "published"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class Proposer(Choice):
    """Which extractor proposed a candidate."""

    RULES = "rules"
    MODEL = "model"
    BOTH = "both"


class SourceChangeState(Choice):
    """What has become of the review that a changed source page asks for."""

    OPEN = "open"
    KEPT = "kept"
    CORRECTED = "corrected"
    RETRACTED = "retracted"


class ModelCallState(Choice):
    """How a question to the optional model extractor ended."""

    DONE = "done"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    INVALID = "invalid"
    OVER_BUDGET = "over_budget"


class ResolutionState(Choice):
    """Whether a name in a claim stands for a known person or organization."""

    RESOLVED = "resolved"
    AMBIGUOUS = "ambiguous"
    UNKNOWN = "unknown"
    NOT_NEEDED = "not_needed"


class Verb(Choice):
    """What a curator did to a candidate or an event."""

    EDIT = "edit"
    ACCEPT = "accept"
    APPROVE = "approve"
    REJECT = "reject"
    DEFER = "defer"
    REOPEN = "reopen"
    RESOLVE = "resolve"
    CORRECT = "correct"
    RETRACT = "retract"
    UNDO = "undo"
    MERGE = "merge"
    SPLIT = "split"
    JUDGE = "judge"
    ASSIGN = "assign"


class ActVerb(Choice):
    """What curators did to several rows as one, and can undo as one."""

    MERGE = "merge"
    SPLIT = "split"
    PUBLISH_CASE = "publish_case"
    CORRECT_CASE = "correct_case"
    RETRACT_CASE = "retract_case"
    UNDO = "undo"


class ActKind(Choice):
    """What an act or a judgement is about."""

    PERSON = "person"
    ORGANIZATION = "organization"
    EVENT = "event"
    CASE = "case"


class StepVerb(Choice):
    """Steps on the published record that can be asked for and approved by another curator."""

    CORRECT = "correct"
    RETRACT = "retract"
    UNDO = "undo"
    SEVERITY = "severity"
    MERGE = "merge"
    SPLIT = "split"
    CORRECT_CASE = "correct_case"
    RETRACT_CASE = "retract_case"
    UNDO_ACT = "undo_act"


class RequestState(Choice):
    """What has become of a step that was asked for."""

    OPEN = "open"
    DONE = "done"
    DECLINED = "declined"


class ProposalKind(Choice):
    """What a reader asks for."""

    CORRECTION = "correction"
    REPLY = "reply"


class ProposalState(Choice):
    """What has become of a reader's proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"


class Operation(Choice):
    """What a revision does to the record, in the change stream's words."""

    ADD = "ADD"
    MOD = "MOD"
    DEL = "DEL"


class Frequency(Choice):
    INSTANT = "instant"
    DAILY = "daily"
    WEEKLY = "weekly"


class DeliveryState(Choice):
    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class MailKind(Choice):
    """What one e-mail is: news, a digest of news, or a word about the subscription itself."""

    ALERT = "alert"
    DIGEST = "digest"
    SILENCE = "silence"
    CONFIRMATION = "confirmation"
    ADDED = "added"
    ADDRESS = "address"
    ACCESS = "access"


class SuppressionReason(Choice):
    """Why nothing is sent to an address any more."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    STAFF = "staff"


class WebhookState(Choice):
    """`paused` after failures or by its owner; `gone`: the receiver answered 410."""

    ACTIVE = "active"
    PAUSED = "paused"
    GONE = "gone"


class WorkState(Choice):
    """State of a unit of work that a stage claims by a conditional UPDATE."""

    PENDING = "pending"
    CLAIMED = "claimed"
    DONE = "done"
