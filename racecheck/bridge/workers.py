"""What an executor's workers do: drive processes that explore, and survive whatever these do.

An exploration owns its process: one thread runs at a time, state is rewound, locks are replaced. A
worker of somebody's executor is no place for that (Dask's has threads of its own), so each worker
starts a process and talks to it by its pipes. It is kept for the next order of the same kind. When
it dies or does not come back, that is an answer, and the executor is none the worse.
"""

from __future__ import annotations

import atexit
import os
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from typing import IO, Final, Protocol

from racecheck.bridge.orders import Answer, Setup, packed, unpacked

_HEAD: Final = struct.Struct(">Q")

_PARENT: Final = "RACECHECK_EXPLORES_FOR"
"""Set in such a process, to that of its parent: it must not spread its own part again."""


class Readable(Protocol):
    """What a message is read from."""

    def read(self, size: int, /) -> bytes:
        """Less only at the end."""


class Child:
    """A process that explores, and the pipes to it."""

    def __init__(self, setup: Setup) -> None:
        # Why a file and no pipe: nobody reads it until the end.
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115
        environment = {**os.environ, **dict(setup.environment), _PARENT: str(os.getpid())}
        self._process = subprocess.Popen(
            [sys.executable, "-m", setup.module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            cwd=setup.folder,
            env=environment,
            start_new_session=os.name == "posix",
        )
        self.late = False
        """Whether it was ended because it did not come back."""
        self._send(packed(setup))

    def ask(self, order: bytes, limit: float | None) -> bytes:
        """The answer; EOFError says how the process has ended instead."""
        timer = threading.Timer(limit, self._give_up) if limit is not None else None
        if timer is not None:
            timer.daemon = True
            timer.start()
        try:
            self._send(order)
            return read(self._pipe(self._process.stdout))
        except (OSError, EOFError, ValueError):
            # ValueError: another thread has ended it, and closed its pipes.
            raise EOFError(self._ended(limit)) from None
        finally:
            if timer is not None:
                timer.cancel()

    def end(self) -> None:
        """Let it go."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._errors):
            # Why ValueError: a thread that ends all may be closing it at this moment.
            with suppress(OSError, AttributeError, ValueError):
                self._pipe(pipe).close()

    def _send(self, data: bytes) -> None:
        with suppress(OSError, ValueError):
            # Why no error: what it says in the end is read, and it says nothing.
            write(self._pipe(self._process.stdin), data)

    @staticmethod
    def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
        assert pipe is not None
        return pipe

    def _give_up(self) -> None:
        self.late = True
        self._process.kill()

    def _ended(self, limit: float | None) -> str:
        self._process.kill()
        code = self._process.wait()
        if self.late:
            return f"its process did not come back within {limit:.0f} s and was ended"
        return f"its process died ({_how(code)}){self._last_words()}"

    def _last_words(self) -> str:
        with suppress(ValueError):  # closed by whoever has ended it
            self._errors.seek(0)
            lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
            return f": {lines[-1]}" if lines else ""
        return ""


def _how(code: int) -> str:
    with suppress(ValueError):
        if code < 0:
            return signal.Signals(-code).name
    return f"exit code {code}"


def work(setup: bytes, order: bytes, limit: float | None) -> bytes:
    """Carry out an order, in whichever process an executor has put this."""
    told: Setup = unpacked(setup)
    if told.problem:
        return packed(Answer(fault=told.problem))
    began = kept.ended
    while True:
        child, fresh = kept.take(setup, told)
        if kept.ended != began:
            kept.drop(child)
            return packed(Answer(fault="it was ended"))
        try:
            answer = child.ask(order, limit)
        except EOFError as ended:
            kept.drop(child)
            if fresh or child.late:
                return packed(Answer(fault=str(ended)))
            # Why once more: an idle process leaves by itself after a while.
            continue
        except BaseException:
            kept.drop(child)
            raise
        kept.give_back(setup, child)
        return answer


def greet(setup: bytes) -> str:
    """Why explorations cannot be sent here, "" if they can."""
    told: Setup = unpacked(setup)
    return told.problem


class Kept:
    """The processes that this one has started."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: dict[bytes, list[Child]] = {}
        self._all: set[Child] = set()
        self.ended = 0
        """How often all were ended: whoever works for something older gives up."""
        self._not_ours: list[set[Child]] = []

    def take(self, key: bytes, setup: Setup) -> tuple[Child, bool]:
        """One that nobody uses, and whether it is new."""
        with self._lock:
            if idle := self._idle.get(key):
                return idle.pop(), False
            old = [one for other in self._idle if other != key for one in self._idle[other]]
            self._idle = {key: []}
        for one in old:
            self.drop(one)
        child = Child(setup)
        with self._lock:
            self._all.add(child)
        return child, True

    def give_back(self, key: bytes, child: Child) -> None:
        """It can be used again."""
        with self._lock:
            self._idle.setdefault(key, []).append(child)

    def drop(self, child: Child) -> None:
        """It cannot."""
        with self._lock:
            self._all.discard(child)
        child.end()

    def end(self) -> None:
        """All of them."""
        with self._lock:
            self.ended += 1
            children = list(self._all)
            self._all.clear()
            self._idle.clear()
        for child in children:
            child.end()

    @property
    def idle(self) -> int:
        """How many wait for an order."""
        return sum(len(some) for some in self._idle.values())

    def forked(self) -> None:
        """This process is a copy: two would talk to the same child at once."""
        # Why kept: what is collected as garbage warns that it is still running.
        self._not_ours.append(self._all)
        self._lock, self._idle, self._all = threading.Lock(), {}, set()


kept: Final = Kept()
"""Those of this process."""
end_all: Final = kept.end

atexit.register(end_all)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=kept.forked)


def is_child() -> bool:
    """Whether this process explores for another one."""
    return _PARENT in os.environ


def parent() -> int:
    """The process that this one explores for. Asked of the system, it may be gone already."""
    return int(os.environ[_PARENT])


def write(pipe: IO[bytes], data: bytes) -> None:
    """A message: its length, then itself."""
    pipe.write(_HEAD.pack(len(data)) + data)
    pipe.flush()


def read(pipe: Readable) -> bytes:
    """A message; EOFError if there is none, or half of one."""
    head = pipe.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError
    (length,) = _HEAD.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        raise EOFError
    return data
