"""The originals, taken before anything is replaced: whatever runs inside racecheck uses only these.

Importing this module before `interpose` patches anything is what keeps the tool from watching
itself (DESIGN section 5, "the tool defends itself").
"""

from __future__ import annotations

import _thread
import queue
import sys
import threading
import time
from typing import Final

allocate_lock: Final = _thread.allocate_lock
LockType: Final = _thread.LockType
make_rlock: Final = threading.RLock
RLockType: Final = type(threading.RLock())
SimpleQueueType: Final = queue.SimpleQueue
start_new_thread: Final = _thread.start_new_thread
get_ident: Final = _thread.get_ident
Local: Final = threading.local
current_thread: Final = threading.current_thread
getframe: Final = sys._getframe
monotonic: Final = time.monotonic
sleep: Final = time.sleep
