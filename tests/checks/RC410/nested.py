"""Tasks that wait for tasks of the same pool."""

from concurrent.futures import ThreadPoolExecutor, wait


class Walker:
    """Through a helper, and with map()."""

    def __init__(self):
        self._pool = ThreadPoolExecutor(max_workers=4)

    def start(self, folder):
        return self._pool.submit(self._visit, folder)

    def _visit(self, folder):
        return self._sizes([folder + "/a", folder + "/b"])

    def _sizes(self, names):
        return sum(self._pool.map(len, names))  # RC410


def run_all(items):
    executor = ThreadPoolExecutor(1)

    def leaf(item):
        return item * 2

    def branch(item):
        future = executor.submit(leaf, item)
        print("waiting")
        return future.result()  # RC410

    return [executor.submit(branch, item) for item in items]


pool = ThreadPoolExecutor()


def small(number):
    return number


def large(number):
    for result in pool.map(small, range(number)):  # RC410
        print(result)


def main():
    future = pool.submit(large, 5)
    wait([future])
