"""A dictionary whose keys are identities: they are others in every run, the subject is not."""

import threading

connections = {}


def look(key, receiver):
    if key not in connections:  # expect: RC214 connections[...]
        connections[key] = []  # expect: RC214 connections[...]
    connections[key].append(receiver)


def main():
    sender = object()
    key = id(sender)
    threads = [threading.Thread(target=look, args=(key, number)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
