"""A pool is made, used and forgotten."""

from concurrent.futures import ThreadPoolExecutor

kept = []


def main():
    pool = ThreadPoolExecutor(1)  # expect: RC409
    kept.append(pool)
    assert pool.submit(pow, 2, 3).result() == 8


if __name__ == "__main__":
    main()
