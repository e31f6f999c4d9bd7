"""One daemon thread that reads, and a starter that goes on to read beside it."""

import threading


def listen():
    while True:
        print(input("> "))  # RC434


def ask_between():
    """The starter goes on to ask, so two read at once."""
    threading.Thread(target=listen, daemon=True).start()
    print(input("name: "))
