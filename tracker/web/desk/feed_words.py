"""The vocabularies of feeds in words, translatable; the keys are those of `events.choices`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from tracker.web.labels import Label

STATES: dict[str, Label] = {
    "new": _("New"),
    "healthy": _("Healthy"),
    "failing": _("Failing"),
    "paused": _("Paused"),
    "gone": _("Gone"),
}
MARKS = {
    "new": "planned",
    "healthy": "confirmed",
    "failing": "retracted",
    "paused": "reported",
    "gone": "retracted",
}
"""The mark's colour of each state; the words are beside it."""
NOTICES: dict[str, Label] = {
    "silent": _("Silent"),
    "failing": _("Failing"),
    "gone": _("Gone"),
    "empty_texts": _("No texts"),
    "moved": _("Moved"),
}
KINDS: dict[str, Label] = {
    "unknown": _("not known yet"),
    "rss": "RSS",
    "rdf": "RDF (RSS 1.0)",
    "atom": "Atom",
    "json": "JSON Feed",
    "sitemap": _("News sitemap"),
    "edgar": _("EDGAR filings"),
}
OUTCOMES: dict[str, Label] = {
    "new_items": _("Something new"),
    "unchanged": _("Nothing new"),
    "unreachable": _("Not reached"),
    "refused": _("Refused by our rules"),
    "empty": _("Empty"),
    "not_a_feed": _("Not a feed"),
    "too_large": _("Too large"),
    "http_error": _("HTTP error"),
    "robots": _("Forbidden by robots.txt"),
    "pushed": _("Pushed by the hub"),
    "failed": _("Failed"),
}
ITEMS: dict[str, Label] = {
    "new": _("Waits for its article"),
    "stored": _("Stored"),
    "duplicate": _("Known already"),
    "failed": _("Is tried again"),
    "dead": _("Given up"),
}
PUSHES: dict[str, Label] = {
    "pending": _("Asked for, not confirmed yet"),
    "active": _("Active"),
    "refused": _("Refused by the hub"),
    "failed": _("Failed; asked for again later"),
    "ended": _("Ended"),
}
