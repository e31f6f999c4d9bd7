"""Whether the bytes of a file can matter at all: most files never meet a thread and are not parsed.

Substring tests come first, because they run at the speed of memory. Where the substring alone
says too little, a regular expression looks closer; it begins with the same literal, which keeps it
fast. A file that is left out may still be read when a call leads into it (`Sources.follow`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Final

Test = Callable[[bytes], object]

HEAD: Final = 8_192
"""Bytes in which the imports of a framework are looked for."""


def wants(data: bytes) -> bool:
    """Whether a file with these bytes must be parsed."""
    if _any(data, _PLAIN) or any(word in data and test(data) for word, test in _CLOSER):
        return True
    head = data[:HEAD]
    return any(word in head and test(data) for word, test in _HEADED)


def _any(data: bytes, words: Iterable[bytes]) -> bool:
    return any(word in data for word in words)


def _search(pattern: bytes) -> Test:
    return re.compile(pattern).search


_LOCK_WORDS: Final = (b"_lock", b".lock", b"Lock", b"LOCK", b".acquire(", b"utex", b"emaphore")
_ASYNC_WORDS: Final = (
    *(b"create_task", b"ensure_future", b"run_coroutine_threadsafe", b"run_in_executor"),
    *(b"to_thread", b"call_soon", b"asyncio.Lock", b"asyncio.Condition", b"asyncio.Semaphore"),
    *(b"asyncio.Event", b"asyncio.Queue", b"asyncio.run", b"asyncio.shield", b"gather("),
    *(b"asyncio.wait", b"TaskGroup", b"start_soon", b"open_nursery", b"run_until_complete"),
    *(b"CancelledError", b"import Lock", b"time.sleep(", b"requests.", b"urlopen(", b"input("),
    *(b"subprocess.run(", b"subprocess.call(", b"subprocess.check_", b"subprocess.Popen("),
    *(b"os.system(", b"os.wait"),
)
_COROUTINE: Final = re.compile(rb"\basync def (\w+)")
_STATEMENT_CALL: Final = re.compile(rb"(?m)^[ \t]+(?:\w+\.)*(\w+)\(")
_EMPTY: Final = (
    rb"(?::[^=\n]+)?=\s*(?:\{\s*\}|\[\s*\]"
    rb"|(?:\w+\.)*(?:dict|list|set|defaultdict|deque|OrderedDict|Counter|Weak\w+Dictionary|count)\()"
)
_GLOBAL: Final = _search(rb"global (?<=[ \t]global )\w")
_MODULE_CONTAINER: Final = _search(rb"(?m)^\w+\s*" + _EMPTY)
_CLASS_CONTAINER: Final = _search(
    rb"(?m)^class\b[^\n]*\n(?:(?:[ \t#)\r][^\n]*)?\n)*?(?:  |    |\t)\w+\s*" + _EMPTY
)


def _and_lock(data: bytes) -> object:
    return _any(data, _LOCK_WORDS)


def _and_thread(data: bytes) -> object:
    return b"thread" in data


def _and_state(data: bytes) -> object:
    """State that outlives a request: a rebound global, or an empty container to be filled."""
    return _GLOBAL(data) or _MODULE_CONTAINER(data) or _CLASS_CONTAINER(data)


def _task_and_state(data: bytes) -> object:
    return (b".task" in data or b"shared_task" in data) and _and_state(data)


def _asynchronous(data: bytes) -> object:
    """Tasks, blocking calls, or a coroutine that is called as a statement of its own."""
    if _any(data, _ASYNC_WORDS):
        return True
    return not set(_COROUTINE.findall(data)).isdisjoint(_STATEMENT_CALL.findall(data))


_PLAIN: Final = (
    *(b"socketserver", b"emaphore(", b"signal.signal(", b"add_signal_handler(", b"os.fork("),
    *(b"GUARDED_BY(", b"preexec_fn=", b"reactor.", b"racecheck:"),
)
_CLOSER: Final[tuple[tuple[bytes, Test], ...]] = (
    (b"threading", _search(rb"threading\b(?<![A-Za-z]threading)")),
    (b"Lock(", _search(rb"Lock\((?<![bB]Lock\()")),
    (b"Thread", _search(rb"Thread\w*\s*[(),:]")),
    (b"async def", _asynchronous),
    (b"concurrent", _search(rb"concurrent(?:\.futures\b| import\b)")),
    (b"Executor", _search(rb"Executor\b")),
    (b"lock(", _search(rb"lock\((?<![bcBC]lock\()")),
    (b"_thread", _search(rb"_thread[.(]|_thread import")),
    (b"Condition(", _search(rb"Condition\((?<!\wCondition\()")),
    (
        b"multiprocessing",
        _search(rb"multiprocessing\b(?:(?<=import multiprocessing)|(?<=from multiprocessing))"),
    ),
    (b"uarded", _search(rb"uarded[-_ ]by\b(?<=[Gg]uarded.by)(?<![A-Za-z]guarded.by)")),
    (b"def __del__", _and_lock),
    (b"weakref", _and_lock),
    (b"Handler)", _and_lock),
    (b"input(", _and_thread),
    (b"def __call__", _search(rb"(?m)^[ \t]+with self(?: as \w+)?:")),
)
_HEADED: Final[tuple[tuple[bytes, Test], ...]] = (
    *((word, bool) for word in (b"gevent", b"eventlet", b"reactor")),
    *(
        (word, _and_state)
        for word in (
            *(b"flask", b"django.http", b"django.views", b"django.shortcuts", b"paho"),
            *(b"django.utils.deprecation", b"watchdog", b"apscheduler", b"http.server"),
            b"wsgiref",
        )
    ),
    (b"celery", _task_and_state),
)
