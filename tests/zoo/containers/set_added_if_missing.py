"""Who finds the name missing takes the job: both can."""

import threading


class Jobs:
    def __init__(self):
        self.taken = set()

    def take(self, name):
        if name in self.taken:  # expect: RC214 Jobs.taken['j']
            return False
        self.taken.add(name)  # expect: RC214 Jobs.taken['j']
        return True


def main():
    jobs = Jobs()
    threads = [
        threading.Thread(target=lambda: jobs.take("j")),
        threading.Thread(target=lambda: jobs.take("j")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
