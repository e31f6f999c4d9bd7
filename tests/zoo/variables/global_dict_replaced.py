"""A new dictionary is made of the old one and takes its place: an addition can be lost."""

import threading

config = {}


def configure(key):
    global config
    config = {**config, key: 1}  # expect: RC101 global_dict_replaced.config


def main():
    threads = [threading.Thread(target=configure, args=(key,)) for key in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
