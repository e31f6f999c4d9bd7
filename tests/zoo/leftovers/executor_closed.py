"""A pool is made in a with statement."""

from concurrent.futures import ThreadPoolExecutor


def main():
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(pow, 2, 3).result() == 8


if __name__ == "__main__":
    main()
