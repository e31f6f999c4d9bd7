"""Which locks are held where."""

from __future__ import annotations

from racecheck.program import locks

from .build import cls, function, held_at, locks_at, program


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
