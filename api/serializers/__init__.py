"""The shapes of answers and errors, one module a topic.

Answers are served as `events.timelines` gives them; these classes tell the OpenAPI schema what that is, and the
tests hold every answer against it.
"""
