"""An exception ends a thread, and nobody asks."""

import threading


def work(text):
    return int(text)  # expect: RC426


def main():
    thread = threading.Thread(target=work, args=("no number",))
    thread.start()
    thread.join()


if __name__ == "__main__":
    main()
