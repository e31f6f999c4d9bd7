"""A list within a dictionary is looked at and then taken from."""

import threading

JOBS = {"mail": ["one", "two"], "print": []}


def work(kind):
    if len(JOBS[kind]) > 0:  # expect: RC214 JOBS['mail']
        JOBS[kind].pop()  # expect: RC214 JOBS['mail']


def main():
    threads = [threading.Thread(target=work, args=("mail",)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
