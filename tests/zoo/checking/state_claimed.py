"""A state is taken at once, by one thread; another one gives it back."""

import threading


class Machine:
    def __init__(self):
        self.state = "idle"

    def work(self):
        if self.state != "idle":
            return
        self.state = "busy"
        self.run()

    def reset(self):
        self.state = "idle"

    def run(self):
        pass


def main():
    machine = Machine()
    threads = [threading.Thread(target=machine.work), threading.Thread(target=machine.reset)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
