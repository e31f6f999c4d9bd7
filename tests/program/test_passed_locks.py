"""Locks that are local, captured, passed on, or made for one call."""

from __future__ import annotations

from .build import held_at, locks_at, program, typed


def one(text: str, where: str) -> list[str]:
    return locks_at(program(m=text), where)


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
