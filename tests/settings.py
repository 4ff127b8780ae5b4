"""The settings under test: the embedded stack in a directory of its own, fast instead of crash-safe.

So the tests neither touch nor disturb a demo that runs in the same checkout. The environment is set, not the
settings: processes that tests start inherit it.
"""

import os


def _own_directory() -> str:
    """Each of pytest-xdist's processes has servers of its own; what a test starts inherits the name as it is."""
    given, process = (
        os.environ.get("TRACKER_LOCAL_DIR", ".local/test"),
        os.environ.get("PYTEST_XDIST_WORKER", ""),
    )
    return given if not process or given.endswith(f"-{process}") else f"{given}-{process}"


os.environ["TRACKER_LOCAL_DIR"] = _own_directory()
os.environ.setdefault("TRACKER_LOCAL_DURABLE", "0")
# All tests sign in from one address. What guessers may do stays as it is.
os.environ.setdefault("SIGN_INS_PER_MINUTE", "100000")

from tracker.settings import *  # noqa: F403, E402
