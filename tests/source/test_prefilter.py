from __future__ import annotations

import pytest

from racecheck.catalog.load import rulebook
from racecheck.source.prefilter import HEAD, wants

WANTED = {
    "import": "import threading\n",
    "import in a function": "def f():\n    from threading import Lock\n",
    "other name": "import threading as t\nt.Thread(target=f)\n",
    "subclass of an unknown thread": "class Worker(BaseThread):\n    def run(self): ...\n",
    "several bases": "class Worker(Mixin, QThread, Other):\n    pass\n",
    "thread made from a namespace": "w = base.StoppableThread(run)\n",
    "low level": "import _thread\n_thread.start_new_thread(f, ())\n",
    "futures": "from concurrent.futures import as_completed\n",
    "futures as module": "from concurrent import futures\n",
    "executor by annotation": "def f(pool: Executor) -> None: pool.submit(g)\n",
    "lock from anywhere": "self._guard = make.RLock()\n",
    "lock factory": "self._guard = self._new_lock()\n",
    "file lock": "with filelock('x'): pass\n",
    "semaphore": "s = Semaphore(3)\n",
    "bounded semaphore": "s = BoundedSemaphore(3)\n",
    "condition": "c = Condition()\n",
    "server": "import socketserver\n",
    "twisted": "from twisted.internet import reactor\n",
    "twisted call": "self.reactor.callFromThread(f)\n",
    "processes": "from multiprocessing import Queue\n",
    "context": "import multiprocessing.pool\n",
    "fork": "if os.fork() == 0: pass\n",
    "signal": "signal.signal(signal.SIGTERM, stop)\n",
    "loop signal": "loop.add_signal_handler(2, stop)\n",
    "comment": "x = 0  # guarded-by: lock\n",
    "comment in prose": "# Guarded by self.lock.\nx = 0\n",
    "google style": "x = 0  # GUARDED_BY(self._lock)\n",
    "green threads": "import gevent.monkey\n",
    "task": "async def f():\n    asyncio.create_task(g())\n",
    "async lock": "import asyncio\nasync def f():\n    async with asyncio.Lock(): pass\n",
    "to_thread": "async def f():\n    await anyio.to_thread.run_sync(g)\n",
    "trio": "async def f(nursery):\n    nursery.start_soon(g)\n",
    "sleep on the loop": "async def f():\n    time.sleep(1)\n",
    "request on the loop": "import requests\nasync def f():\n    requests.get(url)\n",
    "coroutine never awaited": "async def f():\n    pass\ndef g():\n    f()\n",
    "method never awaited": "class A:\n  async def f(self): ...\n  def g(self):\n    self.f()\n",
    "finalizer": "class A:\n    def __del__(self):\n        with self._lock: pass\n",
    "weak callback": "import weakref\nr = weakref.ref(x, f)\nlock.acquire()\n",
    "logging handler": "class H(logging.Handler):\n    def emit(self, r):\n        self.lock.x\n",
    "input": "def f():\n    input('?')  # runs on a thread\n",
    "flask global": "from flask import Flask\nN = 0\ndef f():\n    global N\n    N += 1\n",
    "flask container": "import flask\nCACHE: dict[str, int] = {}\n",
    "django class state": (
        "from django.views import View\n\n\nclass V(View):\n    '''Text.'''\n\n"
        "    name = 'x'\n    seen = []\n\n    def get(self):\n        self.seen.append(1)\n"
    ),
    "django class state after a method": (
        "from django.http import HttpRequest\nclass V:\n    def f(self):\n        x = 1\n\n"
        "        return self.seen.setdefault(x)\n\n    seen = dict()\n"
    ),
    "class state under another name": (
        "import flask\nclass V(X):\n    seen = {}\n    def f(self):\n        seen = self.seen\n"
    ),
    "class state, an item of an item": (
        "import flask\nclass V(X):\n    n = defaultdict(list)\n    def f(self, k):\n"
        "        self.n[k].append(1)\n"
    ),
    "class state, an item": "import flask\nclass V(X):\n    n = {}\n    def f(self): V.n[1] += 1\n",
    "class state, a counter": "import flask\nclass V:\n  n = count()\n  x = lambda s: next(s.n)\n",
    "global after a colon": "import flask\nN = 0\ndef f(): global N; N += 1\n",
    "fair lock": "x = rwlock.RWLockFair()\n",
    "lock decorator": "@synchronized\ndef f(): ...\n",
    "hand-over to a loop": "x = asyncio.run_coroutine_threadsafe(g(), loop).result()\n",
    "callback of a broker": "connection.add_callback_threadsafe(f)\n",
    "pool of a web framework": "from starlette.concurrency import run_in_threadpool as r\nX = []\n",
    "endpoint on a pool": "from fastapi import FastAPI\nCACHE = {}\n",
    "rest framework": (
        "from rest_framework.views import V\nclass A(V):\n    seen = set()\n"
        "    def get(self, request):\n        self.seen.add(request)\n"
    ),
    "sync code on threads of its own": (
        "async def f(): await sync_to_async(g, thread_sensitive=False)()\n"
    ),
    "sync code and shared state": "SEEN = {}\nasync def f(): await sync_to_async(SEEN.get)(1)\n",
    "late import": "def f():\n    import tornado.web\nSEEN = {}\n",
    "celery": "from celery import shared_task\nSEEN = set()\n",
    "celery app": "import celery\nSEEN = collections.deque()\n@app.task\ndef f(): ...\n",
    "watchdog": "from watchdog.events import X\nSEEN = defaultdict(list)\n",
    "paho": "import paho.mqtt.client\nSEEN = weakref.WeakValueDictionary()\n",
    "apscheduler": "from apscheduler.schedulers import x\ndef f():\n\tglobal X\n",
    "http server": "from http.server import X\nLOG = []\n",
}

