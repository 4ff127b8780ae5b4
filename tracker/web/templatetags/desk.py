"""The desk's vocabularies in words, for its templates."""

from __future__ import annotations

from functools import partial

from django import template

from tracker.web import presentation
from tracker.web.desk import feed_words, words

register = template.Library()
_VOCABULARIES = {
    "verb": words.VERBS,
    "subject": words.SUBJECTS,
    "review": words.REVIEWS,
    "document_state": words.DOCUMENTS,
    "feed_state": feed_words.STATES,
}
for _name, _words in _VOCABULARIES.items():
    register.filter(_name, partial(presentation.label, _words))
