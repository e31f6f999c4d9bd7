"""Whose fault it is that something went wrong while we looked: ours, or that of a signal handler.

A signal handler of the user's may run in the middle of our code and raise (a timeout, an alarm).
That exception belongs to the program and goes on its way; ours never reaches it.
"""

from __future__ import annotations

from racecheck.runtime.stacks import is_library


def ours(error: BaseException) -> bool:
    """Whether `error` came out of racecheck and the standard library alone."""
    trace = error.__traceback__
    while trace is not None:
        if not is_library(trace.tb_frame.f_code.co_filename):
            return False
        trace = trace.tb_next
    return True
