"""One instance, made under the lock of the class; a new one in each run of the test."""
# expect: passes
# switches: 0

import threading


class Service:
    lock = threading.Lock()
    instance = None
    made = 0

    @classmethod
    def get(cls):
        with cls.lock:
            if cls.instance is None:
                cls.instance = cls()
                cls.made += 1
            return cls.instance


def test():
    threads = [threading.Thread(target=Service.get) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Service.made == 1
