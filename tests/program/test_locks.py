"""Which locks are held where."""

from __future__ import annotations

from racecheck.program import locks

from .build import cls, function, held_at, locks_at, program, typed


def one(text: str, where: str) -> list[str]:
    return locks_at(program(m=text), where)


def test_attribute_set_in_init() -> None:
    made = program(
        m="""
        import threading
        class A:
            def __init__(self):
                self._lock = threading.Lock()
            def f(self):
                with self._lock:
                    mark()
    """
    )
    assert locks_at(made, "A.f") == ["m.A._lock of self"]
    lock = held_at(made, "A.f")[0].lock
    assert (lock.kind, lock.reentrant, lock.scope, lock.is_async) == (
        "lock",
        False,
        "instance",
        False,
    )
    assert lock.place is not None and lock.place.line == 5
    assert lock.name == "A._lock"
    assert held_at(made, "A.f")[0].line == 7


def test_nothing_is_held_before_and_after() -> None:
    text = """
        import threading
        class A:
            def __init__(self):
                self._lock = threading.Lock()
            def f(self):
                with self._lock:
                    pass
                mark()
    """
    assert one(text, "A.f") == []


def test_files_and_transactions_are_no_locks() -> None:
    text = """
        import threading, sqlite3
        class A:
            def __init__(self):
                self.db = sqlite3.connect("x")
            def f(self):
                with open("x") as handle, self.db:
                    mark()
    """
    assert one(text, "A.f") == []


def test_inherited_lock_belongs_to_the_base() -> None:
    text = """
        import threading
        class Base:
            def __init__(self):
                self._lock = threading.RLock()
        class A(Base):
            def f(self):
                with self._lock:
                    mark()
    """
    made = program(m=text)
    assert locks_at(made, "A.f") == ["m.Base._lock of self"]
    assert held_at(made, "A.f")[0].lock.reentrant is True


def test_lock_of_a_base_in_another_module() -> None:
    made = program(
        pkg__init="",
        pkg__base="""
        from threading import Lock
        class Base:
            def __init__(self):
                self.mu = Lock()
        """,
        pkg__a="""
        from .base import Base
        class A(Base):
            def f(self):
                with self.mu:
                    mark()
        """,
    )
    assert locks_at(made, "A.f") == ["pkg.base.Base.mu of self"]


def test_global_lock_and_imported_global_lock() -> None:
    made = program(
        a="import threading\nLOCK = threading.Lock()\ndef f():\n    with LOCK:\n        mark()\n",
        b="import a\nfrom a import LOCK as L\ndef g():\n    with L:\n        mark()\n"
        "def h():\n    with a.LOCK:\n        mark()\n",
    )
    assert locks_at(made, "f") == locks_at(made, "g") == locks_at(made, "h") == ["a.LOCK"]


def test_class_level_lock() -> None:
    text = """
        import threading
        class A:
            _mu = threading.Lock()
            def f(self):
                with self._mu:
                    mark()
            @classmethod
            def g(cls):
                with cls._mu:
                    mark()
        def h():
            with A._mu:
                mark()
    """
    made = program(m=text)
    assert locks_at(made, "A.f") == locks_at(made, "A.g") == locks_at(made, "h") == ["m.A._mu"]
    assert held_at(made, "A.f")[0].lock.scope == "class"


def test_condition_over_a_lock_is_that_lock() -> None:
    text = """
        import threading
        class A:
            def __init__(self):
                self._lock = threading.Lock()
                self._ready = threading.Condition(self._lock)
                self._own = threading.Condition()
            def f(self):
                with self._ready:
                    mark()
            def g(self):
                with self._own:
                    mark()
    """
    made = program(m=text)
    (held,) = held_at(made, "A.f")
    assert held.lock.id == "m.A._lock" and held.base == "self" and held.lock.wraps
    assert held.lock == locks.find(function(made, "A.f"), "self._lock").lock
    (own,) = held_at(made, "A.g")
    assert (own.lock.id, own.lock.kind, own.lock.reentrant) == ("m.A._own", "condition", True)


