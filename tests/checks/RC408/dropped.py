"""Nobody looks at the results."""

import multiprocessing.pool
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor


def convert(path):
    with open(path, "rb") as file:
        return len(file.read())


class Converter:
    def __init__(self):
        self._pool = ThreadPoolExecutor(4)

    def convert_all(self, paths):
        self._pool.map(convert, paths)  # RC408


def processes(paths):
    with ProcessPoolExecutor() as executor:
        executor.map(convert, paths, chunksize=10)  # RC408


def lazily(paths):
    pool = multiprocessing.pool.ThreadPool(4)
    pool.imap_unordered(convert, paths)  # RC408
    pool.close()
    pool.join()
