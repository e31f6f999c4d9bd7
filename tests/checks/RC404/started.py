"""Started in other ways, or by others."""

import threading


def job():
    print("working")


class Own(threading.Thread):
    """Starts itself."""

    def __init__(self):
        super().__init__(daemon=True)
        self.start()

    def run(self):
        job()


class Registered(threading.Thread):
    known = []

    def __init__(self):
        super().__init__(daemon=True)
        Registered.known.append(self)

    def run(self):
        job()


class Controlled(threading.Thread):
    def run(self):
        job()

    def launch(self):
        self.start()


class Pool:
    def __init__(self):
        self._threads = []
        self._first = threading.Thread(target=job)
        self._second = second = threading.Thread(target=job)
        second.start()
        self.public = threading.Thread(target=job)

    def open(self):
        first = self._first
        first.start()
        for _ in range(3):
            worker = threading.Thread(target=job)
            self._threads.append(worker)
        for worker in self._threads:
            worker.start()


def captured():
    worker = threading.Thread(target=job)

    def go():
        worker.start()

    return go


def stored(table):
    worker = threading.Thread(target=job)
    table["a"] = worker
    other = threading.Thread(target=job)
    pair = (other, 1)
    Own()
    Registered()
    controlled = Controlled()
    controlled.launch()
    return {"pair": pair}


def passed(start):
    worker = threading.Thread(target=job)
    start(worker)
    again = threading.Thread(target=job)
    again.daemon = True
    start({"thread": again})
