"""pykka 4.2.0."""

from contextlib import suppress
from typing import Any

from pykka import ActorDeadError, ActorRegistry, ThreadingActor, ThreadingFuture
from together import together


class Echo(ThreadingActor):
    """Answers what it is asked."""

    use_daemon_thread = True

    def on_receive(self, message: Any) -> Any:
        return message


def test_two_threads_get_one_result() -> None:
    """Up to 4.2.0; fixed in 4.3.0 (pull request 233).

    `ThreadingFuture.get` sees no result (_threading.py:58) and takes it out of a queue
    (_threading.py:59) in which there is only one: the second thread waits for ever. Symptom: a
    deadlock.
    """
    future: ThreadingFuture = ThreadingFuture()
    future.set("done")
    together(future.get, future.get)


def test_a_mapped_future_is_worked_out_once() -> None:
    """Up to 4.2.0; fixed in 4.3.0 (pull request 233).

    `Future.get` sees that its hook was not called (_future.py:77) and calls it (_future.py:78).
    Symptom: the assertion.
    """
    future: ThreadingFuture = ThreadingFuture()
    calls: list[int] = []
    mapped = future.map(lambda value: calls.append(value) or value)
    future.set(1)
    together(mapped.get, mapped.get)
    assert calls == [1]


def test_an_actor_is_asked_as_it_stops() -> None:
    """Up to 4.5.0, the newest.

    `ask` finds the actor alive (_ref.py:163) and puts the question into its inbox (_ref.py:169),
    which the actor has emptied for the last time (_actor.py:265): nobody answers. Symptom: a
    deadlock.
    """
    echo = Echo.start()

    def ask() -> None:
        with suppress(ActorDeadError):
            echo.ask("hello")

    together(ask, echo.stop)


def test_an_actor_is_stopped_twice() -> None:
    """Up to 4.5.0, the newest.

    `stop` is an `ask` (see above): the second order to stop can come into an inbox that nobody
    reads any more. Symptom: a deadlock.
    """
    echo = Echo.start()
    together(echo.stop, echo.stop)


def test_a_broadcast_as_an_actor_stops() -> None:
    """Up to 4.5.0, the newest.

    `broadcast` collects the actors (_registry.py:59) and then tells them (_registry.py:61): one
    that stopped meanwhile raises, and those after it are not told. Symptom: ActorDeadError.
    """
    echo = Echo.start()
    together(lambda: ActorRegistry.broadcast("news"), echo.stop)
