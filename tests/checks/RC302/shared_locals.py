"""Local locks that others get to see."""

import concurrent.futures
import contextlib
import threading
from dataclasses import dataclass, field


@dataclass
class Batch:
    rows: list = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)


def through_closure(urls, fetch):
    lock = threading.Lock()
    pages = {}

    def load(url):
        page = fetch(url)
        with lock:
            pages[url] = page

    with concurrent.futures.ThreadPoolExecutor() as pool:
        for url in urls:
            pool.submit(load, url)
    with lock:
        return pages


def through_lambda(pool, jobs):
    lock = threading.Lock()
    results = []
    done = lambda future: (lock.acquire(), results.append(future), lock.release())  # noqa: E731
    for job in jobs:
        pool.submit(job).add_done_callback(done)
    with lock:
        return list(results)


def through_argument(worker, queue):
    lock = threading.Lock()
    thread = threading.Thread(target=worker, kwargs={"lock": lock, "queue": queue})
    thread.start()
    with lock:
        queue.append(None)


def through_container(registry, key):
    lock = threading.Lock()
    registry[key] = (lock, key)
    with lock:
        registry[key][0].locked()


def through_attribute(batch):
    lock = threading.Lock()
    batch.lock = lock
    with lock:
        batch.rows.clear()


@contextlib.contextmanager
def through_yield():
    lock = threading.Lock()
    with lock:
        yield lock


def through_method(registry):
    lock = threading.Lock()
    registry.on_exit(lock.release)
    lock.acquire()


def through_return():
    lock = threading.Lock()
    lock.acquire()
    return lock


def alias_of_shared(batch):
    lock = batch.lock
    with lock:
        return len(batch.rows)


def out_of_table(table, key):
    lock = table.get(key) or threading.Lock()
    with lock:
        return key
