"""Peers of polling: two programs that read feeds, on the same addresses from the same server, two processes each.

- `reader`, a library that keeps feeds and entries in SQLite: `update_feeds(scheduled=False)`, with a database for each
  process.
- rss2email, the command `r2e run`, with a configuration for each process, logging errors alone. It is started for each
  round of polls, as its cron job does, so that its start counts.

Both have polled every feed once before the clock runs, as ours have, send the validators that they got, and keep what
they learn on disk. They do a part of what our polls do: no turns among hosts, no pauses, no record of each poll, no
private addresses refused. Each must have asked for every feed exactly once.

python -m tests.bench.pollpeers FILE      a process of `reader`: adds the addresses on stdin, then waits for a line
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import urlopen

from tests.bench.scratch import environment
from tests.bench.timing import seconds


def reader_seconds(addresses: Sequence[str], processes: int) -> float:
    """Seconds that `reader` takes for all addresses. Raises RuntimeError when it did not poll each once."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        running = [
            stack.enter_context(
                subprocess.Popen(
                    [sys.executable, "-m", "tests.bench.pollpeers", f"{folder}/{number}.sqlite"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    env=environment(),
                )
            )
            for number in range(processes)
        ]
        for number, process in enumerate(running):
            _tell(process, json.dumps(addresses[number::processes]))
        for process in running:
            _hear(process)

        def work() -> None:
            for process in running:
                _tell(process, "go")
            for process in running:
                _hear(process)

        return _once(addresses, work)


def rss2email_seconds(addresses: Sequence[str], processes: int) -> float:
    """The same of rss2email."""
    with TemporaryDirectory() as folder:
        folders = [Path(folder) / str(number) for number in range(processes)]
        for number, own in enumerate(folders):
            _configure(own, addresses[number::processes])
        _rss2email(folders, "run", "--no-send")
        return _once(addresses, lambda: _rss2email(folders, "run", "--no-send"))


def _once(addresses: Sequence[str], work: Callable[[], object]) -> float:
    before = _requests(addresses[0])
    taken = seconds(work)
    asked = _requests(addresses[0]) - before
    if asked != len(addresses):
        raise RuntimeError(f"{asked} requests for {len(addresses)} feeds")
    return taken


def _requests(address: str) -> int:
    """How many feeds the server has answered for."""
    with urlopen(address.rpartition("/")[0] + "/requests", timeout=10) as answer:  # noqa: S310 - loopback, made here
        return int(answer.read())


def _configure(folder: Path, addresses: Sequence[str]) -> None:
    feeds = "".join(f"[feed.feed{place}]\nurl = {address}\n\n" for place, address in enumerate(addresses))
    head = "[DEFAULT]\nfrom = alerts@example.org\nto = reader@example.org\nverbose = error\n\n"
    folder.mkdir()
    (folder / "config").write_text(head + feeds)


def _rss2email(folders: Sequence[Path], *arguments: str) -> None:
    """A process for each folder, side by side. Raises RuntimeError when one fails or complains."""
    with ExitStack() as stack:
        running = []
        for folder in folders:
            said = stack.enter_context((folder / "said").open("w"))
            command = [
                sys.executable,
                "-m",
                "rss2email.main",
                "-c",
                f"{folder}/config",
                "-d",
                f"{folder}/data",
            ]
            # The lock that keeps two of them apart lies there.
            own = os.environ | {"XDG_RUNTIME_DIR": str(folder)}
            running.append(
                subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL, stderr=said, env=own)
            )
        ends = [process.wait() for process in running]
    complaints = "".join((folder / "said").read_text() for folder in folders)
    if any(ends) or complaints:
        raise RuntimeError(f"rss2email failed: {complaints[-500:]}")


def _tell(process: subprocess.Popen[str], line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(line + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    if process.stdout.readline() != "done\n":
        raise RuntimeError("reader failed")


def main(file: str) -> None:
    """Adds feeds and polls them; then polls them again at a line on stdin. Raises RuntimeError when one fails."""
    # What reader carries of feedparser imports the package by the name that it had with earlier versions of feedparser.
    sys.modules.setdefault("sgmllib", import_module("feedparser_sgmllib"))
    from reader import make_reader

    reader = make_reader(file)
    for address in json.loads(sys.stdin.readline()):
        reader.add_feed(address)
    reader.update_feeds(scheduled=False)
    print("done", flush=True)
    sys.stdin.readline()
    reader.update_feeds(scheduled=False)
    if reader.get_feed_counts(broken=True).total:
        raise RuntimeError("some feeds are broken")
    print("done", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
