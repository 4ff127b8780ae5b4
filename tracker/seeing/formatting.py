"""How a line of the log is written: for people or as JSON, in any case without secrets."""

from __future__ import annotations

import logging
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from tracker.seeing.redaction import named_secrets_hidden, redact

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 127, 0x85, 0x2028, 0x2029)}
_FIRST = ("timestamp", "level", "logger", "message")


class Formatter(structlog.stdlib.ProcessorFormatter):
    """structlog's, with the last word to redaction."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, or the lines where a traceback follows."""
        return redact(super().format(record))


def json() -> Formatter:
    """One JSON object a line: timestamp (UTC), level, logger, message, then what it belongs to and what it names."""
    return _formatter(structlog.processors.format_exc_info, _ordered, structlog.processors.JSONRenderer(ensure_ascii=False, default=str))  # fmt: skip


def plain() -> Formatter:
    """A sentence, then name=value."""
    return _formatter(_plain)


def _formatter(*last: Processor) -> Formatter:
    before: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_fields,
    ]
    return Formatter(
        foreign_pre_chain=before,
        processors=[_without_meta, _redact_values, *last],
        use_get_message=True,
        pass_foreign_args=False,
    )


def _add_fields(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """What the caller gave as `extra={"fields": {...}}`; the rest of `extra` is for other handlers."""
    # structlog's name for the message is ours for a row.
    event["message"] = event.pop("event")
    record: logging.LogRecord | None = event.get("_record")
    fields = getattr(record, "fields", None)
    if isinstance(fields, dict):
        event.update({name: value for name, value in fields.items() if name not in event})
    return event


def _without_meta(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    event.pop("_record", None)
    event.pop("_from_structlog", None)
    event.pop("stack_info", None)
    return event


def _redact_values(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """By name, which the finished text may not show any more: {"password": 1234}."""
    exception = event.pop("exc_info", None)
    clean: EventDict = named_secrets_hidden(event)
    if exception:
        clean["exc_info"] = exception
    return clean


def _ordered(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {**{name: event[name] for name in _FIRST if name in event}, **event}


def _plain(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One line whatever the message holds: who can choose a path must not be able to write lines."""
    trace = structlog.processors.format_exc_info(_logger, _method, event).pop("exception", "")
    head = [str(event.pop(name, "")) for name in _FIRST]
    rest = "".join(f" {name}={_word(value)}" for name, value in event.items())
    line = f"{head[0][:19].replace('T', ' ')} {head[1].upper()} {head[2]}: {head[3]}{rest}"
    return line.translate(_CONTROL) + (f"\n{trace}" if trace else "")


def _word(value: Any) -> str:
    text = str(value)
    return f'"{text}"' if not text or " " in text else text
