"""Words are counted by get and store."""

import threading


class Words:
    def __init__(self):
        self.counts = {}

    def see(self, word):
        self.counts[word] = self.counts.get(word, 0) + 1  # expect: RC101 Words.counts['a']


def main():
    words = Words()
    threads = [
        threading.Thread(target=lambda: words.see("a")),
        threading.Thread(target=lambda: words.see("a")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
