"""The settings under test: the embedded stack in a directory of its own, fast instead of crash-safe.

So the tests neither touch nor disturb a demo that runs in the same checkout. The environment is set, not the
settings: processes that tests start inherit it.
"""

import os

_own = os.environ.setdefault("TRACKER_LOCAL_DIR", ".local/test")
# Each of pytest-xdist's processes has servers of its own; what a test starts inherits the name as it is.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker and not _own.endswith(f"-{_worker}"):
    os.environ["TRACKER_LOCAL_DIR"] = f"{_own}-{_worker}"
os.environ.setdefault("TRACKER_LOCAL_DURABLE", "0")

from tracker.settings import *  # noqa: F403
