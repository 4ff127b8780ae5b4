"""The public sentence of an event, in English and in Chinese, from its payload alone."""

from __future__ import annotations

from events.record.phrases import chinese, english
from events.record.phrases.common import JSON, in_chinese


def summary_en(payload: JSON) -> str:
    """One English sentence. What is alleged, denied or planned says so in its first words."""
    sentence = english.sentence(payload)
    prefix = {"alleged": "Allegedly, ", "denied": "Denied: ", "planned": "Planned: "}.get(
        payload["assertion"], ""
    )
    if prefix and payload["action"] in {"allegation", "denial", "target"}:
        prefix = ""
    return prefix + sentence


def summary_zh(payload: JSON) -> str:
    """One Chinese sentence, simplified characters, under the same rules."""
    sentence = chinese.sentence(in_chinese(payload))
    prefix = {"alleged": "据称，", "denied": "已被否认：", "planned": "计划："}.get(payload["assertion"], "")
    if prefix and payload["action"] in {"allegation", "denial", "target"}:
        prefix = ""
    return prefix + sentence
