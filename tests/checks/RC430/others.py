"""Joins by somebody else, of somebody else, or asked for first."""

import threading
import time


class Session:
    def __init__(self, socket):
        self.socket = socket
        self._reader = threading.Thread(target=self._read)
        self._writer = threading.Thread(target=self._write)

    def open(self):
        self._reader.start()
        self._writer.start()

    def _read(self):
        while self.socket.recv(10):
            time.sleep(0.1)
        self._writer.join()

    def _write(self):
        self.socket.send(b"a")
        self._stop_reader()
        print(",".join(["a", "b"]))

    def _stop_reader(self):
        if threading.get_ident() != self._reader.ident:
            self._reader.join()

    def close(self):
        self.socket.close()
        self._reader.join()


class Task(threading.Thread):
    def __init__(self, other):
        super().__init__()
        self.other = other

    def run(self):
        self.other.join()
        self.finish()

    def finish(self):
        try:
            self.join()
        except RuntimeError:
            print("called by the task itself")

    def stop(self):
        self.join()


class Chain:
    """The worker starts its successor and waits for that one's predecessor only through a queue."""

    def __init__(self):
        self._thread = None

    def start(self):
        worker = Worker()
        self._thread = threading.Thread(target=worker.run)
        self._thread.start()

    def stop(self):
        self._thread.join()


class Worker:
    def run(self):
        self.stop()

    def stop(self):
        print("stopped")