def test_conditions_over_a_shared_local_lock() -> None:
    text = """
        import threading
        class Q:
            def __init__(self):
                self.mutex = threading.Lock()
                self.not_empty = threading.Condition(lock=self.mutex)
                self.not_full = threading.Condition(self.mutex)
            def f(self):
                with self.not_empty:
                    mark()
            def g(self):
                with self.not_full:
                    mark()
    """
    made = program(m=text)
    assert held_at(made, "Q.f") == held_at(made, "Q.g")


def test_acquire_and_try_finally() -> None:
    text = """
        import threading
        L = threading.Lock()
        def f():
            L.acquire()
            try:
                mark()
            finally:
                L.release()
            after()
    """
    made = program(m=text)
    assert locks_at(made, "f") == ["m.L"]
    assert locks_at(made, "f", "after") == []


def test_other_object_is_another_base() -> None:
    text = """
        import threading
        class Account:
            def __init__(self):
                self.lock = threading.Lock()
            def pay(self, other: "Account"):
                with self.lock, other.lock:
                    mark()
    """
    assert one(text, "Account.pay") == ["m.Account.lock of self", "m.Account.lock of other"]


def test_lock_per_key() -> None:
    text = """
        import threading
        from collections import defaultdict
        class A:
            def __init__(self):
                self._locks = defaultdict(threading.Lock)
                self._made = {}
            def f(self, key):
                with self._locks[key]:
                    mark()
            def g(self, key):
                with self._made.setdefault(key, threading.Lock()):
                    mark()
            def h(self, key):
                lock = self._locks[key]
                with lock:
                    mark()
    """
    made = program(m=text)
    assert locks_at(made, "A.f") == locks_at(made, "A.h") == ["m.A._locks[*] of self"]
    assert locks_at(made, "A.g") == ["m.A._made[*] of self"]
    assert held_at(made, "A.f")[0].lock.many


def test_lock_from_a_helper() -> None:
    text = """
        import threading
        def make_lock():
            return threading.RLock()
        class A:
            def __init__(self):
                self._lock = self._create_lock()
                self._other = make_lock()
            def _create_lock(self):
                return threading.Lock()
            def f(self):
                with self._lock:
                    with self._other:
                        mark()
    """
    made = program(m=text)
    assert [(h.lock.id, h.lock.reentrant) for h in held_at(made, "A.f")] == [
        ("m.A._lock", False),
        ("m.A._other", True),
    ]


def test_property_and_method_that_return_a_lock() -> None:
    text = """
        import threading
        class A:
            def __init__(self):
                self.__lock = threading.Lock()
            @property
            def lock(self):
                return self.__lock
            def get_lock(self):
                return self.__lock
            def f(self):
                with self.lock:
                    mark()
            def g(self):
                with self.get_lock():
                    mark()
        def h(a: A):
            with a.lock:
                mark()
    """
    made = program(m=text)
    assert locks_at(made, "A.f") == locks_at(made, "A.g") == ["m.A.__lock of self"]
    assert locks_at(made, "h") == ["m.A.__lock of a"]


def test_contextmanager_method_holds_at_its_yield() -> None:
    text = """
        import threading
        from contextlib import contextmanager
        class A:
            def __init__(self):
                self._lock = threading.Lock()
            @contextmanager
            def locked(self):
                with self._lock:
                    yield self
            @contextmanager
            def timed(self):
                with self._lock:
                    pass
                yield
            def f(self):
                with self.locked():
                    mark()
            def g(self):
                with self.timed():
                    mark()
        def h(a: A):
            with a.locked():
                mark()
    """
    made = program(m=text)
    assert locks_at(made, "A.f") == ["m.A._lock of self"]
    assert locks_at(made, "A.g") == []
    assert locks_at(made, "h") == ["m.A._lock of a"]


def test_contextmanager_function_with_a_lock_parameter() -> None:
    text = """
        import threading
        from contextlib import contextmanager
        @contextmanager
        def holding(lock, why=""):
            lock.acquire()
            try:
                yield
            finally:
                lock.release()
        class A:
            def __init__(self):
                self._lock = threading.Lock()
            def f(self):
                with holding(self._lock, "f"):
                    mark()
            def g(self):
                with holding(lock=self._lock):
                    mark()
    """
    made = program(m=text)
    assert locks_at(made, "A.f") == locks_at(made, "A.g") == ["m.A._lock of self"]


