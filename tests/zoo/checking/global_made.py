"""A global is made when first needed."""

import threading

instance = None


def get():
    global instance
    if instance is None:  # expect: RC214 global_made.instance
        instance = object()  # expect: RC214 global_made.instance
    return instance


def main():
    threads = [threading.Thread(target=get) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
