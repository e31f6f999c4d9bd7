"""What goes wrong inside a callback: ours is kept for the report, the user's goes on its way.

A signal handler of the user's may run in the middle of a callback and raise (a timeout, an alarm).
That exception belongs to the program.
"""

from __future__ import annotations

from racecheck.runtime.hooks import hooks
from racecheck.runtime.stacks import is_library

_KEPT = 20


def ours(error: Exception) -> bool:
    """Whether `error` came out of racecheck and the standard library alone; then it is kept."""
    trace = error.__traceback__
    while trace is not None:
        if not is_library(trace.tb_frame.f_code.co_filename):
            return False
        trace = trace.tb_next
    # Why not: at the limit of recursion the program meets the same error a call further on.
    if not isinstance(error, RecursionError) and len(hooks.failures) < _KEPT:
        hooks.failures.append(f"tracing: {type(error).__name__}: {error}")
    return True
