"""Whether what a selector waits for may come from outside of this process: then time is real."""

from __future__ import annotations

import os
import socket
import stat
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

FILES: Final = Path("/dev/fd")
"""Where the descriptors of this process are listed; other systems do not tell."""

TASKS: Final = Path("/proc/self/task")
"""Where Linux lists threads, each with the processes that it started."""

UNKNOWN: Final = -1
"""A child process, on systems that do not tell which there are."""

_INTERNET: Final = (socket.AF_INET, socket.AF_INET6)
_CREDENTIALS: Final = struct.Struct("3i")


def may_come(files: Iterable[int], *, timed: bool) -> bool:
    """Whether anything but our own agents can make one of the files ready.

    With `timed`, somebody's time will be over if nothing comes: then what only our own agents can
    do does not count, since all of them wait. (What child processes may do is `has_children`.)
    """
    found = list(files)
    if not timed:
        return bool(found)
    return any(_is_abroad(one) for one in found)


def has_children(foreign: frozenset[int] = frozenset()) -> bool:
    """Whether child processes of the program, `foreign` ones apart, run or were not waited for."""
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except (AttributeError, OSError):
        return False
    others = _helpers() | foreign
    return not others or not children() <= others


def _helpers() -> set[int]:
    """Processes that multiprocessing keeps for itself, to the end of this one."""
    tracker = sys.modules.get("multiprocessing.resource_tracker")
    server = sys.modules.get("multiprocessing.forkserver")
    found = {
        getattr(getattr(tracker, "_resource_tracker", None), "_pid", None),
        getattr(getattr(server, "_forkserver", None), "_forkserver_pid", None),
    }
    return found - {None}  # type: ignore[return-value]


def children() -> set[int]:
    """All child processes; `UNKNOWN` for those that the system does not tell of."""
    lists = []
    for name in _listed(TASKS):
        try:
            lists.append((TASKS / name / "children").read_bytes().split())
        except OSError:
            continue  # a thread that has ended meanwhile
    return {int(number) for numbers in lists for number in numbers} if lists else {UNKNOWN}


def _listed(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)  # noqa: PTH208 - at once: nothing is left open on the way
    except OSError:
        return []


def _is_abroad(file: int) -> bool:
    """Whether the other end is somebody else's, as far as can be told."""
    try:
        if not stat.S_ISSOCK(os.fstat(file).st_mode):
            return not stat.S_ISFIFO(os.fstat(file).st_mode)
        with _opened(file) as this:
            if _listens(this):
                return False
            if this.family not in _INTERNET:
                return _creator(this) != os.getpid()
            return _end(this.getpeername()) not in _names()
    except OSError:
        # Why: a connection that is being made has no other end yet.
        return True


@contextmanager
def _opened(file: int) -> Iterator[socket.socket]:
    """The socket, which somebody else goes on using."""
    this = socket.socket(fileno=file)
    try:
        yield this
    finally:
        this.detach()


def _listens(this: socket.socket) -> bool:
    return bool(this.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


def _creator(this: socket.socket) -> int:
    """The process that made the other end, where the system tells; else this one."""
    option = getattr(socket, "SO_PEERCRED", None)
    if option is None:
        return os.getpid()
    found = this.getsockopt(socket.SOL_SOCKET, option, _CREDENTIALS.size)
    pid: int = _CREDENTIALS.unpack(found)[0]
    return pid


def _names() -> set[Any]:
    """The names of all internet sockets of this process."""
    found = set()
    for path in FILES.iterdir():
        try:
            with _opened(int(path.name)) as this:
                if this.family in _INTERNET:
                    found.add(_end(this.getsockname()))
        except (OSError, ValueError):
            continue
    return found


def _end(name: Any) -> Any:
    """Address and port."""
    return name[:2]
