"""Reads that the main thread makes, or that cannot hang."""

import asyncio
import io
import queue
import select
import sys
import threading


def ask(prompt):
    return input(prompt)


def choose(options):
    for number, option in enumerate(options):
        print(number, option)
    return options[int(ask("which? "))]


def work(jobs):
    while True:
        print(jobs.get())


class Poller(threading.Thread):
    """Looks first whether something was typed."""

    def __init__(self):
        super().__init__(daemon=True)
        self.lines = []

    def run(self):
        while True:
            ready, _, _ = select.select([sys.stdin], [], [], 1.0)
            if ready:
                self.lines.append(sys.stdin.readline())


class Shell:
    def __init__(self):
        self.jobs = queue.Queue()
        self.input = io.StringIO("a")

    def read(self):
        return self.input.readline()

    def loop(self):
        """Runs on a thread and reads from its own stream."""
        while line := self.read():
            self.jobs.put(line)

    def confirm(self):
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("ask in the main thread")
        return ask("sure? ") == "y"

    def remove(self):
        if self.confirm():
            print("removed")


async def prompt():
    """An event loop must not wait: a thread is the only way."""
    return await asyncio.to_thread(input, "name: ") + await asyncio.to_thread(ask, "again: ")


def main():
    shell = Shell()
    threading.Thread(target=work, args=(shell.jobs,), daemon=True).start()
    threading.Thread(target=shell.loop).start()
    threading.Thread(target=shell.remove).start()
    Poller().start()
    shell.jobs.put(choose(["a", "b"]))
    for line in sys.stdin:
        shell.jobs.put(line)


if __name__ == "__main__":
    main()
