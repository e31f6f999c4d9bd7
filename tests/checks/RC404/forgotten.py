"""Made and never started."""

import multiprocessing
import threading


def job():
    print("working")


class Heartbeat(threading.Thread):
    def __init__(self, interval):
        super().__init__(daemon=True)
        self.interval = interval

    def run(self):
        print(self.interval)


class Monitor:
    def __init__(self):
        self._beat = Heartbeat(1.0)  # RC404
        self._other = threading.Timer(3.0, job)
        self._other.start()

    def close(self):
        if self._beat is not None:
            self._beat.join()


def main():
    Heartbeat(3.0)  # RC404
    process = multiprocessing.Process(target=job)  # RC404
    process.daemon = True
    timer = threading.Timer(5.0, job)  # RC404
    timer.setName("late")
    if timer.is_alive():
        timer.cancel()
# also: RC419
