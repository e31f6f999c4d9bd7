"""The exception of a thread is caught and kept for who asks."""

import threading


class Job:
    def __init__(self):
        self.error = None

    def run(self):
        try:
            int("no number")
        except ValueError as error:
            self.error = error


def main():
    job = Job()
    thread = threading.Thread(target=job.run)
    thread.start()
    thread.join()
    assert isinstance(job.error, ValueError)


if __name__ == "__main__":
    main()
