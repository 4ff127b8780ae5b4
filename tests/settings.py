"""The settings under test: the embedded stack in a directory of its own, fast instead of crash-safe.

So the tests neither touch nor disturb a demo that runs in the same checkout. The environment is set, not the
settings: processes that tests start inherit it.
"""

import os

os.environ.setdefault("TRACKER_LOCAL_DIR", ".local/test")
os.environ.setdefault("TRACKER_LOCAL_DURABLE", "0")

from tracker.settings import *  # noqa: F403
