"""What a workload costs, measured by itself: start-up does not count."""

from __future__ import annotations

import resource
from collections.abc import Callable


def measured(work: Callable[[], None]) -> None:
    """Run it and print its CPU seconds and the peak memory of the process in kilobytes."""
    before = _cpu()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"{_cpu() - before:.4f} {peak}")


def _cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
