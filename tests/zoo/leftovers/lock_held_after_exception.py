"""An exception comes between acquire and release."""

import threading


class Job:
    def __init__(self):
        self.lock = threading.Lock()

    def run(self):
        try:
            self.lock.acquire()  # expect: RC304
            int("no number")
            self.lock.release()
        except ValueError:
            return


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
