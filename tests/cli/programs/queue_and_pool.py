import queue
import threading
from concurrent.futures import ThreadPoolExecutor

jobs = queue.Queue()
with ThreadPoolExecutor(3) as pool:
    print(sorted(pool.map(lambda n: n * n, range(10))))
    future = pool.submit(int, "x")
    print(repr(future.exception()))
try:
    jobs.get_nowait()
except queue.Empty as error:
    print(repr(error))
lock = threading.RLock()
with lock, lock:
    print(isinstance(lock, type(threading.RLock())))
print(threading.active_count(), threading.current_thread().name)
