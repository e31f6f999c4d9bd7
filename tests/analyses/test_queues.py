"""One queue under several names."""

from __future__ import annotations

from racecheck.analyses.named import Calls
from racecheck.analyses.queues import Queues
from tests.program.build import program


def test_an_argument_is_the_queue_of_the_caller() -> None:
    linked = program(
        app="""
            import queue, threading

            def worker(label, jobs):
                take(jobs)

            def take(items):
                items.get()
                items.task_done()

            def main():
                todo = queue.Queue()
                threading.Thread(target=worker, args=("a", todo)).start()
                todo.put(1)
                todo.join()
            """
    )
    made = Queues(linked, Calls(linked))
    (use,) = made.uses.values()
    assert [len(found) for found in (use.joins, use.gets, use.dones, use.puts)] == [1, 1, 1, 1]
    assert not made.strange_done


def test_a_count_by_a_stranger_is_noticed() -> None:
    linked = program(app="def f(x):\n    x.task_done()\n")
    made = Queues(linked, Calls(linked))
    assert made.strange_done
