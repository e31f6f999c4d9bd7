"""Made when first needed: two threads can find it missing, and each makes its own."""
# expect: fails assertion
# switches: 1
# expect: fails race RC214 Service.connection
# switches: 0

import threading


class Service:
    def __init__(self):
        self.connection = None

    def get(self):
        if self.connection is None:
            self.connection = object()
        return self.connection


def test():
    service = Service()
    got = []
    threads = [threading.Thread(target=lambda: got.append(service.get())) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got[0] is got[1]
