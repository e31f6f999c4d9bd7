"""An exception comes between acquire and release, which stands in finally."""

import threading


class Job:
    def __init__(self):
        self.lock = threading.Lock()

    def run(self):
        self.lock.acquire()
        try:
            int("no number")
        except ValueError:
            return
        finally:
            self.lock.release()


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()
    assert not job.lock.locked()


if __name__ == "__main__":
    main()