LEFT_OUT = {
    "nothing": "",
    "plain": "def f(x):\n    return x + 1\n",
    "words in prose": "# A thread of messages, unlocked and blocked.\n",
    "block": "self.block(x)\ngetblock(1)\nBlock(2)\nEndOfBlock(3)\n",
    "clock": "adjust_clock(1)\nCLOCK(2)\nwallclock(3)\n",
    "mock": "Mock()\nmock()\nsocket.sock(1)\n",
    "multithreaded": "x = 'multithreading'\n",
    "futures trading": "from __future__ import annotations\nfutures = load()\n",
    "concurrently": "concurrent = 3\n",
    "precondition": "PreCondition(x)\nErrorCondition(y)\n",
    "processing": "multiprocessing = True\n",
    "safeguarded": "x = 1  # safeguarded by hand\n",
    "async without tasks": "async def f(x):\n    return await g(x)\n",
    "awaited method": "async def f(x): ...\nasync def g(x):\n    await f(x)\n    return f(x)\n",
    "finalizer without a lock": "class A:\n    def __del__(self):\n        self.close()\n",
    "handler without a lock": "class H(logging.Handler):\n    def emit(self, r): ...\n",
    "input without a thread": "input('?')\n",
    "flask without state": "from flask import Flask\nNAMES = ['a']\nx = {'a': 1}\n",
    "flask, local container": "from flask import Flask\ndef f():\n    seen = {}\n    return seen\n",
    "django, local container": (
        "from django.http import HttpRequest\nclass V:\n    def f(self):\n        seen = []\n"
        "def g():\n    seen = []\n"
    ),
    "django without views": "from django.db import models\nSEEN = {}\n",
    "celery without tasks": "import celery\nSEEN = {}\n",
    "a framework's name in a longer one": "import flaskish\nfrom schedules import x\nSEEN = {}\n",
    "lockers and blocks": "BlockLocker = 1\nblockLock = f.Blocker()\n",
    "state without a framework": "CACHE = {}\ndef f():\n    global CACHE\n",
    "global in prose": "from flask import Flask\n# a global-ish x\n",
    "global in a sentence": "import flask\ndef f():\n    # The global name of it.\n    return 1\n",
    "global at the start of a line": "import flask\ndef f():\n  '''Not\n  global, or so.\n  '''\n",
    "a local of the name of an attribute": (
        "import flask\nclass V(X):\n    x = 1\ndef f(a):\n    data = []\n    a.data[1] = 2\n"
    ),
    "class state that nobody changes": (
        "import flask\nclass V(X):\n    names = {}\n    def f(self):\n        g(self.names)\n"
    ),
    "sync code on one thread": "async def f():\n    return await sync_to_async(self.f)()\n",
    "a group of tasks in a graph": "async def f():\n    return TaskGroupGraph(1)\n",
    "a request of another kind": "async def f():\n    return await self.requests.get(1)\n",
    "requests in prose": "async def f():\n    # It counts requests.\n    pass\n",
    "no builtin input": "async def f():\n    return get_input(1)\n",
    "weak reference without a callback": "import weakref\nr = weakref.ref(x)\nself._lock = 1\n",
}


@pytest.mark.parametrize("source", WANTED.values(), ids=WANTED)
def test_wanted(source: str) -> None:
    assert wants(source.encode())
    assert wants(source.replace("\n", "\r\n").encode())


@pytest.mark.parametrize("source", LEFT_OUT.values(), ids=LEFT_OUT)
def test_left_out(source: str) -> None:
    assert not wants(source.encode())


@pytest.mark.parametrize(
    "data", [b"\0\xff\xfe", b"\xff" * 100, "import thréading".encode("utf-16")]
)
def test_any_bytes_will_do(data: bytes) -> None:
    assert wants(data) is False
    assert wants(data + b"\nimport threading\n") is True


def test_a_framework_is_looked_for_among_the_imports_only() -> None:
    source = b"CACHE = {}\n"
    late = b"x = 1\n" * HEAD + b"import flask\n"
    assert wants(source + b"import flask\n")
    assert not wants(source + late)


def test_long_classes_take_linear_time() -> None:
    """The pattern for class bodies must not try every pair of lines: this would take hours."""
    source = b"import flask\nclass A:\n" + b"    x = 1\n        y = 2\n" * 100_000
    assert not wants(source)


def test_no_example_of_the_catalogue_is_left_out() -> None:
    """In a large project it would not be read, and its finding missed."""
    book = rulebook()
    for code in sorted(book.codes - book.run_only):
        for example in book.get(code).examples:
            assert wants(example.bad.encode()), (code, example.title)
