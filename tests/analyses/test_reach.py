"""Ways from thread entries to functions."""

from __future__ import annotations

from racecheck.analyses.reach import on_same_object, way_to, ways_to
from tests.program.build import program

CHAIN = """
    import threading

    def leaf():
        print("leaf")

    def middle():
        leaf()

    def work():
        middle()

    def far():
        work()

    def main():
        threading.Thread(target=work).start()
        threading.Thread(target=far).start()
        leaf()
"""


def test_the_shortest_way_comes_first() -> None:
    made = program(app=CHAIN)
    ways = list(ways_to(made, made.functions["app:leaf"]))
    assert [way.text for way in ways] == [
        "work -> middle -> leaf",
        "far -> work -> middle -> leaf",
    ]
    assert [step.role for step in ways[0].steps] == ["start", "call", "call"]


def test_code_of_the_main_thread_has_no_way() -> None:
    made = program(app=CHAIN)
    assert way_to(made, made.functions["app:main"]) is None


def test_a_call_under_a_test_of_the_thread_is_not_followed() -> None:
    made = program(
        app="""
        import threading

        def is_main():
            return threading.current_thread() is threading.main_thread()

        def ask():
            input()

        def work():
            if threading.current_thread() is threading.main_thread():
                ask()

        def other():
            if on_main_thread():
                ask()

        def on_main_thread():
            return is_main()

        threading.Thread(target=work).start()
        threading.Thread(target=other).start()
        """
    )
    assert way_to(made, made.functions["app:ask"]) is None


def test_making_a_coroutine_does_not_run_it() -> None:
    made = program(
        app="""
        import asyncio, threading

        async def job():
            print("job")

        def work(loop):
            asyncio.run_coroutine_threadsafe(job(), loop)

        threading.Thread(target=work, args=(asyncio.new_event_loop(),)).start()
        """
    )
    assert way_to(made, made.functions["app:job"]) is None


def test_the_same_object_is_left_at_other_receivers() -> None:
    made = program(
        app="""
        class Base:
            def prepare(self):
                self.inner()

            def inner(self): ...

        class Worker(Base):
            def __init__(self, other: Base):
                self.other = other

            def run(self):
                super().prepare()
                self.other.prepare()
                self.helper()

            def helper(self):
                def nested():
                    self.last()
                nested()

            def last(self): ...
        """
    )
    found = {f.label for _, f in on_same_object(made.functions["app:Worker.run"])}
    assert found == {"Worker.run", "Base.prepare", "Base.inner", "Worker.helper"}


def test_a_call_that_may_mean_two_things_is_not_followed() -> None:
    made = program(
        app="""
        import threading

        class One:
            def get(self):
                input()

        class Two:
            def get(self): ...

        class Pool:
            def __init__(self, flag):
                self.queue = One() if flag else Two()

            def work(self):
                self.queue.get()

        threading.Thread(target=Pool(True).work).start()
        """
    )
    assert way_to(made, made.functions["app:One.get"]) is None


def test_threads_of_tests_say_nothing_about_production_code() -> None:
    made = program(
        app="def ask():\n    return input()\n",
        tests__test_app="""
        import threading
        from app import ask

        def helper():
            ask()

        def test_ask():
            threading.Thread(target=helper).start()
        """,
    )
    assert way_to(made, made.functions["app:ask"]) is None
    assert way_to(made, made.functions["tests.test_app:helper"]) is not None
