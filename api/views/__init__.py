"""The endpoints, one module a topic. They declare; `events.timelines` computes."""
