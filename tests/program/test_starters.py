"""Functions that leave as values, and functions that start threads for their callers."""

from __future__ import annotations

from racecheck.program.model import Entry, Program

from .build import entries, function, program


def only(made: Program, label: str) -> Entry:
    found = [e for e in made.entries if e.function.endswith(":" + label)]
    assert len(found) == 1, made.entries
    return found[0]


def roles(made: Program, label: str) -> set[str]:
    return {role.value for role in function(made, label).roles}


def test_functions_that_leave_as_values() -> None:
    made = program(
        m="""
        import threading
        from lib import register, decorate
        class A:
            def f(self, bus):
                bus.subscribe(self._passed)
                self.cb = self._stored
                self.table = {"x": self._in_table}
                threading.Thread(target=self._entry).start()
                sorted([], key=self._key)
                self._called()
                return self._returned
            def _passed(self): pass
            def _stored(self): pass
            def _in_table(self): pass
            def _entry(self): pass
            def _key(self, x): pass
            def _called(self): pass
            def _returned(self): pass
            @decorate
            def _decorated(self): pass
            @property
            def _prop(self): pass
        def _wrapped(): pass
        wrapped = register(_wrapped)
        """
    )
    escaping = {f.name for f in made.functions.values() if f.escapes}
    assert escaping == {"_passed", "_stored", "_in_table", "_returned", "_decorated", "_wrapped"}
    (link,) = function(made, "A._key").callers
    assert link.implicit == "callback" and link.caller.label == "A.f"


def test_functions_that_start_threads_for_their_callers() -> None:
    made = program(
        m="""
        import threading
        def spawn(func, *args):
            thread = threading.Thread(target=func, args=args)
            thread.start()
        def spawn_any(*args):
            func, rest = args[0], args[1:]
            threading.Thread(target=func).start()
        def spawn_later(job):
            spawn(job)
        class A:
            def f(self):
                spawn(self._one, 1)
                spawn_later(self._two)
                for _ in range(2):
                    spawn_any(self._three)
            def _one(self, x): pass
            def _two(self): pass
            def _three(self): pass
        """
    )
    assert entries(made) == {"m:A._one": "thread", "m:A._two": "thread", "m:A._three": "thread"}
    one = only(made, "A._one")
    assert one.how == "spawn(self._one)" and one.starts == "m:A.f" and one.place.line == 13
    assert not one.many and only(made, "A._three").many


def test_decorator_that_runs_the_function_on_a_thread() -> None:
    made = program(
        m="""
        import functools, threading
        def threaded(fn):
            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                thread = threading.Thread(target=fn, args=args, kwargs=kwargs)
                thread.start()
                return thread
            return wrapper
        @threaded
        def job(): pass
        def main():
            job()
        """
    )
    assert entries(made) == {"m:job": "thread"}
    assert only(made, "job").how == "@threaded"
    assert roles(made, "job") == {"thread"}
    assert not function(made, "job").callers
    assert [link.caller.label for link in function(made, "threaded.wrapper").callers] == ["main"]


def test_a_starter_that_is_called_in_a_loop_starts_many() -> None:
    made = program(
        m="""
        import threading
        class Server:
            def serve(self):
                while True:
                    self._accept()
            def _accept(self):
                self._handle(1)
            def _handle(self, conn):
                threading.Thread(target=self._talk, args=(conn,)).start()
                self._keeper = threading.Thread(target=self._keep)
            def _talk(self, conn): pass
            def _keep(self): pass
        class Worker:
            def __init__(self):
                threading.Thread(target=self._run).start()
            def _run(self): pass
        def pool():
            for _ in range(3):
                Worker()
        """
    )
    assert only(made, "Server._talk").many
    assert not only(made, "Server._keep").many
    assert not only(made, "Worker._run").many  # each has an object of its own
