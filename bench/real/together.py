"""Several calls at once, each in a thread of its own."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread


def together(*calls: Callable[[], object]) -> None:
    """Make the calls at the same time and return when all are done."""
    threads = [Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
