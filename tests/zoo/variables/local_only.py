"""Local variables of the same function on two threads are two variables."""

import threading


def work(results):
    total = 0
    for number in range(10):
        total += number
    results.append(total)


def main():
    results = ([], [])
    threads = [threading.Thread(target=work, args=(mine,)) for mine in results]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ([45], [45])


if __name__ == "__main__":
    main()
