"""A class method counts on whatever class it was called on."""

import threading


class Registry:
    made = 0

    @classmethod
    def register(cls):
        cls.made = cls.made + 1  # expect: RC101 Registry.made


def main():
    threads = [threading.Thread(target=Registry.register) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
