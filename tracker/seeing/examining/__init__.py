"""What `manage.py doctor` looks at, and what it says of it in plain words."""

from tracker.seeing.examining.findings import Finding, Level
from tracker.seeing.examining.rounds import examine

__all__ = ["Finding", "Level", "examine"]
