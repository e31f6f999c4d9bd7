"""Two threads were started, and only the first one joined before the result is used."""

import threading


class Job:
    def __init__(self):
        self.steps = 0

    def run(self):
        self.steps += 1  # expect: RC101 Job.steps

    def idle(self):
        pass


def main():
    job = Job()
    idle, busy = threading.Thread(target=job.idle), threading.Thread(target=job.run)
    idle.start()
    busy.start()
    idle.join()
    job.steps += 1  # expect: RC101 Job.steps
    busy.join()


if __name__ == "__main__":
    main()
