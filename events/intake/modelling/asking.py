"""Asks the model about a document, once for each question, and keeps what was asked and answered."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from typing import Any

from events.choices import ModelCallState, Proposer
from events.intake.modelling import budget, client, prompt
from events.intake.modelling.checking import Checked, check
from events.intake.modelling.endpoint import Endpoint, configured
from events.intake.modelling.merging import Proposed, merge
from events.models.candidates import ModelCall
from events.models.sources import Document

JSON = dict[str, Any]
log = logging.getLogger(__name__)
_TOLD = 1000
"""Characters of an error that are kept."""


def second_opinion(document: Document, claims: Sequence[JSON]) -> list[Proposed]:
    """The built-in extractor's claims, with what the model says of them and of what they leave out.

    The claims alone where no model is configured or it does not answer. Never raises for the model's sake. Call it
    outside any transaction: it may take as long as the endpoint's time-out.
    """
    own: list[Proposed] = [(dict(claim), Proposer.RULES) for claim in claims]
    endpoint = configured()
    if endpoint is None:
        return own
    try:
        asked = _claims(endpoint, document)
        return merge(claims, asked, document.text) if asked else own
    except Exception as error:  # the model is optional: nothing about it may keep a document from being read
        words = endpoint.hide(f"{type(error).__name__}: {error}")[:_TOLD]
        log.error("the model's answer on document %s could not be used: %s", document.pk, words)
        return own


def _claims(endpoint: Endpoint, document: Document) -> list[JSON]:
    """The checked claims of the model's answer: of this one, or of an earlier one where it gives none."""
    messages = prompt.messages(document, endpoint.max_characters)
    answered = ModelCall.objects.filter(document=document, state=ModelCallState.DONE.value).order_by("-id")
    question = prompt.written(messages)
    same = answered.filter(model=endpoint.model, prompt=question).first()
    if same is not None:
        return _check(endpoint, document, same.answer).claims
    call = budget.reserve(endpoint, document, messages)
    if call is not None and _ask(endpoint, document, call, messages) is not None:
        return _check(endpoint, document, call.answer).claims
    earlier = answered.first()
    return _check(endpoint, document, earlier.answer).claims if earlier is not None else []


def _ask(
    endpoint: Endpoint, document: Document, call: ModelCall, messages: list[client.Message]
) -> Checked | None:
    """Asks, and keeps what came of it in the call's row; None where no usable answer came."""
    checked: Checked | None = None
    started = time.monotonic()
    try:
        answer = client.complete(endpoint, messages, prompt.answer_schema())
        call.answer = endpoint.hide(answer.content)
        call.tokens_in = answer.tokens_in or call.tokens_in
        call.tokens_out = answer.tokens_out or budget.tokens_of(answer.content)
        checked = _check(endpoint, document, call.answer)
        call.state, call.error = ModelCallState.DONE.value, ""
        call.claims_kept, call.fields_dropped = len(checked.claims), checked.dropped
    except client.ModelFailed as error:
        call.state, call.error = error.state.value, endpoint.hide(str(error))[:_TOLD]
        if error.retry_after is not None:
            budget.leave_alone(error.retry_after)
    except ValueError as error:
        call.state = ModelCallState.INVALID.value
        call.error = f"The answer is no list of claims: {error}"[:_TOLD]
    call.elapsed = round((time.monotonic() - started) * 1000)
    call.save()
    if checked is None:
        log.warning("the model gave no claims for document %s: %s, %s", document.pk, call.state, call.error)
    return checked


def _check(endpoint: Endpoint, document: Document, answer: str) -> Checked:
    return check(answer, document.text[: endpoint.max_characters], endpoint.kinds)
