"""Thread entries and roles."""

from __future__ import annotations

from racecheck.program.model import Entry, Program

from .build import cls, entries, function, program


def only(made: Program, label: str) -> Entry:
    found = [e for e in made.entries if e.function.endswith(":" + label)]
    assert len(found) == 1, made.entries
    return found[0]


def roles(made: Program, label: str) -> set[str]:
    return {role.value for role in function(made, label).roles}


# --- entries ----------------------------------------------------------------------------------


def test_targets_of_all_forms() -> None:
    made = program(
        m="""
        import functools, threading
        from threading import Thread
        class Job:
            def go(self): pass
            @classmethod
            def make(cls): pass
        def plain(): pass
        class A:
            def start(self, job: Job):
                Thread(target=self._run).start()
                Thread(None, plain).start()
                def nested(): pass
                threading.Thread(target=nested)
                Thread(target=lambda: None)
                Thread(target=functools.partial(self._part, 1))
                Thread(target=job.go)
                Thread(target=Job.make)
            def _run(self): pass
            def _part(self, x): pass
        """
    )
    found = {name.partition(":")[2] for name in entries(made)}
    plain = {name for name in found if "<lambda" not in name}
    assert plain == {"A._run", "plain", "A.start.nested", "A._part", "Job.go", "Job.make"}
    assert len(found) == 7
    entry = only(made, "A._run")
    assert entry.how == "Thread(target=self._run)" and entry.place.line == 11
    assert entry.starts == "m:A.start" and entry.call > 0 and not entry.many


def test_unknown_target_is_no_entry() -> None:
    made = program(m="import threading\ndef f(what):\n    threading.Thread(target=what).start()\n")
    assert not made.entries


def test_thread_subclasses() -> None:
    made = program(
        m="""
        import threading
        class Base(threading.Thread):
            def run(self): pass
        class One(Base): pass
        class Two(Base):
            def run(self): pass
        class Unused(threading.Thread):
            def run(self): pass
        def f():
            One().start()
            for _ in range(3):
                Two().start()
        """
    )
    assert only(made, "Base.run").starts == "m:f" and not only(made, "Base.run").many
    assert only(made, "Two.run").many and only(made, "Two.run").how == "Two.run"
    assert only(made, "Unused.run").starts == "" and only(made, "Unused.run").place.line == 8


def test_thread_subclass_that_passes_its_target_up() -> None:
    made = program(
        m="""
        import threading
        class A(threading.Thread):
            def __init__(self):
                super().__init__(target=self._work)
            def _work(self): pass
        class B(threading.Thread):
            def __init__(self):
                threading.Thread.__init__(self, None, self._work)
            def _work(self): pass
        class C(threading.Thread): pass
        def f(): pass
        C(target=f).start()
        """
    )
    assert set(entries(made)) == {"m:A._work", "m:B._work", "m:f"}


def test_timers_pools_and_loops() -> None:
    made = program(
        m="""
        import asyncio, threading, _thread
        from concurrent.futures import ThreadPoolExecutor
        from multiprocessing.pool import ThreadPool
        def a(): pass
        def b(): pass
        def c(): pass
        def d(): pass
        def e(): pass
        def g(): pass
        def h(fut): pass
        def f(pool: ThreadPoolExecutor):
            threading.Timer(5, a).start()
            pool.submit(b, 1).add_done_callback(h)
            pool.map(c, [])
            _thread.start_new_thread(d, ())
            ThreadPool().map(e, [])
        async def main():
            await asyncio.to_thread(g)
        """
    )
    assert entries(made) == {
        "m:a": "thread", "m:b": "pool", "m:c": "pool", "m:d": "thread", "m:e": "pool",
        "m:g": "pool", "m:h": "callback",
    }  # fmt: skip
    assert only(made, "b").many and not only(made, "a").many


def test_a_pool_of_one_worker_is_not_many() -> None:
    made = program(
        m="""
        from concurrent.futures import ThreadPoolExecutor
        class A:
            def __init__(self):
                self.pool = ThreadPoolExecutor(max_workers=1)
                self.wide = ThreadPoolExecutor(2)
            def f(self):
                self.pool.submit(self.one)
                self.wide.submit(self.two)
            def one(self): pass
            def two(self): pass
        """
    )
    assert not only(made, "A.one").many and only(made, "A.two").many


