"""Other pools, limits, and tasks that do not wait."""

from concurrent.futures import ThreadPoolExecutor

outer = ThreadPoolExecutor(2)
inner = ThreadPoolExecutor(2)


def leaf(number):
    return number


def branch(number):
    return inner.submit(leaf, number).result()


def patient(number):
    future = outer.submit(leaf, number)
    return future.result(timeout=5)


def forwards(number):
    future = outer.submit(leaf, number)
    future.add_done_callback(print)
    return future


class Two:
    """Every object has its own pool; main waits for both."""

    def __init__(self):
        self.first = ThreadPoolExecutor(1)
        self.second = ThreadPoolExecutor(1)

    def run(self):
        return self.first.submit(self.step).result()

    def step(self):
        return self.second.submit(leaf, 1).result()


def main():
    futures = [outer.submit(branch, 1), outer.submit(patient, 2), outer.submit(forwards, 3)]
    print([future.result() for future in futures])
    print(outer.submit(leaf, 4).result())
