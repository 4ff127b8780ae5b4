"""Hosts of their own on this machine: network namespaces on a bridge, each with an address, to be cut off."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache

_WHERE = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


def _program() -> str:
    """The program `ip`, or ""."""
    return shutil.which("ip", path=_WHERE) or ""


@cache
def why_no_hosts() -> str:
    """Why no hosts can be made here; "" where they can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    if not _program():
        return "the program `ip` is missing (Debian: iproute2)"
    try:
        with hosts(1):
            return ""
    except _RefusedError as error:
        return f"no network namespaces here: {error}"


class _RefusedError(Exception):
    """The kernel, or whatever this runs in, does not let us."""


@dataclass(frozen=True)
class Host:
    """A host: the name of its namespace, the cable's end on our side, its address."""

    name: str
    cable: str
    address: str

    @property
    def prefix(self) -> list[str]:
        """What a command begins with that is to run there."""
        return [_program(), "netns", "exec", self.name]

    def cut_off(self) -> None:
        """Pulls the cable: nothing arrives and nothing is refused."""
        _ip("link", "set", self.cable, "down")

    def connect(self) -> None:
        """Plugs it in again."""
        _ip("link", "set", self.cable, "up")


@dataclass(frozen=True)
class Network:
    """Hosts on one bridge; `address` is ours on it, where the shared servers listen."""

    address: str
    hosts: list[Host]


@contextmanager
def hosts(number: int) -> Iterator[Network]:
    """So many hosts, gone at the end. Names and addresses follow from the process's number, so that tests side by side
    do not meet."""
    key = os.getpid() % 250
    bridge, subnet = f"gtb{os.getpid()}"[:15], f"10.213.{key}"
    made: list[Host] = []
    try:
        _ip("link", "add", bridge, "type", "bridge")
        _ip("addr", "add", f"{subnet}.1/24", "dev", bridge)
        _ip("link", "set", bridge, "up")
        for place in range(number):
            host = Host(f"gt{os.getpid()}h{place}", f"gt{os.getpid()}c{place}"[:15], f"{subnet}.{11 + place}")
            made.append(host)
            _plug(host, bridge, f"gt{os.getpid()}e{place}"[:15])
        yield Network(f"{subnet}.1", made)
    finally:
        for host in made:
            with suppress(_RefusedError):
                _ip("netns", "del", host.name)
        with suppress(_RefusedError):
            _ip("link", "del", bridge)


def _plug(host: Host, bridge: str, end: str) -> None:
    _ip("netns", "add", host.name)
    _ip("link", "add", host.cable, "type", "veth", "peer", "name", end)
    _ip("link", "set", host.cable, "master", bridge, "up")
    _ip("link", "set", end, "netns", host.name)
    _ip("-n", host.name, "addr", "add", f"{host.address}/24", "dev", end)
    _ip("-n", host.name, "link", "set", end, "up")
    _ip("-n", host.name, "link", "set", "lo", "up")


def _ip(*arguments: str) -> None:
    done = subprocess.run([_program(), *arguments], check=False, capture_output=True, text=True)
    if done.returncode:
        raise _RefusedError(f"ip {' '.join(arguments)}: {done.stderr.strip()}")