def test_interrupting_entries() -> None:
    made = program(
        m="""
        import atexit, logging, signal, weakref
        def on_signal(number, frame): pass
        def at_end(): pass
        def collected(ref): pass
        def finalize(): pass
        class H(logging.Handler):
            def emit(self, record): pass
        class R:
            def __del__(self): pass
        def f(x):
            signal.signal(signal.SIGTERM, on_signal)
            atexit.register(at_end)
            weakref.ref(x, collected)
            weakref.finalize(x, finalize)
        """
    )
    assert entries(made) == {
        "m:on_signal": "signal", "m:at_end": "atexit", "m:collected": "finalizer",
        "m:finalize": "finalizer", "m:H.emit": "logging", "m:R.__del__": "finalizer",
    }  # fmt: skip


def test_request_handlers_and_decorators() -> None:
    made = program(
        m="""
        import socketserver
        from flask import Flask
        app = Flask(__name__)
        @app.route("/")
        def index(): pass
        class H(socketserver.BaseRequestHandler):
            def handle(self):
                self.helper()
            def helper(self): pass
        """
    )
    assert entries(made) == {"m:index": "request", "m:H.handle": "request"}
    assert only(made, "index").many and only(made, "index").how == "@app.route"
    assert cls(made, "H").per_instance
    assert roles(made, "H.helper") == {"request"}


def test_many_in_loops_and_from_many() -> None:
    made = program(
        m="""
        import threading
        def worker(): pass
        def single(): pass
        def inner(): pass
        def starts_inner():
            threading.Thread(target=inner).start()
        def f(pool: "concurrent.futures.ThreadPoolExecutor"):
            for _ in range(2):
                threading.Thread(target=worker).start()
            threading.Thread(target=single).start()
        class P:
            def handle(self): pass
        import concurrent.futures
        def g(pool: "concurrent.futures.ThreadPoolExecutor"):
            pool.submit(starts_inner)
        """
    )
    assert only(made, "worker").many and not only(made, "single").many
    assert only(made, "inner").many


def test_joined() -> None:
    made = program(
        m="""
        import threading
        from concurrent.futures import ThreadPoolExecutor
        def a(): pass
        def b(): pass
        def c(): pass
        def d(): pass
        def e(): pass
        def f(flag):
            t = threading.Thread(target=a)
            t.start()
            t.join()
            threads = [threading.Thread(target=b) for _ in range(3)]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
            with ThreadPoolExecutor() as pool:
                pool.submit(c)
            u = threading.Thread(target=d)
            u.start()
            if flag:
                u.join()
            v = threading.Thread(target=e)
            v.start()
            v.join(1.0)
        """
    )
    assert [only(made, n).joined for n in "abcde"] == [True, True, True, False, False]


# --- roles ------------------------------------------------------------------------------------


def test_roles_flow_down_the_calls() -> None:
    made = program(
        m="""
        import threading
        class A:
            def start(self):
                threading.Thread(target=self._run).start()
            def _run(self):
                self.step()
            def step(self):
                self._deep()
            def _deep(self):
                self.step()
            def stop(self):
                self._deep()
        """
    )
    assert roles(made, "A.start") == roles(made, "A.stop") == {"main"}
    assert roles(made, "A._run") == {"thread"}
    assert roles(made, "A._deep") == roles(made, "A.step") == {"main", "thread"}
    assert [e.function for e in function(made, "A._deep").entries] == ["m:A._run"]


def test_async_functions_run_on_the_loop_only() -> None:
    made = program(
        m="""
        import asyncio, threading
        async def main():
            await other()
            helper()
        async def other(): pass
        def helper(): pass
        def thread():
            asyncio.run(main())
        threading.Thread(target=thread).start()
        """
    )
    assert roles(made, "main") == roles(made, "other") == roles(made, "helper") == {"loop"}


def test_what_is_called_only_by_tests_still_has_callers_outside() -> None:
    made = program(
        a="def api():\n    _inner()\ndef _inner(): pass\ndef _lonely(): pass\n",
        test_a="from a import api\ndef test_api():\n    api()\n",
    )
    assert roles(made, "api") == roles(made, "_inner") == {"main", "test"}
    assert roles(made, "test_api") == {"test"}
    assert roles(made, "_lonely") == set()


def test_module_bodies_run_on_the_main_thread() -> None:
    made = program(m="def _f(): pass\nclass A:\n    x = 1\n_f()\n")
    assert roles(made, "_f") == roles(made, "<module>") == roles(made, "A.<class>") == {"main"}


def test_closures_nobody_calls_have_no_role() -> None:
    made = program(m="def f(register):\n    def inner(): pass\n    register(inner)\n")
    assert roles(made, "f.inner") == set()
    assert function(made, "f.inner").escapes
