"""tenacity 9.2.1."""

from tenacity import retry, stop_after_attempt
from together import together


def test_a_retried_function_in_two_threads() -> None:
    """9.2.x; up to 9.1.4 each call had statistics of its own.

    All calls of a decorated function share one dict: a call that begins clears it
    (__init__.py:401, 417) between two steps of another, which then counts in it
    (__init__.py:492). Symptom: KeyError out of the retried function.
    """

    @retry(stop=stop_after_attempt(3), retry_error_callback=lambda state: None)
    def never() -> None:
        raise ConnectionError

    together(never, never)


def test_statistics_are_of_the_own_call() -> None:
    """From 8.4.2 to 9.2.1, the newest; up to 8.4.1 statistics were kept for each thread.

    A call puts its statistics where those of all calls are (__init__.py:400; 9.1.4: 330), where
    the next call puts its own before they are read. Symptom: the assertion.
    """
    attempts: dict[int, int] = {}

    @retry(sleep=lambda seconds: None)
    def after(failures: int) -> None:
        if after.statistics["attempt_number"] <= failures:
            raise ConnectionError

    def call(failures: int) -> None:
        after(failures)
        attempts[failures] = after.statistics["attempt_number"]

    together(lambda: call(0), lambda: call(2))
    assert attempts == {0: 1, 2: 3}
