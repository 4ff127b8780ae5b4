"""The demo's mail box."""

from __future__ import annotations

import os
import signal
import smtplib
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tracker.local import mailcatcher
from tracker.local.mailcatcher import HOST, catching


def send(port: int, subject: str, body: str = "text") -> None:
    with smtplib.SMTP(HOST, port) as client:
        client.sendmail("alerts@example.org", ["reader@example.org"], f"Subject: {subject}\r\n\r\n{body}")


def subjects(folder: Path) -> list[str]:
    return [str(message_from_bytes(file.read_bytes())["Subject"]) for file in sorted(folder.glob("*.eml"))]


def test_each_message_is_a_file_and_names_sort_by_time(tmp_path: Path) -> None:
    with catching(tmp_path / "mail") as port:
        for subject in ("one", "two", "three"):
            send(port, subject)

    assert subjects(tmp_path / "mail") == ["one", "two", "three"]


def test_messages_at_the_same_time_are_all_kept_and_no_part_is_left(tmp_path: Path) -> None:
    with catching(tmp_path) as port, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: send(port, str(number)), range(40)))

    assert sorted(subjects(tmp_path), key=int) == [str(number) for number in range(40)]
    assert len(list(tmp_path.iterdir())) == 40


def test_too_large_a_message_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailcatcher, "MAX_BYTES", 1000)

    with catching(tmp_path) as port, pytest.raises(smtplib.SMTPResponseException, match="552"):
        send(port, "large", "x" * 5000)

    assert subjects(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_a_temporary_failure(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    with catching(folder) as port:
        folder.rmdir()
        with pytest.raises(smtplib.SMTPDataError, match="451"):
            send(port, "lost")


def test_the_command_catches_until_it_is_told_to_stop(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tracker.local.mailcatcher", "--port", "0", "--dir", str(tmp_path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        send(int(process.stderr.readline().rpartition(":")[2]), "hello")
        os.kill(process.pid, signal.SIGTERM)
        process.communicate()

    assert subjects(tmp_path) == ["hello"]
    assert process.returncode == 0
