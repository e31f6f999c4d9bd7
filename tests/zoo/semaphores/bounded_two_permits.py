"""A bounded semaphore limits how many work at once; it does not make them one."""

import threading


class Pool:
    def __init__(self):
        self.places = threading.BoundedSemaphore(2)
        self.served = 0

    def serve(self, together):
        with self.places:
            together.wait()
            self.served = self.served + 1  # expect: RC101 Pool.served
            together.wait()


def main():
    pool = Pool()
    together = threading.Barrier(2)
    threads = [
        threading.Thread(target=lambda: pool.serve(together)),
        threading.Thread(target=lambda: pool.serve(together)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
