"""A thread is joined under the lock that it wants."""
# hangs: unwatched

import threading


class Job:
    def __init__(self):
        self.lock = threading.Lock()

    def run(self):
        with self.lock:  # expect: RC440
            pass


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    with job.lock:
        thread.start()
        thread.join()  # expect: RC440


if __name__ == "__main__":
    main()
