"""The embedded stack on a disk that runs full: what was committed stays, and all goes on by itself once there is room."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.mischief import full
from tests.faults.mounts import small_disk, why_no_disk
from tests.local.helpers import Stack, eventually
from tracker.local.supervisor import Service, Supervisor

pytestmark = [pytest.mark.services, pytest.mark.skipif(bool(why_no_disk()), reason=why_no_disk())]

_WRITER = """
import sys, time
import psycopg
from tracker.local import LocalStackError, ensure
number, connection = 0, None
while True:
    try:
        if connection is None:
            connection = psycopg.connect(ensure().database_url, autocommit=True)
            connection.execute("CREATE TABLE IF NOT EXISTS kept (number int, filler text)")
        connection.execute("INSERT INTO kept VALUES (%s, repeat('x', 100000))", [number])
        print("kept", number, flush=True)
    except (psycopg.Error, LocalStackError, OSError) as error:
        connection = None
        print("lost", number, type(error).__name__, flush=True)
        time.sleep(0.2)
    number += 1
"""
_READER = """
import psycopg
from tracker.local import ensure
with psycopg.connect(ensure().database_url) as connection:
    print(*[row[0] for row in connection.execute("SELECT number FROM kept ORDER BY number")])
"""


class Writer:
    """A program that writes rows to the stack for ever, and says which ones were committed."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process, self.log = process, log

    def said(self, word: str) -> list[int]:
        """The numbers of the rows of which it said so."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        return [int(line[1]) for line in lines if len(line) > 1 and line[0] == word]


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack whose files are on a small disk."""
    with small_disk(tmp_path / "disk") as disk:
        made = Stack(disk / "stack")
        made.durable = True
        try:
            yield made
        finally:
            made.close()


@pytest.fixture
def writer(stack: Stack, tmp_path: Path) -> Iterator[Writer]:
    """A writer at work."""
    log = tmp_path / "writer.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER], cwd=Path(__file__).resolve().parents[2],
            env=stack.environment(), stdout=output, text=True,
        )  # fmt: skip
        try:
            yield Writer(process, log)
        finally:
            process.kill()
            process.wait()


def test_a_full_disk_loses_no_committed_row_and_is_over_once_there_is_room(
    stack: Stack, writer: Writer
) -> None:
    assert eventually(lambda: len(writer.said("kept")) > 20)
    with full(stack.layout.root):
        assert eventually(lambda: len(writer.said("lost")) > 5), "the disk never ran full"
    before = len(writer.said("kept"))

    assert eventually(lambda: len(writer.said("kept")) > before + 5), writer.log.read_text()[-500:]
    writer.process.kill()
    writer.process.wait()
    kept = {int(number) for number in stack.run(_READER).split()}
    # The last row may have been committed without a word of it.
    assert set(writer.said("kept")) <= kept
    assert kept - set(writer.said("kept")) <= set(writer.said("lost")) | {max(kept)}


def test_a_service_that_talks_goes_on_while_its_log_cannot_be_written(tmp_path: Path) -> None:
    # More than a pipe holds, so that it would wait for ever if nobody read what it says.
    talk = f"import pathlib\nfor _ in range(40):\n print('x' * 8000, flush=True)\npathlib.Path({str(tmp_path / 'said')!r}).touch()\nimport time; time.sleep(600)"
    with small_disk(tmp_path / "disk", 1) as disk, full(disk), (tmp_path / "console").open("w") as console:
        service = Service("talker", [sys.executable, "-c", talk])
        with Supervisor([service], log_directory=disk / "log", echo=False, output=console):
            assert eventually((tmp_path / "said").exists)
