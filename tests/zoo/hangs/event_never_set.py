"""A thread waits for an event that nobody is left to set."""
# hangs: unwatched

import threading


class Job:
    def __init__(self):
        self.ready = threading.Event()

    def run(self):
        self.ready.wait()  # expect: RC440


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()  # expect: RC440


if __name__ == "__main__":
    main()
