"""Every thread has its own."""
# expect: passes
# switches: 0

import threading

own = threading.local()


class Worker:
    def __init__(self):
        self.seen = []

    def run(self, name):
        own.name = name
        own.count = getattr(own, "count", 0)
        own.count += 1
        self.seen.append((own.name, own.count))


def test():
    worker = Worker()
    threads = [threading.Thread(target=worker.run, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(worker.seen) == [("a", 1), ("b", 1)]
