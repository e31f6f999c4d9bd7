"""A thread is still running when all is over."""

import threading


def wait_for_end():
    threading.main_thread().join()


def main():
    thread = threading.Thread(target=wait_for_end)
    thread.start()  # expect: RC802


if __name__ == "__main__":
    main()
