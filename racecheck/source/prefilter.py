"""Whether the bytes of a file can matter at all: most files never meet a thread and are not parsed.

Substring tests come first, because they run at the speed of memory. Where the substring alone
says too little, a regular expression looks closer; it begins with the same literal, which keeps it
fast. A file that is left out may still be read when a call leads into it (`Sources.follow`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

Test = Callable[[bytes], object]

HEAD: Final = 8_192
"""Bytes in which the imports of a framework are looked for."""


def wants(data: bytes) -> bool:
    """Whether a file with these bytes must be parsed."""
    if any(word in data and test(data) for word, test in _CLOSER) or _any(data, _PLAIN):
        return True
    return bool(_FRAMEWORK(b"\n" + data[:HEAD]) and _state_outlives(data))


def _any(data: bytes, words: Iterable[bytes]) -> bool:
    return any(word in data for word in words)


def _search(pattern: bytes) -> Test:
    return re.compile(pattern).search


_LOCK_WORDS: Final = (b"_lock", b".lock", b"Lock", b"LOCK", b".acquire(", b"utex", b"emaphore")
_ASYNC_WORDS: Final = (
    *(b"create_task", b"ensure_future", b"run_coroutine_threadsafe", b"to_thread"),
    *(b"run_in_executor", b"call_soon", b"start_soon", b"open_nursery", b"run_until_complete"),
    *(b"import Lock", b"time.sleep(", b"urlopen(", b"os.system(", b"os.wait"),
)
_ASYNC_NAMES: Final = _search(
    rb"asyncio\.(?:Lock|Condition|Semaphore|BoundedSemaphore|Event|Queue|run|wait)"
    rb"|import requests|from requests|input\((?<![\w.]input\()"
)
_BLOCKING_PROCESS: Final = _search(rb"subprocess\.(?:run|call|check_\w+|Popen)\(")
_COROUTINE: Final = re.compile(rb"async def (\w+)")
_OWN_THREADS: Final = _search(rb"thread_sensitive\s*=\s*(?!True)")
_STATEMENT_CALL: Final = re.compile(rb"\n[ \t]+(?:\w+\.)*(\w+)\(")
_EMPTY: Final = (
    rb"(?::[^=\n]+)?=\s*(?:\{\s*\}|\[\s*\]"
    rb"|(?:\w+\.)*(?:dict|list|set|defaultdict|deque|OrderedDict|Counter|Weak\w+Dictionary|count)\()"
)
_GLOBAL: Final = re.compile(rb"global (?<=[ \t;:]global )[\w\x80-\xff, \t]+(?:[#;\r\n\\]|\Z)")
_MODULE_CONTAINER: Final = _search(rb"(?m)^\w+\s*" + _EMPTY)
_TOP_OR_CONTAINER: Final = re.compile(rb"(?m)^(?:(\w+)|(?:  |    |\t)(\w+)\s*" + _EMPTY + rb")")
_CHANGED: Final = re.compile(
    rb"\.(\w+)(?:\[|[ \t]*[-+|&^]="
    rb"|\.(?:append|add|clear|copy|discard|extend|insert|pop|push|put|remove|reverse|rotate"
    rb"|setdefault|sort|subtract|update|__setitem__|\w+_update)\w*\()"
    rb"|(?:del[ \t]+|next\(|=[ \t]*)(?:\w+\.)+(\w+)"
)
"""An attribute that is changed in place, or of which something else gets hold."""

_CALLED_BACK: Final = _search(
    rb"finalize\(|(?:ref|proxy|WeakMethod|KeyedRef|ReferenceType)\(\s*[^,\n]+,"
)


def _and_lock(data: bytes) -> object:
    return _any(data, _LOCK_WORDS)


def _called_back(data: bytes) -> object:
    """A weak reference whose end calls something that may take a lock."""
    return _and_lock(data) and _CALLED_BACK(data)


def _and_thread(data: bytes) -> object:
    return b"thread" in data


def _state_outlives(data: bytes) -> object:
    """State that outlives a request: a rebound global, or an empty container to be filled.

    A container of a class counts when this file changes it. A subclass in another file that does
    so leads here, as to every base.
    """
    return _rebinds(data) or _MODULE_CONTAINER(data) or _changes_container(data)


def _rebinds(data: bytes) -> bool:
    """A `global` statement, not the word in a sentence."""
    for match in _GLOBAL.finditer(data):
        line = max(data.rfind(b"\n", 0, match.start()), data.rfind(b"\r", 0, match.start()))
        before = data[line + 1 : match.start()].strip()
        if not before or before.endswith((b";", b":")):
            return True
    return False


def _changes_container(data: bytes) -> bool:
    names = set(_class_containers(data))
    return bool(names) and any(not names.isdisjoint(found) for found in _CHANGED.findall(data))


def _class_containers(data: bytes) -> Iterator[bytes]:
    """Names of empty containers in the bodies of classes at the left margin."""
    inside = False
    for top, name in _TOP_OR_CONTAINER.findall(data):
        if top:
            inside = top == b"class"
        elif inside:
            yield name


def _tasks(data: bytes) -> object:
    return (b".task" in data or b"shared_task" in data) and _state_outlives(data)


def _asynchronous(data: bytes) -> object:
    """Tasks, blocking calls, or a coroutine that is called as a statement of its own.

    `sync_to_async` runs all code on one thread unless told otherwise, so that only state which
    coroutines share with it can be at risk.
    """
    if b"sync_to_async" in data and (_OWN_THREADS(data) or _state_outlives(data)):
        return True
    if _any(data, _ASYNC_WORDS) or _ASYNC_NAMES(data) or _BLOCKING_PROCESS(data):
        return True
    return not set(_COROUTINE.findall(data)).isdisjoint(_STATEMENT_CALL.findall(data))


_FRAMEWORK: Final = _search(
    rb"\n[ \t]*(?:from|import)[ \t]+(?:apscheduler|bottle|cherrypy|django\.(?:contrib\.a|forms"
    rb"|http|shortcuts|utils\.deprecation|views)|dramatiq|eventlet|falcon|fastapi|flask|gevent"
    rb"|grpc|http\.server|huey|joblib|kafka|paho|paramiko|pika|pymongo\.monitoring|pyramid"
    rb"|rest_framework|rq|schedule|serial\.threaded|slack_bolt|socketio|starlette|stomp|telebot"
    rb"|tornado|twisted|uvloop|waitress|watchdog|websocket|werkzeug|wsgiref|xmlrpc\.server"
    rb"|zeroconf)\b"
)
"""Imports of what calls the user's code on several threads or for several requests."""

