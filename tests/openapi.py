"""The schema of the API as it is committed. Read once and by libyaml: in Python it takes seconds, in every process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

COMMITTED = Path(__file__).resolve().parent.parent / "api" / "openapi.yaml"
SCHEMA: dict[str, Any] = yaml.load(COMMITTED.read_text(), Loader=yaml.CSafeLoader)
