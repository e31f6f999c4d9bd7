"""Reading many files in worker processes. A file that kills its worker costs no other file."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from typing import Final, TypeVar

from racecheck.core import own_threads
from racecheck.facts.schema import FileFacts, Problem
from racecheck.source.reading import Done, Job, Reader, run, warm

BATCHES: Final = 40
"""Parts that the work is cut into, at least: the last worker must not end long after the others."""

GRACE: Final = 1.0
"""Seconds in which processes that were told to end are waited for."""

_NO_PROCESS: Final = (OSError, ImportError, NotImplementedError, BrokenProcessPool)
"""No semaphores here, no more processes, or one that died: this process does it all."""

_G = TypeVar("_G")
_R = TypeVar("_R")


class Workers:
    """Worker processes, started when first needed or by `warm`; they stay until `close`."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._share = 0
        self._batch: list[Job] = []
        self._begun: dict[str, Future[list[Done]]] = {}

    def open(self, count: int) -> ProcessPoolExecutor:
        """The processes; `count` of them if there are none yet."""
        if self._pool is None:
            context = multiprocessing.get_context(start_method())
            self._pool = ProcessPoolExecutor(count, context, _begin, (os.getpid(),))
        return self._pool

    def warm(self, count: int, share: int) -> None:
        """Start, and import the parser in them, while this process looks for files.

        share: lines that are worth sending over; see `begin`.
        """
        self._share = share
        try:
            pool = self.open(count)
            for _ in range(count):
                pool.submit(warm)
        except _NO_PROCESS:
            self.close()

    def begin(self, job: Job) -> None:
        """Read a file as soon as it is seen to be wanted; `read` waits for it."""
        if self._pool is None:
            return
        self._batch.append(job)
        if sum(one.lines for one in self._batch) >= self._share:
            self._send()

    def begun(self, jobs: Sequence[Job]) -> tuple[list[Job], set[Future[list[Done]]]]:
        """The jobs that were not begun, and what the others, and some more, come with."""
        self._send()
        futures = set(self._begun.values())
        rest = [job for job in jobs if job.path not in self._begun]
        self._begun = {}
        return rest, futures

    def _send(self) -> None:
        batch, self._batch = self._batch, []
        if batch and self._pool is not None:
            with suppress(*_NO_PROCESS):
                future = self._pool.submit(run, batch, None)
                self._begun |= {job.path: future for job in batch}

    def ahead(self, jobs: Sequence[Job], reader: Reader | None = None) -> Callable[[], list[Done]]:
        """Begin to read a few files in one process; what it returns waits for them."""
        try:
            future = self.open(1).submit(run, jobs, reader)
        except _NO_PROCESS:
            return lambda: run(jobs, reader)

        def wait() -> list[Done]:
            try:
                return future.result()
            except Exception:
                # Why any: each file gets a second chance of its own.
                return _one_by_one(list(jobs), reader)
            finally:
                self.close()

        return wait

    def aside(self, work: Callable[[_G], _R], given: _G) -> Callable[[], _R | None]:
        """Begin something else in one of them; None if the process died of it."""
        try:
            future = self.open(1).submit(work, given)
        except _NO_PROCESS:
            return lambda: work(given)

        def wait() -> _R | None:
            try:
                return future.result()
            except BrokenProcessPool:
                return None

        return wait

    def close(self) -> None:
        """Let the processes end."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(cancel_futures=True)

    def kill(self) -> None:
        """End the processes at once: Ctrl-C, or a fault of ours."""
        pool, self._pool = self._pool, None
        if pool is not None:
            processes = dict(getattr(pool, "_processes", None) or {})
            manager = getattr(pool, "_executor_manager_thread", None)
            pool.shutdown(wait=False, cancel_futures=True)
            for process in processes.values():
                process.terminate()
            if manager is not None:
                # Why: as CPython 3.11 ends, it may wake a manager that is closing its pipe.
                manager.join(GRACE)


def read(
    jobs: Sequence[Job],
    workers: int,
    reader: Reader | None,
    kept: Workers,
    meanwhile: Callable[[], None] = lambda: None,
) -> Iterator[list[Done]]:
    """What every job gave, some at a time, in any order.

    meanwhile: what this process does while the others begin.
    """
    missing = {job.path: job for job in jobs}
    try:
        for batch in _finished(jobs, workers, reader, kept, meanwhile):
            asked = [done for done in batch if missing.pop(done.path, None)]
            yield asked
    except (OSError, ImportError, NotImplementedError):
        # Why: no semaphores or no more processes here; one process will do.
        kept.close()
        yield run(list(missing.values()), reader)
        return
    except BaseException:
        kept.kill()
        raise
    if missing:
        kept.close()
        yield _one_by_one(list(missing.values()), reader)


def _finished(
    jobs: Sequence[Job],
    workers: int,
    reader: Reader | None,
    kept: Workers,
    meanwhile: Callable[[], None],
) -> Iterator[list[Done]]:
    """Batches as they end; those that the death of a worker took away are missing."""
    rest, futures = kept.begun(jobs)
    pool = kept.open(workers)
    with suppress(BrokenProcessPool):
        for batch in _batches(rest, workers):
            futures.add(pool.submit(run, batch, reader))
    meanwhile()
    for future in as_completed(futures):
        # Why any exception: each file of the batch gets a second chance of its own.
        if future.exception() is None:
            yield future.result()


def _batches(jobs: Sequence[Job], workers: int) -> list[list[Job]]:
    """The largest files first, in parts of about the same work."""
    ordered = sorted(jobs, key=lambda job: (-job.lines, job.path))
    share = sum(job.lines for job in jobs) / max(BATCHES, 10 * workers)
    batches: list[list[Job]] = [[]]
    size = 0
    for job in ordered:
        if batches[-1] and size + job.lines > share:
            batches.append([])
            size = 0
        batches[-1].append(job)
        size += job.lines
    return batches


def _one_by_one(rest: list[Job], reader: Reader | None) -> list[Done]:
    """The files that a dead worker left behind, each on its own; one more death names its file."""
    found: list[Done] = []
    while rest:
        with _executor(1) as pool:
            if not _alive(pool):
                return found + run(rest, reader)
            while rest:
                job = rest.pop(0)
                try:
                    found.extend(pool.submit(run, [job], reader).result())
                except BrokenProcessPool:
                    found.append(_failed(job, "the process that read this file died"))
                    break
                except Exception as error:
                    found.append(_failed(job, f"{type(error).__name__}: {error}"[:200]))
    return found


def _alive(pool: ProcessPoolExecutor) -> bool:
    """Whether a new worker does anything at all."""
    try:
        return pool.submit(run, [], None).result() == []
    except BrokenProcessPool:
        return False


def _failed(job: Job, message: str) -> Done:
    problem = Problem("internal", message)
    return Done(job.path, job.digest, FileFacts(lines=job.lines, problem=problem))


@contextmanager
def _executor(count: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes for a while. Whatever ends this early ends them at once."""
    workers = Workers()
    try:
        yield workers.open(count)
    except BaseException:
        workers.kill()
        raise
    workers.close()


def start_method() -> str:
    """`fork` shares what is imported, but is safe only while this process has one thread."""
    if sys.platform == "linux" and threading.active_count() == 1:
        return "fork"
    return "spawn"


def _begin(parent: int) -> None:
    """Ctrl-C is the parent's business; a worker without its parent has none."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    name = f"{own_threads.PREFIX}parent"
    threading.Thread(target=_leave_with, args=(parent,), name=name, daemon=True).start()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
