"""The optional model extractor: a second opinion on a document, from an endpoint that the operator names.

Off unless `MODEL_URL` is set. What it proposes is checked against the text before anybody sees it, and no failure of
the endpoint keeps a document from being read.
"""

from events.intake.modelling.asking import second_opinion

__all__ = ["second_opinion"]
