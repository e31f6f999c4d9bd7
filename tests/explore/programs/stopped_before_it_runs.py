"""The thread says itself that it is running, and so undoes a stop that came before."""
# expect: fails deadlock
# switches: 0

import threading


class Service:
    def __init__(self):
        self.changed = threading.Condition()
        self.running = False

    def run(self):
        with self.changed:
            self.running = True
            while self.running:
                self.changed.wait()

    def stop(self):
        with self.changed:
            self.running = False
            self.changed.notify()


def test():
    service = Service()
    thread = threading.Thread(target=service.run)
    thread.start()
    service.stop()
    thread.join()
