"""Stacks of a test's own."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.local.helpers import Stack


@pytest.fixture
def public_directory() -> Iterator[Path]:
    """A directory that every user may enter; pytest's own are private."""
    path = Path(tempfile.mkdtemp(dir="/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture
def stack(public_directory: Path) -> Iterator[Stack]:
    """An embedded stack that nobody else uses."""
    stack = Stack(public_directory / "stack")
    yield stack
    stack.close()
    shutil.rmtree(stack.layout.sockets, ignore_errors=True)
