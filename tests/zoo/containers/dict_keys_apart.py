"""Each thread counts under a key of its own."""

import threading


class Words:
    def __init__(self):
        self.counts = {}

    def see(self, word):
        self.counts[word] = self.counts.get(word, 0) + 1


def main():
    words = Words()
    threads = [
        threading.Thread(target=lambda: words.see("a")),
        threading.Thread(target=lambda: words.see("b")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert words.counts == {"a": 1, "b": 1}


if __name__ == "__main__":
    main()
