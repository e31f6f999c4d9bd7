"""A daemon thread is meant to be left behind."""

import threading


def wait_for_end():
    threading.main_thread().join()


def main():
    thread = threading.Thread(target=wait_for_end, daemon=True)
    thread.start()


if __name__ == "__main__":
    main()
