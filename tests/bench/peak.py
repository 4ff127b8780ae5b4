"""Peak memory of one piece of work, in a process of its own: `python -m tests.bench.peak extract|split`.

Reads JSON lines `{"language", "text"}` on standard input and prints the peak resident size in bytes.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from events.extraction.sentences import sentences

PUBLISHED = date(2025, 11, 17)
"""What relative dates are resolved against."""


def peak_bytes(work: str, texts: Iterable[tuple[str, str]]) -> int:
    """The peak resident size of a fresh Python that does `work` ("extract" or "split") on (language, text) pairs."""
    lines = "".join(json.dumps({"language": language, "text": text}) + "\n" for language, text in texts)
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.peak", work],
        input=lines.encode(),
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
        check=True,
    )
    return int(done.stdout)


def split(text: str, language: str) -> None:
    """Only splits into sentences."""
    for _ in sentences(text, language):
        pass


def extract_all(text: str, language: str) -> None:
    """Extracts as the service does."""
    from events.extraction import extract

    extract(text, published=PUBLISHED, language=language)


def high_water() -> int:
    """This process' peak resident size in bytes."""
    try:
        # getrusage would count the parent's size at the moment of the fork.
        status = Path("/proc/self/status").read_text()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def main(work: str) -> None:
    """Does the work on every line."""
    do: Callable[[str, str], None] = {"extract": extract_all, "split": split}[work]
    for line in sys.stdin:
        row = json.loads(line)
        do(row["text"], row["language"])
    print(high_water())


if __name__ == "__main__":
    main(sys.argv[1])