def test_manager_class_takes_the_lock_it_was_given() -> None:
    text = """
        import threading
        class Guard:
            def __init__(self, lock):
                self._lock = lock
            def __enter__(self):
                self._lock.acquire()
            def __exit__(self, *exc):
                self._lock.release()
        class A:
            def __init__(self):
                self.mu = threading.Lock()
            def f(self):
                with Guard(self.mu):
                    mark()
    """
    assert one(text, "A.f") == ["m.A.mu of self"]


def test_class_that_is_a_lock() -> None:
    text = """
        import threading
        class Spin:
            def __init__(self):
                self._inner = threading.RLock()
            def acquire(self):
                self._inner.acquire()
            def release(self):
                self._inner.release()
            __enter__ = acquire
            def __exit__(self, *exc):
                self.release()
        class A:
            def __init__(self):
                self.spin = Spin()
            def f(self):
                with self.spin:
                    mark()
    """
    made = program(m=text)
    assert locks_at(made, "A.f") == ["m.A.spin of self"]
    assert held_at(made, "A.f")[0].lock.reentrant is True


def test_reader_writer_class_of_the_project() -> None:
    text = """
        import threading
        from contextlib import contextmanager
        class ReadWriteLock:
            def __init__(self):
                self._cond = threading.Condition()
                self._readers = 0
            @contextmanager
            def read_lock(self):
                with self._cond:
                    self._readers += 1
                try:
                    yield
                finally:
                    with self._cond:
                        self._readers -= 1
        class A:
            def __init__(self):
                self._rw = ReadWriteLock()
            def f(self):
                with self._rw.read_lock():
                    mark()
    """
    (held,) = held_at(program(m=text), "A.f")
    assert held.lock.kind in ("unknown", "rwlock")


def test_exit_stack() -> None:
    text = """
        import threading
        from contextlib import ExitStack
        A = threading.Lock()
        def f():
            with ExitStack() as stack:
                stack.enter_context(A)
                mark()
    """
    assert one(text, "f") == ["m.A"]


def test_decorator_is_read_from_its_body() -> None:
    text = """
        import functools, threading
        def locked(method):
            @functools.wraps(method)
            def inner(self, *args, **kwargs):
                with self._lock:
                    return method(self, *args, **kwargs)
            return inner
        def locked_not(method):
            def inner(self, *args):
                return method(self, *args)
            return inner
        class A:
            def __init__(self):
                self._lock = threading.Lock()
            @locked
            def f(self):
                mark()
            @locked_not
            def g(self):
                mark()
    """
    made = program(m=text)
    assert locks_at(made, "A.f") == ["m.A._lock of self"]
    assert held_at(made, "A.f")[0].via == "decorator"
    assert locks_at(made, "A.g") == []


def test_decorator_factories() -> None:
    text = """
        import threading
        LOCK = threading.Lock()
        def synchronized(lock):
            def decorate(func):
                def inner(*args, **kwargs):
                    with lock:
                        return func(*args, **kwargs)
                return inner
            return decorate
        def locking(name):
            def decorate(func):
                def inner(self, *args):
                    with getattr(self, name):
                        return func(self, *args)
                return inner
            return decorate
        @synchronized(LOCK)
        def f():
            mark()
        class A:
            _class_lock = threading.Lock()
            def __init__(self):
                self._lock = threading.Lock()
            @locking("_lock")
            def g(self):
                mark()
            @synchronized(_class_lock)
            def h(self):
                mark()
    """
    made = program(m=text)
    assert locks_at(made, "f") == ["m.LOCK"]
    assert locks_at(made, "A.g") == ["m.A._lock of self"]
    assert locks_at(made, "A.h") == ["m.A._class_lock"]


