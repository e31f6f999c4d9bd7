"""Loops that may be over before they begin."""

import multiprocessing
import threading
import time


class Server:
    """run() calls the loop; the flag follows start()."""

    def __init__(self, port):
        self.port = port
        self._serving = False
        self._thread = threading.Thread(target=self._main)

    def open(self):
        self._thread.start()
        print("listening on", self.port)
        self._serving = True

    def close(self):
        self._serving = False
        self._thread.join()

    def _main(self):
        self._accept_all()

    def _accept_all(self):
        while self._serving and self.port:  # RC435
            time.sleep(0.01)


class Stopped:
    """The other way round: done is true until somebody clears it."""

    def __init__(self):
        self.done = True

    def launch(self):
        threading.Thread(target=self.work, daemon=True).start()
        self.done = False

    def work(self):
        while not self.done:  # RC435
            time.sleep(1)


class Gate(threading.Thread):
    """An event that nobody sets."""

    def __init__(self):
        super().__init__(daemon=True)
        self._open = threading.Event()

    def run(self):
        while self._open.is_set():  # RC435
            time.sleep(1)

    def shut(self):
        self._open.clear()


class Player(threading.Thread):
    """The starter sets the flag on the object, behind start()."""

    playing = False

    def run(self):
        while self.playing:  # RC435
            time.sleep(0.1)


def play():
    player = Player()
    player.start()
    player.playing = True
    time.sleep(3)
    player.playing = False
    player.join()


def spin():
    ready = False

    def loop():
        while ready:  # RC435
            time.sleep(0.2)

    thread = threading.Thread(target=loop)
    thread.start()
    ready = True
    time.sleep(2)
    ready = False
    thread.join()


class Recorder:
    """The constructor starts the thread; only later a method sets the flag."""

    def __init__(self):
        self._recording = False
        self.frames = []
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def record(self):
        self._recording = True

    def pause(self):
        self._recording = False

    def _run(self):
        while self._recording:  # RC435
            self.frames.append(time.time())


def main():
    multiprocessing.freeze_support()
    Gate().start()
    spin()
