"""Ports and the checkout's one demo: who has it is said, and what else could be had."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.local.helpers import Stack
from tracker.local.errors import LocalStackError
from tracker.local.occupancy import AlreadyRunning, Claim, PortTaken, listen
from tracker.local.paths import CHECKOUT


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_free_port_is_the_one_that_was_asked_for() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    with listen(port, explicit=True) as listener:
        assert listener.getsockname() == ("127.0.0.1", port)


def test_instead_of_a_taken_port_the_next_free_one_is_used(taken: int) -> None:
    with listen(taken, explicit=False) as listener:
        assert listener.getsockname()[1] > taken


def test_a_taken_port_that_was_asked_for_is_an_error_that_offers_another(taken: int) -> None:
    with pytest.raises(
        PortTaken, match=rf"Port {taken} of 127.0.0.1 is in use. \d+ is free: --port \d+"
    ) as caught:
        listen(taken, explicit=True)

    assert caught.value.exit_status == 2
    assert caught.value.free is not None
    with listen(caught.value.free, explicit=True):
        pass


@pytest.mark.parametrize("port", [70000, -1])
def test_a_number_that_is_no_port_is_said_so(port: int) -> None:
    with pytest.raises(LocalStackError, match="is not a port"):
        listen(port, explicit=True)


def test_a_second_claim_says_where_the_first_one_serves(stack: Stack) -> None:
    with Claim("demo", stack.layout) as first:
        first.announce("http://127.0.0.1:8001")

        with pytest.raises(AlreadyRunning, match=r"already runs at http://127\.0\.0\.1:8001\.") as caught:
            Claim("demo", stack.layout)

    assert caught.value.exit_status == 3
    Claim("demo", stack.layout).close()


def test_the_claim_of_a_killed_process_is_free(stack: Stack) -> None:
    code = (
        "import sys; from tracker.local.occupancy import Claim\n"
        "claim = Claim('demo'); claim.announce('http://127.0.0.1:8001'); print('has it', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=CHECKOUT,
        env=stack.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "has it\n"
        with pytest.raises(AlreadyRunning):
            Claim("demo", stack.layout)
        holder.kill()

    Claim("demo", stack.layout).close()
