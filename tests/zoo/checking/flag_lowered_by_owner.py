"""Raised under the lock by whoever finds it lowered, and lowered by the same thread without it."""

import threading


class Service:
    def __init__(self):
        self.lock = threading.Lock()
        self.stopping = False

    def stop(self):
        with self.lock:
            if self.stopping:
                return
            self.stopping = True
        try:
            self.release()
        finally:
            self.stopping = False

    def release(self):
        pass


def main():
    service = Service()
    threads = [threading.Thread(target=service.stop), threading.Thread(target=service.stop)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
