"""The desk's vocabularies in words, for its templates."""

from __future__ import annotations

from django import template

from tracker.web import presentation
from tracker.web.desk import feed_words, words

register = template.Library()


@register.filter
def verb(value: str) -> str:
    """A step of curators."""
    return presentation.label(words.VERBS, value)


@register.filter
def subject(value: str) -> str:
    """What a step on several rows is about."""
    return presentation.label(words.SUBJECTS, value)


@register.filter
def review(value: str) -> str:
    """What has become of the review of a changed source."""
    return presentation.label(words.REVIEWS, value)


@register.filter
def document_state(value: str) -> str:
    """Where a document stands on its way to candidates."""
    return presentation.label(words.DOCUMENTS, value)


@register.filter
def feed_state(value: str) -> str:
    """How a feed does."""
    return presentation.label(feed_words.STATES, value)