_PLAIN: Final = (
    *(b"socketserver", b"emaphore(", b"os.fork(", b"GUARDED_BY(", b"racecheck:"),
    *(b"synchronized", b"_threadsafe("),
)
_CLOSER: Final[tuple[tuple[bytes, Test], ...]] = (
    (b"threading", _search(rb"threading\b(?<![A-Za-z]threading)")),
    (b"Lock", _search(rb"Lock(?<![bB]Lock)\w*\(")),
    (b"Thread", _search(rb"Thread\w*\s*[(),:]")),
    (b"async def", _asynchronous),
    (b"concurrent", _search(rb"concurrent(?:\.futures\b| import\b)")),
    (b"Executor", _search(rb"Executor\b")),
    (b"lock(", _search(rb"lock\((?<![bcBC]lock\()")),
    (b"reactor", _search(rb"reactor(?:\.|\b(?<=import reactor))")),
    (b"gevent", _search(rb"gevent\b(?:(?<=import gevent)|(?<=from gevent))")),
    (b"signal", _search(rb"signal(?:\.signal\(|_handler\()")),
    (b"_thread", _search(rb"_thread(?:pool)?[.(]|_thread import")),
    (b"Condition(", _search(rb"Condition\((?<!\wCondition\()")),
    (
        b"multiprocessing",
        _search(rb"multiprocessing\b(?:(?<=import multiprocessing)|(?<=from multiprocessing))"),
    ),
    (b"uarded", _search(rb"uarded[-_ ]by\b(?<=[Gg]uarded.by)(?<![A-Za-z]guarded.by)")),
    (b"def __del__", _and_lock),
    (b"weakref", _called_back),
    (b"Handler)", _and_lock),
    (b"input(", _and_thread),
    (b"celery", _tasks),
    (b"def __call__", _search(rb"(?m)^[ \t]+with self(?: as \w+)?:")),
)
