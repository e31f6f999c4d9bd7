"""The finally finds the lock held, or asks."""

import threading

_lock = threading.Lock()
_pool = threading.Semaphore(4)
_state = {"n": 0}


def first_thing(job):
    try:
        _lock.acquire()
        job()
    finally:
        _lock.release()


def asks(job):
    try:
        job.prepare()
        _lock.acquire()
        job()
    finally:
        if _lock.locked():
            _lock.release()


def flagged(job):
    held = False
    try:
        job.prepare()
        held = _lock.acquire(timeout=1)
        job()
    finally:
        if held:
            _lock.release()


def takes_it_back(job):
    with _lock:
        _lock.release()
        try:
            job.wait()
        finally:
            _lock.acquire()
        _state["n"] += 1


def steps_out(job):
    _lock.acquire()
    try:
        _state["n"] += 1
        _lock.release()
        job()
        _lock.acquire()
        _state["n"] -= 1
    finally:
        _lock.release()


def inner_try(job):
    try:
        job.prepare()
        _lock.acquire()
        try:
            job()
        finally:
            _lock.release()
    finally:
        job.close()


def slots(job):
    try:
        job.prepare()
        _pool.acquire()
        job()
    finally:
        _pool.release()


def constant_first(job):
    try:
        count = 0
        _lock.acquire()
        job(count)
    finally:
        _lock.release()