def test_unknown_decorator_by_name_silences_only() -> None:
    text = """
        from wrapt import synchronized
        class A:
            @synchronized
            def f(self):
                mark()
    """
    (held,) = held_at(program(m=text), "A.f")
    assert held.lock.kind == "unknown" and held.lock.reentrant is None


def test_requires_comment_docstring_and_name() -> None:
    text = '''
        import threading
        class A:
            def __init__(self):
                self._lock = threading.Lock()
            def f(self):  # requires: _lock
                mark()
            def g(self):
                """Caller must hold the lock."""
                mark()
            def drain_locked(self):
                mark()
            def is_locked(self):
                mark()
    '''
    made = program(m=text)
    assert locks_at(made, "A.f") == ["m.A._lock of self"]
    assert locks_at(made, "A.g") == ["m.A._lock of self"]
    assert locks_at(made, "A.drain_locked") == ["m.A._lock of self"]
    assert locks_at(made, "A.is_locked") == []
    assert [held_at(made, f)[0].via for f in ("A.f", "A.g")] == ["requires", "documented"]


def test_unknown_object_named_like_a_lock() -> None:
    text = """
        def f(conn, clock):
            with conn.write_lock:
                mark()
        def g(clock):
            with clock:
                mark()
        def h(block):
            with block.unlocked:
                mark()
    """
    made = program(m=text)
    (held,) = held_at(made, "f")
    assert (held.lock.kind, held.lock.reentrant, held.base) == ("unknown", None, "conn")
    assert locks_at(made, "g") == locks_at(made, "h") == []


def test_untyped_lock_parameter_is_known_by_its_callers() -> None:
    text = """
        import threading
        class Part:
            def __init__(self, lock):
                self._lock = lock
            def f(self):
                with self._lock:
                    mark()
        class Whole:
            def __init__(self):
                self._lock = threading.Lock()
                self.part = Part(self._lock)
            def g(self):
                with self._lock:
                    mark()
    """
    made = program(m=text)
    assert locks_at(made, "Part.f") == ["m.Whole._lock of self"]


def test_given_or_new_lock() -> None:
    text = """
        import threading
        class A:
            def __init__(self, lock=None):
                self._lock = lock or threading.Lock()
                self._cv = threading.Condition(lock) if lock else threading.Condition()
            def f(self):
                with self._lock:
                    mark()
    """
    assert one(text, "A.f") == ["m.A._lock of self"]


def test_local_and_captured_lock() -> None:
    text = """
        import threading
        def f():
            lock = threading.Lock()
            def worker():
                with lock:
                    mark()
            return worker
    """
    made = program(m=text)
    assert locks_at(made, "f.worker") == ["m.f.lock"]
    assert held_at(made, "f.worker")[0].lock.scope == "local"


def test_local_alias_of_an_attribute() -> None:
    text = """
        import threading
        class A:
            def __init__(self):
                self._lock = threading.Lock()
            def f(self):
                lock = self._lock
                with lock:
                    mark()
    """
    assert one(text, "A.f") == ["m.A._lock of self"]


def test_fresh_lock_guards_nothing() -> None:
    text = """
        import threading
        def f():
            with threading.Lock():
                mark()
    """
    assert one(text, "f") == []


def test_file_lock_is_known_by_its_path() -> None:
    text = """
        from filelock import FileLock
        def f():
            with FileLock("a.lock"):
                mark()
    """
    (held,) = held_at(program(m=text), "f")
    assert held.lock.kind == "file"


def test_asyncio_lock_is_async() -> None:
    text = """
        import asyncio
        class A:
            def __init__(self):
                self._lock = asyncio.Lock()
            async def f(self):
                async with self._lock:
                    mark()
    """
    (held,) = held_at(program(m=text), "A.f")
    assert held.lock.is_async and held.via == "async with"


def test_attribute_lock_and_declared_guard() -> None:
    text = """
        import threading
        class A:
            def __init__(self):
                self._lock = threading.Lock()
                self.count = 0  # guarded-by: _lock
                self.rate = 0  # guarded-by: nothing_of_the_kind
    """
    a = cls(program(m=text), "A")
    assert a.attributes["_lock"].lock.id == "m.A._lock"
    assert a.attributes["count"].lock is None
    assert a.attributes["count"].guarded_by == "m.A._lock"
    assert a.attributes["rate"].guarded_by == "nothing_of_the_kind"


