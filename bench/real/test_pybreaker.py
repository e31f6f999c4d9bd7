"""pybreaker 1.4.1."""

from contextlib import suppress
from typing import Any

from pybreaker import CircuitBreaker, CircuitBreakerError, CircuitBreakerListener
from together import together


class Changes(CircuitBreakerListener):
    """Writes down the states that a breaker came to."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def state_change(self, cb: CircuitBreaker, old_state: Any, new_state: Any) -> None:
        self.seen.append(new_state.name)


def fail(breaker: CircuitBreaker) -> None:
    """Something that goes wrong under the breaker."""
    with suppress(ConnectionError, CircuitBreakerError), breaker.calling():
        raise ConnectionError


def test_all_failures_are_counted() -> None:
    """Up to 1.4.1, the newest.

    `call` holds the breaker's lock; `calling` gives it back before the block is run, so
    `_fail_counter += 1` (__init__.py:439) runs in two threads at once. Symptom: a data race, lost
    failures.
    """
    breaker = CircuitBreaker(fail_max=10)
    together(lambda: fail(breaker), lambda: fail(breaker))
    assert breaker.fail_counter == 2


def test_the_circuit_opens_once() -> None:
    """Up to 1.4.1, the newest.

    A failure in `calling` is counted (__init__.py:439) and compared with the limit
    (__init__.py:809) in two steps, without the lock: the failure before the last one opens the
    circuit as well. Symptom: the assertion.
    """
    changes = Changes()
    breaker = CircuitBreaker(fail_max=2, listeners=[changes])
    together(lambda: fail(breaker), lambda: fail(breaker))
    assert changes.seen == ["open"]


def test_looking_does_not_close_the_circuit() -> None:
    """Up to 1.4.1, the newest.

    `open` sets the cached state before that of the storage (__init__.py:285). Whoever looks at
    `state` between the two (__init__.py:182) takes the difference for a change made elsewhere and
    puts the old state back (__init__.py:188): listeners hear closed, then open again. Symptom:
    the assertion.
    """
    changes = Changes()
    breaker = CircuitBreaker(listeners=[changes])
    together(breaker.open, lambda: breaker.state)
    breaker.state  # noqa: B018
    assert changes.seen == ["open"]
