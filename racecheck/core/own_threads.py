"""Threads that racecheck starts for itself in its own processes, told by their names."""

from __future__ import annotations

import threading
from typing import Final

PREFIX: Final = "racecheck-"
"""What such a thread does imports nothing and touches nothing of the user's."""


def others() -> list[threading.Thread]:
    """All other threads that are not ours; not the main thread when it waits for us."""
    here = threading.current_thread()
    found = [one for one in threading.enumerate() if one is not here and not _is_own(one)]
    return [] if _is_own(here) and found == [threading.main_thread()] else found


def _is_own(thread: threading.Thread) -> bool:
    return thread.name.startswith(PREFIX)