def test_guarded_by_annotation() -> None:
    text = """
        import threading
        from typing import Annotated
        class A:
            def __init__(self):
                self._lock = threading.Lock()
                self.count: Annotated[int, GuardedBy("_lock")] = 0
    """
    assert cls(program(m=text), "A").attributes["count"].guarded_by == "m.A._lock"


def test_recursive_definitions_end() -> None:
    text = """
        class A:
            def __init__(self, other):
                self._lock = self._lock or other._lock
                self.lock = self.get_lock()
            def get_lock(self):
                return self.get_lock()
            @property
            def mutex(self):
                return self.mutex
            def f(self):
                with self._lock, self.lock, self.mutex:
                    mark()
    """
    for held in held_at(program(m=text), "A.f"):
        assert held.lock.kind == "unknown"


def test_decorator_that_is_a_class() -> None:
    text = """
        import threading
        class Locked:
            def __init__(self, func, inst=None):
                self.func, self.inst = func, inst
            def __call__(self, *args):
                inst = self.inst or args[0]
                with inst._lock:
                    return self.func(inst, *args)
        class locked:
            def __init__(self, func):
                self.func = func
            def __get__(self, inst, cls):
                return Locked(self.func, inst)
        class A:
            def __init__(self):
                self._lock = threading.RLock()
            @locked
            def f(self):
                mark()
    """
    assert one(text, "A.f") == ["m.A._lock of self"]


def test_library_class_called_lock_is_unknown() -> None:
    text = """
        from lib.utils import RLock
        class A:
            def __init__(self):
                self.mu = RLock()
            def f(self):
                with self.mu:
                    mark()
    """
    (held,) = held_at(program(m=text), "A.f")
    assert (held.lock.id, held.lock.kind, held.lock.scope) == ("m.A.mu", "unknown", "instance")


def test_a_class_that_acquires_itself() -> None:
    text = """
        import logging, threading
        class H(logging.Handler):
            def f(self):
                self.acquire()
                try:
                    mark()
                finally:
                    self.release()
        class Mine:
            def __init__(self):
                self._inner = threading.Lock()
            def acquire(self):
                self._inner.acquire()
            def release(self):
                self._inner.release()
            def f(self):
                self.acquire()
                mark()
                self.release()
    """
    made = program(m=text)
    assert locks_at(made, "H.f") == ["m.H of self"]
    (held,) = held_at(made, "Mine.f")
    assert (held.lock.id, held.lock.kind) == ("m.Mine", "lock")


def test_new_condition_over_a_stored_lock_is_that_lock() -> None:
    text = """
        import threading
        LOCK = threading.Lock()
        def f():
            with threading.Condition(LOCK) as changed:
                mark()
        def g():
            changed = threading.Condition(LOCK)
            with changed:
                mark()
    """
    made = program(m=text)
    assert locks_at(made, "f") == locks_at(made, "g") == ["m.LOCK"]
    assert locks.find(function(made, "f"), "changed").lock.id == "m.LOCK"


def test_lock_handed_to_a_thread_target() -> None:
    text = """
        import threading
        from concurrent.futures import ThreadPoolExecutor
        class Shelf:
            def __init__(self):
                self.items = []
        def worker(shelf, lock):
            with lock:
                mark()
        def job(lock):
            with lock:
                mark()
        def unrelated(lock):
            with lock:
                mark()
        def main():
            lock = threading.Lock()
            shelf = Shelf()
            threading.Thread(target=worker, args=(shelf, lock)).start()
            with ThreadPoolExecutor() as pool:
                pool.submit(job, lock)
            with lock:
                mark()
    """
    made = program(m=text)
    assert locks_at(made, "worker") == locks_at(made, "job") == locks_at(made, "main")
    assert locks_at(made, "main") == ["m.main.lock"]
    assert typed(made, "worker", "shelf") == {"m.Shelf"}
    assert held_at(made, "unrelated")[0].lock.kind == "unknown"
