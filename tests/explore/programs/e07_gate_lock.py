"""Two orders of two locks, but only under a third lock: they never meet."""
# expect: passes complete
# switches: 0

import threading


class Pair:
    def __init__(self):
        self.gate = threading.Lock()
        self.a = threading.Lock()
        self.b = threading.Lock()

    def forwards(self):
        with self.gate:
            with self.a:
                with self.b:
                    pass

    def backwards(self):
        with self.gate:
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
