"""What may come from outside, and what cannot."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from multiprocessing import resource_tracker

import pytest

from racecheck.explore.control.abroad import has_children, may_come
from racecheck.explore.control.before import Before


@pytest.fixture
def sockets() -> Iterator[list[socket.socket]]:
    opened: list[socket.socket] = []
    yield opened
    for one in opened:
        one.close()


def listening() -> socket.socket:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    return server


def test_nothing_can_come_where_nothing_is_watched() -> None:
    assert not may_come([], timed=False)
    assert not may_come([], timed=True)


def test_anything_may_come_if_there_is_time_without_end(sockets: list[socket.socket]) -> None:
    sockets += socket.socketpair()
    assert may_come([sockets[0].fileno()], timed=False)


def test_both_ends_of_a_pair_are_ours(sockets: list[socket.socket]) -> None:
    sockets += socket.socketpair()
    assert not may_come([one.fileno() for one in sockets], timed=True)


def test_both_ends_of_a_connection_are_ours(sockets: list[socket.socket]) -> None:
    server = listening()
    client = socket.create_connection(server.getsockname())
    sockets += [server, client, server.accept()[0]]
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208
    assert not may_come([one.fileno() for one in sockets], timed=True)
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208
    assert all(one.getsockname() for one in sockets)


def test_a_pipe_is_ours() -> None:
    here, there = os.pipe()
    try:
        assert not may_come([here], timed=True)
    finally:
        os.close(here)
        os.close(there)


def test_one_without_another_end_is_not(sockets: list[socket.socket]) -> None:
    sockets.append(socket.socket(type=socket.SOCK_DGRAM))
    sockets[0].bind(("127.0.0.1", 0))
    assert may_come([sockets[0].fileno()], timed=True)


def test_the_other_end_is_somebody_else(sockets: list[socket.socket]) -> None:
    sockets.append(socket.socket(type=socket.SOCK_DGRAM))
    # An address for documentation (RFC 5737); no packet is sent.
    try:
        sockets[0].connect(("192.0.2.1", 9))
    except OSError:
        pytest.skip("there is no network")
    assert may_come([sockets[0].fileno()], timed=True)


def test_a_child_is_seen_until_it_was_waited_for() -> None:
    assert not has_children()
    child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert has_children()
        assert not has_children(frozenset({child.pid}))
    finally:
        child.communicate(b"\n")
    assert not has_children()


def test_children_from_before_the_program_are_nothing_to_it() -> None:
    first = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    before = Before()
    try:
        assert has_children()
        assert not has_children(before.children)
        second = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
        try:
            assert has_children(before.children)
        finally:
            second.communicate(b"\n")
    finally:
        first.communicate(b"\n")


def test_what_multiprocessing_keeps_for_itself_is_no_child(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    child = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
    try:
        assert has_children()
        monkeypatch.setattr(resource_tracker._resource_tracker, "_pid", child.pid)
        assert not has_children()
        other = subprocess.Popen([sys.executable, "-S", "-c", "input()"], stdin=subprocess.PIPE)
        try:
            assert has_children()
        finally:
            other.communicate(b"\n")
    finally:
        child.communicate(b"\n")
