"""Two locks are taken in two orders."""
# expect: fails deadlock
# switches: 1

import threading


class Pair:
    def __init__(self):
        self.a = threading.Lock()
        self.b = threading.Lock()

    def forwards(self):
        with self.a:
            with self.b:
                pass

    def backwards(self):
        with self.b:
            with self.a:
                pass


def test():
    pair = Pair()
    threads = [threading.Thread(target=pair.forwards), threading.Thread(target=pair.backwards)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
