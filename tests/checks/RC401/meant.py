"""run() where run() is right."""

import subprocess
import threading


class Traced(threading.Thread):
    def run(self):
        try:
            threading.Thread.run(self)
        finally:
            print("done")


class Loop:
    def run(self):
        print("running")


class Foreground(Traced):
    def serve(self):
        self.run()


class Main:
    def __init__(self, threaded):
        self.loop = Loop()
        self.worker = Traced()
        self.threaded = threaded

    def go(self):
        self.loop.run()
        subprocess.run(["true"])
        if self.threaded:
            self.worker.start()
        else:
            self.worker.run()


def any_of(runner):
    runner.run()
