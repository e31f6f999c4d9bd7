"""Two threads print."""
# expect: passes
# switches: 0

import io
import threading


class Printer:
    def __init__(self):
        self.paper = io.StringIO()

    def run(self, name):
        for number in range(2):
            print(f"{name}{number}\n", end="", file=self.paper)


def test():
    printer = Printer()
    threads = [threading.Thread(target=printer.run, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(printer.paper.getvalue().splitlines()) == 4
