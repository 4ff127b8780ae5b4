"""How settings are read from the environment. README's table of variables says what each means."""

from __future__ import annotations

import os
from pathlib import Path


def flag(name: str, default: bool = False) -> bool:
    """A boolean variable: 1, true, yes or on, whatever the case."""
    value = os.environ.get(name, "")
    return value.strip().lower() in {"1", "true", "yes", "on"} if value.strip() else default


def words(name: str, default: str = "") -> list[str]:
    """A variable that is a list, by commas."""
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def number(name: str, default: int) -> int:
    """An integer variable. Raises ValueError, with the variable's name, for anything else."""
    value = os.environ.get(name, "").strip() or str(default)
    try:
        return int(value)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {value!r}") from None


def secret(name: str, default: str = "") -> str:
    """A variable, or the first line of the file that NAME_FILE names, as Docker's and Kubernetes' secrets are given.

    Raises ValueError, with the variable's name, where both are set or the file cannot be read.
    """
    value, file = os.environ.get(name, ""), os.environ.get(f"{name}_FILE", "")
    if not file:
        return value or default
    if value:
        raise ValueError(f"{name} and {name}_FILE are both set: one of them says nothing")
    try:
        return Path(file).read_text().partition("\n")[0].strip()
    except (OSError, UnicodeError) as error:
        raise ValueError(f"{name}_FILE cannot be read: {error}") from None
