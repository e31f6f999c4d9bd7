"""Locks behind methods, context managers, exit stacks and decorators."""

from __future__ import annotations

from .build import held_at, locks_at, program


def one(text: str, where: str) -> list[str]:
    return locks_at(program(m=text), where)


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
