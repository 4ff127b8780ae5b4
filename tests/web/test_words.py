"""No vocabulary that a page shows lacks a word, in English or in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from django.utils import translation

from events.choices import (
    ActKind,
    ActVerb,
    Choice,
    DocumentState,
    FeedState,
    SourceChangeState,
    StepVerb,
    Verb,
)
from tracker.web import labels, presentation
from tracker.web.desk import feed_words, words


@pytest.mark.parametrize(
    ("choices", "known"),
    [
        ((Verb, ActVerb, StepVerb), words.VERBS),
        ((ActKind,), words.SUBJECTS),
        ((SourceChangeState,), words.REVIEWS),
        ((DocumentState,), words.DOCUMENTS),
        ((FeedState,), feed_words.STATES),
    ],
)
def test_every_choice_has_words_of_both_languages(
    choices: tuple[type[Choice], ...], known: Mapping[str, labels.Label]
) -> None:
    assert set(known) == {choice.value for kind in choices for choice in kind}
    english = {name: str(word) for name, word in known.items()}
    with translation.override("zh-hans"):
        assert [name for name, word in known.items() if str(word) == english[name]] == []


def test_a_member_of_a_field_has_words_of_both_languages() -> None:
    assert presentation.pointer_words("/penalties/0/from") == "Penalty 1, from"
    with translation.override("zh-hans"):
        assert presentation.pointer_words("/subject/name") == "对象, 名称"
        assert all(str(word) != name for name, word in labels.MEMBERS.items())
