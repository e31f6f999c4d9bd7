"""thread_names.toml against the running interpreter: every name, its kind, and no other."""

from __future__ import annotations

import concurrent.futures
import inspect
import logging
import multiprocessing
import queue
import socketserver
import sys
import threading
from collections.abc import Callable

import pytest

from racecheck.catalog import load
from racecheck.catalog.models import ReservedName


def used_pool() -> concurrent.futures.ThreadPoolExecutor:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
    return pool


def closed_server() -> socketserver.TCPServer:
    server = socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler)
    server.server_close()
    return server


MAKERS: dict[str, Callable[[], object]] = {
    "threading.Thread": lambda: threading.Thread(target=int),
    "threading.Timer": lambda: threading.Timer(0, int),
    "multiprocessing.Process": lambda: multiprocessing.Process(target=int),
    "threading.Condition": threading.Condition,
    "threading.Event": threading.Event,
    "threading.Semaphore": threading.Semaphore,
    "threading.Barrier": lambda: threading.Barrier(2),
    "queue.Queue": queue.Queue,
    "logging.Handler": logging.Handler,
    "logging.StreamHandler": logging.StreamHandler,
    "socketserver.BaseServer": lambda: socketserver.BaseServer(
        ("", 0), socketserver.StreamRequestHandler
    ),
    "socketserver.TCPServer": closed_server,
    "socketserver.ThreadingMixIn": socketserver.ThreadingMixIn,
    "socketserver.BaseRequestHandler": lambda: socketserver.BaseRequestHandler(None, None, None),  # type: ignore[arg-type]
    "concurrent.futures.ThreadPoolExecutor": used_pool,
    "concurrent.futures.Future": concurrent.futures.Future,
}


def kind_of(value: object) -> str:
    """What a name bound in a class body is."""
    if inspect.isclass(value):
        return "class"
    method = callable(value) or isinstance(value, staticmethod | classmethod | property)
    return "method" if method else "class"


def introspect(made: object) -> dict[str, str]:
    """Names in use by an object of the library, with their kinds; dunder names are left out."""
    found: dict[str, str] = {}
    for cls in type(made).__mro__[:-1]:
        for name, value in vars(cls).items():
            if "__" not in name:
                found.setdefault(name, kind_of(value))
    for name in vars(made):
        if "__" not in name and found.get(name) != "method":
            found[name] = "attribute"
    return found


def holds(row: ReservedName) -> bool:
    now = sys.version_info[:2]
    since = tuple(map(int, row.since.split("."))) if row.since else (0, 0)
    until = tuple(map(int, row.until.split("."))) if row.until else (9, 9)
    return since <= now < until


@pytest.mark.parametrize("base", MAKERS)
def test_names_of_a_class(base: str) -> None:
    rows = [row for row in load.models().reserved[base] if holds(row)]
    assert all(isinstance(row.name, str) for row in rows)
    assert {row.name: row.kind for row in rows} == introspect(MAKERS[base]())


def test_public_names_have_no_underscore() -> None:
    for rows in load.models().reserved.values():
        for row in rows:
            assert row.public is not str(row.name).startswith("_")


def test_every_class_is_checked() -> None:
    """Classes without a maker have their names from a base that has one."""
    models = load.models()
    for base, rows in models.reserved.items():
        assert base in MAKERS or {row.base for row in rows} <= set(MAKERS), base


def test_known_history() -> None:
    names = {row.name: row for row in load.models().reserved["threading.Thread"]}
    assert (names["_stop"].until, names["_handle"].since) == ("3.13", "3.13")
    assert names["_context"].since == "3.14"
    assert names["run"].public
    assert "_stop" in {row.name for row in load.models().reserved["threading.Timer"]}
