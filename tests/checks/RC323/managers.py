"""Generators that are something else, or yield after the section."""

import contextlib
import functools
import threading

import pytest
from fastapi import Depends
from twisted.internet.defer import inlineCallbacks

_lock = threading.Lock()
_slots = threading.Semaphore(4)
_rows = []


@contextlib.contextmanager
def locked():
    with _lock:
        yield


@pytest.fixture
def exclusive():
    with _lock:
        yield _rows


@inlineCallbacks
def fetch(client):
    with _lock:
        yield client.get("/")


def connection():
    with _lock:
        yield object()


def endpoint(conn=Depends(connection)):
    return conn


def _session():
    with _lock:
        for _ in range(1):
            yield object()


session = contextlib.contextmanager(_session)


def limited(urls, get):
    for url in urls:
        with _slots:
            yield get(url)


def _sorted_rows():
    with _lock:
        for row in _rows:
            yield row


def snapshot():
    return sorted(_sorted_rows())


def batches():
    while True:
        with _lock:
            if not _rows:
                return
            batch = list(_rows)
            _rows.clear()
        yield batch


@functools.lru_cache
def helper():
    def inner():
        yield 1

    with _lock:
        return list(inner())
